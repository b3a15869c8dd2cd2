// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var _ list.ListResourceWithConfigure = (*importedGroupResource)(nil)

// NewImportedGroupListResource lists what directory_vcd_imported_group can import.
func NewImportedGroupListResource() list.ListResource { return &importedGroupResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *importedGroupResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest,
	resp *list.ListResourceSchemaResponse) {
	resp.Schema = listSchema("groups")
}

// List implements list.ListResource.
func (r *importedGroupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	groups := listing[vcdapi.Group]{
		summary: "Unable to List Cloud Director Groups",
		all:     (*vcdapi.Tenant).Groups,
		named:   func(g vcdapi.Group) (string, string) { return g.Name, g.ProviderType },
		result:  listedGroup,
	}
	stream.Results = func(push func(list.ListResult) bool) { groups.stream(ctx, r.clients, req, push) }
}

// listedGroup is one result. The resource costs requests of its own, and is filled in only when it is asked for.
func listedGroup(ctx context.Context, req list.ListRequest, tenant *vcdapi.Tenant,
	group vcdapi.Group) (result list.ListResult, exists bool) {
	result = req.NewListResult(ctx)
	result.DisplayName = displayName(tenant.Name(), group.Name, "")
	state := existingGroup(tenant.Name(), group.Name)
	result.Diagnostics.Append(result.Identity.Set(ctx, state.identity())...)
	if !req.IncludeResource {
		return result, true
	}
	whole, err := tenant.Group(ctx, group.ID) // the XML interface lists less than it reads
	var users []vcdapi.Reference
	if err == nil {
		users, err = tenant.GroupUsers(ctx, group.ID)
	}
	if err != nil {
		addFault(&result.Diagnostics, framework.UnableTo("Read", groupSubject(group.Name)), err)
		return result, !errors.Is(err, vcdapi.ErrNotFound)
	}
	state.read(whole, tenant.SameName)
	state.UserNames = nameList(users)
	result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	return result, true
}
