// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

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

// newPerson is the user or group of a create in claims. While an organization is not known, its names are compared with
// no other.
func newPerson(person claims.Person, org types.String, holder claims.Holder) claims.Person {
	if org.IsUnknown() {
		person.Scope = "organization of " + string(holder)
	}
	return person
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
func isOwn(set *clients.Set, person claims.Person, holder claims.Holder, consents bool) bool {
	registry := set.VCDClaims()
	if registry.CreatedHere(person) || registry.LeftInPlace(person) {
		return true
	}
	if _, sighted := registry.Sighted(person); sighted && !registry.Applying() {
		if !consents {
			registry.TakesUnasked(holder, person)
		}
		return true
	}
	old, ok := set.VCDRun().GivenUp(holder)
	return ok && old.Person.ID == person.ID
}

// reportOverlaps tells the other resources of the run what a plan means to do, and reports where that contradicts
// what they plan. It returns false if this is an error, here or at the other resource.
func reportOverlaps(set *clients.Set, holder claims.Holder, label string, entity entity, intentions []claims.Intention,
	diags *diag.Diagnostics) bool {
	overlaps := set.VCDClaims().Plan(holder, label, intentions)
	if set.VCDClaims().Applying() {
		return true // the plan said it; after create_before_destroy, Terraform plans the destruction once more
	}
	agrees := true
	for _, overlap := range overlaps {
		if isRenamed(overlap) {
			agrees = false
			addRenamedElsewhere(set, holder, entity, overlap, diags)
			continue
		}
		clash := framework.ClashOf(overlap)
		agrees = agrees && !clash.Fails()
		person := overlap.Mine.Person
		if clash.Fails() && !set.VCDClaims().FirstToReport(holder, person) {
			continue
		}
		framework.AddClash(diags, framework.Claimed{
			Subject: entity.subject(person.Name), Resource: entity.resource, Harm: entity.harm,
			ImportID: strings.TrimPrefix(person.Scope, groupScope("")) + "/" + person.Name,
		}, overlap)
	}
	return agrees
}

// reportRenames tells the other resources of the run which account a create adopts, as soon as a look has found it, and
// reports another resource that gives this account another name. It reports false where there is one.
func (e entity) reportRenames(set *clients.Set, holder claims.Holder, person claims.Person,
	diags *diag.Diagnostics) bool {
	label, intentions := e.takeIntentions(set.VCDRun(), holder, person)
	overlaps := set.VCDClaims().Plan(holder, label, intentions)
	if set.VCDClaims().Applying() {
		return true
	}
	at := slices.IndexFunc(overlaps, isRenamed)
	if at >= 0 {
		addRenamedElsewhere(set, holder, e, overlaps[at], diags)
	}
	return at < 0
}

// isRenamed reports whether one of two resources gives another name to the account that the other one adopts.
func isRenamed(overlap claims.Overlap) bool {
	mine, theirs := overlap.Mine, overlap.Theirs
	adopts := mine.Intent == claims.Takes && theirs.Intent == claims.Keeps ||
		mine.Intent == claims.Keeps && theirs.Intent == claims.Takes
	return adopts && mine.Person.Name != "" && theirs.Person.Name != "" && !samePerson(mine.Person, theirs.Person)
}

// addRenamedElsewhere is the error of an account that one resource adopts by the name that another resource changes.
func addRenamedElsewhere(set *clients.Set, holder claims.Holder, entity entity, overlap claims.Overlap,
	diags *diag.Diagnostics) {
	person := overlap.Mine.Person
	if !set.VCDClaims().FirstToReport(holder, claims.Person{ID: person.ID}) {
		return
	}
	subject := entity.subject(person.Name)
	framework.AddHeldElsewhere(diags, subject, overlap.Mine, fmt.Sprintf("Two resources of this plan mean one account, "+
		"under the names %q and %q (the other one is %s): one of them gives the account another name, and the other one "+
		"adopts it by the name that it has now. Terraform carries these out in any order. Apply the other name first, "+
		"without the resource that adopts, and add that resource afterwards.",
		person.Name, overlap.Theirs.Person.Name, overlap.Label))
}

// entity is what differs between users and groups in messages.
type entity struct {
	subject  func(name string) framework.Subject
	label    func(name string) string
	resource string
	harm     string // what a destroy does
}

var (
	userEntity  = entity{userSubject, userLabel, "directory_vcd_imported_user", "delete or disable"}
	groupEntity = entity{groupSubject, groupLabel, "directory_vcd_imported_group", "delete"}
)

// takeIntentions are those of a create, and the label of the resource for others. In a replacement the old user or
// group is given up.
func (e entity) takeIntentions(run *clients.VCDRun, holder claims.Holder,
	person claims.Person) (label string, intentions []claims.Intention) {
	label, intentions = e.label(person.Name), []claims.Intention{intend(person, claims.Takes)}
	if old, ok := run.GivenUp(holder); ok && !samePerson(old.Person, person) {
		return framework.ReplacedLabel(label, old.Person.Name), append(intentions, old)
	}
	return label, intentions
}
