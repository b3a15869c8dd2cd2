// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// conversation speaks to a mock as a client does, raw.
type conversation struct {
	t       *testing.T
	server  *mockvcd.Server
	version string
	token   string
	header  http.Header
}

func start(t *testing.T, opts mockvcd.Options) *mockvcd.Server {
	t.Helper()
	s, err := mockvcd.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.People().AddUser(
		people.User{ID: "S-1-5-1", Username: "JPorter", DisplayName: "James Porter", Email: "jporter@lab.example",
			Telephone: "+1 555 0100"},
		people.User{Username: "anna", DisplayName: "Anna Berg", Email: "anna@lab.example"},
	)
	s.People().AddGroup(people.Group{Name: "Lab Engineers"}, "jporter", "anna")
	return s
}

func talk(t *testing.T, s *mockvcd.Server, version, org string) *conversation {
	t.Helper()
	return &conversation{t: t, server: s, version: version, token: s.Token(org), header: http.Header{}}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		t.Fatalf("not a JSON object: %v: %s", err, a.body)
	}
	return object
}

func (c *conversation) send(method, path, contentType, accept, body string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, c.server.URL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	maps.Copy(r.Header, c.header)
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", accept+";version="+c.version)
	r.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(text)}
}

func (c *conversation) json(method, path, body string) answer {
	c.t.Helper()
	return c.send(method, "/cloudapi/1.0.0"+path, "application/json", "application/json", body)
}

func (c *conversation) xml(method, path, mediaType, body string) answer {
	c.t.Helper()
	return c.send(method, path, "application/"+mediaType+"+xml", "application/*+xml", body)
}

// role is the URN of a role, by its name.
func (c *conversation) role(name string) string {
	c.t.Helper()
	list := c.json("GET", "/roles?page=1&pageSize=128", "").object(c.t)
	for _, value := range list["values"].([]any) {
		if r := value.(map[string]any); r["name"] == name {
			return r["id"].(string)
		}
	}
	c.t.Fatalf("no role %q", name)
	return ""
}

func (c *conversation) userBody(name string) string {
	c.t.Helper()
	return `{"username":"` + name + `","enabled":true,"providerType":"LDAP","roleEntityRefs":[{"id":"` +
		c.role(mockvcd.RoleVAppUser) + `","name":"vApp User"}]}`
}

func wantStatus(t *testing.T, what string, a answer, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: %d %s, want %d", what, a.status, a.body, status)
	}
}
