// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// listModel is the configuration of a list block.
type listModel struct {
	NameContains types.String `tfsdk:"name_contains"`
}

// listSchema is the schema of a list block for users or groups.
func listSchema(what, description string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"name_contains": framework.NameContains(what),
		},
	}
}

// listing is how one kind of entity is listed.
type listing[T any] struct {
	summary string // of an error
	each    func(ctx context.Context, client *cloudshellapi.Client, nameContains string) iter.Seq2[T, error]
	result  func(ctx context.Context, req list.ListRequest, client *cloudshellapi.Client, entity T) list.ListResult
}

// stream pushes what a list block asks for until Terraform has enough, and reads no page beyond that.
func (l listing[T]) stream(
	ctx context.Context,
	set *clients.Set,
	req list.ListRequest,
	push func(list.ListResult) bool,
) {
	var config listModel
	var diags diag.Diagnostics
	diags.Append(req.Config.Get(ctx, &config)...)
	client, err := set.CloudShell()
	if err != nil {
		addFault(&diags, l.summary, err)
	}
	if diags.HasError() {
		framework.FailList(ctx, req, push, diags)
		return
	}
	framework.PushListed(ctx, req, push, l.each(ctx, client, config.NameContains.ValueString()),
		func(entity T) (list.ListResult, bool) { return l.result(ctx, req, client, entity), true },
		func(diags *diag.Diagnostics, err error) {
			addFault(diags, l.summary, err)
		})
}

// only passes on the entities to keep, and errors.
func only[T any](all iter.Seq2[T, error], keep func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for entity, err := range all {
			if (err != nil || keep(entity)) && !yield(entity, err) {
				return
			}
		}
	}
}
