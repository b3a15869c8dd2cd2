// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// start starts a mock with a few people and a group in its directory.
func start(t *testing.T, options mockvcd.Options) *mockvcd.Server {
	t.Helper()
	server, err := mockvcd.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	server.People().AddUser(
		people.User{Username: "jporter", DisplayName: "James Porter", Email: "jporter@lab.example", Telephone: "+1 555 0100"},
		people.User{Username: "anna", DisplayName: "Anna Berg", Email: "anna@lab.example"},
		people.User{Username: "o'hara, anna", DisplayName: "Anna O'Hara"},
		people.User{Username: "юлия", DisplayName: "Юлия"},
	)
	server.People().AddGroup(people.Group{Name: "Lab Engineers"}, "jporter", "anna")
	return server
}

// connect makes a client that logs in as an organization's administrator.
func connect(t *testing.T, url string, change ...func(*vcdapi.Config)) *vcdapi.Client {
	t.Helper()
	config := vcdapi.Config{
		URL: url, Org: "acme", Username: mockvcd.Username, Password: mockvcd.Password,
		HTTP: transport.Config{MaxRetries: 1},
	}
	for _, f := range change {
		f(&config)
	}
	client, err := vcdapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// open is the login organization.
func open(t *testing.T, client *vcdapi.Client) *vcdapi.Tenant {
	t.Helper()
	tenant, err := client.Tenant(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

// role finds a role by name.
func role(t *testing.T, tenant *vcdapi.Tenant, name string) vcdapi.Reference {
	t.Helper()
	roles, err := tenant.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		if r.Name == name {
			return vcdapi.Reference(r)
		}
	}
	t.Fatalf("no role %q among %v", name, roles)
	return vcdapi.Reference{}
}

// newUser is a user to import.
func newUser(name string, roles ...vcdapi.Reference) vcdapi.User {
	return vcdapi.User{Username: name, ProviderType: vcdapi.ProviderLDAP, Enabled: true, Roles: roles}
}

// spelled is a spelling other than the stored one where the server disregards case, and the exact one elsewhere.
func spelled(tenant *vcdapi.Tenant, exact, other string) string {
	if tenant.Capabilities().ExactNames {
		return exact
	}
	return other
}

// must ends the test on an error.
func must[T any](t *testing.T) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// seen is one request to a stub.
type seen struct {
	method, path, query, body string
	header                    http.Header
}

// stub is a server that accepts any login to the organization with the id 26 and answers everything else as the test
// says.
type stub struct {
	*httptest.Server
	mu       sync.Mutex
	requests []seen
}

func newStub(t *testing.T, version string, answers map[string]func(w http.ResponseWriter, r *http.Request)) *stub {
	t.Helper()
	s := &stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, seen{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header})
		s.mu.Unlock()
		answer, ok := answers[r.Method+" "+r.URL.Path]
		switch {
		case ok:
			answer(w, r)
		case r.URL.Path == "/api/versions":
			_, _ = io.WriteString(w, versions(version))
		case strings.HasPrefix(r.URL.Path, "/cloudapi/1.0.0/sessions"):
			w.Header().Set("X-VMWARE-VCLOUD-ACCESS-TOKEN", "stub-token")
			_, _ = io.WriteString(w,
				`{"id":"urn:vcloud:session:1","user":{"id":"urn:vcloud:user:1","name":"admin"},`+
					`"org":{"id":"urn:vcloud:org:26","name":"acme"}}`)
		default:
			t.Errorf("unexpected request %s %s", r.Method, r.URL)
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func versions(offered ...string) string {
	text := `<SupportedVersions xmlns="http://www.vmware.com/vcloud/versions">`
	for _, v := range offered {
		number, deprecated := strings.CutSuffix(v, " deprecated")
		flag := "false"
		if deprecated {
			flag = "true"
		}
		text += `<VersionInfo deprecated="` + flag + `"><Version>` + number +
			`</Version><LoginUrl>https://x/cloudapi/1.0.0/sessions</LoginUrl></VersionInfo>`
	}
	return text + `</SupportedVersions>`
}

// sent are the requests with that method and path.
func (s *stub) sent(method, path string) []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []seen
	for _, r := range s.requests {
		if r.method == method && r.path == path {
			found = append(found, r)
		}
	}
	return found
}

func text(status int, contentType, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
