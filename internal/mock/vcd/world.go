// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"slices"
)

// How tests change and read the server's data without a request.

// AddOrg adds an organization with the usual roles and an administrator, with an LDAP service or without one.
func (s *Server) AddOrg(name string, ldap bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &organization{
		uuid: newUUID(), name: name, ldap: ldap, byID: map[string]*User{}, byName: map[string]*User{}, nameKey: s.nameKey,
	}
	for _, r := range []string{RoleOrgAdmin, RoleVAppAuthor, RoleVAppUser, RoleConsole, RoleDefer} {
		o.roles = append(o.roles, role{uuid: newUUID(), name: r})
	}
	admin := Username
	if name == SystemOrg {
		admin = ProviderUsername
	}
	o.add(&User{ID: "urn:vcloud:user:" + newUUID(), Username: admin, ProviderType: TypeLocal, Enabled: true,
		Roles: []string{RoleOrgAdmin}})
	s.orgs = append(s.orgs, o)
}

// RemoveOrg removes an organization and everything in it.
func (s *Server) RemoveOrg(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orgs = slices.DeleteFunc(s.orgs, func(o *organization) bool { return o.name == name })
}

// OrgUUID is the bare UUID of an organization, "" when there is none of that name.
func (s *Server) OrgUUID(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.org(name); o != nil {
		return o.uuid
	}
	return ""
}

// AddRole adds a role to an organization.
func (s *Server) AddRole(org, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.org(org); o != nil {
		o.roles = append(o.roles, role{uuid: newUUID(), name: name})
	}
}

// RenameRole gives a role another name.
func (s *Server) RenameRole(org, old, renamed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.org(org)
	if o == nil {
		return
	}
	for i := range o.roles {
		if o.roles[i].name == old {
			o.roles[i].name = renamed
		}
	}
	for _, u := range o.users {
		if i := slices.Index(u.Roles, old); i >= 0 {
			u.Roles[i] = renamed
		}
	}
}

// AddUser puts users into an organization as if another client had made them. Defaults: an ID, the
// role vApp User, provider type LDAP.
func (s *Server) AddUser(org string, users ...User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.org(org)
	if o == nil {
		return
	}
	for _, u := range users {
		if u.ID == "" {
			u.ID = "urn:vcloud:user:" + newUUID()
		}
		if u.Roles == nil {
			u.Roles = []string{RoleVAppUser}
		}
		if u.ProviderType == "" {
			u.ProviderType = TypeLDAP
		}
		if u.NameInSource == "" && u.ProviderType != TypeLocal {
			u.NameInSource = escapedBytes(u.Username)
		}
		o.add(&u)
	}
}

// AddGroup puts a group into an organization as if another client had imported it.
func (s *Server) AddGroup(org string, g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.org(org)
	if o == nil {
		return
	}
	if g.ID == "" {
		g.ID = "urn:vcloud:group:" + newUUID()
	}
	if g.Roles == nil {
		g.Roles = []string{RoleVAppUser}
	}
	if g.ProviderType == "" {
		g.ProviderType = TypeLDAP
	}
	if g.NameInSource == "" {
		g.NameInSource = escapedBytes(g.Name)
	}
	o.groups = append(o.groups, &g)
}

// User is a copy of a user, found by the exact name, else by one that differs in spelling alone.
func (s *Server) User(org, name string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(org, name); u != nil {
		return *u, true
	}
	return User{}, false
}

// Users are copies of an organization's users, in the order in which they came.
func (s *Server) Users(org string) []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var users []User
	if o := s.org(org); o != nil {
		for _, u := range o.users {
			users = append(users, *u)
		}
	}
	return users
}

// Groups are copies of an organization's groups.
func (s *Server) Groups(org string) []Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	var groups []Group
	if o := s.org(org); o != nil {
		for _, g := range o.groups {
			groups = append(groups, *g)
		}
	}
	return groups
}

// Change changes a user by hand, as in the server's own user interface: lock them, disable them, give them VMs. It does
// nothing when there is no such user. Names and provider types stay.
func (s *Server) Change(org, name string, change func(*User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(org, name); u != nil {
		change(u)
	}
}

// ChangeGroup changes a group by hand, as Change does a user.
func (s *Server) ChangeGroup(org, name string, change func(*Group)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.org(org)
	if o == nil {
		return
	}
	for _, g := range o.groups {
		if sameFolded(g.Name, name) {
			change(g)
		}
	}
}

// RenameUser gives a user another name by hand, as a remap in the server's own user interface does. Id and property
// stay.
func (s *Server) RenameUser(org, name, renamed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(org, name); u != nil {
		s.org(org).rekey(u, func() { u.Username = renamed })
	}
}

// RenameGroup gives a group another name by hand.
func (s *Server) RenameGroup(org, name, renamed string) {
	s.ChangeGroup(org, name, func(g *Group) { g.Name = renamed })
}

// CanLogIn tells whether a person can log in with the account of that name.
func (s *Server) CanLogIn(org, name string) bool {
	u, ok := s.User(org, name)
	return ok && u.Enabled && !u.Locked && !u.Stranded && !u.WrongSpelling
}

// VMs tells who owns each virtual machine of an organization, by its name. A lost machine is not in the map.
func (s *Server) VMs(org string) map[string]string {
	owners := map[string]string{}
	for _, u := range s.Users(org) {
		for _, vm := range slices.Concat(u.PoweredOffVMs, u.RunningVMs) {
			owners[vm] = u.Username
		}
	}
	return owners
}

// RemoveUser deletes a user by hand. It does not count as a Deletion.
func (s *Server) RemoveUser(org, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(org, name); u != nil {
		s.org(org).remove(u)
	}
}

// RemoveGroup deletes a group by hand; its users stay.
func (s *Server) RemoveGroup(org, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.org(org); o != nil {
		o.groups = slices.DeleteFunc(o.groups, func(g *Group) bool { return sameFolded(g.Name, name) })
	}
}

// Login plays a user's login, at which they join the lists of imported groups that the directory has them in.
func (s *Server) Login(org, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(org, name); u != nil {
		s.joinGroups(context.Background(), s.org(org), u)
	}
}

// Deletions lists the users deleted through either interface, with the VMs that went with them.
func (s *Server) Deletions() []Deletion {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deletions)
}

// LostVMs are the VMs that went with a deleted user.
func (s *Server) LostVMs() []string {
	var lost []string
	for _, d := range s.Deletions() {
		lost = append(lost, d.LostVMs...)
	}
	return lost
}

func (s *Server) org(name string) *organization {
	for _, o := range s.orgs {
		if o.name == name {
			return o
		}
	}
	return nil
}

func (s *Server) orgByUUID(uuid string) *organization {
	for _, o := range s.orgs {
		if o.uuid == uuid {
			return o
		}
	}
	return nil
}

func (s *Server) find(org, name string) *User {
	o := s.org(org)
	if o == nil {
		return nil
	}
	for _, providerType := range []string{TypeLDAP, TypeSAML, TypeOAuth, TypeLocal} {
		if u := o.byName[o.nameKey(providerType, name)]; u != nil {
			return u
		}
	}
	for _, u := range o.users {
		if sameFolded(u.Username, name) {
			return u
		}
	}
	return nil
}
