// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

func (g *UserGroup) render(form IDForm) map[string]any {
	return map[string]any{
		"Id": renderID(g.ID, form), "Sid": g.Sid, "Name": g.Name, "Description": nullable(g.Description), "ParentIds": nil,
		"ViewOnly": g.ViewOnly, "groupType": g.GroupType, "groupRole": g.Role,
	}
}

func (s *Server) groups(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		s.listGroups(w, r)
	case http.MethodPost:
		s.createGroups(w, r)
	default:
		s.methodNotAllowed(w, r)
	}
}

func (s *Server) listGroups(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuery(r.URL.Query())
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	groups, next, err := cutPage(s.Groups(), q, s.options.Cursor, func(g UserGroup) string { return g.Name })
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	rendered := make([]any, len(groups))
	for i := range groups {
		rendered[i] = groups[i].render(s.options.IDs)
	}
	answerJSON(w, http.StatusOK, map[string]any{"Groups": rendered, "Cursor": next})
}

func (s *Server) group(w http.ResponseWriter, r *http.Request, id int64) {
	if r.Method == http.MethodDelete && s.options.Groups.Deletion == DeletionSingular {
		s.fail(w, s.options.Groups.wrongPath(), "The requested resource does not support http method 'DELETE'.")
		return
	}
	group, ok := s.findGroup(id)
	if !ok {
		s.noGroup(w, id)
		return
	}
	switch r.Method {
	case http.MethodGet:
		answerJSON(w, http.StatusOK, group.render(s.options.IDs))
	case http.MethodPut:
		s.editGroup(w, r, id)
	case http.MethodDelete:
		s.deleteGroup(w, id)
	default:
		s.methodNotAllowed(w, r)
	}
}

func (s *Server) findGroup(id int64) (UserGroup, bool) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	group, ok := s.store.groups[id]
	if !ok {
		return UserGroup{}, false
	}
	return *group, true
}

func (s *Server) noGroup(w http.ResponseWriter, id int64) {
	s.fail(w, http.StatusNotFound, fmt.Sprintf("Group with id '%d' was not found", id))
}

func (s *Server) groupUsers(w http.ResponseWriter, r *http.Request, id int64) {
	if _, ok := s.findGroup(id); !ok {
		s.noGroup(w, id)
		return
	}
	switch r.Method {
	case http.MethodGet:
		s.listUsers(w, r, func(u *User) bool { return u.InGroup(id) })
	case http.MethodPost:
		s.changeMembers(w, r, id, true)
	case http.MethodDelete:
		s.changeMembers(w, r, id, false)
	default:
		s.methodNotAllowed(w, r)
	}
}

// changeMembers puts many users into a group or takes them out. Doing it twice is no error; users who are not there are
// named in Errors, with 202 when any.
func (s *Server) changeMembers(w http.ResponseWriter, r *http.Request, group int64, in bool) {
	ids, err := s.memberIDs(r)
	if err == nil && group == GroupEveryone && !in {
		err = errors.New("users cannot be removed from group 'Everyone'")
	}
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	failed := []any{}
	for _, id := range ids {
		u, ok := s.store.byID[id]
		if !ok {
			message := fmt.Sprintf("User with id '%d' was not found", id)
			failed = append(failed, importError(s.options.Errors, http.StatusNotFound, fmt.Sprint(id), message))
			continue
		}
		u.setGroup(group, in)
	}
	status := http.StatusOK
	if len(failed) > 0 {
		status = http.StatusAccepted
	}
	answerJSON(w, status, map[string]any{"Errors": failed})
}

func (s *Server) memberIDs(r *http.Request) ([]int64, error) {
	body, err := decodeObject(r, "Users")
	if err != nil {
		return nil, err
	}
	var users []map[string]json.RawMessage
	if err := read(body, "Users", "a list of users", &users); err != nil {
		return nil, err
	}
	if len(users) == 0 {
		return nil, fmt.Errorf("field %q is empty", "Users")
	}
	ids := make([]int64, len(users))
	for i, user := range users {
		id, ok := parseID(user["Id"], s.options.IDs)
		if !ok || len(user) != 1 {
			return nil, fmt.Errorf("entry %d of %q must be an object with an Id", i, "Users")
		}
		ids[i] = id
	}
	return ids, nil
}
