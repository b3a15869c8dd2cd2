// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// ModifyPlan implements resource.ResourceWithModifyPlan: what apply would refuse is refused here. Each check runs on
// create or when what it checks changes, and only then, so that nothing else needs the server and a person who left
// the directory blocks nothing.
func (r *importedUserResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse) {
	if r.clients == nil {
		return
	}
	notes, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	switch {
	case resp.Diagnostics.HasError():
	case req.Plan.Raw.IsNull():
		r.planDelete(ctx, req, notes, resp)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, notes, resp)
	default:
		r.planUpdate(ctx, req, notes, resp)
	}
}

// planDelete sends no request: a destroy has to plan without the server.
func (r *importedUserResource) planDelete(ctx context.Context, req resource.ModifyPlanRequest, n notes,
	resp *resource.ModifyPlanResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.clients.VCDClaims().Applying() { // else the plan said it
		state.warnStays(&resp.Diagnostics)
	}
	state.warnOfLostVMs(&resp.Diagnostics)
	r.claim(n.Holder, userLabel(state.Name.ValueString()), &resp.Diagnostics, state.departure())
}

// departure is what destroying the resource does to the user.
func (m importedUserModel) departure() claims.Intention {
	if policy := m.policy(); policy == policyDelete || policy == policyDisable {
		return intend(m.person(), claims.Harms)
	}
	return intend(m.person(), claims.Releases)
}

// claim tells the other resources of the run what this plan means for users, and reports contradictions. It reports
// false where the plan fails for that.
func (r *importedUserResource) claim(holder claims.Holder, label string, diags *diag.Diagnostics,
	intentions ...claims.Intention) bool {
	return reportOverlaps(r.clients, holder, label, userEntity, intentions, diags)
}

// warnStays says before a destroy or a replacement that the user stays.
func (m importedUserModel) warnStays(diags *diag.Diagnostics) {
	if subject := userSubject(m.Name.ValueString()); m.policy() == policyAuto {
		framework.WarnLeftInPlace(diags, subject, framework.AdoptedStays(subject, policyDelete, policyDisable))
	}
}

// warnOfLostVMs says before a destroy or a replacement that virtual machines are deleted too.
func (m importedUserModel) warnOfLostVMs(diags *diag.Diagnostics) {
	if m.policy() != policyDelete || m.TakeOwnership.ValueBool() {
		return
	}
	diags.AddWarning("Virtual Machines Will Be Deleted With the User", fmt.Sprintf("take_ownership is false, so Cloud "+
		"Director deletes the powered-off virtual machines of user %q together with the user.", m.Name.ValueString()))
}

// planCreate checks names and looks for an existing user, for whose adoption consent is needed. Terraform repeats it
// just before it creates the user, and Create relies on what it saw.
func (r *importedUserResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, n notes,
	resp *resource.ModifyPlanResponse) {
	org := planOrg(ctx, r.clients, req, resp)
	var plan, config importedUserModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
	if known(plan.Name) {
		label, intentions := userEntity.takeIntentions(r.clients.VCDRun(), n.Holder,
			newPerson(plan.person(), config.Org, n.Holder))
		if !r.claim(n.Holder, label, &resp.Diagnostics, intentions...) {
			return
		}
	}
	r.checkCreate(ctx, org, plan, config, n, &resp.Diagnostics)
}

// checkCreate checks what a create needs, and looks for an existing user.
func (r *importedUserResource) checkCreate(ctx context.Context, org types.String, plan, config importedUserModel,
	n notes, diags *diag.Diagnostics) {
	checks := userChecks{name: true, roles: true, inherit: known(config.InheritGroupRoles), locked: known(config.Locked)}
	checks.quotas = known(config.DeployedVMQuota) || known(config.StoredVMQuota)
	tenant := r.check(ctx, checks, org, plan, config, diags)
	if tenant != nil && known(plan.Name) && known(plan.ProviderType) && !diags.HasError() {
		r.planLook(ctx, tenant, plan, n, diags)
	}
}

// warnReplacement gives the warnings of a create that follows a removal: Terraform shows those of the first plan alone.
// It shows the errors of the second one, so those are left to it.
func (r *importedUserResource) warnReplacement(ctx context.Context, org types.String, plan, config importedUserModel,
	n notes, diags *diag.Diagnostics) {
	var create diag.Diagnostics
	plan.ID = types.StringNull()
	r.checkCreate(ctx, org, plan, config, n, &create)
	diags.Append(create.Warnings()...)
}

// planLook looks for an existing user of the name.
func (r *importedUserResource) planLook(ctx context.Context, tenant *vcdapi.Tenant, plan importedUserModel, n notes,
	diags *diag.Diagnostics) {
	name, registry := plan.Name.ValueString(), r.clients.VCDClaims()
	unlock, err := registry.Lock(ctx, plan.person())
	if err != nil {
		return // interrupted
	}
	defer unlock()
	found, exists := userFinder(r.clients, tenant).forPlan(ctx, name, plan.ProviderType.ValueString(), n.Holder, diags)
	if !exists {
		return
	}
	person := plan.person()
	person.ID = found.ID
	if !userEntity.reportRenames(r.clients, n.Holder, person, diags) ||
		isOwn(r.clients, person, n.Holder, plan.AllowUpdate.ValueBool()) {
		return
	}
	settings := plan.settings(nil)
	settings.Roles = found.Roles // their names are compared below, since a role may be made in the same run
	if addAdoptionFault(diags, userSubject(name), importer.Users{Tenant: tenant}.Adoptable(found,
		plan.ProviderType.ValueString(), settings)) {
		return
	}
	facts := existingUserFacts(tenant, found, heldBy(registry, n.Holder, person))
	if known(plan.AllowUpdate) && !plan.AllowUpdate.ValueBool() {
		if registry.FirstToReport(n.Holder, person) {
			facts.refuse(diags)
		}
		return
	}
	if tenant.IsLoginAccount(found) && !nameSet(sortedNames(found.Roles)).Equal(plan.Roles) {
		addAdoptionFault(diags, userSubject(name), &importer.LoginAccountError{Attribute: "roles"})
		return
	}
	facts.warn(plan.adoptionText(found), diags)
}

// adoptionText is what an adoption changes, in a sentence.
func (m importedUserModel) adoptionText(found vcdapi.User) string {
	var more []string
	if known(m.Enabled) && m.Enabled.ValueBool() != found.Enabled {
		more = append(more, fmt.Sprintf("enabled to %t", m.Enabled.ValueBool()))
	}
	return adoptionText(m.Roles, found.Roles, m.Description, found.Description, more...)
}

// planUpdate decides what a changed name means, and checks what changes.
func (r *importedUserResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, n notes,
	resp *resource.ModifyPlanResponse) {
	var plan, config, state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.clients.VCDRun().GivesUp(n.Holder, state.departure())
	if !hasNotes(ctx, req.Private) {
		resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
	}
	if resp.Plan.Raw.Equal(req.State.Raw) { // most often it is
		r.claim(n.Holder, userLabel(state.Name.ValueString()), &resp.Diagnostics, intend(state.person(), claims.Keeps))
		return
	}
	org := planOrg(ctx, r.clients, req, resp)
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	update := userUpdate{resource: r, org: org, plan: plan, state: state, notes: n}
	update.decideName(ctx, &resp.Diagnostics)
	if update.keepsName {
		plan.Name = state.Name
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("name"), state.Name)...)
	}
	if update.replaces {
		resp.RequiresReplace = append(resp.RequiresReplace, update.changedKeys()...)
	}
	if update.remaps || !known(plan.Name) { // apply may find out that it is a remap
		forgetDirectoryFacts(ctx, resp)
		update.checkKnown(ctx, &resp.Diagnostics)
	}
	if update.replaces || !org.Equal(state.Org) {
		state.warnStays(&resp.Diagnostics)
		state.warnOfLostVMs(&resp.Diagnostics)
		r.warnReplacement(ctx, org, plan, config, n, &resp.Diagnostics)
		return // the second plan, without a state, checks the new user
	}
	label := userLabel(plan.Name.ValueString())
	if update.remaps {
		label = framework.ReplacedLabel(label, state.Name.ValueString())
	}
	if !r.claim(n.Holder, label, &resp.Diagnostics, intend(plan.person(), claims.Keeps)) {
		return
	}
	tenant := r.check(ctx, checksFor(plan, config, state, update.remaps), org, plan, config, &resp.Diagnostics)
	if tenant != nil && !resp.Diagnostics.HasError() {
		r.checkChange(ctx, tenant, update, plan, &resp.Diagnostics)
	}
}

// forgetDirectoryFacts makes unknown what the directory says of a user who is remapped to another entry.
func forgetDirectoryFacts(ctx context.Context, resp *resource.ModifyPlanResponse) {
	for _, name := range []string{"full_name", "email", "telephone", "name_in_source"} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("stranded"), types.BoolUnknown())...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("group_names"), types.ListUnknown(types.StringType))...)
}

// checkChange refuses a name that another user has, and other roles or another name for the login account.
func (r *importedUserResource) checkChange(ctx context.Context, tenant *vcdapi.Tenant, update userUpdate,
	plan importedUserModel, diags *diag.Diagnostics) {
	name, state := plan.Name.ValueString(), update.state
	if attribute := update.harmsLogin(); attribute != "" && tenant.IsLoginAccount(state.account()) {
		addAdoptionFault(diags, userSubject(state.Name.ValueString()), &importer.LoginAccountError{Attribute: attribute})
		return
	}
	if !update.remaps || tenant.SameName(name, state.Name.ValueString()) {
		return
	}
	err := importer.Users{Tenant: tenant}.Free(ctx, name, state.ID.ValueString())
	var taken *importer.TakenError
	switch {
	case errors.As(err, &taken):
		holder := claims.Person{Scope: plan.person().Scope, Name: name} // not the user who is remapped
		if r.clients.VCDClaims().FirstToReport(update.notes.Holder, holder) {
			addTaken(diags, name, taken)
		}
	case err != nil:
		warnUnchecked(diags, err)
	}
}

// addTaken is the error of a remap onto a name that another user has.
func addTaken(diags *diag.Diagnostics, name string, cause error) {
	diags.AddAttributeError(path.Root("name"), framework.AlreadyExists(userSubject(name)),
		framework.Sentence(cause.Error())+
			" Another name for an existing user is a remap, which needs a name that is free. Nothing is changed. If only the "+
			"addresses of resources changed, for example because an element left a count list, add moved blocks (and use "+
			"for_each, whose keys do not shift):\n\n"+
			framework.MovedBlock("directory_vcd_imported_user"))
}

// userUpdate decides what a plan does about a name or provider type that differs from state's.
type userUpdate struct {
	resource    *importedUserResource
	org         types.String
	plan, state importedUserModel
	notes       notes

	keepsName bool // state's name stays
	remaps    bool // in place
	replaces  bool
}

// decideName compares the names as the server does, and asks it only where that matters. If it cannot be asked, the
// plan is in place: apply then fails without a change where the server cannot remap.
func (u *userUpdate) decideName(ctx context.Context, diags *diag.Diagnostics) {
	planned, prior := u.plan.Name.ValueString(), u.state.Name.ValueString()
	otherType := !u.plan.ProviderType.Equal(u.state.ProviderType)
	switch {
	case !known(u.plan.Name), planned == prior:
	case u.notes.isApplied(ctx, u.resource.clients, u.org, planned):
		u.keepsName = true
		if !names.Same(planned, prior) {
			warnRenamed("user", planned, prior, diags)
		}
	case names.Same(planned, prior):
		tenant := openQuietly(ctx, u.resource.clients, u.org)
		u.keepsName = tenant == nil || tenant.SameName(planned, prior)
	}
	otherName := known(u.plan.Name) && planned != prior && !u.keepsName
	if !otherName && !otherType {
		return
	}
	tenant := openQuietly(ctx, u.resource.clients, u.org)
	u.remaps = tenant == nil || tenant.Capabilities().Remap
	u.replaces = !u.remaps
}

// checkKnown warns of a name that is not known yet where the server cannot remap.
func (u *userUpdate) checkKnown(ctx context.Context, diags *diag.Diagnostics) {
	if known(u.plan.Name) {
		return
	}
	if tenant := openQuietly(ctx, u.resource.clients, u.state.Org); tenant != nil && !tenant.Capabilities().Remap {
		warnUnknownName("user", diags)
	}
}

// harmsLogin is the attribute whose change the login account would suffer from, "" if there is none.
func (u *userUpdate) harmsLogin() string {
	switch {
	case !u.plan.Roles.Equal(u.state.Roles) && known(u.plan.Roles):
		return "roles"
	case u.state.InheritGroupRoles.ValueBool() && known(u.plan.InheritGroupRoles) && !u.plan.InheritGroupRoles.ValueBool():
		return "inherit_group_roles"
	case !u.remaps:
		return ""
	case !u.plan.ProviderType.Equal(u.state.ProviderType):
		return "provider_type"
	default:
		return "name"
	}
}

func (u *userUpdate) changedKeys() path.Paths {
	var changed path.Paths
	if !u.keepsName && !u.plan.Name.Equal(u.state.Name) {
		changed = append(changed, path.Root("name"))
	}
	if !u.plan.ProviderType.Equal(u.state.ProviderType) {
		changed = append(changed, path.Root("provider_type"))
	}
	return changed
}

// userChecks says which checks a plan needs.
type userChecks struct{ name, roles, inherit, quotas, locked bool }

func (c userChecks) any() bool { return c.name || c.roles || c.inherit || c.quotas || c.locked }

func checksFor(plan, config, state importedUserModel, remaps bool) userChecks {
	changed := func(configured, planned, prior attr.Value) bool { return known(configured) && !planned.Equal(prior) }
	return userChecks{
		name: remaps, roles: !plan.Roles.Equal(state.Roles),
		inherit: changed(config.InheritGroupRoles, plan.InheritGroupRoles, state.InheritGroupRoles),
		locked:  changed(config.Locked, plan.Locked, state.Locked),
		quotas: changed(config.DeployedVMQuota, plan.DeployedVMQuota, state.DeployedVMQuota) ||
			changed(config.StoredVMQuota, plan.StoredVMQuota, state.StoredVMQuota),
	}
}

// check runs the checks. It returns the organization, nil where it cannot be asked.
func (r *importedUserResource) check(ctx context.Context, checks userChecks, org types.String, plan,
	config importedUserModel,
	diags *diag.Diagnostics) *vcdapi.Tenant {
	if !checks.any() {
		return nil
	}
	fromLDAP := plan.ProviderType.ValueString() == vcdapi.ProviderLDAP
	checks.name = checks.name && known(plan.Name) && fromLDAP && checksNames(r.clients)
	if checks.name {
		found := framework.CheckDirectoryName(ctx, r.clients, plan.Name.ValueString(), path.Root("name"))
		diags.Append(found...)
		checks.name = !found.HasError() // the platform would say the same again
	}
	tenant := planTenant(ctx, r.clients, org, diags)
	if tenant == nil {
		return nil
	}
	offered := tenant.Capabilities()
	checks.settings(offered, config, diags)
	if checks.roles {
		checkRoles(ctx, r.clients, tenant, plan.Roles, diags)
	}
	if checks.name {
		checkDirectoryName(ctx, r.clients, tenant, directoryUsers(tenant), "User", plan.Name.ValueString(), diags)
	}
	return tenant
}

// settings refuses what the interface in use does not have.
func (c userChecks) settings(offered vcdapi.Capabilities, config importedUserModel, diags *diag.Diagnostics) {
	if c.inherit && !offered.InheritGroupRoles {
		refuseSetting(diags, "inherit_group_roles", "Only VCF Automation has it", offered)
	}
	if c.locked && !offered.Unlock {
		refuseSetting(diags, "locked", "Users can be unlocked through CloudAPI from version 37.2 on", offered)
	}
	if !c.quotas || offered.VMQuotas {
		return
	}
	const why = "CloudAPI has had no quotas since version 37.0 (the XML interface still has: interface = \"xml\")"
	if known(config.DeployedVMQuota) {
		refuseSetting(diags, "deployed_vm_quota", why, offered)
	}
	if known(config.StoredVMQuota) {
		refuseSetting(diags, "stored_vm_quota", why, offered)
	}
}

func refuseSetting(diags *diag.Diagnostics, name, why string, offered vcdapi.Capabilities) {
	diags.AddAttributeError(path.Root(name), "Setting Not Offered by This Server",
		fmt.Sprintf("%s cannot be set through the interface in use (%s, API version %s). %s. Remove the attribute.", name,
			offered.Interface, offered.Version, why))
}
