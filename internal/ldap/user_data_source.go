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
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// userDataSource is directory_ldap_user, one person.
type userDataSource struct{ dataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*userDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*userDataSource)(nil)
)

// NewUserDataSource makes directory_ldap_user.
func NewUserDataSource() datasource.DataSource { return &userDataSource{newDataSource("ldap_user")} }

type userModel struct {
	person
	Login  types.String `tfsdk:"login"`
	Groups []string     `tfsdk:"groups"`
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := personAttributes()
	attributes["username"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of the person: a login (`sAMAccountName`, `uid`, `userPrincipalName`), or else a `mail` " +
			"address, `cn` or `displayName`. If an attribute has several values, each of them counts. Set either `username` " +
			"or `dn`. This attribute keeps what you write; `login` is the login in the directory.",
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["dn"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Distinguished name of the person. Set either `username` or `dn`; the other one is read.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["login"] = schema.StringAttribute{
		Computed: true,
		MarkdownDescription: "Login name in the directory, by whatever name you looked the person up: `sAMAccountName`, or " +
			"`uid` outside Active Directory (if there are several, the one in `dn`).",
	}
	attributes["groups"] = schema.ListAttribute{
		ElementType: types.StringType, Computed: true,
		MarkdownDescription: "Distinguished names of the groups that list the person, anywhere on the server, including " +
			"the primary group and dynamic groups. Groups of these groups are not included, nor are groups that name the " +
			"person by a `uniqueMember` value with a unique identifier, such as `uid=a,dc=x#'0101'B`.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up one person in the directory. It is an error if the name belongs to no one or to " +
			"several people.",
		Attributes: attributes,
	}
}

func (d *userDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("username"), path.MatchRoot("dn"))}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model userModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username, dn := model.Username.ValueString(), model.DN.ValueString()
	entry := subject("User", username+dn)
	summary := framework.UnableTo("Read", entry)
	client := d.directory(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	if username != "" {
		found, err := findUser(ctx, client, username)
		if err != nil {
			addFault(&resp.Diagnostics, summary, err, "username")
			return
		}
		dn = found.DN
	}
	user, err := client.User(ctx, dn)
	if err != nil {
		addFault(&resp.Diagnostics, readSummary(entry, err), err, "dn")
		return
	}
	read := userModel{person: toPerson(user), Login: optional(user.Username), Groups: allLegible(user.Groups)}
	// What was configured stays as it was spelled: the directory compares without regard to case.
	if username != "" {
		read.Username = model.Username
	} else {
		read.DN = model.DN
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, read)...)
}

// findUser resolves a name, which one person must have.
func findUser(ctx context.Context, client *directory.Client, name string) (directory.User, error) {
	users, err := client.FindUsers(ctx, name)
	switch {
	case err != nil:
		return directory.User{}, err
	case len(users) == 0:
		near, err := client.SimilarUsers(ctx, name)
		if err != nil {
			near = nil // the message is no worse without
		}
		return directory.User{}, wrongName(
			framework.IsUnknown(subject("User", name)),
			"username",
			"No person in the directory has the name %q (login, mail and display name were compared).%s%s",
			name,
			names.DidYouMean(near),
			elsewhere(client, "dn"),
		)
	case len(users) > 1:
		dns := make([]string, len(users))
		for i, u := range users {
			dns[i] = u.DN
		}
		return directory.User{}, wrongName(
			framework.IsAmbiguous(subject("User", name)),
			"username",
			"%d people have the name %q: %s. Look the person up by login or with dn%s.",
			len(users),
			name,
			names.List(dns),
			narrower,
		)
	default:
		return users[0], nil
	}
}
