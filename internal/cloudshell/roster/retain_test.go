// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"encoding/json"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
)

// A person of retain_users stays retained after a rename, which CloudShell may follow or not, when they leave and when
// the resource is destroyed. The notes are stored and read between two steps, and the first ones have no other names.
func TestRetainedUsersStayRetainedAfterARename(t *testing.T) {
	t.Parallel()
	for name, renamed := range map[string]struct {
		now     []cloudshellapi.User // anna's users when the rename is read
		joined  cloudshellapi.User
		created bool
		users   []cloudshellapi.User // anna's users afterwards
	}{
		"one user, old name": {
			[]cloudshellapi.User{user(3, "anna/1")}, user(3, "anna/1"), false, []cloudshellapi.User{user(3, "anna/1")},
		},
		"one user, new name": {
			[]cloudshellapi.User{user(3, "annabel/1")}, user(3, "annabel/1"), false,
			[]cloudshellapi.User{user(3, "annabel/1")},
		},
		"a second user": {
			[]cloudshellapi.User{user(3, "anna/1")}, user(9, "annabel/1"), true,
			[]cloudshellapi.User{user(3, "anna/1"), user(9, "annabel/1")},
		},
		"a second user by another client": {
			[]cloudshellapi.User{user(3, "anna/1"), user(9, "annabel/1")}, user(9, "annabel/1"), false,
			[]cloudshellapi.User{user(3, "anna/1"), user(9, "annabel/1")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bert := user(4, "bert/2")
			seen := func(directory []cloudshellapi.ExternalUser, users []cloudshellapi.User) roster.Seen {
				return roster.Seen{People: directory, Users: append([]cloudshellapi.User{bert}, users...), Account: "admin"}
			}
			state, _ := imported(people("anna/1", "bert/2"), []cloudshellapi.User{user(3, "anna/1"), bert}, 3, 4)
			notes := stored(t, roster.Notes{Accounts: roster.Accounts{
				"anna": {Name: "anna", ID: 3, SID: "S-1-5-1", Created: true},
				"bert": {Name: "bert", ID: 4, SID: "S-1-5-2", Created: true},
			}})
			settings := roster.Settings{Departed: "delete", RetainUsers: []string{"ANNA"}, AllowEmpty: true}

			state, notes = roster.Refresh(state, notes, seen(people("annabel/1", "bert/2"), renamed.now))
			if retains := notes.RetainsUsers(settings.RetainUsers); !retains("annabel") || retains("bert") {
				t.Errorf("before the apply annabel is retained: %t; bert: %t", retains("annabel"), retains("bert"))
			}
			decided := roster.Decide(state, notes, settings)
			outcome := roster.NewOutcome(state, notes, decided)
			for _, join := range decided.Joins {
				outcome.Joined(join, renamed.joined, renamed.created)
			}
			state, notes = roster.Refresh(outcome.State, stored(t, outcome.Notes),
				seen(people("annabel/1", "bert/2"), renamed.users))
			wantLeftAlone(t, "destroy", roster.DecideDestroy(state, notes, "delete", settings))

			state, notes = roster.Refresh(state, stored(t, notes), seen(nil, renamed.users))
			decided = roster.Decide(state, notes, settings)
			wantLeftAlone(t, "departure", decided)
			outcome = roster.NewOutcome(state, notes, decided)
			for _, departure := range decided.Departures {
				outcome.Departed(departure, !departure.LeftAlone, false)
			}
			for _, departure := range roster.DecideDestroy(outcome.State, stored(t, outcome.Notes), "delete",
				settings).Departures {
				if departure.Harms() {
					t.Errorf("a destroy after the departure harms %s", departure.Name)
				}
			}
		})
	}
}

// A name that someone else has by now retains both people: too many is the safe side.
func TestRetainedUsersIncludeTheNextPersonOfAName(t *testing.T) {
	t.Parallel()
	users := []cloudshellapi.User{user(3, "anna/1"), user(4, "bert/2")}
	state, notes := imported(people("anna/1", "bert/2"), users, 3, 4)
	users[0] = user(3, "annabel/1")
	state, notes = roster.Refresh(state, notes, roster.Seen{People: people("annabel/1", "bert/2"), Users: users})
	decided := roster.Decide(state, notes, roster.Settings{})
	outcome := roster.NewOutcome(state, notes, decided)
	outcome.Joined(decided.Joins[0], users[0], false)
	users = append(users, user(5, "anna/9"))
	_, notes = roster.Refresh(outcome.State, outcome.Notes, roster.Seen{
		People: people("annabel/1", "anna/9", "bert/2"), Users: users,
	})
	retains := notes.RetainsUsers([]string{"anna"})
	if !retains("annabel") || !retains("anna") || retains("bert") {
		t.Errorf("retained: annabel %t, anna %t, bert %t", retains("annabel"), retains("anna"), retains("bert"))
	}
}

// stored is what comes back of notes that were stored.
func stored(t *testing.T, notes roster.Notes) roster.Notes {
	t.Helper()
	text, err := json.Marshal(notes)
	if err != nil {
		t.Fatal(err)
	}
	var back roster.Notes
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// wantLeftAlone checks that bert is deleted, and that all others, of which there is one at least, are left alone.
func wantLeftAlone(t *testing.T, what string, decided roster.Decision) {
	t.Helper()
	if len(decided.Departures) < 2 {
		t.Errorf("%s: only %+v leave", what, decided.Departures)
	}
	for _, departure := range decided.Departures {
		if departure.LeftAlone == (departure.Name == "bert") {
			t.Errorf("%s: %s is left alone: %t", what, departure.Name, departure.LeftAlone)
		}
	}
}
