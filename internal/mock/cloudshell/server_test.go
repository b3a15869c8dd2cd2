// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestBadRequestsAreRefused(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
	user := c.path("jporter")
	for _, test := range []struct{ method, path, body string }{
		{"POST", importPath, `{}`},
		{"POST", importPath, `{"UserName": "a", "GroupName": "b"}`},
		{"POST", importPath, `{"UserName": ""}`},
		{"POST", importPath, `{"UserName": "asmith", "AllowUpadte": true}`},
		{"POST", importPath, `{"UserName": "asmith",}`},
		{"POST", importPath, `{"UserName": 5}`},
		{"POST", importPath, `null`},
		{"PUT", user, `{"Password": "secret"}`},
		{"PUT", user, `{"Username": "other"}`},
		{"PUT", user, `{"MaxOwnedBlueprints": -2}`},
		{"PUT", user, `{"TimeZoneInfoId": "Europe/Berlin"}`},
		{"PUT", user, `{"GroupIds": [1, 99]}`},
		{"PUT", user, `{"GroupIds": ["1"]}`},
		{"PUT", user, `{"isActive": false}`},
		{"POST", "/api/v1/groups/1/Users", `{"Users": [12]}`},
		{"DELETE", "/api/v1/groups/1/Users", `{"Users": [{"Id": 3}]}`},
		{"GET", "/api/v1/users?paginationProperties.limit=251", ""},
		{"GET", "/api/v1/users?limitt=5", ""},
		{"GET", "/api/v1/users?paginationProperties.cursor=%21", ""},
	} {
		c.want(400, test.method, test.path, test.body)
	}
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
		request, err := http.NewRequestWithContext(
			t.Context(),
			"POST",
			c.server.URL()+importPath,
			strings.NewReader(`{"UserName":"asmith"}`),
		)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", c.auth)
		request.Header.Set("Content-Type", contentType)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != 400 {
			t.Errorf("content type %q: %d, want 400", contentType, response.StatusCode)
		}
	}
	if n := len(c.server.Users()); n != 3 {
		t.Errorf("%d users, want 3: a refused request acted", n)
	}
}

func TestLoginAndTokens(t *testing.T) {
	t.Parallel()
	const login = "/Api/Auth/Login"
	c := start(t, cloudshell.Options{LockAfter: 3})
	c.auth = ""
	right := `{"Username": "admin", "Password": "admin", "Domain": "Global"}`
	var token string
	if got := c.do("PUT", login, right); json.Unmarshal([]byte(got.body), &token) != nil || got.status != 200 {
		t.Fatalf("login: %d %s", got.status, got.body)
	}
	c.want(401, "GET", "/api/v1/users", "")
	c.want(405, "POST", login, right)
	for _, scheme := range []string{"Bearer", "Basic"} {
		c.auth = scheme + " " + token
		c.want(200, "GET", "/api/v1/users", "")
	}
	c.server.ExpireTokens()
	c.want(401, "GET", "/api/v1/users", "")
	c.auth = "Bearer " + c.server.IssueToken("operator")
	c.want(403, "GET", "/api/v1/users", "")
	for range 3 {
		c.want(401, "PUT", login, `{"Username": "admin", "Password": "wrong", "Domain": "Global"}`)
	}
	c.want(401, "PUT", login, right)
}

func TestAuthSchemesAndLifetime(t *testing.T) {
	t.Parallel()
	basic := start(t, cloudshell.Options{Auth: cloudshell.AuthBasic})
	basic.want(200, "GET", "/api/v1/users", "")
	basic.auth = strings.Replace(basic.auth, "Basic", "Bearer", 1)
	basic.want(401, "GET", "/api/v1/users", "")

	short := start(t, cloudshell.Options{TokenLifetime: time.Nanosecond})
	short.want(401, "GET", "/api/v1/users", "")
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for form, begins := range map[cloudshell.ErrorBody]string{
		cloudshell.ErrorBodyMessage: `{"Message":`, cloudshell.ErrorBodyString: `"`, cloudshell.ErrorBodyHTML: "<!DOCTYPE",
		cloudshell.ErrorBodyEmpty: "",
	} {
		c := start(t, cloudshell.Options{ErrorBody: form})
		got := c.do("GET", "/api/v1/users/99", "")
		if got.status != 404 || !strings.HasPrefix(got.body, begins) ||
			(form == cloudshell.ErrorBodyEmpty && got.body != "") {
			t.Errorf("form %d: %d %q", form, got.status, got.body)
		}
	}
}

func TestGroupNamesAreOneSegment(t *testing.T) {
	t.Parallel()
	directory := ldap.Lab()
	name := "50% Off/Team (Ops) Ünïcode 研究室"
	directory.AddGroup(people.Group{Name: name}, "jporter")
	c := start(t, cloudshell.Options{Directory: directory})
	got := c.want(200, "GET", "/api/v1/integrations/IdentityManagement/groups/"+url.PathEscape(name)+"/users", "")
	if names := fmt.Sprint(usernames(got["Users"])); names != "[jporter]" {
		t.Errorf("members %s", names)
	}
	if n := c.server.Count("GET", "/api/v1/integrations/IdentityManagement/groups/*/users"); n != 1 {
		t.Errorf("counted %d reads of the group, want 1", n)
	}
}

func TestRequestsAreRecorded(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.server.Faults().
		Add(faults.Rule{Method: "POST", Fault: faults.Status(503)}, faults.Rule{Method: "DELETE", Fault: faults.CutAfter()})
	c.want(503, "POST", importPath, `{"UserName": "jporter"}`)
	c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
	c.want(404, "GET", "/api/v1/integrations/IdentityManagement/groups/a%2Fb/users?paginationProperties.limit=5", "")
	c.want(401, "PUT", "/Api/Auth/Login", `{"Username": "admin", "Password": "wrong"}`)
	request, err := http.NewRequestWithContext(t.Context(), "DELETE", c.server.URL()+c.path("jporter"), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", c.auth)
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
		t.Error("the cut request was answered")
	}
	if _, ok := c.server.User("jporter"); ok {
		t.Error("the server did not act before the connection was cut")
	}

	var got []string
	for _, r := range c.server.Requests() {
		got = append(got, fmt.Sprintf("%s %s %d", r.Method, r.RawPath, r.Status))
	}
	want := []string{
		"POST " + importPath + " 503", "POST " + importPath + " 200",
		"GET /api/v1/integrations/IdentityManagement/groups/a%2Fb/users 404", "PUT /Api/Auth/Login 401",
		"DELETE /api/v1/users/3 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
	if r := c.server.Requests()[1]; r.Body != `{"UserName": "jporter"}` ||
		r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("recorded %+v", r)
	}
	if r := c.server.Requests()[2]; r.Path != "/api/v1/integrations/IdentityManagement/groups/a/b/users" ||
		r.Query.Get("paginationProperties.limit") != "5" {
		t.Errorf("recorded %+v", r)
	}
	if n := c.server.CountWork(); n != 4 {
		t.Errorf("%d requests but logins, want 4", n)
	}
	c.server.ResetRequests()
	if n := len(c.server.Requests()); n != 0 {
		t.Errorf("%d requests after the reset", n)
	}
}

func TestServesTLS(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{TLS: true})
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(c.server.CACertificate())) {
		t.Fatal("no certificate")
	}
	trusting := http.Client{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}},
	}
	t.Cleanup(trusting.CloseIdleConnections)
	for client, want := range map[*http.Client]bool{&trusting: true, http.DefaultClient: false} {
		response, err := client.Get(c.server.URL() + "/api/v1/users")
		if err == nil {
			_ = response.Body.Close()
		}
		if (err == nil) != want {
			t.Errorf("trusted: %v, want %v", err == nil, want)
		}
	}
}
