// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"slices"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// NoteImported records, after an import with AllowUpdate, the details that it left as they were, so that the plan shows
// them but does not try again and again.
func (n *Notes) NoteImported(person cloudshellapi.ExternalUser, user cloudshellapi.User) {
	key, text := names.Key(person.Username), strings.Join(details(person, user), "; ")
	if text == "" {
		delete(n.Tried, key)
		return
	}
	if n.Tried == nil {
		n.Tried = map[string]string{}
	}
	n.Tried[key] = text
	if found, ok := n.Differences[key]; ok {
		found.Stubborn = true
		n.Differences[key] = found
	}
}

// NoteAsked notes that a person's import was sent, at about that time, and never answered.
func (n *Notes) NoteAsked(name string, at time.Time) {
	n.AskedAt = at
	if key := names.Key(name); !slices.Contains(n.Asked, key) {
		n.Asked = append(n.Asked, key)
	}
}
