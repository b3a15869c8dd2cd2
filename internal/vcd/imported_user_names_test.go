// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// versions are the API versions that remap, exact names and unlocking differ in.
var versions = []string{"36.3", "37.0", "37.2", "39.1", "40.0", "41.0.0-alpha"}

// eachVersion runs a test against a server of each version, through CloudAPI and, where there is one, XML.
func eachVersion(t *testing.T, test func(t *testing.T, block acctest.Object, server *mockvcd.Server, canRemap bool)) {
	t.Helper()
	for _, version := range versions {
		for _, through := range []string{"cloudapi", "xml"} {
			t.Run(version+" "+through, func(t *testing.T) {
				t.Parallel()
				server := startServer(t, mockvcd.Options{Version: version})
				if through == "xml" && server.VCFA() {
					t.Skip("VCF Automation has no XML for users")
				}
				block := tenantBlock(server, "acme")
				block["interface"] = through
				test(t, block, server, through == "cloudapi" && version != "36.3" && version != "37.0")
			})
		}
	}
}

// No spelling plans a replacement or a change below API 40: case, the dotted İ (two code points in lower case), ẞ,
// NFD.
func TestImportedUserSpellings(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		for _, name := range []string{"İrem", "STRAẞE", "José", norm.NFD.String("Müller"), "ΣΊΣΥΦΟΣ", "ﬁona"} {
			server.People().AddUser(people.User{Username: name})
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			apply(t, instance, user(name))
			if instance.State["created"] != true {
				t.Errorf("%s: created = %v", name, instance.State["created"])
			}
			wantEmptyPlan(t, instance, user(name))
			other := norm.NFD.String(name)
			if other == name {
				other = norm.NFC.String(name)
			}
			wantEmptyPlan(t, instance, user(other))
			apply(t, instance, nil)
		}
		wantNoLoss(t, server)
	})
}

// A user who is renamed on the server stays in state, by id. Nothing changes, and a warning gives the new name.
func TestImportedUserRenamedOnTheServer(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		first := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, first, user("anna"))
		id := first.State["id"]
		server.RenameUser("acme", "anna", "anna.berg")
		instance := configuredAgain(t, server, first)
		instance.Refresh()
		if instance.State == nil || instance.State["name"] != "anna.berg" || instance.Identity["name"] != "anna.berg" {
			t.Fatalf("state %v, identity %v", instance.State, instance.Identity)
		}
		server.ResetRequests()
		resp, planned := instance.Plan(user("anna"))
		wantWarning(t, "plan", resp.Diagnostics, "name: ", "Renamed on the Server", `name = "anna.berg"`)
		if len(resp.RequiresReplace) > 0 || fmt.Sprint(planned) != fmt.Sprint(instance.State) || len(server.Requests()) > 0 {
			t.Errorf("the plan changes something: %v; %v, %d requests", planned, resp.RequiresReplace, len(server.Requests()))
		}
		// Another change does not rename the user back.
		apply(t, instance, user("anna", acctest.Object{"description": "x"}))
		wantEmptyPlan(t, instance, user("anna", acctest.Object{"description": "x"}))
		config := user("anna.berg", acctest.Object{"description": "x"})
		resp, _ = instance.Plan(config)
		if text := acctest.Warnings(resp.Diagnostics); text != "" {
			t.Errorf("the new name is written, and still: %s", text)
		}
		wantEmptyPlan(t, instance, config)
		if u := serverUser(t, server, "acme", "anna.berg"); u.ID != id || u.Description != "x" {
			t.Errorf("user %+v", u)
		}
		apply(t, instance, nil)
		wantNoLoss(t, server)
	})
}

// Who was imported in one spelling and is configured in another is followed too, although no apply has taken note of
// the name in the configuration.
func TestRenamedOnTheServerAfterAnotherSpelling(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		if server.VCFA() {
			t.Skip("another spelling is another name there")
		}
		server.AddUser("acme", mockvcd.User{Username: "jporter", Enabled: true})
		server.AddGroup("acme", mockvcd.Group{Name: "lab engineers"})
		for kind, c := range map[string]struct {
			id, to string
			config acctest.Object
		}{
			userType:  {"acme/jporter", "james.porter", user("JPorter")},
			groupType: {"acme/lab engineers", "lab staff", groupConfig("Lab Engineers", nil)},
		} {
			first := configured(t, tenantBlock(server, "acme")).Instance(kind)
			if text := acctest.Errors(first.Import(c.id, nil)); text != "" {
				t.Fatal(text)
			}
			wantEmptyPlan(t, first, c.config)
			server.RenameUser("acme", "jporter", "james.porter")
			server.RenameGroup("acme", "lab engineers", "lab staff")
			instance := first.In(configured(t, tenantBlock(server, "acme")))
			instance.Refresh()
			resp, planned := instance.Plan(c.config)
			wantWarning(t, kind, resp.Diagnostics, "name: ", "Renamed on the Server", fmt.Sprintf("name = %q", c.to))
			if len(resp.RequiresReplace) > 0 || fmt.Sprint(planned) != fmt.Sprint(instance.State) {
				t.Errorf("%s: the plan changes something: %v; %v", kind, planned, resp.RequiresReplace)
			}
			server.RenameUser("acme", "james.porter", "jporter")
			server.RenameGroup("acme", "lab staff", "lab engineers")
		}
	})
}

// A user who is renamed on the server after the last refresh keeps the new name, whatever else an apply changes.
func TestImportedUserRenamedAfterThePlan(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		first := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, first, user("anna"))
		server.RenameUser("acme", "anna", "anna.berg")
		instance := configuredAgain(t, server, first)
		config := user("anna", acctest.Object{"description": "x"})
		apply(t, instance, config)
		if u := serverUser(t, server, "acme", "anna.berg"); u.ID != first.State["id"] || u.Description != "x" {
			t.Errorf("user %+v", u)
		}
		wantEmptyPlan(t, instance, config)
	})
}

// An account that got another name after the last refresh may be another person's: it is neither deleted nor disabled.
func TestImportedUserRenamedBeforeTheDestroy(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"delete", "disable"} {
		eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
			first := configured(t, tenantBlock(server, "acme")).Instance(userType)
			apply(t, first, user("anna", acctest.Object{"deletion_policy": policy}))
			server.RenameUser("acme", "anna", "bkhan")
			instance := configuredAgain(t, server, first)
			wantError(t, "destroy", instance.Apply(nil), `"anna"`, `"bkhan"`, "Nothing was changed", "Plan again")
			if u := serverUser(t, server, "acme", "bkhan"); !u.Enabled || u.OwnershipTaken || instance.State == nil {
				t.Errorf("user %+v, state %v", u, instance.State)
			}
			instance.Refresh()
			apply(t, instance, nil)
			wantNoLoss(t, server)
		})
	}
}

// Another name is a remap in place where the server can, and keeps everything that the user owns; elsewhere it
// replaces.
func TestImportedUserRemap(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, block acctest.Object, server *mockvcd.Server, canRemap bool) {
		instance := configured(t, block).Instance(userType)
		apply(t, instance, user("anna"))
		ownsVM(server, "anna")
		id := instance.State["id"]
		for _, config := range []acctest.Object{
			user("bkhan"), user("bkhan", acctest.Object{"provider_type": "SAML"}), user("mlopez",
				acctest.Object{"description": "x"}),
		} {
			resp, _ := instance.Plan(config)
			if replaces := len(resp.RequiresReplace) > 0; replaces == canRemap {
				t.Fatalf("%v: replaces = %t", config, replaces)
			}
			if !canRemap {
				continue
			}
			apply(t, instance, config)
			wantEmptyPlan(t, instance, config)
			if u := serverUser(t, server, "acme", config["name"].(string)); u.ID != id || len(u.PoweredOffVMs) != 1 {
				t.Errorf("user %+v", u)
			}
			if instance.Identity["name"] != config["name"] {
				t.Errorf("identity %v", instance.Identity)
			}
		}
		if n := len(server.Deletions()); n != 0 {
			t.Errorf("%d deletions", n)
		}
		wantError(t, "never to LOCAL", instance.Validate(user("anna", acctest.Object{"provider_type": "LOCAL"})),
			"provider_type")
	})
}

// A remap whose answer is lost is looked up, and one onto a name that another user has changes nothing.
func TestImportedUserRemapThatGoesWrong(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "40.0"} {
		for kind, fault := range lostAnswers() {
			server := startServer(t, mockvcd.Options{Version: version})
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			apply(t, instance, user("anna"))
			id := instance.State["id"]
			server.Faults().Add(faults.Rule{Method: "PUT", Fault: fault})
			instance.Apply(user("bkhan"))
			server.Faults().Clear()
			again := configuredAgain(t, server, instance)
			again.Refresh()
			apply(t, again, user("bkhan"))
			wantEmptyPlan(t, again, user("bkhan"))
			if u := serverUser(t, server, "acme", "bkhan"); u.ID != id {
				t.Errorf("%s: %+v", kind, u)
			}
			server.Close()
		}
		server := startServer(t, mockvcd.Options{Version: version})
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, instance, user("anna"))
		server.AddUser("acme", mockvcd.User{Username: "bkhan"})
		resp, _ := instance.Plan(user("bkhan"))
		wantError(t, "plan", resp.Diagnostics, "name: ", "Another user", "moved {")
		server.RemoveUser("acme", "bkhan")
		server.Faults().Add(faults.Rule{Method: "GET", Path: "/cloudapi/1.0.0/users/*",
			Fault: faults.Call(func() { // after the plan
				server.AddUser("acme", mockvcd.User{Username: "bkhan"})
			})})
		wantError(t, "apply", instance.Apply(user("bkhan")), "name: ", "Already Exists", "Nothing is changed")
		if n := server.Count("PUT", ""); n != 0 {
			t.Errorf("%d changes", n)
		}
	}
}

// An update that fails after its remap keeps the new name, and the old one can be given back.
func TestImportedUserRemapBeforeAFailure(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "40.0"} {
		server := startServer(t, mockvcd.Options{Version: version})
		first := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, first, user("anna"))
		instance := configuredAgain(t, server, first)
		server.Faults().Add(faults.Rule{Method: "PUT", Skip: 1, Times: faults.Always, Fault: faults.Status(400)})
		changed := user("bkhan", acctest.Object{"roles": []any{"vApp Author"}, "enabled": false})
		wantError(t, "apply", instance.Apply(changed), "400")
		server.Faults().Clear()
		if instance.State["name"] != "bkhan" || instance.Identity["name"] != "bkhan" ||
			fmt.Sprint(instance.State["roles"]) != "[vApp User]" {
			t.Errorf("state %v, identity %v", instance.State, instance.Identity)
		}
		back := configuredAgain(t, server, instance)
		back.Refresh()
		if text := acctest.Warnings(apply(t, back, user("anna"))); text != "" {
			t.Errorf("warnings: %s", text)
		}
		if u := serverUser(t, server, "acme", "anna"); u.ID != first.State["id"] || !u.Enabled {
			t.Errorf("user %+v", u)
		}
		wantEmptyPlan(t, back, user("anna"))
	}
}

// From API 40 on names match exactly: a name that the directory spells otherwise is refused, another spelling is a
// remap.
func TestImportedUserExactNames(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"40.0", "41.0.0-alpha"} {
		server := startServer(t, mockvcd.Options{Version: version})
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		resp, _ := instance.Plan(user("jporter"))
		wantError(t, "plan", resp.Diagnostics, "name: ", "matches names exactly", `name = "JPorter"`)

		server.AddUser("acme", mockvcd.User{Username: "jporter", Enabled: true, PoweredOffVMs: []string{"vm"}}) // locked out
		if text := acctest.Errors(instance.Import("acme/jporter", nil)); text != "" {
			t.Fatal(text)
		}
		id := instance.State["id"]
		resp, _ = instance.Plan(user("JPorter"))
		if len(resp.RequiresReplace) > 0 {
			t.Error("a spelling replaces")
		}
		apply(t, instance, user("JPorter"))
		wantEmptyPlan(t, instance, user("JPorter"))
		if u := serverUser(t, server, "acme", "JPorter"); u.ID != id || u.Username != "JPorter" {
			t.Errorf("user %+v", u)
		}
		wantError(t, "import in another spelling", instance.In(configured(t, tenantBlock(server,
			"acme"))).Import("acme/JPORTER", nil), "JPorter")
	}
}

// The server cannot be asked at plan: the plan is in place, and apply changes nothing where the server cannot remap.
func TestImportedUserRemapPlannedWithoutTheServer(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "37.0"})
	first := configured(t, tenantBlock(server, "acme")).Instance(userType)
	apply(t, first, user("anna"))
	instance := configuredAgain(t, server, first)
	server.Faults().Add(faults.Rule{Times: faults.Always, Fault: faults.Status(503)})
	resp, _ := instance.Plan(user("bkhan"))
	if text := acctest.Errors(resp.Diagnostics); text != "" || len(resp.RequiresReplace) > 0 {
		t.Fatalf("replaces %v: %s", resp.RequiresReplace, text)
	}
}

// Terraform follows a renamed user, before and after it knows identities.
func TestAccImportedUserRenamedOnTheServer(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	w := workspace(t, server)
	w.Write("users.tf", forEachHCL("a", "anna"))
	succeed(t, w, "apply", "-auto-approve")
	ownsVM(server, "anna")
	server.RenameUser("acme", "anna", "anna.berg")
	wantWords(t, "plan", unwrapped(succeed(t, w, "plan")), []string{"Renamed on the Server", `name = "anna.berg"`})
	emptyPlanOf(t, w)
	w.Write("users.tf", forEachHCL("a", "anna.berg"))
	emptyPlanOf(t, w)
	wantUntouched(t, server, "anna.berg")

	server.People().AddUser(people.User{Username: "aberg"})
	w.Write("users.tf", forEachHCL("a", "aberg"))
	wantWords(t, "apply", succeed(t, w, "apply", "-auto-approve"), []string{"1 changed, 0 destroyed"})
	emptyPlanOf(t, w)
	wantUntouched(t, server, "aberg")
	succeed(t, w, "destroy", "-auto-approve")
	wantNoLoss(t, server)
}
