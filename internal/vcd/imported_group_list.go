package vcd

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

var _ list.ListResourceWithConfigure = (*importedGroupResource)(nil)

// NewImportedGroupListResource lists what directory_vcd_imported_group can import.
func NewImportedGroupListResource() list.ListResource { return &importedGroupResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *importedGroupResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listSchema("groups")
}

// List implements list.ListResource.
func (r *importedGroupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		const summary = "Unable to List Cloud Director Groups"
		var diags diag.Diagnostics
		config, tenant := openList(ctx, r.clients, req, summary, &diags)
		if tenant == nil {
			failList(ctx, req, push, diags)
			return
		}
		groups, err := tenant.Groups(ctx)
		if err != nil {
			addFault(&diags, summary, err)
			failList(ctx, req, push, diags)
			return
		}
		pushed := int64(0)
		for _, group := range groups {
			if !config.lists(group.Name, group.ProviderType) {
				continue
			}
			if !push(listedGroup(ctx, req, tenant, group)) {
				return
			}
			if pushed++; pushed == req.Limit {
				return
			}
		}
	}
}

// listedGroup is one result. The resource costs requests of its own, and is filled in only when it is asked for.
func listedGroup(ctx context.Context, req list.ListRequest, tenant *vcdapi.Tenant, group vcdapi.Group) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(tenant.Name(), group.Name, "")
	state := importedGroupModel{
		Org:            types.StringValue(tenant.Name()),
		Name:           types.StringValue(group.Name),
		DeletionPolicy: types.StringValue(policyAuto),
		Created:        types.BoolValue(false),
	}
	result.Diagnostics.Append(result.Identity.Set(ctx, state.identity())...)
	if !req.IncludeResource {
		return result
	}
	whole, err := tenant.Group(ctx, group.ID) // the XML interface lists less than it reads
	var users []vcdapi.Reference
	if err == nil {
		users, err = tenant.GroupUsers(ctx, group.ID)
	}
	if err != nil {
		addFault(&result.Diagnostics, "Unable to Read Cloud Director Group \""+group.Name+"\"", err)
		return result
	}
	state.read(whole)
	state.UserNames = nameList(users)
	result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	return result
}
