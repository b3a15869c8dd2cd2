package cloudshell

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var _ list.ListResourceWithConfigure = (*importedGroupResource)(nil)

// NewImportedGroupListResource lists what directory_cloudshell_imported_group can import.
func NewImportedGroupListResource() list.ListResource { return &importedGroupResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *importedGroupResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listSchema("groups", "Lists the groups of the directory behind CloudShell, for `terraform query`. All of them can be followed, whether or not "+
		"anybody of them is in CloudShell already: the plan for one shows who would come in. A name that several groups share is listed once, since CloudShell cannot tell them apart.")
}

// List implements list.ListResource.
func (r *importedGroupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	groups := listing[cloudshellapi.ExternalGroup]{summary: "Unable to List the Directory's Groups", each: eachGroupName, result: listedGroup}
	stream.Results = func(push func(list.ListResult) bool) { groups.stream(ctx, r.set, req, push) }
}

// eachGroupName yields the directory's groups, one of each name.
func eachGroupName(ctx context.Context, client *cloudshellapi.Client, nameContains string) iter.Seq2[cloudshellapi.ExternalGroup, error] {
	seen := map[string]bool{}
	return only(client.EachExternalGroup(ctx), func(group cloudshellapi.ExternalGroup) bool {
		key := framework.FoldName(group.Name)
		if seen[key] || framework.NameProblem(group.Name) != "" || !framework.Contains(group.Name, nameContains) {
			return false
		}
		seen[key] = true
		return true
	})
}

// listedGroup is one result. The people cost a request or more for each group, and are read only when they are asked for.
func listedGroup(ctx context.Context, req list.ListRequest, client *cloudshellapi.Client, group cloudshellapi.ExternalGroup) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = group.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, importedGroupIdentity{Name: types.StringValue(group.Name)})...)
	if !req.IncludeResource {
		return result
	}
	var state importedGroupModel // by way of the resource, for nulls of the right types
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("name"), group.Name)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &state)...)
	state.DistinguishedName = textOrNull(&group.DistinguishedName)
	state, _ = adoptMembers(ctx, client, state, &result.Diagnostics)
	if !result.Diagnostics.HasError() {
		result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	}
	return result
}
