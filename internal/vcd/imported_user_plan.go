package vcd

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// ModifyPlan implements resource.ResourceWithModifyPlan: what apply would refuse is refused here. Each check runs on create or when
// what it checks changes, and only then, so that nothing else needs the server and a person who left the directory blocks nothing.
func (r *importedUserResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		warnOfLostVMs(ctx, req, &resp.Diagnostics)
		return
	}
	org := planOrg(ctx, r.clients, req, resp)
	var plan, config importedUserModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	checks := r.checksFor(ctx, req, plan, config, &resp.Diagnostics)
	if checks.replaced {
		warnOfLostVMs(ctx, req, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() || !checks.any() {
		return
	}
	if checks.name && r.clients != nil && known(plan.Name) {
		found := framework.CheckDirectoryName(ctx, r.clients, plan.Name.ValueString(), path.Root("name"))
		resp.Diagnostics.Append(found...)
		checks.name = !found.HasError() // the platform would say the same again
	}
	tenant := planTenant(ctx, r.clients, org, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	checks.run(ctx, tenant, plan, config, &resp.Diagnostics)
}

// userChecks says which checks a plan needs, and whether it replaces a user by another.
type userChecks struct {
	replaced bool

	name, roles, inherit, quotas bool
}

func (c userChecks) any() bool { return c.name || c.roles || c.inherit || c.quotas }

// checksFor compares plan and state. Whoever is replaced is created.
func (r *importedUserResource) checksFor(ctx context.Context, req resource.ModifyPlanRequest, plan, config importedUserModel, diags *diag.Diagnostics) userChecks {
	var state importedUserModel
	create := req.State.Raw.IsNull()
	if !create {
		diags.Append(req.State.Get(ctx, &state)...)
		create = !plan.Name.Equal(state.Name) || !plan.ProviderType.Equal(state.ProviderType) || !plan.Org.Equal(state.Org)
	}
	replaced := create && !req.State.Raw.IsNull()
	changed := func(configured, planned, prior attr.Value) bool {
		return known(configured) && (create || !planned.Equal(prior))
	}
	return userChecks{
		replaced: replaced,

		name:    create && plan.ProviderType.ValueString() == vcdapi.ProviderLDAP,
		roles:   create || !plan.Roles.Equal(state.Roles),
		inherit: changed(config.InheritGroupRoles, plan.InheritGroupRoles, state.InheritGroupRoles),
		quotas: changed(config.DeployedVMQuota, plan.DeployedVMQuota, state.DeployedVMQuota) ||
			changed(config.StoredVMQuota, plan.StoredVMQuota, state.StoredVMQuota),
	}
}

func (c userChecks) run(ctx context.Context, tenant *vcdapi.Tenant, plan, config importedUserModel, diags *diag.Diagnostics) {
	offered := tenant.Capabilities()
	if c.inherit && !offered.InheritGroupRoles {
		refuseSetting(diags, "inherit_group_roles", "Only VCF Automation has it", offered)
	}
	if c.quotas && !offered.VMQuotas {
		for name, value := range map[string]types.Int64{"deployed_vm_quota": config.DeployedVMQuota, "stored_vm_quota": config.StoredVMQuota} {
			if known(value) {
				refuseSetting(diags, name, "CloudAPI has had no quotas since version 37.0 (the XML interface still has: interface = \"xml\")", offered)
			}
		}
	}
	if c.roles {
		checkRoles(ctx, tenant, plan.Roles, diags)
	}
	if c.name && known(plan.Name) {
		checkDirectoryName(ctx, tenant, directoryUsers(tenant), "User", plan.Name.ValueString(), diags)
	}
}

func refuseSetting(diags *diag.Diagnostics, name, why string, offered vcdapi.Capabilities) {
	diags.AddAttributeError(path.Root(name), "Setting Not Offered by This Server",
		fmt.Sprintf("%s cannot be set through the interface in use (%s, API version %s). %s. Remove the attribute.", name, offered.Interface, offered.Version, why))
}

// warnOfLostVMs says before a destroy or a replacement whose virtual machines go too. It asks nobody: a destroy has to plan without the server.
func warnOfLostVMs(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	var state importedUserModel
	diags.Append(req.State.Get(ctx, &state)...)
	if state.policy() == policyDelete && !state.TakeOwnership.ValueBool() {
		diags.AddWarning("Virtual Machines Go With Their Owner",
			fmt.Sprintf("take_ownership is false, so powered-off virtual machines of user %q are deleted together with the user.", state.Name.ValueString()))
	}
}

// changesUser tells whether a plan changes anything that the server keeps.
func (m importedUserModel) changesUser(state importedUserModel) bool {
	return !m.Roles.Equal(state.Roles) || !m.Enabled.Equal(state.Enabled) || !m.Description.Equal(state.Description) ||
		!m.InheritGroupRoles.Equal(state.InheritGroupRoles) ||
		!m.DeployedVMQuota.Equal(state.DeployedVMQuota) || !m.StoredVMQuota.Equal(state.StoredVMQuota)
}
