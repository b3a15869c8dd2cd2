// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

const loginPath = "/Api/Auth/Login"

// together runs the same work many times at once.
func together(t *testing.T, times int, work func(t *testing.T, number int)) {
	t.Helper()
	var group sync.WaitGroup
	for number := range times {
		group.Go(func() { work(t, number) })
	}
	group.Wait()
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]cloudshell.Options{
		"JSON string":    {},
		"plain text":     {Login: cloudshell.LoginPlainText},
		"Bearer only":    {Auth: cloudshell.AuthBearer},
		"over TLS":       {TLS: true},
		"another domain": {Domain: "Sales"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server := start(t, options)
			config := configFor(server)
			config.Domain = options.Domain
			client := newClient(t, config)
			together(t, 20, func(t *testing.T, _ int) {
				if _, err := client.FindUser(t.Context(), "operator"); err != nil {
					t.Error(err)
				}
			})
			if got := server.Count("", loginPath); got != 1 {
				t.Errorf("%d logins, want 1", got)
			}
			if got := server.CountWork(); got != 20 {
				t.Errorf("%d requests, want 20", got)
			}
		})
	}
}

func TestSchemeIsFoundOnce(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{Auth: cloudshell.AuthBasic})
	together(t, 20, func(t *testing.T, _ int) {
		if _, err := client.FindUser(t.Context(), "operator"); err != nil {
			t.Error(err)
		}
	})
	if got := server.CountWork(); got != 21 {
		t.Errorf("%d requests, want 20 and one with Bearer", got)
	}
	for _, request := range server.Requests() {
		scheme, token, _ := strings.Cut(request.Header.Get("Authorization"), " ")
		if request.Status == 200 && scheme == "Basic" && strings.Contains(token, "=") {
			t.Error("Basic must carry the raw token")
		}
	}
	// A token that expires does not bring Bearer back.
	server.ExpireTokens()
	server.ResetRequests()
	if _, err := client.FindUser(t.Context(), "operator"); err != nil {
		t.Error(err)
	}
	if got := server.CountWork(); got != 2 {
		t.Errorf("%d requests after the token expired, want 2", got)
	}
}

func TestSchemeIsGiven(t *testing.T) {
	t.Parallel()
	_, server := start(t, cloudshell.Options{Auth: cloudshell.AuthBasic})
	for scheme, works := range map[string]bool{"basic": true, "Bearer": false} {
		config := configFor(server)
		config.AuthScheme = scheme
		_, err := newClient(t, config).FindUser(t.Context(), "operator")
		if works && err != nil {
			t.Errorf("%s: %v", scheme, err)
		} else if !works {
			mustBe(t, err, cloudshellapi.ErrUnauthorized)
		}
	}
}

func TestFirstRequestIsAWrite(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{Auth: cloudshell.AuthBasic})
	if _, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{}); err != nil {
		t.Error(err)
	}
	if _, ok := server.User("jporter"); !ok {
		t.Error("no one was imported")
	}
}

func TestTokenExpires(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	if _, err := client.FindUser(t.Context(), "operator"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		server.ExpireTokens()
		server.ResetRequests()
		together(t, 20, func(t *testing.T, _ int) {
			if _, err := client.FindUser(t.Context(), "operator"); err != nil {
				t.Error(err)
			}
		})
		if got := server.Count("", loginPath); got != 1 {
			t.Errorf("%d logins for one expired token", got)
		}
	}
	server.ExpireTokens()
	if _, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{}); err != nil {
		t.Errorf("a write with an expired token: %v", err)
	}
}

func TestGivenToken(t *testing.T) {
	t.Parallel()
	for _, scheme := range []cloudshell.AuthScheme{cloudshell.AuthBearer, cloudshell.AuthBasic} {
		_, server := start(t, cloudshell.Options{Auth: scheme})
		client := newClient(t, cloudshellapi.Config{URL: server.URL(), Token: server.IssueToken("admin")})
		if _, err := client.FindUser(t.Context(), "operator"); err != nil {
			t.Error(err)
		}
		server.ExpireTokens()
		_, err := client.FindUser(t.Context(), "operator")
		mustBe(t, err, cloudshellapi.ErrUnauthorized)
		if err == nil || !strings.Contains(err.Error(), "expired") {
			t.Errorf("error %v", err)
		}
		if got := server.Count("", loginPath); got != 0 {
			t.Errorf("%d logins with a given token", got)
		}
	}
}

// A token of another interface of CloudShell is none of the Administration API, but a login exchanges it for one.
func TestGivenTokenIsExchanged(t *testing.T) {
	t.Parallel()
	var logins, work atomic.Int32
	var refuse atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == loginPath {
			logins.Add(1)
			body, _ := io.ReadAll(r.Body)
			if string(body) != `{"Domain":"Global","Token":"of-another-interface"}` || refuse.Load() {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = io.WriteString(w, `"exchanged"`)
			return
		}
		work.Add(1)
		if r.Header.Get("Authorization") != "Basic exchanged" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"Id":1,"Username":"a"}`)
	}))
	t.Cleanup(server.Close)
	config := cloudshellapi.Config{URL: server.URL, Token: "of-another-interface"}
	client := newClient(t, config)
	together(t, 6, func(t *testing.T, id int) {
		if _, err := client.User(t.Context(), int64(id)); err != nil {
			t.Error(err)
		}
	})
	if logins.Load() != 1 {
		t.Errorf("%d logins", logins.Load())
	}
	before := work.Load()
	if _, err := client.User(t.Context(), 99); err != nil || work.Load() != before+1 {
		t.Errorf("%d requests once all is known, %v", work.Load()-before, err)
	}

	refuse.Store(true)
	logins.Store(0)
	client = newClient(t, config)
	for id := range int64(3) {
		_, err := client.User(t.Context(), id)
		mustBe(t, err, cloudshellapi.ErrUnauthorized)
		if err == nil || !strings.Contains(err.Error(), "the given token has expired") {
			t.Errorf("error %v", err)
		}
	}
	if got := logins.Load(); got != 1 {
		t.Errorf("%d logins for a token that is refused", got)
	}
}

func TestRefusedLoginIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403} {
		for name, expire := range map[string]bool{"at first": false, "in mid-run": true} {
			_, server := start(t, cloudshell.Options{LoginRefused: status})
			config := configFor(server)
			if !expire {
				config.Password = "wrong-password"
			}
			client := newClient(t, config)
			if expire {
				if _, err := client.FindUser(t.Context(), "operator"); err != nil {
					t.Fatal(err)
				}
				server.SetPassword(server.Username(), "changed")
				server.ExpireTokens()
				server.ResetRequests()
			}
			together(t, 20, func(t *testing.T, _ int) {
				_, err := client.FindUser(t.Context(), "operator")
				mustBe(t, err, cloudshellapi.ErrUnauthorized)
				if transport.Status(err) != status || strings.Contains(err.Error(), "wrong-password") {
					t.Errorf("error %v", err)
				}
			})
			_, err := client.Users(t.Context())
			mustBe(t, err, cloudshellapi.ErrUnauthorized)
			if got := server.Count("", loginPath); got != 1 {
				t.Errorf("%s, %d: %d logins, want 1", name, status, got)
			}
		}
	}
}

func TestNotCloudShell(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"a web page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<html><title>CloudShell Portal</title><body>Please sign in.</body></html>")
		},
		"nothing":         func(http.ResponseWriter, *http.Request) {},
		"an empty string": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `""`) },
		"another JSON": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"access_token": "hush-hush"}`)
		},
		"a sentence":       func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `"Come back later"`) },
		"a word":           func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `OK`) },
		"no such page":     http.NotFound,
		"no such method":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) },
		"a redirect":       func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) },
		"an endless story": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 100)) },
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				answer(w, r)
			}))
			t.Cleanup(server.Close)
			client := newClient(t, cloudshellapi.Config{
				URL: server.URL, Username: "admin", Password: "secret", HTTP: transport.Config{MaxRetries: 2, MaxAnswerBytes: 90},
			})
			for range 3 {
				_, err := client.User(t.Context(), 1)
				mustBe(t, err, cloudshellapi.ErrNotCloudShell)
				if err == nil || strings.Contains(err.Error(), "hush") {
					t.Errorf("error %v", err)
				}
			}
			if got := requests.Load(); got != 1 {
				t.Errorf("%d requests, want 1", got)
			}
		})
	}
}

func TestLoginOverBadLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rule   faults.Rule
		logins int
		works  bool
	}{
		"a gateway once away":  {faults.Rule{Fault: faults.HTML(502)}, 2, true},
		"a connection cut":     {faults.Rule{Fault: faults.CutAfter()}, 2, true},
		"a truncated answer":   {faults.Rule{Fault: faults.Truncate()}, 2, true},
		"come back later":      {faults.Rule{Fault: faults.Busy(429, 0)}, 2, true},
		"a garbled token":      {faults.Rule{Fault: faults.Garble()}, 2, true},
		"a gateway twice away": {faults.Rule{Times: 2, Fault: faults.Status(502)}, 3, true},
		"a gateway long away":  {faults.Rule{Times: 3, Fault: faults.Status(503)}, 3, false},
		"out of order":         {faults.Rule{Fault: faults.Status(500)}, 2, true},
		"out of order, again":  {faults.Rule{Times: 2, Fault: faults.Status(500)}, 2, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := start(t, cloudshell.Options{})
			test.rule.Path = loginPath
			server.Faults().Add(test.rule)
			_, err := client.FindUser(t.Context(), "operator")
			if (err == nil) != test.works {
				t.Errorf("error %v", err)
			}
			if got := server.Count("", loginPath); got != test.logins {
				t.Errorf("%d logins, want %d", got, test.logins)
			}
			// What failed without being refused may be tried again later.
			if _, err := client.FindUser(t.Context(), "operator"); err != nil {
				t.Error(err)
			}
		})
	}
}

// A proxy that answers in place of the server says nothing about the scheme.
func TestOneFaultDoesNotFixTheScheme(t *testing.T) {
	t.Parallel()
	for _, fault := range []faults.Fault{
		faults.Status(http.StatusServiceUnavailable), faults.HTML(http.StatusForbidden), faults.HTML(http.StatusNotFound),
		faults.Busy(429, 0),
	} {
		server, err := cloudshell.Start(cloudshell.Options{Auth: cloudshell.AuthBasic})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		config := configFor(server)
		config.HTTP.MaxRetries = 0
		client := newClient(t, config)
		server.Faults().Add(faults.Rule{Method: http.MethodGet, Fault: fault})
		if _, err := client.FindUser(t.Context(), "operator"); err == nil {
			t.Errorf("%s: no error", fault)
		}
		for range 2 {
			if _, err := client.FindUser(t.Context(), "operator"); err != nil {
				t.Errorf("after %s: %v", fault, err)
			}
		}
	}
}

// A cut or garbled answer to a GET is asked for again.
func TestUnreadableAnswerIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, fault := range []faults.Fault{
		faults.Garble(), faults.Truncate(), faults.HTML(http.StatusOK), faults.Answer(200, "application/json", ""),
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := start(t, cloudshell.Options{})
			for list, read := range listsOf(t, client) {
				server.Faults().Add(faults.Rule{Method: http.MethodGet, Times: 2, Fault: fault})
				if _, err := read(); err != nil {
					t.Errorf("%s: %v", list, err)
				}
			}
		})
	}
}

func TestUnreachableServerIsGivenARest(t *testing.T) {
	t.Parallel()
	hole, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = hole.Close() })
	client := newClient(t, cloudshellapi.Config{
		URL: "http://" + hole.Addr().String(), Username: "admin", Password: "secret",
		HTTP: transport.Config{RequestTimeout: 300 * time.Millisecond},
	})
	started := time.Now()
	together(t, 50, func(t *testing.T, number int) {
		if _, err := client.User(t.Context(), int64(number)); !errors.Is(err, transport.ErrTimeout) {
			t.Errorf("error %v", err)
		}
	})
	if took := time.Since(started); took > 7*time.Second { // one after the other they would wait for 15 s
		t.Errorf("50 requests waited %s for one server that does not answer", took)
	}
}

func TestWhoLogsInGivesUp(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	loggingIn := make(chan struct{})
	server.Faults().Add(faults.Rule{Path: loginPath, Fault: faults.Call(func() {
		close(loggingIn)
		<-ctx.Done()
	})})
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := client.FindUser(ctx, "operator"); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	<-loggingIn
	group.Go(func() { // waits for the login of the first, and takes it over
		if _, err := client.FindUser(t.Context(), "operator"); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(10 * time.Millisecond) // so that it most likely waits
	cancel()
	group.Wait()
	if got := server.Count("", loginPath); got != 2 {
		t.Errorf("%d logins", got)
	}
}
