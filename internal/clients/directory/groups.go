package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
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

// FindGroups returns the groups that go by exactly this name, without regard to case: by sAMAccountName, else by cn. More than
// one means that the name is ambiguous; none is no error.
func (c *Client) FindGroups(ctx context.Context, name string) ([]Group, error) {
	groups, err := c.groups.get(ctx, "name "+name, func(ctx context.Context) ([]Group, error) { return c.findGroups(ctx, name) })
	return slices.Clone(groups), err
}

// Group returns the group with the DN, or ErrNotFound.
func (c *Client) Group(ctx context.Context, dn string) (Group, error) {
	groups, err := c.groups.get(ctx, "dn "+dn, func(ctx context.Context) ([]Group, error) {
		s, err := c.serverInfo(ctx)
		if err != nil {
			return nil, err
		}
		entry, err := c.entry(ctx, dn, s.profile.groupFilter, s.groupAttrs())
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
		return c.filterGroups(ctx, func(s server) string { return s.profile.groupFilter }, nil)
	})
	return slices.Clone(groups), err
}

func (c *Client) findGroups(ctx context.Context, name string) ([]Group, error) {
	if strings.TrimSpace(name) == "" {
		return nil, nil
	}
	return c.filterGroups(ctx,
		func(s server) string { return allOf(s.profile.groupFilter, nameFilter(s.profile.groupNames, name)) },
		func(s server, entries []*ldap.Entry) []*ldap.Entry {
			return bestMatches(entries, s.profile.groupNames, name)
		})
}

// filterGroups searches below the base and keeps what choose makes of it.
func (c *Client) filterGroups(ctx context.Context, filter func(server) string, choose func(server, []*ldap.Entry) []*ldap.Entry) ([]Group, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := c.search(ctx, query{base: s.baseDN, scope: ldap.ScopeWholeSubtree, filter: filter(s), attrs: s.groupAttrs()})
	if err != nil {
		return nil, c.explainSearch(err, s.baseDN)
	}
	if choose != nil {
		entries = choose(s, entries)
	}
	groups := make([]Group, 0, len(entries))
	for _, entry := range entries {
		groups = append(groups, s.toGroup(entry))
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.DN, b.DN))
	})
	return groups, nil
}

func (s server) groupAttrs() []string {
	attrs := append(slices.Concat(s.profile.groupNames...), "cn", "description", s.profile.guid)
	if s.schema == SchemaActiveDirectory {
		attrs = append(attrs, "objectSid")
	}
	slices.Sort(attrs)
	return slices.Compact(attrs)
}

func (s server) toGroup(entry *ldap.Entry) Group {
	get := entry.GetEqualFoldAttributeValue
	return Group{
		DN:          entry.DN,
		Name:        cmp.Or(get(s.profile.groupLogin), get("cn")),
		SID:         sidOf(entry),
		GUID:        s.guidOf(entry),
		Description: get("description"),
	}
}

// groupsOf returns the DNs of the groups that list the person directly, and of his primary group.
func (c *Client) groupsOf(ctx context.Context, s server, entry *ldap.Entry) ([]string, error) {
	groups := slices.Clone(entry.GetEqualFoldAttributeValues("memberOf"))
	filter := s.reverseFilter(entry)
	if filter != "" {
		base := s.contextOf(entry.DN)
		found, err := c.search(ctx, query{base: base, scope: ldap.ScopeWholeSubtree, filter: allOf(s.profile.groupFilter, filter), attrs: []string{"1.1"}})
		if err != nil {
			return nil, c.explainSearch(err, base)
		}
		for _, group := range found {
			groups = append(groups, group.DN)
		}
	}
	slices.SortFunc(groups, func(a, b string) int { return cmp.Or(cmp.Compare(dnKey(a), dnKey(b)), cmp.Compare(a, b)) })
	return slices.CompactFunc(groups, func(a, b string) bool { return dnKey(a) == dnKey(b) }), nil
}

// reverseFilter selects the groups of a person that his own entry does not name. Active Directory's memberOf leaves out the
// primary group only; elsewhere memberOf may be missing or incomplete, so the groups themselves are asked.
func (s server) reverseFilter(entry *ldap.Entry) string {
	get := entry.GetEqualFoldAttributeValue
	if s.schema == SchemaActiveDirectory {
		sid, ok := primaryGroupSID(entry.GetEqualFoldRawAttributeValue("objectSid"), get("primaryGroupID"))
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
		parts = append(parts, equals(attribute, get(s.profile.login)))
	}
	if gid := get("gidNumber"); gid != "" {
		parts = append(parts, equals("gidNumber", gid))
	}
	return anyOf(parts...)
}
