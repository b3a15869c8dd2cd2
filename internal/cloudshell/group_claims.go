// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

func (p groupPlan) destroy(ctx context.Context) {
	deletes, reason := groupDeletion(p.state)
	name := p.state.Name.ValueString()
	if !deletes {
		p.claim(p.state.claim(), name, claims.Releases)
		if reason != "" {
			p.diags.AddWarning(
				framework.SummaryLeftInPlace,
				fmt.Sprintf("The CloudShell group %q will stay in CloudShell. %s", name, reason),
			)
		}
		return
	}
	p.claim(p.state.claim(), name, claims.Harms)
	client := p.clientForChecks()
	if client == nil {
		return
	}
	users, err := client.GroupUsers(ctx, p.state.ID.ValueInt64())
	if err != nil {
		return // gone already, or apply will say what is wrong: a plan must not keep from destroying
	}
	var others []string
	for _, user := range users {
		person := claims.Person{Name: user.Username, ID: fmt.Sprint(user.ID)}
		if !p.clients.CloudShellClaims().Known("", person) {
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

// claim says what this resource means to do with the group, and reports another resource that means something else.
func (p groupPlan) claim(group claims.Person, name string, intent claims.Intent) {
	overlaps := p.clients.CloudShellGroupClaims().
		Plan(p.holder, groupLabel(name), []claims.Intention{{Person: group, Intent: intent}})
	for _, overlap := range overlaps {
		theirs := overlap.Theirs.Intent
		switch {
		case intent.Holds() && theirs.Holds():
			p.diags.AddAttributeError(
				path.Root("name"),
				fmt.Sprintf("Two Resources for the CloudShell Group %q", name),
				"Another resource of this configuration manages the same group, and the two would undo each other's changes. "+
					"Keep one of them.",
			)
		case intent == claims.Takes && theirs == claims.Harms, intent == claims.Harms && theirs == claims.Takes:
			p.diags.AddError(
				fmt.Sprintf("CloudShell Group %q Is Destroyed and Created at Once", name),
				"One resource of this run destroys the group and another creates it, in no certain order. If the resource was "+
					"only renamed in the configuration, say so:\n\n"+
					"moved {\n  from = directory_cloudshell_group.OLD\n  to   = directory_cloudshell_group.NEW\n}\n\nOtherwise "+
					"apply the one before the other.",
			)
		}
	}
}
