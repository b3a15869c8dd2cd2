// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Settings that the provider does not know are the administrator's, and survive its changes.
func TestXMLUpdatesKeepWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "35.0"})
	alerts := mockvcd.Alerts{Enabled: true, Prefix: "[vcd]", Email: "ops@lab.example", IM: "anna & co"}
	server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true, Alerts: alerts})
	tenant := open(t, connect(t, server.URL()))
	u := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", ""))
	u.Description = "changed"
	updated := must[vcdapi.User](t)(tenant.UpdateUser(t.Context(), u))
	updated.Enabled = false // the answer to a change can be sent back too
	must[vcdapi.User](t)(tenant.UpdateUser(t.Context(), updated))
	held, _ := server.User("acme", "anna")
	if held.Alerts != alerts || held.Description != "changed" || held.Enabled {
		t.Errorf("the server holds %+v", held)
	}
}

// A server may write prefixes, and elements of a later release.
func TestXMLIsSentBackInAnyForm(t *testing.T) {
	t.Parallel()
	const plain = `<User xmlns="http://www.vmware.com/vcloud/v1.5" xmlns:x="urn:later" ` +
		`name="anna" href="HOST/api/admin/user/7">` +
		`<x:Later a="1">kept &amp; <x:Deep/></x:Later><FullName>Anna</FullName>` +
		`<IsEnabled>true</IsEnabled><IsExternal>true</IsExternal>` +
		`<Newer>too</Newer><Role href="HOST/api/admin/org/26/role/1" name="r"/></User>`
	prefixed := strings.NewReplacer("<User", "<v:User", "</User", "</v:User", "xmlns=", "xmlns:v=", "<FullName",
		"<v:FullName",
		"</FullName", "</v:FullName", "<Is", "<v:Is", "</Is", "</v:Is", "<Newer", "<v:Newer", "</Newer", "</v:Newer", "<Role",
		"<v:Role").Replace(plain)
	for name, document := range map[string]string{"plain": plain, "prefixed": prefixed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var server *stub
			answer := func(w http.ResponseWriter, r *http.Request) {
				text(http.StatusOK, "application/vnd.vmware.admin.user+xml", strings.ReplaceAll(document, "HOST", server.URL))(w, r)
			}
			server = newStub(t, "35.0", map[string]func(http.ResponseWriter, *http.Request){
				"GET /api/admin/user/7": answer, "PUT /api/admin/user/7": answer,
			})
			tenant := open(t, connect(t, server.URL))
			u := must[vcdapi.User](t)(tenant.User(t.Context(), "urn:vcloud:user:7"))
			u.Description = "new"
			must[vcdapi.User](t)(tenant.UpdateUser(t.Context(), u))
			sent := tokens(t, server.sent("PUT", "/api/admin/user/7")[0].body)
			for _, want := range []string{"<Later a=1", "kept &", "<Deep", "<Newer", "too", "new", "Anna"} {
				if !slices.Contains(sent, want) {
					t.Errorf("the PUT lacks %q: %q", want, sent)
				}
			}
			if at := slices.Index(sent, "</Description"); at < 0 || at > slices.Index(sent, "Anna") ||
				slices.Index(sent, "too") > slices.Index(sent, "</Role") {
				t.Errorf("the order is not the enforced one: %q", sent)
			}
		})
	}
}

func TestRoleNamesWithCommasThroughXML(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "35.0"})
	for _, name := range []string{"Author, Editor", "Author", "Editor", "A,B,C"} {
		server.AddRole("acme", name)
	}
	server.AddUser("acme",
		mockvcd.User{Username: "both", Roles: []string{"Author, Editor"}},
		mockvcd.User{Username: "one", Roles: []string{"Author"}},
		mockvcd.User{Username: "letters", Roles: []string{"A,B,C"}},
		mockvcd.User{Username: "unknown", Roles: []string{"Gone, Role"}},
		mockvcd.User{Username: "plain", Roles: []string{mockvcd.RoleVAppUser}})
	server.AddGroup("acme", mockvcd.Group{Name: "staff", Roles: []string{"Author, Editor"}})
	tenant := open(t, connect(t, server.URL()))
	want := map[string]string{"both": "Author, Editor", "one": "Author", "letters": "A,B,C", "unknown": "",
		"plain": mockvcd.RoleVAppUser}
	for _, u := range must[[]vcdapi.User](t)(tenant.Users(t.Context())) {
		if wanted, ok := want[u.Username]; ok && roleNames(u.Roles) != wanted {
			t.Errorf("%s has %q, want %q", u.Username, roleNames(u.Roles), wanted)
		}
	}
	if g := must[[]vcdapi.Group](t)(tenant.Groups(t.Context())); roleNames(g[0].Roles) != "Author, Editor" {
		t.Errorf("the group has %v", g[0].Roles)
	}
}

func roleNames(roles []vcdapi.Reference) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	return strings.Join(names, " + ")
}
