// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var _ list.ListResourceWithConfigure = (*importedUserResource)(nil)

// NewImportedUserListResource lists what directory_vcd_imported_user can import.
func NewImportedUserListResource() list.ListResource { return &importedUserResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *importedUserResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest,
	resp *list.ListResourceSchemaResponse) {
	resp.Schema = listSchema("users")
}

// List implements list.ListResource.
func (r *importedUserResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	users := listing[vcdapi.User]{
		summary: "Unable to List Cloud Director Users",
		all:     (*vcdapi.Tenant).Users,
		named:   func(u vcdapi.User) (string, string) { return u.Username, u.ProviderType },
		result:  listedUser,
	}
	stream.Results = func(push func(list.ListResult) bool) { users.stream(ctx, r.clients, req, push) }
}

// listedUser is one result. The whole user is read only when asked for: CloudAPI's list holds everything, the XML
// interface's takes a request a user.
func listedUser(ctx context.Context, req list.ListRequest, tenant *vcdapi.Tenant,
	user vcdapi.User) (result list.ListResult, exists bool) {
	result = req.NewListResult(ctx)
	result.DisplayName = displayName(tenant.Name(), user.Username, user.FullName)
	state := existingUser(tenant.Name(), user)
	result.Diagnostics.Append(result.Identity.Set(ctx, state.identity())...)
	if !req.IncludeResource {
		return result, true
	}
	whole, err := tenant.User(ctx, user.ID)
	if err != nil {
		addFault(&result.Diagnostics, framework.UnableTo("Read", userSubject(user.Username)), err)
		return result, !errors.Is(err, vcdapi.ErrNotFound)
	}
	state.read(whole, tenant.SameName)
	result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	return result, true
}
