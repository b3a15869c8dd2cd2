// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestCloudAPIUserLifecycle(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"36.3", "37.2", "39.1", "40.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := start(t, mockvcd.Options{Version: version})
			c := talk(t, s, version, "acme")

			created := c.json("POST", "/users", c.userBody("JPorter"))
			wantStatus(t, "create", created, 201)
			user := created.object(t)
			name := "jporter"
			if s.VCFA() {
				name = "JPorter"
			}
			if user["username"] != name || user["fullName"] != "James Porter" ||
				user["nameInSource"] != `\53\2D\31\2D\35\2D\31` {
				t.Errorf("created %v: want %q and the directory's details", user, name)
			}
			id := user["id"].(string)
			wantStatus(t, "duplicate", c.json("POST", "/users", c.userBody(name)), 400)
			wantStatus(t, "unknown name", c.json("POST", "/users", c.userBody("absent")), 400)

			changed := strings.Replace(created.body, `"enabled":true`, `"enabled":false`, 1)
			wantStatus(t, "update", c.json("PUT", "/users/"+id, changed), 200)
			if u, _ := s.User("acme", "jporter"); u.Enabled {
				t.Error("the update did not disable the user")
			}
			s.Change("acme", "jporter", func(u *mockvcd.User) { u.Locked = true })
			wantStatus(t, "update of a locked user", c.json("PUT", "/users/"+id,
				strings.Replace(changed, `"locked":false`, `"locked":true`, 1)), 400)

			deleted := c.json("DELETE", "/users/"+id, "")
			wantStatus(t, "delete", deleted, 202)
			task := c.xml("GET", strings.TrimPrefix(deleted.header.Get("Location"), s.URL()), "x", "")
			if !strings.Contains(task.body, `status="success"`) {
				t.Errorf("task: %s", task.body)
			}
			wantStatus(t, "read of the deleted", c.json("GET", "/users/"+id, ""), 403)
		})
	}
}

func TestStrictBodies(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{Version: "39.1"})
	c := talk(t, s, "39.1", "acme")
	role := fmt.Sprintf(`"roleEntityRefs":[{"id":%q}]`, c.role(mockvcd.RoleVAppUser))
	two := fmt.Sprintf(`"roleEntityRefs":[{"id":%q},{"id":%q}]`, c.role(mockvcd.RoleVAppUser),
		c.role(mockvcd.RoleVAppAuthor))
	for what, body := range map[string]string{
		"null string":     `{"username":"anna","providerType":"LDAP","description":null,` + role + `}`,
		"unknown field":   `{"username":"anna","providerType":"LDAP","nickname":"a",` + role + `}`,
		"quota":           `{"username":"anna","providerType":"LDAP","storedVmQuota":1,` + role + `}`,
		"VCFA's property": `{"username":"anna","providerType":"LDAP","inheritGroupRoles":true,` + role + `}`,
		"password":        `{"username":"anna","providerType":"LDAP","password":"x",` + role + `}`,
		"two roles":       `{"username":"anna","providerType":"LDAP",` + two + `}`,
		"no role":         `{"username":"anna","providerType":"LDAP"}`,
		"unknown role":    `{"username":"anna","providerType":"LDAP","roleEntityRefs":[{"id":"urn:vcloud:role:x"}]}`,
	} {
		wantStatus(t, what, c.json("POST", "/users", body), 400)
	}
	if len(s.Users("acme")) != 1 {
		t.Error("a refused body made a user")
	}
	vcfa := start(t, mockvcd.Options{Version: "40.0"})
	v := talk(t, vcfa, "40.0", "acme")
	several := fmt.Sprintf(`{"username":"anna","providerType":"LDAP","inheritGroupRoles":true,
		"roleEntityRefs":[{"id":%q},{"id":%q}]}`, v.role(mockvcd.RoleVAppUser), v.role(mockvcd.RoleVAppAuthor))
	wantStatus(t, "several roles in VCF Automation", v.json("POST", "/users", several), 201)
}

func TestPagesAndFilters(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{})
	for i := range 300 {
		s.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("user%03d", i)})
	}
	c := talk(t, s, "39.1", "acme")
	for _, bad := range []string{"", "?page=1", "?pageSize=10", "?page=1&pageSize=129", "?page=0&pageSize=10"} {
		wantStatus(t, "page "+bad, c.json("GET", "/users"+bad, ""), 400)
	}
	last := c.json("GET", "/users?page=3&pageSize=128", "")
	list := last.object(t)
	if list["resultTotal"] != 301.0 || list["pageCount"] != 3.0 || len(list["values"].([]any)) != 45 {
		t.Errorf("last page: total %v, pages %v", list["resultTotal"], list["pageCount"])
	}
	if link := last.header.Get("Link"); link != "" {
		t.Errorf("the last page has a next one: %s", link)
	}
	if link := c.json("GET", "/users?page=1&pageSize=128", "").header.Get("Link"); !strings.Contains(link,
		`rel="nextPage"`) {
		t.Errorf("Link header %q", link)
	}
	found := c.json("GET",
		"/users?page=1&pageSize=25&filterEncoded=true&filter=username%3D%3Duser007%3BproviderType%3D%3DLDAP", "").object(t)
	if found["resultTotal"] != 1.0 {
		t.Errorf("filter found %v", found)
	}
	wantStatus(t, "special characters",
		c.json("GET", "/users?page=1&pageSize=25&filterEncoded=true&filter=username%3D%3Da%252Cb", ""), 400)
	wantStatus(t, "roles", c.json("GET", "/users?page=1&pageSize=25&filter=roleEntityRefs%3D%3Dx", ""), 400)
}

// What the vendor's SDK does, and the published contract does not say.
func TestVendorsSDKHabits(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{PageOptional: true})
	c := talk(t, s, "39.1", "acme")
	wantStatus(t, "a trailing slash and no page", c.json("GET", "/users/?pageSize=128", ""), 200)
	body := strings.Replace(c.userBody("anna"), `"enabled":true,`, "", 1)
	wantStatus(t, "import that leaves out enabled", c.json("POST", "/users/", body), 201)
	if u, _ := s.User("acme", "anna"); !u.Enabled {
		t.Error("through CloudAPI a user is enabled unless the body says otherwise")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/api/org", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Authorization": {"bearer " + c.token}, "Accept": {"application/*+xml;version=39.1"}}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("bearer in lower case: %d", response.StatusCode)
	}
}

func TestDeletingTakesPoweredOffVMsAlong(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{Deletion: mockvcd.DeletionAtOnce})
	s.AddUser("acme", mockvcd.User{Username: "loses", PoweredOffVMs: []string{"vm1"}},
		mockvcd.User{Username: "keeps", PoweredOffVMs: []string{"vm2"}},
		mockvcd.User{Username: "busy", RunningVMs: []string{"vm3"}})
	c := talk(t, s, "39.1", "acme")
	id := func(name string) string {
		u, _ := s.User("acme", name)
		return u.ID
	}
	wantStatus(t, "delete who owns a running VM", c.json("DELETE", "/users/"+id("busy"), ""), 400)
	wantStatus(t, "delete", c.json("DELETE", "/users/"+id("loses"), ""), 204)
	wantStatus(t, "take ownership", c.json("POST", "/users/"+id("keeps")+"/takeOwnership", ""), 204)
	wantStatus(t, "delete", c.json("DELETE", "/users/"+id("keeps"), ""), 204)
	if lost := fmt.Sprint(s.LostVMs()); lost != "[vm1]" {
		t.Errorf("lost %s, want [vm1]", lost)
	}
	if d := s.Deletions(); len(d) != 2 || d[0].OwnershipTaken || !d[1].OwnershipTaken {
		t.Errorf("deletions %+v", d)
	}
	if admin, _ := s.User("acme", mockvcd.Username); fmt.Sprint(admin.PoweredOffVMs) != "[vm2]" {
		t.Errorf("the caller owns %v", admin.PoweredOffVMs)
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{OrgsWithoutLDAP: []string{"globex"}})
	c := talk(t, s, "39.1", mockvcd.SystemOrg)
	acme := s.OrgUUID("acme")

	c.header.Set("X-VMWARE-VCLOUD-TENANT-CONTEXT", "urn:vcloud:org:"+acme)
	c.header.Set("X-VMWARE-VCLOUD-AUTH-CONTEXT", "acme")
	wantStatus(t, "URN as tenant context", c.json("GET", "/users?page=1&pageSize=1", ""), 401)
	c.header.Set("X-VMWARE-VCLOUD-TENANT-CONTEXT", acme)
	wantStatus(t, "import in a tenant", c.json("POST", "/users", c.userBody("anna")), 201)
	if _, ok := s.User("acme", "anna"); !ok {
		t.Error("anna is not in acme")
	}
	tenant := talk(t, s, "39.1", "globex")
	denied := tenant.json("POST", "/users", tenant.userBody("anna"))
	if denied.status != 403 || !strings.Contains(denied.body, "This operation is denied.") {
		t.Errorf("import without LDAP: %d %s", denied.status, denied.body)
	}
	u, _ := s.User("acme", "anna")
	wantStatus(t, "another organization's user", tenant.json("GET", "/users/"+u.ID, ""), 403)
	tenant.version = "12.0"
	wantStatus(t, "unpublished version", tenant.json("GET", "/users?page=1&pageSize=1", ""), 406)
	s.ExpireSessions()
	wantStatus(t, "expired session", c.json("GET", "/users?page=1&pageSize=1", ""), 401)
}
