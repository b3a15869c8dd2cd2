// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
)

// person makes a person of the directory: name, or name/SID.
func person(spec string) cloudshellapi.ExternalUser {
	name, sid, _ := strings.Cut(spec, "/")
	if sid == "" {
		sid = name
	}
	return cloudshellapi.ExternalUser{Username: name, ID: "S-1-5-" + sid, DisplayName: "The " + name,
		Email: sid + "@lab.example"}
}

func people(specs ...string) []cloudshellapi.ExternalUser {
	made := make([]cloudshellapi.ExternalUser, len(specs))
	for i, spec := range specs {
		made[i] = person(spec)
	}
	return made
}

// user makes the CloudShell user of a person as an import leaves it.
func user(id int64, spec string, groups ...int64) cloudshellapi.User {
	from := person(spec)
	return cloudshellapi.User{
		ID:          id,
		Username:    from.Username,
		ImportedSid: &from.ID,
		Email:       &from.Email,
		IsActive:    true,
		GroupIDs:    append([]int64{1}, groups...),
	}
}

func local(id int64, name string) cloudshellapi.User {
	return cloudshellapi.User{ID: id, Username: name, IsActive: true}
}

func inactive(from cloudshellapi.User) cloudshellapi.User {
	from.IsActive = false
	return from
}

// imported is the state after an import of all people; the resource created the users whose ids are in created.
func imported(
	people []cloudshellapi.ExternalUser, users []cloudshellapi.User, created ...int64,
) (roster.State, roster.Notes) {
	var before roster.State
	var notes roster.Notes
	for _, p := range people {
		before.Members.Set(p.Username, p.DisplayName)
	}
	for _, u := range users {
		if slices.Contains(created, u.ID) {
			notes.Accounts.Put(roster.Account{Name: u.Username, ID: u.ID, Created: true})
		}
	}
	return roster.Refresh(before, notes, roster.Seen{People: people, Users: users, Account: "admin"})
}

func wantNames(t *testing.T, what string, got roster.Names, want ...string) {
	t.Helper()
	if names := got.Sorted(); !slices.Equal(names, want) {
		t.Errorf("%s are %v, want %v", what, names, want)
	}
}

func TestNamesCompareWithoutCaseAndKeepTheFirstSpelling(t *testing.T) {
	t.Parallel()
	var names roster.Names
	names.Set("Anna", "1")
	names.Set("ÄRGER", "2")
	names.Set("anna", "3")
	if !names.Has("ANNA") || !names.Has("ärger") || names.Has("ann") || names.Len() != 2 {
		t.Errorf("names are %v", names.Map())
	}
	if names.Text("aNNa") != "3" || names.Spelling("aNNa") != "Anna" || names.Spelling("bert") != "bert" {
		t.Errorf("Anna is %q, spelled %q", names.Text("aNNa"), names.Spelling("aNNa"))
	}
	clone := names.Clone()
	clone.Delete("ANNA")
	wantNames(t, "names", names, "Anna", "ÄRGER")
	wantNames(t, "the clone's names", clone, "ÄRGER")
	if got := roster.NamesOf(names.Map()).Map(); !maps.Equal(got, names.Map()) {
		t.Errorf("there and back: %v", got)
	}
	if empty := (roster.Names{}).Map(); empty == nil || len(empty) != 0 {
		t.Errorf("no names are %v", empty)
	}
}

func TestMatchGoesByIdentifierThenByName(t *testing.T) {
	t.Parallel()
	other := "750ad20a"
	guid := user(7, "guid")
	guid.ImportedSid = &other // an identifier of another kind
	book := roster.NewBook([]cloudshellapi.User{
		user(3, "old/anna"), user(4, "bert"), local(5, "cleo"), user(6, "dora/another"), guid, user(8, "twin/t"), user(9,
			"TWIN.new/t"),
	})
	match := book.Match(people("anna", "Bert", "cleo", "dora", "guid", "twin.new/t", "old/x", "absent"))
	want := map[string]int64{"anna": 3, "bert": 4, "dora": 6, "guid": 7, "twin.new": 9}
	for key, id := range want {
		if match.Users[key].ID != id {
			t.Errorf("%s is user %d, want %d", key, match.Users[key].ID, id)
		}
	}
	if len(match.Users) != len(want) || !match.Local["cleo"] || !match.Taken["old"] {
		t.Errorf("match is %+v", match)
	}
}

// Users who swapped names are put one after the other, so that for a moment a name belongs to both.
func TestBookFindsUsersWhoSwappedNames(t *testing.T) {
	t.Parallel()
	book := roster.NewBook([]cloudshellapi.User{user(3, "anna"), user(4, "bert")})
	book.Put(user(3, "bert/anna"))
	book.Put(user(4, "anna/bert"))
	for name, id := range map[string]int64{"anna": 4, "bert": 3} {
		if found, ok := book.ByName(name); !ok || found.ID != id {
			t.Errorf("%s is user %d (%t), want %d", name, found.ID, ok, id)
		}
	}
	book.Put(user(4, "cleo"))
	if found, ok := book.ByName("anna"); ok {
		t.Errorf("a former name still finds user %d", found.ID)
	}
}

func TestRefreshSeesWhoIsGone(t *testing.T) {
	t.Parallel()
	group := people("anna", "bert", "cleo")
	users := []cloudshellapi.User{user(3, "anna"), user(4, "bert"), user(5, "cleo")}
	state, notes := imported(group, users, 3, 4)
	wantNames(t, "members", state.Members, "anna", "bert", "cleo")
	wantNames(t, "created", state.Created, "anna", "bert")

	// anna's user was deleted and made again by hand: they are a member, and no resource created them. bert's is gone.
	state, notes = roster.Refresh(state, notes, roster.Seen{People: group, Users: []cloudshellapi.User{user(9, "anna"),
		user(5, "cleo")}})
	wantNames(t, "members", state.Members, "anna", "cleo")
	wantNames(t, "created", state.Created)
	decided := roster.Decide(state, notes, roster.Settings{})
	wantNames(t, "planned members", decided.State.Members, "anna", "bert", "cleo")
	wantNames(t, "planned created", decided.State.Created, "bert")
}

func TestRefreshNotesWhoIsInCloudShellAlready(t *testing.T) {
	t.Parallel()
	group := people("anna")
	state, notes := imported(group, []cloudshellapi.User{user(3, "anna")}, 3)
	state, notes = roster.Refresh(state, notes, roster.Seen{
		People: people("anna", "bert", "cleo"), Users: []cloudshellapi.User{user(3, "anna"), inactive(user(4, "bert")),
			local(5, "cleo")},
	})
	wantNames(t, "members", state.Members, "anna")
	decided := roster.Decide(state, notes, roster.Settings{})
	wantNames(t, "planned members", decided.State.Members, "anna", "bert")
	wantNames(t, "planned created", decided.State.Created, "anna")
	if got := decided.State.Outdated.Text("bert"); got != "inactive in CloudShell" {
		t.Errorf("bert: %q", got)
	}
	if len(decided.Warnings) != 2 || !strings.Contains(decided.Warnings[0].Detail, `"cleo"`) ||
		!strings.Contains(decided.Warnings[1].Detail, `"bert"`) {
		t.Errorf("warnings are %v", decided.Warnings)
	}
	decided = roster.Decide(state, notes, roster.Settings{AllowUpdate: true})
	if decided.State.Outdated.Len() != 0 || !slices.Equal(decided.Activate, []string{"bert"}) {
		t.Errorf("with allow_update: %v, activates %v", decided.State.Outdated.Map(), decided.Activate)
	}
}

func TestDecideDepartures(t *testing.T) {
	t.Parallel()
	group := people("anna", "bert", "cleo", "dora")
	users := []cloudshellapi.User{user(3, "anna"), user(4, "bert"), user(5, "cleo"), user(6, "dora")}
	few := int64(1)
	state, notes := imported(group, users, 3, 4)
	state, notes = roster.Refresh(state, notes, roster.Seen{People: people("dora"), Users: users, Account: "BERT"})
	notes.Retainers = []roster.Retainer{
		roster.NewRetainer("Ops", people("Cleo"), false, roster.Leavers(state, notes), notes), {Name: "Down",
			Unreadable: true},
	}
	for name, c := range map[string]struct {
		settings roster.Settings
		done     string // what is done, and with which person
		members  []string
		created  []string
	}{
		"keep": {roster.Settings{Departed: "keep"}, "anna keep, bert alone, cleo keep", []string{"dora"},
			[]string{"anna", "bert"}},
		"deactivate": {roster.Settings{Departed: "deactivate"}, "anna deactivate, bert alone, cleo deactivate",
			[]string{"dora"}, []string{"anna", "bert"}},
		"delete": {roster.Settings{Departed: "delete"}, "anna delete, bert alone, cleo deactivate", []string{"dora"},
			[]string{"bert"}},
		"retained": {roster.Settings{Departed: "delete", Retain: []string{"ops"}}, "anna delete, bert alone, cleo alone",
			[]string{"dora"}, []string{"bert"}},
		"unreadable": {roster.Settings{Departed: "delete", Retain: []string{"ops", "down"}}, "anna alone, bert alone, " +
			"cleo alone", []string{"dora"}, []string{"anna", "bert"}},
		"not asked": {roster.Settings{Departed: "delete", Retain: []string{"New"}}, "", []string{"anna", "bert", "cleo",
			"dora"}, []string{"anna", "bert"}},
		"too many": {roster.Settings{Departed: "delete", MaxDepartures: &few}, "", []string{"anna", "bert", "cleo",
			"dora"}, []string{"anna", "bert"}},
	} {
		decided := roster.Decide(state, notes, c.settings)
		var done []string
		for _, d := range decided.Departures {
			what := d.Action
			if d.LeftAlone {
				what = "alone"
			}
			done = append(done, d.Name+" "+what)
		}
		if got := strings.Join(done, ", "); got != c.done {
			t.Errorf("%s: %s, want %s", name, got, c.done)
		}
		wantNames(t, name+": members", decided.State.Members, c.members...)
		wantNames(t, name+": created", decided.State.Created, c.created...)
		if again := roster.Decide(state, notes, c.settings); fmt.Sprint(again) != fmt.Sprint(decided) {
			t.Errorf("%s: decided otherwise the second time", name)
		}
	}
}

func TestDecideHoldsEverybodyOfAnEmptyOrUnreadableGroup(t *testing.T) {
	t.Parallel()
	group := people("anna", "bert")
	users := []cloudshellapi.User{user(3, "anna"), user(4, "bert")}
	state, notes := imported(group, users, 3, 4)
	empty, emptyNotes := roster.Refresh(state, notes, roster.Seen{Users: users})
	decided := roster.Decide(empty, emptyNotes, roster.Settings{Departed: "delete"})
	wantNames(t, "members", decided.State.Members, "anna", "bert")
	if len(decided.Warnings) != 1 {
		t.Errorf("warnings are %v", decided.Warnings)
	}
	decided = roster.Decide(empty, emptyNotes, roster.Settings{Departed: "delete", AllowEmpty: true})
	wantNames(t, "members", decided.State.Members)

	emptyNotes.Unreadable = "gone"
	decided = roster.Decide(empty, emptyNotes, roster.Settings{Departed: "delete", AllowEmpty: true})
	wantNames(t, "members", decided.State.Members, "anna", "bert")
	if len(decided.Joins)+len(decided.Departures)+len(decided.Warnings) != 0 || roster.DependsOnSettings(empty,
		emptyNotes) {
		t.Errorf("an unreadable group changes %+v", decided)
	}
}

func TestDecideRecognisesRenames(t *testing.T) {
	t.Parallel()
	users := []cloudshellapi.User{user(3, "anna/1"), user(4, "bert/2")}
	state, notes := imported(people("anna/1", "bert/2"), users, 3)
	state, notes = roster.Refresh(state, notes, roster.Seen{People: people("annabel/1", "bert/2"), Users: users})
	decided := roster.Decide(state, notes, roster.Settings{Departed: "delete"})
	wantNames(t, "members", decided.State.Members, "annabel", "bert")
	wantNames(t, "created", decided.State.Created, "annabel")
	if len(decided.Departures) != 0 || len(decided.Joins) != 1 || decided.Joins[0].Formerly != "anna" {
		t.Errorf("decided %+v", decided)
	}

	// The server made a new user for the new name. The old one is remembered.
	outcome := roster.NewOutcome(state, notes, decided)
	outcome.Joined(decided.Joins[0], user(9, "annabel/1"), true)
	state, notes = roster.Refresh(outcome.State, outcome.Notes, roster.Seen{
		People: people("annabel/1", "bert/2"), Users: append(users, user(9, "annabel/1")),
	})
	wantNames(t, "created", state.Created, "annabel")
	if account, _ := notes.Accounts.Of("annabel"); account.ID != 9 || !account.Created || !slices.Equal(account.Former,
		[]int64{3}) {
		t.Errorf("annabel is %+v", account)
	}

	// Two people swap their names: each keeps their user, and what is known of it.
	state, notes = imported(people("anna/1", "bert/2"), users, 3)
	state, notes = roster.Refresh(state, notes, roster.Seen{People: people("anna/2", "bert/1"), Users: users})
	wantNames(t, "members after a swap", state.Members, "anna", "bert")
	wantNames(t, "created after a swap", state.Created, "bert")
	if decided := roster.Decide(state, notes, roster.Settings{}); len(decided.Joins)+len(decided.Departures) != 0 {
		t.Errorf("a swap decides %+v", decided)
	}
}

func TestOutcomeTakesBackWhatDidNotComeAbout(t *testing.T) {
	t.Parallel()
	users := []cloudshellapi.User{user(3, "anna"), user(4, "bert"), inactive(user(5, "cleo"))}
	mail := "other@lab.example"
	users[1].Email = &mail
	state, notes := imported(people("anna", "bert", "cleo"), users, 3, 4)
	state, notes = roster.Refresh(state, notes, roster.Seen{People: people("bert", "cleo", "dora", "emil"), Users: users})
	decided := roster.Decide(state, notes, roster.Settings{Departed: "delete", AllowUpdate: true})
	wantNames(t, "outdated before", state.Outdated, "bert", "cleo")
	wantNames(t, "outdated as planned", decided.State.Outdated)

	o := roster.NewOutcome(state, notes, decided)
	o.NotJoined(decided.Joins[0])
	o.Appeared(decided.Joins[1], user(9, "emil"))
	o.NotDeparted(decided.Departures[0], true)
	o.NotRefreshed("bert")
	o.NotActivated("cleo")
	o.Missing("cleo", "Engineers")
	wantNames(t, "members", o.State.Members, "anna", "bert", "cleo")
	wantNames(t, "created", o.State.Created, "anna", "bert")
	wantNames(t, "outdated", o.State.Outdated, "bert", "cleo")
	if got := o.State.Outdated.Text("cleo"); got != `inactive in CloudShell; not in CloudShell group "Engineers"` {
		t.Errorf("cleo: %s", got)
	}
	again := roster.Decide(o.State, o.Notes, roster.Settings{Departed: "delete", AllowUpdate: true})
	wantNames(t, "members planned again", again.State.Members, "bert", "cleo", "dora", "emil")
	wantNames(t, "created planned again", again.State.Created, "bert", "dora")
	if !slices.Equal(again.Refresh, []string{"bert"}) || !slices.Equal(again.Activate, []string{"cleo"}) ||
		len(again.Departures) != 1 {
		t.Errorf("decided again: %+v", again)
	}
}

func TestDetailsThatAnImportLeavesAreToldOnly(t *testing.T) {
	t.Parallel()
	group := people("anna")
	stubborn := user(3, "anna")
	stubborn.Email = nil
	state, notes := imported(group, []cloudshellapi.User{stubborn})
	allow := roster.Settings{AllowUpdate: true}
	if decided := roster.Decide(state, notes, allow); !slices.Equal(decided.Refresh, []string{"anna"}) {
		t.Fatalf("decided %+v", decided)
	}
	notes.NoteImported(group[0], stubborn)
	state, notes = roster.Refresh(state, notes, roster.Seen{People: group, Users: []cloudshellapi.User{stubborn}})
	decided := roster.Decide(state, notes, allow)
	wantNames(t, "outdated", decided.State.Outdated, "anna")
	if len(decided.Refresh) != 0 {
		t.Errorf("tries again: %+v", decided)
	}
	group[0].Email = "new@lab.example" // something else differs: worth another try
	state, notes = roster.Refresh(state, notes, roster.Seen{People: group, Users: []cloudshellapi.User{stubborn}})
	if decided := roster.Decide(state, notes, allow); !slices.Equal(decided.Refresh, []string{"anna"}) {
		t.Errorf("decided %+v", decided)
	}
}

// A person who appears soon after an import that was never answered was created by it; one who appears much later was
// not.
func TestRefreshOwnsWhoAppearsSoonAfterAnImport(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for after, owned := range map[time.Duration]bool{time.Minute: true, 2 * time.Hour: false} {
		var notes roster.Notes
		notes.NoteAsked("Anna", sent)
		seen := roster.Seen{People: people("anna"), Users: []cloudshellapi.User{user(3, "anna")}, Account: "admin",
			Now: sent.Add(after)}
		state, notes := roster.Refresh(roster.State{}, notes, seen)
		if got := roster.Decide(state, notes, roster.Settings{}).State.Created.Has("anna"); got != owned {
			t.Errorf("after %s: created is %t", after, got)
		}
	}
}

// The work for leavers grows with their number and with that of the people to retain, not with the product. This must
// not run in parallel: it counts allocations, of which the key of a name in capitals takes one.
func TestDecideIsLinearInRetainedPeople(t *testing.T) {
	const size, each = 1000, 60
	var retained []string
	state, notes := roster.State{}, roster.Notes{}
	for n := range size {
		name := fmt.Sprintf("LEAVER%d", n)
		state.Members.Set(name, "")
		state.Created.Set(name, "")
		notes.Accounts.Put(roster.Account{Name: name, ID: int64(n + 1), Created: true})
		retained = append(retained, fmt.Sprintf("RETAINED%d", n))
	}
	retained = append(retained, "leaver7")
	settings := roster.Settings{AllowEmpty: true, Departed: roster.DepartedDelete, RetainUsers: retained}
	for what, decide := range map[string]func() roster.Decision{
		"departures": func() roster.Decision { return roster.Decide(state, notes, settings) },
		"a destroy":  func() roster.Decision { return roster.DecideDestroy(state, notes, roster.DepartedDelete, settings) },
	} {
		decided := decide()
		if left := decided.Retained(); len(decided.Departures) != size || !slices.Equal(left, []string{"LEAVER7"}) {
			t.Errorf("%s: %d leave, %q are left alone", what, len(decided.Departures), left)
		}
		if took := testing.AllocsPerRun(1, func() { decide() }); took > each*size {
			t.Errorf("%s of %d people allocate %.0f times, want at most %d", what, size, took, each*size)
		}
	}
}
