// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// dataSource is what the data sources of this wing have in common.
type dataSource struct{ framework.DataSource }

func newDataSource(typeName string) dataSource {
	return dataSource{framework.DataSource{TypeName: typeName}}
}

// open opens the organization, and fills it in where the configuration leaves it to the provider.
func (d *dataSource) open(
	ctx context.Context, org *types.String, summary string, diags *diag.Diagnostics,
) *vcdapi.Tenant {
	tenant := openTenant(ctx, d.Clients, org.ValueString(), summary, diags)
	if tenant != nil && org.IsNull() {
		*org = types.StringValue(tenant.Name())
	}
	return tenant
}

// findAnew finds a user or group of any provider type by name. A list that this run has read before may be older than
// what is asked for, so that a miss is followed by a look.
func findAnew[T any](ctx context.Context, name string,
	find, look func(ctx context.Context, name, providerType string) (T, error)) (T, error) {
	found, err := find(ctx, name, "")
	if !errors.Is(err, vcdapi.ErrNotFound) {
		return found, err
	}
	if fresh, lookErr := look(ctx, name, ""); !errors.Is(lookErr, vcdapi.ErrNotFound) {
		return fresh, lookErr
	}
	return found, err // which may name another spelling
}

func lookupOrgAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Name of the organization. Default: the provider's `vcd.org`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{framework.Name()},
	}
}

func lookupNameAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " Upper and lower case do not matter, except in VCF Automation.",
		Required:            true,
		Validators:          []validator.String{framework.Name()},
	}
}

// usernamesAttribute is the plain list of names beside what a data source says of people.
func usernamesAttribute(whose string) schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "Names of " + whose + ", sorted: for `for_each = toset(...)`, and for `terraform test`, " +
			"which can mock plain lists only.",
		Computed: true, ElementType: types.StringType,
	}
}

// nameContainsAttribute narrows a list by name.
func nameContainsAttribute(what string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Only " + what + " whose name contains this text, in upper or lower case.",
		Optional:            true,
		Validators:          []validator.String{framework.NotBlank()},
	}
}

// namesOf are the names of entities, sorted.
func namesOf[T any](entities []T, name func(T) string) []string {
	list := make([]string, len(entities))
	for i, entity := range entities {
		list[i] = name(entity)
	}
	slices.SortFunc(list, names.Compare)
	return list
}

func computedText(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func computedTruth(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

func computedNames(description string) schema.ListAttribute {
	return schema.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}
