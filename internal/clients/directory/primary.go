// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"github.com/go-ldap/ldap/v3"
)

// primaryGroups are groups of Active Directory that people can have as their primary one, by relative ID, each with
// the domains that it was seen in. A global catalog holds people of all domains, and primaryGroupID counts within a
// person's own.
type primaryGroups map[string]map[string]bool

// filters select those who have the group as the primary one, and people of other domains with the same relative ID.
func (p primaryGroups) filters(group *ldap.Entry) []string {
	domain, rid, ok := splitSID(group.GetEqualFoldRawAttributeValue("objectSid"))
	if !ok {
		return nil
	}
	if p[rid] == nil {
		p[rid] = map[string]bool{}
	}
	p[rid][domain] = true
	return []string{equals("primaryGroupID", rid)}
}

// isForeign reports whether the person was found only since their primary group has the relative ID of a group in
// another domain.
func (p primaryGroups) isForeign(person *ldap.Entry) bool {
	domains := p[first(person, "primaryGroupID")]
	domain, _, ok := splitSID(person.GetEqualFoldRawAttributeValue("objectSid"))
	return domains != nil && ok && !domains[domain]
}
