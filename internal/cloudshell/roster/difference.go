// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Difference is what is not as it should be with one CloudShell user.
type Difference struct {
	// Details differ from the directory's: e-mail, SID. Only an import with AllowUpdate changes them.
	Details []string `json:"details,omitempty"`
	// Inactive in CloudShell.
	Inactive bool `json:"inactive,omitempty"`
	// Ours: it was the resource that made the user inactive.
	Ours bool `json:"ours,omitempty"`
	// Missing are the CloudShell groups that the user should be in.
	Missing []string `json:"missing,omitempty"`
	// Stubborn details were left as they are by an import already.
	Stubborn bool `json:"stubborn,omitempty"`
}

// Any reports whether anything differs.
func (d Difference) Any() bool { return len(d.Details) > 0 || d.Inactive || len(d.Missing) > 0 }

// String is the difference for people, as Outdated shows it.
func (d Difference) String() string {
	parts := append([]string(nil), d.Details...)
	if d.Inactive {
		parts = append(parts, "inactive in CloudShell")
	}
	for _, group := range d.Missing {
		parts = append(parts, fmt.Sprintf("not in CloudShell group %q", group))
	}
	return strings.Join(parts, "; ")
}

// refreshesDetails reports whether an apply will import to bring details up to date.
func (d Difference) refreshesDetails(allowUpdate bool) bool {
	return allowUpdate && len(d.Details) > 0 && !d.Stubborn
}

// activates reports whether an apply will make the user active.
func (d Difference) activates(allowUpdate bool) bool { return d.Inactive && (allowUpdate || d.Ours) }

// afterwards is what is left of the difference once an apply has done what it can.
func (d Difference) afterwards(allowUpdate bool) Difference {
	left := Difference{Stubborn: d.Stubborn, Ours: d.Ours}
	if !d.refreshesDetails(allowUpdate) {
		left.Details = d.Details
	}
	left.Inactive = d.Inactive && !d.activates(allowUpdate)
	return left
}

// compare finds what differs between a person and their CloudShell user. The groups have the names of the
// configuration.
func compare(person cloudshellapi.ExternalUser, user cloudshellapi.User, groups []Group) Difference {
	found := Difference{Details: details(person, user), Inactive: !user.IsActive}
	in := map[int64]bool{}
	for _, id := range user.GroupIDs {
		in[id] = true
	}
	for _, group := range groups {
		if !in[group.ID] {
			found.Missing = append(found.Missing, group.Name)
		}
	}
	return found
}

// Differ reports whether a CloudShell user's details differ from the directory's.
func Differ(person cloudshellapi.ExternalUser, user cloudshellapi.User) bool {
	return len(details(person, user)) > 0
}

func details(person cloudshellapi.ExternalUser, user cloudshellapi.User) []string {
	var found []string
	email := ""
	if user.Email != nil {
		email = strings.TrimSpace(*user.Email)
	}
	if inDirectory := strings.TrimSpace(person.Email); !names.Same(inDirectory, email) {
		found = append(found, fmt.Sprintf("e-mail is %s, the directory has %s", orNone(email), orNone(inDirectory)))
	}
	if DifferInSID(person, user) {
		found = append(found, fmt.Sprintf("SID is %s, the directory has %s", sidOf(user), person.ID))
	}
	return found
}

// DifferInSID reports whether a CloudShell user has another identifier of the directory than the person. Identifiers
// of different kinds cannot be compared.
func DifferInSID(person cloudshellapi.ExternalUser, user cloudshellapi.User) bool {
	sid := sidOf(user)
	return person.ID != "" && sid != "" && isSID(person.ID) == isSID(sid) && !names.Same(person.ID, sid)
}

func orNone(text string) string {
	if text == "" {
		return "empty"
	}
	return text
}

// isSID tells Active Directory's identifiers from the uid of other directories; the two cannot be compared.
func isSID(id string) bool { return strings.HasPrefix(strings.ToUpper(id), "S-1-") }

func sidOf(user cloudshellapi.User) string {
	if user.ImportedSid == nil {
		return ""
	}
	return *user.ImportedSid
}
