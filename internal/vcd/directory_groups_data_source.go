// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ datasource.DataSourceWithConfigure = (*directoryGroupsDataSource)(nil)

// directoryGroupsDataSource is directory_vcd_directory_groups.
type directoryGroupsDataSource struct{ dataSource }

// NewDirectoryGroupsDataSource is directory_vcd_directory_groups.
func NewDirectoryGroupsDataSource() datasource.DataSource {
	return &directoryGroupsDataSource{newDataSource("vcd_directory_groups")}
}

type directoryGroupsModel struct {
	Org    types.String          `tfsdk:"org"`
	Query  types.String          `tfsdk:"query"`
	Groups []directoryGroupModel `tfsdk:"groups"`
}

type directoryGroupModel struct {
	Name         types.String `tfsdk:"name"`
	Description  types.String `tfsdk:"description"`
	NameInSource types.String `tfsdk:"name_in_source"`
}

// Schema implements datasource.DataSource.
func (d *directoryGroupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest,
	resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Searches the directory of a Cloud Director organization for groups, whether or not they are " +
			"imported. Cloud Director does the search with the organization's LDAP settings, so it finds what " +
			"`directory_vcd_imported_group` can import. API version 36.0 and later.",
		Attributes: map[string]schema.Attribute{
			"org":   lookupOrgAttribute(),
			"query": queryAttribute("a group's name"),
			"groups": schema.ListNestedAttribute{
				MarkdownDescription: "The groups, in the server's order. The server may cut a long list short.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":           computedText("Name to use for an import."),
					"description":    computedText("Description."),
					"name_in_source": computedText("Id of the entry in the directory, in the server's encoding."),
				}},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *directoryGroupsDataSource) Read(ctx context.Context, req datasource.ReadRequest,
	resp *datasource.ReadResponse) {
	var data directoryGroupsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	summary := fmt.Sprintf("Unable to Search the Directory for Groups %q", data.Query.ValueString())
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	found, err := tenant.SearchDirectoryGroups(ctx, data.Query.ValueString())
	if err != nil {
		addLookupFault(&resp.Diagnostics, summary, err)
		return
	}
	data.Groups = make([]directoryGroupModel, len(found))
	for i, g := range found {
		data.Groups[i] = directoryGroupModel{
			Name:         types.StringValue(g.Name),
			Description:  types.StringValue(g.Description),
			NameInSource: types.StringValue(g.NameInSource),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
