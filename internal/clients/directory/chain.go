// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"

	"github.com/go-ldap/ldap/v3"
)

// inChain lets Active Directory find the nested groups by the matching rule in chain, and then the people in any of
// them. Asking for the people in chain would be one request, but servers follow the rule for every candidate. What
// the groups list and this does not find (computers, people of other naming contexts) is left for descend, as are
// primary groups.
func (w *walk) inChain(ctx context.Context, group *ldap.Entry) (groups []*ldap.Entry, err error) {
	profile := w.server.profile
	groups = []*ldap.Entry{group}
	if w.nested {
		below, err := w.searchBases(ctx, query{
			scope: ldap.ScopeWholeSubtree, filter: allOf(profile.groupFilter, equals("memberOf:"+ruleInChain+":", group.DN)),
			attrs: profile.memberAttrs(),
		})
		if err != nil {
			return nil, err
		}
		for _, g := range below {
			if key := dnKey(g.DN); !w.groups[key] { // a cycle leads back to the group itself
				w.groups[key] = true
				groups = append(groups, g)
			}
		}
	}
	filters := make([]string, len(groups))
	for i, g := range groups {
		w.seen[dnKey(g.DN)] = true
		filters[i] = equals("memberOf", g.DN)
	}
	people, err := w.searchBatches(ctx, filters)
	if err != nil {
		return nil, err
	}
	_, err = w.take(ctx, people)
	return groups, err
}
