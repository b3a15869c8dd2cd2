package people

import (
	"maps"
	"strings"
)

// Lab returns a small directory: the group Azure_DevOps_Cloud_Admins with jporter ("James Porter"), asmith and bkhan, the
// group "Lab Operators" with bkhan and cmendez, and dlee in no group.
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
	if at, ok := s.index[strings.ToLower(username)]; ok {
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
	key := strings.ToLower(group)
	s.subgroups[key] = append(s.subgroups[key], strings.ToLower(subgroup))
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
	s.broken[strings.ToLower(name)] = err
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
