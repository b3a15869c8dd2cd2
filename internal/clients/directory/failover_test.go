// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// hangsUp accepts connections and closes them at once, as a balancer without servers does.
func hangsUp(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return "ldap://" + l.Addr().String()
}

// TestServerThatHangsUp: a client that binds notices at the bind, and one that does not at its first search.
func TestServerThatHangsUp(t *testing.T) {
	t.Parallel()
	for _, anonymous := range []bool{false, true} {
		client, _ := start(t, mockldap.Options{AllowAnonymous: true}, func(c *directory.Config) {
			c.URL = hangsUp(t) + "," + hangsUp(t) + "," + c.URL
			if anonymous {
				c.BindDN, c.BindPassword = "", ""
			}
		})
		for _, name := range []string{"jporter", "mlopez"} {
			if users, err := client.FindUsers(t.Context(), name); err != nil || len(users) != 1 {
				t.Errorf("anonymous %v: FindUsers(%q) = %v, %v; want one", anonymous, name, users, err)
			}
		}
	}
}

// TestEveryServerHangsUp: each is tried once.
func TestEveryServerHangsUp(t *testing.T) {
	t.Parallel()
	client := connect(t, directory.Config{URL: hangsUp(t) + "," + hangsUp(t)})
	if users, err := client.FindUsers(t.Context(), "jporter"); err == nil {
		t.Errorf("FindUsers = %v; want an error", users)
	}
}

// cutsFirst passes connections on to a server, and cuts the first one after so many bytes of answers.
func cutsFirst(t *testing.T, server string, after int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for first := true; ; first = false {
			client, err := l.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", strings.TrimPrefix(server, "ldap://"))
			if err != nil {
				t.Error(err)
				_ = client.Close()
				return
			}
			limit := int64(1 << 40)
			if first {
				limit = after
			}
			running.Go(func() {
				_, _ = io.Copy(upstream, client)
				_ = upstream.Close()
			})
			running.Go(func() {
				_, _ = io.CopyN(client, upstream, limit)
				_ = client.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		running.Wait()
	})
	return "ldap://" + l.Addr().String()
}

// TestConnectionThatBreaksOnce: a search is read again although there is one server only.
func TestConnectionThatBreaksOnce(t *testing.T) {
	t.Parallel()
	for _, after := range []int64{20, 300, 1000, 5000} {
		client, _ := start(t, mockldap.Options{}, func(c *directory.Config) { c.URL = cutsFirst(t, c.URL, after) })
		if users, err := client.Users(t.Context(), "", ""); err != nil || len(users) != 33 {
			t.Errorf("after %d bytes: %d people, %v", after, len(users), err)
		}
	}
}

func TestIPv6(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{Addr: "[::1]:0"}, nil)
	if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}
