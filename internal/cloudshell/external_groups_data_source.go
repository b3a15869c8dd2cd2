// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// externalGroupsDataSource is directory_cloudshell_external_groups.
type externalGroupsDataSource struct{ dataSource }

type externalGroupsModel struct {
	NameContains types.String          `tfsdk:"name_contains"`
	Groups       []externalGroupObject `tfsdk:"groups"`
}

type externalGroupObject struct {
	Name              types.String `tfsdk:"name"`
	DistinguishedName types.String `tfsdk:"distinguished_name"`
}

var _ datasource.DataSourceWithConfigure = (*externalGroupsDataSource)(nil)

// NewExternalGroupsDataSource makes the data source directory_cloudshell_external_groups.
func NewExternalGroupsDataSource() datasource.DataSource {
	return &externalGroupsDataSource{newDataSource("cloudshell_external_groups")}
}

func (d *externalGroupsDataSource) Schema(
	_ context.Context,
	_ datasource.SchemaRequest,
	resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the groups of the directory behind CloudShell, as CloudShell sees them, sorted by name.",
		Attributes: map[string]schema.Attribute{
			"name_contains": schema.StringAttribute{
				Optional: true, Validators: []validator.String{framework.NotBlank()},
				MarkdownDescription: "Only groups whose name contains this text, in upper or lower case.",
			},
			"groups": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The groups, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name": shown(
						"Name of the group. Groups in different places of the directory can have the same name; CloudShell cannot tell " +
							"them apart.",
					),
					"distinguished_name": shown("Distinguished name."),
				}},
			},
		},
	}
}

func (d *externalGroupsDataSource) Read(
	ctx context.Context,
	req datasource.ReadRequest,
	resp *datasource.ReadResponse,
) {
	var config externalGroupsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List the Directory's Groups"
	client := d.client(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	groups, err := client.ExternalGroups(ctx)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	config.Groups = []externalGroupObject{}
	for _, group := range groups {
		if names.Contains(group.Name, config.NameContains.ValueString()) {
			config.Groups = append(
				config.Groups,
				externalGroupObject{types.StringValue(group.Name), types.StringValue(group.DistinguishedName)},
			)
		}
	}
	slices.SortFunc(config.Groups, func(a, b externalGroupObject) int {
		return cmp.Or(names.Compare(a.Name.ValueString(), b.Name.ValueString()),
			strings.Compare(a.DistinguishedName.ValueString(), b.DistinguishedName.ValueString()))
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
