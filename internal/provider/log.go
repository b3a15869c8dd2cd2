// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logHook hands the transport's log to Terraform's, with every secret of the configuration masked wherever it occurs.
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
