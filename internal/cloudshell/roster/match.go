// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"maps"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Book finds CloudShell users by id, name and SID.
type Book struct {
	byID   map[int64]cloudshellapi.User
	byName map[string]cloudshellapi.User
	bySID  map[string][]int64
}

// NewBook makes a book of CloudShell's users, local ones included.
func NewBook(users []cloudshellapi.User) *Book {
	b := &Book{
		byID: make(map[int64]cloudshellapi.User, len(users)), byName: make(map[string]cloudshellapi.User, len(users)),
		bySID: make(map[string][]int64, len(users)),
	}
	for _, user := range users {
		b.Put(user)
	}
	return b
}

// Put adds a user or replaces the one with the same id.
func (b *Book) Put(user cloudshellapi.User) {
	if had, ok := b.byID[user.ID]; ok {
		if name := names.Key(had.Username); b.byName[name].ID == user.ID { // else it is another user's by now
			delete(b.byName, name)
		}
		key := names.Key(sidOf(had))
		b.bySID[key] = slices.DeleteFunc(b.bySID[key], func(id int64) bool { return id == user.ID })
	}
	b.byID[user.ID] = user
	b.byName[names.Key(user.Username)] = user
	if user.IsImported() {
		key := names.Key(sidOf(user))
		b.bySID[key] = append(b.bySID[key], user.ID)
	}
}

// ByID returns the user with an id.
func (b *Book) ByID(id int64) (cloudshellapi.User, bool) {
	user, ok := b.byID[id]
	return user, ok
}

// ByName returns the user of a name in any spelling, who may be a local one.
func (b *Book) ByName(name string) (cloudshellapi.User, bool) {
	user, ok := b.byName[names.Key(name)]
	return user, ok
}

// Match says which CloudShell user belongs to which person of the directory, by folded name of the person.
type Match struct {
	Users map[string]cloudshellapi.User
	// Local are the people whose name a local user has, and who have no imported one. They are never touched.
	Local map[string]bool
	// Taken are the people whose name still belongs, in CloudShell, to another person of the directory.
	Taken map[string]bool
}

// Match finds the users of people: by the directory's identifier first, which survives a rename, then by name. No user
// belongs to two people.
func (b *Book) Match(people []cloudshellapi.ExternalUser) Match {
	found := Match{Users: make(map[string]cloudshellapi.User, len(people)), Local: map[string]bool{},
		Taken: map[string]bool{}}
	taken := make(map[int64]bool, len(people))
	var rest []cloudshellapi.ExternalUser
	for _, person := range people {
		user, ok := b.bySIDOf(person)
		if !ok || taken[user.ID] {
			rest = append(rest, person)
			continue
		}
		taken[user.ID] = true
		found.Users[names.Key(person.Username)] = user
	}
	for _, person := range rest {
		key := names.Key(person.Username)
		user, ok := b.byName[key]
		switch {
		case !ok:
		case taken[user.ID]:
			found.Taken[key] = true
		case !user.IsImported():
			found.Local[key] = true
		default:
			taken[user.ID] = true
			found.Users[key] = user
		}
	}
	return found
}

// bySIDOf returns the user with the person's identifier. Of several, the one with the person's name is meant, else the
// newest.
func (b *Book) bySIDOf(person cloudshellapi.ExternalUser) (cloudshellapi.User, bool) {
	if person.ID == "" {
		return cloudshellapi.User{}, false
	}
	ids := b.bySID[names.Key(person.ID)]
	if len(ids) == 0 {
		return cloudshellapi.User{}, false
	}
	for _, id := range ids {
		if names.Same(b.byID[id].Username, person.Username) {
			return b.byID[id], true
		}
	}
	return b.byID[slices.MaxFunc(ids, cmp.Compare[int64])], true
}

// Find returns the imported user of one person: by identifier, else by name.
func (b *Book) Find(person cloudshellapi.ExternalUser) (cloudshellapi.User, bool) {
	if user, ok := b.bySIDOf(person); ok {
		return user, true
	}
	user, ok := b.ByName(person.Username)
	return user, ok && user.IsImported()
}

// Users returns all users in the order of their ids.
func (b *Book) Users() []cloudshellapi.User {
	return slices.SortedFunc(maps.Values(b.byID), func(x, y cloudshellapi.User) int { return cmp.Compare(x.ID, y.ID) })
}

// Still returns the CloudShell user behind an account, unless the user is gone or the id belongs to another one by
// now.
func (b *Book) Still(account Account) (cloudshellapi.User, bool) {
	user, ok := b.byID[account.ID]
	if !ok || !IsStill(user, account) {
		return cloudshellapi.User{}, false
	}
	return user, true
}

// IsStill reports whether a user is that of the account: ids may be given again.
func IsStill(user cloudshellapi.User, account Account) bool {
	return user.IsImported() && (names.Same(user.Username, account.Name) || account.SID != "" && names.Same(sidOf(user),
		account.SID))
}
