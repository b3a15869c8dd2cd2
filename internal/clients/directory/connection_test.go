// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

func TestTransports(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]mockldap.Options{
		"plain": {}, "LDAPS": {TLS: true, RequireTLS: true}, "StartTLS": {StartTLS: true, RequireTLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := start(t, options, nil)
			if users, err := client.Users(t.Context(), "", ""); err != nil || len(users) != 33 {
				t.Errorf("%d people, %v; want 33", len(users), err)
			}
		})
	}
}

func TestServersAreTriedInTurn(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{}, func(c *directory.Config) {
		c.URL = "ldap://127.0.0.1:1, " + c.URL
		c.NoCache = true
	})
	for range 2 { // the second time, the server that works is tried first
		if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
			t.Fatalf("FindUsers = %v, %v; want one", users, err)
		}
		server.Disconnect()
	}
}

// TestWrongPasswordIsTriedOnce protects the account from being locked.
func TestWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{}, func(c *directory.Config) {
		c.URL += "," + c.URL
		c.BindPassword = "wrong"
	})
	var done sync.WaitGroup
	for range 20 {
		done.Go(func() {
			if _, err := client.FindUsers(t.Context(), "jporter"); !errors.Is(err, directory.ErrCredentials) {
				t.Errorf("FindUsers: %v, want ErrCredentials", err)
			}
		})
	}
	done.Wait()
	if server.Binds() != 1 {
		t.Errorf("%d binds, want 1", server.Binds())
	}
}

func TestDroppedConnectionsAreReopened(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{}, func(c *directory.Config) { c.NoCache = true })
	for range 5 {
		if _, err := client.FindUsers(t.Context(), "jporter"); err != nil {
			t.Fatal(err)
		}
		server.Disconnect()
	}
}

func TestParallelReads(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{SizeLimit: 5}, func(c *directory.Config) { c.NoCache = true })
	var done sync.WaitGroup
	for i := range 40 {
		done.Go(func() {
			if i%10 == 0 {
				server.Disconnect() // searches under way on a fresh connection may fail, and may say so
			}
			users, err := client.Users(t.Context(), "", "")
			if err == nil && len(users) != 33 {
				t.Errorf("%d people, want 33", len(users))
			}
			if err != nil && !errors.Is(err, directory.ErrUnreachable) {
				t.Errorf("Users: %v", err)
			}
		})
	}
	done.Wait()
	if users, err := client.Users(t.Context(), "", ""); err != nil || len(users) != 33 {
		t.Errorf("in the end %d people, %v; want 33", len(users), err)
	}
}

func TestRepeatedLookUpsComeFromMemory(t *testing.T) {
	t.Parallel()
	for _, noCache := range []bool{false, true} {
		client, server := start(t, mockldap.Options{}, func(c *directory.Config) { c.NoCache = noCache })
		look := func() {
			var done sync.WaitGroup
			for range 10 {
				done.Go(func() {
					if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
						t.Errorf("FindUsers = %v, %v", users, err)
					}
				})
			}
			done.Wait()
		}
		look()
		look()
		want := 2 // the root DSE and one search
		if noCache {
			want = 21
		}
		if server.Searches() != want {
			t.Errorf("NoCache %v: %d searches, want %d", noCache, server.Searches(), want)
		}
	}
}

// TestAnswersAreTheCallersOwn changes an answer, which the next caller must not see.
func TestAnswersAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, nil)
	for range 2 {
		users, err := client.Users(t.Context(), "", "")
		if err != nil || users[0].Username != "50off" {
			t.Fatalf("first of all is %+v, %v", users[0], err)
		}
		users[0].Username = "changed"
	}
}

// silent accepts connections and never says a word.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

func TestCancellation(t *testing.T) {
	for name, c := range map[string]struct {
		url      string
		startTLS bool
	}{
		"binding": {"ldap://" + silent(t), false}, "securing": {"ldap://" + silent(t), true},
		"TLS": {"ldaps://" + silent(t), false},
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			client := connect(t, directory.Config{URL: c.url, BindDN: "cn=x", BindPassword: "y", StartTLS: c.startTLS})
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			started := time.Now()
			if _, err := client.FindUsers(ctx, "jporter"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("FindUsers: %v, want the context's error", err)
			}
			if took := time.Since(started); took > 10*time.Second { // the client's own timeout is 30 s
				t.Errorf("it took %s to notice", took)
			}
			settles(t, before)
		})
	}
}

func TestTimeout(t *testing.T) {
	before := runtime.NumGoroutine()
	client := connect(
		t,
		directory.Config{URL: "ldap://" + silent(t), BindDN: "cn=x", BindPassword: "y", Timeout: 100 * time.Millisecond},
	)
	started := time.Now()
	var done sync.WaitGroup
	for i := range 100 { // who looks up meanwhile shares the failure
		done.Go(func() {
			_, err := client.FindUsers(t.Context(), fmt.Sprint("user", i))
			if !errors.Is(err, directory.ErrTimeout) || !strings.Contains(err.Error(), "ldap://127.0.0.1:") {
				t.Errorf("FindUsers: %v, want ErrTimeout and the server's name", err)
			}
		})
	}
	done.Wait()
	if took := time.Since(started); took > 5*time.Second { // one after the other they would take 10 s
		t.Errorf("it took %s", took)
	}
	settles(t, before)
}

// settles waits until no more goroutines run than before, give or take those of the test itself.
func settles(t *testing.T, before int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	server, err := mockldap.Start(mockldap.Options{StartTLS: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	before := runtime.NumGoroutine()
	client, err := directory.New(directory.Config{
		URL: server.URL(), BindDN: server.BindDN(), BindPassword: server.BindPassword(), StartTLS: true,
		TLS: setting.TLS{CACertificate: server.CACertificate()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Users(t.Context(), "", ""); err != nil {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	settles(t, before)
}
