// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// The roles that a group can be given; SystemAdmin belongs to the built-in group.
var groupRoles = []string{"External", "Regular", "DomainAdmin"}

// ChangeGroup edits a group as an administrator at the portal would: anything but its ID and Sid. It reports whether
// there is such a group.
func (s *Server) ChangeGroup(name string, edit func(*UserGroup)) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	group := s.store.groupNamed(name)
	if group != nil {
		edit(group)
	}
	return group != nil
}

// RefuseGroup makes the creation of a group with this name fail with the reason; an empty reason ends that.
func (s *Server) RefuseGroup(name, reason string) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if reason == "" {
		delete(s.store.refusedGroups, key(name))
		return
	}
	s.store.refusedGroups[key(name)] = reason
}

// groupNamed finds a group, nil when there is none; the lock is held.
func (s *store) groupNamed(name string) *UserGroup {
	for _, group := range s.groups {
		if key(group.Name) == key(name) {
			return group
		}
	}
	return nil
}

// removeGroup removes a group with its memberships and domains; the lock is held.
func (s *store) removeGroup(id int64) {
	delete(s.groups, id)
	delete(s.access, id)
	for _, u := range s.users {
		u.setGroup(id, false)
	}
}

// groupFields are what a request says about a group.
type groupFields struct {
	Name, Description *string
	Role              *string
}

// readGroupFields reads the fields of one group. The name of the field that holds the role differs between POST and
// PUT.
func readGroupFields(body object, role string) (groupFields, error) {
	var sent groupFields
	for name := range body {
		if !slices.Contains([]string{"Name", "Description", role}, name) {
			return sent, fmt.Errorf("unknown field %q", name)
		}
	}
	for name, target := range map[string]**string{"Name": &sent.Name, "Description": &sent.Description, role: &sent.Role} {
		if !body.present(name) {
			continue
		}
		*target = new(string)
		if err := body.text(name, *target); err != nil {
			return sent, err
		}
	}
	if sent.Name != nil && strings.TrimSpace(*sent.Name) == "" {
		return sent, fmt.Errorf("field %q is empty", "Name")
	}
	if sent.Role != nil && !slices.Contains(groupRoles, *sent.Role) {
		return sent, fmt.Errorf("%q is not a valid group role", *sent.Role)
	}
	return sent, nil
}

func (s *Server) createGroups(w http.ResponseWriter, r *http.Request) {
	body, err := decodeObject(r, "Groups")
	var sent []object
	if err == nil {
		err = read(body, "Groups", "a list of groups", &sent)
	}
	if err == nil && len(sent) != 1 {
		err = fmt.Errorf("field %q must hold one group", "Groups")
	}
	var fields groupFields
	if err == nil {
		fields, err = readGroupFields(sent[0], "groupRole")
	}
	if err == nil && fields.Name == nil {
		err = fmt.Errorf("field %q is missing", "Name")
	}
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if reason, refused := s.store.refusedGroups[key(*fields.Name)]; refused {
		s.refuseGroup(w, *fields.Name, reason)
		return
	}
	if taken := s.store.groupNamed(*fields.Name); taken != nil {
		s.groupTaken(w, *taken)
		return
	}
	group := s.store.newGroup(*fields.Name)
	group.apply(fields)
	s.answerGroups(w, http.StatusCreated, []UserGroup{*group})
}

func (s *Server) answerGroups(w http.ResponseWriter, status int, groups []UserGroup, errors ...any) {
	rendered := make([]any, len(groups))
	for i := range groups {
		rendered[i] = groups[i].render(s.options.IDs)
	}
	answerJSON(w, status, map[string]any{"Groups": rendered, "Errors": append([]any{}, errors...)})
}

func (s *Server) refuseGroup(w http.ResponseWriter, name, reason string) {
	status := s.options.Groups.RefusedStatus
	switch {
	case status >= http.StatusBadRequest:
		s.fail(w, status, reason)
	case status == 0:
		status = http.StatusCreated
		fallthrough
	default:
		s.answerGroups(w, status, nil, importError(s.options.Errors, http.StatusBadRequest, name, reason))
	}
}

func (s *Server) groupTaken(w http.ResponseWriter, taken UserGroup) {
	said := fmt.Sprintf("Group '%s' already exists", taken.Name)
	switch s.options.Groups.Taken {
	case TakenError:
		s.answerGroups(w, http.StatusOK, nil, importError(s.options.Errors, http.StatusConflict, taken.Name, said))
	case TakenReturned:
		s.answerGroups(w, http.StatusCreated, []UserGroup{taken})
	default:
		s.fail(w, http.StatusConflict, said)
	}
}

// newGroup adds a group with the server's defaults; the lock is held.
func (s *store) newGroup(name string) *UserGroup {
	id := s.nextGroup
	s.nextGroup++
	group := &UserGroup{ID: id, Name: name, Sid: newSid("group", id), GroupType: "UserDefined", Role: "Regular"}
	s.groups[id] = group
	return group
}

func (g *UserGroup) apply(fields groupFields) {
	for _, field := range []struct{ target, sent *string }{
		{&g.Name, fields.Name}, {&g.Description, fields.Description}, {&g.Role, fields.Role},
	} {
		if field.sent != nil {
			*field.target = *field.sent
		}
	}
}

// editGroup answers without a body, as documented.
func (s *Server) editGroup(w http.ResponseWriter, r *http.Request, id int64) {
	body, err := decodeObject(r, "Name", "Description", "GroupRole")
	var fields groupFields
	if err == nil {
		fields, err = readGroupFields(body, "GroupRole")
	}
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	group, found := s.store.groups[id]
	switch {
	case !found:
		s.noGroup(w, id)
	case group.GroupType == "BuiltIn":
		s.fail(w, http.StatusBadRequest, "Built-in groups cannot be changed")
	case fields.Name != nil && s.takenByOther(*fields.Name, id):
		s.fail(w, http.StatusConflict, fmt.Sprintf("Group '%s' already exists", *fields.Name))
	default:
		group.apply(fields)
		w.WriteHeader(http.StatusOK)
	}
}

// takenByOther reports whether another group has the name; the lock is held.
func (s *Server) takenByOther(name string, id int64) bool {
	other := s.store.groupNamed(name)
	return other != nil && other.ID != id
}

// groupSingular is the documented path of a deletion, /api/v1/group/{id}.
func (s *Server) groupSingular(w http.ResponseWriter, r *http.Request, id int64) {
	if r.Method != http.MethodDelete || s.options.Groups.Deletion == DeletionPlural {
		s.fail(w, s.options.Groups.wrongPath(), "No HTTP resource was found that matches the request URI")
		return
	}
	if _, found := s.findGroup(id); !found {
		s.noGroup(w, id)
		return
	}
	s.deleteGroup(w, id)
}

func (s *Server) deleteGroup(w http.ResponseWriter, id int64) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	group, found := s.store.groups[id]
	occupied := slices.ContainsFunc(s.store.users, func(u *User) bool { return u.InGroup(id) })
	switch {
	case !found:
		s.noGroup(w, id)
	case group.GroupType == "BuiltIn":
		s.fail(w, http.StatusBadRequest, "Built-in groups cannot be deleted")
	case occupied && s.options.Groups.Occupied == OccupiedRefused:
		s.fail(w, http.StatusBadRequest, fmt.Sprintf("Group '%s' has members", group.Name))
	case occupied && s.options.Groups.Occupied == OccupiedError:
		answerJSON(w, http.StatusAccepted, map[string]any{"Errors": []any{
			importError(s.options.Errors, http.StatusBadRequest, group.Name, fmt.Sprintf("Group '%s' has members", group.Name)),
		}})
	default:
		s.store.removeGroup(id)
		answerJSON(w, http.StatusOK, map[string]json.RawMessage{"Errors": json.RawMessage("[]")})
	}
}
