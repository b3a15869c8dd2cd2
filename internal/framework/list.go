// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// NameContains is the attribute name_contains of a list block for what it lists, such as "users".
func NameContains(what string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Lists only " + what + " whose name contains this text, in upper or lower case.",
		Optional:            true,
		Validators:          []validator.String{NotBlank()},
	}
}

// PushListed pushes a result for each of the entities until Terraform has enough, and asks for none beyond that. An
// entity of which result returns false was deleted after it was listed, and is left out. An error among the entities
// ends the list; fault words it.
func PushListed[T any](
	ctx context.Context,
	req list.ListRequest,
	push func(list.ListResult) bool,
	entities iter.Seq2[T, error],
	result func(T) (list.ListResult, bool),
	fault func(*diag.Diagnostics, error),
) {
	pushed := int64(0)
	for entity, err := range entities {
		if err != nil {
			var diags diag.Diagnostics
			fault(&diags, err)
			FailList(ctx, req, push, diags)
			return
		}
		listed, exists := result(entity)
		if !exists {
			continue
		}
		if !push(listed) {
			return
		}
		if pushed++; pushed == req.Limit {
			return
		}
	}
}

// FailList ends a list with errors: as a result, since the stream itself cannot carry them any more.
func FailList(ctx context.Context, req list.ListRequest, push func(list.ListResult) bool, diags diag.Diagnostics) {
	result := req.NewListResult(ctx)
	result.Diagnostics = diags
	push(result)
}
