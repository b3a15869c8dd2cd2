// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

func (s scope) searchUsers(ctx context.Context, query string) ([]DirectoryUser, error) {
	var answer []struct {
		Username     string `json:"username"`
		FullName     string `json:"fullname"` // matches fullName as well
		Email        string `json:"email"`
		Telephone    string `json:"phoneNumber"`
		NameInSource string `json:"nameInSource"`
	}
	if err := s.search(ctx, "user", query, &answer); err != nil {
		return nil, err
	}
	users := make([]DirectoryUser, len(answer))
	for i, u := range answer {
		users[i] = DirectoryUser(u)
	}
	return users, nil
}

func (s scope) searchGroups(ctx context.Context, query string) ([]DirectoryGroup, error) {
	var answer []struct {
		Name         string `json:"name"`
		Description  string `json:"description"`
		NameInSource string `json:"nameInSource"`
	}
	if err := s.search(ctx, "group", query, &answer); err != nil {
		return nil, err
	}
	groups := make([]DirectoryGroup, len(answer))
	for i, g := range answer {
		groups[i] = DirectoryGroup(g)
	}
	return groups, nil
}

func (s scope) search(ctx context.Context, kind, query string, out any) error {
	if err := s.directoryOffered(); err != nil {
		return err
	}
	_, err := s.cloud(ctx, http.MethodGet, "/ldap/search/"+kind, url.Values{"q": {query}}, nil, out)
	return err
}

func (s scope) syncDirectory(ctx context.Context) error {
	if err := s.directoryOffered(); err != nil {
		return err
	}
	answer, err := s.send(ctx, call{
		method: http.MethodPost, path: "/cloudapi/1.0.0/ldap/sync", accept: "application/json", retrySafe: true,
	})
	if err != nil {
		return err
	}
	return s.awaitEnd(ctx, answer) // 204 is documented
}

func (s scope) directoryOffered() error {
	if s.version.atLeast(36, 0) {
		return nil
	}
	return fmt.Errorf("%w: the search in the organization's directory needs API version 36.0 or later, and %s is in use",
		ErrUnsupported, s.version.text)
}
