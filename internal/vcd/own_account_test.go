// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// annaBlock logs in as anna, an imported user who is an administrator.
func annaBlock(server *mockvcd.Server, byGroup bool) acctest.Object {
	server.AddUser("acme", mockvcd.User{
		Username: "anna", Enabled: true, Roles: []string{mockvcd.RoleOrgAdmin},
		GroupRole: byGroup, InheritGroupRoles: byGroup && server.VCFA(),
	})
	block := tenantBlock(server, "acme")
	block["username"] = "anna"
	return block
}

// The account that the provider logs in with has its role from a group: the group stays, and keeps its roles.
func TestImportedGroupOfTheLoginAccount(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		block := annaBlock(server, true)
		anna := serverUser(t, server, "acme", "anna")
		server.AddGroup("acme", mockvcd.Group{
			Name: "Lab Engineers", Roles: []string{mockvcd.RoleOrgAdmin}, Members: []string{anna.ID},
		})
		config := func(role string) acctest.Object {
			return groupConfig("Lab Engineers", acctest.Object{"roles": []any{role}, "deletion_policy": "delete"})
		}
		instance := configured(t, block).Instance(groupType)
		if text := acctest.Errors(instance.Import("acme/Lab Engineers", nil)); text != "" {
			t.Fatal(text)
		}
		instance.Refresh()
		apply(t, instance, config(mockvcd.RoleOrgAdmin))
		instance = instance.In(configured(t, block)) // the next run

		other := config(mockvcd.RoleVAppUser)
		resp, _ := instance.Plan(other)
		wantError(t, "plan", resp.Diagnostics, "roles: ", "logs in with", "account that has roles of its own")
		for _, path := range []string{"/cloudapi/1.0.0/users/*", "/api/admin/user/*"} { // the plan cannot tell
			server.Faults().Add(faults.Rule{Method: http.MethodGet, Path: path, Fault: faults.Status(http.StatusTeapot)})
		}
		wantError(t, "apply", instance.Apply(other), "roles: ", "logs in with")
		server.Faults().Clear()
		adopting := configured(t, block).Instance(groupType)
		resp, _ = adopting.Plan(groupConfig("Lab Engineers", acctest.Object{"allow_update": true}))
		wantError(t, "plan of an adoption", resp.Diagnostics, "roles: ", "logs in with")

		wantError(t, "destroy", instance.Apply(nil), "logs in with", `deletion_policy = "abandon"`)
		const untouched = "[Organization Administrator]"
		if groups := server.Groups("acme"); len(groups) != 1 || fmt.Sprint(groups[0].Roles) != untouched ||
			!server.CanLogIn("acme", "anna") {
			t.Errorf("groups %+v, anna %+v", groups, serverUser(t, server, "acme", "anna"))
		}

		server.Change("acme", "anna", func(u *mockvcd.User) { u.GroupRole, u.InheritGroupRoles = false, false })
		apply(t, instance, other)
		apply(t, instance, nil)
		if len(server.Groups("acme")) > 0 {
			t.Error("the group stays although the login account has a role of its own")
		}
	})
}

// The account that the provider logs in with keeps its name and provider type: it could not log in any more.
func TestImportedUserLoginAccountIsNotRemapped(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "39.1", "40.0"} {
		server := startServer(t, mockvcd.Options{Version: version})
		block := annaBlock(server, false)
		named := func(name string, more ...acctest.Object) acctest.Object {
			return user(name, append(more, acctest.Object{"roles": []any{mockvcd.RoleOrgAdmin}})...)
		}
		instance := configured(t, block).Instance(userType)
		if text := acctest.Errors(instance.Import("acme/anna", nil)); text != "" {
			t.Fatal(text)
		}
		wantEmptyPlan(t, instance, named("anna"))

		resp, _ := instance.Plan(named("bkhan"))
		wantError(t, "another name", resp.Diagnostics, "name: ", `User "anna" Is the Provider's Own Account`,
			"never gets another name")
		resp, _ = instance.Plan(named("anna", acctest.Object{"provider_type": "SAML"}))
		wantError(t, "another provider type", resp.Diagnostics, "provider_type: ", "Is the Provider's Own Account")

		again := instance.In(configured(t, block))
		server.Faults().Add(faults.Rule{Path: "/api/versions", Times: 2,
			Fault: faults.Status(http.StatusServiceUnavailable)}) // the plan cannot tell
		wantError(t, "apply", again.Apply(named("bkhan")), "name: ", "logs in with")
		if again.Planned["name"] != "bkhan" || server.Count("PUT", "") != 0 {
			t.Errorf("planned %v, %d changes", again.Planned["name"], server.Count("PUT", ""))
		}
		apply(t, configured(t, block).Instance(userType), user("bkhan")) // anna still logs in
	}
}

// Roles that the account inherits from groups are its roles too.
func TestImportedUserLoginAccountKeepsInheritedRoles(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "40.0"})
	block := annaBlock(server, true)
	without := user("anna", acctest.Object{"roles": []any{mockvcd.RoleOrgAdmin}, "inherit_group_roles": false})
	instance := configured(t, block).Instance(userType)
	if text := acctest.Errors(instance.Import("acme/anna", nil)); text != "" {
		t.Fatal(text)
	}
	resp, _ := instance.Plan(without)
	wantError(t, "plan", resp.Diagnostics, "inherit_group_roles: ", "Is the Provider's Own Account")
	again := instance.In(configured(t, block))
	server.Faults().Add(faults.Rule{Path: "/api/versions", Fault: faults.Status(http.StatusServiceUnavailable)})
	wantError(t, "apply", again.Apply(without), "inherit_group_roles: ", "logs in with") // the plan could not tell
	if u := serverUser(t, server, "acme", "anna"); !u.InheritGroupRoles {
		t.Errorf("anna is %+v", u)
	}
}
