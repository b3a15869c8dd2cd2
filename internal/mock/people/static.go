// SPDX-License-Identifier: MPL-2.0

package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Static is a directory in memory, quick enough for ten thousand people. Safe for concurrent use.
type Static struct {
	mu      sync.RWMutex
	users   []User
	added   int // people ever added, so that no two ever share an ID
	groups  []Group
	index   map[string]int                 // folded username -> position in users
	members map[string]map[string]struct{} // folded group name -> folded usernames

	subgroups map[string][]string // folded group name -> folded names of the groups in it
	broken    map[string]error    // folded group name -> what reading it fails with
	contacts  map[string][]User   // folded group name -> entries without an account name
	nested    bool
}

var _ Directory = (*Static)(nil)

// NewStatic returns an empty directory.
func NewStatic() *Static {
	return &Static{
		index: map[string]int{}, members: map[string]map[string]struct{}{},
		subgroups: map[string][]string{}, broken: map[string]error{}, contacts: map[string][]User{},
	}
}

// People makes n users ("user0001" and on) for tests that count.
func People(n int) []User {
	users := make([]User, n)
	for i := range users {
		name := fmt.Sprintf("user%04d", i+1)
		users[i] = User{Username: name, DisplayName: fmt.Sprintf("User %04d", i+1), Email: name + "@lab.example"}
	}
	return users
}

// AddUser adds people. An empty ID or DN is filled in from the username; a person of the same username is replaced.
func (s *Static) AddUser(users ...User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range users {
		s.added++
		if u.ID == "" {
			u.ID = fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1100+s.added)
		}
		if u.DN == "" {
			u.DN = "CN=" + u.Username + ",OU=People,DC=lab,DC=example"
		}
		key := Fold(u.Username)
		if at, ok := s.index[key]; ok {
			s.users[at] = u
			continue
		}
		s.index[key] = len(s.users)
		s.users = append(s.users, u)
	}
}

// RemoveUser takes a person out of the directory and out of every group.
func (s *Static) RemoveUser(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := Fold(username)
	at, ok := s.index[key]
	if !ok {
		return
	}
	s.users = slices.Delete(s.users, at, at+1)
	s.reindex()
	for _, members := range s.members {
		delete(members, key)
	}
}

// RenameUser gives a person another username; ID, details and memberships stay.
func (s *Static) RenameUser(old, renamed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldKey, newKey := Fold(old), Fold(renamed)
	at, ok := s.index[oldKey]
	if !ok {
		return
	}
	s.users[at].Username = renamed
	s.reindex()
	for _, members := range s.members {
		if _, in := members[oldKey]; in {
			delete(members, oldKey)
			members[newKey] = struct{}{}
		}
	}
}

// AddGroup adds a group with these members (usernames).
func (s *Static) AddGroup(g Group, usernames ...string) {
	s.mu.Lock()
	if g.DN == "" {
		g.DN = "CN=" + g.Name + ",OU=Groups,DC=lab,DC=example"
	}
	if g.ID == "" {
		g.ID = g.DN
	}
	s.groups = append(s.groups, g)
	s.members[Fold(g.Name)] = map[string]struct{}{}
	s.mu.Unlock()
	s.AddMember(g.Name, usernames...)
}

// RemoveGroup takes a group out of the directory; its members stay.
func (s *Static) RemoveGroup(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups = slices.DeleteFunc(s.groups, func(g Group) bool { return Fold(g.Name) == Fold(name) })
	delete(s.members, Fold(name))
	delete(s.subgroups, Fold(name))
	delete(s.contacts, Fold(name))
}

// AddMember puts people into a group.
func (s *Static) AddMember(group string, usernames ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	members, ok := s.members[Fold(group)]
	if !ok {
		return
	}
	for _, u := range usernames {
		members[Fold(u)] = struct{}{}
	}
}

// RemoveMember takes people out of a group.
func (s *Static) RemoveMember(group string, usernames ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range usernames {
		delete(s.members[Fold(group)], Fold(u))
	}
}

// Groups implements Directory.
func (s *Static) Groups(context.Context) ([]Group, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.groups), nil
}

// GroupUsers implements Directory.
func (s *Static) GroupUsers(_ context.Context, group string) ([]User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	key := Fold(group)
	if _, ok := s.members[key]; !ok {
		return nil, fmt.Errorf("%q: %w", group, ErrNoGroup)
	}
	if err := s.broken[key]; err != nil {
		return nil, err
	}
	members := s.effective(key)
	found := make([]User, 0, len(members))
	for _, u := range s.users {
		if _, in := members[Fold(u.Username)]; in {
			found = append(found, u)
		}
	}
	return append(found, s.contacts[key]...), nil
}

// FindUser implements Directory.
func (s *Static) FindUser(_ context.Context, username string) (User, bool, error) {
	found, ok := s.User(username)
	return found, ok, nil
}

// SearchUsers implements Directory.
func (s *Static) SearchUsers(_ context.Context, contains string) ([]User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	contains = Fold(contains)
	var found []User
	for _, u := range s.users {
		for _, text := range []string{u.Username, u.DisplayName, u.Email} {
			if strings.Contains(Fold(text), contains) {
				found = append(found, u)
				break
			}
		}
	}
	return found, nil
}

func (s *Static) reindex() {
	clear(s.index)
	for at, u := range s.users {
		s.index[Fold(u.Username)] = at
	}
}
