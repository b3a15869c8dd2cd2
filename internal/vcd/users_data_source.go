// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

var _ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)

// usersDataSource is directory_vcd_users.
type usersDataSource struct{ dataSource }

// NewUsersDataSource is directory_vcd_users.
func NewUsersDataSource() datasource.DataSource { return &usersDataSource{newDataSource("vcd_users")} }

type usersModel struct {
	Org          types.String      `tfsdk:"org"`
	NameContains types.String      `tfsdk:"name_contains"`
	ProviderType types.String      `tfsdk:"provider_type"`
	ImportedOnly types.Bool        `tfsdk:"imported_only"`
	Usernames    []string          `tfsdk:"usernames"`
	Users        []listedUserModel `tfsdk:"users"`
}

type listedUserModel struct {
	Username     types.String `tfsdk:"username"`
	ID           types.String `tfsdk:"id"`
	ProviderType types.String `tfsdk:"provider_type"`
	FullName     types.String `tfsdk:"full_name"`
	Email        types.String `tfsdk:"email"`
	Enabled      types.Bool   `tfsdk:"enabled"`
	Locked       types.Bool   `tfsdk:"locked"`
	Stranded     types.Bool   `tfsdk:"stranded"`
	Roles        []string     `tfsdk:"roles"`
}

// Schema implements datasource.DataSource.
func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the users of a Cloud Director organization, imported and local. An account without the " +
			"right \"View Group / User\" sees names and roles only; the other attributes are null then.",
		Attributes: map[string]schema.Attribute{
			"org":           lookupOrgAttribute(),
			"name_contains": nameContainsAttribute("users"),
			"provider_type": schema.StringAttribute{
				MarkdownDescription: "Only users of this type: `LOCAL`, `LDAP`, `SAML` or `OAUTH`.",
				Optional:            true,
				Validators: []validator.String{
					stringvalidator.OneOf(vcdapi.ProviderLocal, vcdapi.ProviderLDAP, vcdapi.ProviderSAML, vcdapi.ProviderOAuth),
				},
			},
			"imported_only": schema.BoolAttribute{
				MarkdownDescription: "Whether to leave local users out. Default `false`.",
				Optional:            true,
			},
			"usernames": usernamesAttribute("the users"),
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The users, sorted by name.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"username":      computedText("Name of the user."),
					"id":            computedText("URN of the user: `urn:vcloud:user:…`."),
					"provider_type": computedText("Where the user comes from: `LOCAL`, `LDAP`, `SAML` or `OAUTH`."),
					"full_name":     computedText("Full name."),
					"email":         computedText("E-mail address. Null with the XML interface."),
					"enabled":       computedTruth("Whether the user may log in."),
					"locked":        computedTruth("Whether the user is locked. Null with CloudAPI before 37.2."),
					"stranded": computedTruth("Whether the user has logged in before and can no longer do so, because they are gone " +
						"from the directory or the group that gave them their role is gone. CloudAPI 37.2 and later; null elsewhere."),
					"roles": computedNames("Names of the user's roles."),
				}},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to List Cloud Director Users"
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	all, err := tenant.Users(ctx)
	if err == nil && data.asksForTypes() && slices.ContainsFunc(all, vcdapi.User.HidesDetails) {
		err = vcdapi.ErrHidden
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	found := slices.DeleteFunc(slices.Clone(all), func(u vcdapi.User) bool { return !data.matches(u) })
	slices.SortFunc(found, func(a, b vcdapi.User) int { return names.Compare(a.Username, b.Username) })
	data.Usernames = namesOf(found, func(u vcdapi.User) string { return u.Username })
	data.Users = make([]listedUserModel, len(found))
	for i, u := range found {
		data.Users[i] = newListedUser(u, tenant.Capabilities())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

// asksForTypes reports whether the configuration narrows the list by provider type.
func (m usersModel) asksForTypes() bool {
	return !m.ProviderType.IsNull() || m.ImportedOnly.ValueBool()
}

// matches reports whether a user is among those asked for.
func (m usersModel) matches(u vcdapi.User) bool {
	return names.Contains(u.Username, m.NameContains.ValueString()) &&
		(m.ProviderType.IsNull() || u.ProviderType == m.ProviderType.ValueString()) &&
		(u.Imported() || !m.ImportedOnly.ValueBool())
}

func newListedUser(u vcdapi.User, offered vcdapi.Capabilities) listedUserModel {
	listed := listedUserModel{
		Username: types.StringValue(u.Username), ID: types.StringValue(u.ID), ProviderType: types.StringValue(u.ProviderType),
		FullName: types.StringValue(u.FullName), Email: types.StringValue(u.Email), Enabled: types.BoolValue(u.Enabled),
		Locked: types.BoolPointerValue(u.Locked), Stranded: types.BoolPointerValue(u.Stranded), Roles: sortedNames(u.Roles),
	}
	if offered.Interface == vcdapi.InterfaceXML {
		listed.Email = types.StringNull()
	}
	if u.HidesDetails() {
		listed.ProviderType, listed.Email, listed.Enabled = types.StringNull(), types.StringNull(), types.BoolNull()
	}
	return listed
}
