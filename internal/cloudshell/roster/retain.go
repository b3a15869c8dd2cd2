// SPDX-License-Identifier: MPL-2.0

package roster

import (
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
