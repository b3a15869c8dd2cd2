// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestImportedGroupFollowsTheDirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("cleo")
	g := w.group(object{"groups": []any{"Engineers"}, "departed_members": "deactivate"})

	_, warned := g.plan()
	contains(t, warned, "Import Will Create People in CloudShell",
		`2 people who do not exist in CloudShell: "anna" and "bert"`, "Existing People Will Be Members",
		`who join and exist in CloudShell already: "cleo"`,
		`They are put into the CloudShell groups that are listed in groups: "Engineers"`)
	g.apply()
	w.wantNames(g.State, map[string]string{
		"directory_members": "anna bert cleo",
		"members":           "anna bert cleo",
		"created_members":   "anna bert",
		"outdated_members":  "",
	})
	w.wantIn(w.engineers, "anna bert cleo")
	g.planEmpty()

	w.directory.AddMember(labGroup, "dora")
	w.directory.RemoveMember(labGroup, "bert", "cleo")
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{
		"directory_members": "anna dora", "members": "anna dora", "created_members": "anna bert dora", "outdated_members": "",
	})
	g.apply()
	w.wantImported("(bert) (cleo) anna dora")
	w.wantIn(w.engineers, "anna dora")
	g.planEmpty()

	// Who comes back is active again.
	w.directory.AddMember(labGroup, "bert", "cleo")
	g.apply()
	w.wantImported("anna bert cleo dora")
	w.wantIn(w.engineers, "anna bert cleo dora")
	w.wantNames(g.State, map[string]string{"created_members": "anna bert dora", "outdated_members": ""})
	g.planEmpty()

	g.destroy()
	w.wantImported("(anna) (bert) (dora) cleo")
}

func TestImportedGroupDeletesLeaversItCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("cleo")
	g := w.group(object{"departed_members": "delete", "deletion_policy": "delete"})
	g.apply()

	w.directory.RemoveMember(labGroup, "bert", "cleo")
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{"members": "anna", "created_members": "anna"})
	g.apply()
	w.wantImported("(cleo) anna")
	g.planEmpty()

	// Deleted, they come back as a new user; deactivated, they are active again.
	w.directory.AddMember(labGroup, "bert", "cleo")
	g.apply()
	w.wantImported("anna bert cleo")
	w.wantNames(g.State, map[string]string{"created_members": "anna bert"})
	g.planEmpty()
	g.destroy()
	w.wantImported("cleo")
}

func TestImportedGroupKeepsWhoOwnsSandboxes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{Sandboxes: cloudshell.SandboxOwnersNever})
	g := w.group(object{"departed_members": "delete"})
	g.apply()
	w.directory.RemoveMember(labGroup, "anna", "bert")
	w.server.OwnSandbox("bert", 1)
	g.refresh()
	failed, _ := g.try()
	contains(t, failed, `Unable to Delete CloudShell User "bert"`, "own sandboxes", "inactive now")
	w.wantNames(g.State, map[string]string{"members": "bert cleo", "created_members": "bert cleo"})
	w.wantImported("(bert) cleo")

	// The next plan offers it again.
	w.server.OwnSandbox("bert", 0)
	g.apply()
	w.wantNames(g.State, map[string]string{"members": "cleo", "created_members": "cleo"})
	w.wantImported("cleo")
	g.planEmpty()
}

func TestImportedGroupDestroys(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{
		"delete": "cleo", "deactivate": "(anna) (bert) (dora) cleo", "abandon": "anna bert cleo dora",
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			w.existing("cleo")
			g := w.group(object{"deletion_policy": policy, "groups": []any{"Engineers"}})
			g.apply()
			w.directory.AddMember(labGroup, "dora")
			g.apply()
			w.directory.RemoveMember(labGroup, "dora") // a leaver who is kept
			g.apply()
			w.wantNames(g.State, map[string]string{"members": "anna bert cleo", "created_members": "anna bert dora"})
			w.directory.RemoveGroup(labGroup)
			warned := g.destroy()
			if warned != "" {
				t.Errorf("destroy warns: %s", warned)
			}
			w.wantImported(want)
			w.wantIn(w.engineers, map[string]string{"delete": "cleo", "deactivate": "cleo", "abandon": "anna bert cleo"}[policy])
		})
	}
}

func TestImportedGroupShowsChangedDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{})
	g.apply()
	w.directory.SetEmail("anna", "anna@new.example")
	w.server.ChangeUser("bert", func(u *cloudshell.User) { u.IsActive = false })

	g.planEmpty() // told, and left as it is
	if got := g.State["outdated_members"].(object); got["anna"] != "e-mail is anna@lab.example, the directory has "+
		"anna@new.example" || got["bert"] != "inactive in CloudShell" {
		t.Errorf("outdated_members are %v", got)
	}

	g.config["allow_update"] = true
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{"outdated_members": "", "members": "anna bert cleo"})
	g.apply()
	w.wantImported("anna bert cleo")
	if user, _ := w.server.User("anna"); user.Email != "anna@new.example" {
		t.Errorf("anna's e-mail is %s", user.Email)
	}
	g.planEmpty()
}

func TestImportedGroupTriesOnceWhatAnImportDoesNotChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"allow_update": true})
	g.apply()
	w.server.ChangeUser("anna", func(u *cloudshell.User) { u.Email = "portal@lab.example" })
	w.server.Faults().Add(
		faults.Rule{Method: "POST", Path: importPath, Times: faults.Always, Fault: faults.CallAfter(func() {
			w.server.ChangeUser("anna", func(u *cloudshell.User) { u.Email = "portal@lab.example" })
		})},
		faults.Rule{Method: "POST", Path: importPath, Times: faults.Always, Fault: faults.AnswerAfter(200,
			"application/json", `{"Users":[],"Errors":[]}`)},
	)
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{"outdated_members": ""})
	g.apply()
	g.planEmpty()
	w.wantNames(g.State, map[string]string{"outdated_members": "anna"})
	g.config["triggers"] = object{"again": "1"}
	g.apply()
	g.planEmpty()
}

func TestImportedGroupMendsCloudShellGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"groups": []any{"engineers"}})
	g.apply()
	w.server.ChangeUser("anna", func(u *cloudshell.User) { u.GroupIDs = []int64{cloudshell.GroupEveryone} })
	planned, _ := g.plan()
	w.wantNames(g.State, map[string]string{"outdated_members": "anna"})
	if text := g.State["outdated_members"].(object)["anna"]; text != `not in CloudShell group "engineers"` {
		t.Errorf("anna: %v", text)
	}
	w.wantNames(planned, map[string]string{"outdated_members": ""})
	w.server.ResetRequests()
	g.apply()
	w.wantIn(w.engineers, "anna bert cleo")
	if puts := w.server.Count("POST", "/api/v1/groups/*/users"); puts != 1 {
		t.Errorf("%d requests for one group", puts)
	}
	g.planEmpty()

	g.config["groups"] = []any{"Guests"}
	g.apply()
	w.wantIn(w.engineers, "")
	w.wantIn(w.guests, "anna bert cleo")
	g.planEmpty()
	delete(g.config, "groups")
	g.apply()
	w.wantIn(w.guests, "anna bert cleo") // no longer managed
	g.planEmpty()

	g.config["groups"] = []any{"Enginers"}
	g.rerun() // a process that applies checks no names
	resp, _ := g.Plan(g.config)
	contains(t, acctest.Errors(resp.Diagnostics), `groups: Unknown CloudShell Group "Enginers"`,
		`Did you mean "Engineers"`)
}

func TestImportedGroupLeavesAGroupThatWasDeletedBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"groups": []any{"Engineers", "Guests"}})
	g.apply()
	w.server.RemoveGroup("Guests")
	g.rerun()
	g.refresh() // all are missing from it
	w.wantNames(g.State, map[string]string{"outdated_members": "anna bert cleo"})
	failed, _ := g.try()
	contains(t, failed, `Unknown CloudShell Group "Guests"`)
	g.config["groups"] = []any{"Engineers"}
	g.apply()
	g.planEmpty()
	w.wantIn(w.engineers, "anna bert cleo")
}

func TestImportedGroupKeepsTheFirstSpelling(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{Match: cloudshell.MatchBySid})
	g := w.group(object{"allow_update": true})
	g.apply()
	w.directory.RenameUser("anna", "ANNA")
	w.directory.SetUserAttribute("bert", "displayName", "Bertram")
	g.config["name"] = "LAB engineers"
	g.planEmpty()
	w.wantNames(g.State, map[string]string{"members": "anna bert cleo", "directory_members": "anna bert cleo",
		"created_members": "anna bert cleo"})
	if g.State["name"] != labGroup || g.State["members"].(object)["bert"] != "Bertram" {
		t.Errorf("state is %v", g.State)
	}
}

func TestImportedGroupTakesAnyName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	for i, name := range []string{"50% Off/Team", "A (B) & C? #1", "日本語グループ", "Инженеры", strings.Repeat("long ",
		39) + "group"} {
		someone := fmt.Sprintf("o'hara %d/%%", i)
		w.directory.AddUser(people.User{Username: someone, DisplayName: name, Email: "o@lab.example"})
		w.directory.AddGroup(people.Group{Name: name}, someone)
		g := w.group(object{"name": name})
		g.apply()
		w.wantNames(g.State, map[string]string{"members": someone, "created_members": someone})
		g.planEmpty()
	}
}

func TestImportedGroupAdoptsByTerraformImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "dora")
	for _, identity := range []object{nil, {"name": labGroup}} {
		g := w.group(object{"departed_members": "delete", "deletion_policy": "delete"})
		id := ""
		if identity == nil {
			id = labGroup
		}
		if text := acctest.Errors(g.Import(id, identity)); text != "" {
			t.Fatal(text)
		}
		g.refresh()
		w.wantNames(g.State, map[string]string{"directory_members": "anna bert cleo", "members": "anna bert",
			"created_members": "", "outdated_members": ""})
		if g.Identity["name"] != labGroup || g.State["departed_members"] != "keep" || g.State["distinguished_name"] == nil {
			t.Errorf("imported as %v, identity %v", g.State, g.Identity)
		}
		if identity == nil {
			continue
		}
		planned, _ := g.plan()
		w.wantNames(planned, map[string]string{"members": "anna bert cleo", "created_members": "cleo"})
		g.apply()
		g.planEmpty()
		w.directory.RemoveMember(labGroup, "anna")
		g.apply()
		w.wantImported("(anna) bert cleo dora")
		g.destroy()
		w.wantImported("(anna) bert dora")
	}

	unknown := w.group(object{})
	unknown.Import("Lab Enginers", nil)
	contains(t, acctest.Errors(unknown.Refresh()), "Lab Enginers", `Did you mean "Lab Engineers"`)
}

func TestImportedGroupChecksItsConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	for name, c := range map[string]struct {
		config object
		want   string
	}{
		"triggers": {object{"name": labGroup, "triggers": object{"a": "1"}}, "triggers: Triggers Need allow_update"},
		"own group": {object{"name": labGroup, "retain_members_of": []any{"lab ENGINEERS"}}, "retain_members_of: " +
			"Group Retains Its Own Members"},
		"blank":          {object{"name": " "}, "name: Invalid Value of name"},
		"everyone":       {object{"name": labGroup, "groups": []any{"everyone"}}, "Built-In CloudShell Group"},
		"administrators": {object{"name": labGroup, "groups": []any{"System Administrators"}}, "Built-In CloudShell Group"},
		"negative":       {object{"name": labGroup, "max_departures": int64(-1)}, "max_departures"},
		"departed":       {object{"name": labGroup, "departed_members": "forget"}, "departed_members"},
		"policy":         {object{"name": labGroup, "deletion_policy": "auto"}, "deletion_policy"},
	} {
		if text := w.validate(c.config); text == "" {
			t.Errorf("%s: accepted", name)
		} else {
			contains(t, text, c.want)
		}
	}
	for _, fine := range []object{
		{"name": labGroup, "triggers": object{"a": "1"}, "allow_update": acctest.Unknown},
		{"name": acctest.Unknown, "retain_members_of": []any{acctest.Unknown}, "groups": acctest.Unknown},
	} {
		if text := w.validate(fine); text != "" {
			t.Errorf("%v: %s", fine, text)
		}
	}
}
