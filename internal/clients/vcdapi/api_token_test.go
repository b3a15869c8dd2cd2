// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// byFile logs in by the API token in a file of that content, and returns the file's path.
func byFile(t *testing.T, content string) (string, func(*vcdapi.Config)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, func(c *vcdapi.Config) { c.Username, c.Password, c.APITokenFile = "", "", path }
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The token of a service account is good for one login: the file always holds the next one.
func TestAPITokenFile(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{RotateAPITokens: true})
	path, login := byFile(t, `{"token_type": "Service Account", "refresh_token": "`+mockvcd.APIToken+`"}`)
	for run := range 3 {
		before := server.APIToken()
		tenant := open(t, connect(t, server.URL(), login))
		if !tenant.Capabilities().ReadOnly {
			t.Error("an API token does not count as reading only")
		}
		text := read(t, path)
		if server.APIToken() == before || !strings.Contains(text, `"`+server.APIToken()+`"`) ||
			!strings.Contains(text, "Service Account") {
			t.Errorf("run %d: the file holds %s, the server takes %q", run, text, server.APIToken())
		}
	}
}

// Ctrl-C while the server replaces the token: the next one is in the file before the call returns.
func TestAPITokenFileAndInterrupt(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
		"POST /oauth/tenant/acme/token": func(w http.ResponseWriter, _ *http.Request) {
			asked <- struct{}{}
			time.Sleep(300 * time.Millisecond)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"a","refresh_token":"the-next"}`)
		},
	})
	for name, call := range map[string]func(*vcdapi.Client, context.Context) error{
		"Tenant": func(c *vcdapi.Client, ctx context.Context) error { _, err := c.Tenant(ctx, ""); return err },
		"OrgOf": func(c *vcdapi.Client, ctx context.Context) error {
			_, err := c.OrgOf(ctx, "urn:vcloud:user:1")
			return err
		},
	} {
		path, login := byFile(t, "the-first")
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-asked; cancel() }()
		began := time.Now()
		_ = call(connect(t, server.URL, login), ctx)
		if took := time.Since(began); read(t, path) != "the-next" || took > 5*time.Second {
			t.Errorf("%s: after %s the file holds %q", name, took, read(t, path))
		}
	}
}

// A session that ends in mid-run is renewed with the token that the last login left.
func TestAPITokenFileInOneRun(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{RotateAPITokens: true})
	_, login := byFile(t, mockvcd.APIToken+"\n")
	tenant := open(t, connect(t, server.URL(), login))
	for range 2 {
		server.ExpireSessions()
		if _, err := tenant.Roles(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// Clients that share a file log in one after the other, each with a token of its own.
func TestAPITokenFileShared(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{RotateAPITokens: true})
	_, login := byFile(t, mockvcd.APIToken)
	var running sync.WaitGroup
	for range 8 {
		client := connect(t, server.URL(), login)
		running.Go(func() {
			if _, err := client.Tenant(t.Context(), ""); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
}

func TestAPITokenFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{RotateAPITokens: true})
	for name, content := range map[string]string{
		"empty": "", "other JSON": `{"secret": "hush"}`, "several lines": "hush\nhushed",
	} {
		path, login := byFile(t, content)
		client := connect(t, server.URL(), login)
		for range 2 {
			_, err := client.Tenant(t.Context(), "")
			if !errors.Is(err, vcdapi.ErrTokenFile) || !strings.Contains(err.Error(), path) ||
				strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	missing := func(c *vcdapi.Config) { c.Username, c.Password, c.APITokenFile = "", "", "/nowhere/token" }
	if _, err := connect(t, server.URL(), missing).Tenant(t.Context(), ""); !errors.Is(err, vcdapi.ErrTokenFile) {
		t.Error(err)
	}
	_, spent := byFile(t, "hush-spent")
	if _, err := connect(t, server.URL(), spent).Tenant(t.Context(), ""); !errors.Is(err, vcdapi.ErrUnauthorized) ||
		strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "cannot log in: the server answered 400") {
		t.Error(err)
	}
	if server.Logins() != 1 {
		t.Errorf("%d logins, want that with the spent token only", server.Logins())
	}
}

// An inline token that the server replaced works for this run, and is reported once.
func TestInlineAPITokenThatIsReplaced(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{RotateAPITokens: true})
	reported := 0
	login := func(c *vcdapi.Config) {
		c.Username, c.Password, c.APIToken = "", "", mockvcd.APIToken
		c.OnSpentAPIToken = func() { reported++ }
	}
	tenant := open(t, connect(t, server.URL(), login))
	for range 2 {
		server.ExpireSessions()
		if _, err := tenant.Roles(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if reported != 1 {
		t.Errorf("reported %d times", reported)
	}
	if _, err := connect(t, server.URL(), login).Tenant(t.Context(), ""); !errors.Is(err, vcdapi.ErrUnauthorized) {
		t.Errorf("the next run: %v", err)
	}
}

// A token whose answer is lost may be spent, and the message says so.
func TestAPITokenWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	stub := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
		"POST /oauth/tenant/acme/token": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	})
	_, err := connect(
		t,
		stub.URL,
		func(c *vcdapi.Config) { c.Username, c.Password, c.APIToken = "", "", "hush" },
	).Tenant(t.Context(), "")
	if !errors.Is(err, transport.ErrAnswerLost) || !strings.Contains(err.Error(), "may be spent") ||
		strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
}
