// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func (s *Server) externalGroups(w http.ResponseWriter, r *http.Request) {
	s.only(w, r, http.MethodGet, func(w http.ResponseWriter, r *http.Request) {
		groups, err := s.directory.Groups(r.Context())
		if err != nil {
			s.directoryFailed(w, err)
			return
		}
		answerPage(s, w, r, "Groups", groups, func(g people.Group) string { return g.Name }, func(g people.Group) any {
			return map[string]any{"Name": g.Name, "DistinguishedName": g.DN}
		})
	})
}

func (s *Server) externalGroupUsers(w http.ResponseWriter, r *http.Request, name string) {
	s.only(w, r, http.MethodGet, func(w http.ResponseWriter, r *http.Request) {
		members, err := s.members(r.Context(), name)
		if errors.Is(err, people.ErrNoGroup) && s.options.Unknown != UnknownEmpty {
			s.fail(w, s.options.Unknown.status(), "Group '"+name+"' was not found in the directory")
			return
		}
		if err != nil && !errors.Is(err, people.ErrNoGroup) {
			s.directoryFailed(w, err)
			return
		}
		answerPage(s, w, r, "Users", members, func(p people.User) string { return p.Username }, func(p people.User) any {
			return map[string]any{
				"Id": p.ID, "Username": p.Username, "DisplayName": p.DisplayName, "DistinguishedName": p.DN,
				"Email": renderEmail(p.Email, s.options.Email), "DomainName": nullable(p.Domain),
			}
		})
	})
}

// members lists the people that the server sees in a group of the directory.
func (s *Server) members(ctx context.Context, group string) ([]people.User, error) {
	if err := s.requireExactGroup(ctx, group); err != nil {
		return nil, err
	}
	members, err := s.directory.GroupUsers(ctx, group)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(members, s.hidden), nil
}

// requireExactGroup is ErrNoGroup for another spelling of a group's name, where the options tell spellings apart.
func (s *Server) requireExactGroup(ctx context.Context, name string) error {
	if !s.options.ExactGroups {
		return nil
	}
	groups, err := s.directory.Groups(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(groups, func(group people.Group) bool { return group.Name == name }) {
		return fmt.Errorf("%q: %w", name, people.ErrNoGroup)
	}
	return nil
}

func (s *Server) hidden(p people.User) bool {
	return p.Disabled && s.options.Disabled == DisabledHidden
}

// person finds a person by user name, else by display name: the vendor's sample imports "James Porter" and gets
// "automationuser".
func (s *Server) person(ctx context.Context, name string) (people.User, bool, error) {
	found, ok, err := s.directory.FindUser(ctx, name)
	if err != nil || ok {
		return found, ok && !s.hidden(found), err
	}
	similar, err := s.directory.SearchUsers(ctx, name)
	if err != nil {
		return people.User{}, false, err
	}
	for _, p := range similar {
		if people.Fold(p.DisplayName) == people.Fold(name) && !s.hidden(p) {
			return p, true, nil
		}
	}
	return people.User{}, false, nil
}

func (s *Server) directoryFailed(w http.ResponseWriter, err error) {
	s.fail(w, http.StatusInternalServerError, "Failed to query the directory: "+err.Error())
}

// answerPage answers one page of a list whose items are named and rendered as told.
func answerPage[T any](
	s *Server, w http.ResponseWriter, r *http.Request,
	field string, items []T, name func(T) string, render func(T) any,
) {
	q, err := parseQuery(r.URL.Query())
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	total := len(items)
	items, next, err := cutPage(items, q, s.options.Cursor, name)
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	rendered := make([]any, len(items))
	for i, item := range items {
		rendered[i] = render(item)
	}
	s.answerList(w, field, rendered, next, total)
}
