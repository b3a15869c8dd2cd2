// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestImportedUserLeavesStateOnlyWhenGone(t *testing.T) {
	t.Parallel()
	gone := func(server *mockvcd.Server) { server.RemoveUser("acme", "anna") }
	fault := func(rules ...faults.Rule) func(*mockvcd.Server) {
		return func(server *mockvcd.Server) { server.Faults().Add(rules...) }
	}
	cases := map[string]struct {
		happens func(*mockvcd.Server)
		removed bool
		words   []string
	}{
		"gone": {gone, true, nil},
		"the organization is gone": {func(s *mockvcd.Server) { s.RemoveOrg("acme") }, false,
			[]string{"Unable to Log In to Cloud Director"}},
		"the session cannot be had": {func(s *mockvcd.Server) { s.RemoveUser("acme", mockvcd.Username) }, false,
			[]string{"Unable to Log In to Cloud Director", mockvcd.Username}},
		"forbidden, though the user lives": {fault(faults.Rule{Path: "/cloudapi/1.0.0/users/*", Fault: faults.Status(403),
			Times: faults.Always}, faults.Rule{Path: "/api/admin/user/*", Fault: faults.Status(403), Times: faults.Always}),
			false, []string{"403"}},
		"gone, but no list to prove it": {func(s *mockvcd.Server) {
			gone(s)
			fault(faults.Rule{Path: "/cloudapi/1.0.0/users", Fault: faults.Status(403), Times: faults.Always},
				faults.Rule{Path: "/api/admin/org/*", Fault: faults.Status(403), Times: faults.Always})(s)
		}, false, []string{"Unable to Read"}},
		"the server fails": {fault(faults.Rule{Fault: faults.Status(500), Times: faults.Always}), false,
			[]string{"500"}},
		"a web page answers 200": {fault(faults.Rule{Fault: faults.HTML(200), Times: faults.Always}), false,
			[]string{"Unable to Read"}},
	}
	for what, c := range cases {
		for _, f := range flavours() {
			for _, missing := range []mockvcd.MissingAnswer{mockvcd.Missing403, mockvcd.Missing404} {
				t.Run(fmt.Sprintf("%s, %s, missing %d", what, f.name, missing), func(t *testing.T) {
					t.Parallel()
					options := f.options
					options.Missing = missing
					server := startServer(t, options)
					instance := owner(t, server)
					c.happens(server)
					again := configuredAgain(t, server, instance)
					diagnostics := again.Refresh()
					if removed := again.State == nil; removed != c.removed {
						t.Errorf("removed from state = %t, want %t", removed, c.removed)
					}
					if !c.removed {
						wantError(t, what, diagnostics, c.words...)
					} else if text := acctest.Errors(diagnostics); text != "" {
						t.Error(text)
					}
				})
			}
		}
	}
}

func TestImportedUserOfAnOrganizationThatIsGone(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		instance := configured(t, providerBlock(server)).Instance(userType)
		apply(t, instance, user("anna", acctest.Object{"org": "acme"}))
		server.RemoveOrg("acme")
		again := configured(t, providerBlock(server)).Instance(userType)
		again.State, again.Private, again.Identity = instance.State, instance.Private, instance.Identity
		wantError(t, "refresh", again.Refresh(), "org: ", "acme", "Nothing is removed from state",
			"has another name now")
		if again.State == nil {
			t.Error("the failure to look up the organization removed the user from state")
		}
		wantError(t, "destroy", again.Apply(nil), "org: ", "acme")
	})
}

func TestImportedUserSessionThatExpires(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		f.options.SessionRequests = 2 // and then the session has to be renewed
		server := startServer(t, f.options)
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		config := user("anna", acctest.Object{"description": "x"})
		apply(t, instance, config)
		wantEmptyPlan(t, instance, config)
		apply(t, instance, user("anna"))
		apply(t, instance, nil)
		wantNoLoss(t, server)
	})
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		block := acctest.Object{"url": server.URL(), "org": "acme", "token": server.Token("acme")}
		instance := configured(t, block).Instance(userType)
		apply(t, instance, user("anna"))
		server.ExpireSessions() // a bearer token cannot be renewed
		wantError(t, "refresh", instance.Refresh(), "Unable to Log In to Cloud Director", "vcd.token")
		wantError(t, "destroy", instance.Apply(nil), "Unable to Log In to Cloud Director", "vcd.token")
		if instance.State == nil || len(server.Deletions()) > 0 {
			t.Errorf("state %v, deletions %v", instance.State, server.Deletions())
		}
	})
}

func TestImportedUserWithAnAPIToken(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "39.1", "40.0"} {
		server := startServer(t, mockvcd.Options{Version: version})
		server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
		protocol := configured(t, acctest.Object{"url": server.URL(), "org": "acme", "api_token": mockvcd.APIToken})
		words := []string{"API tokens and service accounts cannot", "username and password"}
		wantError(t, "create", protocol.Instance(userType).Apply(user("jporter")), words...)

		instance := protocol.Instance(userType) // reading works
		if text := acctest.Errors(instance.Import("acme/anna", nil)); text != "" {
			t.Fatalf("import: %s", text)
		}
		wantEmptyPlan(t, instance, user("anna"))
		wantError(t, "update", instance.Apply(user("anna", acctest.Object{"description": "x"})), words...)
		instance.State["deletion_policy"] = "delete"
		wantError(t, "destroy", instance.Apply(nil), words...)
		if len(server.Users("acme")) != 2 {
			t.Error("an API token changed something")
		}
	}
}

func TestImportedUserOfAnOrganizationWithoutLDAP(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		f.options.OrgsWithoutLDAP = []string{"acme"}
		server := startServer(t, f.options)
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		wantError(t, "create", instance.Apply(user("anna")), "provider_type: ", "This operation is denied.", "LDAP")
	})
}

func TestImportedUserThatIsLocked(t *testing.T) {
	t.Parallel()
	for _, answer := range []mockvcd.LockedAnswer{mockvcd.Locked400, mockvcd.Locked403} {
		for _, f := range flavours() {
			t.Run(fmt.Sprintf("%s, %d", f.name, answer), func(t *testing.T) {
				t.Parallel()
				f.options.Locked = answer
				server := startServer(t, f.options)
				instance := owner(t, server)
				server.Change("acme", "anna", func(u *mockvcd.User) { u.Locked = true })
				instance.Refresh()
				if instance.State["locked"] != true {
					t.Errorf("locked = %v", instance.State["locked"])
				}
				wantError(t, "update", instance.Apply(user("anna", acctest.Object{"enabled": false})), "locked: ", "locked = false")
				apply(t, instance, nil) // being locked does not keep a user from being deleted
				wantNoLoss(t, server)
			})
		}
	}
}

func TestImportedUserIdentity(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		protocol := configured(t, providerBlock(server))
		instance := protocol.Instance(userType)
		config := user("JPorter", acctest.Object{"org": "acme"})
		apply(t, instance, config)
		const want = "map[name:JPorter org:acme]"
		if got := fmt.Sprint(instance.Identity); got != want {
			t.Errorf("identity %s, want %s", got, want)
		}
		instance.Identity = nil // as in state from before identities
		wantEmptyPlan(t, instance, config)
		if got := fmt.Sprint(instance.Identity); got != want {
			t.Errorf("identity after refresh %s, want %s", got, want)
		}
		imported := protocol.Instance(userType)
		if text := acctest.Errors(imported.Import("", acctest.Object{"org": "acme", "name": spelled(server, "JPorter",
			"jporter")})); text != "" {
			t.Fatalf("import by identity: %s", text)
		}
		wantEmptyPlan(t, imported, config)
		for id, word := range map[string]string{
			"jporter": "ORG/NAME", "/": "ORG/NAME", "acme/": "ORG/NAME", "nowhere/jporter": "nowhere",
			"acme/unknown": "has no user of that name",
			"acme/jportr":  "Did you mean",
		} {
			wantError(t, "import "+id, protocol.Instance(userType).Import(id, nil), word)
		}
		server.RemoveUser("acme", "jporter") // gone, and state from before identities
		instance.Identity = nil
		again := configured(t, providerBlock(server)).Instance(userType)
		again.State = instance.State
		if text := acctest.Errors(again.Refresh()); text != "" || again.State != nil {
			t.Errorf("refresh of who is gone: %s, state %v", text, again.State)
		}
	})
}

func TestImportedUserShowsDrift(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		instance := owner(t, server)
		server.Change("acme", "anna", func(u *mockvcd.User) {
			u.Roles, u.Enabled, u.Description, u.Email = []string{mockvcd.RoleConsole}, false, "by hand", "new@lab.example"
		})
		instance.Refresh()
		state := instance.State
		if fmt.Sprint(state["roles"]) != "[Console Access Only]" || state["enabled"] != false ||
			state["description"] != "by hand" || state["email"] != "new@lab.example" {
			t.Errorf("state %v", state)
		}
		apply(t, instance, user("anna"))
		if u := serverUser(t, server, "acme", "anna"); !u.Enabled || u.Description != "" ||
			fmt.Sprint(u.Roles) != "[vApp User]" {
			t.Errorf("after the apply the server has %+v", u)
		}
		if groups := instance.State["group_names"]; (groups == nil) == f.xml {
			t.Errorf("group_names = %v", groups)
		}
	})
}
