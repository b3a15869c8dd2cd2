// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

var _ list.ListResourceWithConfigure = (*importedGroupResource)(nil)

// NewImportedGroupListResource lists what directory_cloudshell_imported_group can import.
func NewImportedGroupListResource() list.ListResource { return &importedGroupResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *importedGroupResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listSchema("groups", "Lists the groups of the directory behind CloudShell, for `terraform query`. It "+
		"lists every group that can be imported, whether or not its people are in CloudShell. A name that several groups "+
		"share is listed once, because CloudShell cannot tell them apart.")
}

// List implements list.ListResource.
func (r *importedGroupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	groups := listing[cloudshellapi.ExternalGroup]{summary: "Unable to List the Directory's Groups", each: eachGroupName,
		result: listedGroup}
	stream.Results = func(push func(list.ListResult) bool) { groups.stream(ctx, r.set, req, push) }
}

// eachGroupName yields the directory's groups, one of each name.
func eachGroupName(
	ctx context.Context, client *cloudshellapi.Client, nameContains string,
) iter.Seq2[cloudshellapi.ExternalGroup, error] {
	met := map[string]bool{}
	return only(client.EachExternalGroup(ctx), func(group cloudshellapi.ExternalGroup) bool {
		key := names.Key(group.Name)
		if met[key] || framework.NameProblem(group.Name) != "" || !names.Contains(group.Name, nameContains) {
			return false
		}
		met[key] = true
		return true
	})
}

// listedGroup is one result. The people cost a request or more for each group, and are read only when they are asked
// for.
func listedGroup(
	ctx context.Context, req list.ListRequest, client *cloudshellapi.Client, group cloudshellapi.ExternalGroup,
) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = group.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, importedGroupIdentity{Name: types.StringValue(group.Name)})...)
	if !req.IncludeResource {
		return result
	}
	var state importedGroupModel // read from the resource, for nulls of the right types
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("name"), group.Name)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &state)...)
	state.DistinguishedName = textOrNull(&group.DistinguishedName)
	adoptMembers(ctx, importer.Groups{Client: client}, group.Name, &state, &result.Diagnostics)
	if !result.Diagnostics.HasError() {
		result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	}
	return result
}
