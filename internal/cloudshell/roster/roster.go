// Package roster decides who joins an imported group, who leaves it and whose details are to be mended. It knows nothing
// of Terraform and sends no request: everything in it is a function of what was read.
//
// Three functions follow each other. Refresh turns what the directory and CloudShell say into State and Notes. Decide turns
// those and the configuration into what the next state will be, and into the work that leads there; it is called when
// Terraform plans and again when it applies, with the same outcome, since it looks at nothing else. Outcome takes note of how
// the work went.
package roster

import (
	"maps"
	"slices"
)

// State is the part of Terraform's state that names people.
type State struct {
	// Directory is who is in the directory group, with display names.
	Directory Names
	// Members is whom the resource took in and CloudShell still has, with display names.
	Members Names
	// Outdated is what differs between CloudShell and what it should be, by member.
	Outdated Names
	// Created is whom the resource brought into CloudShell, with display names. Leavers who were kept are among them.
	Created Names
}

// Clone copies the state.
func (s State) Clone() State {
	return State{Directory: s.Directory.Clone(), Members: s.Members.Clone(), Outdated: s.Outdated.Clone(), Created: s.Created.Clone()}
}

// Notes is what the resource keeps beside the state that people see, as private state: facts of the last refresh and of the
// last apply that later decisions need. Its JSON form is stored.
type Notes struct {
	// Accounts are the CloudShell users behind members and behind whom the resource brought in or deactivated, by name.
	Accounts Accounts `json:"accounts,omitempty"`
	// Present are those of the directory group who are no members yet and whom CloudShell has already.
	Present Accounts `json:"present,omitempty"`
	// Local are those of the directory group whose user name a local user of CloudShell has.
	Local []string `json:"local,omitempty"`
	// Taken are those whose user name is, in CloudShell, still that of another person of the directory group.
	Taken []string `json:"taken,omitempty"`
	// Differences are what is not as it should be with members and with Present, by folded name.
	Differences map[string]Difference `json:"differences,omitempty"`
	// Renamed leads from the folded new name of a person to the name that he is a member, or was brought in, by.
	Renamed map[string]string `json:"renamed,omitempty"`
	// Tried are the differences in details that an import left as they were, by folded name.
	Tried map[string]string `json:"tried,omitempty"`
	// Asked are the folded names of people whose import was asked for and never answered: should they turn up, they are ours.
	Asked []string `json:"asked,omitempty"`
	// Unreadable says why the directory group could not be read at the last refresh; "" when it was read.
	Unreadable string `json:"unreadable,omitempty"`
	// Retainers are the other directory groups that were read at the last refresh for the sake of leavers.
	Retainers []Retainer `json:"retainers,omitempty"`
}

// Retainer is a directory group whose people are left alone when they leave the imported one.
type Retainer struct {
	Name string `json:"name"`
	// Unreadable groups retain everybody.
	Unreadable bool `json:"unreadable,omitempty"`
	// People are the leavers who are still in it, folded.
	People []string `json:"people,omitempty"`
}

// Account is a CloudShell user as far as the resource has to do with him.
type Account struct {
	// Name is the name in State, which is the directory's.
	Name string `json:"name"`
	// ID is CloudShell's.
	ID int64 `json:"id"`
	// SID is the directory's identifier of the person: an objectSid, or the uid.
	SID string `json:"sid,omitempty"`
	// Created: the resource brought him in.
	Created bool `json:"created,omitempty"`
	// Deactivated: the resource made him inactive.
	Deactivated bool `json:"deactivated,omitempty"`
	// Own: the provider logs in as him.
	Own bool `json:"own,omitempty"`
	// Former are CloudShell users that the resource brought in for the same person under earlier names.
	Former []int64 `json:"former,omitempty"`
}

// Accounts are accounts by folded name.
type Accounts map[string]Account

// Of returns the account of a name in any spelling.
func (a Accounts) Of(name string) (Account, bool) {
	account, ok := a[fold(name)]
	return account, ok
}

func (a Accounts) has(name string) bool {
	_, ok := a[fold(name)]
	return ok
}

// Put adds an account or replaces that of the same name.
func (a *Accounts) Put(account Account) {
	if *a == nil {
		*a = Accounts{}
	}
	(*a)[fold(account.Name)] = account
}

// Drop removes the account of a name.
func (a Accounts) Drop(name string) { delete(a, fold(name)) }

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
