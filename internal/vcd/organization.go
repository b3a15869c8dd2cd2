// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// orgAttribute is the attribute `org` of a resource: at create the provider's organization, from then on the state's.
func orgAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Name of the organization. A new resource gets the provider's `vcd.org` by default and then " +
			"keeps it. Required if the provider logs in to `System`. Another organization replaces the resource.",
		Optional:      true,
		Computed:      true,
		Validators:    []validator.String{framework.Name()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), framework.KeepSpelling()},
	}
}

// planOrg sets the provider's organization on a resource that is to be created and names none. The result is null or
// unknown if the organization is not known yet, or after an error.
func planOrg(ctx context.Context, set *clients.Set, req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse) types.String {
	at := path.Root("org")
	var configured, planned types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &configured)...)
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, at, &planned)...)
	if resp.Diagnostics.HasError() || !planned.IsUnknown() || !configured.IsNull() || set == nil {
		return planned
	}
	client, err := set.VCD()
	if err != nil {
		framework.AddIfNotConfigured(&resp.Diagnostics, err)
		return planned
	}
	if missingOrg(client, &resp.Diagnostics) {
		return types.StringNull()
	}
	planned = types.StringValue(client.Org())
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, planned)...)
	return planned
}

// missingOrg refuses to take System for the organization of a resource that names none.
func missingOrg(client *vcdapi.Client, diags *diag.Diagnostics) bool {
	if !names.Same(client.Org(), vcdapi.SystemOrg) {
		return false
	}
	diags.AddAttributeError(path.Root("org"), "Organization Required", framework.Sentence(errOrgRequired.Error()))
	return true
}

// errOrgRequired means that a resource of a provider administrator names no organization.
var errOrgRequired = errors.New("the provider logs in to System, where a resource without an organization would " +
	"create provider administrators; set org to the organization of the resource")

// tenantOf opens the organization of a resource; "" is the login organization.
func tenantOf(ctx context.Context, set *clients.Set, org string) (*vcdapi.Tenant, error) {
	client, err := set.VCD()
	if err != nil {
		return nil, err
	}
	return client.Tenant(ctx, org)
}

// openQuietly opens an organization for a question that may go unanswered: nil if the server cannot be asked. The
// checks that follow report why.
func openQuietly(ctx context.Context, set *clients.Set, org types.String) *vcdapi.Tenant {
	if !known(org) {
		return nil
	}
	tenant, err := tenantOf(ctx, set, org.ValueString())
	if err != nil {
		return nil
	}
	return tenant
}

// openTenant is tenantOf for data sources, lists and actions: nil after an error with the given summary.
func openTenant(ctx context.Context, set *clients.Set, org, summary string, diags *diag.Diagnostics) *vcdapi.Tenant {
	tenant, err := tenantOf(ctx, set, org)
	if err != nil {
		addFault(diags, summary, err)
		return nil
	}
	return tenant
}

// planTenant opens the organization for checks at plan. It returns nil where checks are skipped: if the provider is not
// configured yet, or, with a warning, if the server cannot be asked. It adds an error if the server refuses the login
// or does not have the organization.
func planTenant(ctx context.Context, set *clients.Set, org types.String, diags *diag.Diagnostics) *vcdapi.Tenant {
	if set == nil || org.IsNull() || org.IsUnknown() {
		return nil
	}
	client, err := set.VCD()
	if err != nil {
		framework.AddIfNotConfigured(diags, err)
		return nil
	}
	tenant, err := client.Tenant(ctx, org.ValueString())
	switch {
	case errors.Is(err, vcdapi.ErrOrgNotFound):
		addUnknownOrg(ctx, diags, set, client, org.ValueString(), err)
		return nil
	case errors.Is(err, vcdapi.ErrUnauthorized), errors.Is(err, vcdapi.ErrTokenFile), errors.Is(err,
		vcdapi.ErrUnsupported):
		addFault(diags, "Unable to Check the Plan Against Cloud Director", err)
		return nil
	case err != nil:
		warnUnchecked(diags, err)
		return nil
	}
	if tenant.Capabilities().ReadOnly {
		addFault(diags, "Unable to Manage Users and Groups With an API Token", vcdapi.ErrAPITokenReadOnly)
		return nil
	}
	return tenant
}

// warnUnchecked says that a check at plan could not be made. It is a warning, since apply asks the server again.
func warnUnchecked(diags *diag.Diagnostics, err error) {
	diags.AddWarning(framework.SummaryNotChecked,
		framework.Fault(clients.VCD, err, append(advice(err), "Names and roles are checked when the plan is applied.")...))
}

// openForChange opens the organization of a resource and looks up its roles. An organization that was not known at plan
// is the login organization.
func openForChange(ctx context.Context, set *clients.Set, org types.String, roles types.Set) (*vcdapi.Tenant,
	[]vcdapi.Reference, error) {
	client, err := set.VCD()
	if err != nil {
		return nil, nil, err
	}
	if !known(org) && names.Same(client.Org(), vcdapi.SystemOrg) {
		return nil, nil, errOrgRequired
	}
	tenant, err := client.Tenant(ctx, org.ValueString())
	if err != nil {
		return nil, nil, err
	}
	references, err := resolveRoles(ctx, tenant, roles)
	return tenant, references, err
}

// orgText is the organization as state keeps it.
func orgText(planned types.String, tenant *vcdapi.Tenant) string {
	if known(planned) {
		return planned.ValueString()
	}
	return tenant.Name()
}

// importTarget is what `terraform import` or an import block names: ORG/NAME or the identity {org, name}.
func importTarget(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) (org,
	name string, ok bool) {
	if req.ID != "" {
		return parseImportID(req.ID, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("org"), &org)...)
	resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("name"), &name)...)
	return org, name, !resp.Diagnostics.HasError()
}

// parseImportID splits ORG/NAME. An organization's name holds no slash; a user's or group's may.
func parseImportID(id string, diags *diag.Diagnostics) (org, name string, ok bool) {
	org, name, found := strings.Cut(id, "/")
	if !found || strings.TrimSpace(org) == "" || strings.TrimSpace(name) == "" {
		diags.AddError("Invalid Import ID",
			fmt.Sprintf("The import ID must have the form ORG/NAME, such as acme/jporter, and %q has not.", id))
		return "", "", false
	}
	return org, name, true
}
