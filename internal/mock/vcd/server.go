// SPDX-License-Identifier: MPL-2.0

// Package vcd is a stand-in for VMware Cloud Director and VCF Automation: the CloudAPI and the XML interface over one
// state in memory, importing from a people.Directory. It enforces what the real thing enforces (pages of 128, strict
// bodies, the order of XML elements, rights of API tokens), deletes the powered-off VMs of a user who is deleted
// without ownership having been taken, and keeps a record of it. Options plays the forms of what the vendor does not
// document.
package vcd

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/record"
)

// Logins that exist from the start: an organization administrator in every organization, and a provider administrator
// in System. APIToken logs the former in through /oauth, with view rights only.
const (
	Username         = "orgadmin"
	ProviderUsername = "administrator"
	Password         = "mock-password"
	APIToken         = "mock-api-token"
	SystemOrg        = "System"
)

// Role names of every organization.
const (
	RoleOrgAdmin   = "Organization Administrator"
	RoleVAppAuthor = "vApp Author"
	RoleVAppUser   = "vApp User"
	RoleConsole    = "Console Access Only"
	RoleDefer      = "Defer to Identity Provider"
)

// Server is a running mock. All methods are safe for concurrent use.
type Server struct {
	opts     Options
	version  version
	versions []string
	people   *ldap.Directory
	listener net.Listener
	http     *http.Server
	recorder record.Recorder
	faults   *faults.Injector

	mu        sync.Mutex
	orgs      []*organization
	sessions  map[string]*session
	tasks     map[string]*task
	deletions []Deletion
	logins    int
	writer    *writer
	apiToken  string // the one that is good
}

// Start starts a mock on a free port of 127.0.0.1 (see Options.Addr). Close ends it.
func Start(opts Options) (*Server, error) {
	if opts.Addr == "" {
		opts.Addr = "127.0.0.1:0"
	}
	if opts.Version == "" {
		opts.Version = "39.1"
	}
	if opts.Orgs == nil {
		opts.Orgs = []string{"acme", "globex"}
	}
	people := ldap.NewDirectory()
	if opts.Directory == nil {
		opts.Directory = people
	}
	s := &Server{
		opts: opts, version: parseVersion(opts.Version), versions: opts.Versions, people: people,
		apiToken: APIToken, sessions: map[string]*session{}, tasks: map[string]*task{}, faults: faults.New(1),
	}
	if s.versions == nil {
		s.versions = versionsUpTo(s.version)
	}
	for _, name := range append([]string{SystemOrg}, opts.Orgs...) {
		s.AddOrg(name, !slices.Contains(opts.OrgsWithoutLDAP, name))
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", opts.Addr)
	if err != nil {
		return nil, fmt.Errorf("mock Cloud Director: %w", err)
	}
	s.listener = listener
	s.http = &http.Server{Handler: s.recorder.Wrap(s.faults.Wrap(s.slowly(s.withOtherWriter(s.routes())))),
		ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

// URL is the address to put into the provider's vcd block.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close stops the server and cuts open connections.
func (s *Server) Close() { _ = s.http.Close() }

// People is the directory in memory that organizations import from, unless Options.Directory names another.
func (s *Server) People() *ldap.Directory { return s.people }

// Faults injects faults into requests.
func (s *Server) Faults() *faults.Injector { return s.faults }

// Request is one request as the server received it.
type Request = record.Request

// Requests lists what was asked since the start or the last ResetRequests, in order of arrival.
func (s *Server) Requests() []Request { return s.recorder.All() }

// ResetRequests forgets the requests recorded so far.
func (s *Server) ResetRequests() { s.recorder.Reset() }

// Count counts the recorded requests with this method ("" = any) and path pattern (see faults.MatchPath; "" = any).
func (s *Server) Count(method, pattern string) int { return s.recorder.Count(method, pattern) }

// VCFA tells whether the mock plays VCF Automation.
func (s *Server) VCFA() bool { return s.version.atLeast(40, 0) }

func (s *Server) slowly(next http.Handler) http.Handler {
	if s.opts.Latency == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(s.opts.Latency)
		next.ServeHTTP(w, r)
	})
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.sessionRoutes(mux)
	s.cloudAPIRoutes(mux)
	s.xmlRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			writeXMLFault(w, s.version.String(), notFound(r.URL.Path))
			return
		}
		writeJSONFault(w, s.version.String(), notFound(r.URL.Path))
	})
	return withoutTrailingSlash(mux)
}

// withoutTrailingSlash takes a collection's address with a slash at its end too, as the vendor's SDK writes it.
func withoutTrailingSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.URL.RawPath = strings.TrimSuffix(r.URL.Path, "/"), strings.TrimSuffix(r.URL.RawPath, "/")
		next.ServeHTTP(w, r)
	})
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
