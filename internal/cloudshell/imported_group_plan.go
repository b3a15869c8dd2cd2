// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// ModifyPlan names the people. For a group that exists it looks at nothing but state and configuration: Terraform
// plans a second time at apply, and a plan that asked the directory again would contradict the first one on the day
// when a person joins in between. It also tells the other resources of the run who is to stay, to come and to go, and
// learns the same.
func (r *importedGroupResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if r.set == nil {
		return
	}
	var plan, state importedGroupModel
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.set.CloudShellClaims().KeepState(notes.Holder, keptGroup{state, notes})
	}
	plan.keepSpellings(state)
	switch {
	case resp.Diagnostics.HasError():
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, state, notes, &resp.Diagnostics)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, plan, notes, &resp.Diagnostics)
	case plan.Name.IsUnknown() || !names.Same(plan.Name.ValueString(), state.Name.ValueString()):
		r.planRename(ctx, &plan, state, notes, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	default:
		plan.Name = state.Name // the first spelling stays
		r.checkNames(ctx, plan, state, &resp.Diagnostics)
		r.planMembers(&plan, state, notes, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planMembers plans who is in and who is out. The plan must not depend on anything but the arguments.
func (r *importedGroupResource) planMembers(
	plan *importedGroupModel, state importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) {
	plan.ID, plan.DistinguishedName, plan.DirectoryMembers = state.ID, state.DistinguishedName, state.DirectoryMembers
	people := state.people()
	if !plan.settingsKnown() && roster.DependsOnSettings(people, notes.Notes) {
		unknown := types.StringUnknown()
		plan.Members, plan.OutdatedMembers, plan.CreatedMembers, plan.HeldBack = unknown, unknown, unknown, unknown
		return
	}
	decision := roster.Decide(people, notes.Notes, plan.settings())
	plan.setPeople(decision.State)
	warnDecision(diags, decision)
	warnExistingJoiners(diags, *plan, state, people, decision)
	r.claim(*plan, notes, intentionsOf(*plan, people, notes.Notes, decision), diags)
}

// planCreate checks what can be checked and says who will be imported. State has nothing yet that the maps of people
// could be planned from: they stay unknown. In a replacement, notes are those of the group that is replaced.
func (r *importedGroupResource) planCreate(
	ctx context.Context, plan importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) {
	r.checkNames(ctx, plan, importedGroupModel{Groups: types.SetNull(types.StringType)}, diags)
	read, users, ok := r.look(ctx, plan, roster.Names{}, diags)
	if !ok {
		return
	}
	name := plan.Name.ValueString()
	if len(read.People) == 0 && !plan.AllowEmpty.IsUnknown() && !plan.AllowEmpty.ValueBool() {
		addEmpty(diags, name)
		return
	}
	warnNewcomers(diags, plan, read.People, roster.NewBook(users).Match(read.People))
	seen := roster.Seen{People: read.People, Users: users, Account: r.account()}
	before, now := roster.Refresh(roster.State{}, roster.Notes{}, seen)
	replaced := r.replacedHarms(ctx, notes.Holder)
	notes.Holder, _ = r.set.CloudShellClaims().Recall(importedGroupLabel(name)) // not that of a group that is replaced
	r.set.CloudShellClaims().Remember(importedGroupLabel(name), notes.Holder, read.People)
	intentions := intentionsOf(plan, before, now, roster.Decide(before, now, plan.settings()))
	r.claim(plan, notes, append(intentions, replaced...), diags)
}

// planRename says what another name leads to. Who joins and who leaves is decided at apply, from what the directory
// says then.
func (r *importedGroupResource) planRename(
	ctx context.Context, plan *importedGroupModel, state importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) {
	unknown := types.StringUnknown()
	plan.DirectoryMembers, plan.Members, plan.OutdatedMembers = unknown, unknown, unknown
	plan.CreatedMembers, plan.HeldBack = unknown, unknown
	plan.ID, plan.DistinguishedName = types.StringUnknown(), types.StringUnknown()
	r.checkNames(ctx, *plan, state, diags)
	people := state.people()
	read, users, ok := r.look(ctx, *plan, people.Members, diags)
	if !ok {
		return
	}
	seen := roster.Seen{People: read.People, Users: users, Account: r.account()}
	before, now := roster.Refresh(people, notes.Notes, seen)
	decision := roster.Decide(before, now, plan.settings())
	warnRename(diags, state.Name.ValueString(), plan.Name.ValueString(), before, now)
	warnExistingJoiners(diags, *plan, state, before, decision)
	r.claim(*plan, notes, intentionsOf(*plan, before, now, decision), diags)
}

// planDestroy tells the other resources who is about to be deactivated or deleted.
func (r *importedGroupResource) planDestroy(
	ctx context.Context, state importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) {
	intentions, harmed := r.destroyHarms(ctx, state, notes), map[string]bool{}
	for _, intention := range intentions {
		harmed[names.Key(intention.Person.Name)] = true
	}
	for _, account := range notes.Accounts {
		if !harmed[names.Key(account.Name)] {
			intentions = append(intentions, claims.Intention{Person: importer.Claimed(account), Intent: claims.Releases})
		}
	}
	r.claim(state, notes, intentions, diags)
}

// look reads the directory group and CloudShell's users for a plan. It reports false when there is nothing to plan
// with; the reason is in diags, unless the configuration is not known yet.
func (r *importedGroupResource) look(
	ctx context.Context, plan importedGroupModel, expected roster.Names, diags *diag.Diagnostics,
) (importer.DirectoryGroup, []cloudshellapi.User, bool) {
	client, err := r.set.CloudShell()
	if framework.IsUnknownConfiguration(err) || plan.Name.IsUnknown() {
		return importer.DirectoryGroup{}, nil, false
	}
	name := plan.Name.ValueString()
	summary := unableTo("Import", name)
	if err != nil {
		addFault(diags, summary, err)
		return importer.DirectoryGroup{}, nil, false
	}
	groups := importer.Groups{Client: client, Claims: r.set.CloudShellClaims()}
	read, users, failed := groups.Read(ctx, name, expected, nil)
	if failed.Users != nil { // then it is not for the group's name that the directory could not be read
		addFault(diags, summary, failed.Users)
		return read, users, false
	}
	addUnreadable(diags, summary, name, failed.Group)
	if failed.Group == nil {
		warnNameless(diags, name, read.Nameless)
	}
	return read, users, failed.Group == nil
}

// account is the name that the provider logs in with, "" when that is not known.
func (r *importedGroupResource) account() string {
	client, err := r.set.CloudShell()
	if err != nil {
		return ""
	}
	return client.Account()
}

// checkNames checks the names of CloudShell groups and of directory groups to retain. It asks only when they are new,
// so that a group that was deleted is not in the way of a destroy.
func (r *importedGroupResource) checkNames(
	ctx context.Context, plan, state importedGroupModel, diags *diag.Diagnostics,
) {
	client, err := r.set.CloudShell()
	if err != nil || r.set.CheckNames() == clients.CheckNamesOff || r.set.CloudShellClaims().Applying() {
		return // why there is no client is said where the people are read
	}
	if !plan.Groups.Equal(state.Groups) && wholly(plan.Groups) {
		checkGroupNames(ctx, r.set, client, path.Root("groups"), stringsOf(plan.Groups), diags)
	}
	if !plan.RetainMembersOf.Equal(state.RetainMembersOf) && len(stringsOf(plan.RetainMembersOf)) > 0 {
		groups := importer.Groups{Client: client, Claims: r.set.CloudShellClaims()}
		checkRetained(ctx, groups, r.set.CheckNames(), stringsOf(plan.RetainMembersOf), diags)
	}
}
