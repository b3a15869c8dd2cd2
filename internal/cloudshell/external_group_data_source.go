// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// externalGroupDataSource is directory_cloudshell_external_group.
type externalGroupDataSource struct{ dataSource }

type externalGroupModel struct {
	Name      types.String         `tfsdk:"name"`
	Usernames []string             `tfsdk:"usernames"`
	Users     []externalUserObject `tfsdk:"users"`
}

type externalUserObject struct {
	ID                types.String `tfsdk:"id"`
	Username          types.String `tfsdk:"username"`
	DisplayName       types.String `tfsdk:"display_name"`
	DistinguishedName types.String `tfsdk:"distinguished_name"`
	Email             types.String `tfsdk:"email"`
	DomainName        types.String `tfsdk:"domain_name"`
}

var _ datasource.DataSourceWithConfigure = (*externalGroupDataSource)(nil)

// NewExternalGroupDataSource makes the data source directory_cloudshell_external_group.
func NewExternalGroupDataSource() datasource.DataSource {
	return &externalGroupDataSource{newDataSource("cloudshell_external_group")}
}

func (d *externalGroupDataSource) Schema(
	_ context.Context,
	_ datasource.SchemaRequest,
	resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the people in one group of the directory behind CloudShell, whether or not CloudShell " +
			"has imported them.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{framework.Name()},
				MarkdownDescription: "Name of the group in the directory. Upper and lower case do not matter.",
			},
			"usernames": usernamesAttribute("in the group"),
			"users": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The people in the group, sorted by user name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": shown(
						"The directory's id of the user: the objectSid in text form with Active Directory, the uid elsewhere.",
					),
					"username":           shown("Account name. An imported user has the same name in CloudShell."),
					"display_name":       shown("Display name."),
					"distinguished_name": shown("Distinguished name."),
					"email":              shown("E-mail address."),
					"domain_name":        shown("Domain of the directory."),
				}},
			},
		},
	}
}

func (d *externalGroupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config externalGroupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := config.Name.ValueString()
	summary := fmt.Sprintf("Unable to Read the Directory's Group %q", name)
	client := d.client(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	group, err := importer.Groups{Client: client}.ReadWholeGroup(ctx, name)
	if unknown, ok := errors.AsType[*importer.UnknownGroupError](err); ok {
		addNotFound(&resp.Diagnostics, "name", directoryGroupSubject(name), unknown.Groups)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	warnNameless(&resp.Diagnostics, name, group.Nameless)
	config.Usernames, config.Users = []string{}, []externalUserObject{}
	byName := func(a, b cloudshellapi.ExternalUser) int { return names.Compare(a.Username, b.Username) }
	for _, user := range slices.SortedFunc(slices.Values(group.People), byName) {
		config.Usernames = append(config.Usernames, user.Username)
		config.Users = append(config.Users, externalUserObject{
			ID:                types.StringValue(user.ID),
			Username:          types.StringValue(user.Username),
			DisplayName:       textOrNull(&user.DisplayName),
			DistinguishedName: textOrNull(&user.DistinguishedName),
			Email:             textOrNull(&user.Email),
			DomainName:        textOrNull(&user.DomainName),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// warnNameless says which entries of a directory group are left out, since they have no account name.
func warnNameless(diags *diag.Diagnostics, group string, nameless []cloudshellapi.ExternalUser) {
	if len(nameless) == 0 {
		return
	}
	var entries []string
	for _, entry := range nameless {
		entries = append(entries, cmp.Or(entry.DistinguishedName, entry.DisplayName, entry.ID))
	}
	diags.AddAttributeWarning(
		path.Root("name"),
		"Entries Without an Account Name Left Out",
		fmt.Sprintf(
			"%d entries of the directory group %q have no account name, as is the case for contacts, and cannot be imported: "+
				"%s.",
			len(nameless),
			group,
			names.List(names.Sorted(entries)),
		),
	)
}
