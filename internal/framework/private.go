// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader is private state as requests carry it.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is private state as responses carry it.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// ReadPrivate reads a key of private state into value; a key that was never written leaves it as it is.
func ReadPrivate(ctx context.Context, from PrivateReader, key string, value any) diag.Diagnostics {
	raw, diags := from.GetKey(ctx, key)
	if diags.HasError() || len(raw) == 0 {
		return diags
	}
	if err := json.Unmarshal(raw, value); err != nil {
		diags.AddError(
			"Unreadable Private State",
			fmt.Sprintf("What the provider noted under %q in the state file cannot be read: %s.", key, err),
		)
	}
	return diags
}

// WritePrivate writes value under a key of private state. A nil value clears the key.
func WritePrivate(ctx context.Context, to PrivateWriter, key string, value any) diag.Diagnostics {
	raw, err := json.Marshal(value)
	if err != nil {
		var diags diag.Diagnostics
		diags.AddError("Unable to Write Private State", fmt.Sprintf("What the provider notes under %q: %s.", key, err))
		return diags
	}
	return to.SetKey(ctx, key, raw)
}
