// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/jimlambrt/gldap"
)

// The flavours of directory that the server can play, see [Options.Schema].
const (
	SchemaActiveDirectory = "active_directory"
	SchemaRFC2307bis      = "rfc2307bis"
	SchemaRFC2307         = "rfc2307"
)

// Options say what the server holds and how it behaves. The zero value is the embedded lab directory, shaped like
// Active Directory, over plain LDAP on a free port.
type Options struct {
	// LDIF is what the directory holds; empty = the embedded lab directory (base DC=lab,DC=example). Entries without one
	// above them are naming contexts; the first of all is the default one.
	LDIF string
	// Directory is served in place of LDIF and Schema.
	Directory *Directory
	// Addr is where to listen; empty = 127.0.0.1:0.
	Addr string
	// Schema decides the root DSE, the computed attributes and which matching rules exist; empty = SchemaActiveDirectory.
	Schema string
	// BindDN and BindPassword are an account that may always bind, besides the entries that have a userPassword. Empty = a
	// service account below the base.
	BindDN, BindPassword string
	// AllowAnonymous lets a client search without a bind. The root DSE is always readable, as with real servers.
	AllowAnonymous bool

	// TLS serves ldaps:// instead of ldap://.
	TLS bool
	// Certificate is NegativeSerial or Unreadable; empty = a good one.
	Certificate string
	// StartTLS offers the StartTLS operation; without it the server refuses, as OpenLDAP without a certificate does.
	StartTLS bool
	// RequireTLS refuses simple binds on a plain connection with code 8, as Samba does.
	RequireTLS bool

	// SizeLimit is the most entries of one answer or of one page, as Active Directory's MaxPageSize; 0 = 1,000, negative
	// = none.
	SizeLimit int
	// TotalLimit is the most entries of a whole search, paged or not, as OpenLDAP's size.prtotal; 0 = none.
	TotalLimit int
	// MaxValues is how many values of one attribute an answer holds before it hands out ranges; 0 = 1,500 for
	// SchemaActiveDirectory and none otherwise, negative = none.
	MaxValues int
	// NoMatchingRuleInChain plays a proxy in front of Active Directory: filters with the rule 1.2.840.113556.1.4.1941
	// match nothing, and the root DSE does not claim the capabilities of Active Directory.
	NoMatchingRuleInChain bool
	// Forbidden is the DN of an entry that no one may search from; empty = there is none.
	Forbidden string
	// Misbehave is one of the constants SamePage, EmptyPages and so on; empty = behaves.
	Misbehave string
}

// Server is a running directory. All methods are safe for concurrent use.
type Server struct {
	options     Options
	directory   *Directory
	authority   Authority
	tls         *tls.Config
	front       *front
	backend     *gldap.Server
	backendDone chan struct{}

	mu          sync.Mutex
	connections map[int]*connection
	ended       int // connections that gldap's server is done with

	searches, binds atomic.Int64
}

// connection is what the server remembers of one client connection.
type connection struct {
	bound   bool
	secured bool
	pages   map[string][]result // by cookie: what is left of a paged search
	cookies int
}

// Start loads the directory and serves it until [Server.Close].
func Start(options Options) (*Server, error) {
	options = withDefaults(options)
	directory := options.Directory
	if directory == nil {
		var err error
		if directory, err = loadDirectory(options.Schema, options.LDIF); err != nil {
			return nil, err
		}
	}
	s := &Server{options: options, directory: directory, connections: map[int]*connection{}}
	if s.options.BindDN == "" {
		s.options.BindDN = "CN=svc-terraform,OU=Service Accounts," + s.BaseDN()
	}
	var err error
	if s.authority, err = newAuthority(options.Certificate, []net.IP{net.IPv4(127, 0, 0, 1),
		net.IPv6loopback}); err != nil {
		return nil, fmt.Errorf("making the certificate: %w", err)
	}
	if s.tls, err = s.authority.serverConfig(); err != nil {
		return nil, fmt.Errorf("making the certificate: %w", err)
	}
	if err := s.serve(); err != nil {
		return nil, err
	}
	return s, nil
}

func withDefaults(o Options) Options {
	if o.LDIF == "" {
		o.LDIF = LabLDIF
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Directory != nil {
		o.Schema = o.Directory.schema
	}
	o.Schema = cmp.Or(o.Schema, SchemaActiveDirectory)
	if o.BindPassword == "" {
		o.BindPassword = "lab-Passw0rd"
	}
	if o.SizeLimit == 0 {
		o.SizeLimit = 1000
	}
	if o.MaxValues == 0 && o.Schema == SchemaActiveDirectory {
		o.MaxValues = 1500
	}
	return o
}

// URL is the server's address with its scheme, ldap:// or ldaps://.
func (s *Server) URL() string {
	if s.options.TLS {
		return "ldaps://" + s.front.addr()
	}
	return "ldap://" + s.front.addr()
}

// CACertificate is the authority that signed the server's certificate, as PEM text.
func (s *Server) CACertificate() string { return s.authority.CA }

// BindDN is an account that may bind; see [Server.BindPassword].
func (s *Server) BindDN() string { return s.options.BindDN }

// BindPassword is the password of [Server.BindDN].
func (s *Server) BindPassword() string { return s.options.BindPassword }

// BaseDN is the first naming context.
func (s *Server) BaseDN() string { return s.directory.suffixes[0] }

// People is the directory that the server answers from.
func (s *Server) People() *Directory { return s.directory }

// Searches is how many search requests the server has answered so far, pages and the root DSE among them.
func (s *Server) Searches() int { return int(s.searches.Load()) }

// Binds is how many bind requests the server has answered so far.
func (s *Server) Binds() int { return int(s.binds.Load()) }

// Disconnect drops every open connection without a word, as a restarted server or a firewall does. New ones are
// welcome.
func (s *Server) Disconnect() { s.front.cut() }

// Close stops the server and drops its connections.
func (s *Server) Close() {
	const probes = 1 // connections that startBackend made
	seen := s.front.close() + probes
	// gldap's server must not be stopped while it accepts: its counting of connections is not made for that.
	for deadline := time.Now().Add(10 * time.Second); s.endedConnections() < seen && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	_ = s.backend.Stop() // it can only say that the listener is closed already
	<-s.backendDone
}

func (s *Server) endedConnections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// serve starts gldap's server on a port of its own and the front that clients talk to.
func (s *Server) serve() error {
	mux, err := gldap.NewMux()
	if err != nil {
		return err
	}
	if err := errors.Join(
		mux.Bind(s.bind),
		mux.Search(s.search),
		mux.ExtendedOperation(s.startTLS, gldap.ExtendedOperationStartTLS),
	); err != nil {
		return err
	}
	backendAddr, err := s.startBackend(mux)
	if err != nil {
		return err
	}
	var tlsConfig *tls.Config
	if s.options.TLS {
		tlsConfig = s.tls
	}
	s.front, err = newFront(s.options.Addr, backendAddr, tlsConfig)
	if err != nil {
		_ = s.backend.Stop()
		<-s.backendDone
	}
	return err
}

// startBackend runs gldap's server, which cannot tell the port it was given: a free one is chosen beforehand, and
// another one when another process was faster.
func (s *Server) startBackend(mux *gldap.Mux) (string, error) {
	var lastErr error
	for range 10 {
		addr, err := freeAddr()
		if err != nil {
			return "", err
		}
		backend, err := gldap.NewServer(
			gldap.WithLogger(hclog.New(&hclog.LoggerOptions{Level: hclog.Off})),
			gldap.WithOnClose(s.forget),
		)
		if err != nil {
			return "", err
		}
		if err := backend.Router(mux); err != nil {
			return "", err
		}
		s.backend, s.backendDone = backend, make(chan struct{})
		failed := make(chan error, 1)
		go func(done chan struct{}) {
			defer close(done)
			failed <- backend.Run(addr)
		}(s.backendDone)
		if lastErr = waitForListener(addr, failed); lastErr == nil {
			return addr, nil
		}
	}
	return "", fmt.Errorf("starting the LDAP server: %w", lastErr)
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

func (s *Server) connection(id int) *connection {
	c := s.connections[id]
	if c == nil {
		c = &connection{secured: s.options.TLS, pages: map[string][]result{}}
		s.connections[id] = c
	}
	return c
}

func (s *Server) forget(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.connections, id)
	s.ended++
}

func (s *Server) isActiveDirectory() bool { return s.directory.isActiveDirectory() }
