// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

func TestImportedGroupRecognisesRenames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		match       cloudshell.MatchBy
		allowUpdate bool
		users       string
		engineers   string
	}{
		{"new name is a new user", cloudshell.MatchByName, false, "anna anna.new bert cleo", "anna.new bert cleo"},
		{"same user keeps the old name", cloudshell.MatchBySid, false, "anna bert cleo", "anna bert cleo"},
		{"new name is a new user, updates", cloudshell.MatchByName, true, "anna anna.new bert cleo", "anna.new bert cleo"},
		{"same user gets the new name", cloudshell.MatchBySid, true, "anna.new bert cleo", "anna.new bert cleo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{Match: c.match})
			g := w.group(object{"departed_members": "delete", "deletion_policy": "delete", "allow_update": c.allowUpdate,
				"groups": []any{"Engineers"}})
			g.apply()
			w.directory.RenameUser("anna", "anna.new")
			planned, warned := g.plan()
			contains(t, warned, "Members Renamed in the Directory", `"anna" is now "anna.new"`)
			w.wantNames(planned, map[string]string{"members": "anna.new bert cleo", "created_members": "anna.new bert cleo"})
			contains(t, warned, "the account with the former name stays active")
			applied := g.apply()
			w.wantImported(c.users)
			w.wantIn(w.engineers, c.engineers)
			if second := strings.Contains(c.users, "anna anna.new"); second {
				contains(t, applied, "Accounts of Former Names Stay", `"anna"`, "This resource created them")
			} else if strings.Contains(applied, "Former") {
				t.Errorf("the apply of a rename warns: %s", applied)
			}
			g.planEmpty()
			g.destroy()
			w.wantImported("") // the user of the old name too
		})
	}
}

// A member who existed before is renamed, and the import makes a second account: the first one loses the groups that
// come with membership, and keeps all else. The next plan is empty.
func TestAccImportedGroup_renamedMemberWhoExisted(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna")
	w.server.ChangeUser("anna", func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, w.guests) })
	c := newCLI(t, groupConfig(w.server, `groups = ["Engineers"]`, `departed_members = "delete"`))
	c.apply()
	w.directory.RenameUser("anna", "anna.new")
	contains(t, c.plan(), "Members Renamed in the Directory", `"anna" is now "anna.new"`, `- "anna"`, `+ "anna.new"`,
		"delete or deactivate it in CloudShell")
	contains(t, c.apply(), "Accounts of Former Names Stay", "They existed before this resource")
	w.wantImported("anna anna.new bert cleo")
	w.wantIn(w.engineers, "anna.new bert cleo")
	w.wantIn(w.guests, "anna")
	contains(t, c.plan(), noChanges)
	c.run("destroy", "-no-color", "-auto-approve")
	w.wantImported("(bert) (cleo) anna anna.new")
}

// Removing the account of a former name from a group fails: an error names it, since no later plan shows it.
func TestImportedGroupTellsOfFormerAccountsInGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"groups": []any{"Engineers"}})
	g.apply()
	w.directory.RenameUser("anna", "anna.new")
	g.refresh()
	w.server.Faults().Add(faults.Rule{Method: "DELETE", Path: "/api/v1/groups/*/users", Fault: faults.Status(400)})
	failed, _ := g.try()
	contains(t, failed, `Unable to Remove People From CloudShell Group "Engineers"`, "former names", `"anna"`)
	w.server.Faults().Clear()
	w.wantIn(w.engineers, "anna anna.new bert cleo")
	g.planEmpty()
}

// A person of retain_users who is renamed is still left alone, with all accounts that they have, when they leave the
// directory group and when the group is destroyed.
func TestAccImportedGroup_retainedMemberRenamed(t *testing.T) {
	t.Parallel()
	for _, match := range []cloudshell.MatchBy{cloudshell.MatchByName, cloudshell.MatchBySid} {
		for _, update := range []string{"allow_update = false", "allow_update = true"} {
			t.Run(fmt.Sprint(match, ", ", update), func(t *testing.T) {
				t.Parallel()
				w := accWorld(t, cloudshell.Options{Match: match})
				c := newCLI(t, groupConfig(w.server, `departed_members = "delete"`, `deletion_policy = "delete"`,
					`retain_users = ["anna"]`, update))
				c.apply()
				w.directory.RenameUser("anna", "anna.new")
				c.apply()
				renamed := w.imported()
				w.directory.RemoveMember(labGroup, "anna.new")
				c.apply()
				w.wantImported(renamed)
				contains(t, c.plan(), noChanges)
				w.directory.AddMember(labGroup, "anna.new")
				c.apply()
				c.run("destroy", "-no-color", "-auto-approve")
				w.wantImported(strings.TrimSuffix(renamed, " bert cleo"))
			})
		}
	}
}
