// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// maxCandidates is how many entries a search for near names may return.
const maxCandidates = 200

// SimilarUsers returns usernames of people that the writer of an unknown name may have meant, the nearest first, at
// most five. It looks for people who share a piece of the name; a slip of one or two letters leaves at least one
// piece whole.
func (c *Client) SimilarUsers(ctx context.Context, name string) ([]string, error) {
	near, err := c.names.get(ctx, "user "+name, func(ctx context.Context) ([]string, error) {
		s, err := c.serverInfo(ctx)
		if err != nil {
			return nil, err
		}
		filter := piecesFilter(name, s.profile.login, "cn", "displayName")
		if filter == "" {
			return nil, nil
		}
		entries, err := c.searchUsers(ctx, s, s.baseDNs(), filter, maxCandidates)
		if err != nil {
			return nil, err
		}
		return nearest(
			name,
			entries,
			[]string{s.profile.login, "cn", "displayName"},
			func(e *ldap.Entry) string { return s.toUser(e).Username },
		), nil
	})
	return slices.Clone(near), err
}

// SimilarGroups returns names of groups that the writer of an unknown name may have meant, as SimilarUsers does for
// people.
func (c *Client) SimilarGroups(ctx context.Context, name string) ([]string, error) {
	near, err := c.names.get(ctx, "group "+name, func(ctx context.Context) ([]string, error) {
		s, err := c.serverInfo(ctx)
		if err != nil {
			return nil, err
		}
		attributes := slices.Concat(s.profile.groupNames...)
		filter := piecesFilter(name, attributes...)
		if filter == "" {
			return nil, nil
		}
		entries, err := c.searchGroups(ctx, s, allOf(s.profile.groupFilter, filter), maxCandidates)
		if err != nil {
			return nil, err
		}
		return nearest(name, entries, attributes, func(e *ldap.Entry) string { return s.toGroup(e).Name }), nil
	})
	return slices.Clone(near), err
}

// piecesFilter selects entries that have a piece of the name in one of the attributes. It is "" for a name without
// pieces.
func piecesFilter(name string, attributes ...string) string {
	var parts []string
	for _, piece := range pieces(name) {
		for _, attribute := range attributes {
			parts = append(parts, "("+attribute+"=*"+ldap.EscapeFilter(piece)+"*)")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return anyOf(parts...)
}

// pieces cuts a name into thirds, or halves, or leaves a short one whole.
func pieces(name string) []string {
	letters := []rune(strings.TrimSpace(name))
	count := min(3, len(letters)/2)
	var cut []string
	for i := range count {
		cut = append(cut, string(letters[i*len(letters)/count:(i+1)*len(letters)/count]))
	}
	return cut
}

// nearest are what entries are called that have a name near to this one.
func nearest(name string, entries []*ldap.Entry, attributes []string, called func(*ldap.Entry) string) []string {
	var candidates []string
	owners := map[string][]string{}
	for _, entry := range entries {
		for _, attribute := range attributes {
			for _, value := range values(entry, attribute) {
				candidates = append(candidates, value)
				owners[value] = append(owners[value], called(entry))
			}
		}
	}
	var near []string
	for _, candidate := range names.Near(name, candidates) {
		for _, owner := range owners[candidate] {
			if owner != "" && !slices.Contains(near, owner) {
				near = append(near, owner)
			}
		}
	}
	return near
}
