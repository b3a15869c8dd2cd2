package vcd

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// importedGroupModel is the resource as Terraform has it.
type importedGroupModel struct {
	Org            types.String `tfsdk:"org"`
	Name           types.String `tfsdk:"name"`
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

// foundGroup is the state of a group that another hand brought in, with the settings that an import cannot know. The rest is still to
// be read.
func foundGroup(org, name string) importedGroupModel {
	return importedGroupModel{
		Org: types.StringValue(org), Name: types.StringValue(name),
		DeletionPolicy: types.StringValue(policyAuto), Created: types.BoolValue(false),
	}
}

// wanted is the group as planned, on top of what the server has; the zero group is one that is to be imported.
func (m importedGroupModel) wanted(has vcdapi.Group, roles []vcdapi.Reference) vcdapi.Group {
	if has.ID == "" {
		has.Name, has.ProviderType = m.Name.ValueString(), m.ProviderType.ValueString()
	}
	has.Roles, has.Description = roles, m.Description.ValueString()
	return has
}

// read takes over everything that the server says. The spelling of the name stays as long as the letters are the same.
func (m *importedGroupModel) read(g vcdapi.Group) {
	if !framework.SameName(m.Name.ValueString(), g.Name) {
		m.Name = types.StringValue(g.Name)
	}
	m.Roles = nameSet(sortedNames(g.Roles))
	m.ProviderType = types.StringValue(g.ProviderType)
	m.Description = types.StringValue(g.Description)
	m.settle(g)
}

// settle takes over what only the server can know, and leaves what was planned: Terraform wants that back exactly so, and the
// next refresh tells where the server holds something else.
func (m *importedGroupModel) settle(g vcdapi.Group) {
	m.ID = types.StringValue(g.ID)
	m.NameInSource = types.StringValue(g.NameInSource)
}
