package cloudshell

import (
	"context"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
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
			"name_contains": schema.StringAttribute{
				MarkdownDescription: "Lists only " + what + " whose name contains this text, in any case.",
				Optional:            true,
				Validators:          []validator.String{framework.NotBlank()},
			},
		},
	}
}

// listing is how one kind of entity is listed.
type listing[T any] struct {
	summary string // of an error
	each    func(ctx context.Context, client *cloudshellapi.Client, nameContains string) iter.Seq2[T, error]
	result  func(ctx context.Context, req list.ListRequest, client *cloudshellapi.Client, entity T) list.ListResult
}

// stream pushes what a list block asks for until Terraform has enough, and reads no page beyond that. An error is a result,
// since the stream itself cannot carry one any more.
func (l listing[T]) stream(ctx context.Context, set *clients.Set, req list.ListRequest, push func(list.ListResult) bool) {
	fail := func(diags diag.Diagnostics) {
		result := req.NewListResult(ctx)
		result.Diagnostics = diags
		push(result)
	}
	var config listModel
	var diags diag.Diagnostics
	if diags.Append(req.Config.Get(ctx, &config)...); diags.HasError() {
		fail(diags)
		return
	}
	client, err := set.CloudShell()
	if err != nil {
		framework.AddFault(&diags, clients.CloudShell, l.summary, err)
		fail(diags)
		return
	}
	pushed := int64(0)
	for entity, err := range l.each(ctx, client, config.NameContains.ValueString()) {
		if err != nil {
			framework.AddFault(&diags, clients.CloudShell, l.summary, err)
			fail(diags)
			return
		}
		if !push(l.result(ctx, req, client, entity)) {
			return
		}
		if pushed++; pushed == req.Limit {
			return
		}
	}
}

// only keeps the wanted entities of a list.
func only[T any](all iter.Seq2[T, error], wanted func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for entity, err := range all {
			if (err != nil || wanted(entity)) && !yield(entity, err) {
				return
			}
		}
	}
}

func containsFold(name, part string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(part))
}
