// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithMoveState = (*importedGroupResource)(nil)

// vendorGroup is what vcd_org_group of the vendor's provider keeps in state.
type vendorGroup struct {
	ID           string `json:"id"`
	Org          string `json:"org"`
	Name         string `json:"name"`
	Role         string `json:"role"`
	ProviderType string `json:"provider_type"`
	Description  string `json:"description"`
}

// MoveState implements resource.ResourceWithMoveState.
func (r *importedGroupResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveVendorGroup}}
}

func moveVendorGroup(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !fromVendor(req, "vcd_org_group") {
		return
	}
	var from vendorGroup
	if !readVendorState(req, &from, &resp.Diagnostics) {
		return
	}
	providerType, ok := vendorProviderType(from.ProviderType)
	if !ok {
		refuseVendorType(&resp.Diagnostics, fmt.Sprintf("Unable to Move Cloud Director Group %q", from.Name),
			from.ProviderType)
		return
	}
	setMoved(ctx, resp, from.Org, from.Name, map[string]attr.Value{
		"id":              types.StringValue(vendorURN("group", from.ID)),
		"roles":           nameSet([]string{from.Role}),
		"provider_type":   types.StringValue(providerType),
		"description":     types.StringValue(from.Description),
		"allow_update":    types.BoolValue(false),
		"deletion_policy": types.StringValue(policyAuto),
	})
}
