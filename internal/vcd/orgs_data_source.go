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

var _ datasource.DataSourceWithConfigure = (*orgsDataSource)(nil)

// orgsDataSource is directory_vcd_orgs.
type orgsDataSource struct{ dataSource }

// NewOrgsDataSource is directory_vcd_orgs.
func NewOrgsDataSource() datasource.DataSource { return &orgsDataSource{newDataSource("vcd_orgs")} }

type orgsModel struct {
	NameContains types.String `tfsdk:"name_contains"`
	Names        []string     `tfsdk:"names"`
	Orgs         []orgModel   `tfsdk:"orgs"`
}

type orgModel struct {
	Name        types.String `tfsdk:"name"`
	ID          types.String `tfsdk:"id"`
	DisplayName types.String `tfsdk:"display_name"`
	Enabled     types.Bool   `tfsdk:"enabled"`
}

// Schema implements datasource.DataSource.
func (d *orgsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the organizations that the provider's login can see: all of them for a provider " +
			"administrator (`vcd.org = \"System\"`), otherwise its own.",
		Attributes: map[string]schema.Attribute{
			"name_contains": nameContainsAttribute("organizations"),
			"names":         computedNames("Names of the organizations, sorted: for `for_each = toset(...)`."),
			"orgs": schema.ListNestedAttribute{
				MarkdownDescription: "The organizations, sorted by name.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":         computedText("Name of the organization, as other resources take it in `org`."),
					"id":           computedText("URN of the organization: `urn:vcloud:org:…`."),
					"display_name": computedText("Display name. Null with the XML interface."),
					"enabled":      computedTruth("Whether people can log in to the organization. Null with the XML interface."),
				}},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *orgsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data orgsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List Cloud Director Organizations"
	client, err := d.Clients.VCD()
	var all []vcdapi.Organization
	if err == nil {
		all, err = client.Orgs(ctx)
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	found := slices.DeleteFunc(all, func(o vcdapi.Organization) bool {
		return !names.Contains(o.Name, data.NameContains.ValueString())
	})
	slices.SortFunc(found, func(a, b vcdapi.Organization) int { return names.Compare(a.Name, b.Name) })
	data.Names = namesOf(found, func(o vcdapi.Organization) string { return o.Name })
	data.Orgs = make([]orgModel, len(found))
	for i, o := range found {
		data.Orgs[i] = orgModel{
			Name: types.StringValue(o.Name), ID: types.StringValue(o.ID), DisplayName: types.StringNull(),
			Enabled: types.BoolPointerValue(o.Enabled),
		}
		if o.Enabled != nil { // CloudAPI
			data.Orgs[i].DisplayName = types.StringValue(o.DisplayName)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
