// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

var _ resource.ResourceWithMoveState = (*importedUserResource)(nil)

// vendorUser is what vcd_org_user of the vendor's provider keeps in state, as far as it is of use here.
type vendorUser struct {
	ID              string `json:"id"`
	Org             string `json:"org"`
	Name            string `json:"name"`
	Role            string `json:"role"`
	ProviderType    string `json:"provider_type"`
	IsExternal      bool   `json:"is_external"`
	Description     string `json:"description"`
	FullName        string `json:"full_name"`
	Email           string `json:"email_address"`
	Telephone       string `json:"telephone"`
	Enabled         *bool  `json:"enabled"`
	Locked          *bool  `json:"is_locked"`
	DeployedVMQuota *int64 `json:"deployed_vm_quota"`
	StoredVMQuota   *int64 `json:"stored_vm_quota"`
}

// MoveState implements resource.ResourceWithMoveState.
func (r *importedUserResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveVendorUser}}
}

func moveVendorUser(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !fromVendor(req, "vcd_org_user") {
		return
	}
	var from vendorUser
	if !readVendorState(req, &from, &resp.Diagnostics) {
		return
	}
	summary := fmt.Sprintf("Unable to Move Cloud Director User %q", from.Name)
	providerType, ok := vendorProviderType(from.ProviderType)
	switch {
	case from.isLocal():
		resp.Diagnostics.AddAttributeError(path.Root("provider_type"), summary,
			"This is a local user of Cloud Director, with a password there and without an account in a directory. "+
				"directory_vcd_imported_user manages people from LDAP, SAML or OAuth only, and never touches local users. "+
				"Remove the moved block and keep the vendor's resource for this user.")
		return
	case !ok:
		refuseVendorType(&resp.Diagnostics, summary, from.ProviderType)
		return
	}
	setMoved(ctx, resp, from.Org, from.Name, map[string]attr.Value{
		"id":                types.StringValue(vendorURN("user", from.ID)),
		"roles":             nameSet([]string{from.Role}),
		"provider_type":     types.StringValue(providerType),
		"description":       types.StringValue(from.Description),
		"enabled":           types.BoolValue(from.Enabled == nil || *from.Enabled),
		"locked":            types.BoolPointerValue(from.Locked),
		"full_name":         types.StringValue(from.FullName),
		"email":             types.StringValue(from.Email),
		"telephone":         types.StringValue(from.Telephone),
		"deployed_vm_quota": types.Int64PointerValue(from.DeployedVMQuota),
		"stored_vm_quota":   types.Int64PointerValue(from.StoredVMQuota),
		"allow_update":      types.BoolValue(false),
		"take_ownership":    types.BoolValue(true),
		"deletion_policy":   types.StringValue(policyAuto),
	})
}

// isLocal tells a local user from one of LDAP: the vendor's provider calls both INTEGRATED.
func (u vendorUser) isLocal() bool {
	kind, _ := vendorProviderType(u.ProviderType)
	return kind == vcdapi.ProviderLocal || kind == vcdapi.ProviderLDAP && !u.IsExternal
}
