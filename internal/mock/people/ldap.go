// SPDX-License-Identifier: MPL-2.0

package people

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// LDAP is the directory that an LDAP server holds. Groups list direct members unless Nested.
type LDAP struct {
	client *directory.Client
	// Nested counts the members of groups inside a group too.
	Nested bool
}

var _ Directory = (*LDAP)(nil)

// FromLDAP reads from an LDAP server. The client should not cache (directory.Config.NoCache), so that changes show at
// once.
func FromLDAP(client *directory.Client) *LDAP {
	return &LDAP{client: client}
}

// Groups implements Directory.
func (l *LDAP) Groups(ctx context.Context) ([]Group, error) {
	found, err := l.client.Groups(ctx)
	if err != nil {
		return nil, err
	}
	groups := make([]Group, len(found))
	for i, g := range found {
		groups[i] = Group{ID: cmp.Or(g.SID, g.DN), Name: g.Name, DN: g.DN, Description: g.Description}
	}
	return groups, nil
}

// GroupUsers implements Directory. Of several groups with the name it takes the first: the platforms' interfaces
// address groups by name.
func (l *LDAP) GroupUsers(ctx context.Context, group string) ([]User, error) {
	found, err := l.client.FindGroups(ctx, group)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%q: %w", group, ErrNoGroup)
	}
	members, err := l.client.Members(ctx, found[0].DN, directory.MemberOptions{Nested: l.Nested, IncludeDisabled: true})
	if err != nil {
		return nil, err
	}
	return users(members.People), nil
}

// FindUser implements Directory.
func (l *LDAP) FindUser(ctx context.Context, username string) (User, bool, error) {
	found, err := l.client.FindUsers(ctx, username)
	if err != nil {
		return User{}, false, err
	}
	for _, u := range found {
		if Fold(u.Username) == Fold(username) {
			return user(u), true, nil
		}
	}
	return User{}, false, nil
}

// SearchUsers implements Directory.
func (l *LDAP) SearchUsers(ctx context.Context, contains string) ([]User, error) {
	var filter strings.Builder
	for _, attribute := range []string{"sAMAccountName", "uid", "cn", "displayName", "mail"} {
		fmt.Fprintf(&filter, "(%s=*%s*)", attribute, goldap.EscapeFilter(contains))
	}
	found, err := l.client.Users(ctx, "(|"+filter.String()+")", "")
	if err != nil {
		return nil, err
	}
	return users(found), nil
}

func users(found []directory.User) []User {
	converted := make([]User, len(found))
	for i, u := range found {
		converted[i] = user(u)
	}
	return converted
}

func user(u directory.User) User {
	return User{
		ID: cmp.Or(u.SID, u.Username), Username: u.Username, DisplayName: u.DisplayName, DN: u.DN, Email: u.Email,
		Telephone: u.Telephone, Domain: domain(u.DN), Disabled: u.Disabled != nil && *u.Disabled,
	}
}

// domain is the first domain component of a distinguished name in capitals, which is what the NetBIOS name of a domain
// usually is; empty where there is none.
func domain(dn string) string {
	parsed, err := goldap.ParseDN(dn)
	if err != nil {
		return ""
	}
	for _, rdn := range parsed.RDNs {
		if first := rdn.Attributes[0]; strings.EqualFold(first.Type, "DC") {
			return strings.ToUpper(first.Value)
		}
	}
	return ""
}
