// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
)

// DataSource is what every data source begins with: its type name, which is without the provider's, and the clients.
type DataSource struct {
	TypeName string
	Clients  *clients.Set // nil before Configure
}

// Metadata implements datasource.DataSource.
func (d *DataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.TypeName
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Clients = Clients(req.ProviderData, &resp.Diagnostics)
}

// Action is what every action begins with: its type name, which is without the provider's, and the clients.
type Action struct {
	TypeName string
	Clients  *clients.Set // nil before Configure
}

// Metadata implements action.Action.
func (a *Action) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.TypeName
}

// Configure implements action.ActionWithConfigure.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Clients = Clients(req.ProviderData, &resp.Diagnostics)
}
