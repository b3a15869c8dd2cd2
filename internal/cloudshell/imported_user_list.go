// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
)

var _ list.ListResourceWithConfigure = (*importedUserResource)(nil)

// NewImportedUserListResource lists what directory_cloudshell_imported_user can import.
func NewImportedUserListResource() list.ListResource { return &importedUserResource{} }

// ListResourceConfigSchema implements list.ListResource.
func (r *importedUserResource) ListResourceConfigSchema(
	_ context.Context,
	_ list.ListResourceSchemaRequest,
	resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listSchema(
		"users",
		"Lists the users that CloudShell imported from the directory, for `terraform query`. Local users are left out.",
	)
}

// List implements list.ListResource.
func (r *importedUserResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	users := listing[cloudshellapi.User]{
		summary: "Unable to List CloudShell Users",
		each: func(
			ctx context.Context, client *cloudshellapi.Client, nameContains string,
		) iter.Seq2[cloudshellapi.User, error] {
			return only(client.EachUser(ctx, nameContains), cloudshellapi.User.IsImported)
		},
		result: listedUser,
	}
	stream.Results = func(push func(list.ListResult) bool) { users.stream(ctx, r.clients, req, push) }
}

// listedUser is one result. The list holds whole users, so that the resource costs no request of its own.
func listedUser(
	ctx context.Context,
	req list.ListRequest,
	_ *cloudshellapi.Client,
	user cloudshellapi.User,
) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = user.Username
	if email := textOrNull(user.Email); !email.IsNull() {
		result.DisplayName = fmt.Sprintf("%s (%s)", user.Username, email.ValueString())
	}
	result.Diagnostics.Append(result.Identity.Set(ctx, identityModel{Username: types.StringValue(user.Username)})...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, importedState(user))...)
	}
	return result
}
