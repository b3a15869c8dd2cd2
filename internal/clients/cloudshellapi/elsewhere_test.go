// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// A URL that leads elsewhere, or a proxy without CloudShell behind it, answers 404 to everything. No user or group may
// be taken for gone because of that.
func TestAnotherServerProvesNoAbsence(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"a page": http.NotFound,
		"JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"message": "No HTTP resource was found that matches the request URI."}`)
		},
	}
	logins := map[string]cloudshellapi.Config{
		"password": {Username: "admin", Password: "secret"}, "token": {Username: "admin", Token: "given"},
	}
	for answer, handler := range answers {
		for login, config := range logins {
			t.Run(login+", "+answer, func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(handler)
				t.Cleanup(server.Close)
				config.URL, config.HTTP = server.URL, transport.Config{MaxRetries: 1}
				for name, look := range looks(t, newClient(t, config)) {
					if err := look(); err == nil || errors.Is(err, cloudshellapi.ErrNotFound) {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
}

// looks are the requests whose ErrNotFound counts as a proof.
func looks(t *testing.T, client *cloudshellapi.Client) map[string]func() error {
	t.Helper()
	return map[string]func() error{
		"User":       func() error { _, err := client.User(t.Context(), 1); return err },
		"ReadUser":   func() error { _, err := client.ReadUser(t.Context(), 1); return err },
		"FindUser":   func() error { _, err := client.FindUser(t.Context(), "jporter"); return err },
		"NamedUser":  func() error { _, _, err := client.NamedUser(t.Context(), "jporter"); return err },
		"StillThere": func() error { _, err := client.StillThere(t.Context(), []int64{1}); return err },
		"StillNamed": func() error { _, err := client.StillNamed(t.Context(), []string{"jporter"}); return err },
		"ReadGroup":  func() error { _, err := client.ReadGroup(t.Context(), 1); return err },
		"ExternalMembers": func() error {
			_, err := client.ExternalMembers(t.Context(), labGroup)
			return err
		},
	}
}

// A web page with status 404 may come from something in between. While the list that would tell is not to be had, the
// user counts as unknown.
func TestAPageAndNoListProveNoAbsence(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	if _, err := client.FindUser(t.Context(), "operator"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/users", "/api/v1/users/*"} {
		server.Faults().Add(faults.Rule{Path: path, Times: faults.Always,
			Fault: faults.Answer(http.StatusNotFound, "text/html", "<html>nothing here</html>")})
	}
	for _, name := range []string{"User", "ReadUser"} {
		if err := looks(t, client)[name](); err == nil || errors.Is(err, cloudshellapi.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A first answer of 404 to a given token is a proof once the list confirms it.
func TestGoneUserWithAToken(t *testing.T) {
	t.Parallel()
	_, server := start(t, cloudshell.Options{})
	config := configFor(server)
	config.Token, config.Password = server.IssueToken("admin"), ""
	client := newClient(t, config)
	_, err := client.ReadUser(t.Context(), 4711)
	mustBe(t, err, cloudshellapi.ErrNotFound)
}
