// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

var _ people.Directory = (*Directory)(nil)

// Groups implements [people.Directory].
func (d *Directory) Groups(context.Context) ([]people.Group, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var groups []people.Group
	for _, n := range d.nodes {
		if e := n.entry; isGroup(e) {
			groups = append(groups, people.Group{
				ID: cmp.Or(sidText(e.first("objectSid")), e.dn), Name: e.first("cn"), DN: e.dn,
				Description: e.first("description"),
			})
		}
	}
	return groups, nil
}

// GroupUsers implements [people.Directory]: the direct members who are people, contacts among them. Of several groups
// with the name it takes the first.
func (d *Directory) GroupUsers(_ context.Context, group string) ([]people.User, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	g := d.findGroup(group)
	if g == nil {
		return nil, fmt.Errorf("%q: %w", group, people.ErrNoGroup)
	}
	if err := d.broken[people.Fold(group)]; err != nil {
		return nil, err
	}
	members := d.memberNodes(g.entry)
	users := make([]people.User, 0, len(members))
	for _, n := range members {
		if n.person != nil {
			users = append(users, *n.person)
		}
	}
	return users, nil
}

// FindUser implements [people.Directory].
func (d *Directory) FindUser(_ context.Context, username string) (people.User, bool, error) {
	found, ok := d.User(username)
	return found, ok, nil
}

// User returns the person of that username.
func (d *Directory) User(username string) (people.User, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n := d.findUser(username)
	if n == nil {
		return people.User{}, false
	}
	return *n.person, true
}

// HasMember tells whether a person is in a group, as a direct member.
func (d *Directory) HasMember(group, username string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	g, n := d.findGroup(group), d.findUser(username)
	return g != nil && n != nil && slices.Contains(d.groupsOf(n.entry), g)
}

// SearchUsers implements [people.Directory].
func (d *Directory) SearchUsers(_ context.Context, contains string) ([]people.User, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	contains = people.Fold(contains)
	var found []people.User
	for _, n := range d.index["objectclass"]["person"] {
		person := n.person
		if person == nil || person.Username == "" {
			continue
		}
		for _, text := range []string{person.Username, person.DisplayName, person.Email} {
			if strings.Contains(people.Fold(text), contains) {
				found = append(found, *person)
				break
			}
		}
	}
	return found, nil
}

// findUser is nil where there is no such person. The caller holds the lock.
func (d *Directory) findUser(username string) *node {
	return d.findBy(username, []string{"samaccountname", "uid"}, isPerson)
}

// findGroup is nil where there is no such group. The caller holds the lock.
func (d *Directory) findGroup(name string) *node {
	return d.findBy(name, []string{"samaccountname", "cn"}, isGroup)
}

// findBy takes a name in either encoding of its letters. LDAP clients of the server must ask for the right one. Of
// several entries, one with exactly this spelling comes first.
func (d *Directory) findBy(name string, attrs []string, is func(*entry) bool) *node {
	for _, attr := range attrs {
		for _, n := range d.index[attr][people.FoldCase(name)] {
			if is(n.entry) && n.entry.first(attr) == name {
				return n
			}
		}
	}
	for _, form := range []string{name, norm.NFC.String(name), norm.NFD.String(name)} {
		for _, attr := range attrs {
			for _, n := range d.index[attr][people.FoldCase(form)] {
				if is(n.entry) {
					return n
				}
			}
		}
	}
	return nil
}

func isGroup(e *entry) bool {
	return slices.ContainsFunc([]string{"group", "groupOfNames", "groupOfUniqueNames", "posixGroup"}, e.hasClass)
}

func isPerson(e *entry) bool {
	return (e.hasClass("person") || e.hasClass("posixAccount")) && !e.hasClass("computer")
}

func username(e *entry) string { return cmp.Or(e.first("sAMAccountName"), e.first("uid")) }

func user(e *entry) people.User {
	return people.User{
		ID: cmp.Or(sidText(e.first("objectSid")), username(e)), Username: username(e),
		DisplayName: e.first("displayName"), DN: e.dn, Email: e.first("mail"), Telephone: e.first("telephoneNumber"),
		Domain: domain(e.key), Disabled: e.first("userAccountControl") == disabledAccount,
	}
}

// domain is the first domain component of a DN's key in capitals: what the NetBIOS name of a domain usually is.
func domain(key string) string {
	_, rest, _ := strings.Cut(key, dnSeparator+"dc=")
	first, _, _ := strings.Cut(rest, dnSeparator)
	return strings.ToUpper(first)
}
