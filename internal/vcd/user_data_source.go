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

var _ datasource.DataSourceWithConfigure = (*userDataSource)(nil)

// userDataSource is directory_vcd_user.
type userDataSource struct{ dataSource }

// NewUserDataSource is directory_vcd_user.
func NewUserDataSource() datasource.DataSource { return &userDataSource{newDataSource("vcd_user")} }

type userModel struct {
	Org          types.String `tfsdk:"org"`
	Name         types.String `tfsdk:"name"`
	ID           types.String `tfsdk:"id"`
	ProviderType types.String `tfsdk:"provider_type"`
	FullName     types.String `tfsdk:"full_name"`
	Email        types.String `tfsdk:"email"`
	Telephone    types.String `tfsdk:"telephone"`
	Description  types.String `tfsdk:"description"`
	NameInSource types.String `tfsdk:"name_in_source"`
	Enabled      types.Bool   `tfsdk:"enabled"`
	Locked       types.Bool   `tfsdk:"locked"`
	Stranded     types.Bool   `tfsdk:"stranded"`
	Roles        types.List   `tfsdk:"roles"`
	GroupNames   types.List   `tfsdk:"group_names"`
}

// Schema implements datasource.DataSource.
func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a user of a Cloud Director organization, imported or local.",
		Attributes: map[string]schema.Attribute{
			"org":           lookupOrgAttribute(),
			"name":          lookupNameAttribute("Name of the user."),
			"id":            computedText("URN of the user: `urn:vcloud:user:…`."),
			"provider_type": computedText("Where the user comes from: `LOCAL`, `LDAP`, `SAML` or `OAUTH`."),
			"full_name":     computedText("Full name."),
			"email":         computedText("E-mail address."),
			"telephone":     computedText("Telephone number. XML interface only; null elsewhere."),
			"description":   computedText("Free text."),
			"name_in_source": computedText("Id of the person in the directory, in the server's encoding; empty for " +
				"a local user."),
			"enabled": computedTruth("Whether the user may log in."),
			"locked": computedTruth("Whether the user is locked. XML interface and CloudAPI 37.2 and later, null " +
				"elsewhere."),
			"stranded": computedTruth("Whether the user has logged in before and can no longer do so, because they are gone " +
				"from the directory or the group that gave them their role is gone. A new account of the same name in the " +
				"directory does not change that. CloudAPI 37.2 and later; null elsewhere."),
			"roles": computedNames("Names of the user's roles."),
			"group_names": computedNames("Names of the user's imported groups, as far as the server knows: groups that were " +
				"imported before the user, or before the user's last login."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data userModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := data.Name.ValueString()
	summary := fmt.Sprintf("Unable to Read Cloud Director User %q", name)
	tenant := d.open(ctx, &data.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	user, err := findAnew(ctx, name, tenant.FindUser, tenant.LookForUser)
	if errors.Is(err, vcdapi.ErrNotFound) {
		addNotFound(&resp.Diagnostics, userSubject(name), tenant.Name(), userNames(ctx, tenant), err)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	groups := user.Groups
	if groups == nil {
		groups, err = tenant.UserGroups(ctx, user.ID)
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	data.read(user, groups)
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

func (m *userModel) read(u vcdapi.User, groups []vcdapi.Reference) {
	m.ID = types.StringValue(u.ID)
	m.ProviderType = types.StringValue(u.ProviderType)
	m.FullName = types.StringValue(u.FullName)
	m.Email = types.StringValue(u.Email)
	m.Telephone = types.StringPointerValue(u.Telephone)
	m.Description = types.StringValue(u.Description)
	m.NameInSource = types.StringValue(u.NameInSource)
	m.Enabled = types.BoolValue(u.Enabled)
	m.Locked = types.BoolPointerValue(u.Locked)
	m.Stranded = types.BoolPointerValue(u.Stranded)
	m.Roles = nameList(u.Roles)
	m.GroupNames = nameList(groups)
}
