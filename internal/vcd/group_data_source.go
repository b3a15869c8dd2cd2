// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

var _ datasource.DataSourceWithConfigure = (*groupDataSource)(nil)

// groupDataSource is directory_vcd_group.
type groupDataSource struct{ dataSource }

// NewGroupDataSource is directory_vcd_group.
func NewGroupDataSource() datasource.DataSource { return &groupDataSource{newDataSource("vcd_group")} }

type groupModel struct {
	Org          types.String `tfsdk:"org"`
	Name         types.String `tfsdk:"name"`
	ID           types.String `tfsdk:"id"`
	ProviderType types.String `tfsdk:"provider_type"`
	Description  types.String `tfsdk:"description"`
	NameInSource types.String `tfsdk:"name_in_source"`
	Roles        types.List   `tfsdk:"roles"`
	Usernames    []string     `tfsdk:"usernames"`
}

// Schema implements datasource.DataSource.
func (d *groupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a group that a Cloud Director organization has imported, with its users as far as the " +
			"server knows them.",
		Attributes: map[string]schema.Attribute{
			"org":            lookupOrgAttribute(),
			"name":           lookupNameAttribute("Name of the group."),
			"id":             computedText("URN of the group: `urn:vcloud:group:…`."),
			"provider_type":  computedText("Where the group comes from: `LDAP`, `SAML` or `OAUTH`."),
			"description":    computedText("Free text."),
			"name_in_source": computedText("Id of the group in the directory, in the server's encoding."),
			"roles":          computedNames("Names of the group's roles."),
			"usernames": usernamesAttribute("the users in the group " +
				"who were imported after it, or who have logged in since"),
		},
	}
}

// Read implements datasource.DataSource.
func (d *groupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data groupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := data.Name.ValueString()
	summary := fmt.Sprintf("Unable to Read Cloud Director Group %q", name)
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	group, err := findAnew(ctx, name, tenant.FindGroup, tenant.LookForGroup)
	if errors.Is(err, vcdapi.ErrNotFound) {
		addNotFound(&resp.Diagnostics, groupSubject(name), tenant.Name(), groupNames(ctx, tenant), err)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	users, err := tenant.GroupUsers(ctx, group.ID)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	data.ID = types.StringValue(group.ID)
	data.ProviderType = types.StringValue(group.ProviderType)
	data.Description = types.StringValue(group.Description)
	data.NameInSource = types.StringValue(group.NameInSource)
	data.Roles = nameList(group.Roles)
	data.Usernames = sortedNames(users)
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
