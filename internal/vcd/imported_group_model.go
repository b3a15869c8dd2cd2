// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// importedGroupModel is the resource as Terraform has it.
type importedGroupModel struct {
	Org            types.String `tfsdk:"org"`
	Name           types.String `tfsdk:"name"`
	AllowUpdate    types.Bool   `tfsdk:"allow_update"`
	Roles          types.Set    `tfsdk:"roles"`
	ProviderType   types.String `tfsdk:"provider_type"`
	Description    types.String `tfsdk:"description"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
	Created        types.Bool   `tfsdk:"created"`
	ID             types.String `tfsdk:"id"`
	NameInSource   types.String `tfsdk:"name_in_source"`
	UserNames      types.List   `tfsdk:"user_names"`
}

// importedGroupIdentity is what identifies the group to Terraform.
type importedGroupIdentity struct {
	Org  types.String `tfsdk:"org"`
	Name types.String `tfsdk:"name"`
}

func (m importedGroupModel) identity() importedGroupIdentity {
	return importedGroupIdentity{Org: m.Org, Name: m.Name}
}

// existingGroup is the state of a group that no import of this resource made, with defaults for the settings that the
// server does not keep. The rest is read afterwards.
func existingGroup(org, name string) importedGroupModel {
	return importedGroupModel{
		Org: types.StringValue(org), Name: types.StringValue(name), AllowUpdate: types.BoolValue(false),
		DeletionPolicy: types.StringValue(policyAuto), Created: types.BoolValue(false),
	}
}

// group is the group to be imported.
func (m importedGroupModel) group(roles []vcdapi.Reference) vcdapi.Group {
	return vcdapi.Group{
		Name: m.Name.ValueString(), ProviderType: m.ProviderType.ValueString(), Roles: roles,
		Description: m.Description.ValueString(),
	}
}

// deletes reports whether destroying the resource deletes the group.
func (m importedGroupModel) deletes() bool {
	policy := m.DeletionPolicy.ValueString()
	return policy == policyDelete || policy == policyAuto && m.Created.ValueBool()
}

// person is the group in claims.
func (m importedGroupModel) person() claims.Person {
	return claims.Person{Scope: groupScope(m.Org.ValueString()), Name: m.Name.ValueString(), ID: m.ID.ValueString()}
}

// departure is what destroying the resource does to the group.
func (m importedGroupModel) departure() claims.Intention {
	if m.deletes() {
		return intend(m.person(), claims.Harms)
	}
	return intend(m.person(), claims.Releases)
}

// read takes over what the server says. The spelling of the name stays where the server takes both for one name.
func (m *importedGroupModel) read(g vcdapi.Group, same func(a, b string) bool) {
	if !same(m.Name.ValueString(), g.Name) {
		m.Name = types.StringValue(g.Name)
	}
	m.Roles = nameSet(sortedNames(g.Roles))
	m.ProviderType = types.StringValue(g.ProviderType)
	m.Description = types.StringValue(g.Description)
	m.complete(g)
}

// complete fills in what only the server knows, and keeps what was planned: Terraform requires the planned values, and
// the next refresh shows where the server has something else.
func (m *importedGroupModel) complete(g vcdapi.Group) {
	m.ID = types.StringValue(g.ID)
	m.NameInSource = types.StringValue(g.NameInSource)
}

// ignored compares what the server has with what was asked, as importedUserModel.ignored does.
func (m importedGroupModel) ignored(ctx context.Context, tenant *vcdapi.Tenant, group vcdapi.Group, n *notes) []string {
	if group.Description != m.Description.ValueString() {
		if fresh, err := tenant.FreshGroup(ctx, group.ID); err == nil { // some answers say less than the server has
			group = fresh
		}
	}
	if !n.compare("description", m.Description.ValueString(), group.Description) {
		return nil
	}
	return []string{ignoredText("description", m.Description.ValueString(), group.Description)}
}
