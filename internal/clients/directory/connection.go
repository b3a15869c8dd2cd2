// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// maxConnections bounds how many requests run at the same time. A connection serves one search at a time: OpenLDAP
// keeps the state of one paged search per connection, and cancelling a search means closing the connection.
const maxConnections = 4

// connection is one bound connection. raw is kept to cut it off from outside.
type connection struct {
	*ldap.Conn
	raw      *meter
	endpoint int // which of the client's
	reused   bool
}

// meter is a network connection that ends when a search reads more bytes than any sensible answer has: go-ldap keeps
// all of an answer in memory, and a server need not end it.
type meter struct {
	net.Conn
	left     atomic.Int64
	exceeded atomic.Bool
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.Conn.Read(b)
	if m.left.Add(-int64(n)) < 0 {
		m.exceeded.Store(true)
		_ = m.Close()
		return 0, net.ErrClosed
	}
	return n, err
}

// run gives work a connection. If an idle connection turns out to be dead, work runs again on a new one. If a new one
// breaks, work runs on another server, or once more on the only one: all work is reading. A cancelled context closes
// the connection, which is the only way to make go-ldap stop waiting.
func (c *Client) run(ctx context.Context, work func(*connection) error) error {
	c.mu.Lock()
	failuresBefore := c.failures
	c.mu.Unlock()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for broken := 0; ; {
		conn, err := c.take(ctx, failuresBefore)
		if err != nil {
			return err
		}
		err = c.masked(conn.do(ctx, work))
		switch {
		case ctx.Err() != nil:
			conn.discard()
			return ctx.Err()
		case conn.raw.exceeded.Load():
			conn.discard()
			return endless("it sent more than %d MB", maxBytes>>20)
		case errors.Is(err, ErrEndless):
			conn.discard()
			return err
		case !isNetwork(err):
			c.giveBack(conn)
			return err
		}
		conn.discard()
		if conn.reused && !isTimeout(err) {
			continue
		}
		broken++
		if broken >= len(c.endpoints) && (broken > 1 || isTimeout(err)) {
			return err
		}
		c.avoid(conn.endpoint)
	}
}

// avoid lets the next connection start with the server after this one.
func (c *Client) avoid(endpoint int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.working == endpoint {
		c.working = (endpoint + 1) % len(c.endpoints)
	}
}

func (conn *connection) do(ctx context.Context, work func(*connection) error) error {
	conn.raw.left.Store(maxBytes)
	stop := context.AfterFunc(ctx, func() { _ = conn.raw.Close() })
	defer stop()
	return work(conn)
}

// discard closes the connection. It does not matter whether Close fails.
func (conn *connection) discard() {
	_ = conn.raw.Close()
	_ = conn.Close()
}

// take returns an idle connection that still seems alive, or opens one.
func (c *Client) take(ctx context.Context, failuresBefore int) (*connection, error) {
	for {
		conn := c.popIdle()
		if conn == nil {
			return c.open(ctx, failuresBefore)
		}
		if !conn.IsClosing() {
			return conn, nil
		}
		conn.discard()
	}
}

func (c *Client) popIdle() *connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.idle) == 0 {
		return nil
	}
	last := len(c.idle) - 1
	conn := c.idle[last]
	c.idle = c.idle[:last]
	return conn
}

func (c *Client) giveBack(conn *connection) {
	conn.reused = true
	c.mu.Lock()
	closed := c.closed
	if !closed {
		c.idle = append(c.idle, conn)
	}
	c.mu.Unlock()
	if closed {
		conn.discard()
	}
}

// open opens a connection, one at a time. Callers that waited while another's attempt failed share that failure, so
// that many look-ups wait for an unreachable server only once. A refused bind is final: every further one would count
// towards locking the account.
func (c *Client) open(ctx context.Context, failuresBefore int) (*connection, error) {
	select {
	case c.opening <- struct{}{}:
		defer func() { <-c.opening }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c.mu.Lock()
	known := c.refused
	if known == nil && c.failures != failuresBefore {
		known = c.failure
	}
	first := c.working
	c.mu.Unlock()
	if known != nil {
		return nil, known
	}
	conn, working, err := c.openFirst(ctx, first)
	c.noteOpened(working, err)
	return conn, err
}

func (c *Client) noteOpened(working int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.working = working
	case !isCancelled(err):
		c.failures++
		c.failure = err
		if errors.Is(err, ErrCredentials) {
			c.refused = err
		}
	}
}

// openFirst tries the servers in turn, the one that worked last time first, and returns which one answered.
func (c *Client) openFirst(ctx context.Context, first int) (*connection, int, error) {
	var failures []error
	for i := range c.endpoints {
		at := (first + i) % len(c.endpoints)
		conn, err := c.connect(ctx, c.endpoints[at])
		switch {
		case err == nil:
			conn.endpoint = at
			return conn, at, nil
		case ctx.Err() != nil:
			return nil, 0, ctx.Err()
		case errors.Is(err, ErrCredentials):
			return nil, 0, err
		}
		failures = append(failures, err)
	}
	return nil, 0, joinFailures(failures)
}

// joinFailures keeps a single failure as it is and lists several.
func joinFailures(failures []error) error {
	if len(failures) == 1 {
		return failures[0]
	}
	messages := make([]string, len(failures))
	for i, f := range failures {
		messages[i] = f.Error()
	}
	var first *Error
	if !errors.As(failures[0], &first) {
		return errors.Join(failures...)
	}
	return &Error{
		Kind: first.Kind, Attribute: first.Attribute, Cause: errors.Join(failures...),
		Message: "None of the servers in ldap.url could be used. " + strings.Join(messages, " "),
	}
}

// connect dials, secures and binds. The deadline on the raw connection bounds all three, TLS handshakes included.
func (c *Client) connect(ctx context.Context, e endpoint) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	dialed, err := (&net.Dialer{}).DialContext(ctx, "tcp", e.address)
	if err != nil {
		return nil, fault(
			ErrUnreachable,
			"url",
			err,
			"%s cannot be reached. Check ldap.url, and firewalls on the way.",
			e.url,
		)
	}
	raw := &meter{Conn: dialed}
	raw.left.Store(maxBytes)
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	conn, err := c.secureAndBind(ctx, e, raw)
	cutOff := !stop()
	if err == nil && !cutOff {
		conn.SetTimeout(c.config.Timeout) // not earlier: at the same moment as ctx its message would be worse
		return conn, nil
	}
	_ = raw.Close()
	if conn != nil {
		conn.discard()
	}
	if cutOff {
		return nil, fault(
			ErrTimeout,
			"url",
			nil,
			"%s accepted the connection and then took longer than %s to log in. Check ldap.url, or raise request_timeout.",
			e.url,
			c.config.Timeout,
		)
	}
	return nil, err
}

// secureAndBind returns what it opened along with an error, for the caller to close.
func (c *Client) secureAndBind(ctx context.Context, e endpoint, raw *meter) (*connection, error) {
	tlsConfig := c.tls.Clone()
	tlsConfig.ServerName = e.host
	var stream net.Conn = raw
	if e.secure {
		secured := tls.Client(raw, tlsConfig)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, explainTLS(e, err)
		}
		stream = secured
	}
	conn := &connection{Conn: ldap.NewConn(stream, e.secure), raw: raw}
	conn.Start()
	if c.config.StartTLS {
		if err := conn.StartTLS(tlsConfig); err != nil {
			return conn, explainStartTLS(e, err)
		}
	}
	return conn, c.bind(ctx, e, conn)
}

// Close closes the idle connections. Searches under way end by themselves.
func (c *Client) Close() error {
	c.mu.Lock()
	idle := c.idle
	c.idle, c.closed = nil, true
	c.mu.Unlock()
	var failures []error
	for _, conn := range idle {
		if err := conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			failures = append(failures, fmt.Errorf("closing the connection: %w", err))
		}
	}
	return errors.Join(failures...)
}

// requestTimeLimit is what a search request tells the server, in whole seconds.
func (c *Client) requestTimeLimit() int { return max(1, int(c.config.Timeout/time.Second)) }
