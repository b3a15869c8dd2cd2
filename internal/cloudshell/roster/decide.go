package roster

import (
	"slices"
)

// What becomes of a CloudShell user whose person left the directory group.
const (
	DepartedKeep       = "keep"
	DepartedDeactivate = "deactivate"
	DepartedDelete     = "delete"
)

// Settings is the configuration as far as it decides about people.
type Settings struct {
	AllowUpdate bool
	AllowEmpty  bool
	// MaxDepartures is the most leavers that an apply deals with; nil = any number.
	MaxDepartures *int64
	// Departed is one of the Departed constants.
	Departed string
	// Retain are the other directory groups whose people are left alone.
	Retain []string
}

// Decision is what an apply will do, and what it leads to.
type Decision struct {
	// State is what will be.
	State State
	Joins []Join
	// Departures are those who leave.
	Departures []Departure
	// Mend are the members whose details an import refreshes.
	Mend []string
	// Activate are those who are made active again.
	Activate []string
	// Left is what still differs afterwards, by folded name.
	Left map[string]Difference
	// Held are leavers who stay members for the time being.
	Held     []string
	Warnings []Warning
}

// Join is a person who becomes a member.
type Join struct {
	Name string
	// Account is his CloudShell user as of the last refresh, if CloudShell had him then.
	Account *Account
	// Formerly is the name that he was known by, if he was renamed.
	Formerly string
}

// Departure is a member who leaves.
type Departure struct {
	Name    string
	Account Account
	// Action is one of the Departed constants. Whoever the resource did not bring in is never deleted.
	Action string
	// LeftAlone: nothing at all is done to his CloudShell user.
	LeftAlone bool
}

// Decide plans from a refreshed state. It is a pure function of its arguments: Terraform plans twice, and the second time,
// at apply, must bring the same.
func Decide(state State, notes Notes, settings Settings) Decision {
	d := Decision{State: state.Clone()}
	if notes.Unreadable != "" {
		return d
	}
	leavers := Leavers(state, notes)
	d.hold(leavers, state, notes, settings)
	if len(d.Held) == 0 {
		d.depart(leavers, notes, settings)
	}
	d.join(state, notes)
	d.mend(notes, settings)
	d.warnBlocked(notes)
	return d
}

// Leavers are the members who are not in the directory group any more, other than by another name.
func Leavers(state State, notes Notes) []string {
	renamed := map[string]bool{}
	for _, old := range notes.Renamed {
		renamed[fold(old)] = true
	}
	return slices.DeleteFunc(state.Members.Sorted(), func(name string) bool {
		return state.Directory.Has(name) || renamed[fold(name)]
	})
}

// Unsettled reports whether the outcome of Decide depends on settings at all: whether anybody leaves or is outdated.
func Unsettled(state State, notes Notes) bool {
	return notes.Unreadable == "" && (len(Leavers(state, notes)) > 0 || len(notes.Differences) > 0)
}

// hold keeps all leavers where one of the guards says so.
func (d *Decision) hold(leavers []string, state State, notes Notes, settings Settings) {
	if len(leavers) == 0 {
		return
	}
	switch unread := notes.unread(settings.Retain); {
	case state.Directory.Len() == 0 && !settings.AllowEmpty:
		d.Held = leavers
		d.Warnings = append(d.Warnings, emptyGroup(leavers))
	case settings.MaxDepartures != nil && int64(len(leavers)) > *settings.MaxDepartures:
		d.Held = leavers
		d.Warnings = append(d.Warnings, tooManyLeavers(leavers, *settings.MaxDepartures))
	case len(unread) > 0:
		d.Held = leavers
		d.Warnings = append(d.Warnings, retainersNotRead(leavers, unread))
	}
}

// unread are those groups that the last refresh did not ask, since they were added to the configuration after it.
func (n Notes) unread(retain []string) []string {
	return slices.DeleteFunc(slices.Clone(retain), func(name string) bool {
		return slices.ContainsFunc(n.Retainers, func(r Retainer) bool { return fold(r.Name) == fold(name) })
	})
}

// retained reports whether a leaver is still in one of the groups whose people are left alone.
func (n Notes) retained(name string, retain []string) bool {
	for _, retainer := range n.Retainers {
		if !slices.ContainsFunc(retain, func(wanted string) bool { return fold(wanted) == fold(retainer.Name) }) {
			continue
		}
		if retainer.Unreadable || slices.Contains(retainer.People, fold(name)) {
			return true
		}
	}
	return false
}

func (d *Decision) depart(leavers []string, notes Notes, settings Settings) {
	var left []string
	for _, name := range leavers {
		d.State.Members.Delete(name)
		departure := departureOf(name, notes, settings)
		if departure.Action == DepartedDelete && !departure.LeftAlone {
			d.State.Created.Delete(name)
		}
		if departure.Account.Own {
			left = append(left, name)
		}
		d.Departures = append(d.Departures, departure)
	}
	if len(left) > 0 {
		d.Warnings = append(d.Warnings, ownAccountLeaves(left))
	}
}

func departureOf(name string, notes Notes, settings Settings) Departure {
	account, _ := notes.Accounts.Of(name)
	departure := Departure{Name: name, Account: account, Action: settings.Departed}
	departure.LeftAlone = account.Own || notes.retained(name, settings.Retain)
	if departure.Action == DepartedDelete && !account.Created {
		departure.Action = DepartedDeactivate
	}
	return departure
}

func (d *Decision) join(state State, notes Notes) {
	blocked := map[string]bool{}
	for _, name := range slices.Concat(notes.Local, notes.Taken) {
		blocked[fold(name)] = true
	}
	var renames []rename
	for _, name := range state.Directory.Sorted() {
		if state.Members.Has(name) || blocked[fold(name)] {
			continue
		}
		join := Join{Name: name, Formerly: notes.Renamed[fold(name)]}
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
			if state.Created.Has(join.Formerly) {
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

// mend plans what differs away as far as the apply will mend it.
func (d *Decision) mend(notes Notes, settings Settings) {
	d.State.Outdated = Names{}
	d.Left = map[string]Difference{}
	for _, name := range d.State.Members.Sorted() {
		found, ok := notes.Differences[fold(name)]
		if !ok {
			continue
		}
		if found.mendsDetails(settings.AllowUpdate) {
			d.Mend = append(d.Mend, name)
		}
		if found.activates(settings.AllowUpdate) {
			d.Activate = append(d.Activate, name)
		}
		if left := found.afterwards(settings.AllowUpdate); left.Any() {
			d.State.Outdated.Set(name, left.String())
			d.Left[fold(name)] = left
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
