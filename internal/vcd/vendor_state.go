// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// vendorAddress is the vendor's provider without its registry's host name: Terraform's and OpenTofu's registries both
// have it, and mirrors have names of their own.
const vendorAddress = "vmware/vcd"

// fromVendor reports whether a moved block starts at that resource type of the vendor's provider.
func fromVendor(req resource.MoveStateRequest, typeName string) bool {
	address := req.SourceProviderAddress
	return req.SourceTypeName == typeName && (address == vendorAddress || strings.HasSuffix(address, "/"+vendorAddress))
}

// readVendorState reads the attributes that the vendor's provider left in state.
func readVendorState(req resource.MoveStateRequest, into any, diags *diag.Diagnostics) bool {
	if req.SourceRawState == nil {
		diags.AddError("Unable to Read the State to Move", fmt.Sprintf("Terraform passed no state of %s.",
			req.SourceTypeName))
		return false
	}
	if err := json.Unmarshal(req.SourceRawState.JSON, into); err != nil {
		diags.AddError("Unable to Read the State to Move", fmt.Sprintf(
			"The state of %s does not have the form that the vendor's provider writes: %v.", req.SourceTypeName, err))
		return false
	}
	return true
}

// vendorProviderType translates the vendor's word for where a user or group comes from, in the spelling of either
// interface.
func vendorProviderType(word string) (string, bool) {
	switch kind := strings.ToUpper(word); kind {
	case "", "INTEGRATED", vcdapi.ProviderLDAP:
		return vcdapi.ProviderLDAP, true
	case vcdapi.ProviderSAML, vcdapi.ProviderOAuth:
		return kind, true
	default:
		return word, false
	}
}

// refuseVendorType says that a user or group of that kind cannot be moved.
func refuseVendorType(diags *diag.Diagnostics, summary, word string) {
	diags.AddAttributeError(path.Root("provider_type"), summary,
		fmt.Sprintf("Its provider_type is %q, but this resource only manages users and groups from LDAP, SAML or OAuth. "+
			"Remove the moved block and keep the vendor's resource.", word))
}

// vendorURN is the id in the vendor's state as a URN. Old releases of the vendor's provider kept a link.
func vendorURN(kind, id string) string {
	return "urn:vcloud:" + kind + ":" + id[strings.LastIndexAny(id, ":/")+1:]
}

// setMoved sets the state that a move results in. What is not named is null, and the refresh that follows fills it. The
// identity waits for that refresh where the organization is not known yet.
func setMoved(ctx context.Context, resp *resource.MoveStateResponse, org, name string, values map[string]attr.Value) {
	values["name"], values["org"], values["created"] = types.StringValue(name), types.StringNull(), types.BoolValue(false)
	if org != "" {
		values["org"] = types.StringValue(org)
	}
	for _, attribute := range slices.Sorted(maps.Keys(values)) {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attribute), values[attribute])...)
	}
	if org != "" && resp.TargetIdentity != nil {
		resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, importedUserIdentity{Org: types.StringValue(org),
			Name: types.StringValue(name)})...)
	}
}

// completeOrg is the organization of a resource that was moved from the vendor's provider, which leaves it empty where
// it is the provider's: the login organization, or for a provider administrator the one that holds the user or group.
func completeOrg(ctx context.Context, set *clients.Set, org types.String, id string) (types.String, error) {
	if !org.IsNull() {
		return org, nil
	}
	client, err := set.VCD()
	if err != nil {
		return org, err
	}
	name, err := client.OrgOf(ctx, id)
	if err != nil {
		return org, fmt.Errorf("the state comes from the vendor's provider and does not name the organization: %w", err)
	}
	return types.StringValue(name), nil
}
