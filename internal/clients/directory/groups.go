// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Group is a group of people and other groups.
type Group struct {
	DN string
	// Name is sAMAccountName, else cn.
	Name string
	// SID is objectSid as text, Active Directory only.
	SID string
	// GUID is objectGUID or entryUUID as text.
	GUID        string
	Description string
}

// FindGroups returns the groups that have exactly this name, without regard to case: sAMAccountName, else cn. More
// than one means that the name is ambiguous; none is no error.
func (c *Client) FindGroups(ctx context.Context, name string) ([]Group, error) {
	groups, err := c.groups.get(
		ctx,
		"name "+name,
		func(ctx context.Context) ([]Group, error) { return c.findGroups(ctx, name) },
	)
	return slices.Clone(groups), err
}

// Group returns the group with the DN, or ErrNotFound.
func (c *Client) Group(ctx context.Context, dn string) (Group, error) {
	groups, err := c.groups.get(ctx, "dn "+dn, func(ctx context.Context) ([]Group, error) {
		s, err := c.serverInfo(ctx)
		if err != nil {
			return nil, err
		}
		entry, err := c.entry(ctx, s, dn, s.profile.groupFilter, s.groupAttrs())
		if err != nil {
			return nil, err
		}
		return []Group{s.toGroup(entry)}, nil
	})
	if err != nil {
		return Group{}, err
	}
	return groups[0], nil
}

// Groups returns every group below the base, sorted by name.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	groups, err := c.groups.get(ctx, "all", func(ctx context.Context) ([]Group, error) {
		s, err := c.serverInfo(ctx)
		if err != nil {
			return nil, err
		}
		entries, err := c.searchGroups(ctx, s, s.profile.groupFilter, 0)
		return s.toGroups(entries), err
	})
	return slices.Clone(groups), err
}

func (c *Client) findGroups(ctx context.Context, name string) ([]Group, error) {
	if strings.TrimSpace(name) == "" {
		return nil, nil
	}
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := c.searchGroups(ctx, s, allOf(s.profile.groupFilter, nameFilter(s.profile.groupNames, name)), 0)
	return s.toGroups(bestMatches(entries, s.profile.groupNames, name)), err
}

// searchGroups searches below the bases; atMost = 0 returns all that there are.
func (c *Client) searchGroups(ctx context.Context, s server, filter string, atMost int) ([]*ldap.Entry, error) {
	return c.searchBelow(ctx, s.baseDNs(), query{
		scope: ldap.ScopeWholeSubtree, filter: filter, attrs: s.groupAttrs(), deref: s.profile.deref, atMost: atMost,
	})
}

func (s server) groupAttrs() []string {
	attrs := append(slices.Concat(s.profile.groupNames...), "cn", "description", s.profile.guid)
	if s.isActiveDirectory() {
		attrs = append(attrs, "objectSid")
	}
	return unique(attrs)
}

func (s server) toGroups(entries []*ldap.Entry) []Group {
	groups := make([]Group, len(entries))
	for i, entry := range entries {
		groups[i] = s.toGroup(entry)
	}
	slices.SortFunc(groups, func(a, b Group) int { return cmp.Or(names.Compare(a.Name, b.Name), cmp.Compare(a.DN, b.DN)) })
	return groups
}

func (s server) toGroup(entry *ldap.Entry) Group {
	return Group{
		DN:          entry.DN,
		Name:        Legible(cmp.Or(named(entry, s.profile.groupLogin), named(entry, "cn"))),
		SID:         sidOf(entry),
		GUID:        Legible(s.guidOf(entry)),
		Description: Legible(first(entry, "description")),
	}
}

// groupsOf returns the DNs of the groups that list the person directly, and of the primary group. Groups under other
// suffixes count too, those outside of a configured base DN among them.
func (c *Client) groupsOf(ctx context.Context, s server, entry *ldap.Entry) ([]string, error) {
	groups := slices.Clone(values(entry, "memberOf"))
	if filter := s.reverseFilter(entry); filter != "" {
		found, err := c.searchEverywhere(ctx, s, query{
			scope: ldap.ScopeWholeSubtree, filter: allOf(s.profile.groupFilter, filter), attrs: []string{"1.1"},
			deref: s.profile.deref,
		})
		if err != nil {
			return nil, err
		}
		for _, group := range found {
			groups = append(groups, group.DN)
		}
	}
	dynamic, err := c.dynamicGroupsOf(ctx, s, entry.DN)
	if err != nil {
		return nil, err
	}
	groups = append(groups, dynamic...)
	slices.SortFunc(groups, func(a, b string) int { return cmp.Or(cmp.Compare(dnKey(a), dnKey(b)), cmp.Compare(a, b)) })
	return slices.CompactFunc(groups, func(a, b string) bool { return dnKey(a) == dnKey(b) }), nil
}

// reverseFilter selects the groups of a person that their own entry does not name. Active Directory's memberOf leaves
// out the primary group only; elsewhere memberOf may be missing or incomplete, so the groups themselves are asked.
func (s server) reverseFilter(entry *ldap.Entry) string {
	if s.isActiveDirectory() {
		sid, ok := primaryGroupSID(entry.GetEqualFoldRawAttributeValue("objectSid"), first(entry, "primaryGroupID"))
		if !ok {
			return ""
		}
		return equals("objectSid", sid)
	}
	var parts []string
	for _, attribute := range s.profile.memberDNs {
		parts = append(parts, equals(attribute, entry.DN))
	}
	for _, attribute := range s.profile.memberUIDs {
		for _, login := range values(entry, s.profile.login) {
			parts = append(parts, equals(attribute, login))
		}
		parts = append(parts, equals(attribute, entry.DN))
	}
	if gid := first(entry, "gidNumber"); gid != "" {
		parts = append(parts, equals("gidNumber", gid))
	}
	return anyOf(parts...)
}

// dynamicGroupsOf returns the DNs of the dynamic groups whose search finds the person.
func (c *Client) dynamicGroupsOf(ctx context.Context, s server, dn string) ([]string, error) {
	groups, err := c.dynamicGroups(ctx, s)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, group := range groups {
		for _, attribute := range s.profile.memberURLs {
			for _, text := range values(group, attribute) {
				isMember, err := c.finds(ctx, s, text, dn)
				if err != nil {
					return nil, err
				}
				if isMember {
					found = append(found, group.DN)
				}
			}
		}
	}
	return found, nil
}

// dynamicGroups are all groups with a search for members. They are few, and read once.
func (c *Client) dynamicGroups(ctx context.Context, s server) ([]*ldap.Entry, error) {
	if len(s.profile.memberURLs) == 0 {
		return nil, nil
	}
	return c.dynamic.get(ctx, "", func(ctx context.Context) ([]*ldap.Entry, error) {
		var filters []string
		for _, attribute := range s.profile.memberURLs {
			filters = append(filters, "("+attribute+"=*)")
		}
		return c.searchEverywhere(
			ctx,
			s,
			query{scope: ldap.ScopeWholeSubtree, filter: anyOf(filters...), attrs: s.profile.memberURLs},
		)
	})
}
