// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// bigLab is a directory whose group "Lab Engineers" has 60 people and whose group "Everyone Else" has 320.
func bigLab() *mockldap.Directory {
	directory := mockldap.NewDirectory()
	everyone := people.People(380)
	directory.AddUser(everyone...)
	directory.AddGroup(people.Group{Name: labGroup})
	directory.AddGroup(people.Group{Name: "Everyone Else"})
	for n, person := range everyone {
		directory.AddMember(map[bool]string{true: labGroup, false: "Everyone Else"}[n%6 == 0 && n < 360], person.Username)
	}
	return directory
}

// Destroying 60 users beside a group of 320 leaves none of them active: their own deletions must not hide any of them.
func TestImportedGroupDestroysEveryoneBesideAnotherGroup(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"delete", "deactivate"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{Directory: bigLab()})
			g, other := w.group(object{"deletion_policy": policy}), w.group(object{"name": "Everyone Else"})
			g.apply()
			other.apply()
			g.rerun()
			g.refresh()
			w.server.ResetRequests()
			if text := acctest.Errors(g.Apply(nil)); text != "" {
				t.Fatal(text)
			}
			each := map[string]int{"delete": 3, "deactivate": 2}[policy]
			if n := w.server.CountWork(); n > 60*each {
				t.Errorf("%d requests, want at most %d", n, 60*each)
			}
			active := 0
			for _, user := range w.server.Users() {
				if user.IsImported() && user.IsActive {
					active++
				}
			}
			if active != 320 {
				t.Errorf("%d imported users are active, want the other group's 320", active)
			}
		})
	}
}

// Another client deletes users while a refresh pages: a person who moves over a page boundary stays a member, and keeps
// being created.
func TestImportedGroupKeepsOwnershipWhileOthersDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{Directory: bigLab()})
	w.existing("user0002") // the row that goes
	g, other := w.group(object{}), w.group(object{"name": "Everyone Else"})
	g.apply()
	other.apply()
	for _, one := range []*group{g, other} {
		before := len(one.State["created_members"].(object))
		w.server.Faults().Add(faults.Rule{Method: "GET", Path: "/api/v1/users", Skip: 1,
			Fault: faults.Call(func() { w.server.RemoveUser("user0002") })})
		one.rerun()
		one.refresh()
		if after := len(one.State["created_members"].(object)); after != before {
			t.Errorf("%v: %d of %d created members are left", one.config["name"], after, before)
		}
	}
}

// A person leaves the directory group while its pages are read: the person at the page boundary is still a member.
func TestImportedGroupKeepsWhoIsAtAPageBoundary(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{Directory: bigLab()})
	g := w.group(object{"name": "Everyone Else", "departed_members": "delete"})
	g.apply()
	w.server.Faults().Add(faults.Rule{Method: "GET", Path: externalGroupURL, Skip: 1, Fault: faults.Call(func() {
		w.directory.RemoveMember("Everyone Else", "user0002")
	})})
	g.rerun()
	planned, _ := g.plan()
	if n := len(planned["members"].(object)); n < 319 {
		t.Errorf("%d members are planned, want 319 or 320", n)
	}
	g.apply()
	g.apply()
	if n := len(g.State["members"].(object)); n != 319 {
		t.Errorf("%d members", n)
	}
}

// Names in another composition than Terraform's, which is NFC, are the same names, and requests use the server's form.
func TestImportedGroupTakesNamesOfAnyComposition(t *testing.T) {
	t.Parallel()
	directory := mockldap.NewDirectory()
	groupName, username := "Prüfstände", "zoë"
	directory.AddUser(people.User{Username: norm.NFD.String(username), DisplayName: "Zoë", Email: "z@lab.example"})
	directory.AddGroup(people.Group{Name: norm.NFD.String(groupName)}, norm.NFD.String(username))
	w := newWorld(t, cloudshell.Options{Directory: directory})
	g := w.group(object{"name": groupName, "groups": []any{"Engineers"}})
	g.apply()
	g.planEmpty()
	w.wantImported(norm.NFD.String(username))
	w.wantIn(w.engineers, norm.NFD.String(username))
	g.rerun()
	g.planEmpty()
	g.destroy()
	w.wantImported("(" + norm.NFD.String(username) + ")")
}

// Two groups of the directory whose names differ in case only are two groups on a server that tells spellings apart.
// The import of one gets no people of the other, nor does a refresh when the one is empty.
func TestImportedGroupOfOneOfTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty} {
		w := newWorld(t, cloudshell.Options{ExactGroups: true, Unknown: unknown})
		w.directory.AddGroup(people.Group{Name: "LAB ENGINEERS"}, "dora")
		g := w.group(object{"name": "LAB ENGINEERS", "allow_empty": true})
		contains(t, g.apply(), "Name of the Directory Group Is Ambiguous")
		w.wantImported("dora")
		g.planEmpty()
		w.directory.RemoveMember("LAB ENGINEERS", "dora")
		g.rerun()
		g.apply()
		w.wantNames(g.State, map[string]string{"members": "", "directory_members": ""})
		w.wantImported("dora")
	}
}

// Ctrl-C while the import runs: the people who come belong to the resource all the same.
func TestAccImportedGroup_interrupted(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{ImportDelay: 2 * time.Second})
	c := newCLI(t, groupConfig(w.server, `groups = ["Engineers"]`, `deletion_policy = "delete"`))
	importing := make(chan struct{})
	var once sync.Once
	w.server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Fault: faults.Call(func() {
		once.Do(func() { close(importing) })
	})})
	command := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "apply", "-no-color", "-auto-approve")
	command.Dir, command.Env = c.folder, c.environment
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-importing:
	case <-time.After(time.Minute):
		t.Error("no import was sent")
	}
	time.Sleep(500 * time.Millisecond)
	_ = command.Process.Signal(os.Interrupt)
	_ = command.Wait() // Terraform exits with 1 after an interrupt
	for begun := time.Now(); w.imported() != "anna bert cleo"; time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("the import did not go on: %s", &output)
		}
	}
	c.apply()
	contains(t, c.run("show", "-no-color"),
		`created_members = { "anna" = "Anna Lab" "bert" = "Bert Lab" "cleo" = "Cleo Lab" }`)
	contains(t, c.plan(), noChanges)
	c.run("destroy", "-no-color", "-auto-approve")
	w.wantImported("")
}

// Another name is an update in place: people join first, and guards are evaluated at apply.
func TestImportedGroupFollowsAnotherName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.directory.AddMember("Lab Operators", "cleo", "dora", "emil")
	g := w.group(object{"departed_members": "delete", "groups": []any{"Engineers"}, "max_departures": int64(1)})
	g.apply()
	g.config["name"] = "Lab Operators"
	planned, warned := g.plan()
	contains(t, warned, `Imported Group Follows "Lab Operators"`, `from "Lab Engineers" to "Lab Operators"`,
		`2 people will join: "dora" and "emil"`,
		`2 members will leave`, `"anna" and "bert"`)
	if planned["members"] != acctest.Unknown || planned["id"] != acctest.Unknown {
		t.Errorf("planned %v", planned)
	}
	contains(t, g.apply(), "More Departures Than max_departures Allows")
	w.wantNames(g.State, map[string]string{"members": "anna bert cleo dora emil", "held_back": "anna bert",
		"directory_members": "cleo dora emil"})
	w.wantImported("anna bert cleo dora emil")
	if g.State["name"] != "Lab Operators" || g.State["id"] != "Lab Operators" || g.Identity["name"] != "Lab Operators" {
		t.Errorf("state %v, identity %v", g.State, g.Identity)
	}
	g.planEmpty()
	g.config["max_departures"] = int64(2)
	g.apply()
	w.wantImported("cleo dora emil")
	w.wantNames(g.State, map[string]string{"members": "cleo dora emil", "created_members": "cleo dora emil",
		"held_back": ""})
	g.planEmpty()
	g.rerun()
	g.config["name"] = "Lab Operatrs"
	resp, _ := g.Plan(g.config)
	contains(t, acctest.Errors(resp.Diagnostics), `Did you mean "Lab Operators"`)
}

// What a guard keeps is in held_back, with the reason, in state and plan.
func TestImportedGroupShowsWhoIsHeldBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		setting object
		happens func(w *world)
		want    map[string]string
	}{
		"max_departures": {object{"max_departures": int64(1)}, func(w *world) {
			w.directory.RemoveMember(labGroup, "anna",
				"bert")
		},
			map[string]string{"anna": "max_departures is 1", "bert": "2 people left"}},
		"empty": {object{}, func(w *world) { w.directory.RemoveMember(labGroup, "anna", "bert", "cleo") },
			map[string]string{"anna": "empty", "bert": "empty", "cleo": "empty"}},
		"vanished": {object{"allow_empty": true}, func(w *world) { w.directory.RemoveGroup(labGroup) },
			map[string]string{"anna": "no such group", "bert": "no such group", "cleo": "no such group"}},
		"unreadable": {object{"max_departures": int64(0)}, func(w *world) {
			w.directory.RemoveMember(labGroup, "anna")
		}, map[string]string{"anna": "max_departures is 0"}},
	} {
		for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty} {
			t.Run(fmt.Sprintf("%s, %d", name, unknown), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, cloudshell.Options{Unknown: unknown})
				c.setting["departed_members"], c.setting["deletion_policy"] = "delete", "delete"
				config := object{}
				maps.Copy(config, c.setting)
				g := w.group(config)
				g.apply()
				c.happens(w)
				planned, _ := g.plan()
				held, _ := planned["held_back"].(object)
				for person, why := range c.want {
					if text, _ := held[person].(string); !strings.Contains(text, why) {
						t.Errorf("%s is held back for %q, want %q", person, text, why)
					}
				}
				if len(held) != len(c.want) {
					t.Errorf("held back are %v", held)
				}
				if differ := differences(g.State, planned); differ != "" {
					t.Errorf("a guard alone changes %s", differ)
				}
				w.wantImported("anna bert cleo")
			})
		}
	}
}

// People who joined the directory group after the plan, and who were created by the import of the group, belong to the
// resource.
func TestImportedGroupOwnsPeopleBeyondThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"deletion_policy": "delete"})
	g.apply()
	w.directory.AddMember(labGroup, "dora")
	planned, _ := g.plan()
	w.onImport(faults.Call(func() { w.directory.AddMember(labGroup, "emil") }))
	failed, warned := g.try()
	if failed != "" {
		t.Fatal(failed)
	}
	contains(t, warned, "Import Created People Beyond the Plan", `"emil"`)
	if differ := contradictions(planned, g.State); differ != "" {
		t.Error(differ)
	}
	planned, _ = g.plan()
	w.wantNames(g.State, map[string]string{"members": "anna bert cleo dora", "created_members": "anna bert cleo dora " +
		"emil"})
	w.wantNames(planned, map[string]string{"members": "anna bert cleo dora emil"})
	g.apply()
	g.planEmpty()
	g.destroy()
	w.wantImported("")
}

// Members who cannot log in are named at plan and apply, with the way out; allow_update makes them active.
func TestImportedGroupNamesWhoCannotLogIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{})
	g.apply()
	g.destroy() // deactivates
	w.wantImported("(anna) (bert) (cleo)")
	g = w.group(object{})
	g.rerun()
	_, warned := g.plan()
	contains(t, warned, framework.SummaryCannotLogIn, `"anna", "bert" and "cleo"`, "allow_update = true")
	contains(t, g.apply(), framework.SummaryCannotLogIn)
	_, warned = g.plan()
	contains(t, warned, framework.SummaryCannotLogIn)
	imported := w.group(object{})
	imported.Import(labGroup, nil)
	contains(t, imported.refresh(), framework.SummaryCannotLogIn)
	g.config["allow_update"] = true
	g.apply()
	w.wantImported("anna bert cleo")
	g.planEmpty()
}

// A member is renamed, and other hands import them under the new name as a second user: the group created the first
// one only, and its destroy leaves the second as it is.
func TestImportedGroupOwnsNoSecondUserOfARenamedMember(t *testing.T) {
	t.Parallel()
	for _, match := range []cloudshell.MatchBy{cloudshell.MatchByName, cloudshell.MatchBySid} {
		w := newWorld(t, cloudshell.Options{Match: match})
		g := w.group(object{"deletion_policy": "deactivate"})
		g.apply()
		w.directory.RenameUser("anna", "annabel")
		w.existing("annabel")
		g.rerun()
		g.apply()
		g.planEmpty()
		w.wantNames(g.State, map[string]string{"members": "annabel bert cleo", "created_members": "anna bert cleo"})
		g.rerun()
		g.destroy()
		w.wantImported("(anna) (bert) (cleo) annabel")
	}
}
