// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// groupDataSource is directory_ldap_group, a group and its members.
type groupDataSource struct{ dataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*groupDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*groupDataSource)(nil)
)

// NewGroupDataSource makes directory_ldap_group.
func NewGroupDataSource() datasource.DataSource { return &groupDataSource{newDataSource("ldap_group")} }

type groupModel struct {
	Name            types.String `tfsdk:"name"`
	DN              types.String `tfsdk:"dn"`
	Nested          types.Bool   `tfsdk:"nested"`
	IncludeDisabled types.Bool   `tfsdk:"include_disabled"`
	Description     types.String `tfsdk:"description"`
	SID             types.String `tfsdk:"sid"`
	GUID            types.String `tfsdk:"guid"`
	Members         types.List   `tfsdk:"members"`
	Usernames       []string     `tfsdk:"usernames"`
	Unresolved      []string     `tfsdk:"unresolved_members"`
}

func (d *groupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a group of the directory and all people in it, however many there are. People who have " +
			"the group as their primary group are included.\n\nAn entry with members is a group, whatever its object class. " +
			"`member`, `uniqueMember` and `roleOccupant` list distinguished names, and `memberUid` lists logins or " +
			"distinguished names. `memberURL` (a dynamic group) holds a search; if the server does not run it, the provider " +
			"does, except for a search on another server. Aliases are followed.\n\nMembers that are listed by distinguished " +
			"name are found anywhere on the server, also outside `base_dn`. Referrals are not followed: members on other " +
			"servers, for example in other domains, are listed in `unresolved_members`.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true, Computed: true, Validators: notEmpty,
				MarkdownDescription: "Name of the group: `sAMAccountName`, or else any `cn`. Set either `name` or `dn`; the " +
					"other one is read.",
			},
			"dn": schema.StringAttribute{
				Optional: true, Computed: true, Validators: notEmpty,
				MarkdownDescription: "Distinguished name of the group. Set either `name` or `dn`; the other one is read.",
			},
			"nested": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to include the members of groups in the group, at any depth. Default `true`.",
			},
			"include_disabled": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to include people who cannot log in until an administrator acts (see " +
					"`members.disabled`). Default `false`.",
			},
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "`description`."},
			"sid": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`objectSid` as text. Active Directory only.",
			},
			"guid": schema.StringAttribute{Computed: true, MarkdownDescription: "`objectGUID` or `entryUUID` as text."},
			"members": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The people in the group, sorted by `username`.",
				NestedObject: schema.NestedAttributeObject{Attributes: personAttributes()},
			},
			"usernames": usernamesAttribute(),
			"unresolved_members": schema.ListAttribute{
				ElementType: types.StringType, Computed: true,
				MarkdownDescription: "Members of the group, or of a group in it, that the provider cannot read as a person or a " +
					"group: computers, contacts, entries that are gone, hidden or on another server, and logins that no person has. " +
					"Sorted. A warning counts them.",
			},
		},
	}
}

func (d *groupDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("dn"))}
}

func (d *groupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model groupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	entry := subject("Group", model.Name.ValueString()+model.DN.ValueString())
	summary := framework.UnableTo("Read", entry)
	client := d.directory(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	group, err := model.find(ctx, client)
	if err != nil {
		addFault(&resp.Diagnostics, readSummary(entry, err), err, "dn", "name")
		return
	}
	members, err := client.Members(ctx, group.DN, directory.MemberOptions{
		Nested:          model.Nested.IsNull() || model.Nested.ValueBool(),
		IncludeDisabled: model.IncludeDisabled.ValueBool(),
	})
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	warnUnresolved(&resp.Diagnostics, group, members)
	model.read(group, members)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (m *groupModel) find(ctx context.Context, client *directory.Client) (directory.Group, error) {
	if !m.DN.IsNull() {
		return client.Group(ctx, m.DN.ValueString())
	}
	return findGroup(ctx, client, "name", m.Name.ValueString())
}

// read takes over what the directory says; what was configured stays as it was spelled.
func (m *groupModel) read(group directory.Group, members directory.Membership) {
	if m.Name.IsNull() {
		m.Name = optional(group.Name)
	}
	if m.DN.IsNull() {
		m.DN = legible(group.DN)
	}
	m.Description, m.SID, m.GUID = optional(group.Description), optional(group.SID), optional(group.GUID)
	m.Members, m.Usernames = toPeople(members.People), usernames(members.People)
	m.Unresolved = allLegible(members.Unresolved)
}
