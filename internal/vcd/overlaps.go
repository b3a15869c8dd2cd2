// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// groupScope keeps groups and users of one name apart in claims.
func groupScope(org string) string { return "groups of " + org }

func userLabel(name string) string  { return fmt.Sprintf("imported user %q", name) }
func groupLabel(name string) string { return fmt.Sprintf("imported group %q", name) }

// intend is what a resource that stands for one user or group means to do with it.
func intend(person claims.Person, intent claims.Intent) claims.Intention {
	return claims.Intention{Person: person, Intent: intent, Sole: true}
}

func samePerson(a, b claims.Person) bool {
	return names.Same(a.Scope, b.Scope) && names.Same(a.Name, b.Name)
}

// heldBy is the label of another resource that has the user or group, or "".
func heldBy(registry *claims.Registry, holder claims.Holder, person claims.Person) string {
	overlap, _ := registry.HeldByOther(holder, person)
	return overlap.Label
}

// isOwn reports whether what exists needs no consent: this run made it, left it in place, or replaces a tainted
// resource that has it.
func isOwn(set *clients.Set, person claims.Person, n notes, replaced bool) bool {
	registry := set.VCDClaims()
	if registry.CreatedHere(person) || registry.LeftInPlace(person) {
		return true
	}
	if _, sighted := registry.Sighted(person); sighted && !registry.Applying() {
		set.VCDRun().Presume(person.ID)
		return true
	}
	old, ok := set.VCDRun().GivenUp(n.Holder)
	return replaced && ok && old.Person.ID == person.ID
}

// reportOverlaps tells the other resources of the run what a plan means to do, and reports where that contradicts
// what they plan. Kind is "user" or "group".
func reportOverlaps(set *clients.Set, holder claims.Holder, label, kind string, intentions []claims.Intention,
	diags *diag.Diagnostics) {
	overlaps := set.VCDClaims().Plan(holder, label, intentions)
	if set.VCDClaims().Applying() {
		return // the plan said it; Terraform plans the destruction of what create_before_destroy replaced once more
	}
	resource := "directory_vcd_imported_" + kind
	for _, overlap := range overlaps {
		subject := userSubject(overlap.Mine.Person.Name)
		if kind == "group" {
			subject = groupSubject(overlap.Mine.Person.Name)
		}
		mine, theirs := overlap.Mine.Intent, overlap.Theirs.Intent
		switch {
		case mine == claims.Harms && theirs.Holds(), mine.Holds() && theirs == claims.Harms:
			diags.AddError(framework.IsHeldElsewhere(subject), fmt.Sprintf("One resource of this plan deletes or disables "+
				"the %s, and another one "+
				"has it afterwards (%s). %s", kind, overlap.Label, waysOut(kind, resource)))
		case theirs == claims.Takes && set.VCDRun().Presumed(overlap.Mine.Person.ID):
			diags.AddError(framework.IsHeldElsewhere(subject), fmt.Sprintf("One resource of this plan has the %s, and "+
				"another one is about to take it "+
				"in without allow_update = true (%s). %s", kind, overlap.Label, waysOut(kind, resource)))
		case mine == claims.Releases && theirs == claims.Takes, mine == claims.Takes && theirs == claims.Releases:
			diags.AddWarning(framework.IsHeldElsewhere(subject), fmt.Sprintf("One resource of this plan gives the %s up and "+
				"leaves it in place, and "+
				"another one takes it in (%s). %s", kind, overlap.Label, waysOut(kind, resource)))
		case mine.Holds() && theirs.Holds():
			diags.AddWarning(framework.SummaryShared, fmt.Sprintf("Two resources of this configuration stand for the %s %q "+
				"(the other is %s). "+
				"The one that is applied last decides about its settings. Remove one of them; if one has the wrong name, "+
				"correct it.",
				kind, overlap.Mine.Person.Name, overlap.Label))
		}
	}
}

func waysOut(kind, resource string) string {
	return fmt.Sprintf("If the resource has only got another address, such as another for_each key or another place in "+
		"a count list, add a moved "+
		"block, and nothing happens to the %s:\n\n%s\n\nTo give up a resource and keep the %s, use a removed block with "+
		"destroy = false, or apply "+
		"deletion_policy = %q first. If the resource is tainted, use terraform untaint. If the %s is to be managed by the "+
		"other resource "+
		"from now on, bring it into state there with an import block.", kind, movedBlock(resource), kind, policyAbandon, kind)
}
