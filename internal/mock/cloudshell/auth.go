// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

const loginPath = "/Api/Auth/Login"

type sessions struct {
	mu     sync.Mutex
	tokens map[string]session
	failed int
}

type session struct {
	username string
	expires  time.Time
}

// ExpireTokens makes every token that was handed out so far invalid.
func (s *Server) ExpireTokens() {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	clear(s.sessions.tokens)
}

// IssueToken logs a user in without a request, for clients that are given a token instead of a password.
func (s *Server) IssueToken(username string) string {
	token := rand.Text()
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	s.sessions.tokens[token] = session{username: username, expires: time.Now().Add(s.options.TokenLifetime)}
	return token
}

// SetPassword gives a local user a password, so that a user other than the built-in administrator can log in.
func (s *Server) SetPassword(username, password string) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.passwords[key(username)] = password
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	body, err := decodeObject(r, "Username", "Password", "Domain", "Token")
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	var username, password, domain, token string
	if err := errors.Join(body.text("Username", &username), body.text("Password", &password),
		body.text("Domain", &domain), body.text("Token", &token)); err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	name, ok := s.checkLogin(username, password, domain, token)
	if !ok {
		s.fail(w, s.options.LoginRefused, "Login failed for user: "+username+
			". Please make sure the username and password are correct.")
		return
	}
	s.answerLogin(w, s.IssueToken(name))
}

// checkLogin returns the name of the user who logs in.
func (s *Server) checkLogin(username, password, domain, token string) (string, bool) {
	name, ok := username, s.passwordMatches(username, password)
	if token != "" {
		name, ok = s.tokenOwner(token)
	}
	ok = ok && strings.EqualFold(domain, s.options.Domain) && s.store.active(name)

	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	if s.options.LockAfter > 0 && s.sessions.failed >= s.options.LockAfter {
		return "", false
	}
	if !ok {
		s.sessions.failed++
		return "", false
	}
	s.sessions.failed = 0
	return name, true
}

func (s *Server) passwordMatches(username, password string) bool {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	expected, known := s.store.passwords[key(username)]
	return known && expected == password
}

func (s *Server) answerLogin(w http.ResponseWriter, token string) {
	switch s.options.Login {
	case LoginPlainText:
		answerText(w, http.StatusOK, "text/plain; charset=utf-8", token)
	case LoginHTML:
		answerText(w, http.StatusOK, "text/html; charset=utf-8", page("CloudShell Portal", "Please sign in."))
	case LoginEmpty:
		w.WriteHeader(http.StatusOK)
	default:
		answerJSON(w, http.StatusOK, token)
	}
}

// authorize answers 401 or 403 itself when it reports false.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	name, ok := s.tokenOwner(token)
	if !ok || !s.accepts(scheme) {
		s.fail(w, http.StatusUnauthorized, "Authorization has been denied for this request.")
		return false
	}
	if !s.store.admin(name) {
		s.fail(w, http.StatusForbidden, "Invalid permissions or username")
		return false
	}
	return true
}

func (s *Server) accepts(scheme string) bool {
	bearer, basic := strings.EqualFold(scheme, "Bearer"), strings.EqualFold(scheme, "Basic")
	switch s.options.Auth {
	case AuthBearer:
		return bearer
	case AuthBasic:
		return basic
	default:
		return bearer || basic
	}
}

func (s *Server) tokenOwner(token string) (string, bool) {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	found, ok := s.sessions.tokens[token]
	return found.username, ok && time.Now().Before(found.expires)
}
