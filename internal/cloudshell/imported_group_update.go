package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// Update does what was planned, to the name. Whatever fails for some is an error that names them; everything else is done and
// in state, and the next plan offers the rest again.
func (r *importedGroupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	client := r.client(plan.Name.ValueString(), &resp.Diagnostics)
	timeout, diags := plan.Timeouts.Update(ctx, importTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := state.people()
	decided := roster.Decide(before, notes, plan.settings())
	u := groupUpdate{
		state: state, plan: plan, before: before, notes: notes, decided: decided, outcome: roster.NewOutcome(before, notes, decided),
		diags: &resp.Diagnostics,
	}
	if u.hasWork() {
		done, err := r.set.CloudShellRun().Work(ctx)
		if err != nil {
			framework.AddFault(&resp.Diagnostics, clients.CloudShell, unableTo("Update", plan.Name.ValueString()), err)
			return
		}
		defer done()
		if !u.prepare(ctx, client, r.set.CloudShellRun()) {
			return
		}
		u.timeout = timeout
		u.work(ctx)
	}
	u.plan.setPeople(u.outcome.State)
	u.plan.ID, u.plan.DistinguishedName = state.ID, state.DistinguishedName
	resp.Diagnostics.Append(resp.State.Set(ctx, u.plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, u.plan.identity())...)
	resp.Diagnostics.Append(writeGroupNotes(ctx, resp.Private, u.outcome.Notes)...)
	addTroubles(&resp.Diagnostics, u.troubles)
}

// groupUpdate is one update of an imported group.
type groupUpdate struct {
	*groupWork
	state, plan importedGroupModel
	before      roster.State
	notes       roster.Notes
	decided     roster.Decision
	outcome     *roster.Outcome
	diags       *diag.Diagnostics
	troubles    []trouble

	targets []roster.Group  // the CloudShell groups that members are to be in
	dropped []roster.Group  // those that the configuration does not list any more
	skipped map[string]bool // joiners, by folded name, who must not be imported
}

// hasWork reports whether there is anything to do in CloudShell: some settings only matter to later plans.
func (u *groupUpdate) hasWork() bool {
	d := u.decided
	return len(d.Joins)+len(d.Departures)+len(d.Mend)+len(d.Activate)+len(u.missing()) > 0 || u.importsAgain() || u.groupsChanged()
}

// importsAgain reports whether everybody is imported again: on a changed trigger, or since allow_update is new.
func (u *groupUpdate) importsAgain() bool {
	return u.plan.AllowUpdate.ValueBool() && (!u.plan.Triggers.Equal(u.state.Triggers) || !u.state.AllowUpdate.ValueBool())
}

func (u *groupUpdate) groupsChanged() bool { return !u.plan.Groups.Equal(u.state.Groups) }

// missing are the members who were missing from a group at the last refresh.
func (u *groupUpdate) missing() []string {
	return slices.DeleteFunc(u.decided.State.Members.Sorted(), func(name string) bool {
		return len(u.notes.Differences[framework.FoldName(name)].Missing) == 0 || !u.before.Members.Has(name)
	})
}

// prepare reads what is there. It reports false after an error; nothing has been changed then.
func (u *groupUpdate) prepare(ctx context.Context, client *cloudshellapi.Client, run *clients.CloudShellRun) bool {
	if u.targets = resolveTargets(ctx, client, stringsOf(u.plan.Groups), u.diags); u.diags.HasError() {
		return false
	}
	u.dropped = droppedTargets(ctx, client, u.plan, u.state, u.diags)
	users, err := client.Users(ctx)
	if err != nil {
		framework.AddFault(u.diags, clients.CloudShell, unableTo("Update", u.plan.Name.ValueString()), err)
		return false
	}
	u.groupWork = newGroupWork(client, run, u.plan, users)
	u.accounts = u.notes.Accounts
	return true
}

func (u *groupUpdate) work(ctx context.Context) {
	imported := u.importPeople(ctx)
	u.join()
	u.mend(ctx, imported)
	u.regroup(ctx)
	u.depart(ctx)
}

// importPeople imports the joiners whom CloudShell lacks, members whose details are to be mended, and everybody when asked to.
func (u *groupUpdate) importPeople(ctx context.Context) []string {
	var wanted []string
	again := u.importsAgain()
	if len(u.decided.Joins)+len(u.decided.Mend) > 0 || again {
		if people, err := u.client.ExternalGroupUsers(ctx, u.group); err == nil {
			u.see(people) // else people are imported one by one
		}
	}
	u.skipped = map[string]bool{}
	for _, join := range u.decided.Joins {
		if u.mayImport(join) {
			wanted = append(wanted, join.Name)
		}
	}
	wanted = append(wanted, u.decided.Mend...)
	if again {
		wanted = slices.DeleteFunc(u.decided.State.Members.Sorted(), func(name string) bool {
			return !u.before.Directory.Has(name) || u.skipped[framework.FoldName(name)]
		})
	}
	u.bring(ctx, wanted, func(name string) bool {
		return u.decided.State.Members.Has(name) && !u.skipped[framework.FoldName(name)]
	})
	return wanted
}

// mayImport reports whether a joiner is to be imported. Who was not in CloudShell at the last refresh and is there now was
// brought in by other hands, unless another resource of this run did: he is left alone.
func (u *groupUpdate) mayImport(join roster.Join) bool {
	user, there := u.find(join.Name)
	switch {
	case !there:
		return true
	case join.Formerly != "":
		return u.allowUpdate || !framework.SameName(user.Username, join.Name)
	case join.Account == nil && !u.run.BroughtIn(user.ID):
		u.skipped[framework.FoldName(join.Name)] = true
		return false
	default:
		return u.allowUpdate
	}
}

// join notes who became a member, and who did not and why.
func (u *groupUpdate) join() {
	var strangers, refusedNames []string
	for _, join := range u.decided.Joins {
		user, there := u.find(join.Name)
		switch key := framework.FoldName(join.Name); {
		case there && u.skipped[key]:
			u.outcome.Appeared(join, user)
			strangers = append(strangers, join.Name)
		case there:
			u.outcome.Joined(join, user, u.cameIn(user))
		case u.pending[key]:
			u.outcome.Asked(join)
			refusedNames = append(refusedNames, join.Name)
		default:
			u.outcome.NotJoined(join)
			refusedNames = append(refusedNames, join.Name)
		}
	}
	if len(strangers) > 0 {
		u.troubles = append(u.troubles, appeared(strangers))
	}
	u.troubles = append(u.troubles, u.refusals(refusedNames)...)
}

// mend notes whose details an import refreshed, and makes active who is to be active.
func (u *groupUpdate) mend(ctx context.Context, imported []string) {
	if u.allowUpdate {
		var failed []string
		for _, name := range imported {
			user, there := u.find(name)
			_, refused := u.reasons[framework.FoldName(name)]
			if refused || u.reason != "" && roster.Differ(u.person(name), user) {
				if slices.Contains(u.decided.Mend, name) {
					u.outcome.NotMended(name)
					failed = append(failed, name)
				}
				continue
			}
			if _, known := u.persons[framework.FoldName(name)]; there && known {
				u.outcome.Notes.NoteImported(u.person(name), user)
			}
		}
		if len(failed) > 0 {
			u.troubles = append(u.troubles, notMended(u.whys(failed)))
		}
	}
	inactive := u.decided.Activate
	if u.allowUpdate {
		inactive = slices.Concat(inactive, imported)
	}
	inactive = slices.DeleteFunc(slices.Clone(inactive), func(name string) bool { return !u.outcome.State.Members.Has(name) })
	failed, troubles := u.activate(ctx, inactive)
	for _, name := range failed {
		u.outcome.NotActivated(name)
	}
	u.troubles = append(u.troubles, troubles...)
}

// regroup puts joiners and those who are missing into the CloudShell groups, and takes everybody out of groups that the
// configuration does not list any more.
func (u *groupUpdate) regroup(ctx context.Context) {
	names := u.missing()
	for _, join := range u.decided.Joins {
		names = append(names, join.Name)
	}
	if u.groupsChanged() {
		names = u.outcome.State.Members.Sorted()
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return !u.outcome.State.Members.Has(name) || !u.before.Directory.Has(name)
	})
	missing, troubles := u.put(ctx, names, u.targets)
	u.troubles = append(u.troubles, troubles...)
	for group, affected := range missing {
		for _, name := range affected {
			u.outcome.Missing(name, group)
		}
	}
	failed, troubles := u.takeOut(ctx, u.outcome.State.Members.Sorted(), u.find, u.dropped)
	u.troubles = append(u.troubles, troubles...)
	if len(failed) > 0 {
		// The groups stay in state, so that the next plan shows them as leaving.
		u.plan.Groups = stringSet(slices.Concat(stringsOf(u.plan.Groups), groupNamesOf(u.dropped)))
	}
}

// refusals tells who was not imported, and of whom that is not known.
func (w *groupWork) refusals(names []string) []trouble {
	var open, known []string
	for _, name := range names {
		if w.pending[framework.FoldName(name)] {
			open = append(open, name)
		} else {
			known = append(known, name)
		}
	}
	var troubles []trouble
	if len(open) > 0 {
		troubles = append(troubles, uncertain(open))
	}
	if len(known) > 0 {
		troubles = append(troubles, refused(w.whys(known)))
	}
	return troubles
}

func groupNamesOf(groups []roster.Group) []string {
	names := make([]string, len(groups))
	for i, group := range groups {
		names[i] = group.Name
	}
	return names
}
