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

var _ datasource.DataSourceWithConfigure = (*rolesDataSource)(nil)

// rolesDataSource is directory_vcd_roles.
type rolesDataSource struct{ dataSource }

// NewRolesDataSource is directory_vcd_roles.
func NewRolesDataSource() datasource.DataSource { return &rolesDataSource{newDataSource("vcd_roles")} }

type rolesModel struct {
	Org   types.String `tfsdk:"org"`
	Roles []roleModel  `tfsdk:"roles"`
}

type roleModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

// Schema implements datasource.DataSource.
func (d *rolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the roles of a Cloud Director organization, which an imported user or group can have.",
		Attributes: map[string]schema.Attribute{
			"org": lookupOrgAttribute(),
			"roles": schema.ListNestedAttribute{
				MarkdownDescription: "The roles, sorted by name.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":   computedText("URN of the role: `urn:vcloud:role:…`."),
					"name": computedText("Name of the role."),
				}},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *rolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data rolesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List Cloud Director Roles"
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	roles, err := tenant.FreshRoles(ctx) // one may have been made in this run
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	sorted := slices.SortedFunc(slices.Values(roles), func(a, b vcdapi.Role) int { return names.Compare(a.Name, b.Name) })
	data.Roles = make([]roleModel, len(sorted))
	for i, r := range sorted {
		data.Roles[i] = roleModel{ID: types.StringValue(r.ID), Name: types.StringValue(r.Name)}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
