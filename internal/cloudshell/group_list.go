// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

var _ list.ListResourceWithConfigure = (*groupResource)(nil)

// NewGroupListResource lists what directory_cloudshell_group can import.
func NewGroupListResource() list.ListResource { return &groupResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *groupResource) ListResourceConfigSchema(
	_ context.Context,
	_ list.ListResourceSchemaRequest,
	resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listSchema(
		"groups",
		"Lists the CloudShell groups, for `terraform query`. The built-in groups are left out.",
	)
}

// List implements list.ListResource.
func (r *groupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	groups := listing[cloudshellapi.Group]{
		summary: "Unable to List CloudShell Groups",
		each:    eachCustomGroup,
		result:  listedCloudShellGroup,
	}
	stream.Results = func(push func(list.ListResult) bool) { groups.stream(ctx, r.clients, req, push) }
}

// eachCustomGroup yields the groups that did not come with CloudShell.
func eachCustomGroup(
	ctx context.Context,
	client *cloudshellapi.Client,
	nameContains string,
) iter.Seq2[cloudshellapi.Group, error] {
	return func(yield func(cloudshellapi.Group, error) bool) {
		groups, err := client.Groups(ctx)
		if err != nil {
			yield(cloudshellapi.Group{}, err)
			return
		}
		for _, group := range groups {
			if !group.IsBuiltIn() && names.Contains(group.Name, nameContains) && !yield(group, nil) {
				return
			}
		}
	}
}

// listedCloudShellGroup is one result. The list holds whole groups, so that the resource costs no request of its own.
func listedCloudShellGroup(
	ctx context.Context,
	req list.ListRequest,
	_ *cloudshellapi.Client,
	group cloudshellapi.Group,
) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = group.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, groupIdentity{Name: types.StringValue(group.Name)})...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, groupFromImport(group))...)
	}
	return result
}
