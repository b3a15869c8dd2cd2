// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// A role near to an existing one is a typo. Any other unknown role may be made in the same run, and apply finds it.
func TestImportedUserRoleMadeInTheSameRun(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		protocol := configured(t, tenantBlock(server, "acme"))
		instance := protocol.Instance(userType)
		config := user("anna", acctest.Object{"roles": []any{"Quantum"}})
		resp, _ := instance.Plan(config)
		if text := acctest.Errors(resp.Diagnostics); text != "" {
			t.Fatal(text)
		}
		wantWarning(t, "plan", resp.Diagnostics, "roles: ", `Unknown Cloud Director Role "Quantum"`,
			"the same run creates it")
		wantError(t, "apply without the role", instance.Apply(config), "roles: ", `"Quantum"`, "vApp User")
		if instance.State != nil || len(server.Users("acme")) != 1 {
			t.Error("a user was imported without their role")
		}
		server.AddRole("acme", "Quantum")
		apply(t, instance, config)
		if u := serverUser(t, server, "acme", "anna"); fmt.Sprint(u.Roles) != "[Quantum]" {
			t.Errorf("roles %v", u.Roles)
		}
	})
}

// An organization that no other name is near to may be made in the same run.
func TestImportedUserOrganizationMadeInTheSameRun(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	instance := configured(t, providerBlock(server)).Instance(userType)
	config := user("anna", acctest.Object{"org": "quantum-physics"})
	resp, _ := instance.Plan(config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Fatal(text)
	}
	wantWarning(t, "plan", resp.Diagnostics, "org: ", "Unknown Cloud Director Organization", "the same run creates it")
	wantError(t, "apply without it", instance.Apply(config), "org: ", "quantum-physics")
	server.AddOrg("quantum-physics", true)
	apply(t, instance, config)
	serverUser(t, server, "quantum-physics", "anna")
}

// An answer of the directory search that may have been cut short proves nothing.
func TestImportedUserSearchCutShort(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	for i := range 30 {
		server.People().AddUser(people.User{Username: fmt.Sprintf("smith%02d", i)})
	}
	instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
	resp, _ := instance.Plan(user("smith"))
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Fatal(text)
	}
	wantWarning(t, "plan", resp.Diagnostics, "name: ", "may have been cut short")
}

// check_names decides about every check of names, and about nothing else.
func TestImportedUserCheckNames(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	wrong := user("jportr", acctest.Object{"roles": []any{"vApp Usr"}})
	plan := func(check string, config acctest.Object) []*tfprotov6.Diagnostic {
		protocol := acctest.Configured(t, acctest.Object{"vcd": tenantBlock(server, "acme"), "check_names": check})
		resp, _ := protocol.Instance(userType).Plan(config)
		return resp.Diagnostics
	}
	wantError(t, "error", plan("error", wrong), "roles: ", "name: ")
	if text := acctest.Errors(plan("warn", wrong)); text != "" {
		t.Error(text)
	}
	wantWarning(t, "warn", plan("warn", wrong), "roles: ", "name: ")
	server.ResetRequests()
	if found := plan("off", wrong); len(found) != 0 {
		t.Errorf("off: %s%s", acctest.Errors(found), acctest.Warnings(found))
	}
	if n := server.Count("GET", "/cloudapi/1.0.0/ldap/**") + server.Count("GET", "/cloudapi/1.0.0/roles"); n != 0 {
		t.Errorf("off: %d requests for checks", n)
	}
	server.AddUser("acme", mockvcd.User{Username: "anna"})
	wantError(t, "consent is no check of names", plan("off", user("anna")), "Already Exists")
}

// The roles of the login account are never changed, by update or by adoption.
func TestImportedUserLoginAccountKeepsItsRoles(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true, Roles: []string{mockvcd.RoleOrgAdmin}})
		block := tenantBlock(server, "acme")
		block["username"] = "anna"
		adopted := configured(t, block).Instance(userType)
		wantError(t, "adoption", adopted.Apply(user("anna", acctest.Object{"allow_update": true})), "roles: ", "logs in with")
		instance := configured(t, block).Instance(userType)
		admin := user("anna", acctest.Object{"roles": []any{mockvcd.RoleOrgAdmin}, "allow_update": true})
		apply(t, instance, admin)
		wantError(t, "update", instance.Apply(user("anna")), "roles: ", "logs in with")
		apply(t, instance, user("anna", acctest.Object{"roles": []any{mockvcd.RoleOrgAdmin}, "description": "x"}))
		if u := serverUser(t, server, "acme", "anna"); fmt.Sprint(u.Roles) != "[Organization Administrator]" ||
			u.Description != "x" {
			t.Errorf("user %+v", u)
		}
	})
}

// The session of a token may not say whose it is: username does, and without it no administrator is harmed.
func TestImportedUserLoginAccountOfAToken(t *testing.T) {
	t.Parallel()
	for _, username := range []string{"", "anna", "bkhan"} {
		server := startServer(t, mockvcd.Options{Version: "39.1"})
		server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true, Roles: []string{mockvcd.RoleOrgAdmin}})
		session := fmt.Sprintf(`{"org":{"name":"acme","id":"urn:vcloud:org:%s"}}`, server.OrgUUID("acme"))
		server.Faults().Add(faults.Rule{
			Path: "/cloudapi/1.0.0/sessions/current", Times: faults.Always,
			Fault: faults.Answer(200, "application/json", session),
		})
		block := acctest.Object{"url": server.URL(), "org": "acme", "token": server.Token("acme")}
		if username != "" {
			block["username"] = username
		}
		instance := configured(t, block).Instance(userType)
		config := user("anna", acctest.Object{
			"roles": []any{mockvcd.RoleOrgAdmin}, "allow_update": true, "deletion_policy": "delete",
		})
		apply(t, instance, config)
		diagnostics := instance.Apply(nil)
		if username == "bkhan" {
			if text := acctest.Errors(diagnostics); text != "" {
				t.Error(text)
			}
			continue
		}
		wantError(t, "username "+username, diagnostics, "logs in with")
	}
}

// What the server takes and does not keep is reported once, and plans are empty.
func TestImportedGroupIgnoredSetting(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		f.options.IgnoreSAMLDescription = true
		server := startServer(t, f.options)
		instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
		config := groupConfig("engineers@idp", acctest.Object{"provider_type": "SAML", "description": "ours"})
		wantWarning(t, "create", apply(t, instance, config), "Setting Ignored", `description is ""`, `"ours" was sent`)
		wantEmptyPlan(t, instance, config)
		roles := groupConfig("engineers@idp", acctest.Object{"provider_type": "SAML", "description": "ours",
			"roles": []any{mockvcd.RoleConsole}})
		if text := acctest.Warnings(apply(t, instance, roles)); text != "" {
			t.Errorf("reported again: %s", text)
		}
		wantEmptyPlan(t, instance, roles)
		server.ChangeGroup("acme", "engineers@idp", func(g *mockvcd.Group) { g.Description = "another hand's" })
		instance = instance.In(configured(t, tenantBlock(server, "acme"))) // the next run
		instance.Refresh()
		if instance.State["description"] != "another hand's" {
			t.Errorf("drift is hidden: %v", instance.State["description"])
		}
	})
}

// Of these versions, 37.2 is the first that unlocks, as it is the first that remaps.
func TestImportedUserUnlock(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, block acctest.Object, server *mockvcd.Server, canUnlock bool) {
		instance := configured(t, block).Instance(userType)
		apply(t, instance, user("anna"))
		wantError(t, "locked = true", instance.Validate(user("anna", acctest.Object{"locked": true})), "locked: ",
			"enabled = false")
		config := user("anna", acctest.Object{"locked": false, "description": "x"})
		server.Change("acme", "anna", func(u *mockvcd.User) { u.Locked = true })
		again := instance.In(configured(t, block))
		again.Refresh()
		diagnostics := again.Apply(config)
		if !canUnlock {
			wantError(t, "unlock", diagnostics, "locked: ", "37.2")
			return
		}
		if text := acctest.Errors(diagnostics); text != "" {
			t.Fatal(text)
		}
		if u := serverUser(t, server, "acme", "anna"); u.Locked || u.Description != "x" {
			t.Errorf("user %+v", u)
		}
		wantEmptyPlan(t, again, config)
	})
}

// A locked user can be disabled, with a destroy too.
func TestImportedUserLockedIsDisabled(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "39.1", "40.0"} {
		server := startServer(t, mockvcd.Options{Version: version})
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, instance, user("anna", acctest.Object{"deletion_policy": "disable"}))
		server.Change("acme", "anna", func(u *mockvcd.User) { u.Locked = true })
		apply(t, instance, nil)
		if u := serverUser(t, server, "acme", "anna"); u.Enabled {
			t.Errorf("user %+v", u)
		}
	}
}

// A user who became a local account is never deleted.
func TestImportedUserThatBecameLocal(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, instance, user("anna"))
		server.Change("acme", "anna", func(u *mockvcd.User) { u.ProviderType = mockvcd.TypeLocal })
		wantError(t, "update", instance.Apply(user("anna", acctest.Object{"description": "x"})), "local account")
		wantError(t, "destroy", instance.Apply(nil), "local account", "abandon")
		if len(server.Deletions()) != 0 {
			t.Error("a local account was deleted")
		}
	})
}

func TestImportedUserRolesWithoutNulls(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	protocol := configured(t, tenantBlock(server, "acme"))
	wantError(t, "user", protocol.Instance(userType).Validate(user("anna", acctest.Object{"roles": []any{"vApp User",
		nil}})), "roles", "null")
	wantError(t, "group", protocol.Instance(groupType).Validate(groupConfig("a", acctest.Object{"roles": []any{nil}})),
		"roles", "null")
}

// Role names with commas work, through XML too, where the query service joins the names of roles with commas.
func TestImportedUserRoleWithAComma(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		const role = "Author, Catalogs, Media"
		server.AddRole("acme", role)
		for name, change := range map[string]string{"anna": role, "bkhan": mockvcd.RoleConsole} {
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			config := user(name, acctest.Object{"roles": []any{role}})
			apply(t, instance, config)
			wantEmptyPlan(t, instance, config)
			config = user(name, acctest.Object{"roles": []any{change}})
			apply(t, instance, config)
			wantEmptyPlan(t, instance, config)
		}
	})
}

// interface = "cloudapi" where it cannot write groups is reported at plan.
func TestImportedGroupThroughAnInterfaceWithoutGroups(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "35.0"})
	block := tenantBlock(server, "acme")
	block["interface"] = "cloudapi"
	resp, _ := configured(t, block).Instance(groupType).Plan(groupConfig("Lab Engineers", nil))
	wantError(t, "plan", resp.Diagnostics, "36.0", `interface = "xml"`)
}

// The task of a deletion is looked at first after 50 ms, then less and less often: a destroy takes four requests.
func TestImportedUserDestroyLooksAtItsTaskOnce(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	instance := owner(t, server)
	again := configuredAgain(t, server, instance)
	server.ResetRequests()
	begun := time.Now()
	var looked time.Duration
	server.Faults().Add(faults.Rule{Method: "GET", Path: "/api/task/*",
		Fault: faults.Call(func() { looked = time.Since(begun) })})
	apply(t, again, nil)
	if n := len(server.Requests()); n != 4+2 { // and versions, login
		t.Errorf("%d requests: %+v", n, server.Requests())
	}
	if looked < 50*time.Millisecond {
		t.Errorf("the task was looked at after %s", looked)
	}
	wantNoLoss(t, server)
}

// An organization without LDAP is told from a missing right.
func TestImportedUserMissingRightOrProvider(t *testing.T) {
	t.Parallel()
	for _, without := range []bool{true, false} {
		options := mockvcd.Options{Version: "40.0"}
		if without {
			options.OrgsWithoutLDAP = []string{"acme"}
		}
		server := startServer(t, options)
		protocol := acctest.Configured(t, acctest.Object{"vcd": tenantBlock(server, "acme"), "check_names": "off",
			"max_retries": int64(0)})
		if !without {
			const answer = `{"minorErrorCode":"ACCESS_TO_RESOURCE_IS_FORBIDDEN",
				"message":"Either you need some or all of the following rights [GROUP_USER_MANAGE]"}`
			server.Faults().Add(faults.Rule{Method: "POST", Path: "/cloudapi/1.0.0/users",
				Fault: faults.Answer(403, "application/json", answer)})
		}
		diagnostics := protocol.Instance(userType).Apply(user("anna"))
		if without {
			wantError(t, "without LDAP", diagnostics, "provider_type: ", "set up")
			continue
		}
		wantError(t, "without the right", diagnostics, "GROUP_USER_MANAGE", "Organization Administrator")
	}
}

// A server that leaves out a quota without a limit means 0: what the configuration says is no change then.
func TestImportedUserUnlimitedQuotas(t *testing.T) {
	t.Parallel()
	for _, options := range []mockvcd.Options{{Version: "36.3"}, {Version: "35.0"}} {
		options.OmitUnlimited = true
		server := startServer(t, options)
		config := user("anna", acctest.Object{"deployed_vm_quota": int64(0), "stored_vm_quota": int64(5)})
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, instance, config)
		wantEmptyPlan(t, instance, config)
		apply(t, instance, user("anna", acctest.Object{"deployed_vm_quota": int64(0), "stored_vm_quota": int64(0)}))
		if u := serverUser(t, server, "acme", "anna"); u.StoredVMQuota != 0 || instance.State["stored_vm_quota"] != int64(0) {
			t.Errorf("%s: the server has %d, state %v", options.Version, u.StoredVMQuota, instance.State["stored_vm_quota"])
		}
		wantEmptyPlan(t, instance, user("anna"))
	}
}

// Two new users of one name are one user only if they are of one organization.
func TestPlansOfUnknownOrganizations(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	p := configured(t, providerBlock(server))
	for kind, config := range map[string]acctest.Object{
		userType:  user("anna", acctest.Object{"org": acctest.Unknown}),
		groupType: groupConfig("Lab Engineers", acctest.Object{"org": acctest.Unknown}),
	} {
		for range 2 {
			resp, _ := p.Instance(kind).Plan(config)
			if text := acctest.Errors(resp.Diagnostics) + acctest.Warnings(resp.Diagnostics); text != "" {
				t.Errorf("%s: %s", kind, text)
			}
		}
	}
}

// A provider type that is not known yet says nothing about what exists.
func TestPlansOfUnknownProviderTypes(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
	server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
	p := configured(t, tenantBlock(server, "acme"))
	for kind, config := range map[string]acctest.Object{
		userType:  user("anna", acctest.Object{"provider_type": acctest.Unknown}),
		groupType: groupConfig("Lab Engineers", acctest.Object{"provider_type": acctest.Unknown}),
	} {
		resp, _ := p.Instance(kind).Plan(config)
		if text := acctest.Errors(resp.Diagnostics) + acctest.Warnings(resp.Diagnostics); text != "" {
			t.Errorf("%s: %s", kind, text)
		}
	}
}
