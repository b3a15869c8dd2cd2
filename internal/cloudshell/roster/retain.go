// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// NewRetainer notes which of the leavers are among the people of another directory group.
func NewRetainer(
	group string, people []cloudshellapi.ExternalUser, unreadable bool, leavers []string, notes Notes,
) Retainer {
	retainer := Retainer{Name: group, Unreadable: unreadable}
	index := NewIndex(people)
	for _, name := range leavers {
		account, _ := notes.Accounts.Of(name)
		if index.Has(name, account.SID) {
			retainer.People = append(retainer.People, names.Key(name))
		}
	}
	return retainer
}

// RetainsUsers returns what tells whether a person is left alone since one of their names is among the given ones. A
// former name may be another person's by now: then both are left alone.
func (n Notes) RetainsUsers(retain []string) func(name string) bool {
	keys := make(map[string]bool, len(retain))
	for _, name := range retain {
		keys[names.Key(name)] = true
	}
	return func(name string) bool {
		return len(keys) > 0 && slices.ContainsFunc(n.namesOf(name), func(one string) bool { return keys[names.Key(one)] })
	}
}

// namesOf are all names that a person has, or had while the resource held them.
func (n Notes) namesOf(name string) []string {
	all := []string{name}
	if former, renamed := n.Renamed[names.Key(name)]; renamed {
		all = append(all, former)
	}
	for _, one := range slices.Clone(all) {
		for _, noted := range []Accounts{n.Accounts, n.Present} {
			account, _ := noted.Of(one)
			all = append(all, account.Names...)
		}
	}
	return all
}

// Index finds people of the directory by user name or identifier.
type Index struct {
	names, sids map[string]bool
}

// NewIndex makes an index.
func NewIndex(people []cloudshellapi.ExternalUser) Index {
	index := Index{names: make(map[string]bool, len(people)), sids: make(map[string]bool, len(people))}
	for _, person := range people {
		index.names[names.Key(person.Username)] = true
		if person.ID != "" {
			index.sids[names.Key(person.ID)] = true
		}
	}
	return index
}

// Has reports whether a person has the name or the identifier.
func (p Index) Has(name, sid string) bool {
	return p.names[names.Key(name)] || sid != "" && p.sids[names.Key(sid)]
}
