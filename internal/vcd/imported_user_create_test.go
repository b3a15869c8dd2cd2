// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Another hand takes the name between the look and the import. Nothing is taken over without consent, whatever the
// server's answer to a duplicate looks like.
func TestImportedUserOfWhoTookTheNameMeanwhile(t *testing.T) {
	t.Parallel()
	for kind, answer := range map[string]mockvcd.DuplicateAnswer{
		"400": mockvcd.Duplicate400, "409": mockvcd.Duplicate409, "words": mockvcd.DuplicateBadWords,
		"403": mockvcd.Duplicate403, "object": mockvcd.DuplicateObjExists,
	} {
		for _, f := range flavours() {
			t.Run(kind+" "+f.name, func(t *testing.T) {
				t.Parallel()
				f.options.Duplicate = answer
				server := startServer(t, f.options)
				for _, path := range importPaths {
					server.Faults().Add(faults.Rule{Method: "POST", Path: path, Fault: faults.Call(func() {
						server.AddUser("acme", mockvcd.User{Username: "anna", Description: "by hand",
							Roles: []string{mockvcd.RoleConsole}})
					})})
				}
				instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
				wantError(t, "without consent", instance.Apply(user("anna")), "name: ", "Already Exists", `id = "acme/anna"`,
					"by hand")
				if u := serverUser(t, server, "acme", "anna"); instance.State != nil || u.Description != "by hand" || u.Enabled {
					t.Errorf("state %v, user %+v", instance.State, u)
				}
				config := user("anna", acctest.Object{"allow_update": true})
				apply(t, instance, config)
				if instance.State["created"] != false {
					t.Error("created, though another hand made the user")
				}
				wantEmptyPlan(t, instance, config)
			})
		}
	}
}

// importPaths are where users are imported, through either interface.
var importPaths = []string{"/cloudapi/1.0.0/users", "/api/admin/org/*/users"}

func TestImportedUserNeverTouchesOtherKinds(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme",
			mockvcd.User{Username: "anna", ProviderType: mockvcd.TypeLocal, Description: "local"},
			mockvcd.User{Username: "bkhan", ProviderType: mockvcd.TypeSAML, Description: "saml"},
			mockvcd.User{Username: "mlopez", Locked: true, Description: "locked"})
		protocol := configured(t, tenantBlock(server, "acme"))
		for name, words := range map[string][]string{
			"anna":   {"name: ", "local account", "never"},
			"bkhan":  {"provider_type: ", "SAML", `provider_type = "SAML"`},
			"mlopez": {"name: ", "locked", "was not changed"},
		} {
			instance := protocol.Instance(userType)
			config := user(name, acctest.Object{"allow_update": true, "description": "ours"})
			wantError(t, name, instance.Apply(config), words...)
			if instance.State != nil {
				t.Errorf("%s is in state after a refusal", name)
			}
			if u := serverUser(t, server, "acme", name); u.Description == "" {
				t.Errorf("%s was changed", name)
			}
		}
		wantError(t, "import of a local account", protocol.Instance(userType).Import("acme/anna", nil), "is a local user")
	})
}

// An answer lost on the wire leaves neither an orphan nor a duplicate, and a user who was imported counts as created.
func TestImportedUserLostAnswers(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		for kind, fault := range lostAnswers() {
			server := startServer(t, f.options)
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			for _, path := range []string{"/cloudapi/1.0.0/users", "/api/admin/org/*/users"} {
				server.Faults().Add(faults.Rule{Method: "POST", Path: path, Fault: fault})
			}
			config := user("JPorter", acctest.Object{"description": "x"})
			if text := acctest.Errors(instance.Apply(config)); text != "" {
				t.Errorf("%s: %s", kind, text)
				continue
			}
			if instance.State["created"] != true {
				t.Errorf("%s: created = %v, want true", kind, instance.State["created"])
			}
			wantEmptyPlan(t, instance, config)
			if n := len(server.Users("acme")); n != 2 {
				t.Errorf("%s: %d users, want the administrator and jporter", kind, n)
			}
			server.Close()
		}
	})
}

// The first import comes through late, after a look has not found the user.
func TestImportedUserThatComesInLate(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
	const users = "/cloudapi/1.0.0/users"
	server.Faults().Add(
		faults.Rule{Method: "POST", Path: users, Fault: faults.CutBefore()},
		faults.Rule{Method: "POST", Path: users, Skip: 1, Fault: faults.Call(func() {
			server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
		})},
	)
	apply(t, instance, user("anna"))
	if instance.State["created"] != true {
		t.Errorf("created = %v, want true", instance.State["created"])
	}
}

func TestImportedUserUnknownToTheDirectory(t *testing.T) {
	t.Parallel()
	for kind, answer := range map[string]mockvcd.UnknownNameAnswer{
		"400": mockvcd.Unknown400, "403": mockvcd.Unknown403, "404": mockvcd.Unknown404, "500": mockvcd.Unknown500,
	} {
		// Without a directory search, so that apply alone finds out.
		server := startServer(t, mockvcd.Options{Version: "35.0", Unknown: answer})
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		wantError(t, kind, instance.Apply(user("unknown")), `Unable to Import Cloud Director User "unknown"`)
		if instance.State != nil {
			t.Errorf("%s: state %v", kind, instance.State)
		}
	}
	server := startServer(t, mockvcd.Options{Version: "35.0", Unknown: mockvcd.UnknownImported})
	instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
	apply(t, instance, user("unknown"))
	wantEmptyPlan(t, instance, user("unknown"))
}

func TestImportedUserFromOtherProviderTypes(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		for _, providerType := range []string{"SAML", "OAUTH"} {
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			config := user("not-in-ldap@example.com", acctest.Object{"provider_type": providerType})
			apply(t, instance, config)
			wantEmptyPlan(t, instance, config)
			if u := serverUser(t, server, "acme", "not-in-ldap@example.com"); u.ProviderType != providerType {
				t.Errorf("provider type %s, want %s", u.ProviderType, providerType)
			}
			apply(t, instance, nil)
		}
		wantNoLoss(t, server)
	})
}

func TestImportedUserKeptCase(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
		f.options.KeepCase = true
		server := startServer(t, f.options)
		if server.VCFA() {
			return // where another spelling is another name
		}
		instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
		apply(t, instance, user("JPorter"))
		if !server.VCFA() {
			wantEmptyPlan(t, instance, user("JPORTER"))
		}
		again := configured(t, tenantBlock(server, "acme")).Instance(userType)
		wantError(t, "the same user in another spelling", again.Apply(user("jporter")), "name: ")
	})
}

// Two spellings are two users in VCF Automation. The create of one does not take what the plan of the other one saw,
// in whatever order Terraform plans and creates them.
func TestImportedUserCreatesOfTwoSpellings(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "40.0"})
	server.AddUser("acme", mockvcd.User{Username: "ann@sso", ProviderType: mockvcd.TypeSAML, Enabled: true})
	p := configured(t, tenantBlock(server, "acme"))
	adopting := acctest.Object{"provider_type": "SAML", "allow_update": true}
	config := user("Ann@sso", adopting)
	planned, _ := p.Instance(userType).Plan(config)
	p.Instance(userType).Plan(user("ann@sso", adopting))
	kind := p.ResourceType(userType)
	created, err := p.Server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: userType, PriorState: p.Dynamic(kind, nil), PlannedState: planned.PlannedState,
		Config: p.Dynamic(kind, config), PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if err != nil || acctest.Errors(created.Diagnostics) != "" {
		t.Fatalf("%v %s", err, acctest.Errors(created.Diagnostics))
	}
	if users := server.Users("acme"); len(users) != 3 {
		t.Errorf("the server has %+v", users)
	}
}
