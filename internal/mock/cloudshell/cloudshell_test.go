// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

const importPath = "/api/v1/integrations/IdentityManagement/users"

// client is a small client of its own, so that the mock is tested without the provider's.
type client struct {
	t      *testing.T
	server *cloudshell.Server
	auth   string
}

func start(t *testing.T, options cloudshell.Options) client {
	t.Helper()
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	scheme := "Bearer "
	if options.Auth == cloudshell.AuthBasic {
		scheme = "Basic "
	}
	return client{t: t, server: server, auth: scheme + server.IssueToken("admin")}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (c client) do(method, path, body string) answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.auth != "" {
		request.Header.Set("Authorization", c.auth)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
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

// want fails the test unless the answer has the status, and returns its body as a JSON object.
func (c client) want(status int, method, path, body string) map[string]any {
	c.t.Helper()
	got := c.do(method, path, body)
	if got.status != status {
		c.t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, got.status, got.body, status)
	}
	var parsed map[string]any
	if bytes.HasPrefix([]byte(got.body), []byte("{")) {
		if err := json.Unmarshal([]byte(got.body), &parsed); err != nil {
			c.t.Fatalf("%s: %v", got.body, err)
		}
	}
	return parsed
}

func (c client) path(username string) string {
	c.t.Helper()
	u, ok := c.server.User(username)
	if !ok {
		c.t.Fatalf("no user %q", username)
	}
	return fmt.Sprintf("/api/v1/users/%d", u.ID)
}

func usernames(list any) []string {
	var names []string
	for _, entry := range list.([]any) {
		names = append(names, entry.(map[string]any)["Username"].(string))
	}
	return names
}
