// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// User is a person. Attributes that the directory does not have, or does not show to the bind account, are empty.
type User struct {
	DN string
	// Username is the login: sAMAccountName or uid. Of several uids it is the one in the DN, else the first.
	Username string
	// DisplayName is displayName, else cn.
	DisplayName string
	Email       string
	Telephone   string
	// SID is objectSid as text (S-1-5-21-…), Active Directory only.
	SID string
	// GUID is objectGUID or entryUUID as text.
	GUID string
	// Disabled says whether the person cannot log in until an administrator acts; nil where the entry says nothing.
	Disabled *bool
	// DisabledReason says what in the entry disables the account, or is empty.
	DisabledReason string
	// Groups are the DNs of the groups that list the person, the primary group among them; nested ones are not followed.
	// Only [Client.User] fills it.
	Groups []string
}

// FindUsers returns the people who have exactly this name, without regard to case: as login (sAMAccountName, uid,
// userPrincipalName), else as mail, else as cn or displayName. More than one means that the name is ambiguous; none
// is no error.
func (c *Client) FindUsers(ctx context.Context, name string) ([]User, error) {
	users, err := c.users.get(
		ctx,
		"name "+name,
		func(ctx context.Context) ([]User, error) { return c.findUsers(ctx, name) },
	)
	return slices.Clone(users), err
}

// User returns the person with the DN, groups included, or ErrNotFound.
func (c *Client) User(ctx context.Context, dn string) (User, error) {
	users, err := c.users.get(ctx, "dn "+dn, func(ctx context.Context) ([]User, error) { return c.userByDN(ctx, dn) })
	if err != nil {
		return User{}, err
	}
	user := users[0]
	user.Groups = slices.Clone(user.Groups)
	return user, nil
}

// Users returns the people that the filter selects below baseDN, sorted by username. An empty filter selects
// everyone, an empty baseDN is the client's.
func (c *Client) Users(ctx context.Context, filter, baseDN string) ([]User, error) {
	users, err := c.users.get(ctx, "filter "+baseDN+"\x00"+filter, func(ctx context.Context) ([]User, error) {
		return c.filterUsers(ctx, filter, baseDN)
	})
	return slices.Clone(users), err
}

func (c *Client) findUsers(ctx context.Context, name string) ([]User, error) {
	if strings.TrimSpace(name) == "" {
		return nil, nil
	}
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := c.searchUsers(ctx, s, s.baseDNs(), nameFilter(s.profile.userNames, name), 0)
	return s.toUsers(bestMatches(entries, s.profile.userNames, name)), err
}

// searchUsers returns people; atMost = 0 returns all that the filter selects.
func (c *Client) searchUsers(
	ctx context.Context,
	s server,
	bases []string,
	filter string,
	atMost int,
) ([]*ldap.Entry, error) {
	return c.searchBelow(ctx, bases, query{
		scope: ldap.ScopeWholeSubtree, filter: allOf(s.profile.userFilter, filter), attrs: s.userAttrs(),
		deref: s.profile.deref, atMost: atMost,
	})
}

// nameFilter asks for every attribute that the name may be in, and for both spellings of its characters.
func nameFilter(tiers [][]string, name string) string {
	var parts []string
	for _, attribute := range slices.Concat(tiers...) {
		for _, form := range forms(name) {
			parts = append(parts, equals(attribute, form))
		}
	}
	return anyOf(parts...)
}

// bestMatches keeps the entries of the most reliable tier that has any. Servers compare more loosely than people expect
// (accents, spaces), so what they found is compared again.
func bestMatches(entries []*ldap.Entry, tiers [][]string, name string) []*ldap.Entry {
	for _, tier := range tiers {
		var matches []*ldap.Entry
		for _, entry := range entries {
			if slices.ContainsFunc(
				tier,
				func(attribute string) bool { return names.Index(values(entry, attribute), name) >= 0 },
			) {
				matches = append(matches, entry)
			}
		}
		if len(matches) > 0 {
			return matches
		}
	}
	return nil
}

func (c *Client) filterUsers(ctx context.Context, filter, baseDN string) ([]User, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	bases := s.baseDNs()
	if baseDN != "" {
		bases = []string{baseDN}
	}
	if filter = onOneLine(filter); filter == "" {
		entries, err := c.searchUsers(ctx, s, bases, "", 0)
		return s.toUsers(entries), err
	}
	if err := checkFilter(filter); err != nil {
		return nil, err
	}
	entries, err := c.searchUsers(ctx, s, bases, inBothForms(filter), 0)
	return s.toUsers(entries), err
}

func (c *Client) userByDN(ctx context.Context, dn string) ([]User, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	entry, err := c.entry(ctx, s, dn, s.profile.userFilter, append(s.userAttrs(), "memberOf", "gidNumber"))
	if err != nil {
		return nil, err
	}
	user := s.toUser(entry)
	if user.Groups, err = c.groupsOf(ctx, s, entry); err != nil {
		return nil, err
	}
	return []User{user}, nil
}

// Exists returns nil if there is an entry with the DN, whatever it is, and ErrBaseNotFound if there is none.
func (c *Client) Exists(ctx context.Context, dn string) error {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return err
	}
	_, err = c.searchBelow(
		ctx,
		[]string{dn},
		query{scope: ldap.ScopeBaseObject, filter: "(objectClass=*)", attrs: []string{"1.1"}, deref: s.profile.deref},
	)
	return err
}

// entry reads one entry by its DN; it must match the filter. It returns ErrNotFound, or ErrBadDN for what is no DN.
func (c *Client) entry(ctx context.Context, s server, dn, filter string, attrs []string) (*ldap.Entry, error) {
	if parsed, err := parseDN(dn); err != nil || len(parsed.RDNs) == 0 {
		return nil, fault(
			ErrBadDN,
			"dn",
			err,
			"%q is not a distinguished name, such as cn=James Porter,ou=people,dc=example,dc=com.",
			dn,
		)
	}
	for _, form := range forms(dn) {
		entries, err := c.search(
			ctx,
			query{base: form, scope: ldap.ScopeBaseObject, filter: filter, attrs: attrs, deref: s.profile.deref},
		)
		switch {
		case isAbsent(err):
		case err != nil:
			return nil, c.explainSearch(err, dn)
		case len(entries) > 0:
			return entries[0], nil
		}
	}
	return nil, notFound(dn)
}

func notFound(dn string) error {
	return &Error{
		Kind: ErrNotFound, Attribute: "dn", Cause: errors.New("no such object"),
		Message: strconv.Quote(dn) + " is not in the directory, is of another kind, or ldap.bind_dn may not see it. " +
			"Referrals to other servers are not followed.",
	}
}

// userAttrs are what is read of people.
func (s server) userAttrs() []string {
	attrs := append(slices.Concat(s.profile.userNames...), "telephoneNumber", "objectClass", s.profile.guid)
	attrs = append(attrs, disabledAttributes...)
	if s.isActiveDirectory() {
		attrs = append(attrs, "objectSid", "primaryGroupID", "sAMAccountType")
	}
	return attrs
}

// anyAttrs are what is read of a member that may be a person or a group.
func (s server) anyAttrs() []string {
	return unique(append(append(s.userAttrs(), s.profile.memberAttrs()...), "aliasedObjectName"))
}

func (s server) isActiveDirectory() bool { return s.schema == SchemaActiveDirectory }

func (s server) toUsers(entries []*ldap.Entry) []User {
	users := make([]User, 0, len(entries))
	for _, entry := range entries {
		users = append(users, s.toUser(entry))
	}
	sortUsers(users)
	return users
}

func sortUsers(users []User) {
	slices.SortFunc(
		users,
		func(a, b User) int { return cmp.Or(names.Compare(a.Username, b.Username), cmp.Compare(a.DN, b.DN)) },
	)
}

func (s server) toUser(entry *ldap.Entry) User {
	user := User{
		DN:          entry.DN,
		Username:    Legible(cmp.Or(named(entry, s.profile.login), named(entry, "cn"))),
		DisplayName: Legible(cmp.Or(first(entry, "displayName"), named(entry, "cn"))),
		Email:       Legible(first(entry, "mail")),
		Telephone:   Legible(first(entry, "telephoneNumber")),
		SID:         sidOf(entry),
		GUID:        Legible(s.guidOf(entry)),
	}
	user.Disabled, user.DisabledReason = disabled(entry, time.Now())
	user.DisabledReason = Legible(user.DisabledReason)
	return user
}
