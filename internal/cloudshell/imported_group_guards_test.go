// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestImportedGroupGuardsAgainstAnEmptyGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	empty := w.group(object{"name": "Lab Operators"})
	resp, _ := empty.Plan(empty.config)
	contains(t, acctest.Errors(resp.Diagnostics), `name: Unable to Import CloudShell Group "Lab Operators"`,
		"allow_empty = true")
	empty.config["allow_empty"] = true
	empty.apply()
	w.wantNames(empty.State, map[string]string{"members": "", "directory_members": ""})
	empty.planEmpty()

	g := w.group(object{"departed_members": "deactivate", "groups": []any{"Engineers"}})
	g.apply()
	w.directory.RemoveMember(labGroup, "anna", "bert", "cleo")
	planned, warned := g.plan()
	contains(t, warned, "Directory Group Is Empty", "3 members", `"anna", "bert" and "cleo"`)
	w.wantNames(planned, map[string]string{"members": "anna bert cleo", "directory_members": ""})
	if text := differences(g.State, planned); text != "" {
		t.Errorf("an empty group changes %s", text)
	}
	g.config["allow_empty"] = true
	g.apply()
	w.wantImported("(anna) (bert) (cleo)")
	w.wantIn(w.engineers, "")
	g.planEmpty()
}

func TestImportedGroupGuardsAgainstAGroupThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		unknown cloudshell.UnknownAnswer
		spoil   func(w *world)
		warning string
	}{
		"vanished": {cloudshell.UnknownNotFound, func(w *world) { w.directory.RemoveGroup(labGroup) },
			`Directory Group "Lab Engineers" Not Read`},
		"vanished, as empty": {cloudshell.UnknownEmpty, func(w *world) { w.directory.RemoveGroup(labGroup) },
			`has no group "Lab Engineers"`},
		"cannot be read": {cloudshell.UnknownNotFound, func(w *world) {
			w.directory.BreakGroup(labGroup,
				errors.New("LDAP is down"))
		}, "LDAP is down"},
		"vanished with leaver": {cloudshell.UnknownNotFound, func(w *world) {
			w.directory.RemoveMember(labGroup, "anna")
			w.directory.RemoveGroup(labGroup)
		}, "Until the group can be read again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{Unknown: c.unknown})
			g := w.group(object{"departed_members": "delete", "deletion_policy": "delete", "groups": []any{"Engineers"}})
			g.apply()
			c.spoil(w)
			warned := g.refresh()
			planned, planWarned := g.plan()
			contains(t, warned+planWarned, c.warning)
			w.wantNames(planned, map[string]string{"members": "anna bert cleo", "created_members": "anna bert cleo"})
			if text := differences(g.State, planned); text != "" {
				t.Errorf("the plan changes %s", text)
			}
			g.config["max_departures"] = int64(5) // settings still apply
			g.apply()
			w.wantImported("anna bert cleo")
			g.destroy()
			w.wantImported("")
		})
	}
}

func TestImportedGroupRefusesToCreateWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty,
		cloudshell.UnknownError} {
		w := newWorld(t, cloudshell.Options{Unknown: unknown})
		for _, allowEmpty := range []bool{false, true} {
			g := w.group(object{"name": "Lab Enginers", "allow_empty": allowEmpty})
			resp, _ := g.Plan(g.config)
			contains(t, acctest.Errors(resp.Diagnostics), `name: Unknown Directory Group "Lab Enginers"`,
				`Did you mean "Lab Engineers"`)
		}
		w.directory.BreakGroup(labGroup, errors.New("LDAP is down"))
		g := w.group(object{})
		resp, _ := g.Plan(g.config)
		contains(t, acctest.Errors(resp.Diagnostics), `name: Unable to Import CloudShell Group "Lab Engineers"`,
			"LDAP is down")
	}
}

func TestImportedGroupKeepsEverybodyBeyondMaxDepartures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"departed_members": "deactivate", "max_departures": int64(1)})
	g.apply()
	w.directory.RemoveMember(labGroup, "anna", "bert")
	w.directory.RenameUser("cleo", "cleopatra") // no leaver
	w.directory.AddMember(labGroup, "dora")
	planned, warned := g.plan()
	contains(t, warned, "More Departures Than max_departures Allows", "2 members", `"anna" and "bert"`,
		"max_departures = 1")
	w.wantNames(planned, map[string]string{"members": "anna bert cleopatra dora", "directory_members": "cleopatra dora"})
	g.apply()
	g.planEmpty()
	w.wantImported("anna bert cleo cleopatra dora")
	g.config["max_departures"] = int64(2)
	g.apply()
	g.planEmpty()
	w.wantImported("(anna) (bert) cleo cleopatra dora")
}

func TestImportedGroupLeavesLocalUsersAlone(t *testing.T) {
	t.Parallel()
	for _, allowUpdate := range []bool{false, true} {
		w := newWorld(t, cloudshell.Options{Local: cloudshell.LocalTakenOver})
		before := w.server.AddLocalUser("bert")
		g := w.group(object{"allow_update": allowUpdate, "groups": []any{"Engineers"}, "deletion_policy": "delete"})
		_, warned := g.plan()
		contains(t, warned, "Local CloudShell Users Are Left Alone", `"bert"`)
		g.apply()
		w.wantNames(g.State, map[string]string{"directory_members": "anna bert cleo", "members": "anna cleo",
			"created_members": "anna cleo"})
		g.planEmpty()
		w.directory.AddMember(labGroup, "dora")
		planned, warned := g.plan()
		contains(t, warned, "Local CloudShell Users Are Left Alone", `"bert"`)
		w.wantNames(planned, map[string]string{"members": "anna cleo dora"})
		g.apply()
		g.planEmpty()
		w.directory.RemoveMember(labGroup, "bert")
		g.apply()
		g.destroy()
		if after, there := w.server.User("bert"); !there || after.IsImported() || !after.IsActive ||
			len(after.GroupIDs) != len(before.GroupIDs) {
			t.Errorf("bert is %v now", after)
		}
		w.wantImported("")
	}
}

func TestImportedGroupNeverTouchesTheProvidersOwnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	setUp := w.group(object{})
	setUp.apply()
	w.server.SetPassword("anna", "secret")
	w.server.ChangeUser("anna", func(u *cloudshell.User) {
		u.IsAdmin = true
		u.GroupIDs = append(u.GroupIDs,
			w.engineers)
	})
	w.provider = acctest.Configured(t, object{"cloudshell": object{"url": w.server.URL(), "username": "Anna",
		"password": "secret"}})
	setUp.moveTo(w.provider)
	g := setUp
	g.config = object{"name": labGroup, "departed_members": "delete", "deletion_policy": "delete",
		"groups": []any{"Engineers"}}
	g.apply()
	w.directory.RemoveMember(labGroup, "anna")
	planned, warned := g.plan()
	contains(t, warned, "Provider's Own Account Is Left Alone", `"anna"`)
	w.wantNames(planned, map[string]string{"members": "bert cleo", "created_members": "anna bert cleo"})
	g.apply()
	g.planEmpty()
	w.wantIn(w.engineers, "anna bert cleo")
	g.destroy()
	w.wantImported("anna")
}

func TestImportedGroupRetainsMembersOfOtherGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.directory.AddMember("Lab Operators", "bert")
	g := w.group(object{
		"departed_members":  "delete",
		"deletion_policy":   "delete",
		"groups":            []any{"Engineers"},
		"retain_members_of": []any{"lab operators"},
	})
	g.apply()
	w.directory.RemoveMember(labGroup, "anna", "bert")
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{"members": "cleo", "created_members": "bert cleo"})
	g.apply()
	g.planEmpty()
	w.wantImported("bert cleo")
	w.wantIn(w.engineers, "bert cleo")

	contains(t, g.destroy(), "Account or Group Left in Place", `"bert"`)
	w.wantImported("bert")
}

// A leaver who joins a group of retain_members_of after the plan stays, with their CloudShell groups. If such a group
// cannot be read by then, no one leaves.
func TestImportedGroupRetainsWhoMovedSinceThePlan(t *testing.T) {
	t.Parallel()
	for _, departed := range []string{"keep", "deactivate", "delete"} {
		t.Run(departed, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			g := w.group(object{"departed_members": departed, "groups": []any{"Engineers"},
				"retain_members_of": []any{"Lab Operators"}})
			g.apply()
			w.directory.RemoveMember(labGroup, "anna")
			g.refresh()
			w.directory.BreakGroup("Lab Operators", errors.New("LDAP is down"))
			failed, _ := g.try()
			contains(t, failed, "Departures Wait for the Next Plan", `"anna"`, "LDAP is down")
			w.directory.BreakGroup("Lab Operators", nil)
			g.refresh()
			w.directory.AddMember("Lab Operators", "anna")
			failed, warned := g.try()
			if failed != "" {
				t.Fatal(failed)
			}
			contains(t, warned, "People Moved to a Retained Directory Group", `"anna"`)
			w.wantImported("anna bert cleo")
			w.wantIn(w.engineers, "anna bert cleo")
			g.planEmpty()
			w.wantNames(g.State, map[string]string{"members": "bert cleo", "created_members": "anna bert cleo"})
		})
	}
}

// A group of retain_members_of that cannot be read, has vanished, or is unknown from the start retains everyone,
// whatever the server answers for an unknown group. A destroy fails then, and keeps its state.
func TestImportedGroupRetainsEveryoneWhenTheOtherGroupCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty,
		cloudshell.UnknownError} {
		for name, spoil := range map[string]func(*world){
			"vanished": func(w *world) { w.directory.RemoveGroup("Lab Guests") },
			"broken":   func(w *world) { w.directory.BreakGroup("Lab Guests", errors.New("LDAP is down")) },
		} {
			t.Run(fmt.Sprintf("%s, %d", name, unknown), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, cloudshell.Options{Unknown: unknown})
				w.directory.AddGroup(people.Group{Name: "Lab Guests"}, "emil")
				g := w.group(object{"departed_members": "delete", "deletion_policy": "delete",
					"retain_members_of": []any{"Lab Operators", "Lab Guests"}})
				g.apply()
				w.directory.RemoveMember(labGroup, "anna")
				spoil(w)
				contains(t, g.refresh(), `retain_members_of: Directory Group "Lab Guests" Not Read`, "left alone")
				planned, _ := g.plan()
				w.wantNames(planned, map[string]string{"members": "bert cleo", "created_members": "anna bert cleo"})
				g.apply()
				w.wantImported("anna bert cleo")
				g.planEmpty()

				contains(t, acctest.Errors(g.Apply(nil)), `Unable to Remove CloudShell Group "Lab Engineers"`, `"Lab Guests"`)
				if g.State == nil {
					t.Error("the state is gone")
				}
				w.wantImported("anna bert cleo")
			})
		}
	}
	w := newWorld(t, cloudshell.Options{Unknown: cloudshell.UnknownEmpty})
	g := w.group(object{"retain_members_of": []any{"Lab Operatrs"}})
	resp, _ := g.Plan(g.config)
	contains(t, acctest.Errors(resp.Diagnostics), `retain_members_of: Unknown Directory Group "Lab Operatrs"`,
		`Did you mean "Lab Operators"`)
}

func TestImportedGroupAsksNewRetainersBeforeAnybodyLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.directory.AddMember("Lab Operators", "bert")
	g := w.group(object{"departed_members": "delete"})
	g.apply()
	w.directory.RemoveMember(labGroup, "anna", "bert")
	g.config["retain_members_of"] = []any{"Lab Operators"}
	planned, warned := g.plan()
	contains(t, warned, "Departures Wait for the Next Plan", `"Lab Operators"`)
	w.wantNames(planned, map[string]string{"members": "anna bert cleo"})
	g.apply()
	w.wantImported("anna bert cleo")
	g.apply()
	w.wantImported("bert cleo")
	g.planEmpty()
}

func TestImportedGroupsThatSharePeopleConverge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.directory.AddMember("Lab Operators", "bert", "dora")
	engineers := w.group(object{"groups": []any{"Engineers"}, "departed_members": "delete",
		"retain_members_of": []any{"Lab Operators"}})
	operators := w.group(object{
		"name":              "Lab Operators",
		"groups":            []any{"Engineers", "Guests"},
		"departed_members":  "delete",
		"retain_members_of": []any{labGroup},
	})
	both := []*group{engineers, operators}
	// Both are planned before either is applied: bert is to be imported by both.
	for _, g := range both {
		g.plan()
	}
	for _, g := range both {
		if failed, _ := g.try(); failed != "" {
			t.Fatal(failed)
		}
	}
	w.wantNames(engineers.State, map[string]string{"members": "anna bert cleo", "created_members": "anna bert cleo"})
	w.wantNames(operators.State, map[string]string{"members": "bert dora"})

	w.directory.AddMember(labGroup, "emil")
	w.directory.AddMember("Lab Operators", "emil")
	w.directory.RemoveMember(labGroup, "bert")
	for round := range 2 {
		for _, g := range both {
			g.refresh()
		}
		for _, g := range both {
			if failed, _ := g.try(); failed != "" {
				t.Fatalf("round %d: %s", round, failed)
			}
		}
	}
	for _, g := range both {
		g.planEmpty()
	}
	w.wantImported("anna bert cleo dora emil")
	w.wantIn(w.engineers, "anna bert cleo dora emil")
	w.wantIn(w.guests, "bert dora emil")
}

func TestImportedGroupWarnsOfTwoGroupsOfOneName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.directory.AddGroup(people.Group{Name: labGroup, DN: "CN=Lab Engineers,OU=Elsewhere,DC=lab,DC=example"}, "dora")
	contains(t, w.group(object{}).apply(), "Name of the Directory Group Is Ambiguous", "OU=Elsewhere", "OU=Groups")
}

// That a group may later harm the person of a user resource is said by the resource that is planned second, whichever
// it is, until the group retains them.
func TestImportedGroupThreatensAUser(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		settings object
		warned   bool
	}{
		{"departures", object{"departed_members": "deactivate"}, true},
		{"retained", object{"departed_members": "deactivate", "retain_users": []any{"Anna"}}, false},
		{"kept", object{"deletion_policy": "abandon"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			w.existing("anna")
			g := w.group(c.settings)
			user := &group{Instance: w.provider.Instance(userType), w: w, config: object{"name": "anna", "allow_update": true}}
			g.apply()
			user.rerun() // a run plans a create once before it applies it
			mustApply(t, user.Instance, user.config)
			for _, order := range [][]*group{{g, user}, {user, g}} {
				w.provider = acctest.Configured(t, providerObject(w.server))
				for _, resource := range order {
					resource.moveTo(w.provider)
				}
				_, first := order[0].plan()
				_, second := order[1].plan()
				const summary = "People Held by Several Resources"
				if strings.Contains(first, summary) || strings.Contains(second, summary) != c.warned {
					t.Errorf("%s first: %q, then %q", order[0].Type, first, second)
				}
				if c.warned {
					contains(t, second, "anna", "retain_users")
				}
			}
		})
	}
}
