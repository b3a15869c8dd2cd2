// Package directory reads people and groups from an LDAP directory: Active Directory (Samba's included), or a server with the
// schema of RFC 2307bis or RFC 2307.
//
// A [Client] keeps a few connections, reopens them when the server drops them, and answers repeated look-ups from memory.
// Every value that goes into a filter is escaped. Referrals are not followed: what another server holds is not seen.
package directory

import (
	"context"
	"crypto/tls"
	"sync"
	"sync/atomic"
)

// Client reads one directory. It is safe for concurrent use.
type Client struct {
	config    Config
	endpoints []endpoint
	tls       *tls.Config
	slots     chan struct{} // one per connection in use
	opening   chan struct{} // connections are opened one after the other
	down      atomic.Bool

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
	c := &Client{config: config, endpoints: endpoints, tls: tlsConfig, slots: make(chan struct{}, maxConnections), opening: make(chan struct{}, 1)}
	c.users.off, c.groups.off, c.names.off = config.NoCache, config.NoCache, config.NoCache
	return c, nil
}

// Schema is the directory's schema, one of the Schema constants other than auto: the configured one, or what the server's root
// DSE tells. A server that is not Active Directory counts as RFC 2307bis, and both its kinds of groups are read.
func (c *Client) Schema(ctx context.Context) (string, error) {
	s, err := c.serverInfo(ctx)
	return s.schema, err
}

// BaseDN is the entry below which people and groups are looked up: the configured one, or the server's naming context.
func (c *Client) BaseDN(ctx context.Context) (string, error) {
	s, err := c.serverInfo(ctx)
	return s.baseDN, err
}

// MarkDown is for callers that can do without the directory: it notes that a look-up failed, and reports whether that was the
// first. They tell once, and ask [Client.IsDown] before they try again.
func (c *Client) MarkDown() (first bool) { return c.down.CompareAndSwap(false, true) }

// IsDown reports whether [Client.MarkDown] was called.
func (c *Client) IsDown() bool { return c.down.Load() }
