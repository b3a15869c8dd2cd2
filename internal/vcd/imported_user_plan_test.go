// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestImportedUserPlanTellsWhatApplyWouldRefuse(t *testing.T) {
	t.Parallel()
	cloud := []string{"37.2", "39.1", "40.0"}
	cases := map[string]struct {
		versions []string
		config   acctest.Object
		words    []string
	}{
		"a name that the directory does not know": {
			cloud, user("jportr"), []string{"name: ", `Unknown Directory User "jportr"`, `"JPorter"`},
		},
		"a role that does not exist": {
			append(cloud, "35.0"), user("anna", acctest.Object{"roles": []any{"vApp Usr"}}),
			[]string{"roles: ", `Unknown Cloud Director Role "vApp Usr"`, `Did you mean "vApp User"`, "Organization " +
				"Administrator"},
		},
		"several roles": {
			[]string{"37.2", "39.1", "35.0"}, user("anna", acctest.Object{"roles": []any{"vApp User", "vApp Author"}}),
			[]string{"roles: ", "exactly one role"},
		},
		"no role": {cloud, user("anna", acctest.Object{"roles": []any{}}), []string{"roles", "at least 1"}},
		"a quota": {
			cloud, user("anna", acctest.Object{"deployed_vm_quota": int64(3)}), []string{"deployed_vm_quota: ", "cannot be set"},
		},
		"another quota": {
			cloud, user("anna", acctest.Object{"stored_vm_quota": int64(3)}), []string{"stored_vm_quota: ", "cannot be set"},
		},
		"inherit_group_roles": {
			[]string{"37.2", "39.1", "35.0"}, user("anna", acctest.Object{"inherit_group_roles": true}),
			[]string{"inherit_group_roles: ", "Only VCF Automation"},
		},
		"an organization that does not exist": {
			cloud, user("anna", acctest.Object{"org": "acmee"}), []string{"org: ", "acmee", `Did you mean "acme"?`},
		},
		"no organization for a provider administrator": {
			cloud, user("anna"), []string{"org: ", "Organization Required"},
		},
	}
	for name, c := range cases {
		for _, version := range c.versions {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				server := startServer(t, mockvcd.Options{Version: version})
				block := tenantBlock(server, "acme")
				if name == "no organization for a provider administrator" || name == "an organization that does not exist" {
					block = providerBlock(server)
				}
				protocol := configured(t, block)
				if name == "no role" {
					wantError(t, "validate", validate(t, protocol, c.config), c.words...)
					return
				}
				resp, _ := protocol.Instance(userType).Plan(c.config)
				wantError(t, "plan", resp.Diagnostics, c.words...)
				if n := server.Count("POST", "/cloudapi/1.0.0/users") + server.Count("POST", "/api/admin/**"); n != 0 {
					t.Errorf("the plan made %d changes", n)
				}
			})
		}
	}
}

// validate checks a configuration without the server, as `terraform validate` does.
func validate(t *testing.T, protocol *acctest.Protocol, config acctest.Object) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := protocol.Server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: userType, Config: protocol.Dynamic(protocol.ResourceType(userType), config),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

func TestImportedUserPlanAcceptsWhatTheServerOffers(t *testing.T) {
	t.Parallel()
	for version, more := range map[string]acctest.Object{
		"35.0": {"deployed_vm_quota": int64(3), "stored_vm_quota": int64(0)},
		"36.3": {"deployed_vm_quota": int64(3)},
		"40.0": {"roles": []any{"vApp Author", "vApp User"}, "inherit_group_roles": false},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, mockvcd.Options{Version: version})
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			config := user("Anna (Ops) O'Hara", more)
			apply(t, instance, config)
			wantEmptyPlan(t, instance, config)
			apply(t, instance, nil)
			wantNoLoss(t, server)
		})
	}
}

// Checks belong to what they check: nothing else asks the server, or stands in the way.
func TestImportedUserPlanAsksNothingUnlessSomethingToCheckChanges(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
	apply(t, instance, user("anna"))
	server.People().RemoveUser("anna") // has left the directory
	server.ResetRequests()

	for what, config := range map[string]acctest.Object{
		"the same":          user("ANNA"),
		"another setting":   user("anna", acctest.Object{"description": "x", "enabled": false}),
		"destruction's own": user("anna", acctest.Object{"deletion_policy": "abandon", "take_ownership": false}),
		"a destroy":         nil,
	} {
		resp, _ := instance.Plan(config)
		if text := acctest.Errors(resp.Diagnostics); text != "" {
			t.Errorf("%s: %s", what, text)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("plans with nothing to check sent %d requests: %+v", n, server.Requests())
	}
	apply(t, instance, user("anna", acctest.Object{"description": "x"}))
	apply(t, instance, nil)
	wantNoLoss(t, server)
}

func TestImportedUserPlanWithoutTheServer(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	protocol := configured(t, tenantBlock(server, "acme"))
	instance := protocol.Instance(userType)
	apply(t, instance, user("anna"))
	server.Close()

	fresh := configured(t, tenantBlock(server, "acme"))
	resp, _ := fresh.Instance(userType).Plan(user("jporter"))
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Errorf("planning a new user without the server: %s", text)
	}
	wantWarning(t, "planning a new user without the server", resp.Diagnostics, "Not Checked")
	for what, config := range map[string]acctest.Object{"no change": user("anna"), "a destroy": nil} {
		resp, _ := instance.Plan(config)
		if len(resp.Diagnostics) > 0 {
			t.Errorf("%s without the server: %s%s", what, acctest.Errors(resp.Diagnostics), acctest.Warnings(resp.Diagnostics))
		}
	}
}

func TestImportedUserPlanWithUnknownValues(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	unknownPassword := configured(t, acctest.Object{"url": server.URL(), "org": acctest.Unknown, "username": "x",
		"password": acctest.Unknown})
	known := configured(t, tenantBlock(server, "acme"))
	for what, plan := range map[string]func() string{
		"provider": func() string {
			resp, _ := unknownPassword.Instance(userType).Plan(user("unknown"))
			return acctest.Errors(resp.Diagnostics)
		},
		"name, roles and org": func() string {
			resp, _ := known.Instance(userType).Plan(acctest.Object{"org": acctest.Unknown, "name": acctest.Unknown,
				"roles": acctest.Unknown})
			return acctest.Errors(resp.Diagnostics)
		},
		"one role": func() string {
			resp, _ := known.Instance(userType).Plan(acctest.Object{"name": "anna", "roles": []any{acctest.Unknown}})
			return acctest.Errors(resp.Diagnostics)
		},
	} {
		if text := plan(); text != "" {
			t.Errorf("unknown %s: %s", what, text)
		}
	}
}

func TestImportedUserReplacedByAnotherNameOnly(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "37.0"}) // without remap
	instance := configured(t, providerBlock(server)).Instance(userType)
	apply(t, instance, user("JPorter", acctest.Object{"org": "acme"}))
	for what, c := range map[string]struct {
		config   acctest.Object
		replaces bool
	}{
		"another spelling":      {user("jPORTER", acctest.Object{"org": "acme"}), false},
		"the org left out":      {user("jporter"), false},
		"another name":          {user("anna", acctest.Object{"org": "acme"}), true},
		"another organization":  {user("jporter", acctest.Object{"org": "globex"}), true},
		"another provider type": {user("jporter", acctest.Object{"org": "acme", "provider_type": "SAML"}), true},
	} {
		resp, _ := instance.Plan(c.config)
		if text := acctest.Errors(resp.Diagnostics); text != "" {
			t.Errorf("%s: %s", what, text)
		}
		if replaces := len(resp.RequiresReplace) > 0; replaces != c.replaces {
			t.Errorf("%s: replaces = %t, want %t", what, replaces, c.replaces)
		}
	}
}

// With the directory itself configured, a name is checked against it too, where the platform has no search of its own.
func TestImportedUserPlanChecksTheDirectory(t *testing.T) {
	t.Parallel()
	ldap, err := mockldap.Start(mockldap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ldap.Close)
	server := startServer(t, mockvcd.Options{Version: "35.0"})
	planWith := func(checkNames string, config acctest.Object) []*tfprotov6.Diagnostic {
		protocol := acctest.Configured(t, acctest.Object{"check_names": checkNames, "vcd": tenantBlock(server, "acme"),
			"ldap": acctest.Object{
				"url": ldap.URL(), "bind_dn": ldap.BindDN(), "bind_password": ldap.BindPassword(),
			}})
		resp, _ := protocol.Instance(userType).Plan(config)
		return resp.Diagnostics
	}
	wantError(t, "unknown", planWith("error", user("jportr")), "name: ", `"jporter"`)
	wantWarning(t, "unknown, to be warned of", planWith("warn", user("jportr")), "name: ", `"jporter"`)
	for what, diagnostics := range map[string][]*tfprotov6.Diagnostic{
		"known":                             planWith("error", user("JPorter")),
		"unknown, but checks are off":       planWith("off", user("jportr")),
		"from SAML, which LDAP has no part": planWith("error", user("jportr", acctest.Object{"provider_type": "SAML"})),
	} {
		if len(diagnostics) > 0 {
			t.Errorf("%s: %s%s", what, acctest.Errors(diagnostics), acctest.Warnings(diagnostics))
		}
	}
	cloud := startServer(t, mockvcd.Options{Version: "39.1"})
	both := acctest.Configured(t, acctest.Object{"vcd": tenantBlock(cloud, "acme"), "ldap": acctest.Object{
		"url": ldap.URL(), "bind_dn": ldap.BindDN(), "bind_password": ldap.BindPassword(),
	}})
	resp, _ := both.Instance(userType).Plan(user("jportr"))
	if len(resp.Diagnostics) != 1 {
		t.Errorf("a name that neither knows is told %d times", len(resp.Diagnostics))
	}
}
