// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"cmp"
	"fmt"
	"slices"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// Lab returns a small directory: the group Azure_DevOps_Cloud_Admins with jporter ("James Porter"), asmith and bkhan,
// the group "Lab Operators" with bkhan and cmendez, and dlee in no group. [LabLDIF] is the large one.
func Lab() *Directory {
	d := NewDirectory()
	for _, person := range []people.User{
		{Username: "jporter", DisplayName: "James Porter"},
		{Username: "asmith", DisplayName: "Alice Smith"},
		{Username: "bkhan", DisplayName: "Bilal Khan"},
		{Username: "cmendez", DisplayName: "Carla Mendez"},
		{Username: "dlee", DisplayName: "Dana Lee"},
	} {
		person.Email = person.Username + "@lab.example"
		d.AddUser(person)
	}
	d.AddGroup(people.Group{Name: "Azure_DevOps_Cloud_Admins"}, "jporter", "asmith", "bkhan")
	d.AddGroup(people.Group{Name: "Lab Operators"}, "bkhan", "cmendez")
	return d
}

// AddUser puts people below OU=People, or below the base where there is no such unit. Empty fields are left out of the
// entry; an empty ID is the next free SID (Active Directory only). A person of the same username is replaced; the
// memberships stay. Domain follows from the DN.
func (d *Directory) AddUser(users ...people.User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, u := range users {
		name := cmp.Or(u.DisplayName, u.Username)
		before := d.findUser(u.Username)
		if before != nil {
			e := mustEntry(before.entry.dn, d.userAttributes(u, name))
			d.complete(e)
			d.replace(before, e)
			continue
		}
		d.mustInsert(mustEntry(cmp.Or(u.DN, d.place(name, "People")), d.userAttributes(u, name)))
	}
}

func (d *Directory) userAttributes(u people.User, name string) []ldifAttr {
	var attrs []ldifAttr
	add := func(name, value string) {
		if value != "" {
			attrs = append(attrs, ldifAttr{name, value})
		}
	}
	classes := []string{"top", "person", "organizationalPerson", "inetOrgPerson"}
	login := "uid"
	if d.isActiveDirectory() {
		classes = []string{"top", "person", "organizationalPerson", "user"}
		login = "sAMAccountName"
		add("userPrincipalName", u.Username+"@lab.example")
		add("objectSid", u.ID)
		if u.Disabled {
			add("userAccountControl", disabledAccount)
		}
	}
	for _, class := range classes {
		add("objectClass", class)
	}
	add("cn", name)
	add("sn", name)
	add(login, u.Username)
	add("displayName", u.DisplayName)
	add("mail", u.Email)
	add("telephoneNumber", u.Telephone)
	return attrs
}

// The values of userAccountControl that stand for a normal account.
const enabledAccount, disabledAccount = "512", "514"

// AddGroup puts a group below OU=Groups, or below the base where there is no such unit, with these members (see
// AddMember).
func (d *Directory) AddGroup(g people.Group, members ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	attrs := []ldifAttr{{"objectClass", "top"}, {"cn", g.Name}}
	switch d.schema {
	case SchemaActiveDirectory:
		attrs = append(attrs, ldifAttr{"objectClass", "group"}, ldifAttr{"sAMAccountName", g.Name})
	case SchemaRFC2307:
		attrs = append(attrs, ldifAttr{"objectClass", "posixGroup"}, ldifAttr{"gidNumber", "100"})
	default:
		attrs = append(attrs, ldifAttr{"objectClass", "groupOfNames"})
	}
	if g.Description != "" {
		attrs = append(attrs, ldifAttr{"description", g.Description})
	}
	n := d.mustInsert(mustEntry(cmp.Or(g.DN, d.place(g.Name, "Groups")), attrs))
	entries, _ := d.membersNamed(members)
	d.replace(n, n.entry.withMembers(entries))
}

// AddContact puts an entry without an account name into a group, as a contact or a computer is one.
func (d *Directory) AddContact(group, displayName string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.findGroup(group)
	if g == nil {
		return false
	}
	contact := d.mustInsert(mustEntry(d.place(displayName, "Contacts"), []ldifAttr{
		{"objectClass", "top"}, {"objectClass", "person"}, {"objectClass", "organizationalPerson"},
		{"objectClass", "contact"}, {"cn", displayName}, {"displayName", displayName},
	}))
	d.replace(g, g.entry.withMembers([]*entry{contact.entry}))
	return true
}

// RemoveUser takes a person out of the directory and, as Active Directory does, out of every group. It tells whether
// there is such a person.
func (d *Directory) RemoveUser(username string) bool { return d.removeFound(d.findUser, username) }

// RemoveGroup takes a group out of the directory, and out of the groups that it is in; its members stay. It tells
// whether there is such a group.
func (d *Directory) RemoveGroup(name string) bool { return d.removeFound(d.findGroup, name) }

func (d *Directory) removeFound(find func(string) *node, name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := find(name)
	if n == nil {
		return false
	}
	for _, group := range slices.Clone(d.groupsOf(n.entry)) {
		d.replace(group, group.entry.withoutMembers([]*entry{n.entry}))
	}
	d.remove(n)
	return true
}

// RenameUser gives a person another username; the DN, the SID, details and memberships stay. It tells whether there is
// such a person.
func (d *Directory) RenameUser(from, to string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.findUser(from)
	if n == nil {
		return false
	}
	renamed := n.entry.with("uid", to)
	if d.isActiveDirectory() {
		renamed = n.entry.with("userPrincipalName", to+"@lab.example").with("sAMAccountName", to)
	}
	d.replace(n, renamed)
	return true
}

// SetEmail changes a person's e-mail address; see SetUserAttribute.
func (d *Directory) SetEmail(username, email string) bool {
	return d.SetUserAttribute(username, "mail", email)
}

// SetDisabled switches a person's account of Active Directory off or on; see SetUserAttribute.
func (d *Directory) SetDisabled(username string, disabled bool) bool {
	if disabled {
		return d.SetUserAttribute(username, "userAccountControl", disabledAccount)
	}
	return d.SetUserAttribute(username, "userAccountControl", enabledAccount)
}

// SetUserAttribute gives the attribute this value alone; an empty value removes it. It tells whether there is such a
// person.
func (d *Directory) SetUserAttribute(username, name, value string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.findUser(username)
	if n == nil {
		return false
	}
	var values []string
	if value != "" {
		values = []string{value}
	}
	d.replace(n, n.entry.with(name, values...))
	return true
}

// AddMember puts people, or else groups of that name, into the group; who is in it already stays in it. It tells
// whether the group and all of them exist.
func (d *Directory) AddMember(group string, members ...string) bool {
	return d.changeMembers(group, members, (*entry).withMembers)
}

// RemoveMember takes people or groups out of the group. It tells whether the group and all of them exist.
func (d *Directory) RemoveMember(group string, members ...string) bool {
	return d.changeMembers(group, members, (*entry).withoutMembers)
}

func (d *Directory) changeMembers(
	group string, members []string, changed func(*entry, []*entry) *entry,
) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.findGroup(group)
	if g == nil {
		return false
	}
	entries, all := d.membersNamed(members)
	d.replace(g, changed(g.entry, entries))
	return all
}

// membersNamed finds people and groups. all = false: a name is unknown. The caller holds the lock.
func (d *Directory) membersNamed(names []string) (found []*entry, all bool) {
	all = true
	for _, name := range names {
		n := cmp.Or(d.findUser(name), d.findGroup(name))
		if n == nil {
			all = false
			continue
		}
		found = append(found, n.entry)
	}
	return found, all
}

// BreakGroup makes platforms fail with err to read a group's users; nil ends that.
func (d *Directory) BreakGroup(name string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken[people.Fold(name)] = err
}

// place is the DN of a new entry. Two people of one name get different DNs, as administrators give them. The
// caller holds the lock.
func (d *Directory) place(name, unit string) string {
	parent := d.suffixes[0]
	if n := d.byDN[compare("distinguishedname", "OU="+unit+","+parent)]; n != nil {
		parent = n.entry.dn
	}
	dn := "CN=" + goldap.EscapeDN(name) + "," + parent
	if d.byDN[compare("distinguishedname", dn)] != nil {
		dn = fmt.Sprintf("CN=%s %d,%s", goldap.EscapeDN(name), d.created, parent)
	}
	return dn
}

// mustInsert is for entries whose DN is new. The caller holds the lock.
func (d *Directory) mustInsert(e *entry) *node {
	if err := d.insert(e); err != nil {
		panic(err)
	}
	return d.byDN[e.key]
}

// mustEntry is for a DN that is well formed.
func mustEntry(dn string, attrs []ldifAttr) *entry {
	e, err := newEntry(dn, attrs)
	if err != nil {
		panic(err)
	}
	return e
}
