// SPDX-License-Identifier: MPL-2.0

// Package roster decides who joins an imported group, who leaves it and whose details are brought up to date. It does
// not use Terraform and sends no request: each function depends only on what was read before.
//
// Three functions follow each other. Refresh turns what the directory and CloudShell say into State and Notes. Decide
// turns those and the configuration into the next state and into the work that leads there. It is called when
// Terraform plans and again when it applies, with the same result, since it looks at nothing else. Outcome records
// how the work went.
package roster

import (
	"maps"
	"slices"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// State is the part of Terraform's state that names people.
type State struct {
	// Directory is who is in the directory group, with display names.
	Directory Names
	// Members are the people that the resource manages and that CloudShell has, with display names.
	Members Names
	// Outdated is what differs between CloudShell and what it should be, by member.
	Outdated Names
	// Created are the users that the resource created in CloudShell, with display names. It includes leavers who were
	// kept.
	Created Names
	// HeldBack are the leavers that a guard keeps, with the reason.
	HeldBack Names
}

// Clone copies the state.
func (s State) Clone() State {
	return State{
		Directory: s.Directory.Clone(), Members: s.Members.Clone(), Outdated: s.Outdated.Clone(), Created: s.Created.Clone(),
		HeldBack: s.HeldBack.Clone(),
	}
}

// Notes is what the resource keeps beside the state that people see, as private state: facts of the last refresh and
// of the last apply that later decisions need. Its JSON form is stored.
type Notes struct {
	// Accounts are the CloudShell users behind members, and those that the resource created or deactivated, by name.
	Accounts Accounts `json:"accounts,omitempty"`
	// Present are those of the directory group who are no members yet and have a CloudShell user already.
	Present Accounts `json:"present,omitempty"`
	// Local are those of the directory group whose user name a local user of CloudShell has.
	Local []string `json:"local,omitempty"`
	// Taken are those whose user name still belongs, in CloudShell, to another person of the directory group.
	Taken []string `json:"taken,omitempty"`
	// Differences are what is not as it should be with members and with Present, by key of the name.
	Differences map[string]Difference `json:"differences,omitempty"`
	// Renamed leads from the key of a person's new name to the name that they had as a member or when they were created.
	Renamed map[string]string `json:"renamed,omitempty"`
	// Tried are the differences in details that an import left as they were, by key of the name.
	Tried map[string]string `json:"tried,omitempty"`
	// Asked are the keys of people whose import was sent, after a look that proved them absent, and never answered. If
	// they appear, the resource has created them.
	Asked []string `json:"asked,omitempty"`
	// AskedAt is when the last of those imports was sent. A user who appears long after it was created by another client.
	AskedAt time.Time `json:"asked_at,omitzero"`
	// Unreadable says why the directory group could not be read at the last refresh; "" when it was read.
	Unreadable string `json:"unreadable,omitempty"`
	// Vanished: it could not be read since the directory has no such group.
	Vanished bool `json:"vanished,omitempty"`
	// Retainers are the other directory groups that were read at the last refresh because people left this one.
	Retainers []Retainer `json:"retainers,omitempty"`
}

// Retainer is a directory group whose people are left alone when they leave the imported one.
type Retainer struct {
	Name string `json:"name"`
	// Unreadable groups retain all people.
	Unreadable bool `json:"unreadable,omitempty"`
	// People are the keys of the leavers who are still in it.
	People []string `json:"people,omitempty"`
}

// Account is what the resource knows about a CloudShell user.
type Account struct {
	// Name is the name in State, which is the directory's.
	Name string `json:"name"`
	// ID is CloudShell's.
	ID int64 `json:"id"`
	// SID is the directory's identifier of the person: an objectSid, or the uid.
	SID string `json:"sid,omitempty"`
	// Created: the resource proved that it created the user.
	Created bool `json:"created,omitempty"`
	// Deactivated: the resource made the user inactive.
	Deactivated bool `json:"deactivated,omitempty"`
	// Own: the provider logs in as this user, or may do so.
	Own bool `json:"own,omitempty"`
	// Former are CloudShell users that the resource created for the same person under earlier names.
	Former []int64 `json:"former,omitempty"`
	// Names are other names of the same person: those that they had while the resource held them, and CloudShell's own.
	Names []string `json:"names,omitempty"`
}

// alsoNamed is the account with more names of the same person.
func (a Account) alsoNamed(more ...string) Account {
	a.Names = slices.Clone(a.Names)
	for _, name := range more {
		if name != "" && !names.Same(name, a.Name) && names.Index(a.Names, name) < 0 {
			a.Names = append(a.Names, name)
		}
	}
	return a
}

// IDs are the CloudShell users of the person: the present one and those of earlier names.
func (a Account) IDs() []int64 { return append([]int64{a.ID}, a.Former...) }

// withoutOthersUsers is an account without those users of former names that belong to another person by now: the
// directory may have given the name, and with it the user, to someone else.
func (n Notes) withoutOthersUsers(account Account) Account {
	if len(account.Former) == 0 {
		return account
	}
	account.Former = slices.DeleteFunc(slices.Clone(account.Former), func(id int64) bool {
		for _, noted := range []Accounts{n.Accounts, n.Present} {
			for _, other := range noted {
				if other.ID == id {
					return true
				}
			}
		}
		return false
	})
	return account
}

// Accounts are accounts by key of the name.
type Accounts map[string]Account

// Of returns the account of a name in any spelling.
func (a Accounts) Of(name string) (Account, bool) {
	account, ok := a[names.Key(name)]
	return account, ok
}

func (a Accounts) has(name string) bool {
	_, ok := a[names.Key(name)]
	return ok
}

// Put adds an account or replaces that of the same name.
func (a *Accounts) Put(account Account) {
	if *a == nil {
		*a = Accounts{}
	}
	(*a)[names.Key(account.Name)] = account
}

// Drop removes the account of a name.
func (a Accounts) Drop(name string) { delete(a, names.Key(name)) }

// Sorted returns the accounts in the order of their names.
func (a Accounts) Sorted() []Account {
	sorted := make([]Account, 0, len(a))
	for _, key := range slices.Sorted(maps.Keys(a)) {
		sorted = append(sorted, a[key])
	}
	return sorted
}

// clone copies the notes as deep as they are changed.
func (n Notes) clone() Notes {
	n.Accounts, n.Present = maps.Clone(n.Accounts), maps.Clone(n.Present)
	n.Differences, n.Renamed, n.Tried = maps.Clone(n.Differences), maps.Clone(n.Renamed), maps.Clone(n.Tried)
	n.Asked = slices.Clone(n.Asked)
	return n
}
