// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

func (p groupPlan) destroy(ctx context.Context) {
	name, intent := p.state.Name.ValueString(), claims.Releases
	if groupDeletes(p.state) {
		intent = claims.Harms
	}
	p.claim(p.state.claim(), name, intent)
	switch {
	case p.clients.CloudShellGroupClaims().Applying():
		return // Terraform plans the destruction of what create_before_destroy replaced; Delete looks who has the group
	case intent == claims.Harms:
		p.warnOthers(ctx, name)
	case p.state.DeletionPolicy.ValueString() == policyAuto:
		subject := cloudshellGroup(name)
		framework.WarnLeftInPlace(p.diags, subject, framework.AdoptedStays(subject, policyDelete))
	}
}

// warnOthers names members of a group that is to be deleted: those that this configuration does not manage.
func (p groupPlan) warnOthers(ctx context.Context, name string) {
	client := p.clientForChecks()
	if client == nil {
		return
	}
	users, err := client.GroupUsers(ctx, p.state.ID.ValueInt64())
	if err != nil {
		return // gone already, or apply will say what is wrong: this check must not prevent the destroy
	}
	var others []string
	for _, user := range users {
		if !p.clients.CloudShellClaims().Known("", importer.PersonOf(user)) {
			others = append(others, user.Username)
		}
	}
	if len(others) > 0 {
		p.diags.AddWarning(fmt.Sprintf("CloudShell Group %q Has Members That Others Put There", name),
			fmt.Sprintf("Deleting the group takes its domains from %s in it that this configuration does not manage: %s. "+
				`To keep the group, set deletion_policy = "abandon" and apply that `+
				`first.`, people(len(others)), names.List(names.Sorted(others))))
	}
}

func people(count int) string {
	if count == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", count)
}

// claim registers what this resource intends to do with the group, and reports another resource that intends something
// else. Unlike people, a group has one resource only: two of them would undo each other's changes forever.
func (p groupPlan) claim(group claims.Person, name string, intent claims.Intent) {
	registry := p.clients.CloudShellGroupClaims()
	overlaps := registry.Plan(p.holder, groupLabel(name), []claims.Intention{{Person: group, Intent: intent, Sole: true}})
	if registry.Applying() {
		return // the plan said it
	}
	for _, overlap := range overlaps {
		clash := framework.ClashOf(overlap)
		switch {
		case clash == framework.Shared:
			if registry.FirstToReport(p.holder, group) {
				framework.AddHeldElsewhere(p.diags, cloudshellGroup(name), overlap.Mine,
					"Another resource of this configuration manages the same group, and the two would undo each other's changes. "+
						"Keep one of them.")
			}
		case !clash.Fails(), registry.FirstToReport(p.holder, group):
			framework.AddClash(p.diags, framework.Claimed{
				Subject: cloudshellGroup(name), Resource: cloudshellGroupType, ImportID: name, Harm: "delete",
			}, overlap)
		}
	}
}
