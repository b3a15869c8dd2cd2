// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// store is the server's state. Users in byID are never changed under a read lock; they come and go in ascending order
// of id.
type store struct {
	mu        sync.RWMutex
	options   Options
	users     []*User // ascending by id
	byID      map[int64]*User
	byName    map[string]*User // by key
	bySid     map[string]*User // ImportedSid
	groups    map[int64]*UserGroup
	passwords map[string]string
	refused   map[string]string // key of a name -> reason
	sandboxes map[int64]int
	nextUser  int64
	nextGroup int64

	domains       []*Domain
	access        map[int64]map[string]bool // by group and domain: whether view-only
	refusedGroups map[string]string         // key of a name -> reason
}

// UserGroup is a CloudShell group, not one of the directory.
type UserGroup struct {
	ID              int64
	Name, Sid       string
	Description     string
	ViewOnly        bool
	GroupType, Role string
}

func newStore(o Options) *store {
	s := &store{
		options: o, byID: map[int64]*User{}, byName: map[string]*User{}, bySid: map[string]*User{},
		groups: map[int64]*UserGroup{}, passwords: map[string]string{key(o.Username): o.Password},
		refused: map[string]string{}, sandboxes: map[int64]int{}, nextUser: 1, nextGroup: 2,
		access: map[int64]map[string]bool{}, refusedGroups: map[string]string{},
	}
	s.addDomain(GlobalDomain)
	s.groups[GroupSystemAdministrators] = &UserGroup{
		ID: GroupSystemAdministrators, Name: "System Administrators", Sid: newSid("group", -1), GroupType: "BuiltIn",
		Role: "SystemAdmin",
	}
	s.groups[GroupEveryone] = &UserGroup{
		ID: GroupEveryone, Name: "Everyone", Sid: newSid("group", 1), GroupType: "BuiltIn", Role: "Regular",
	}
	return s
}

// AddLocalUser adds a user who does not come from the directory.
func (s *Server) AddLocalUser(username string) User {
	return s.store.addLocal(username, false)
}

// AddImportedUser adds a user as an earlier import would have left them. The person's ID becomes their ImportedSid.
func (s *Server) AddImportedUser(p people.User) User {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.addPerson(p).clone()
}

// AddGroup adds a CloudShell group.
func (s *Server) AddGroup(name string) UserGroup {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return *s.store.newGroup(name)
}

// RemoveGroup removes a CloudShell group; its members leave it.
func (s *Server) RemoveGroup(name string) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for id, group := range s.store.groups {
		if key(group.Name) == key(name) {
			s.store.removeGroup(id)
		}
	}
}

// Groups returns the CloudShell groups in the order of their ids.
func (s *Server) Groups() []UserGroup {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	var groups []UserGroup
	for _, id := range slices.Sorted(maps.Keys(s.store.groups)) {
		groups = append(groups, *s.store.groups[id])
	}
	return groups
}

// Users returns all users in the order of their ids.
func (s *Server) Users() []User {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	users := make([]User, len(s.store.users))
	for i, u := range s.store.users {
		users[i] = u.clone()
	}
	return users
}

// User returns the user of that name, compared without regard to case.
func (s *Server) User(username string) (User, bool) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	u, ok := s.store.byName[key(username)]
	if !ok {
		return User{}, false
	}
	return u.clone(), true
}

// ChangeUser edits a user behind the client's back, as another administrator would: anything but ID, Username and
// ImportedSid. IsAdmin decides on the group of administrators. It reports whether there is such a user.
func (s *Server) ChangeUser(username string, edit func(*User)) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	u, ok := s.store.byName[key(username)]
	if ok {
		edit(u)
		slices.Sort(u.GroupIDs)
		u.setGroup(GroupSystemAdministrators, u.IsAdmin)
	}
	return ok
}

// RenameUser gives a user another name behind the client's back. It reports whether that was possible.
func (s *Server) RenameUser(username, renamed string) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	u, ok := s.store.byName[key(username)]
	if _, taken := s.store.byName[key(renamed)]; !ok || taken {
		return false
	}
	delete(s.store.byName, key(username))
	u.Username = renamed
	s.store.byName[key(renamed)] = u
	return true
}

// RemoveUser deletes a user behind the client's back. It reports whether there was one.
func (s *Server) RemoveUser(username string) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	u, ok := s.store.byName[key(username)]
	if ok {
		s.store.remove(u)
	}
	return ok
}

// OwnSandbox makes a user own so many sandboxes; while they do, Options.Sandboxes says whether they can be deleted.
func (s *Server) OwnSandbox(username string, sandboxes int) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if u, ok := s.store.byName[key(username)]; ok {
		s.store.sandboxes[u.ID] = sandboxes
	}
}

// RefuseImport makes the import of the person with this user name fail with the reason; an empty reason ends that.
func (s *Server) RefuseImport(username, reason string) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if reason == "" {
		delete(s.store.refused, key(username))
		return
	}
	s.store.refused[key(username)] = reason
}

func (s *store) addLocal(username string, admin bool) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.newUser(username)
	u.setGroup(GroupSystemAdministrators, admin)
	s.add(u)
	return u.clone()
}

// addPerson adds an imported user; the lock is held.
func (s *store) addPerson(p people.User) *User {
	u := s.newUser(p.Username)
	u.Email, u.DomainName, u.ImportedSid = p.Email, p.Domain, p.ID
	u.IsActive = !p.Disabled || s.options.Disabled != DisabledInactive
	s.add(u)
	return u
}

// newUser makes a user with the server's defaults, not yet in the store.
func (s *store) newUser(username string) *User {
	id := s.nextUser
	s.nextUser++
	return &User{
		ID: id, Sid: newSid("user", id), Username: username, IsActive: true, GroupIDs: []int64{GroupEveryone},
		MaxDuration: new(defaultReservationMinutes), MaxReserved: new(defaultLimit), MaxScheduled: new(defaultLimit),
		MaxOwned: new(defaultLimit), Extra: maps.Clone(s.options.ExtraFields),
	}
}

func (s *store) add(u *User) {
	s.users = append(s.users, u)
	s.byID[u.ID] = u
	s.byName[key(u.Username)] = u
	if u.IsImported() {
		s.bySid[u.ImportedSid] = u
	}
}

func (s *store) remove(u *User) {
	if at, ok := s.position(u.ID); ok {
		s.users = slices.Delete(s.users, at, at+1)
	}
	delete(s.byID, u.ID)
	delete(s.byName, key(u.Username))
	delete(s.bySid, u.ImportedSid)
	delete(s.sandboxes, u.ID)
}

// position finds where the user with the id is, or would be, in users.
func (s *store) position(id int64) (int, bool) {
	return slices.BinarySearchFunc(s.users, id, func(u *User, id int64) int { return cmp.Compare(u.ID, id) })
}

// existing finds the user that a directory entry belongs to; the lock is held.
func (s *store) existing(p people.User) (*User, bool) {
	if s.options.Match == MatchBySid {
		if u, ok := s.bySid[p.ID]; ok {
			return u, true
		}
	}
	u, ok := s.byName[key(p.Username)]
	return u, ok
}

func (s *store) active(username string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, ok := s.byName[key(username)]
	return ok && u.IsActive
}

func (s *store) admin(username string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, ok := s.byName[key(username)]
	return ok && u.IsActive && u.IsAdmin
}

// newSid makes a UUID that is the same in every run.
func newSid(kind string, id int64) string {
	variant := 0xa000
	if kind == "group" {
		variant = 0xb000
	}
	return fmt.Sprintf("750ad20a-ccf7-4185-%04x-%012x", variant, uint64(id)&0xffffffffffff)
}

// key is the form in which CloudShell compares names: by full case folding, but each encoding of a character apart.
func key(name string) string { return people.FoldCase(name) }
