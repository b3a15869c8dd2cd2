// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// importedGroupLabel names the resource in the messages of other resources.
func importedGroupLabel(group string) string { return fmt.Sprintf("imported group %q", group) }

// intentionsOf is what an imported group means to do with people.
func intentionsOf(
	plan importedGroupModel, before roster.State, notes roster.Notes, decision roster.Decision,
) []claims.Intention {
	intentions := make([]claims.Intention, 0, decision.State.Members.Len()+len(decision.Departures))
	given, spares := stringsOf(plan.Groups), sparedLabels(plan)
	retains := notes.RetainsUsers(stringsOf(plan.RetainUsers))
	departureHarms := plan.DepartedMembers.ValueString() != roster.DepartedKeep
	destroyHarms := plan.DeletionPolicy.ValueString() != policyAbandon
	for _, name := range decision.State.Members.Sorted() {
		intention := claims.Intention{Person: personOf(name, notes), Intent: claims.Takes, Groups: given, Spares: spares}
		if before.Members.Has(name) {
			intention.Intent = claims.Keeps
		}
		intention.Threatens = !retains(name) && (departureHarms || destroyHarms && decision.State.Created.Has(name))
		intentions = append(intentions, intention)
	}
	for _, departure := range decision.Departures {
		intention := claims.Intention{Intent: claims.Releases, Spares: spares}
		if departure.Harms() {
			intention.Intent = claims.Harms
		}
		for _, person := range importer.ClaimedAll(departure.Account) {
			intention.Person = person
			intentions = append(intentions, intention)
		}
	}
	return intentions
}

// keptGroup is what claims keep of a planned group, for a second plan that replaces it.
type keptGroup struct {
	state importedGroupModel
	notes groupNotes
}

// replacedHarms is which users a replacement deactivates or deletes before it creates the group again. Of a tainted
// group nothing is known: Terraform plans it as a create in a destroy too.
func (r *importedGroupResource) replacedHarms(ctx context.Context, replaced claims.Holder) []claims.Intention {
	kept, ok := r.set.CloudShellClaims().Replace(replaced).(keptGroup)
	if !ok {
		return nil
	}
	return r.destroyHarms(ctx, kept.state, kept.notes)
}

// destroyHarms is which users a destroy deactivates or deletes with the settings of the last apply.
func (r *importedGroupResource) destroyHarms(
	ctx context.Context, state importedGroupModel, notes groupNotes,
) []claims.Intention {
	policy, before, settings := state.DeletionPolicy.ValueString(), state.people(), state.settings()
	if policy == policyAbandon {
		return nil
	}
	if client, err := r.set.CloudShell(); err == nil && before.Created.Len() > 0 && len(settings.Retain) > 0 {
		groups := importer.Groups{Client: client, Claims: r.set.CloudShellClaims()}
		notes.Retainers, _ = groups.Retainers(ctx, settings.Retain, before.Created.Sorted(),
			notes.Notes) // the destroy says what failed
	}
	var intentions []claims.Intention
	for _, departure := range roster.DecideDestroy(before, notes.Notes, policy, settings).Departures {
		if !departure.Harms() {
			continue
		}
		for _, person := range importer.ClaimedAll(departure.Account) {
			intentions = append(intentions, claims.Intention{
				Person: person, Intent: claims.Harms, Spares: sparedLabels(state),
			})
		}
	}
	return intentions
}

func personOf(name string, notes roster.Notes) claims.Person {
	for _, known := range []roster.Accounts{notes.Accounts, notes.Present} {
		if account, ok := known.Of(name); ok {
			return importer.Claimed(account)
		}
	}
	return claims.Person{Name: name}
}

// sparedLabels are the labels of the imported groups whose people this one leaves alone.
func sparedLabels(m importedGroupModel) []string {
	var labels []string
	for _, group := range stringsOf(m.RetainMembersOf) {
		labels = append(labels, importedGroupLabel(group))
	}
	return labels
}

// claim tells the other resources of the run what this one intends, and reports where that meets what they intend.
func (r *importedGroupResource) claim(
	m importedGroupModel, notes groupNotes, intentions []claims.Intention, diags *diag.Diagnostics,
) {
	if notes.Holder == "" {
		notes.Holder = claims.NewHolder()
	}
	label := importedGroupLabel(m.Name.ValueString())
	harmed, shared := map[string][]string{}, map[string][]string{}
	registry := r.set.CloudShellClaims()
	for _, overlap := range registry.Plan(notes.Holder, label, intentions) {
		sameGroup := names.Same(overlap.Label, label) // as in a replacement, where the one takes what the other leaves
		switch {
		case sameGroup && registry.Applying():
		case harms(overlap.Mine, overlap.Theirs, overlap.Label), harms(overlap.Theirs, overlap.Mine, label):
			if registry.FirstToReport(notes.Holder, overlap.Mine.Person) {
				collect(harmed, overlap)
			}
		case registry.Applying(): // the plan said it
		case threatens(overlap.Mine, overlap.Theirs, overlap.Label), !overlap.Theirs.Sole && threatens(overlap.Theirs,
			overlap.Mine, label):
			collect(shared, overlap)
		}
	}
	for _, other := range sortedKeys(harmed) {
		people := slices.Compact(names.Sorted(harmed[other]))
		summary := framework.AreHeldElsewhere(clients.CloudShell)
		if len(people) == 1 {
			summary = framework.IsHeldElsewhere(userSubject(people[0]))
		}
		diags.AddAttributeError(path.Root("retain_members_of"), summary, fmt.Sprintf(
			"Of this imported group %q and %s, one would deactivate or delete people that the other holds or is about to "+
				"take: %s. Leave them alone with retain_members_of (for people of another directory group) or retain_users, "+
				"or set departed_members = \"keep\" or deletion_policy = \"abandon\" where they are let go. A destroy or a "+
				"replacement uses the settings of the last apply, so apply such a change first. %s",
			m.Name.ValueString(), other, names.List(people), framework.ForgetDeposed("group")))
	}
	for _, other := range sortedKeys(shared) {
		people := slices.Compact(names.Sorted(shared[other]))
		wayOut := "Set retain_members_of (for people of another directory group) or retain_users to leave them alone."
		if names.Same(other, label) {
			wayOut = "Keep one of the two."
		}
		diags.AddAttributeWarning(path.Root("retain_members_of"), framework.SummaryShared, fmt.Sprintf(
			"This imported group %q and %s share %s: %s. If one of the two resources lets them go or is destroyed, it may "+
				"deactivate or delete their users. %s",
			m.Name.ValueString(), other, roster.People(len(people)), names.List(people), wayOut))
	}
}

// harms reports whether the first intention does harm to a person that the second one holds.
func harms(one, other claims.Intention, otherLabel string) bool {
	return one.Intent == claims.Harms && other.Intent.Holds() && names.Index(one.Spares, otherLabel) < 0
}

// threatens reports whether both hold a person, and the first one would do harm when it lets go of them.
func threatens(one, other claims.Intention, otherLabel string) bool {
	return one.Threatens && one.Intent.Holds() && other.Intent.Holds() && names.Index(one.Spares, otherLabel) < 0
}

func collect(to map[string][]string, overlap claims.Overlap) {
	name := cmp.Or(overlap.Mine.Person.Name, overlap.Theirs.Person.Name) // a user of a former name is known by id only
	to[overlap.Label] = append(to[overlap.Label], name)
}

func sortedKeys(of map[string][]string) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	return names.Sorted(keys)
}
