// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// hangsUp accepts connections and closes them at once, as a load balancer without servers does.
func hangsUp(t *testing.T) string {
	t.Helper()
	return listen(t, func(net.Conn) {})
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
	var connections atomic.Int32
	return listen(t, func(client net.Conn) {
		limit := int64(1 << 40)
		if connections.Add(1) == 1 {
			limit = after
		}
		upstream, err := net.Dial("tcp", strings.TrimPrefix(server, "ldap://"))
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = upstream.Close() }()
		go func() {
			_, _ = io.Copy(upstream, client)
			_ = upstream.Close()
		}()
		_, _ = io.CopyN(client, upstream, limit)
	})
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

// failing answers binds, and all searches with a result code and words.
func failing(t *testing.T, code int64, words string) string {
	t.Helper()
	return listen(t, func(conn net.Conn) {
		answerAll(conn, func(id int64, operation *ber.Packet) []byte {
			if isSearch(operation) {
				return envelope(id, resultPacket(ldap.ApplicationSearchResultDone, code, words))
			}
			return envelope(id, resultPacket(ldap.ApplicationBindResponse, 0, ""))
		})
	})
}

// TestOverloadedServer: what one server cannot answer now, another one may. If there is no other, that is no fault of
// the configuration.
func TestOverloadedServer(t *testing.T) {
	t.Parallel()
	for _, code := range []int64{ldap.LDAPResultBusy, ldap.LDAPResultUnavailable} {
		client, _ := start(t, mockldap.Options{}, func(c *directory.Config) { c.URL = failing(t, code, "") + "," + c.URL })
		if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
			t.Errorf("code %d: FindUsers = %v, %v; want one", code, users, err)
		}
		client = connect(t, directory.Config{URL: failing(t, code, "come back later")})
		_, err := client.FindUsers(t.Context(), "jporter")
		if !errors.Is(err, directory.ErrUnreachable) || !strings.Contains(err.Error(), "come back later") {
			t.Errorf("code %d: %v; want ErrUnreachable and the server's words", code, err)
		}
	}
}

// needIPv6 skips the test on a machine without IPv6.
func needIPv6(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("needs IPv6: %v", err)
	}
	_ = listener.Close()
}

func TestIPv6(t *testing.T) {
	t.Parallel()
	needIPv6(t)
	client, _ := start(t, mockldap.Options{Addr: "[::1]:0"}, nil)
	if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}
