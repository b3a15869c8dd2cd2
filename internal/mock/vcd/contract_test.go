// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// property is what the vendor's OpenAPI 37.2 document says of a property: its JSON type, and the versions between which
// it is there where that is not all of them.
type property struct {
	kind         string // string, integer, boolean, array, object
	since, until float64
}

// The properties of the objects that this project reads and writes, from the vendor's OpenAPI 37.2 document.
var (
	pageProperties = map[string]property{
		"resultTotal": {kind: "integer"}, "pageCount": {kind: "integer"}, "page": {kind: "integer"},
		"pageSize":     {kind: "integer"},
		"associations": {kind: "array", since: 33.0}, "values": {kind: "array"},
	}
	referenceProperties = map[string]property{"name": {kind: "string"}, "id": {kind: "string"}}
	userProperties      = map[string]property{
		"username": {kind: "string"}, "fullName": {kind: "string"}, "description": {kind: "string"}, "id": {kind: "string"},
		"roleEntityRefs": {kind: "array"}, "orgEntityRef": {kind: "object"}, "password": {kind: "string"},
		"deployedVmQuota": {kind: "integer", since: 35.0, until: 37.0},
		"storedVmQuota":   {kind: "integer", since: 35.0, until: 37.0},
		"email":           {kind: "string"}, "nameInSource": {kind: "string"}, "enabled": {kind: "boolean"},
		"isGroupRole":  {kind: "boolean"},
		"providerType": {kind: "string"}, "locked": {kind: "boolean", since: 37.2},
		"stranded": {kind: "boolean", since: 37.2},
	}
	groupProperties = map[string]property{
		"name": {kind: "string"}, "id": {kind: "string", since: 34.0}, "description": {kind: "string"},
		"orgEntityRef":    {kind: "object"},
		"sourceEntityRef": {kind: "object"}, "roleEntityRef": {kind: "object"}, "nameInSource": {kind: "string"},
		"providerType": {kind: "string"},
	}
	roleProperties = map[string]property{
		"name": {kind: "string"}, "id": {kind: "string"}, "description": {kind: "string"}, "bundleKey": {kind: "string"},
		"readOnly": {kind: "boolean"},
	}
	directoryUserProperties = map[string]property{
		"username": {kind: "string"}, "description": {kind: "string"}, "orgEntityRef": {kind: "object"},
		"fullname": {kind: "string"},
		"email":    {kind: "string"}, "phoneNumber": {kind: "string"}, "im": {kind: "string"}, "external": {kind: "boolean"},
		"nameInSource": {kind: "string"}, "enabled": {kind: "boolean"}, "locked": {kind: "boolean"},
		"roleEntityRef": {kind: "object"},
		"roleInherited": {kind: "boolean"}, "inSync": {kind: "boolean"},
	}
	sessionProperties = map[string]property{
		"id": {kind: "string"}, "site": {kind: "object", since: 37.1}, "user": {kind: "object"}, "org": {kind: "object"},
		"location": {kind: "string"}, "roles": {kind: "array"}, "roleRefs": {kind: "array", since: 35.0},
		"sessionIdleTimeoutMinutes": {kind: "integer", since: 35.0},
	}
	errorProperties = map[string]property{"minorErrorCode": {kind: "string"}, "message": {kind: "string"},
		"stackTrace": {kind: "string"}}
)

// Properties that an answer has to carry, since clients rely on them.
var (
	userRequired  = []string{"username", "id", "roleEntityRefs", "orgEntityRef", "nameInSource", "enabled", "providerType"}
	groupRequired = []string{"name", "id", "description", "orgEntityRef", "roleEntityRef", "nameInSource", "providerType"}
	pageRequired  = []string{"resultTotal", "pageCount", "page", "pageSize", "values"}
)

// conform checks an object against the properties of a version: none that is unknown, of another type or null.
func conform(t *testing.T, what string, version float64, object map[string]any, properties map[string]property,
	required ...string) {
	t.Helper()
	for name, value := range object {
		p, known := properties[name]
		switch {
		case !known:
			t.Errorf("%s: property %s is not in the contract", what, name)
		case version < p.since || p.until > 0 && version >= p.until:
			t.Errorf("%s: property %s is not there at %.1f", what, name, version)
		case jsonKind(value) != p.kind:
			t.Errorf("%s: property %s is %s (%v), want %s", what, name, jsonKind(value), value, p.kind)
		}
	}
	for _, name := range required {
		if object[name] == nil {
			t.Errorf("%s lacks %s", what, name)
		}
	}
}

func jsonKind(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	default:
		return "object"
	}
}

func values(t *testing.T, what string, version float64, a answer) []map[string]any {
	t.Helper()
	page := a.object(t)
	conform(t, what, version, page, pageProperties, pageRequired...)
	var objects []map[string]any
	for _, value := range page["values"].([]any) {
		objects = append(objects, value.(map[string]any))
	}
	return objects
}

func TestAnswersAgreeWithTheVendorsContract(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"36.3", "37.2"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var version float64
			if _, err := fmt.Sscan(text, &version); err != nil {
				t.Fatal(err)
			}
			s := start(t, mockvcd.Options{Version: text})
			c := talk(t, s, text, "acme")
			const page = "?page=1&pageSize=128"

			group := c.json("POST", "/groups",
				fmt.Sprintf(`{"name":"Lab Engineers","description":"","providerType":"LDAP",
					"orgEntityRef":{"name":"acme","id":"urn:vcloud:org:%s"},"roleEntityRef":{"id":%q}}`,
					s.OrgUUID("acme"), c.role(mockvcd.RoleVAppUser)))
			wantStatus(t, "POST group", group, 201)
			conform(t, "POST group", version, group.object(t), groupProperties, groupRequired...)
			user := c.json("POST", "/users", c.userBody("jporter"))
			wantStatus(t, "POST user", user, 201)
			conform(t, "POST user", version, user.object(t), userProperties, userRequired...)
			id, groupID := user.object(t)["id"].(string), group.object(t)["id"].(string)

			put := c.json("PUT", "/users/"+id, user.body)
			wantStatus(t, "PUT of what POST answered", put, 200)
			conform(t, "PUT user", version, put.object(t), userProperties, userRequired...)
			putGroup := c.json("PUT", "/groups/"+groupID, group.body)
			wantStatus(t, "PUT of what POST answered", putGroup, 200)
			conform(t, "PUT group", version, putGroup.object(t), groupProperties, groupRequired...)

			for path, properties := range map[string]map[string]property{
				"/users": userProperties, "/groups": groupProperties, "/roles": roleProperties,
				"/users/" + id + "/groups": referenceProperties, "/groups/" + groupID + "/users": referenceProperties,
			} {
				found := values(t, path, version, c.json("GET", path+page, ""))
				if len(found) == 0 {
					t.Errorf("%s is empty", path)
				}
				for _, object := range found {
					conform(t, path, version, object, properties)
				}
			}
			conform(t, "session", version, c.json("GET", "/sessions/current", "").object(t), sessionProperties, "user", "org")
			conform(t, "error", version, c.json("GET", "/users/none", "").object(t), errorProperties, "minorErrorCode",
				"message")

			for path, properties := range map[string]map[string]property{
				"/ldap/search/user?q=port": directoryUserProperties, "/ldap/search/group?q=lab": groupProperties,
			} {
				var found []map[string]any
				if err := json.Unmarshal([]byte(c.json("GET", path, "").body), &found); err != nil || len(found) != 1 {
					t.Fatalf("%s: %v, %v: want a bare array of one", path, found, err)
				}
				conform(t, path, version, found[0], properties)
			}
			wantStatus(t, "sync", c.json("POST", "/ldap/sync", ""), 204)
		})
	}
}

// The vendor's own example of an import: its request as it is (but for the host, the organization and the role).
func TestVendorsExampleOfAnImport(t *testing.T) {
	t.Parallel()
	s := start(t, mockvcd.Options{Version: "35.0"})
	c := talk(t, s, "35.0", "acme")
	role := s.URL() + `/api/admin/org/` + s.OrgUUID("acme") + `/role/` +
		strings.TrimPrefix(c.role("vApp Author"), "urn:vcloud:role:")
	body := `<?xml version="1.0" encoding="UTF-8"?>
<User
   xmlns="http://www.vmware.com/vcloud/v1.5"
   name="jporter"
   type="application/vnd.vmware.admin.user+xml">
   <IsEnabled>true</IsEnabled>
   <IsExternal>true</IsExternal>
   <Role
      href="` + role + `" />
</User>`
	created := c.xml("POST", "/api/admin/org/"+s.OrgUUID("acme")+"/users", "vnd.vmware.admin.user", body)
	wantStatus(t, "import", created, 201)
	for _, element := range []string{
		`<Link rel="edit" type="application/vnd.vmware.admin.user+xml"`, "<FullName>", "<EmailAddress>",
		"<IsEnabled>true</IsEnabled>",
		"<ProviderType>INTEGRATED</ProviderType>", "<NameInSource>", "<IsAlertEnabled>false</IsAlertEnabled>",
		"<IsDefaultCached>false</IsDefaultCached>",
		"<StoredVmQuota>0</StoredVmQuota>", "<DeployedVmQuota>0</DeployedVmQuota>",
		`<Role type="application/vnd.vmware.admin.role+xml"`, "<GroupReferences>",
	} {
		if !strings.Contains(created.body, element) {
			t.Errorf("the answer lacks %s: %s", element, created.body)
		}
	}
}
