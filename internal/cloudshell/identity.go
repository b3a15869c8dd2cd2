// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// identityModel is the resource's identity.
type identityModel struct {
	Username types.String `tfsdk:"username"`
}

// setIdentity gives the resource its identity. The first spelling of a name stays.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, username string) diag.Diagnostics {
	var diags diag.Diagnostics
	if identity == nil {
		return diags
	}
	if held, ok := heldUsername(identity); ok && names.Same(held, username) {
		return diags
	}
	diags.Append(identity.Set(ctx, identityModel{Username: types.StringValue(username)})...)
	return diags
}

// heldUsername reads the identity, if there is one, without the cost of decoding it into a model.
func heldUsername(identity *tfsdk.ResourceIdentity) (string, bool) {
	var attributes map[string]tftypes.Value
	var username *string
	if identity.Raw.IsNull() || identity.Raw.As(&attributes) != nil || attributes["username"].As(&username) != nil ||
		username == nil {
		return "", false
	}
	return *username, true
}
