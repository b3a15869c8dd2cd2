// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// usersDataSource is directory_cloudshell_users.
type usersDataSource struct{ dataSource }

type usersModel struct {
	NameContains types.String `tfsdk:"name_contains"`
	ImportedOnly types.Bool   `tfsdk:"imported_only"`
	Usernames    []string     `tfsdk:"usernames"`
	Users        types.List   `tfsdk:"users"`
}

var _ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)

// NewUsersDataSource makes the data source directory_cloudshell_users.
func NewUsersDataSource() datasource.DataSource {
	return &usersDataSource{newDataSource("cloudshell_users")}
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the users of CloudShell, sorted by name.",
		Attributes: map[string]schema.Attribute{
			"name_contains": schema.StringAttribute{
				Optional: true, Validators: []validator.String{framework.NotBlank()},
				MarkdownDescription: "Only users whose name contains this text, in upper or lower case.",
			},
			"imported_only": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether to leave local users out. Default `false`.",
			},
			"usernames": usernamesAttribute("found"),
			"users": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The users, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: userObjectAttributes()},
			},
		},
	}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List CloudShell Users"
	client := d.client(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	users, err := d.search(ctx, client, config.NameContains.ValueString())
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	if config.ImportedOnly.ValueBool() {
		users = slices.DeleteFunc(users, func(user cloudshellapi.User) bool { return !user.IsImported() })
	}
	users = sortedUsers(users)
	config.Usernames = usernamesOf(users)
	objects := []userObject{}
	for _, user := range users {
		objects = append(objects, newUserObject(user))
	}
	list, diags := types.ListValueFrom(ctx, objectType(userObjectAttributes()), objects)
	resp.Diagnostics.Append(diags...)
	config.Users = list
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

func (d *usersDataSource) search(
	ctx context.Context,
	client *cloudshellapi.Client,
	contains string,
) ([]cloudshellapi.User, error) {
	if contains == "" {
		return client.Users(ctx)
	}
	return client.SearchUsers(ctx, contains)
}

func sortedUsers(users []cloudshellapi.User) []cloudshellapi.User {
	return slices.SortedFunc(
		slices.Values(users),
		func(a, b cloudshellapi.User) int { return names.Compare(a.Username, b.Username) },
	)
}

// usernamesOf are the names of users, in the same order.
func usernamesOf(users []cloudshellapi.User) []string {
	usernames := make([]string, len(users))
	for i, user := range users {
		usernames[i] = user.Username
	}
	return usernames
}

// usernamesAttribute is the plain list of names beside a list of people: what for_each takes, and what `terraform test`
// can mock.
func usernamesAttribute(which string) schema.ListAttribute {
	return schema.ListAttribute{
		Computed:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Names of the users " + which + ", sorted: for `for_each = toset(...)`, and for " +
			"`terraform test`, which can mock plain lists only.",
	}
}
