// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

const stubUser = `{"id":"urn:vcloud:user:7","username":"anna","fullName":null,"description":null,"email":null,
	"nameInSource":"\\F4\\D3","enabled":true,"providerType":"LDAP",
	"roleEntityRefs":[{"id":"urn:vcloud:role:1","name":"vApp User"}],
	"orgEntityRef":{"id":"urn:vcloud:org:26","name":"acme"},
	"isGroupRole":false,"fromTheFuture":{"a":[1,2.50]},"alsoNull":null}`

const stubGroup = `{"id":"urn:vcloud:group:7","name":"Lab Engineers","description":null,
	"nameInSource":"\\F4\\D3","providerType":"LDAP",
	"roleEntityRef":{"id":"urn:vcloud:role:1","name":"vApp User"},
	"orgEntityRef":{"id":"urn:vcloud:org:26","name":"acme"},"fromTheFuture":true}`

// body reads a JSON object that was sent.
func body(t *testing.T, text string) map[string]json.RawMessage {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return object
}

func wantFields(t *testing.T, what string, got map[string]json.RawMessage, want map[string]string) {
	t.Helper()
	for field, value := range want {
		if string(got[field]) != value {
			t.Errorf("%s: %s is %s, want %s", what, field, got[field], value)
		}
	}
	for field, value := range got {
		if string(value) == "null" {
			t.Errorf("%s: %s is null, which the contract refuses", what, field)
		}
		if _, ok := want[field]; !ok {
			t.Errorf("%s: unexpected %s = %s", what, field, value)
		}
	}
}

func TestCloudAPIRequestsKeepTheContract(t *testing.T) {
	t.Parallel()
	ok, created := http.StatusOK, http.StatusCreated
	server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
		"GET /cloudapi/1.0.0/users/urn:vcloud:user:7":   text(ok, "application/json", stubUser),
		"PUT /cloudapi/1.0.0/users/urn:vcloud:user:7":   text(ok, "application/json", stubUser),
		"POST /cloudapi/1.0.0/users":                    text(created, "application/json", stubUser),
		"GET /cloudapi/1.0.0/groups/urn:vcloud:group:7": text(ok, "application/json", stubGroup),
		"PUT /cloudapi/1.0.0/groups/urn:vcloud:group:7": text(ok, "application/json", stubGroup),
		"POST /cloudapi/1.0.0/groups":                   text(created, "application/json", stubGroup),
	})
	tenant := open(t, connect(t, server.URL))
	ctx := t.Context()
	plain := vcdapi.Reference{ID: "urn:vcloud:role:1", Name: "vApp User"}

	must[vcdapi.User](t)(tenant.CreateUser(ctx, newUser("Anna", plain)))
	wantFields(t, "POST user", body(t, server.sent("POST", "/cloudapi/1.0.0/users")[0].body), map[string]string{
		"username": `"Anna"`, "enabled": "true", "providerType": `"LDAP"`,
		"roleEntityRefs": `[{"id":"urn:vcloud:role:1","name":"vApp User"}]`,
	})

	u := must[vcdapi.User](t)(tenant.User(ctx, "urn:vcloud:user:7"))
	u.Enabled = false
	must[vcdapi.User](t)(tenant.UpdateUser(ctx, u))
	put := server.sent("PUT", "/cloudapi/1.0.0/users/urn:vcloud:user:7")[0]
	wantFields(t, "PUT user", body(t, put.body), map[string]string{
		"id": `"urn:vcloud:user:7"`, "username": `"anna"`, "enabled": "false", "providerType": `"LDAP"`, "description": `""`,
		"nameInSource": `"\\F4\\D3"`, "roleEntityRefs": `[{"id":"urn:vcloud:role:1","name":"vApp User"}]`,
		"orgEntityRef": `{"id":"urn:vcloud:org:26","name":"acme"}`, "isGroupRole": "false", "fromTheFuture": `{"a":[1,2.50]}`,
	})
	if accept, kind := put.header.Get("Accept"),
		put.header.Get("Content-Type"); accept != "application/json;version=37.2" || kind != "application/json" {
		t.Errorf("Accept %q, Content-Type %q", accept, kind)
	}

	must[vcdapi.Group](t)(tenant.CreateGroup(ctx, vcdapi.Group{Name: "Lab Engineers", ProviderType: vcdapi.ProviderLDAP,
		Roles: []vcdapi.Reference{plain}}))
	group := map[string]string{
		"name": `"Lab Engineers"`, "description": `""`, "providerType": `"LDAP"`,
		"roleEntityRef": `{"id":"urn:vcloud:role:1","name":"vApp User"}`,
		"orgEntityRef":  `{"id":"urn:vcloud:org:26","name":"acme"}`,
	}
	wantFields(t, "POST group", body(t, server.sent("POST", "/cloudapi/1.0.0/groups")[0].body), group)
	g := must[vcdapi.Group](t)(tenant.Group(ctx, "urn:vcloud:group:7"))
	must[vcdapi.Group](t)(tenant.UpdateGroup(ctx, g))
	group["id"], group["nameInSource"], group["fromTheFuture"] = `"urn:vcloud:group:7"`, `"\\F4\\D3"`, "true"
	wantFields(t, "PUT group", body(t, server.sent("PUT", "/cloudapi/1.0.0/groups/urn:vcloud:group:7")[0].body), group)
	g.Roles = append(g.Roles, plain)
	if _, err := tenant.UpdateGroup(ctx, g); err == nil || !strings.Contains(err.Error(), "exactly one role") {
		t.Errorf("a group with two roles: %v", err)
	}
}

// The bearer token goes to the configured server alone, whatever host a Location names.
func TestTaskIsFollowedOnTheConfiguredServer(t *testing.T) {
	t.Parallel()
	elsewhere := newStub(t, "37.2", nil) // fails the test when asked for anything but a login
	polls := 0
	server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
		"DELETE /cloudapi/1.0.0/users/urn:vcloud:user:7": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere.URL+"/internal/api/task/9")
			w.WriteHeader(http.StatusAccepted)
		},
		"GET /api/task/9": func(w http.ResponseWriter, r *http.Request) {
			polls++
			if polls < 2 {
				text(http.StatusOK, "application/vnd.vmware.vcloud.task+xml",
					`<Task xmlns="http://www.vmware.com/vcloud/v1.5" status="queued"/>`)(w, r)
				return
			}
			text(http.StatusOK, "application/json", `{"status":"success"}`)(w, r)
		},
	})
	if err := open(t, connect(t, server.URL)).DeleteUser(t.Context(), "urn:vcloud:user:7"); err != nil {
		t.Fatal(err)
	}
	if polls != 2 || len(elsewhere.requests) > 0 {
		t.Errorf("%d polls, %d requests elsewhere", polls, len(elsewhere.requests))
	}
}

func TestListsThatMakeNoSenseAreErrors(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"always page 1":     `{"resultTotal":300,"page":1,"pageSize":128,"values":[{"id":"urn:vcloud:role:1","name":"a"}]}`,
		"empty, yet more":   `{"resultTotal":300,"pageSize":128,"values":[]}`,
		"no JSON":           `<html>`,
		"values of nothing": `{"resultTotal":1,"values":[7]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
				"GET /cloudapi/1.0.0/roles": text(http.StatusOK, "application/json", page),
			})
			if roles, err := open(t, connect(t, server.URL)).Roles(t.Context()); err == nil {
				t.Errorf("roles %v", roles)
			}
		})
	}
}

// A server may put fewer on a page than it was asked for.
func TestSmallerPagesAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
		"GET /cloudapi/1.0.0/roles": func(w http.ResponseWriter, r *http.Request) {
			page := r.URL.Query().Get("page")
			text(http.StatusOK, "application/json",
				`{"resultTotal":3,"page":`+page+`,"pageSize":1,"values":[{"id":"urn:vcloud:role:`+page+`","name":"r`+page+`"}]}`)(w,
				r)
		},
	})
	roles := must[[]vcdapi.Role](t)(open(t, connect(t, server.URL)).Roles(t.Context()))
	if len(roles) != 3 || roles[2].Name != "r3" {
		t.Errorf("roles %v", roles)
	}
}
