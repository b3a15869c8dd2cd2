// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// The vendor's page on importing a user from LDAP shows one request and its answer. Both are in testdata as printed
// there; only the host is replaced by the test's.
func sample(t *testing.T, name, url string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(content), "https://vcloud.example.com", url)
}

func TestImportOfTheVendorsPage(t *testing.T) {
	t.Parallel()
	var server *stub
	server = newStub(t, "35.0", map[string]func(http.ResponseWriter, *http.Request){
		"POST /api/admin/org/26/users": func(w http.ResponseWriter, r *http.Request) {
			text(http.StatusCreated, "application/vnd.vmware.admin.user+xml",
				sample(t, "import_user_response.xml", server.URL))(w, r)
		},
		"PUT /api/admin/user/85": func(w http.ResponseWriter, r *http.Request) {
			text(http.StatusOK, "application/vnd.vmware.admin.user+xml", sample(t, "import_user_response.xml", server.URL))(w, r)
		},
	})
	tenant := open(t, connect(t, server.URL))
	const name = "[email\u00a0protected]" // as printed on the page
	author := vcdapi.Reference{ID: "urn:vcloud:role:13a69c14-e64c-409f-800f-0ecc470ea42d"}

	created := must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser(name, author)))

	post := server.sent("POST", "/api/admin/org/26/users")[0]
	if want, got := tokens(t, sample(t, "import_user_request.xml", server.URL)),
		tokens(t, post.body); !slices.Equal(want, got) {
		t.Errorf("the request differs from the page's:\nwant %q\ngot  %q", want, got)
	}
	if !strings.HasPrefix(post.body, `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("the request does not start with an XML declaration: %s", post.body)
	}
	if got := post.header.Get("Content-Type"); got != "application/vnd.vmware.admin.user+xml" {
		t.Errorf("Content-Type %q", got)
	}
	if got := post.header.Get("Accept"); got != "application/*+xml;version=35.0" {
		t.Errorf("Accept %q", got)
	}

	author.Name = "vApp Author"
	want := vcdapi.User{
		ID: "urn:vcloud:user:85", Username: name, FullName: "Imported User Full Name", Email: name, Enabled: true,
		ProviderType: vcdapi.ProviderLDAP, NameInSource: `\F4\D3\42\8E\6A\BC\D3`, Roles: []vcdapi.Reference{author},
	}
	if created.ID != want.ID || created.Username != want.Username || created.FullName != want.FullName ||
		created.Email != want.Email ||
		!created.Enabled || created.ProviderType != want.ProviderType || created.NameInSource != want.NameInSource ||
		!slices.Equal(created.Roles, want.Roles) {
		t.Errorf("the answer reads as %+v, want %+v", created, want)
	}
	if created.StoredVMQuota == nil || *created.StoredVMQuota != 0 || created.Groups == nil || len(created.Groups) != 0 {
		t.Errorf("quota %v, groups %v", created.StoredVMQuota, created.Groups)
	}

	must[vcdapi.User](t)(tenant.UpdateUser(t.Context(), created))
	var order []string
	for _, token := range tokens(t, server.sent("PUT", "/api/admin/user/85")[0].body) {
		if name, ok := strings.CutPrefix(token, "<"); ok && !strings.HasPrefix(name, "/") {
			order = append(order, strings.Fields(name)[0])
		}
	}
	enforced := []string{
		"User", "Link", "Description", "FullName", "EmailAddress", "IsEnabled", "NameInSource", "IsAlertEnabled",
		"IsExternal",
		"IsDefaultCached", "ProviderType", "StoredVmQuota", "DeployedVmQuota", "Role", "GroupReferences",
	}
	if !slices.Equal(order, enforced) {
		t.Errorf("elements of the PUT %v, want %v", order, enforced)
	}
	if !strings.Contains(server.sent("PUT", "/api/admin/user/85")[0].body,
		`<NameInSource>\F4\D3\42\8E\6A\BC\D3</NameInSource>`) {
		t.Error("the PUT does not send NameInSource back as it was")
	}
}

// tokens is an XML document without its layout: elements with their attributes sorted, and text that is not blank.
func tokens(t *testing.T, document string) []string {
	t.Helper()
	var all []string
	decoder := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in %s", err, document)
		}
		switch token := token.(type) {
		case xml.StartElement:
			var attributes []string
			for _, a := range token.Attr {
				attributes = append(attributes, a.Name.Local+"="+a.Value)
			}
			slices.Sort(attributes)
			all = append(all, strings.TrimSpace("<"+token.Name.Local+" "+strings.Join(attributes, " ")))
		case xml.EndElement:
			all = append(all, "</"+token.Name.Local)
		case xml.CharData:
			if words := strings.TrimSpace(string(token)); words != "" {
				all = append(all, words)
			}
		}
	}
}
