// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// What happens to a CloudShell user whose person left the directory group.
const (
	DepartedKeep       = "keep"
	DepartedDeactivate = "deactivate"
	DepartedDelete     = "delete"
)

// Settings is the configuration as far as it decides about people.
type Settings struct {
	AllowUpdate bool
	AllowEmpty  bool
	// MaxDepartures is how many people may leave in one apply; nil = any number.
	MaxDepartures *int64
	// Departed is one of the Departed constants.
	Departed string
	// Retain are the other directory groups whose people are left alone.
	Retain []string
	// RetainUsers are people that are left alone, by name.
	RetainUsers []string
}

// Decision is what an apply will do, and what it leads to.
type Decision struct {
	// State is the state after the apply.
	State State
	Joins []Join
	// Departures are those who leave.
	Departures []Departure
	// Refresh are the members whose details an import brings up to date.
	Refresh []string
	// Activate are those who are made active again.
	Activate []string
	// Left is what still differs afterwards, by key of the name.
	Left     map[string]Difference
	Warnings []Warning
}

// Join is a person who becomes a member.
type Join struct {
	Name string
	// Account is their CloudShell user as of the last refresh, if CloudShell had one then.
	Account *Account
	// Formerly is the name that they had before, if they were renamed.
	Formerly string
}

// Departure is a member who leaves.
type Departure struct {
	Name    string
	Account Account
	// Action is one of the Departed constants. A user that the resource did not create is never deleted.
	Action string
	// LeftAlone: nothing at all is done to the CloudShell user.
	LeftAlone bool
}

// Harms reports whether the departure deactivates or deletes the CloudShell user.
func (d Departure) Harms() bool { return !d.LeftAlone && d.Action != DepartedKeep }

// Decide plans from a refreshed state. It is a pure function of its arguments: Terraform plans twice, and the second
// plan, at apply, must be the same.
func Decide(state State, notes Notes, settings Settings) Decision {
	d := Decision{State: state.Clone()}
	leavers := Leavers(state, notes)
	d.State.HeldBack = Names{}
	if notes.Unreadable != "" {
		d.holdUnreadable(leavers, state, notes)
		return d
	}
	d.hold(leavers, state, notes, settings)
	if d.State.HeldBack.Len() == 0 {
		d.depart(leavers, notes, settings)
	}
	d.join(state, notes)
	d.update(notes, settings)
	d.warnBlocked(notes)
	d.warnInactive()
	return d
}

// Leavers are the members who are not in the directory group any more, other than by another name.
func Leavers(state State, notes Notes) []string {
	renamed := map[string]bool{}
	for _, old := range notes.Renamed {
		renamed[names.Key(old)] = true
	}
	return slices.DeleteFunc(state.Members.Sorted(), func(name string) bool {
		return state.Directory.Has(name) || renamed[names.Key(name)]
	})
}

// DependsOnSettings reports whether the result of Decide depends on settings at all: whether anyone leaves or is
// outdated.
func DependsOnSettings(state State, notes Notes) bool {
	return notes.Unreadable == "" && (len(Leavers(state, notes)) > 0 || len(notes.Differences) > 0)
}

func (d *Decision) depart(leavers []string, notes Notes, settings Settings) {
	var own []string
	retained := notes.retained(settings)
	for _, name := range leavers {
		d.State.Members.Delete(name)
		departure := departureOf(name, notes, settings.Departed, retained)
		if departure.Action == DepartedDelete && !departure.LeftAlone {
			d.State.Created.Delete(name)
		}
		if departure.Account.Own {
			own = append(own, name)
		}
		d.Departures = append(d.Departures, departure)
	}
	if len(own) > 0 {
		d.Warnings = append(d.Warnings, ownAccountLeaves(own))
	}
}

func departureOf(name string, notes Notes, action string, retained retained) Departure {
	account, _ := notes.Accounts.Of(name)
	account = notes.withoutOthersUsers(account)
	departure := Departure{Name: name, Account: account, Action: action}
	departure.LeftAlone = account.Own || retained.has(name)
	if departure.Action == DepartedDelete && !account.Created {
		departure.Action = DepartedDeactivate
	}
	return departure
}

func (d *Decision) join(state State, notes Notes) {
	blocked := map[string]bool{}
	for _, name := range slices.Concat(notes.Local, notes.Taken) {
		blocked[names.Key(name)] = true
	}
	var renames []rename
	for _, name := range state.Directory.Sorted() {
		if state.Members.Has(name) || blocked[names.Key(name)] {
			continue
		}
		join := Join{Name: name, Formerly: notes.Renamed[names.Key(name)]}
		account, present := notes.Present.Of(name)
		if present {
			join.Account = &account
		}
		display := state.Directory.Text(name)
		d.State.Members.Set(name, display)
		switch {
		case join.Formerly != "":
			if !state.Directory.Has(join.Formerly) {
				d.State.Members.Delete(join.Formerly)
			}
			switch old, noted := notes.Accounts.Of(join.Formerly); {
			case present && noted && account.ID != old.ID: // an account of their own, made by another client
				if account.Created {
					d.State.Created.Set(name, display)
				}
			case state.Created.Has(join.Formerly):
				d.State.Created.Delete(join.Formerly)
				d.State.Created.Set(name, display)
			}
			renames = append(renames, rename{old: join.Formerly, renamed: name})
		case !present, account.Created:
			d.State.Created.Set(name, display)
		}
		d.Joins = append(d.Joins, join)
	}
	if len(renames) > 0 {
		d.Warnings = append(d.Warnings, renamed(renames))
	}
}

// update removes the differences that the apply will correct from the planned state.
func (d *Decision) update(notes Notes, settings Settings) {
	d.State.Outdated = Names{}
	d.Left = map[string]Difference{}
	if len(notes.Differences) == 0 {
		return
	}
	for _, name := range d.State.Members.Sorted() {
		found, ok := notes.Differences[names.Key(name)]
		if !ok {
			continue
		}
		if found.refreshesDetails(settings.AllowUpdate) {
			d.Refresh = append(d.Refresh, name)
		}
		if found.activates(settings.AllowUpdate) {
			d.Activate = append(d.Activate, name)
		}
		if left := found.afterwards(settings.AllowUpdate); left.Any() {
			d.State.Outdated.Set(name, left.String())
			d.Left[names.Key(name)] = left
		}
	}
}

func (d *Decision) warnBlocked(notes Notes) {
	if len(notes.Local) > 0 {
		d.Warnings = append(d.Warnings, localUsers(notes.Local))
	}
	if len(notes.Taken) > 0 {
		d.Warnings = append(d.Warnings, namesTaken(notes.Taken))
	}
}

func (d *Decision) warnInactive() {
	if inactive := Inactive(d.State, d.Left); len(inactive) > 0 {
		d.Warnings = append(d.Warnings, CannotLogIn(inactive))
	}
}

// Inactive are the members who cannot log in, going by what differs with them.
func Inactive(state State, differences map[string]Difference) []string {
	if len(differences) == 0 {
		return nil
	}
	return slices.DeleteFunc(state.Members.Sorted(),
		func(name string) bool { return !differences[names.Key(name)].Inactive })
}
