// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// owner imports anna and gives anna a powered-off virtual machine.
func owner(t *testing.T, server *mockvcd.Server, more ...acctest.Object) *acctest.Instance {
	t.Helper()
	instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
	apply(t, instance, user("anna", more...))
	server.Change("acme", "anna", func(u *mockvcd.User) { u.PoweredOffVMs = []string{"annas-vm"} })
	return instance
}

// The worst thing that this provider could do is to lose the virtual machines of a user. Whatever goes wrong on the
// way of a destroy, no user is deleted whose ownership has not been taken.
func TestImportedUserDestroyNeverLosesVMs(t *testing.T) {
	t.Parallel()
	harm := map[string]faults.Fault{
		"cut before": faults.CutBefore(), "cut after": faults.CutAfter(), "garbled": faults.Garble(),
		"401": faults.Status(401), "403": faults.Status(403), "404": faults.Status(404), "500": faults.Status(500),
		"a web page": faults.HTML(200), "502 after acting": faults.AnswerAfter(502, "text/html", "<html></html>"),
	}
	places := map[string]faults.Rule{
		"any GET":         {Method: "GET", Times: faults.Always},
		"first GET":       {Method: "GET"},
		"login":           {Method: "POST", Path: "/cloudapi/1.0.0/sessions"},
		"ownership cloud": {Method: "POST", Path: "/cloudapi/1.0.0/users/*/takeOwnership"},
		"ownership xml":   {Method: "POST", Path: "/api/admin/user/*/action/takeOwnership"},
		"ownership ever":  {Method: "POST", Times: faults.Always},
		"delete":          {Method: "DELETE"},
		"delete ever":     {Method: "DELETE", Times: faults.Always},
		"task":            {Method: "GET", Path: "/api/task/*"},
	}
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		for place, rule := range places {
			for kind, fault := range harm {
				server := startServer(t, f.options)
				instance := owner(t, server)
				rule.Fault = fault
				server.Faults().Add(rule)
				diagnostics := instance.Apply(nil)

				wantNoLoss(t, server)
				_, there := server.User("acme", "anna")
				if there && acctest.Errors(diagnostics) == "" {
					t.Errorf("%s, %s: the destroy succeeded and anna is still there", place, kind)
				}
				server.Faults().Clear()
				if instance.State != nil { // and another try finds its way
					apply(t, configuredAgain(t, server, instance), nil)
				}
				if _, there := server.User("acme", "anna"); there {
					t.Errorf("%s, %s: anna is left behind", place, kind)
				}
				wantNoLoss(t, server)
				server.Close()
			}
		}
	})
}

// configuredAgain is the same resource in another run of the provider.
func configuredAgain(t *testing.T, server *mockvcd.Server, instance *acctest.Instance) *acctest.Instance {
	t.Helper()
	again := configured(t, tenantBlock(server, "acme")).Instance(userType)
	again.State, again.Private, again.Identity = instance.State, instance.Private, instance.Identity
	return again
}

func TestImportedUserStaysWhereOwnershipCannotBeTaken(t *testing.T) {
	t.Parallel()
	for kind, answer := range map[string]mockvcd.OwnershipAnswer{
		"refused": mockvcd.OwnershipRefused, "no endpoint": mockvcd.OwnershipNoEndpoint, "fails": mockvcd.OwnershipFails,
	} {
		for _, f := range flavours() {
			t.Run(kind+" "+f.name, func(t *testing.T) {
				t.Parallel()
				f.options.Ownership = answer
				server := startServer(t, f.options)
				instance := owner(t, server)
				wantError(t, "destroy", instance.Apply(nil), "take_ownership: ", "nothing was deleted",
					`deletion_policy = "disable"`)
				if len(server.Deletions()) > 0 || instance.State == nil {
					t.Fatalf("deleted %v, state %v", server.Deletions(), instance.State)
				}
				// The ways out that the message names.
				config := user("anna", acctest.Object{"deletion_policy": "disable"})
				apply(t, instance, config)
				apply(t, instance, nil)
				if u := serverUser(t, server, "acme", "anna"); u.Enabled || len(u.PoweredOffVMs) != 1 {
					t.Errorf("anna is %+v, want anna disabled and the VM in place", u)
				}
			})
		}
	}
}

func TestImportedUserDestroyTakesOwnershipBeforeXMLToo(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"36.0", "37.0"} { // CloudAPI without takeOwnership of its own
		server := startServer(t, mockvcd.Options{Version: version})
		apply(t, owner(t, server), nil)
		wantNoLoss(t, server)
		if n := server.Count("POST", "/api/admin/user/*/action/takeOwnership"); n != 1 {
			t.Errorf("%s: %d calls of the XML action, want 1", version, n)
		}
	}
	noXML := startServer(t, mockvcd.Options{Version: "37.0", NoXML: true})
	wantError(t, "destroy where neither interface has it", owner(t, noXML).Apply(nil), "nothing was deleted")
	if len(noXML.Deletions()) > 0 {
		t.Error("anna was deleted without ownership having been taken")
	}
}

func TestImportedUserDestroyWithoutOwnershipHasToBeAskedFor(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		instance := owner(t, server, acctest.Object{"take_ownership": false})
		resp, _ := instance.Plan(nil)
		wantWarning(t, "plan of the destroy", resp.Diagnostics, "Virtual Machines Will Be Deleted With the User", "anna")
		resp, _ = instance.Plan(user("bkhan", acctest.Object{"take_ownership": false, "org": "globex"}))
		wantWarning(t, "plan of a replacement", resp.Diagnostics, "Virtual Machines Will Be Deleted With the User", "anna")

		server.Change("acme", "anna", func(u *mockvcd.User) { u.RunningVMs = []string{"running"} })
		wantError(t, "destroy of an owner of running VMs", instance.Apply(nil), "take_ownership = true")
		server.Change("acme", "anna", func(u *mockvcd.User) { u.RunningVMs = nil })
		apply(t, instance, nil)
		if d := server.Deletions(); len(d) != 1 || d[0].OwnershipTaken {
			t.Errorf("deletions %+v", d)
		}
	})
}

func TestImportedUserDeletionPolicies(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		for _, c := range []struct {
			name, policy   string
			before         bool // the user was there before
			stays, enabled bool
		}{
			{"bkhan", "auto", false, false, false},
			{"bkhan", "auto", true, true, true},
			{"bkhan", "delete", false, false, false},
			{"bkhan", "delete", true, false, false},
			{"bkhan", "disable", false, true, false},
			{"bkhan", "disable", true, true, false},
			{"bkhan", "abandon", false, true, true},
			{"bkhan", "abandon", true, true, true},
		} {
			what := fmt.Sprintf("%s, there before = %t", c.policy, c.before)
			server.RemoveUser("acme", c.name)
			if c.before {
				server.AddUser("acme", mockvcd.User{Username: c.name, Enabled: true, PoweredOffVMs: []string{"vm"}})
			}
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			diagnostics := apply(t, instance, user(c.name, acctest.Object{"deletion_policy": c.policy, "allow_update": true}))
			if c.before {
				wantWarning(t, what, diagnostics, "Existing Cloud Director User", "Will Be Adopted")
			}
			if created := instance.State["created"]; created != !c.before {
				t.Errorf("%s: created = %v", what, created)
			}
			instance = instance.In(configured(t, tenantBlock(server, "acme"))) // another run: the plan tells
			left := apply(t, instance, nil)
			u, stays := server.User("acme", c.name)
			if stays != c.stays || u.Enabled != c.enabled {
				t.Errorf("%s: stays = %t, enabled = %t", what, stays, u.Enabled)
			}
			if c.policy == "auto" && c.before {
				wantWarning(t, what, left, "Left in Place")
			}
		}
		wantNoLoss(t, server)
	})
}

func TestImportedUserDestroyOfWhoIsGone(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		for _, policy := range []string{"auto", "delete", "disable"} {
			instance := owner(t, server, acctest.Object{"deletion_policy": policy})
			server.RemoveUser("acme", "anna")
			apply(t, instance, nil)
		}
	})
}

func TestImportedUserTaskThatFails(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1", Deletion: mockvcd.DeletionTaskFails})
	wantError(t, "destroy", owner(t, server).Apply(nil), "Unable to Delete", "Contact your cloud administrator")
	slow := startServer(t, mockvcd.Options{Version: "39.1", TaskPolls: 2})
	apply(t, owner(t, slow), nil)
	if got := deleted(slow); fmt.Sprint(got) != "[anna]" {
		t.Errorf("deleted %v: the destroy has to wait for the task", got)
	}
}

func TestImportedUserLoginAccountIsSafe(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true, Roles: []string{mockvcd.RoleOrgAdmin}})
		block := tenantBlock(server, "acme")
		block["username"] = "anna"
		admin := acctest.Object{"roles": []any{mockvcd.RoleOrgAdmin}, "allow_update": true}
		instance := configured(t, block).Instance(userType)
		for _, policy := range []string{"delete", "disable"} {
			apply(t, instance, user("anna", admin, acctest.Object{"deletion_policy": policy}))
			wantError(t, policy, instance.Apply(nil), "the account that the provider itself logs in with")
		}
		wantError(t, "disabling", instance.Apply(user("anna", admin, acctest.Object{"enabled": false})), "enabled: ",
			"logs in with")
		if u := serverUser(t, server, "acme", "anna"); !u.Enabled {
			t.Error("the login account was disabled")
		}
	})
}
