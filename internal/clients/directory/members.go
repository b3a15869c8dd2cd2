package directory

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// MemberOptions say who counts as a member.
type MemberOptions struct {
	// Nested counts the members of groups in the group, to any depth; cycles are harmless.
	Nested bool
	// IncludeDisabled counts disabled accounts.
	IncludeDisabled bool
}

// batchSize is how many names go into one filter.
const batchSize = 100

// Members returns the people in the group, sorted by username; whoever has the group as the primary one is among them. Members
// that another server holds (of other domains, say) are not seen. An unknown group is ErrNotFound.
func (c *Client) Members(ctx context.Context, groupDN string, o MemberOptions) ([]User, error) {
	key := "members " + strconv.FormatBool(o.Nested) + " " + groupDN
	members, err := c.users.get(ctx, key, func(ctx context.Context) ([]User, error) { return c.members(ctx, groupDN, o.Nested) })
	if err != nil {
		return nil, err
	}
	members = slices.Clone(members)
	if !o.IncludeDisabled {
		members = slices.DeleteFunc(members, func(u User) bool { return u.Disabled != nil && *u.Disabled })
	}
	return members, nil
}

func (c *Client) members(ctx context.Context, groupDN string, nested bool) ([]User, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	attrs := append(slices.Concat(s.profile.memberDNs, s.profile.memberUIDs), "objectSid", "gidNumber", "objectClass")
	if s.chain {
		attrs = []string{"objectSid"}
	}
	group, err := c.entry(ctx, groupDN, s.profile.groupFilter, attrs)
	if err != nil {
		return nil, err
	}
	w := &walk{client: c, server: s, base: s.contextOf(groupDN), attrs: attrs, people: map[string]*ldap.Entry{}, seen: map[string]bool{dnKey(group.DN): true}}
	if s.chain {
		err = w.inChain(ctx, group, nested)
	} else {
		err = w.fromGroup(ctx, group, nested)
	}
	if err != nil {
		return nil, c.explainSearch(err, w.base)
	}
	return s.toUsers(slices.Collect(maps.Values(w.people))), nil
}

// walk collects the people of a group.
type walk struct {
	client *Client
	server server
	base   string
	attrs  []string               // what is read of a group
	people map[string]*ldap.Entry // by DN
	seen   map[string]bool        // DNs that were looked at
}

func (w *walk) search(ctx context.Context, filter string, attrs []string) ([]*ldap.Entry, error) {
	return w.client.search(ctx, query{base: w.base, scope: ldap.ScopeWholeSubtree, filter: filter, attrs: attrs})
}

func (w *walk) add(people []*ldap.Entry) {
	for _, person := range people {
		w.people[dnKey(person.DN)] = person
	}
}

// inChain lets Active Directory find the nested groups by the matching rule in chain, then asks for the people in any of them.
// Asking for the people in chain would be one request, but servers follow the rule for every candidate, and it leaves out
// primary groups.
func (w *walk) inChain(ctx context.Context, group *ldap.Entry, nested bool) error {
	groups := []*ldap.Entry{group}
	if nested {
		below, err := w.search(ctx, allOf(w.server.profile.groupFilter, equals("memberOf:"+ruleInChain+":", group.DN)), w.attrs)
		if err != nil {
			return err
		}
		for _, g := range below {
			if !w.seen[dnKey(g.DN)] { // a cycle leads back to the group itself
				groups = append(groups, g)
			}
		}
	}
	for batch := range slices.Chunk(groups, batchSize) {
		var parts []string
		for _, g := range batch {
			parts = append(parts, equals("memberOf", g.DN))
			if rid, ok := relativeID(g.GetEqualFoldRawAttributeValue("objectSid")); ok {
				parts = append(parts, equals("primaryGroupID", rid))
			}
		}
		people, err := w.search(ctx, allOf(w.server.profile.userFilter, anyOf(parts...)), w.server.userAttrs())
		if err != nil {
			return err
		}
		w.add(people)
	}
	return nil
}

// fromGroup reads the members off the groups, level by level.
func (w *walk) fromGroup(ctx context.Context, group *ldap.Entry, nested bool) error {
	for level := []*ldap.Entry{group}; len(level) > 0; {
		people, groups, err := w.resolve(ctx, w.unseenMembers(level))
		if err != nil {
			return err
		}
		w.add(people)
		if err := w.addByName(ctx, level); err != nil {
			return err
		}
		if !nested {
			return nil
		}
		level = groups
	}
	return nil
}

func (w *walk) unseenMembers(groups []*ldap.Entry) []string {
	var unseen []string
	for _, group := range groups {
		for _, attribute := range w.server.profile.memberDNs {
			for _, dn := range group.GetEqualFoldAttributeValues(attribute) {
				if key := dnKey(dn); !w.seen[key] {
					w.seen[key] = true
					unseen = append(unseen, dn)
				}
			}
		}
	}
	return unseen
}

// addByName adds whom the groups list by login, and whose primary group one of them is.
func (w *walk) addByName(ctx context.Context, groups []*ldap.Entry) error {
	var parts []string
	for _, group := range groups {
		for _, attribute := range w.server.profile.memberUIDs {
			for _, uid := range group.GetEqualFoldAttributeValues(attribute) {
				parts = append(parts, equals(w.server.profile.login, uid))
			}
		}
		if gid := group.GetEqualFoldAttributeValue("gidNumber"); gid != "" {
			parts = append(parts, equals("gidNumber", gid))
		}
		if rid, ok := relativeID(group.GetEqualFoldRawAttributeValue("objectSid")); ok {
			parts = append(parts, equals("primaryGroupID", rid))
		}
	}
	for batch := range slices.Chunk(parts, batchSize) {
		people, err := w.search(ctx, allOf(w.server.profile.userFilter, anyOf(batch...)), w.server.userAttrs())
		if err != nil {
			return err
		}
		w.add(people)
	}
	return nil
}

// resolve reads the entries of many DNs, a batch at a time. Members that are gone, or of another kind, are left out.
func (w *walk) resolve(ctx context.Context, dns []string) (people, groups []*ldap.Entry, err error) {
	profile := w.server.profile
	attrs := append(w.server.userAttrs(), w.attrs...)
	either := anyOf(profile.userFilter, profile.groupFilter)
	for batch := range slices.Chunk(dns, batchSize) {
		parts := make([]string, len(batch))
		for i, dn := range batch {
			parts[i] = equals(profile.entryDN, dn)
		}
		found, err := w.search(ctx, allOf(either, anyOf(parts...)), attrs)
		if err != nil {
			return nil, nil, err
		}
		if len(found) == 0 { // a server that does not search by entryDN (RFC 5020), or nobody is left
			if found, err = w.readEach(ctx, batch, either, attrs); err != nil {
				return nil, nil, err
			}
		}
		for _, entry := range found {
			if w.isGroup(entry) {
				groups = append(groups, entry)
			} else {
				people = append(people, entry)
			}
		}
	}
	return people, groups, nil
}

func (w *walk) readEach(ctx context.Context, dns []string, filter string, attrs []string) ([]*ldap.Entry, error) {
	var found []*ldap.Entry
	for _, dn := range dns {
		entries, err := w.client.search(ctx, query{base: dn, scope: ldap.ScopeBaseObject, filter: filter, attrs: attrs})
		if ldap.IsErrorAnyOf(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultReferral, ldap.LDAPResultInvalidDNSyntax) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, entries...)
	}
	return found, nil
}

func (w *walk) isGroup(entry *ldap.Entry) bool {
	return slices.ContainsFunc(entry.GetEqualFoldAttributeValues("objectClass"), func(class string) bool {
		return slices.ContainsFunc(w.server.profile.groupClasses, func(g string) bool { return strings.EqualFold(g, class) })
	})
}
