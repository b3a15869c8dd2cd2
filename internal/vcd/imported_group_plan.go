// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
	"github.com/external-directory/terraform-provider-directory/internal/vcd/importer"
)

// ModifyPlan implements resource.ResourceWithModifyPlan, as the imported user's does: what apply would refuse is
// refused here, and a group that has left the directory, or a role that is gone, blocks no other change and no
// destroy.
func (r *importedGroupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse) {
	if r.clients == nil {
		return
	}
	n, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	switch {
	case resp.Diagnostics.HasError():
	case req.Plan.Raw.IsNull():
		r.planDelete(ctx, req, n, resp)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, n, resp)
	default:
		r.planUpdate(ctx, req, n, resp)
	}
}

// planDelete sends no request: a destroy has to plan without the server.
func (r *importedGroupResource) planDelete(ctx context.Context, req resource.ModifyPlanRequest, n notes,
	resp *resource.ModifyPlanResponse) {
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() {
		if !r.clients.VCDClaims().Applying() {
			state.warnStays(&resp.Diagnostics)
		}
		r.claim(n.Holder, groupLabel(state.Name.ValueString()), &resp.Diagnostics, state.departure())
	}
}

// claim tells the other resources of the run what this plan means for groups, and reports contradictions. It reports
// false where the plan fails for that.
func (r *importedGroupResource) claim(holder claims.Holder, label string, diags *diag.Diagnostics,
	intentions ...claims.Intention) bool {
	return reportOverlaps(r.clients, holder, label, groupEntity, intentions, diags)
}

// planCreate checks names and looks for an existing group, for whose adoption consent is needed. Terraform repeats it
// just before it creates the group, and Create relies on what it saw.
func (r *importedGroupResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, n notes,
	resp *resource.ModifyPlanResponse) {
	org := planOrg(ctx, r.clients, req, resp)
	var plan, config importedGroupModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if known(plan.Name) {
		label, intentions := groupEntity.takeIntentions(r.clients.VCDRun(), n.Holder,
			newPerson(plan.person(), config.Org, n.Holder))
		if !r.claim(n.Holder, label, &resp.Diagnostics, intentions...) {
			return
		}
	}
	r.checkCreate(ctx, org, plan, n, &resp.Diagnostics)
}

// checkCreate checks what a create needs, and looks for an existing group.
func (r *importedGroupResource) checkCreate(ctx context.Context, org types.String, plan importedGroupModel, n notes,
	diags *diag.Diagnostics) {
	tenant := planTenant(ctx, r.clients, org, diags)
	if tenant == nil {
		return
	}
	refuseUnwritableGroups(tenant, diags)
	checkRoles(ctx, r.clients, tenant, plan.Roles, diags)
	if !known(plan.Name) || !known(plan.ProviderType) || diags.HasError() {
		return
	}
	if plan.ProviderType.ValueString() == vcdapi.ProviderLDAP && checksNames(r.clients) {
		checkDirectoryName(ctx, r.clients, tenant, directoryGroups(tenant), "Group", plan.Name.ValueString(), diags)
	}
	if !diags.HasError() {
		r.planLook(ctx, tenant, plan, n, diags)
	}
}

// warnReplacement gives the warnings of a replacement, as the imported user's does.
func (r *importedGroupResource) warnReplacement(ctx context.Context, org types.String, plan, state importedGroupModel,
	n notes, diags *diag.Diagnostics) {
	state.warnStays(diags)
	var create diag.Diagnostics
	plan.ID = types.StringNull()
	r.checkCreate(ctx, org, plan, n, &create)
	diags.Append(create.Warnings()...)
}

// warnStays says before a destroy or a replacement that the group stays.
func (m importedGroupModel) warnStays(diags *diag.Diagnostics) {
	if subject := groupSubject(m.Name.ValueString()); m.DeletionPolicy.ValueString() == policyAuto && !m.deletes() {
		framework.WarnLeftInPlace(diags, subject, framework.AdoptedStays(subject, policyDelete))
	}
}

// planLook looks for an existing group of the name.
func (r *importedGroupResource) planLook(ctx context.Context, tenant *vcdapi.Tenant, plan importedGroupModel,
	n notes, diags *diag.Diagnostics) {
	name, registry := plan.Name.ValueString(), r.clients.VCDClaims()
	unlock, err := registry.Lock(ctx, plan.person())
	if err != nil {
		return // interrupted
	}
	defer unlock()
	found, exists := groupFinder(r.clients, tenant).forPlan(ctx, name, plan.ProviderType.ValueString(), n.Holder, diags)
	if !exists {
		return
	}
	person := plan.person()
	person.ID = found.ID
	if isOwn(r.clients, person, n.Holder, plan.AllowUpdate.ValueBool()) {
		return
	}
	facts := existingGroupFacts(tenant, found, heldBy(registry, n.Holder, person))
	if known(plan.AllowUpdate) && !plan.AllowUpdate.ValueBool() {
		if registry.FirstToReport(n.Holder, person) {
			facts.refuse(diags)
		}
		return
	}
	if !r.mayHaveRoles(ctx, tenant, name, found.ID, nameSet(sortedNames(found.Roles)), plan.Roles, diags) {
		return
	}
	facts.warn(adoptionText(plan.Roles, found.Roles, plan.Description, found.Description), diags)
}

// mayHaveRoles reports false, with an error, if a group would get other roles and the account that the provider logs
// in with has its roles from the group. Apply asks again.
func (r *importedGroupResource) mayHaveRoles(ctx context.Context, tenant *vcdapi.Tenant, name, id string,
	has, planned types.Set, diags *diag.Diagnostics) bool {
	if _, areKnown := knownStrings(planned); !areKnown || planned.Equal(has) || r.clients.VCDClaims().Applying() {
		return true
	}
	err := importer.Groups{Tenant: tenant}.GuardLogin(ctx, id, "roles")
	if refused, ok := errors.AsType[*importer.LoginGroupError](err); ok {
		addFault(diags, framework.UnableTo("Update", groupSubject(name)), refused)
		return false
	}
	return true
}

// planUpdate checks what changes. Another name replaces the group, which the second plan checks.
func (r *importedGroupResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, n notes,
	resp *resource.ModifyPlanResponse) {
	var plan, state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !hasNotes(ctx, req.Private) {
		resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
	}
	r.clients.VCDRun().GivesUp(n.Holder, state.departure())
	if resp.Plan.Raw.Equal(req.State.Raw) { // most often it is
		r.claim(n.Holder, groupLabel(state.Name.ValueString()), &resp.Diagnostics, intend(state.person(), claims.Keeps))
		return
	}
	org := planOrg(ctx, r.clients, req, resp)
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.keepsName(ctx, plan, state, n, &resp.Diagnostics) {
		plan.Name = state.Name
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("name"), state.Name)...)
	}
	if known(plan.Name) && !plan.Name.Equal(state.Name) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("name"))
		r.warnReplacement(ctx, org, plan, state, n, &resp.Diagnostics)
		return
	}
	if !org.Equal(state.Org) || !plan.ProviderType.Equal(state.ProviderType) { // replaced too
		r.warnReplacement(ctx, org, plan, state, n, &resp.Diagnostics)
		return
	}
	if !known(plan.Name) {
		warnUnknownName("group", &resp.Diagnostics)
	}
	r.claim(n.Holder, groupLabel(state.Name.ValueString()), &resp.Diagnostics, intend(state.person(), claims.Keeps))
	newRoles := !plan.Roles.Equal(state.Roles)
	if !newRoles && plan.Description.Equal(state.Description) {
		return
	}
	if !newRoles {
		if tenant := openQuietly(ctx, r.clients, org); tenant != nil {
			refuseUnwritableGroups(tenant, &resp.Diagnostics)
		}
		return
	}
	if tenant := planTenant(ctx, r.clients, org, &resp.Diagnostics); tenant != nil {
		refuseUnwritableGroups(tenant, &resp.Diagnostics)
		checkRoles(ctx, r.clients, tenant, plan.Roles, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			r.mayHaveRoles(ctx, tenant, state.Name.ValueString(), state.ID.ValueString(), state.Roles, plan.Roles,
				&resp.Diagnostics)
		}
	}
}

// keepsName compares the names as the server does. A name that changed on the server, and not in the configuration,
// stays.
func (r *importedGroupResource) keepsName(ctx context.Context, plan, state importedGroupModel, n notes,
	diags *diag.Diagnostics) bool {
	planned, prior := plan.Name.ValueString(), state.Name.ValueString()
	switch {
	case !known(plan.Name), planned == prior:
		return false
	case n.isApplied(ctx, r.clients, state.Org, planned):
		if !names.Same(planned, prior) {
			warnRenamed("group", planned, prior, diags)
		}
		return true
	case !names.Same(planned, prior):
		return false
	}
	tenant := openQuietly(ctx, r.clients, state.Org)
	return tenant == nil || tenant.SameName(planned, prior)
}

// refuseUnwritableGroups reports an interface through which groups cannot be written.
func refuseUnwritableGroups(tenant *vcdapi.Tenant, diags *diag.Diagnostics) {
	if tenant.Capabilities().WriteGroups {
		return
	}
	diags.AddError("Unable to Manage Groups Through CloudAPI", fmt.Sprintf(
		"CloudAPI writes groups from API version 36.0 on, and version %s is in use with interface = %q. Set interface = %q "+
			"in the provider's vcd block.",
		tenant.Capabilities().Version, vcdapi.InterfaceCloudAPI, vcdapi.InterfaceXML))
}

// unknownNameText is the detail of an error about a name that only the apply could know.
const unknownNameText = "The name was not known at plan, and another name means another group. Nothing was changed. " +
	"Plan again: the plan then shows the replacement."
