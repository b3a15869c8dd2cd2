// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// The user of a former name may be another person's by now: the directory gave the name to someone else, who is a
// member too. That user stays when the renamed person leaves.
func TestImportedGroupLeavesAFormerUserToAnotherMember(t *testing.T) {
	t.Parallel()
	for _, allow := range []bool{false, true} {
		t.Run(fmt.Sprintf("allow_update %t", allow), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{Match: cloudshell.MatchByName})
			g := w.group(object{"departed_members": "delete", "deletion_policy": "delete", "allow_update": allow})
			g.apply()
			w.directory.RenameUser("anna", "anna.new")
			g.apply()
			w.directory.AddUser(people.User{
				Username: "anna", DisplayName: "Anna Other", Email: "o@lab.example", Domain: "LAB",
			})
			w.directory.AddMember(labGroup, "anna")
			g.apply()
			w.directory.RemoveMember(labGroup, "anna.new")
			g.apply()
			w.wantImported("anna bert cleo")
			w.wantNames(g.State, map[string]string{"members": "anna bert cleo"})
		})
	}
}

// The user of a former name may be another resource's by now: a plan that deletes it is refused.
func TestAccImportedGroup_formerUserOfAnotherResource(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{Match: cloudshell.MatchByName})
	group := groupConfig(w.server, `departed_members = "delete"`, `deletion_policy = "delete"`)
	c := newCLI(t, group)
	c.apply()
	w.directory.RenameUser("anna", "anna.new")
	c.apply()
	w.wantImported("anna anna.new bert cleo")
	head := beforeProvider(t, read(t, c.folder+"/main.tf"))
	c.write(head + group + annasBlock() +
		"import {\n  to = directory_cloudshell_imported_user.anna\n  id = \"anna\"\n}\n")
	c.apply()
	c.write(head + group + annasBlock())
	w.directory.RemoveMember(labGroup, "anna.new")
	output, err := c.try("apply", "-no-color", "-auto-approve")
	if err == nil {
		t.Errorf("the plan is accepted: %s", output)
	}
	contains(t, output, `CloudShell User "anna" Is Held by Another Resource`)
	w.wantImported("anna anna.new bert cleo")
}
