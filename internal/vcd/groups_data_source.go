// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

var _ datasource.DataSourceWithConfigure = (*groupsDataSource)(nil)

// groupsDataSource is directory_vcd_groups.
type groupsDataSource struct{ dataSource }

// NewGroupsDataSource is directory_vcd_groups.
func NewGroupsDataSource() datasource.DataSource {
	return &groupsDataSource{newDataSource("vcd_groups")}
}

type groupsModel struct {
	Org          types.String       `tfsdk:"org"`
	NameContains types.String       `tfsdk:"name_contains"`
	Names        []string           `tfsdk:"names"`
	Groups       []listedGroupModel `tfsdk:"groups"`
}

type listedGroupModel struct {
	Name         types.String `tfsdk:"name"`
	ID           types.String `tfsdk:"id"`
	ProviderType types.String `tfsdk:"provider_type"`
	Description  types.String `tfsdk:"description"`
	Roles        []string     `tfsdk:"roles"`
}

// Schema implements datasource.DataSource.
func (d *groupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the groups that a Cloud Director organization has imported. For the users in a group, " +
			"use `directory_vcd_group`.",
		Attributes: map[string]schema.Attribute{
			"org":           lookupOrgAttribute(),
			"name_contains": nameContainsAttribute("groups"),
			"names":         computedNames("Names of the groups, sorted: for `for_each = toset(...)`."),
			"groups": schema.ListNestedAttribute{
				MarkdownDescription: "The groups, sorted by name.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":          computedText("Name of the group."),
					"id":            computedText("URN of the group: `urn:vcloud:group:…`."),
					"provider_type": computedText("Where the group comes from: `LDAP`, `SAML` or `OAUTH`."),
					"description":   computedText("Free text. Null with the XML interface."),
					"roles":         computedNames("Names of the group's roles."),
				}},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *groupsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data groupsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List Cloud Director Groups"
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	all, err := tenant.Groups(ctx)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	found := slices.DeleteFunc(slices.Clone(all), func(g vcdapi.Group) bool {
		return !names.Contains(g.Name, data.NameContains.ValueString())
	})
	slices.SortFunc(found, func(a, b vcdapi.Group) int { return names.Compare(a.Name, b.Name) })
	data.Names = namesOf(found, func(g vcdapi.Group) string { return g.Name })
	data.Groups = make([]listedGroupModel, len(found))
	for i, g := range found {
		data.Groups[i] = listedGroupModel{
			Name: types.StringValue(g.Name), ID: types.StringValue(g.ID), ProviderType: types.StringValue(g.ProviderType),
			Description: types.StringValue(g.Description), Roles: sortedNames(g.Roles),
		}
		if tenant.Capabilities().Interface == vcdapi.InterfaceXML {
			data.Groups[i].Description = types.StringNull()
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
