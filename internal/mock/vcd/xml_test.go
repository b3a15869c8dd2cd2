// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"strings"
	"testing"

	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const xmlUserType = "vnd.vmware.admin.user"

func xmlUser(name, elements string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><User xmlns="http://www.vmware.com/vcloud/v1.5" name="` + name +
		`" type="application/vnd.vmware.admin.user+xml">` + elements + `</User>`
}

func TestXMLUserLifecycle(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{Version: "35.0"})
	c := talk(t, s, "35.0", "acme")
	org := s.OrgUUID("acme")
	role := `<Role href="` + s.URL() + `/api/admin/org/` + org + `/role/` +
		strings.TrimPrefix(c.role(mockvcd.RoleVAppAuthor), "urn:vcloud:role:") + `"/>`
	users := "/api/admin/org/" + org + "/users"

	created := c.xml("POST", users, xmlUserType, xmlUser("JPorter",
		"<IsEnabled>true</IsEnabled><IsExternal>true</IsExternal>"+role))
	wantStatus(t, "create", created, 201)
	for _, want := range []string{`name="jporter"`, "<FullName>James Porter</FullName>",
		"<ProviderType>INTEGRATED</ProviderType>", "<Telephone>+1 555 0100</Telephone>"} {
		if !strings.Contains(created.body, want) {
			t.Errorf("the answer lacks %s: %s", want, created.body)
		}
	}
	disordered := c.xml("POST", users, xmlUserType, xmlUser("anna",
		"<IsExternal>true</IsExternal><IsEnabled>true</IsEnabled>"+role))
	if disordered.status != 400 || !strings.Contains(disordered.body, "cvc-complex-type.2.4.a") {
		t.Errorf("wrong order: %d %s", disordered.status, disordered.body)
	}
	wantStatus(t, "create without IsEnabled", c.xml("POST", users, xmlUserType,
		xmlUser("anna", "<IsExternal>true</IsExternal>"+role)), 201)
	if u, _ := s.User("acme", "anna"); u.Enabled {
		t.Error("without IsEnabled the user must come out disabled")
	}
	wantStatus(t, "wrong media type", c.xml("POST", users, "x", xmlUser("x", role)), 415)

	u, _ := s.User("acme", "jporter")
	path := "/api/admin/user/" + strings.TrimPrefix(u.ID, "urn:vcloud:user:")
	read := c.xml("GET", path, "x", "")
	wantStatus(t, "the read document as PUT", c.xml("PUT", path, xmlUserType,
		strings.Replace(read.body, "<IsEnabled>true", "<IsEnabled>false", 1)), 200)
	if u, _ := s.User("acme", "jporter"); u.Enabled || u.FullName != "James Porter" {
		t.Errorf("after the PUT: %+v", u)
	}
	wantStatus(t, "take ownership", c.xml("POST", path+"/action/takeOwnership", "x", ""), 204)
	wantStatus(t, "delete", c.xml("DELETE", path, "x", ""), 204)
	wantStatus(t, "read of the deleted", c.xml("GET", path, "x", ""), 403)
	wantStatus(t, "CloudAPI's groups at 35.0", c.json("POST", "/groups", "{}"), 404)
}

func TestXMLGroupFillsWithWhoComesAfterIt(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{Version: "35.0"})
	s.AddUser("acme", mockvcd.User{Username: "anna"})
	c := talk(t, s, "35.0", "acme")
	org := s.OrgUUID("acme")
	role := `<Role href="` + s.URL() + `/api/admin/org/` + org + `/role/` +
		strings.TrimPrefix(c.role(mockvcd.RoleVAppAuthor), "urn:vcloud:role:") + `"/>`
	group := `<Group xmlns="http://www.vmware.com/vcloud/v1.5" name="Lab Engineers">` +
		`<ProviderType>INTEGRATED</ProviderType>` + role + `</Group>`

	wantStatus(t, "create", c.xml("POST", "/api/admin/org/"+org+"/groups", "vnd.vmware.admin.group", group), 201)
	if g := s.Groups("acme"); len(g) != 1 || len(g[0].Members) != 0 {
		t.Fatalf("groups %+v, want one without members", g)
	}
	user := xmlUser("jporter", "<IsEnabled>true</IsEnabled><IsExternal>true</IsExternal>"+role)
	wantStatus(t, "import a member", c.xml("POST", "/api/admin/org/"+org+"/users", xmlUserType, user), 201)
	path := "/api/admin/group/" + strings.TrimPrefix(s.Groups("acme")[0].ID, "urn:vcloud:group:")
	read := c.xml("GET", path, "x", "")
	if !strings.Contains(read.body, `name="jporter"`) || strings.Contains(read.body, `name="anna"`) {
		t.Errorf("members: %s", read.body)
	}
	s.Login("acme", "anna")
	if read := c.xml("GET", path, "x", ""); !strings.Contains(read.body, `name="anna"`) {
		t.Errorf("members after anna's login: %s", read.body)
	}
	wantStatus(t, "UsersList in a PUT", c.xml("PUT", path, "vnd.vmware.admin.group", read.body), 400)
	wantStatus(t, "PUT", c.xml("PUT", path, "vnd.vmware.admin.group", group), 200)
	wantStatus(t, "delete", c.xml("DELETE", path, "x", ""), 204)
}

func TestXMLQueryPages(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{Version: "35.0"})
	s.AddUser("acme", mockvcd.User{Username: "anna"})
	c := talk(t, s, "35.0", "acme")
	read := c.xml("GET", "/api/query?type=user&format=records&page=1&pageSize=128&filterEncoded=true&filter=name==anna",
		"x", "")
	if read.status != 200 || !strings.Contains(read.body, `total="1"`) || strings.Contains(read.body, "mail") {
		t.Errorf("query: %d %s", read.status, read.body)
	}
	wantStatus(t, "a page too large", c.xml("GET", "/api/query?type=user&page=1&pageSize=129", "x", ""), 400)
	wantStatus(t, "adminUser as a tenant", c.xml("GET", "/api/query?type=adminUser", "x", ""), 403)
}
