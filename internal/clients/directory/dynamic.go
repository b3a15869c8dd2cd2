// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// memberSearch is a memberURL: the members of a dynamic group are what the search finds (RFC 4516).
type memberSearch struct {
	host, base, filter string
	scope              int
}

// parseMemberURL reads ldap://host/base?attributes?scope?filter. ok is false for anything else, and for extensions that
// the URL calls critical.
func parseMemberURL(text string) (search memberSearch, ok bool) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(text), "://")
	if !found || !strings.EqualFold(scheme, "ldap") && !strings.EqualFold(scheme, "ldaps") {
		return memberSearch{}, false
	}
	host, rest, _ := strings.Cut(rest, "/")
	parts := strings.SplitN(rest, "?", 5)
	for len(parts) < 5 {
		parts = append(parts, "")
	}
	base, errBase := url.PathUnescape(parts[0])
	filter, errFilter := url.PathUnescape(parts[3])
	scopes := map[string]int{
		"": ldap.ScopeBaseObject, "base": ldap.ScopeBaseObject, "one": ldap.ScopeSingleLevel, "sub": ldap.ScopeWholeSubtree,
		"children": ldap.ScopeChildren, "subordinates": ldap.ScopeChildren,
	}
	scope, known := scopes[strings.ToLower(parts[2])]
	critical := slices.ContainsFunc(strings.Split(parts[4], ","), func(e string) bool { return strings.HasPrefix(e, "!") })
	if errBase != nil || errFilter != nil || !known || critical {
		return memberSearch{}, false
	}
	if filter == "" {
		filter = "(objectClass=*)"
	} else if !strings.HasPrefix(filter, "(") {
		filter = "(" + filter + ")"
	}
	return memberSearch{host: host, base: base, filter: filter, scope: scope}, checkFilter(filter) == nil
}

// isOwn reports whether the search is meant for the server that the client reads. Others are not asked.
func (c *Client) isOwn(host string) bool {
	if host == "" {
		return true
	}
	for _, e := range c.endpoints {
		if slices.ContainsFunc([]string{e.host, "[" + e.host + "]", e.address},
			func(own string) bool { return strings.EqualFold(host, own) }) {
			return true
		}
	}
	return false
}

// bases are the entries to search from: all naming contexts where the URL names none. There are none where the entry is
// another server's.
func (m memberSearch) bases(s server) []string {
	if m.base == "" {
		return s.allDNs()
	}
	if _, known := s.contextOf(dnKey(m.base)); !known {
		return nil
	}
	return []string{m.base}
}

// byURL runs the searches of dynamic groups. A server may have run them too, and list what they found as members.
func (w *walk) byURL(ctx context.Context, groups []*ldap.Entry) ([]*ldap.Entry, error) {
	var below []*ldap.Entry
	for _, group := range groups {
		for _, attribute := range w.server.profile.memberURLs {
			for _, text := range values(group, attribute) {
				entries, err := w.client.runMemberURL(ctx, w.server, text)
				if isAbsent(err) || entries == nil && err == nil {
					w.unresolved[text] = text
					continue
				}
				if err != nil {
					return nil, err
				}
				found, err := w.take(ctx, entries)
				if err != nil {
					return nil, err
				}
				below = append(below, found...)
			}
		}
	}
	return below, nil
}

// runMemberURL is what the URL finds, not nil, unless it is none or another server's.
func (c *Client) runMemberURL(ctx context.Context, s server, text string) ([]*ldap.Entry, error) {
	search, ok := parseMemberURL(text)
	bases := search.bases(s)
	if !ok || !c.isOwn(search.host) || len(bases) == 0 {
		return nil, nil
	}
	entries, err := c.searchEach(
		ctx,
		bases,
		len(s.bases),
		query{scope: search.scope, filter: search.filter, attrs: s.anyAttrs(), deref: s.profile.deref},
	)
	if err == nil && entries == nil {
		entries = []*ldap.Entry{}
	}
	return entries, err
}

// finds reports whether the URL finds the entry: the server is asked for the entry alone.
func (c *Client) finds(ctx context.Context, s server, text, dn string) (bool, error) {
	search, ok := parseMemberURL(text)
	covers := func(base string) bool { return inScope(dnKey(dn), suffixOf(base), search.scope) }
	if !ok || !c.isOwn(search.host) || !slices.ContainsFunc(search.bases(s), covers) {
		return false, nil
	}
	entries, err := c.search(
		ctx,
		query{base: dn, scope: ldap.ScopeBaseObject, filter: search.filter, attrs: []string{"1.1"}},
	)
	if isAbsent(err) {
		return false, nil
	}
	return len(entries) > 0, c.explainSearch(err, dn)
}

func inScope(key string, base suffix, scope int) bool {
	switch scope {
	case ldap.ScopeBaseObject:
		return key == base.key
	case ldap.ScopeSingleLevel:
		return parentKey(key) == base.key
	case ldap.ScopeChildren:
		return key != base.key && base.holds(key)
	default:
		return base.holds(key)
	}
}
