// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logHook passes the transport's log to Terraform's log, and masks every secret of the configuration in it.
func logHook(secrets []string) func(context.Context, string, map[string]any) {
	var known []string
	for _, secret := range secrets {
		if secret != "" {
			known = append(known, secret)
		}
	}
	return func(ctx context.Context, message string, fields map[string]any) {
		if len(known) > 0 {
			ctx = tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, known...), known...)
		}
		tflog.Debug(ctx, message, fields)
	}
}
