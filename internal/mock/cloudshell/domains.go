// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// GlobalDomain is the domain that every CloudShell has.
const GlobalDomain = "Global"

// Domain is a CloudShell domain: what groups have access to.
type Domain struct {
	ID, Name, Description string
	Archived              bool
}

func (d *Domain) render() map[string]any {
	return map[string]any{
		"Id": d.ID, "Name": d.Name, "Description": nullable(d.Description), "Archived": d.Archived, "EndTime": nil,
		"LicensePoolId": nil,
	}
}

// addDomain adds a domain; the lock is held, or nothing else knows the store yet.
func (s *store) addDomain(name string) *Domain {
	domain := &Domain{ID: fmt.Sprintf("dbaf480c-09f7-46d3-a2e2-%012x", len(s.domains)+1), Name: name}
	s.domains = append(s.domains, domain)
	return domain
}

func (s *store) domain(id string) *Domain {
	at := slices.IndexFunc(s.domains, func(d *Domain) bool { return strings.EqualFold(d.ID, id) })
	if at < 0 {
		return nil
	}
	return s.domains[at]
}

func (s *store) domainNamed(name string) *Domain {
	at := slices.IndexFunc(s.domains, func(d *Domain) bool { return key(d.Name) == key(name) })
	if at < 0 {
		return nil
	}
	return s.domains[at]
}

// AddDomain adds a domain.
func (s *Server) AddDomain(name string) Domain {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return *s.store.addDomain(name)
}

// ArchiveDomain archives a domain. It reports whether there is one of that name.
func (s *Server) ArchiveDomain(name string) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	domain := s.store.domainNamed(name)
	if domain != nil {
		domain.Archived = true
	}
	return domain != nil
}

// SetAccess gives a group access to a domain, "full" or "view_only", or takes it away with "". It reports whether both
// exist.
func (s *Server) SetAccess(group, domain, access string) bool {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	g, d := s.store.groupNamed(group), s.store.domainNamed(domain)
	if g == nil || d == nil {
		return false
	}
	if access == "" {
		delete(s.store.access[g.ID], d.ID)
		return true
	}
	s.store.give(g.ID, d.ID, access == "view_only")
	return true
}

// Access returns the domains that a group has access to, by name: "full" or "view_only".
func (s *Server) Access(group string) map[string]string {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	access := map[string]string{}
	g := s.store.groupNamed(group)
	if g == nil {
		return access
	}
	for id, viewOnly := range s.store.access[g.ID] {
		access[s.store.domain(id).Name] = "full"
		if viewOnly {
			access[s.store.domain(id).Name] = "view_only"
		}
	}
	return access
}

func (s *store) give(group int64, domain string, viewOnly bool) {
	if s.access[group] == nil {
		s.access[group] = map[string]bool{}
	}
	s.access[group][domain] = viewOnly
}

func (s *Server) listDomains(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		s.methodNotAllowed(w, r)
		return
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	s.answerDomains(w, r, s.store.domains, func(d *Domain) map[string]any { return d.render() })
}

// answerDomains answers one page of domains; the lock is held.
func (s *Server) answerDomains(
	w http.ResponseWriter, r *http.Request, domains []*Domain, render func(*Domain) map[string]any,
) {
	q, err := parseQuery(r.URL.Query())
	var next any
	if err == nil {
		domains, next, err = cutPage(domains, q, s.options.Cursor, func(d *Domain) string { return d.Name })
	}
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	rendered := make([]any, len(domains))
	for i, domain := range domains {
		rendered[i] = render(domain)
	}
	answerJSON(w, http.StatusOK, map[string]any{"Domains": rendered, "Cursor": next})
}

// groupDomains serves /groups/{id}/domains, and for POST /groups/{id}/domain.
func (s *Server) groupDomains(w http.ResponseWriter, r *http.Request, id int64, plural bool) {
	if plural == (r.Method == http.MethodPost) || s.options.Groups.Paths == PathsByDomain && r.Method != http.MethodGet {
		s.fail(w, s.options.Groups.wrongPath(), "No HTTP resource was found that matches the request URI")
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if _, found := s.store.groups[id]; !found {
		s.noGroup(w, id)
		return
	}
	switch r.Method {
	case http.MethodGet:
		s.listGroupDomains(w, r, id)
	case http.MethodPost:
		s.changeAccess(w, r, http.StatusCreated, func(body object) ([]accessChange, error) {
			return s.byGroup(body, id, true)
		})
	case http.MethodDelete:
		s.changeAccess(w, r, http.StatusOK, func(body object) ([]accessChange, error) {
			return s.byGroup(body, id, false)
		})
	default:
		s.methodNotAllowed(w, r)
	}
}

func (s *Server) listGroupDomains(w http.ResponseWriter, r *http.Request, id int64) {
	var domains []*Domain
	for _, domain := range s.store.domains {
		_, has := s.store.access[id][domain.ID]
		if has && !(domain.Archived && s.options.Groups.Archived == ArchivedHidden) {
			domains = append(domains, domain)
		}
	}
	s.answerDomains(w, r, domains, func(d *Domain) map[string]any {
		rendered := d.render()
		rendered["ViewOnly"] = s.store.access[id][d.ID]
		return rendered
	})
}

// domainGroups serves /domains/{id}/groups.
func (s *Server) domainGroups(w http.ResponseWriter, r *http.Request, id string) {
	if s.options.Groups.Paths == PathsByGroup {
		s.fail(w, s.options.Groups.wrongPath(), "No HTTP resource was found that matches the request URI")
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	domain := s.store.domain(id)
	if domain == nil {
		s.fail(w, http.StatusNotFound, fmt.Sprintf("Domain with id '%s' was not found", id))
		return
	}
	switch r.Method {
	case http.MethodPost:
		s.changeAccess(w, r, http.StatusOK, func(body object) ([]accessChange, error) {
			return s.byDomain(body, domain.ID, true)
		})
	case http.MethodDelete:
		s.changeAccess(w, r, http.StatusOK, func(body object) ([]accessChange, error) {
			return s.byDomain(body, domain.ID, false)
		})
	default:
		s.methodNotAllowed(w, r)
	}
}

// accessChange gives a domain to a group or takes it away.
type accessChange struct {
	group          int64
	domain         string
	give, viewOnly bool
}

// changeAccess carries out what the body asks for; what cannot be done is an entry in Errors. The lock is held.
func (s *Server) changeAccess(
	w http.ResponseWriter, r *http.Request, done int, parse func(object) ([]accessChange, error),
) {
	body, err := decodeObject(r, "Groups", "Domains", "ViewOnly")
	var changes []accessChange
	if err == nil {
		changes, err = parse(body)
	}
	if err == nil && len(changes) == 0 {
		err = errors.New("nothing was asked for")
	}
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	failed := []any{}
	for _, change := range changes {
		problem, status := s.change(change)
		if status != 0 {
			s.fail(w, status, problem)
			return
		}
		if problem != "" {
			failed = append(failed, importError(s.options.Errors, http.StatusBadRequest, change.domain, problem))
		}
	}
	answerJSON(w, done, map[string]any{"Errors": failed})
}

// change returns what is wrong with it: with a status if the whole answer is that error.
func (s *Server) change(c accessChange) (problem string, status int) {
	domain := s.store.domain(c.domain)
	_, found := s.store.groups[c.group]
	switch {
	case domain == nil || !found:
		return fmt.Sprintf("Group '%d' or domain '%s' was not found", c.group, c.domain), 0
	case !c.give:
		delete(s.store.access[c.group], domain.ID)
		return "", 0
	case domain.Archived:
		return fmt.Sprintf("Domain '%s' is archived", domain.Name), http.StatusBadRequest
	}
	if before, has := s.store.access[c.group][domain.ID]; has && before != c.viewOnly {
		said := fmt.Sprintf("Domain '%s' is already assigned to the group", domain.Name)
		switch s.options.Groups.Again {
		case AgainRefused:
			return said, http.StatusConflict
		case AgainError:
			return said, 0
		case AgainIgnored:
			return "", 0
		}
	}
	s.store.give(c.group, domain.ID, c.viewOnly)
	return "", 0
}

// byGroup reads {"Domains":[{"Id"}],"ViewOnly":true}.
func (s *Server) byGroup(body object, group int64, give bool) ([]accessChange, error) {
	var domains []struct{ Id *string } //nolint:revive // the field's name on the wire
	var viewOnly bool
	err := cmp.Or(read(body, "Domains", "a list of domains", &domains), body.boolean("ViewOnly", &viewOnly))
	if err != nil || body.present("Groups") || !give && body.present("ViewOnly") {
		return nil, cmp.Or(err, errors.New("unknown field"))
	}
	var changes []accessChange
	for _, domain := range domains {
		if domain.Id == nil {
			return nil, errors.New("a domain without Id")
		}
		changes = append(changes, accessChange{group, *domain.Id, give, viewOnly})
	}
	return changes, nil
}

// byDomain reads {"Groups":[{"Id":7,"ViewOnly":false}]}.
func (s *Server) byDomain(body object, domain string, give bool) ([]accessChange, error) {
	var groups []map[string]json.RawMessage
	if err := read(body, "Groups", "a list of groups", &groups); err != nil {
		return nil, err
	}
	if body.present("Domains") || body.present("ViewOnly") {
		return nil, errors.New("unknown field")
	}
	var changes []accessChange
	for _, group := range groups {
		id, ok := parseID(group["Id"], s.options.IDs)
		if !ok {
			return nil, errors.New("a group without Id")
		}
		change := accessChange{group: id, domain: domain, give: give}
		if err := object(group).boolean("ViewOnly", &change.viewOnly); err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}
