// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// usersDataSource is directory_ldap_users, the people of a filter or a group.
type usersDataSource struct{ dataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*usersDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*usersDataSource)(nil)
)

// NewUsersDataSource makes directory_ldap_users.
func NewUsersDataSource() datasource.DataSource { return &usersDataSource{newDataSource("ldap_users")} }

type usersModel struct {
	Filter types.String `tfsdk:"filter"`
	Group  types.String `tfsdk:"group"`
	BaseDN types.String `tfsdk:"base_dn"`
	Users  types.List   `tfsdk:"users"`

	Usernames []string `tfsdk:"usernames"`
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists people of the directory: those who match an LDAP filter, the members of a group, or " +
			"everyone. The list is always complete, however many pages it takes; otherwise it is an error.",
		Attributes: map[string]schema.Attribute{
			"filter": schema.StringAttribute{
				Optional: true, Validators: notEmpty,
				MarkdownDescription: "LDAP filter, such as `(department=Lab)`. The result holds people only, so the filter does " +
					"not need an object class. Disabled accounts are included. Line breaks and spaces between the parts of a long " +
					"filter do not count. Escape values that you do not control with `provider::directory::escape_filter`.",
			},
			"group": schema.StringAttribute{
				Optional: true, Validators: notEmpty,
				MarkdownDescription: "Name (`cn` or `sAMAccountName`) of a group. Members of nested groups are included, " +
					"disabled accounts are not. For other choices use `directory_ldap_group`.",
			},
			"base_dn": schema.StringAttribute{
				Optional: true, Validators: notEmpty,
				MarkdownDescription: "Distinguished name of the entry below which people are listed. Default: the provider's " +
					"`base_dn`, or the whole server if `group` is set.",
			},
			"users": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The people, sorted by `username`.",
				NestedObject: schema.NestedAttributeObject{Attributes: personAttributes()},
			},
			"usernames": usernamesAttribute(),
		},
	}
}

func (d *usersDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.Conflicting(path.MatchRoot("filter"), path.MatchRoot("group"))}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	const summary = "Unable to List Directory Users"
	var model usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	client := d.directory(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	users, err := model.list(ctx, client, &resp.Diagnostics)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err, "filter", "group", "base_dn")
		return
	}
	model.Users, model.Usernames = toPeople(users), usernames(users)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (m usersModel) list(
	ctx context.Context,
	client *directory.Client,
	diags *diag.Diagnostics,
) ([]directory.User, error) {
	if m.Group.IsNull() {
		return client.Users(ctx, m.Filter.ValueString(), m.BaseDN.ValueString())
	}
	group, err := findGroup(ctx, client, "group", m.Group.ValueString())
	if err != nil {
		return nil, err
	}
	members, err := client.Members(ctx, group.DN, directory.MemberOptions{Nested: true})
	if err != nil {
		return nil, err
	}
	warnUnresolved(diags, group, members)
	if m.BaseDN.IsNull() {
		return members.People, nil
	}
	base := m.BaseDN.ValueString()
	if err := client.Exists(ctx, base); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(members.People, func(u directory.User) bool { return !directory.IsBelow(u.DN, base) }), nil
}
