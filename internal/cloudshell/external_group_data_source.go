package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// externalGroupDataSource is directory_cloudshell_external_group.
type externalGroupDataSource struct{ dataSource }

type externalGroupModel struct {
	Name  types.String         `tfsdk:"name"`
	Users []externalUserObject `tfsdk:"users"`
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
func NewExternalGroupDataSource() datasource.DataSource { return &externalGroupDataSource{} }

func (d *externalGroupDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_external_group"
}

func (d *externalGroupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The users of one group of the directory behind CloudShell, imported or not.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true, Validators: []validator.String{framework.Name()},
				MarkdownDescription: "The group's name in the directory.",
			},
			"users": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The group's users, in the order of their names.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":                 shown("The directory's id of the user: the objectSid in text form with Active Directory, the uid elsewhere."),
					"username":           shown("Account name, which becomes the user's name in CloudShell."),
					"display_name":       shown("Name for people."),
					"distinguished_name": shown("Distinguished name."),
					"email":              shown("E-mail address."),
					"domain_name":        shown("The directory domain."),
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
	users, err := client.ExternalGroupUsers(ctx, name)
	if err == nil && len(users) == 0 || errors.Is(err, cloudshellapi.ErrNotFound) {
		// An empty answer may be all that the server has to say about a group that is not there.
		found, names := findExternalGroup(ctx, client, name)
		if !found {
			addNotFound(&resp.Diagnostics, "name", "External Group", name, names)
			return
		}
	}
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	config.Users = []externalUserObject{}
	for _, user := range slices.SortedFunc(slices.Values(users), func(a, b cloudshellapi.ExternalUser) int {
		return compareNames(a.Username, b.Username)
	}) {
		config.Users = append(config.Users, externalUserObject{
			ID: types.StringValue(user.ID), Username: types.StringValue(user.Username), DisplayName: textOrNull(&user.DisplayName),
			DistinguishedName: textOrNull(&user.DistinguishedName), Email: textOrNull(&user.Email), DomainName: textOrNull(&user.DomainName),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// findExternalGroup reports whether the directory has the group, and the names of those that it has. When they cannot be
// read, the group is taken to be there.
func findExternalGroup(ctx context.Context, client *cloudshellapi.Client, name string) (bool, []string) {
	groups, err := client.ExternalGroups(ctx)
	if err != nil {
		return true, nil
	}
	names := make([]string, len(groups))
	for i, group := range groups {
		names[i] = group.Name
		if framework.SameName(group.Name, name) {
			return true, nil
		}
	}
	return false, names
}
