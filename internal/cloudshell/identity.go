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

// identityModel is the identity of an imported user.
type identityModel struct {
	Username types.String `tfsdk:"username"`
}

// groupIdentity is the identity of a CloudShell group.
type groupIdentity struct {
	Name types.String `tfsdk:"name"`
}

// setIdentity gives an imported user its identity.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, username string) diag.Diagnostics {
	return setNamed(ctx, identity, "username", username, identityModel{Username: types.StringValue(username)})
}

// setGroupIdentity gives a CloudShell group its identity.
func setGroupIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, name string) diag.Diagnostics {
	return setNamed(ctx, identity, "name", name, groupIdentity{Name: types.StringValue(name)})
}

// setNamed sets an identity whose one attribute is a name. The first spelling of a name stays.
func setNamed(
	ctx context.Context, identity *tfsdk.ResourceIdentity, attribute, name string, model any,
) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	if held, ok := heldName(identity, attribute); ok && names.Same(held, name) {
		return nil
	}
	return identity.Set(ctx, model)
}

// heldName reads the identity, if there is one, without the cost of decoding it into a model.
func heldName(identity *tfsdk.ResourceIdentity, attribute string) (string, bool) {
	var attributes map[string]tftypes.Value
	var name *string
	if identity.Raw.IsNull() || identity.Raw.As(&attributes) != nil || attributes[attribute].As(&name) != nil ||
		name == nil {
		return "", false
	}
	return *name, true
}
