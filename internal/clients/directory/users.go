package directory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/text/unicode/norm"
)

// User is a person. Attributes that the directory does not have, or does not show to the bind account, are empty.
type User struct {
	DN string
	// Username is the login: sAMAccountName or uid.
	Username string
	// DisplayName is displayName, else cn.
	DisplayName string
	Email       string
	Telephone   string
	// SID is objectSid as text (S-1-5-21-…), Active Directory only.
	SID string
	// GUID is objectGUID or entryUUID as text.
	GUID string
	// Disabled is nil where the server has no notion of it.
	Disabled *bool
	// Groups are the DNs of the groups that list the person, the primary group among them; nested ones are not followed. Only
	// [Client.User] fills it.
	Groups []string
}

// FindUsers returns whoever goes by exactly this name, without regard to case: by login (sAMAccountName, uid,
// userPrincipalName), else by mail, else by cn or displayName. More than one means that the name is ambiguous; none is no error.
func (c *Client) FindUsers(ctx context.Context, name string) ([]User, error) {
	users, err := c.users.get(ctx, "name "+name, func(ctx context.Context) ([]User, error) { return c.findUsers(ctx, name) })
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

// Users returns the people that the filter selects below baseDN, sorted by username. An empty filter selects everybody, an
// empty baseDN is the client's.
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
	entries, err := c.search(ctx, query{
		base: s.baseDN, scope: ldap.ScopeWholeSubtree, attrs: s.userAttrs(),
		filter: allOf(s.profile.userFilter, nameFilter(s.profile.userNames, name)),
	})
	if err != nil {
		return nil, c.explainSearch(err, s.baseDN)
	}
	return s.toUsers(bestMatches(entries, s.profile.userNames, name)), nil
}

// nameFilter asks for every attribute that the name may be in.
func nameFilter(tiers [][]string, name string) string {
	var parts []string
	for _, attribute := range slices.Concat(tiers...) {
		parts = append(parts, equals(attribute, name))
	}
	return anyOf(parts...)
}

// bestMatches keeps the entries of the surest tier that has any. Servers compare more loosely than people expect (accents,
// spaces), so what they found is compared again.
func bestMatches(entries []*ldap.Entry, tiers [][]string, name string) []*ldap.Entry {
	for _, tier := range tiers {
		var matches []*ldap.Entry
		for _, entry := range entries {
			if slices.ContainsFunc(tier, func(attribute string) bool { return hasValue(entry, attribute, name) }) {
				matches = append(matches, entry)
			}
		}
		if len(matches) > 0 {
			return matches
		}
	}
	return nil
}

func hasValue(entry *ldap.Entry, attribute, value string) bool {
	return slices.ContainsFunc(entry.GetEqualFoldAttributeValues(attribute), func(v string) bool { return sameName(v, value) })
}

func sameName(a, b string) bool {
	return strings.EqualFold(norm.NFC.String(a), norm.NFC.String(b))
}

func (c *Client) filterUsers(ctx context.Context, filter, baseDN string) ([]User, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	wanted := s.profile.userFilter
	if filter = strings.TrimSpace(filter); filter != "" {
		if err := checkFilter(filter); err != nil {
			return nil, err
		}
		wanted = allOf(wanted, filter)
	}
	base := cmp.Or(baseDN, s.baseDN)
	entries, err := c.search(ctx, query{base: base, scope: ldap.ScopeWholeSubtree, filter: wanted, attrs: s.userAttrs()})
	if err != nil {
		return nil, c.explainSearch(err, base)
	}
	return s.toUsers(entries), nil
}

func (c *Client) userByDN(ctx context.Context, dn string) ([]User, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	entry, err := c.entry(ctx, dn, s.profile.userFilter, append(s.userAttrs(), "memberOf", "primaryGroupID", "gidNumber"))
	if err != nil {
		return nil, err
	}
	user := s.toUser(entry)
	if user.Groups, err = c.groupsOf(ctx, s, entry); err != nil {
		return nil, err
	}
	return []User{user}, nil
}

// entry reads one entry by its DN; it must match the filter. It returns ErrNotFound, or ErrBadDN for what is no DN.
func (c *Client) entry(ctx context.Context, dn, filter string, attrs []string) (*ldap.Entry, error) {
	if parsed, err := ldap.ParseDN(dn); err != nil || len(parsed.RDNs) == 0 {
		return nil, fault(ErrBadDN, "dn", err, "%q is not a distinguished name, such as cn=James Porter,ou=people,dc=example,dc=com.", dn)
	}
	entries, err := c.search(ctx, query{base: dn, scope: ldap.ScopeBaseObject, filter: filter, attrs: attrs})
	if ldap.IsErrorAnyOf(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultReferral, ldap.LDAPResultInvalidDNSyntax) {
		return nil, notFound(dn)
	}
	if err != nil {
		return nil, c.explainSearch(err, dn)
	}
	if len(entries) == 0 {
		return nil, notFound(dn)
	}
	return entries[0], nil
}

func notFound(dn string) error {
	return &Error{
		Kind: ErrNotFound, Attribute: "dn", Cause: errors.New("no such object"),
		Message: strconv.Quote(dn) + " is not in the directory, is of another kind, or ldap.bind_dn may not see it. Referrals to other servers are not followed.",
	}
}

func (s server) userAttrs() []string {
	attrs := append(slices.Concat(s.profile.userNames...), "telephoneNumber", s.profile.guid)
	if s.schema == SchemaActiveDirectory {
		attrs = append(attrs, "objectSid", "userAccountControl")
	}
	return attrs
}

func (s server) toUsers(entries []*ldap.Entry) []User {
	users := make([]User, 0, len(entries))
	for _, entry := range entries {
		users = append(users, s.toUser(entry))
	}
	sortUsers(users)
	return users
}

func sortUsers(users []User) {
	slices.SortFunc(users, func(a, b User) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Username), strings.ToLower(b.Username)), cmp.Compare(a.DN, b.DN))
	})
}

func (s server) toUser(entry *ldap.Entry) User {
	get := entry.GetEqualFoldAttributeValue
	user := User{
		DN:          entry.DN,
		Username:    cmp.Or(get(s.profile.login), get("cn")),
		DisplayName: cmp.Or(get("displayName"), get("cn")),
		Email:       get("mail"),
		Telephone:   get("telephoneNumber"),
		SID:         sidOf(entry),
		GUID:        s.guidOf(entry),
	}
	if flags, err := strconv.ParseInt(get("userAccountControl"), 10, 64); err == nil {
		const accountDisabled = 0x2 // ADS_UF_ACCOUNTDISABLE
		disabled := flags&accountDisabled != 0
		user.Disabled = &disabled
	}
	return user
}
