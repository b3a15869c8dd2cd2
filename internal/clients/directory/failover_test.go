// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"net"
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

func TestIPv6(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{Addr: "[::1]:0"}, nil)
	if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}
