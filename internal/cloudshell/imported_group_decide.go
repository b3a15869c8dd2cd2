// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// groups returns what works on directory groups. Without a client it adds an error.
func (r *importedGroupResource) groups(summary string, diags *diag.Diagnostics) importer.Groups {
	client, err := r.set.CloudShell()
	if err != nil {
		addFault(diags, summary, err)
	}
	return importer.Groups{Client: client, Claims: r.set.CloudShellClaims()}
}

func logProgress(ctx context.Context, group string) func(string) {
	return func(message string) { tflog.Info(ctx, message, map[string]any{"directory_group": group}) }
}

// directoryGroup is the result of looking up the group's name.
type directoryGroup struct {
	distinguishedName types.String
}

// decidePlanned is the decision that Terraform planned, from state alone.
func (r *importedGroupResource) decidePlanned(
	ctx context.Context, groups importer.Groups, plan, state importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) importer.Work {
	before, settings := state.people(), plan.settings()
	work := importer.Work{
		Group: notes.spelling(state.Name.ValueString()), Holder: notes.Holder,
		Label:  importedGroupLabel(plan.Name.ValueString()),
		Before: before, Notes: notes.Notes, Settings: settings, Decision: roster.Decide(before, notes.Notes, settings),
		ImportAll: importsAgain(plan, state), Regroup: !plan.Groups.Equal(state.Groups),
	}
	if work.Idle() {
		return work
	}
	work.Targets = resolveTargets(ctx, groups.Client, stringsOf(plan.Groups), diags)
	if !diags.HasError() {
		work.Dropped = droppedTargets(ctx, groups.Client, plan, state, diags)
	}
	return work
}

// importsAgain reports whether all members are imported again: on a changed trigger, or since allow_update is new.
func importsAgain(plan, state importedGroupModel) bool {
	return plan.AllowUpdate.ValueBool() && (!plan.Triggers.Equal(state.Triggers) || !state.AllowUpdate.ValueBool())
}

// decideNow reads both sides and decides, for a group whose people no plan could name: a new one, or one of another
// name.
func (r *importedGroupResource) decideNow(
	ctx context.Context, groups importer.Groups, plan, state importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) (importer.Work, directoryGroup) {
	name, before := plan.Name.ValueString(), state.people()
	work := importer.Work{Holder: notes.Holder, Label: importedGroupLabel(name), Settings: plan.settings(), Follow: true,
		Regroup: !state.ID.IsNull()}
	planned, saw := r.set.CloudShellClaims().Recall(importedGroupLabel(name))
	work.Holder = cmp.Or(work.Holder, planned)
	foreseen, _ := saw.([]cloudshellapi.ExternalUser) // by the plan that Terraform repeats just before
	var found directoryGroup
	if work.Targets = resolveTargets(ctx, groups.Client, stringsOf(plan.Groups), diags); diags.HasError() {
		return work, found
	}
	work.Dropped = droppedTargets(ctx, groups.Client, plan, state, diags)
	read, err := importer.DirectoryGroup{Name: name, People: foreseen}, error(nil)
	if len(foreseen) == 0 || before.Members.Len() > 0 {
		read, err = groups.ReadGroup(ctx, name, before.Members)
	}
	addUnreadable(diags, unableTo("Import", name), name, err)
	if err == nil && len(read.People) == 0 && state.ID.IsNull() && !plan.AllowEmpty.ValueBool() {
		addEmpty(diags, name)
	}
	if diags.HasError() {
		return work, found
	}
	warnNameless(diags, name, read.Nameless)
	users, err := groups.ReadUsers(ctx, notes.Accounts)
	if err != nil {
		addFault(diags, unableTo("Import", name), err)
		return work, found
	}
	work.Group, work.People = read.Name, read.People
	if entries, err := groups.LookUpGroup(ctx, name); err == nil {
		found.distinguishedName, work.Group = textOrNull(&entries[0].DistinguishedName), entries[0].Name
		warnAmbiguous(diags, name, entries)
	} // else the distinguished name stays empty until the next import
	seen := roster.Seen{
		People: read.People, Users: users, Groups: work.Targets, Account: groups.Client.Account(), Now: time.Now(),
	}
	work.Before, work.Notes = roster.Refresh(before, notes.Notes, seen)
	r.readRetainers(ctx, groups, work.Settings.Retain, work.Before, &work.Notes, diags)
	work.Decision = roster.Decide(work.Before, work.Notes, work.Settings)
	if !state.ID.IsNull() {
		warnDecision(diags, work.Decision)
	}
	return work, found
}

// decideDestroy decides what a destroy does. A group of retain_members_of that cannot be read is an error: who is to
// be left alone is not known then.
func (r *importedGroupResource) decideDestroy(
	ctx context.Context, groups importer.Groups, state importedGroupModel, notes groupNotes, diags *diag.Diagnostics,
) importer.Work {
	name, before, settings := state.Name.ValueString(), state.people(), state.settings()
	work := importer.Work{
		Holder: notes.Holder, Label: importedGroupLabel(name), Before: before, Notes: notes.Notes,
		Settings: settings, Destroy: true,
	}
	if len(notes.Accounts) == 0 {
		accounts, unproved, err := groups.RebuildAccounts(ctx, name, before.Created)
		if err != nil {
			addFault(diags, unableTo("Remove", name), err)
			return work
		}
		work.Notes.Accounts = accounts
		warnUnproved(diags, unproved)
	}
	var unreadable map[string]error
	work.Notes.Retainers, unreadable = groups.Retainers(ctx, settings.Retain, before.Created.Sorted(), work.Notes)
	for _, group := range names.Sorted(keysOf(unreadable)) {
		addRetainerUnreadable(diags, unableTo("Remove", name), group, unreadable[group])
	}
	if diags.HasError() {
		return work
	}
	work.Targets = destroyTargets(ctx, groups.Client, state, diags)
	work.Decision = roster.DecideDestroy(before, work.Notes, state.DeletionPolicy.ValueString(), settings)
	warnRetained(diags, work.Decision.Retained())
	return work
}

// destroyTargets finds the CloudShell groups that a destroy removes people from.
func destroyTargets(
	ctx context.Context, client *cloudshellapi.Client, state importedGroupModel, diags *diag.Diagnostics,
) []roster.Group {
	targets, err := findTargets(ctx, client, stringsOf(state.Groups))
	if err != nil {
		addFault(diags, unableTo("Remove", state.Name.ValueString()), err)
	}
	return targets
}

// readImported is the first refresh after `terraform import`.
func (r *importedGroupResource) readImported(
	ctx context.Context, groups importer.Groups, state *importedGroupModel, notes *groupNotes, diags *diag.Diagnostics,
) {
	name := state.Name.ValueString()
	entries, err := groups.LookUpGroup(ctx, name)
	if err != nil {
		addUnreadable(diags, unableTo("Read", name), name, err)
		return
	}
	warnAmbiguous(diags, name, entries)
	state.DistinguishedName = textOrNull(&entries[0].DistinguishedName)
	adopted := adoptMembers(ctx, groups, entries[0].Name, state, diags)
	notes.Notes, notes.Holder, notes.Spelling = adopted, claims.NewHolder(), entries[0].Name
	warnCannotLogIn(diags, roster.Inactive(state.people(), adopted.Differences))
}

// adoptMembers completes the state of a directory group that has no resource yet: its people who have a CloudShell user
// are members.
func adoptMembers(
	ctx context.Context, groups importer.Groups, spelling string, state *importedGroupModel, diags *diag.Diagnostics,
) roster.Notes {
	name := state.Name.ValueString()
	read, users, failed := groups.Read(ctx, spelling, roster.Names{}, nil)
	if err := errors.Join(failed.Group, failed.Users); err != nil {
		addFault(diags, unableTo("Read", name), err)
		return roster.Notes{}
	}
	warnNameless(diags, name, read.Nameless)
	state.setDefaults()
	after, notes := roster.Adopt(roster.Seen{People: read.People, Users: users, Account: groups.Client.Account()})
	state.setPeople(after)
	return notes
}

// refresh is every later refresh.
func (r *importedGroupResource) refresh(
	ctx context.Context, groups importer.Groups, state *importedGroupModel, notes *groupNotes, diags *diag.Diagnostics,
) {
	name, before := state.Name.ValueString(), state.people()
	read, users, failed := groups.Read(ctx, notes.spelling(name), before.Members, notes.Accounts)
	if failed.Users != nil {
		addFault(diags, unableTo("Read", name), failed.Users)
		return
	}
	if notes.Holder == "" {
		notes.Holder = claims.NewHolder()
	}
	if failed.Group != nil {
		var unknown *importer.UnknownGroupError
		notes.Unreadable, notes.Vanished = failed.Group.Error(), errors.As(failed.Group, &unknown)
		warnUnreadable(diags, name, failed.Group)
	} else {
		warnNameless(diags, name, read.Nameless)
		targets := readTargets(ctx, groups.Client, stringsOf(state.Groups), diags)
		seen := roster.Seen{
			People: read.People, Users: users, Groups: targets, Account: groups.Client.Account(), Now: time.Now(),
		}
		before, notes.Notes = roster.Refresh(before, notes.Notes, seen)
		notes.Spelling = read.Name
		r.readRetainers(ctx, groups, stringsOf(state.RetainMembersOf), before, &notes.Notes, diags)
	}
	// The configuration of the last apply says who is held back, so that a guard alone plans no change.
	before.HeldBack = roster.Decide(before, notes.Notes, state.settings()).State.HeldBack
	state.setPeople(before)
	r.sight(state.Name.ValueString(), *notes)
}

// readRetainers reads which of the leavers are still in other groups of the directory.
func (r *importedGroupResource) readRetainers(
	ctx context.Context, groups importer.Groups, retain []string, state roster.State, notes *roster.Notes,
	diags *diag.Diagnostics,
) {
	leavers := roster.Leavers(state, *notes)
	if len(leavers) == 0 || len(retain) == 0 {
		return
	}
	var unreadable map[string]error
	notes.Retainers, unreadable = groups.Retainers(ctx, retain, leavers, *notes)
	for _, group := range names.Sorted(keysOf(unreadable)) {
		warnRetainerUnreadable(diags, group, unreadable[group])
	}
}

// sight tells the other resources of the run who is in this one's state.
func (r *importedGroupResource) sight(name string, notes groupNotes) {
	for _, account := range notes.Accounts {
		r.set.CloudShellClaims().Sight(claims.Sighting{
			Holder: notes.Holder, Label: importedGroupLabel(name), Person: importer.Claimed(account), Created: account.Created,
		})
	}
}

// release tells the other resources of the run that this one lets go of people whose accounts are left in place.
func (r *importedGroupResource) release(notes groupNotes, people roster.State) {
	for _, account := range notes.Accounts {
		if people.Members.Has(account.Name) {
			r.set.CloudShellClaims().Release(notes.Holder, importer.Claimed(account), true)
		}
		if account.Created {
			r.set.CloudShellClaims().LeaveCreated(importer.Claimed(account), false)
		}
	}
}

// resolveTargets finds the CloudShell groups of `groups`. A name that CloudShell does not have is an error.
func resolveTargets(
	ctx context.Context, client *cloudshellapi.Client, groupNames []string, diags *diag.Diagnostics,
) []roster.Group {
	_, problems := groupIDs(ctx, client, path.Root("groups"), groupNames)
	diags.Append(problems...)
	if len(groupNames) == 0 || diags.HasError() {
		return nil
	}
	return readTargets(ctx, client, groupNames, diags)
}

// droppedTargets finds the CloudShell groups that were in `groups` and are not any more. Groups that CloudShell does
// not have either are left out. With `groups` left out altogether nothing is dropped.
func droppedTargets(
	ctx context.Context, client *cloudshellapi.Client, plan, state importedGroupModel, diags *diag.Diagnostics,
) []roster.Group {
	if plan.Groups.IsNull() {
		return nil
	}
	listed := stringsOf(plan.Groups)
	var dropped []string
	for _, name := range stringsOf(state.Groups) {
		if names.Index(listed, name) < 0 {
			dropped = append(dropped, name)
		}
	}
	var there []roster.Group
	for _, group := range readTargets(ctx, client, dropped, diags) {
		if group.ID != 0 {
			there = append(there, group)
		}
	}
	return there
}

// readTargets finds the CloudShell groups of `groups` that members are compared against. A group that CloudShell does
// not have any more gets the id 0: everyone is missing from it. When the groups cannot be read, no one is compared.
func readTargets(
	ctx context.Context, client *cloudshellapi.Client, groupNames []string, diags *diag.Diagnostics,
) []roster.Group {
	targets, err := findTargets(ctx, client, groupNames)
	if err != nil {
		diags.AddWarning("Membership of CloudShell Groups Not Compared", fault(err))
	}
	return targets
}

func findTargets(ctx context.Context, client *cloudshellapi.Client, groupNames []string) ([]roster.Group, error) {
	if len(groupNames) == 0 {
		return nil, nil
	}
	groups, err := client.Groups(ctx)
	if err != nil {
		return nil, err
	}
	targets := make([]roster.Group, 0, len(groupNames))
	for _, name := range groupNames {
		group, _ := groupNamed(groups, name)
		if !slices.ContainsFunc(targets, func(had roster.Group) bool {
			return had.ID == group.ID && (group.ID != 0 || names.Same(had.Name, name))
		}) {
			targets = append(targets, roster.Group{Name: name, ID: group.ID})
		}
	}
	return targets, nil
}

func keysOf(errs map[string]error) []string {
	keys := make([]string, 0, len(errs))
	for key := range errs {
		keys = append(keys, key)
	}
	return keys
}
