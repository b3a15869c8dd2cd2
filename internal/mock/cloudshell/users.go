// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// withID parses the id in the path; an id that is none is not found.
func (s *Server) withID(segment string, handler func(http.ResponseWriter, *http.Request, int64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(segment, 10, 64)
		if err != nil {
			s.fail(w, http.StatusNotFound, fmt.Sprintf("No entity with id %q", segment))
			return
		}
		handler(w, r, id)
	}
}

func (s *Server) users(w http.ResponseWriter, r *http.Request) {
	s.only(w, r, http.MethodGet, func(w http.ResponseWriter, r *http.Request) {
		s.listUsers(w, r, func(*User) bool { return true })
	})
}

func (s *Server) listUsers(w http.ResponseWriter, r *http.Request, matches func(*User) bool) {
	q, err := parseQuery(r.URL.Query())
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	rendered, next, total, err := s.usersPage(q, matches)
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.answerList(w, "Users", rendered, next, total)
}

// answerList answers one page of a list.
func (s *Server) answerList(w http.ResponseWriter, field string, rendered []any, next any, total int) {
	body := map[string]any{field: rendered, "Cursor": next}
	if s.options.Totals {
		body["TotalCount"] = total
	}
	answerJSON(w, http.StatusOK, body)
}

func (s *Server) usersPage(q query, matches func(*User) bool) (rendered []any, next any, total int, err error) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	users := slices.DeleteFunc(slices.Clone(s.store.users), func(u *User) bool {
		return !matches(u) || !strings.Contains(key(u.Username), key(q.filter))
	})
	if s.options.Order == OrderByName {
		slices.SortFunc(users, func(a, b *User) int { return strings.Compare(key(a.Username), key(b.Username)) })
	}
	total, q.filter = len(users), ""
	users, next, err = cutPage(users, q, s.options.Cursor, func(u *User) string { return u.Username })
	rendered = make([]any, len(users))
	for i, u := range users {
		rendered[i] = u.render(s.options)
	}
	return rendered, next, total, err
}

func (s *Server) user(w http.ResponseWriter, r *http.Request, id int64) {
	switch r.Method {
	case http.MethodGet:
		s.getUser(w, id)
	case http.MethodPut:
		s.putUser(w, r, id)
	case http.MethodDelete:
		s.deleteUser(w, id)
	default:
		s.methodNotAllowed(w, r)
	}
}

func (s *Server) getUser(w http.ResponseWriter, id int64) {
	s.store.mu.RLock()
	u, ok := s.store.byID[id]
	var body map[string]any
	if ok {
		body = u.render(s.options)
	}
	s.store.mu.RUnlock()
	if !ok {
		s.noUser(w, id)
		return
	}
	answerJSON(w, http.StatusOK, body)
}

func (s *Server) noUser(w http.ResponseWriter, id int64) {
	status := http.StatusNotFound
	if s.options.Missing == MissingBadRequest {
		status = http.StatusBadRequest
	}
	s.fail(w, status, fmt.Sprintf("User with id '%d' was not found", id))
}

func (s *Server) deleteUser(w http.ResponseWriter, id int64) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	u, ok := s.store.byID[id]
	if !ok {
		s.noUser(w, id)
		return
	}
	if s.store.sandboxes[id] > 0 && (u.IsActive || s.options.Sandboxes == SandboxOwnersNever) {
		s.fail(w, http.StatusBadRequest, fmt.Sprintf("User '%s' owns sandboxes and cannot be deleted", u.Username))
		return
	}
	s.store.remove(u)
	w.WriteHeader(http.StatusOK)
}

// userFields are the fields that PUT knows; Password is answered apart.
var userFields = []string{
	"Id", "Sid", "Username", "Email", "IsActive", "IsAdmin", "GroupIds", "TimeZoneInfoId", "MaxReservationDuration",
	"MaxConcurrentReservations", "MaxScheduledSandboxes", "MaxOwnedBlueprints", "MaxSavedSandboxes", "DomainRoles",
	"DomainName",
	"ImportedSid", "Password",
}

func (s *Server) putUser(w http.ResponseWriter, r *http.Request, id int64) {
	known := slices.Clone(userFields)
	for name := range s.options.ExtraFields {
		known = append(known, name)
	}
	body, err := decodeObject(r, known...)
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	u, ok := s.store.byID[id]
	if !ok {
		s.noUser(w, id)
		return
	}
	changed, err := s.store.change(u, body)
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	*u = changed
	w.WriteHeader(http.StatusOK) // and no body, as the vendor's page shows
}

// change returns the user as PUT leaves them; the lock is held.
func (s *store) change(u *User, body object) (User, error) {
	if err := s.checkFixed(u, body); err != nil {
		return User{}, err
	}
	changed := u.clone()
	if s.options.Put == PutReplaces {
		changed = User{
			ID: u.ID, Sid: u.Sid, Username: u.Username, DomainName: u.DomainName, ImportedSid: u.ImportedSid,
			GroupIDs: []int64{GroupEveryone}, Extra: map[string]string{},
		}
	}
	// null is a value of these: it empties the field.
	for name, target := range map[string]**int64{
		"MaxReservationDuration": &changed.MaxDuration, "MaxConcurrentReservations": &changed.MaxReserved,
		"MaxScheduledSandboxes": &changed.MaxScheduled, "MaxOwnedBlueprints": &changed.MaxOwned,
		"MaxSavedSandboxes": &changed.MaxSaved,
	} {
		if err := s.changeLimit(body, name, target); err != nil {
			return User{}, err
		}
	}
	if err := changeTimeZone(body, &changed.TimeZone); err != nil {
		return User{}, err
	}
	if raw, sent := body["Email"]; sent && string(raw) == "null" {
		changed.Email = ""
	}
	var extra error
	for name := range s.options.ExtraFields {
		value := changed.Extra[name]
		extra = errors.Join(extra, body.text(name, &value))
		changed.Extra[name] = value
	}
	return changed, errors.Join(extra,
		body.text("Email", &changed.Email),
		body.boolean("IsActive", &changed.IsActive),
		read(body, "DomainRoles", "a list of roles", &changed.DomainRoles),
		s.changeGroups(u, body, &changed),
	)
}

// checkFixed refuses a password for an imported user, and changes of what cannot change.
func (s *store) checkFixed(u *User, body object) error {
	if _, sent := body["Password"]; sent && u.IsImported() {
		return errors.New("the password of an imported user cannot be set")
	}
	if raw, sent := body["Id"]; sent {
		if id, ok := parseID(raw, s.options.IDs); !ok || id != u.ID {
			return errors.New("field \"Id\" differs from the id in the path")
		}
	}
	username, sid, domain, importedSid := u.Username, u.Sid, u.DomainName, u.ImportedSid
	if err := errors.Join(body.text("Username", &username), body.text("Sid", &sid), body.text("DomainName", &domain),
		body.text("ImportedSid", &importedSid)); err != nil {
		return err
	}
	if username != u.Username || sid != u.Sid || domain != u.DomainName || importedSid != u.ImportedSid {
		return errors.New("Username, Sid, DomainName and ImportedSid of a user cannot be changed")
	}
	return nil
}

func (s *store) changeLimit(body object, name string, target **int64) error {
	if _, sent := body[name]; !sent {
		return nil
	}
	var value *int64
	if err := json.Unmarshal(body[name], &value); err != nil {
		return fmt.Errorf("field %q must be a whole number", name)
	}
	if value != nil && *value < -1 {
		return fmt.Errorf("field %q must be -1 or more", name)
	}
	if value != nil && *value == -1 && s.options.Limits == LimitsDefault {
		value = new(defaultLimit)
		if name == "MaxReservationDuration" {
			value = new(defaultReservationMinutes)
		}
	}
	*target = value
	return nil
}

// changeTimeZone takes Windows names only: an IANA name such as Europe/Berlin is what people get wrong.
func changeTimeZone(body object, target **string) error {
	raw, sent := body["TimeZoneInfoId"]
	if !sent {
		return nil
	}
	var zone *string
	if err := json.Unmarshal(raw, &zone); err != nil {
		return errors.New("field \"TimeZoneInfoId\" must be a string")
	}
	if zone != nil && !strings.HasPrefix(*zone, "UTC") && !strings.Contains(*zone, "Time") {
		return fmt.Errorf("time zone %q was not found on the server", *zone)
	}
	*target = zone
	return nil
}

// changeGroups sets GroupIds and IsAdmin, which go together: of the two the one that differs from before counts.
func (s *store) changeGroups(u *User, body object, changed *User) error {
	admin := changed.IsAdmin
	if err := body.boolean("IsAdmin", &admin); err != nil {
		return err
	}
	var raws []json.RawMessage
	if err := read(body, "GroupIds", "a list of ids", &raws); err != nil {
		return err
	}
	if raws != nil {
		changed.GroupIDs = []int64{GroupEveryone}
	}
	for _, raw := range raws {
		id, ok := parseID(raw, s.options.IDs)
		if !ok {
			return fmt.Errorf("%s is no group id", raw)
		}
		if s.groups[id] == nil {
			return fmt.Errorf("group with id '%d' was not found", id)
		}
		changed.setGroup(id, true)
	}
	if listed := changed.InGroup(GroupSystemAdministrators); listed == u.IsAdmin {
		changed.setGroup(GroupSystemAdministrators, admin)
	}
	changed.IsAdmin = changed.InGroup(GroupSystemAdministrators)
	return nil
}
