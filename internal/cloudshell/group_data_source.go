// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// groupDataSource is directory_cloudshell_group.
type groupDataSource struct{ dataSource }

type groupDataModel struct {
	Name        types.String `tfsdk:"name"`
	ID          types.Int64  `tfsdk:"id"`
	SID         types.String `tfsdk:"sid"`
	Description types.String `tfsdk:"description"`
	ViewOnly    types.Bool   `tfsdk:"view_only"`
	Type        types.String `tfsdk:"type"`
	Role        types.String `tfsdk:"role"`
	Domains     types.Map    `tfsdk:"domains"`
	Usernames   []string     `tfsdk:"usernames"`
}

var _ datasource.DataSourceWithConfigure = (*groupDataSource)(nil)

// NewGroupDataSource makes the data source directory_cloudshell_group.
func NewGroupDataSource() datasource.DataSource {
	return &groupDataSource{newDataSource("cloudshell_group")}
}

func (d *groupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a CloudShell group and its users. For a group of the directory, use " +
			"`directory_cloudshell_external_group`.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{framework.Name()},
				MarkdownDescription: "Name of the group. Upper and lower case do not matter.",
			},
			"id":          schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the group in CloudShell."},
			"sid":         shown("CloudShell's own unique id of the group (a UUID)."),
			"description": shown("Description."),
			"view_only": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the group's users can view but not change what is in its domains.",
			},
			"type": shown("Type, such as `UserDefined`."),
			"role": shown("Role of the members in the group's domains: `Regular`, `DomainAdmin`, `External`, or `SystemAdmin`."),
			"domains": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Domains of the group: name to access, which is `full` or `view_only`.",
			},
			"usernames": usernamesAttribute("in the group"),
		},
	}
}

func (d *groupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config groupDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := config.Name.ValueString()
	summary := framework.UnableTo("Read", cloudshellGroup(name))
	client := d.client(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	groups, err := groupsWith(ctx, client, name)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	group, found := groupNamed(groups, name)
	if !found {
		addNotFound(&resp.Diagnostics, "name", cloudshellGroup(name), cloudShellGroupNames(groups))
		return
	}
	users, err := client.GroupUsers(ctx, group.ID)
	var domains []cloudshellapi.GroupDomain
	if err == nil {
		domains, err = client.GroupDomains(ctx, group.ID)
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, groupDataModel{
		Name:        config.Name,
		ID:          types.Int64Value(group.ID),
		SID:         textOrNull(&group.Sid),
		Description: textOrNull(&group.Description),
		ViewOnly:    types.BoolValue(group.ViewOnly),
		Type:        textOrNull(&group.Type),
		Role:        textOrNull(&group.Role),
		Domains:     heldAccess(domains, nil, nil).value(),
		Usernames:   usernamesOf(sortedUsers(users)),
	})...)
}

func cloudShellGroupNames(groups []cloudshellapi.Group) []string {
	groupNames := make([]string, len(groups))
	for i, group := range groups {
		groupNames[i] = group.Name
	}
	return groupNames
}
