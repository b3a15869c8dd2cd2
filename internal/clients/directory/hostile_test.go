// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// TestEndlessServers: a search that makes no progress ends, in bounded time and memory, with an error that says so.
func TestEndlessServers(t *testing.T) {
	people := func(client *directory.Client) error {
		_, err := client.Users(t.Context(), "", "")
		return err
	}
	members := func(client *directory.Client) error {
		_, err := client.Members(t.Context(), "CN=deep 0,DC=lab,DC=example", directory.MemberOptions{Nested: true})
		return err
	}
	for name, c := range map[string]struct {
		options mockldap.Options
		timeout time.Duration
		ask     func(*directory.Client) error
		words   string
	}{
		"same page": {mockldap.Options{Misbehave: mockldap.SamePage}, 0, people, "the same page and the same cookie twice"},
		"empty pages": {mockldap.Options{Misbehave: mockldap.EmptyPages}, 0, people, "100 pages in a row without " +
			"anything new"},
		"new pages": {mockldap.Options{Misbehave: mockldap.InventedPages}, 500 * time.Millisecond, people, "longer " +
			"than 10s in all its pages"},
		// The race detector makes the mock take half a minute for 128 MB: the cap is tested here, not the clock.
		"one answer": {mockldap.Options{Misbehave: mockldap.EndlessAnswer}, 2 * time.Minute, people, "more than 128 MB"},
		"deep groups": {mockldap.Options{Misbehave: mockldap.DeepGroups, Schema: mockldap.SchemaRFC2307bis}, 0, members,
			"nested more than 200 deep"},
		"values again": {mockldap.Options{Misbehave: mockldap.StuckRange, MaxValues: 5}, 0,
			func(client *directory.Client) error {
				_, err := client.Members(t.Context(), "CN=Lab Engineers,OU=Groups,DC=lab,DC=example", directory.MemberOptions{})
				return err
			}, "do not go on after number 5"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := start(t, c.options, func(config *directory.Config) { config.Timeout = c.timeout })
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			started := time.Now()
			err := c.ask(client)
			if !errors.Is(err, directory.ErrEndless) || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v; want ErrEndless, %q", err, c.words)
			}
			if took := time.Since(started); took > max(30*time.Second, c.timeout) {
				t.Errorf("it took %s", took)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 50<<20 {
				t.Errorf("%d MB are kept", grown>>20)
			}
		})
	}
}

// TestReferralsAreNotFollowed: a server that refers to itself is asked once.
func TestReferralsAreNotFollowed(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{Misbehave: mockldap.Referrals}, nil)
	_, err := client.Users(t.Context(), "", "")
	if !errors.Is(err, directory.ErrBaseNotFound) || !strings.Contains(err.Error(), "does not follow referrals") {
		t.Errorf("Users: %v; want ErrBaseNotFound", err)
	}
	if server.Searches() != 2 { // and the root DSE
		t.Errorf("%d searches, want 2", server.Searches())
	}
}

// TestOddPages: pages with one cookie for all of them, and no pages at all, are as good as others.
func TestOddPages(t *testing.T) {
	t.Parallel()
	for _, oddity := range []string{mockldap.SameCookie, mockldap.RefusePages} {
		client, server := start(
			t,
			mockldap.Options{Misbehave: oddity, SizeLimit: map[string]int{mockldap.SameCookie: 7}[oddity]},
			func(c *directory.Config) { c.NoCache = true },
		)
		for range 2 {
			if users, err := client.Users(t.Context(), "", ""); err != nil || len(users) != 33 {
				t.Errorf("%s: %d people, %v; want 33", oddity, len(users), err)
			}
		}
		if oddity == mockldap.RefusePages && server.Searches() != 4 { // the root DSE, the refused one, and one each time
			t.Errorf("%d searches, want 4", server.Searches())
		}
	}
}

// TestPagesRefusedAndTooMany: without pages, a size limit makes the answer incomplete, which is an error.
func TestPagesRefusedAndTooMany(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{Misbehave: mockldap.RefusePages, SizeLimit: 7}, nil)
	if users, err := client.Users(t.Context(), "", ""); !errors.Is(err, directory.ErrSizeLimit) {
		t.Errorf("%d people, %v; want ErrSizeLimit", len(users), err)
	}
}

// TestLongWords: what a server says is on one line of bounded length.
func TestLongWords(t *testing.T) {
	t.Parallel()
	said := strings.Repeat("no\x1b[31m\n", 10_000)
	for name, c := range map[string]struct {
		url  string
		kind error
	}{
		"refused bind":  {refusing(t, said), directory.ErrCredentials},
		"failed search": {failing(t, ldap.LDAPResultOther, said), directory.ErrUnexpected},
	} {
		client := connect(t, directory.Config{URL: c.url, BindDN: "cn=x", BindPassword: "y"})
		_, err := client.FindUsers(t.Context(), "jporter")
		if text := fmt.Sprint(err); !errors.Is(err, c.kind) || len(text) > 2000 ||
			strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("%s: %d bytes: %.300q", name, len(text), text)
		}
	}
}

// refusing answers every bind with a refusal in these words.
func refusing(t *testing.T, words string) string {
	t.Helper()
	return listen(t, func(conn net.Conn) {
		answerAll(conn, func(id int64, _ *ber.Packet) []byte {
			return envelope(id, resultPacket(ldap.ApplicationBindResponse, ldap.LDAPResultInvalidCredentials, words))
		})
	})
}

// TestServerThatRepeatsThePassword: it is not in the message.
func TestServerThatRepeatsThePassword(t *testing.T) {
	t.Parallel()
	const password, words = `Qz7"hush`, `password "Qz7\"hush" or Qz7%22hush is wrong`
	for _, url := range []string{
		refusing(t, words), failing(t, ldap.LDAPResultOther, words), failing(t, ldap.LDAPResultBusy, words),
	} {
		client := connect(t, directory.Config{URL: url, BindDN: "cn=x", BindPassword: password})
		_, err := client.FindUsers(t.Context(), "jporter")
		if text := fmt.Sprint(err); strings.Contains(text, "hush") || !strings.Contains(text, "or *** is wrong") {
			t.Error(text)
		}
	}
}

// TestLongestTimeout: a time limit that stands for no limit is one that can be counted with.
func TestLongestTimeout(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, func(c *directory.Config) { c.Timeout = 2_000_000 * time.Hour })
	if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}
