// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// userDataSource is directory_cloudshell_user.
type userDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*userDataSource)(nil)

// NewUserDataSource makes the data source directory_cloudshell_user.
func NewUserDataSource() datasource.DataSource {
	return &userDataSource{newDataSource("cloudshell_user")}
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{}
	maps.Copy(attributes, userObjectAttributes())
	attributes["username"] = schema.StringAttribute{
		Required: true, Validators: []validator.String{framework.Name()},
		MarkdownDescription: "Name of the user in CloudShell. Upper and lower case do not matter.",
	}
	resp.Schema = schema.Schema{MarkdownDescription: "Reads a CloudShell user, local or imported.", Attributes: attributes}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config userObject
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username := config.Username.ValueString()
	summary := framework.UnableTo("Read", framework.Subject{Platform: clients.CloudShell, Kind: "User", Name: username})
	client := d.client(summary, &resp.Diagnostics)
	if client == nil {
		return
	}
	user, err := client.FindUser(ctx, username)
	if errors.Is(err, cloudshellapi.ErrNotFound) {
		addNotFound(
			&resp.Diagnostics,
			"username",
			framework.Subject{Platform: clients.CloudShell, Kind: "User", Name: username},
			usernames(ctx, client),
		)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	held := newUserObject(user)
	held.Username = types.StringValue(username)
	resp.Diagnostics.Append(resp.State.Set(ctx, held)...)
}

// usernames are the names of all users, none if they cannot be read: they only improve a message.
func usernames(ctx context.Context, client *cloudshellapi.Client) []string {
	users, err := client.Users(ctx)
	if err != nil {
		return nil
	}
	return usernamesOf(users)
}
