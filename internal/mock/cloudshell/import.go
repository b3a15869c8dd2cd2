// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// importRequest is the body of an import: one of the two names.
type importRequest struct {
	user, group string
	allowUpdate bool
}

// importAnswer collects what an import did.
type importAnswer struct {
	users   []any
	errors  []any
	partial bool // answered as 202
	status  int  // of a single import that failed as a whole; 0: none did
	message string
}

func (s *Server) importUsers(w http.ResponseWriter, r *http.Request) {
	s.only(w, r, http.MethodPost, func(w http.ResponseWriter, r *http.Request) {
		request, err := s.parseImport(r)
		if err != nil {
			s.fail(w, http.StatusBadRequest, err.Error())
			return
		}
		// The server goes on with what it has begun although the client has gone.
		ctx := context.WithoutCancel(r.Context())
		if !s.pause(ctx, s.options.ImportDelay) {
			return
		}
		answer, err := s.runImport(ctx, request)
		if err != nil {
			s.directoryFailed(w, err)
			return
		}
		s.answerImport(w, answer)
	})
}

func (s *Server) parseImport(r *http.Request) (importRequest, error) {
	known := []string{"UserName", "GroupName", "AllowUpdate"}
	if s.options.NoAllowUpdate {
		known = known[:2]
	}
	body, err := decodeObject(r, known...)
	if err != nil {
		return importRequest{}, err
	}
	var request importRequest
	if err := errors.Join(body.text("UserName", &request.user), body.text("GroupName", &request.group),
		body.boolean("AllowUpdate", &request.allowUpdate)); err != nil {
		return importRequest{}, err
	}
	if (request.user == "") == (request.group == "") {
		return importRequest{}, errors.New("exactly one of UserName and GroupName is required")
	}
	return request, nil
}

func (s *Server) answerImport(w http.ResponseWriter, answer importAnswer) {
	if answer.status >= http.StatusBadRequest {
		s.fail(w, answer.status, answer.message)
		return
	}
	status := http.StatusOK
	if answer.partial {
		status = http.StatusAccepted
	}
	users, failed := answer.users, answer.errors
	if users == nil {
		users = []any{}
	}
	if failed == nil {
		failed = []any{}
	}
	answerJSON(w, status, map[string]any{"Users": users, "Errors": failed})
}

func (s *Server) runImport(ctx context.Context, request importRequest) (importAnswer, error) {
	if request.group != "" {
		return s.importGroup(ctx, request)
	}
	person, found, err := s.person(ctx, request.user)
	if err != nil {
		return importAnswer{}, err
	}
	if !found {
		return s.unknown("user", request.user), nil
	}
	return s.store.importUser(person, request.allowUpdate), nil
}

func (s *Server) importGroup(ctx context.Context, request importRequest) (importAnswer, error) {
	members, err := s.members(ctx, request.group)
	if errors.Is(err, people.ErrNoGroup) {
		return s.unknown("group", request.group), nil
	}
	if err != nil {
		return importAnswer{}, err
	}
	return s.store.importMembers(members, request.allowUpdate), nil
}

// unknown answers for a name that the directory does not know.
func (s *Server) unknown(kind, name string) importAnswer {
	message := fmt.Sprintf("The %s '%s' was not found in the directory", kind, name)
	switch s.options.Unknown {
	case UnknownEmpty:
		return importAnswer{}
	case UnknownError:
		return importAnswer{errors: []any{importError(s.options.Errors, http.StatusNotFound, name, message)}}
	default:
		return importAnswer{status: s.options.Unknown.status(), message: message}
	}
}

func (s *store) importUser(p people.User, allowUpdate bool) importAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if reason := s.refusal(p); reason != "" {
		return importAnswer{
			status: s.options.RefusedStatus, message: reason,
			errors:  []any{importError(s.options.Errors, http.StatusForbidden, p.Username, reason)},
			partial: s.options.RefusedStatus == http.StatusAccepted,
		}
	}
	u, exists := s.existing(p)
	if !exists {
		return importAnswer{users: []any{s.addPerson(p).render(s.options)}}
	}
	if s.mayUpdate(u, allowUpdate) {
		s.refresh(u, p)
		return importAnswer{users: []any{u.render(s.options)}}
	}
	message := existsMessage(u)
	failed := []any{importError(s.options.Errors, http.StatusConflict, u.Username, message)}
	switch s.options.Exists {
	case ExistsError:
		return importAnswer{errors: failed}
	case ExistsPartial:
		return importAnswer{errors: failed, partial: true}
	case ExistsUnchanged:
		return importAnswer{users: []any{u.render(s.options)}}
	default:
		return importAnswer{status: http.StatusConflict, message: message}
	}
}

func (s *store) importMembers(members []people.User, allowUpdate bool) importAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var answer importAnswer
	for _, p := range members {
		if p.Username == "" {
			continue // a contact: there is no account to import
		}
		s.importMember(p, allowUpdate, &answer)
	}
	return answer
}

func (s *store) importMember(p people.User, allowUpdate bool, answer *importAnswer) {
	if reason := s.refusal(p); reason != "" {
		answer.errors = append(answer.errors, importError(s.options.Errors, http.StatusForbidden, p.Username, reason))
		answer.partial = true
		return
	}
	u, exists := s.existing(p)
	switch {
	case !exists:
		answer.users = append(answer.users, s.addPerson(p).render(s.options))
	case s.mayUpdate(u, allowUpdate):
		s.refresh(u, p)
		answer.users = append(answer.users, u.render(s.options))
	case !u.IsImported(), s.options.GroupExists == GroupExistsError, s.options.GroupExists == GroupExistsPartial:
		failure := importError(s.options.Errors, http.StatusConflict, u.Username, existsMessage(u))
		answer.errors = append(answer.errors, failure)
		answer.partial = answer.partial || s.options.GroupExists == GroupExistsPartial
	case s.options.GroupExists == GroupExistsListed:
		answer.users = append(answer.users, u.render(s.options))
	}
}

// refusal is why the person cannot be imported; empty when they can.
func (s *store) refusal(p people.User) string {
	if p.Disabled && s.options.Disabled == DisabledRefused {
		return fmt.Sprintf("User '%s' is disabled in the directory", p.Username)
	}
	return s.refused[key(p.Username)]
}

func (s *store) mayUpdate(u *User, allowUpdate bool) bool {
	return allowUpdate && (u.IsImported() || s.options.Local == LocalTakenOver)
}

// refresh takes the directory's details over.
func (s *store) refresh(u *User, p people.User) {
	delete(s.byName, key(u.Username))
	delete(s.bySid, u.ImportedSid)
	u.Username, u.Email, u.DomainName, u.ImportedSid = p.Username, p.Email, p.Domain, p.ID
	s.byName[key(u.Username)], s.bySid[u.ImportedSid] = u, u
	if s.options.Reactivate {
		u.IsActive = true
	}
}

func existsMessage(u *User) string { return fmt.Sprintf("User '%s' already exists", u.Username) }
