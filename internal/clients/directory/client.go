// SPDX-License-Identifier: MPL-2.0

// Package directory reads people and groups from an LDAP directory: Active Directory (Samba's included), or a server
// with the schema of RFC 2307bis or RFC 2307.
//
// A [Client] keeps a few connections, reopens them when the server drops them, and answers repeated look-ups from
// memory. Every value that goes into a filter is escaped. Referrals are not followed: what another server holds is
// not seen.
package directory

import (
	"context"
	"crypto/tls"
	"sync"
	"sync/atomic"

	"github.com/go-ldap/ldap/v3"
)

// Client reads one directory. It is safe for concurrent use.
type Client struct {
	config    Config
	endpoints []endpoint
	tls       *tls.Config
	tickets   *ticketSource // nil without Kerberos
	slots     chan struct{} // one per connection in use
	opening   chan struct{} // connections are opened one after the other
	down      atomic.Bool

	noPaging     atomic.Bool // the server gives no pages
	searchesByDN atomic.Bool // the server was seen to find entries by filters that name their DNs

	mu       sync.Mutex
	idle     []*connection
	working  int // the endpoint that answered last
	closed   bool
	failures int   // attempts to open a connection that failed
	failure  error // what the last of them said
	refused  error // a refused bind, which is final

	server memo[server]
	users  memo[[]User]
	groups memo[[]Group]
	names  memo[[]string]

	memberships memo[Membership]
	dynamic     memo[[]*ldap.Entry] // groups with searches for members
}

// New checks the configuration. It sends nothing: connecting and binding happen with the first look-up. The error is a
// *setting.Error.
func New(config Config) (*Client, error) {
	if config.Schema == "" {
		config.Schema = SchemaAuto
	}
	if config.Timeout == 0 {
		config.Timeout = defaultTimeout
	}
	config.Timeout = min(config.Timeout, longestTimeout)
	endpoints, err := parseEndpoints(config.URL)
	if err != nil {
		return nil, err
	}
	if err := config.check(endpoints); err != nil {
		return nil, err
	}
	tlsConfig, err := config.TLS.Config()
	if err != nil {
		return nil, err
	}
	c := &Client{
		config: config, endpoints: endpoints, tls: tlsConfig, slots: make(chan struct{}, maxConnections),
		opening: make(chan struct{}, 1),
	}
	if config.Kerberos != nil {
		if c.tickets, err = config.Kerberos.tickets(); err != nil {
			return nil, err
		}
	}
	for _, off := range []*bool{&c.users.off, &c.groups.off, &c.names.off, &c.memberships.off, &c.dynamic.off} {
		*off = config.NoCache
	}
	return c, nil
}

// Schema is the directory's schema, one of the Schema constants other than auto: the configured one, or what the
// server's root DSE tells. A server that is not Active Directory counts as RFC 2307bis, and both its kinds of groups
// are read.
func (c *Client) Schema(ctx context.Context) (string, error) {
	s, err := c.serverInfo(ctx)
	return s.schema, err
}

// BaseDNs are the entries below which people and groups are looked up: the configured one, or the server's naming
// contexts.
func (c *Client) BaseDNs(ctx context.Context) ([]string, error) {
	s, err := c.serverInfo(ctx)
	return s.baseDNs(), err
}

// MarkDown records that a look-up failed, and reports whether it was the first one. Callers that work without the
// directory too call it to warn once, and ask [Client.IsDown] before they try again.
func (c *Client) MarkDown() (first bool) { return c.down.CompareAndSwap(false, true) }

// IsDown reports whether [Client.MarkDown] was called.
func (c *Client) IsDown() bool { return c.down.Load() }

// ConfiguredBaseDN is the base DN of the configuration, or "".
func (c *Client) ConfiguredBaseDN() string { return c.config.BaseDN }
