// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform provider "directory": it turns configuration and environment into clients, and
// lists everything that the provider offers.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/vcd"
)

// directoryProvider implements the provider. All clients go to the resources in a *clients.Set.
type directoryProvider struct {
	version string
	notices *notices
}

var (
	_ provider.ProviderWithFunctions     = (*directoryProvider)(nil)
	_ provider.ProviderWithListResources = (*directoryProvider)(nil)
	_ provider.ProviderWithActions       = (*directoryProvider)(nil)
)

// New returns a function that makes the provider, in the form that the plugin server asks for. Only NewServer hands on
// its warnings about logins and unpacks its maps.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &directoryProvider{version: version, notices: &notices{}} }
}

func (p *directoryProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "directory"
	resp.Version = p.version
}

func (p *directoryProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Resources lists what Terraform can manage.
func (p *directoryProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		cloudshell.NewGroupResource,
		cloudshell.NewImportedGroupResource,
		cloudshell.NewImportedUserResource,
		vcd.NewImportedGroupResource,
		vcd.NewImportedUserResource,
	}
}

// DataSources lists what Terraform can look up.
func (p *directoryProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		cloudshell.NewDomainsDataSource,
		cloudshell.NewExternalGroupDataSource,
		cloudshell.NewExternalGroupsDataSource,
		cloudshell.NewGroupDataSource,
		cloudshell.NewUserDataSource,
		cloudshell.NewUsersDataSource,
		ldap.NewGroupDataSource,
		ldap.NewUserDataSource,
		ldap.NewUsersDataSource,
		vcd.NewDirectoryGroupsDataSource,
		vcd.NewDirectoryUsersDataSource,
		vcd.NewGroupDataSource,
		vcd.NewGroupsDataSource,
		vcd.NewOrgsDataSource,
		vcd.NewRolesDataSource,
		vcd.NewUserDataSource,
		vcd.NewUsersDataSource,
	}
}

// ListResources lists what `terraform query` can find.
func (p *directoryProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		cloudshell.NewGroupListResource,
		cloudshell.NewImportedGroupListResource,
		cloudshell.NewImportedUserListResource,
		vcd.NewImportedGroupListResource,
		vcd.NewImportedUserListResource,
	}
}

// Actions lists what Terraform can do on demand.
func (p *directoryProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		cloudshell.NewReimportGroupAction,
		cloudshell.NewReimportUserAction,
		vcd.NewSyncDirectoryAction,
	}
}

// Functions lists what an expression can call as provider::directory::name.
func (p *directoryProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		ldap.NewEscapeDNFunction,
		ldap.NewEscapeFilterFunction,
		ldap.NewParseDNFunction,
		ldap.NewSIDToStringFunction,
	}
}
