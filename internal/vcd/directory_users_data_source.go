// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var _ datasource.DataSourceWithConfigure = (*directoryUsersDataSource)(nil)

// directoryUsersDataSource is directory_vcd_directory_users.
type directoryUsersDataSource struct{ dataSource }

// NewDirectoryUsersDataSource is directory_vcd_directory_users.
func NewDirectoryUsersDataSource() datasource.DataSource {
	return &directoryUsersDataSource{newDataSource("vcd_directory_users")}
}

type directoryUsersModel struct {
	Org       types.String         `tfsdk:"org"`
	Query     types.String         `tfsdk:"query"`
	Usernames []string             `tfsdk:"usernames"`
	Users     []directoryUserModel `tfsdk:"users"`
}

type directoryUserModel struct {
	Username     types.String `tfsdk:"username"`
	FullName     types.String `tfsdk:"full_name"`
	Email        types.String `tfsdk:"email"`
	Telephone    types.String `tfsdk:"telephone"`
	NameInSource types.String `tfsdk:"name_in_source"`
}

// Schema implements datasource.DataSource.
func (d *directoryUsersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest,
	resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Searches the directory of a Cloud Director organization for people, whether or not they are " +
			"imported. Cloud Director does the search with the organization's LDAP settings, so it finds what " +
			"`directory_vcd_imported_user` can import. API version 36.0 and later.",
		Attributes: map[string]schema.Attribute{
			"org":       lookupOrgAttribute(),
			"query":     queryAttribute("a person's name"),
			"usernames": usernamesAttribute("the people found"),
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The people, in the server's order. The server may cut a long list short.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"username":       computedText("Name to use for an import."),
					"full_name":      computedText("Full name."),
					"email":          computedText("E-mail address."),
					"telephone":      computedText("Telephone number."),
					"name_in_source": computedText("Id of the entry in the directory, in the server's encoding."),
				}},
			},
		},
	}
}

func queryAttribute(what string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "What to search for: " + what + ", or a part of it.",
		Required:            true,
		Validators:          []validator.String{framework.NotBlank()},
	}
}

// Read implements datasource.DataSource.
func (d *directoryUsersDataSource) Read(ctx context.Context, req datasource.ReadRequest,
	resp *datasource.ReadResponse) {
	var data directoryUsersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	summary := fmt.Sprintf("Unable to Search the Directory for Users %q", data.Query.ValueString())
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	found, err := tenant.SearchDirectoryUsers(ctx, data.Query.ValueString())
	if err != nil {
		addLookupFault(&resp.Diagnostics, summary, err)
		return
	}
	data.Usernames = namesOf(found, func(u vcdapi.DirectoryUser) string { return u.Username })
	data.Users = make([]directoryUserModel, len(found))
	for i, u := range found {
		data.Users[i] = directoryUserModel{
			Username:     types.StringValue(u.Username),
			FullName:     types.StringValue(u.FullName),
			Email:        types.StringValue(u.Email),
			Telephone:    types.StringValue(u.Telephone),
			NameInSource: types.StringValue(u.NameInSource),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
