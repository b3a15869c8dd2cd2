// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	goldap "github.com/go-ldap/ldap/v3"
)

// ErrNoSuchEntry says that no person or group has the name.
var ErrNoSuchEntry = errors.New("no such entry")

// User is a person to add. Empty fields are left out of the entry; DisplayName falls back to Username.
type User struct {
	Username, DisplayName, Email, Telephone string
	// SID is the text form of objectSid; empty = the next free one (Active Directory only).
	SID string
	// Disabled sets bit 2 of userAccountControl (Active Directory only).
	Disabled bool
}

// AddUser puts a person below OU=People, or below the base where there is no such unit.
func (s *Server) AddUser(u User) error {
	if u.DisplayName == "" {
		u.DisplayName = u.Username
	}
	var attrs []ldifAttr
	add := func(name, value string) {
		if value != "" {
			attrs = append(attrs, ldifAttr{name, value})
		}
	}
	classes := []string{"top", "person", "organizationalPerson", "inetOrgPerson"}
	login := "uid"
	if s.isActiveDirectory() {
		classes = []string{"top", "person", "organizationalPerson", "user"}
		login = "sAMAccountName"
		add("userPrincipalName", u.Username+"@lab.example")
		add("objectSid", u.SID)
		if u.Disabled {
			add("userAccountControl", "514")
		}
	}
	for _, class := range classes {
		add("objectClass", class)
	}
	add("cn", u.DisplayName)
	add("sn", u.DisplayName)
	add(login, u.Username)
	add("displayName", u.DisplayName)
	add("mail", u.Email)
	add("telephoneNumber", u.Telephone)
	return s.store.add(ldifEntry{dn: s.place("CN", u.DisplayName, "People"), attrs: attrs})
}

// AddGroup puts an empty group below OU=Groups, or below the base where there is no such unit.
func (s *Server) AddGroup(name string) error {
	attrs := []ldifAttr{{"objectClass", "top"}, {"cn", name}}
	switch s.options.Schema {
	case SchemaActiveDirectory:
		attrs = append(attrs, ldifAttr{"objectClass", "group"}, ldifAttr{"sAMAccountName", name})
	case SchemaRFC2307:
		attrs = append(attrs, ldifAttr{"objectClass", "posixGroup"}, ldifAttr{"gidNumber", "100"})
	default:
		attrs = append(attrs, ldifAttr{"objectClass", "groupOfNames"})
	}
	return s.store.add(ldifEntry{dn: s.place("CN", name, "Groups"), attrs: attrs})
}

// DeleteUser removes the person and, as Active Directory does, the links to them.
func (s *Server) DeleteUser(username string) error { return s.delete(s.findUser, username) }

// DeleteGroup removes the group and the links to it.
func (s *Server) DeleteGroup(name string) error { return s.delete(s.findGroup, name) }

func (s *Server) delete(find func(string) (*node, error), name string) error {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	n, err := find(name)
	if err != nil {
		return err
	}
	for _, group := range slices.Clone(s.store.groupsOf(n.entry)) {
		s.store.unlink(group, n.entry)
	}
	s.store.remove(n)
	return nil
}

// RenameUser changes the login name; the person stays the same: DN, SID and memberships are kept.
func (s *Server) RenameUser(from, to string) error {
	if !s.isActiveDirectory() {
		return s.SetUserAttribute(from, "uid", to)
	}
	return errors.Join(
		s.SetUserAttribute(from, "userPrincipalName", to+"@lab.example"),
		s.SetUserAttribute(from, "sAMAccountName", to),
	)
}

// SetUserAttribute gives the attribute this value alone; an empty value removes it.
func (s *Server) SetUserAttribute(username, name, value string) error {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	n, err := s.findUser(username)
	if err != nil {
		return err
	}
	var values []string
	if value != "" {
		values = []string{value}
	}
	s.store.replace(n, n.entry.with(name, values...))
	return nil
}

// AddMember puts a person, or else a group of that name, into the group; who is in it already stays in it.
func (s *Server) AddMember(group, member string) error {
	return s.changeMember(group, member, func(g, m *node) {
		if !slices.Contains(s.store.memberNodes(g.entry), m) {
			s.store.replace(g, g.entry.with("member", append(slices.Clone(g.entry.values("member")), m.entry.dn)...))
		}
	})
}

// RemoveMember takes a person or group out of the group.
func (s *Server) RemoveMember(group, member string) error {
	return s.changeMember(group, member, func(g, m *node) { s.store.unlink(g, m.entry) })
}

func (s *Server) changeMember(group, member string, change func(g, m *node)) error {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	g, err := s.findGroup(group)
	if err != nil {
		return err
	}
	m, err := s.findUser(member)
	if errors.Is(err, ErrNoSuchEntry) {
		m, err = s.findGroup(member)
	}
	if err != nil {
		return err
	}
	change(g, m)
	return nil
}

// unlink wants the lock held.
func (st *store) unlink(group *node, member *entry) {
	for _, name := range []string{"member", "uniqueMember"} {
		kept := slices.DeleteFunc(slices.Clone(group.entry.values(name)), func(dn string) bool {
			return compare(name, dn) == member.key
		})
		if len(kept) != len(group.entry.values(name)) {
			st.replace(group, group.entry.with(name, kept...))
		}
	}
}

// findUser wants the lock held.
func (s *Server) findUser(username string) (*node, error) {
	return s.findBy(username, []string{"samaccountname", "uid"}, func(e *entry) bool {
		return e.hasClass("person") || e.hasClass("posixAccount")
	})
}

// findGroup wants the lock held.
func (s *Server) findGroup(name string) (*node, error) {
	return s.findBy(name, []string{"samaccountname", "cn"}, func(e *entry) bool {
		return slices.ContainsFunc([]string{"group", "groupOfNames", "groupOfUniqueNames", "posixGroup"}, e.hasClass)
	})
}

func (s *Server) findBy(name string, attrs []string, is func(*entry) bool) (*node, error) {
	for _, attr := range attrs {
		for _, n := range s.store.index[attr][strings.ToLower(name)] {
			if is(n.entry) {
				return n, nil
			}
		}
	}
	return nil, fmt.Errorf("%q: %w", name, ErrNoSuchEntry)
}

// place is the DN of a new entry. Two people of one name get different DNs, as administrators give them.
func (s *Server) place(attr, name, unit string) string {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	parent := s.baseDN
	if n := s.store.byDN[compare("distinguishedname", "OU="+unit+","+s.baseDN)]; n != nil {
		parent = n.entry.dn
	}
	dn := attr + "=" + goldap.EscapeDN(name) + "," + parent
	if s.store.byDN[compare("distinguishedname", dn)] != nil {
		dn = fmt.Sprintf("%s=%s %d,%s", attr, goldap.EscapeDN(name), time.Now().UnixNano(), parent)
	}
	return dn
}
