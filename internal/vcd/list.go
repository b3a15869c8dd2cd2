package vcd

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
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
				MarkdownDescription: "Organization. Defaults to the provider's `vcd.org`.",
				Optional:            true,
				Validators:          []validator.String{framework.Name()},
			},
			"name_contains": schema.StringAttribute{
				MarkdownDescription: "Lists only " + what + " whose name contains this text, in any case.",
				Optional:            true,
				Validators:          []validator.String{framework.NotBlank()},
			},
		},
	}
}

// openList reads the configuration of a list block and opens its organization; nil after an error.
func openList(ctx context.Context, set *clients.Set, req list.ListRequest, summary string, diags *diag.Diagnostics) (listModel, *vcdapi.Tenant) {
	var config listModel
	diags.Append(req.Config.Get(ctx, &config)...)
	if diags.HasError() {
		return config, nil
	}
	return config, openTenant(ctx, set, config.Org.ValueString(), summary, diags)
}

// lists tells whether an entity is among what the list block asks for.
func (m listModel) lists(name, providerType string) bool {
	return providerType != vcdapi.ProviderLocal &&
		strings.Contains(strings.ToLower(name), strings.ToLower(m.NameContains.ValueString()))
}

// displayName is how `terraform query` shows an entity.
func displayName(org, name, fullName string) string {
	if fullName == "" {
		return fmt.Sprintf("%s/%s", org, name)
	}
	return fmt.Sprintf("%s/%s (%s)", org, name, fullName)
}

// failList ends a list with the errors found so far: as a result, since the stream itself cannot carry them any more.
func failList(ctx context.Context, req list.ListRequest, push func(list.ListResult) bool, diags diag.Diagnostics) {
	result := req.NewListResult(ctx)
	result.Diagnostics = diags
	push(result)
}
