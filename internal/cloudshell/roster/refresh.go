// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"slices"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Seen is what the directory and CloudShell say at a refresh.
type Seen struct {
	// People are the users of the directory group.
	People []cloudshellapi.ExternalUser
	// Users are all users of CloudShell.
	Users []cloudshellapi.User
	// Groups are the CloudShell groups that members are to be in.
	Groups []Group
	// Account is the name that the provider logs in with, "" when that is not known.
	Account string
	// Now is when they said so.
	Now time.Time
}

// askedLasts is how long after an import that was never answered the people who appear are taken for its result.
const askedLasts = time.Hour

// IsOwn reports whether the provider logs in as the user, whose account must never be harmed. If the name that it logs
// in with is not known, every administrator may be the one.
func IsOwn(account string, user cloudshellapi.User) bool {
	if account == "" {
		return user.IsAdmin
	}
	return names.Same(account, user.Username)
}

// Group is a CloudShell group that members are to be in.
type Group struct {
	// Name is the configuration's spelling.
	Name string
	// ID is CloudShell's; 0, which no group has, when there is no such group.
	ID int64
}

// Refresh finds out what happened to the people since the state was written.
func Refresh(before State, notes Notes, seen Seen) (State, Notes) {
	book := NewBook(seen.Users)
	r := refresh{before: before, notes: notes, seen: seen, book: book, match: book.Match(seen.People)}
	r.indexPeople()
	r.indexAccounts()
	r.readMembers()
	r.readOthers()
	r.readJoiners()
	r.compareAll()
	r.findRenamed()
	return r.state, r.next
}

// Adopt is the first refresh after `terraform import`: every person of the directory group who has a CloudShell user
// is a member, and none of them was created by the resource.
func Adopt(seen Seen) (State, Notes) {
	var before State
	for _, person := range seen.People {
		before.Members.Set(person.Username, person.DisplayName)
	}
	return Refresh(before, Notes{}, seen)
}

type refresh struct {
	before State
	notes  Notes
	seen   Seen
	book   *Book
	match  Match

	people map[string]cloudshellapi.ExternalUser // by key of the name
	known  map[int64]Account                     // the accounts noted before, by CloudShell id

	state State
	next  Notes
}

func (r *refresh) indexPeople() {
	r.people = make(map[string]cloudshellapi.ExternalUser, len(r.seen.People))
	for _, person := range r.seen.People {
		r.people[names.Key(person.Username)] = person
		name := r.before.Members.Spelling(r.before.Directory.Spelling(person.Username))
		r.state.Directory.Set(name, person.DisplayName)
	}
}

// indexAccounts takes over the accounts noted before. A person whose import was sent and never answered, and who has
// appeared since, was created by the resource.
func (r *refresh) indexAccounts() {
	r.known = make(map[int64]Account, len(r.notes.Accounts))
	for _, account := range r.notes.Accounts {
		r.known[account.ID] = account
	}
	if r.seen.Now.Sub(r.notes.AskedAt) > askedLasts {
		return
	}
	r.next.AskedAt = r.notes.AskedAt
	for _, name := range r.notes.Asked {
		user, ok := r.match.Users[names.Key(name)]
		if !ok {
			r.next.Asked = append(r.next.Asked, name)
			continue
		}
		if _, noted := r.known[user.ID]; !noted {
			r.known[user.ID] = Account{Name: r.state.Directory.Spelling(name), ID: user.ID, SID: sidOf(user), Created: true}
		}
	}
}

// readMembers keeps the members who still have a CloudShell user.
func (r *refresh) readMembers() {
	for _, name := range r.before.Members.Sorted() {
		display := r.before.Members.Text(name)
		user, ok := r.leaver(name)
		if person, in := r.people[names.Key(name)]; in {
			display = person.DisplayName
			user, ok = r.match.Users[names.Key(name)]
		}
		if !ok {
			continue
		}
		r.state.Members.Set(name, display)
		account := r.account(name, user)
		r.next.Accounts.Put(account)
		if account.Created {
			r.state.Created.Set(name, display)
		}
	}
}

// leaver finds the CloudShell user of a member who is not in the directory group any more.
func (r *refresh) leaver(name string) (cloudshellapi.User, bool) {
	if account, noted := r.notes.Accounts.Of(name); noted {
		return r.book.Still(account)
	}
	user, ok := r.book.ByName(name)
	return user, ok && user.IsImported()
}

// account is what is to be noted about a CloudShell user. What was noted about the id stays true.
func (r *refresh) account(name string, user cloudshellapi.User) Account {
	account := r.known[user.ID]
	formerly := account.Name
	account.Name, account.ID, account.SID = name, user.ID, sidOf(user)
	noted, _ := r.notes.Accounts.Of(name) // of another id where CloudShell has a second user for the name
	account = account.alsoNamed(slices.Concat(noted.Names, []string{formerly, user.Username})...)
	account.Deactivated = account.Deactivated && !user.IsActive
	account.Own = IsOwn(r.seen.Account, user)
	account.Former = slices.DeleteFunc(slices.Clone(account.Former), func(id int64) bool {
		_, there := r.book.ByID(id)
		return !there
	})
	return account
}

// readOthers keeps the accounts of people who are no members: users that the resource created and kept, or
// deactivated.
func (r *refresh) readOthers() {
	members := make(map[int64]bool, len(r.next.Accounts))
	for _, account := range r.next.Accounts {
		members[account.ID] = true
	}
	for id, account := range r.known {
		if members[id] || r.next.Accounts.has(account.Name) {
			continue
		}
		user, ok := r.book.Still(account)
		if !ok {
			continue
		}
		account = r.account(account.Name, user)
		if !account.Created && !account.Deactivated {
			continue
		}
		r.next.Accounts.Put(account)
		if account.Created {
			r.state.Created.Set(account.Name, r.before.Created.Text(account.Name))
		}
	}
}

// readJoiners notes which joiners have a CloudShell user already, and which cannot join since a local user has their
// name.
func (r *refresh) readJoiners() {
	for _, name := range r.joiners() {
		key := names.Key(name)
		if user, ok := r.match.Users[key]; ok {
			r.next.Present.Put(r.account(name, user))
		}
		if r.match.Local[key] {
			r.next.Local = append(r.next.Local, name)
		}
		if r.match.Taken[key] {
			r.next.Taken = append(r.next.Taken, name)
		}
	}
}

// joiners are the people of the directory group who are no members.
func (r *refresh) joiners() []string {
	return slices.DeleteFunc(r.state.Directory.Sorted(), r.state.Members.Has)
}

// compareAll finds what differs with members, and with those joiners who have a CloudShell user already.
func (r *refresh) compareAll() {
	for key, person := range r.people {
		user, ok := r.match.Users[key]
		if !ok {
			continue
		}
		groups := r.seen.Groups
		account, member := r.next.Accounts[key]
		if !r.state.Members.Has(person.Username) {
			groups = nil // joiners are added to all of them
			account, member = r.next.Present[key]
		}
		if !member {
			continue
		}
		found := compare(person, user, groups)
		found.Ours = account.Deactivated
		r.tried(key, &found)
		if named, ok := r.book.ByName(person.Username); ok && !named.IsImported() {
			found.Stubborn = true // an import by this name might take the local user over
		}
		if !found.Any() {
			continue
		}
		if r.next.Differences == nil {
			r.next.Differences = map[string]Difference{}
		}
		r.next.Differences[key] = found
		if r.state.Members.Has(person.Username) {
			r.state.Outdated.Set(r.state.Members.Spelling(person.Username), found.String())
		}
	}
}

// tried recognizes details that an import did not change. They are shown and not tried again.
func (r *refresh) tried(key string, found *Difference) {
	text := strings.Join(found.Details, "; ")
	if text == "" || r.notes.Tried[key] != text {
		return
	}
	found.Stubborn = true
	if r.next.Tried == nil {
		r.next.Tried = map[string]string{}
	}
	r.next.Tried[key] = text
}

// findRenamed recognizes joiners who are known under another name: same CloudShell user, or same identifier in the
// directory.
func (r *refresh) findRenamed() {
	byID, bySID := map[int64]string{}, map[string]string{}
	for key, account := range r.next.Accounts {
		if user, ok := r.match.Users[key]; ok && user.ID == account.ID {
			continue // still in the directory under this name
		}
		byID[account.ID] = account.Name
		if account.SID != "" {
			bySID[names.Key(account.SID)] = account.Name
		}
	}
	if len(byID) == 0 {
		return
	}
	for _, name := range r.joiners() {
		key := names.Key(name)
		old, ok := byID[r.next.Present[key].ID]
		if !ok {
			old, ok = bySID[names.Key(r.people[key].ID)]
		}
		if !ok || r.match.Local[key] || r.match.Taken[key] {
			continue
		}
		if r.next.Renamed == nil {
			r.next.Renamed = map[string]string{}
		}
		r.next.Renamed[key] = old
	}
}
