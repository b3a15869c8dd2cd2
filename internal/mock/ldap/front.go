// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"time"
)

// front accepts the clients' connections and passes their bytes to gldap's server. It adds what gldap's server lacks:
// it tells its port, and it can drop connections.
type front struct {
	listener net.Listener
	backend  string

	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
	dialed int // connections made to the backend
	done   sync.WaitGroup
}

func newFront(addr, backend string, tlsConfig *tls.Config) (*front, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	if tlsConfig != nil {
		listener = tls.NewListener(listener, tlsConfig)
	}
	f := &front{listener: listener, backend: backend, open: map[net.Conn]struct{}{}}
	f.done.Add(1)
	go f.accept()
	return f, nil
}

func (f *front) addr() string { return f.listener.Addr().String() }

func (f *front) accept() {
	defer f.done.Done()
	for {
		client, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.done.Go(func() {
			f.pass(client)
		})
	}
}

// pass copies both ways until either side is done.
func (f *front) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", f.backend)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	f.mu.Lock()
	f.dialed++
	f.mu.Unlock()
	if !f.remember(client) {
		return
	}
	defer f.forget(client)

	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()
	_, _ = io.Copy(server, client)
	// The client is gone; the server may still be writing to it, which must not keep this connection.
	_ = server.Close()
	<-answered
}

func (f *front) remember(c net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.open[c] = struct{}{}
	return true
}

func (f *front) forget(c net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, c)
}

func (f *front) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.open {
		_ = c.Close()
	}
}

// close drops all connections and returns how many connections the backend has seen in all.
func (f *front) close() int {
	_ = f.listener.Close()
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.cut()
	f.done.Wait()
	return f.dialed
}

// waitForListener returns once addr accepts connections, or with what failed instead.
func waitForListener(addr string, failed <-chan error) error {
	deadline := time.Now().Add(10 * time.Second)
	for {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-failed:
			return err
		case <-time.After(2 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return err
		}
	}
}
