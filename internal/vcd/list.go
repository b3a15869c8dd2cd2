// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// listModel is the configuration of a list block.
type listModel struct {
	Org          types.String `tfsdk:"org"`
	NameContains types.String `tfsdk:"name_contains"`
}

// listSchema is the schema of a list block for users or groups.
func listSchema(what string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the imported " + what + " of an organization, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"org": schema.StringAttribute{
				MarkdownDescription: "Name of the organization. Default: the provider's `vcd.org`.",
				Optional:            true,
				Validators:          []validator.String{framework.Name()},
			},
			"name_contains": framework.NameContains(what),
		},
	}
}

// listing is how one kind of entity is listed.
type listing[T any] struct {
	summary string // of an error
	all     func(*vcdapi.Tenant, context.Context) ([]T, error)
	// named is the entity's name and provider type.
	named func(T) (name, providerType string)
	// result reports false if the entity was deleted after the list was read.
	result func(ctx context.Context, req list.ListRequest, tenant *vcdapi.Tenant, entity T) (list.ListResult, bool)
}

// stream pushes what a list block asks for, until Terraform has enough.
func (l listing[T]) stream(ctx context.Context, set *clients.Set, req list.ListRequest,
	push func(list.ListResult) bool) {
	var diags diag.Diagnostics
	config, tenant, entities := l.fetch(ctx, set, req, &diags)
	if diags.HasError() {
		framework.FailList(ctx, req, push, diags)
		return
	}
	matching := func(yield func(T, error) bool) {
		for _, entity := range entities {
			if config.lists(l.named(entity)) && !yield(entity, nil) {
				return
			}
		}
	}
	framework.PushListed(ctx, req, push, matching,
		func(entity T) (list.ListResult, bool) { return l.result(ctx, req, tenant, entity) },
		func(diags *diag.Diagnostics, err error) { addFault(diags, l.summary, err) })
}

// fetch reads the configuration of a list block, opens its organization, and reads everything in it.
func (l listing[T]) fetch(ctx context.Context, set *clients.Set, req list.ListRequest,
	diags *diag.Diagnostics) (listModel, *vcdapi.Tenant, []T) {
	var config listModel
	diags.Append(req.Config.Get(ctx, &config)...)
	if diags.HasError() {
		return config, nil, nil
	}
	tenant := openTenant(ctx, set, config.Org.ValueString(), l.summary, diags)
	if tenant == nil {
		return config, nil, nil
	}
	entities, err := l.all(tenant, ctx)
	if err == nil && slices.ContainsFunc(entities, func(entity T) bool { _, of := l.named(entity); return of == "" }) {
		err = vcdapi.ErrHidden // which of them are imported cannot be told
	}
	if err != nil {
		addFault(diags, l.summary, err)
	}
	return config, tenant, entities
}

// lists reports whether an entity is among what the list block asks for.
func (m listModel) lists(name, providerType string) bool {
	return providerType != vcdapi.ProviderLocal && names.Contains(name, m.NameContains.ValueString())
}

// displayName is how `terraform query` shows an entity.
func displayName(org, name, fullName string) string {
	if fullName == "" {
		return fmt.Sprintf("%s/%s", org, name)
	}
	return fmt.Sprintf("%s/%s (%s)", org, name, fullName)
}
