// SPDX-License-Identifier: MPL-2.0

package people

import "maps"

// Lab returns a small directory: the group Azure_DevOps_Cloud_Admins with jporter ("James Porter"), asmith and bkhan,
// the group "Lab Operators" with bkhan and cmendez, and dlee in no group.
func Lab() *Static {
	s := NewStatic()
	for _, person := range []User{
		{Username: "jporter", DisplayName: "James Porter"},
		{Username: "asmith", DisplayName: "Alice Smith"},
		{Username: "bkhan", DisplayName: "Bilal Khan"},
		{Username: "cmendez", DisplayName: "Carla Mendez"},
		{Username: "dlee", DisplayName: "Dana Lee"},
	} {
		person.Email, person.Domain = person.Username+"@lab.example", "LAB"
		s.AddUser(person)
	}
	s.AddGroup(Group{Name: "Azure_DevOps_Cloud_Admins"}, "jporter", "asmith", "bkhan")
	s.AddGroup(Group{Name: "Lab Operators"}, "bkhan", "cmendez")
	return s
}

// Change edits a person in place; RenameUser changes the username.
func (s *Static) Change(username string, edit func(*User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.index[Fold(username)]; ok {
		edit(&s.users[at])
	}
}

// SetEmail changes a person's e-mail.
func (s *Static) SetEmail(username, email string) {
	s.Change(username, func(u *User) { u.Email = email })
}

// SetDisabled switches a person's account off or on.
func (s *Static) SetDisabled(username string, disabled bool) {
	s.Change(username, func(u *User) { u.Disabled = disabled })
}

// AddSubgroup puts a group into another one. Cycles are allowed.
func (s *Static) AddSubgroup(group, subgroup string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := Fold(group)
	s.subgroups[key] = append(s.subgroups[key], Fold(subgroup))
}

// AddContact puts an entry without an account name into a group, as a contact or a computer is one.
func (s *Static) AddContact(group, displayName string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	contact := User{DisplayName: displayName, DN: "CN=" + displayName + ",OU=Contacts,DC=lab,DC=example"}
	s.contacts[Fold(group)] = append(s.contacts[Fold(group)], contact)
}

// User returns the person of that name.
func (s *Static) User(username string) (User, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index[Fold(username)]
	if !ok {
		return User{}, false
	}
	return s.users[at], true
}

// HasMember tells whether a person is in a group.
func (s *Static) HasMember(group, username string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, in := s.members[Fold(group)][Fold(username)]
	return in
}

// SetNested chooses whether GroupUsers lists the members of groups inside the group too. It does not at first.
func (s *Static) SetNested(nested bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nested = nested
}

// BreakGroup makes reading a group's users fail with err; nil mends it.
func (s *Static) BreakGroup(name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken[Fold(name)] = err
}

// effective returns the folded usernames that count as members of the group with this folded name.
func (s *Static) effective(key string) map[string]struct{} {
	if !s.nested {
		return s.members[key]
	}
	found, seen := map[string]struct{}{}, map[string]bool{}
	for queue := []string{key}; len(queue) > 0; queue = queue[1:] {
		if group := queue[0]; !seen[group] {
			seen[group] = true
			maps.Copy(found, s.members[group])
			queue = append(queue, s.subgroups[group]...)
		}
	}
	return found
}
