// SPDX-License-Identifier: MPL-2.0

// Package cloudshell stands in for Quali CloudShell's Administration API: users, groups and the import from a
// directory, over HTTP on loopback with state in memory. Where the vendor's pages leave open how the server behaves,
// Options chooses. It checks what it is sent more strictly than it has to: what a real server might refuse, it refuses.
package cloudshell

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	"github.com/external-directory/terraform-provider-directory/internal/mock/record"
)

// Server is a running stand-in. It is safe for concurrent use.
type Server struct {
	options   Options
	directory people.Directory
	listener  net.Listener
	http      *http.Server
	ca        string
	done      chan struct{} // closed by Close
	closeOnce sync.Once

	recorder record.Recorder
	faults   *faults.Injector
	sessions sessions
	store    *store
	writer   atomic.Pointer[otherWriter]
}

// Start listens and serves until Close. The built-in administrator exists from the start, and so does the local user
// "operator".
func Start(options Options) (*Server, error) {
	options = options.withDefaults()
	s := &Server{
		options: options, directory: options.Directory, done: make(chan struct{}),
		faults: faults.New(1), store: newStore(options), sessions: sessions{tokens: map[string]session{}},
	}
	s.store.addLocal(options.Username, true)
	s.store.addLocal("operator", false)

	listener, err := net.Listen("tcp", options.Addr)
	if err != nil {
		return nil, fmt.Errorf("the CloudShell mock cannot listen: %w", err)
	}
	if options.TLS {
		certificate, pem, err := newCertificate()
		if err != nil {
			return nil, errors.Join(err, listener.Close())
		}
		s.ca = pem
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12,
		})
	}
	s.listener = listener
	s.http = &http.Server{
		Handler:           s.recorder.Wrap(s.faults.Wrap(s.withOtherWriter(http.HandlerFunc(s.serve)))),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

// Close stops the server and cuts what is under way. Closing twice is fine.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.done)
		_ = s.http.Close()
	})
}

// URL is the address without a path, to be used as the provider's url.
func (s *Server) URL() string {
	scheme := "http"
	if s.options.TLS {
		scheme = "https"
	}
	return scheme + "://" + s.listener.Addr().String()
}

// People is the directory in memory that the server imports from; nil when Options named a directory of another kind.
func (s *Server) People() *ldap.Directory {
	inMemory, _ := s.directory.(*ldap.Directory)
	return inMemory
}

// CACertificate is the PEM text of the certificate that the server serves with; empty without TLS.
func (s *Server) CACertificate() string { return s.ca }

// Username is the built-in administrator's name.
func (s *Server) Username() string { return s.options.Username }

// Password is the built-in administrator's password.
func (s *Server) Password() string { return s.options.Password }

// Domain is the domain that the built-in administrator logs in to.
func (s *Server) Domain() string { return s.options.Domain }

// Faults makes requests go wrong by script or by rate.
func (s *Server) Faults() *faults.Injector { return s.faults }

// Request is one request as the server received it.
type Request = record.Request

// Requests returns what was received since the start or the last reset, in order.
func (s *Server) Requests() []Request { return s.recorder.All() }

// ResetRequests forgets the requests received so far.
func (s *Server) ResetRequests() { s.recorder.Reset() }

// Count counts the requests received with the method (empty: any) and a path matching the pattern, see
// faults.MatchPath: Count("GET", "/api/v1/users") counts pages of the list of users, Count("GET", "/api/v1/users/*")
// single reads.
func (s *Server) Count(method, pattern string) int { return s.recorder.Count(method, pattern) }

// CountWork counts all requests but logins.
func (s *Server) CountWork() int {
	return s.Count("", "") - s.Count("", loginPath)
}

// serve answers one request: the paths here are all that the server knows. As on IIS, paths compare without regard to
// case.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.pause(r.Context(), s.options.Latency) {
		return
	}
	if faults.MatchPath(loginPath, r.URL.EscapedPath()) {
		s.only(w, r, http.MethodPut, s.login)
		return
	}
	handler := s.route(r)
	if handler == nil {
		s.fail(w, http.StatusNotFound, "No HTTP resource was found that matches the request URI")
		return
	}
	if !s.authorize(w, r) {
		return
	}
	handler(w, r)
}

// route finds the handler of a path, nil when there is none.
func (s *Server) route(r *http.Request) http.HandlerFunc {
	path := r.URL.EscapedPath()
	segments := faults.Segments(path)
	match := func(pattern string) bool { return faults.MatchPath(pattern, path) }
	switch {
	case match("/api/v1/users"):
		return s.users
	case match("/api/v1/users/*"):
		return s.withID(segments[3], s.user)
	case match("/api/v1/groups"):
		return s.groups
	case match("/api/v1/groups/*"):
		return s.withID(segments[3], s.group)
	case match("/api/v1/groups/*/users"):
		return s.withID(segments[3], s.groupUsers)
	case match("/api/v1/group/*"):
		return s.withID(segments[3], s.groupSingular)
	case match("/api/v1/groups/*/domains"), match("/api/v1/groups/*/domain"):
		plural := strings.EqualFold(segments[4], "domains")
		return s.withID(segments[3], func(w http.ResponseWriter, r *http.Request, id int64) {
			s.groupDomains(w, r, id, plural)
		})
	case match("/api/v1/domains"):
		return s.listDomains
	case match("/api/v1/domains/*/groups"):
		return func(w http.ResponseWriter, r *http.Request) { s.domainGroups(w, r, segments[3]) }
	case match("/api/v1/integrations/IdentityManagement/users"):
		return s.importUsers
	case match("/api/v1/integrations/IdentityManagement/groups"):
		return s.externalGroups
	case match("/api/v1/integrations/IdentityManagement/groups/*/users"):
		name := segments[5]
		return func(w http.ResponseWriter, r *http.Request) { s.externalGroupUsers(w, r, name) }
	default:
		return nil
	}
}

// only answers 405 unless the request has the method.
func (s *Server) only(w http.ResponseWriter, r *http.Request, method string, handler http.HandlerFunc) {
	if r.Method != method {
		s.methodNotAllowed(w, r)
		return
	}
	handler(w, r)
}

func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	s.fail(w, http.StatusMethodNotAllowed, "The requested resource does not support http method '"+r.Method+"'.")
}

// pause waits; it reports false when the client or the server has gone meanwhile.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-s.done:
		return false
	}
}
