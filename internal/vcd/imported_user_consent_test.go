// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// What exists already is never taken over unasked, and with consent the plan says what changes.
func TestImportedUserConsent(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme", mockvcd.User{Username: "anna", Description: "by hand", Roles: []string{mockvcd.RoleConsole},
			Enabled: true})
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		admin := acctest.Object{"roles": []any{mockvcd.RoleOrgAdmin}, "enabled": false}
		resp, _ := instance.Plan(user("anna", admin))
		wantError(t, "without consent", resp.Diagnostics, "name: ", `Cloud Director User "anna" Already Exists`,
			mockvcd.RoleConsole,
			"is enabled", `"by hand"`, "import {", "to = directory_vcd_imported_user.NAME", `id = "acme/anna"`,
			"}\n\nTo adopt it", "allow_update = true", "block:\n\n  moved {") // a line that begins with a space is not wrapped

		config := user("anna", admin, acctest.Object{"allow_update": true})
		resp, _ = instance.Plan(config)
		if text := acctest.Errors(resp.Diagnostics); text != "" {
			t.Fatal(text)
		}
		wantWarning(t, "with consent", resp.Diagnostics, "name: ", `Existing Cloud Director User "anna" Will Be Adopted`,
			mockvcd.RoleConsole,
			`"by hand"`, `the roles to "Organization Administrator"`, "enabled to false", `the description to ""`)
		if u := serverUser(t, server, "acme", "anna"); u.Description != "by hand" || !u.Enabled {
			t.Errorf("the plan changed the user: %+v", u)
		}
		apply(t, instance, config)
		if instance.State["created"] != false {
			t.Error("an adopted user counts as created")
		}
		wantEmptyPlan(t, instance, config)
		instance = instance.In(configured(t, tenantBlock(server, "acme"))) // another run: the plan tells
		wantWarning(t, "destroy", apply(t, instance, nil), "Left in Place")
		serverUser(t, server, "acme", "anna")
	})
}

func TestImportedGroupConsent(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", Roles: []string{mockvcd.RoleConsole},
			Description: "by hand"})
		instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
		wantError(t, "without consent", instance.Apply(groupConfig("Lab Engineers", nil)), "name: ",
			`Cloud Director Group "Lab Engineers" Already Exists`, mockvcd.RoleConsole, `"by hand"`, `id = "acme/Lab Engineers"`)
		if g := server.Groups("acme")[0]; instance.State != nil || g.Description != "by hand" {
			t.Errorf("state %v, group %+v", instance.State, g)
		}
		resp, _ := instance.Plan(groupConfig("Lab Engineers", acctest.Object{"allow_update": true}))
		wantWarning(t, "with consent", resp.Diagnostics, "Will Be Adopted", mockvcd.RoleConsole,
			`the roles to "vApp User"`, `the description to ""`)
	})
}

// A re-created directory account may be another person, who would get what the former one owns.
func TestImportedUserStrandedNamesake(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true, Stranded: true})
	instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
	resp, _ := instance.Plan(user("anna"))
	wantError(t, "without consent", resp.Diagnostics, "is stranded", "may be another person")
	resp, _ = instance.Plan(user("anna", acctest.Object{"allow_update": true}))
	wantWarning(t, "with consent", resp.Diagnostics, "is stranded", "may be another person")
}

// A resemblance proves nothing: a user who has all that the configuration says, and was there before, is not created
// by it, whatever happens to the answers.
func TestImportedUserResemblanceIsNoProof(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		for kind, fault := range lostAnswers() {
			server := startServer(t, f.options)
			server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true}) // just as configured
			for _, path := range append([]string{"/cloudapi/1.0.0/users/*", "/api/admin/user/*"}, importPaths...) {
				server.Faults().Add(faults.Rule{Method: "POST", Path: path, Fault: fault}, faults.Rule{Method: "PUT", Path: path,
					Fault: fault})
			}
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			apply(t, instance, user("anna", acctest.Object{"allow_update": true}))
			if instance.State["created"] != false {
				t.Errorf("%s: created = %v", kind, instance.State["created"])
			}
			apply(t, instance, nil)
			if len(deleted(server)) != 0 {
				t.Errorf("%s: deleted %v", kind, deleted(server))
			}
			server.Close()
		}
	})
}

// lostAnswers are the ways in which the answer to a request can be lost, before and after the server acted.
func lostAnswers() map[string]faults.Fault {
	return map[string]faults.Fault{
		"cut before": faults.CutBefore(), "cut after": faults.CutAfter(), "truncated": faults.Truncate(),
		"garbled":    faults.Garble(),
		"500 after":  faults.AnswerAfter(500, "text/html", "<html>Internal Server Error</html>"),
		"502 before": faults.HTML(502),
		"502 after":  faults.AnswerAfter(502, "text/html", "<html>Bad Gateway</html>"), "504 after": faults.AnswerAfter(504,
			"text/html", ""),
		"503 before": faults.Busy(503, 0), "503 after": faults.BusyAfter(503, 0),
	}
}

// An import of a group is looked after as one of a user is.
func TestImportedGroupLostAnswers(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		for kind, fault := range lostAnswers() {
			for _, times := range []int{1, 2} {
				server := startServer(t, f.options)
				for _, path := range []string{"/cloudapi/1.0.0/groups", "/api/admin/org/*/groups"} {
					server.Faults().Add(faults.Rule{Method: "POST", Path: path, Times: times, Fault: fault})
				}
				instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
				config := groupConfig("Lab Engineers", acctest.Object{"description": "x"})
				if text := acctest.Errors(instance.Apply(config)); text != "" {
					t.Errorf("%s %d: %s", kind, times, text)
					continue
				}
				if instance.State["created"] != true || len(server.Groups("acme")) != 1 {
					t.Errorf("%s %d: created = %v, groups %+v", kind, times, instance.State["created"], server.Groups("acme"))
				}
				wantEmptyPlan(t, instance, config)
				apply(t, instance, nil)
				if len(server.Groups("acme")) != 0 {
					t.Errorf("%s %d: the group is left", kind, times)
				}
				server.Close()
			}
		}
	})
}

// After the last attempt there is a look too: the answer to the last one may be lost just as well.
func TestImportedUserWhoseAnswersAreAllLost(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		server := startServer(t, f.options)
		for _, path := range importPaths {
			server.Faults().Add(
				faults.Rule{Method: "POST", Path: path, Times: 3, Fault: faults.CutBefore()},
				faults.Rule{Method: "POST", Path: path, Skip: 3, Times: faults.Always, Fault: faults.CutAfter()})
		}
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, instance, user("anna"))
		if instance.State["created"] != true {
			t.Errorf("created = %v", instance.State["created"])
		}
		wantEmptyPlan(t, instance, user("anna"))

		never := startServer(t, f.options)
		for _, path := range importPaths {
			never.Faults().Add(faults.Rule{Method: "POST", Path: path, Times: faults.Always, Fault: faults.CutBefore()})
		}
		instance = configured(t, tenantBlock(never, "acme")).Instance(userType)
		wantError(t, "nothing came of it", instance.Apply(user("anna")), "did not find the name", "comes through late")
		if instance.State != nil {
			t.Errorf("state %v", instance.State)
		}
	})
}

// While the outcome is in doubt, state has the user and a warning says so. The next refresh finds out, and knows
// whose work it is.
func TestImportedUserInDoubt(t *testing.T) {
	t.Parallel()
	for _, cameIn := range []bool{true, false} {
		eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
			server := startServer(t, f.options)
			fault := faults.CutBefore()
			if cameIn {
				fault = faults.CutAfter()
			}
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			for _, path := range importPaths {
				server.Faults().Add(faults.Rule{Method: "POST", Path: path, Fault: faults.Call(func() {
					server.Faults().Add(faults.Rule{Method: "GET", Times: faults.Always, Fault: faults.CutBefore()})
				})}, faults.Rule{Method: "POST", Path: path, Fault: fault})
			}
			wantWarning(t, "apply", apply(t, instance, user("anna")), "Outcome in Doubt", "State keeps it")
			if instance.State == nil || instance.State["created"] != false || instance.State["id"] != "" {
				t.Fatalf("state %v", instance.State)
			}
			server.Faults().Clear()
			again := configuredAgain(t, server, instance)
			if text := acctest.Errors(again.Refresh()); text != "" {
				t.Fatal(text)
			}
			if !cameIn {
				if again.State != nil {
					t.Errorf("state %v", again.State)
				}
				return
			}
			if again.State["created"] != true || again.State["id"] == "" {
				t.Errorf("state %v", again.State)
			}
			wantEmptyPlan(t, again, user("anna"))
			// And a destroy without a refresh finds out too.
			apply(t, configuredAgain(t, server, instance), nil)
			if got := fmt.Sprint(deleted(server)); got != "[anna]" {
				t.Errorf("deleted %s", got)
			}
		})
	}
}

// A list that misses the user, since others moved them between two pages, is no proof that a doubtful import made
// nothing.
func TestImportedUserInDoubtAndMissedByAList(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"anna", "ünal"} { // a filter can hold one of them
		server := startServer(t, mockvcd.Options{Version: "39.1"})
		if name != "anna" {
			server.People().AddUser(people.User{Username: name})
		}
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		server.Faults().Add(faults.Rule{Method: "POST", Path: importPaths[0], Fault: faults.Call(func() {
			server.Faults().Add(faults.Rule{Method: "GET", Times: faults.Always, Fault: faults.CutBefore()})
		})}, faults.Rule{Method: "POST", Path: importPaths[0], Fault: faults.CutAfter()})
		apply(t, instance, user(name))
		server.Faults().Clear()

		protocol := configured(t, tenantBlock(server, "acme"))
		again := instance.In(protocol)
		id := serverUser(t, server, "acme", name).ID
		server.Faults().Add(faults.Rule{Method: "GET", Path: "/cloudapi/1.0.0/users", Fault: faults.Rewrite("missed",
			func(status int, body []byte) (int, []byte) {
				body = bytes.ReplaceAll(body, []byte(id), []byte("urn:vcloud:user:00000000-0000-4000-8000-000000000000"))
				return status, bytes.ReplaceAll(body, []byte(name), []byte("another"))
			})})
		_, diagnostics := protocol.ReadData("directory_vcd_users", acctest.Object{}) // reads the list
		if text := acctest.Errors(append(diagnostics, again.Refresh()...)); text != "" {
			t.Fatal(text)
		}
		if again.State == nil || again.State["id"] != id || again.State["created"] != true {
			t.Errorf("%s: state %v", name, again.State)
		}
	}
}

// Ctrl-C while the import is under way: the look-up goes on, and state has the user.
func TestImportedUserInterrupted(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(func()) faults.Fault{
		"the server has acted": faults.CallAfter, "the server acts later": faults.Call,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
				protocol := configured(t, tenantBlock(server, "acme"))
				instance := protocol.Instance(userType)
				for _, path := range importPaths {
					server.Faults().Add(faults.Rule{Method: "POST", Path: path, Fault: call(func() {
						if _, err := protocol.Server.StopProvider(context.Background(), nil); err != nil {
							t.Error(err)
						}
						time.Sleep(700 * time.Millisecond)
					})})
				}
				apply(t, instance, user("anna"))
				if instance.State["created"] != true || instance.State["id"] == "" {
					t.Errorf("state %v", instance.State)
				}
			})
		})
	}
}

// A thousand new users share one list at plan.
func TestImportedUserPlanOfManySharesOneList(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	for _, person := range people.People(300) {
		server.AddUser("acme", mockvcd.User{Username: "other-" + person.Username})
	}
	protocol := acctest.Configured(t, acctest.Object{"vcd": tenantBlock(server, "acme"), "check_names": "off"})
	for i := range 200 {
		resp, _ := protocol.Instance(userType).Plan(user(fmt.Sprintf("new%d", i)))
		if text := acctest.Errors(resp.Diagnostics); text != "" {
			t.Fatal(text)
		}
	}
	if n := server.Count("GET", "/cloudapi/1.0.0/users"); n > 10+1+3 {
		t.Errorf("%d requests for users, want 10 looks, a filter and a list of 3 pages", n)
	}
	if n := server.Count("GET", "/cloudapi/1.0.0/ldap/**") + server.Count("GET", "/cloudapi/1.0.0/roles"); n != 0 {
		t.Errorf("%d requests for checks of names that are off", n)
	}
}

// Whatever another client does meanwhile, what it makes is not taken for ours.
func TestImportedUserBesideAnotherWriter(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
			server := startServer(t, f.options)
			server.AnotherWriter("acme", seed, 0.5)
			protocol := configured(t, tenantBlock(server, "acme"))
			for _, name := range []string{"anna", "bkhan", "mlopez"} {
				instance := protocol.Instance(userType)
				apply(t, instance, user(name))
				if instance.State["created"] != true {
					t.Errorf("%s: created = %v", name, instance.State["created"])
				}
				wantEmptyPlan(t, instance, user(name))
				apply(t, instance, nil)
			}
			server.AnotherWriter("acme", 0, 0)
			for _, name := range deleted(server) {
				if strings.Contains(name, "-other-") {
					t.Errorf("%s was deleted", name)
				}
			}
		})
	}
}
