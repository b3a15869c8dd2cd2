// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var _ action.ActionWithConfigure = (*syncDirectoryAction)(nil)

// syncDirectoryAction is directory_vcd_sync_directory.
type syncDirectoryAction struct{ framework.Action }

// NewSyncDirectoryAction is directory_vcd_sync_directory.
func NewSyncDirectoryAction() action.Action {
	return &syncDirectoryAction{framework.Action{TypeName: "vcd_sync_directory"}}
}

// Schema implements action.Action.
func (a *syncDirectoryAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Makes Cloud Director read the details of an organization's imported users and groups from " +
			"LDAP now, instead of at its next scheduled synchronization. API version 36.0 and later.",
		Attributes: map[string]schema.Attribute{
			"org": schema.StringAttribute{
				MarkdownDescription: "Name of the organization. Default: the provider's `vcd.org`.",
				Optional:            true,
				Validators:          []validator.String{framework.Name()},
			},
		},
	}
}

// Invoke implements action.Action.
func (a *syncDirectoryAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var org types.String
	// Without a config block the whole configuration is null, and so is org.
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("org"), &org)...)
	if resp.Diagnostics.HasError() {
		return
	}
	const summary = "Unable to Synchronize Cloud Director With the Directory"
	tenant := openTenant(ctx, a.Clients, org.ValueString(), summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Organization %q reads its imported users and "+
		"groups from LDAP", tenant.Name())})
	if err := tenant.SyncDirectory(ctx); err != nil {
		addLookupFault(&resp.Diagnostics, summary, err)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Organization %q is synchronized", tenant.Name())})
}
