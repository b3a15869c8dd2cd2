// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestAccDataSources(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", Description: "R&D"})
		server.AddUser("acme", mockvcd.User{Username: "jporter", FullName: "James Porter", Email: "jporter@lab.example",
			Telephone: "+1", Enabled: true})
		server.Login("acme", "jporter")
		config := tenantHCL(server, "acme") + `
data "directory_vcd_user" "this" { name = "` + spelled(server, "jporter", "JPorter") + `" }
data "directory_vcd_user" "admin" { name = "` + mockvcd.Username + `" }
data "directory_vcd_group" "this" { name = "` + spelled(server, "Lab Engineers", "LAB ENGINEERS") + `" }
data "directory_vcd_roles" "this" {}
`
		checks := []resource.TestCheckFunc{
			acctest.Attributes{
				"org":           "acme",
				"full_name":     "James Porter",
				"email":         "jporter@lab.example",
				"provider_type": "LDAP",
				"enabled":       "true",
				"roles.0":       "vApp User",
				"group_names.0": "Lab Engineers",
			}.At("data.directory_vcd_user.this"),
			acctest.Attributes{"provider_type": "LOCAL"}.At("data.directory_vcd_user.admin"),
			acctest.Attributes{
				"description": "R&D",
				"roles.0":     "vApp User",
				"usernames.0": "jporter",
			}.At("data.directory_vcd_group.this"),
			acctest.Attributes{"roles.#": "5", "roles.0.name": "Console Access Only"}.At("data.directory_vcd_roles.this"),
		}
		if !f.xml {
			config += `
data "directory_vcd_directory_users" "this" { query = "ann" }
data "directory_vcd_directory_groups" "this" { query = "Lab" }
`
			checks = append(checks,
				acctest.Attributes{
					"users.#":          "2",
					"users.0.username": "anna",
					"users.0.email":    "anna@lab.example",
				}.At("data.directory_vcd_directory_users.this"),
				acctest.Attributes{"groups.0.name": "Lab Engineers"}.At("data.directory_vcd_directory_groups.this"),
			)
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			Steps: []resource.TestStep{{
				Config: config, ConfigPlanChecks: emptyPlan, Check: resource.ComposeAggregateTestCheckFunc(checks...),
			}},
		})
	})
}

// An API token reads; that is what it is good for.
func TestDataSourcesWithAnAPIToken(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	p := configured(t, acctest.Object{"url": server.URL(), "org": "acme", "api_token": mockvcd.APIToken})
	state, diagnostics := p.ReadData("directory_vcd_roles", acctest.Object{})
	if text := acctest.Errors(diagnostics); text != "" || len(state["roles"].([]any)) != 5 {
		t.Errorf("%v %s", state, text)
	}
}

func TestDataSourceErrors(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{OrgsWithoutLDAP: []string{"globex"}})
	server.AddGroup("acme", mockvcd.Group{Name: "Operators"})
	p := configured(t, providerBlock(server))
	for name, c := range map[string]struct {
		config acctest.Object
		words  []string
	}{
		"directory_vcd_user": {acctest.Object{"org": "acme", "name": "orgadmn"},
			[]string{"name: ", `Unknown Cloud Director User "orgadmn"`, `Organization "acme" has no user of that name`,
				`Did you mean "orgadmin"?`}},
		"directory_vcd_group": {acctest.Object{"org": "acme", "name": "Operator"},
			[]string{"name: ", `Unknown Cloud Director Group "Operator"`, `has no group`, `Did you mean "Operators"?`}},
		"directory_vcd_roles": {acctest.Object{"org": "nowhere"}, []string{"org: ", `"nowhere"`}},
		"directory_vcd_directory_users": {acctest.Object{"org": "globex", "query": "a"},
			[]string{"org: ", "This operation is denied", "no LDAP service"}},
		"directory_vcd_directory_groups": {acctest.Object{"org": "globex", "query": "a"},
			[]string{"org: ", "This operation is denied"}},
	} {
		_, diagnostics := p.ReadData(name, c.config)
		wantError(t, name, diagnostics, c.words...)
	}

	old := startServer(t, mockvcd.Options{Version: "35.0"})
	_, diagnostics := configured(t, tenantBlock(old, "acme")).ReadData("directory_vcd_directory_users",
		acctest.Object{"query": "a"})
	wantError(t, "search before 36.0", diagnostics, "36.0", "35.0")

	_, diagnostics = acctest.Configured(t, acctest.Object{}).ReadData("directory_vcd_roles", acctest.Object{})
	wantError(t, "not configured", diagnostics, "vcd", "VCD_URL")

	blocked, diagnostics := configured(t, acctest.Object{
		"url": acctest.Unknown, "org": "acme", "username": "u", "password": "p",
	}).ReadData("directory_vcd_roles", acctest.Object{})
	wantError(t, fmt.Sprint("unknown configuration ", blocked), diagnostics, "vcd.url")
}

// mustRead reads a data source without an error.
func mustRead(t *testing.T, p *acctest.Protocol, name string, config acctest.Object) acctest.Object {
	t.Helper()
	state, diagnostics := p.ReadData(name, config)
	if text := acctest.Errors(diagnostics); text != "" {
		t.Fatalf("%s: %s", name, text)
	}
	return state
}

func TestListDataSources(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddUser("acme",
			mockvcd.User{Username: "zoe", Enabled: true, Email: "zoe@lab.example", Stranded: true},
			mockvcd.User{Username: "anna", ProviderType: mockvcd.TypeSAML, Roles: []string{mockvcd.RoleConsole}})
		server.AddGroup("acme", mockvcd.Group{Name: "Operators", Description: "R&D"})
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
		p := configured(t, tenantBlock(server, "acme"))
		for want, config := range map[string]acctest.Object{
			"[anna orgadmin zoe]": {},
			"[anna zoe]":          {"imported_only": true},
			"[zoe]":               {"provider_type": "LDAP", "org": "acme"},
			"[anna]":              {"name_contains": "ANN"},
			"[]":                  {"name_contains": "absent"},
		} {
			if got := fmt.Sprint(mustRead(t, p, "directory_vcd_users", config)["usernames"]); got != want {
				t.Errorf("users %v: %s, want %s", config, got, want)
			}
		}
		people := mustRead(t, p, "directory_vcd_users", acctest.Object{"name_contains": "zoe"})["users"].([]any)
		zoe := people[0].(acctest.Object)
		wantEmail := any("zoe@lab.example")
		if f.xml {
			wantEmail = nil
		}
		if zoe["email"] != wantEmail || zoe["enabled"] != true || zoe["provider_type"] != "LDAP" ||
			fmt.Sprint(zoe["roles"]) != "[vApp User]" {
			t.Errorf("zoe is %v", zoe)
		}
		groups := mustRead(t, p, "directory_vcd_groups", acctest.Object{})
		if fmt.Sprint(groups["names"]) != "[Lab Engineers Operators]" ||
			groups["groups"].([]any)[1].(acctest.Object)["provider_type"] != "LDAP" {
			t.Errorf("groups %v", groups)
		}
		if orgs := mustRead(t, p, "directory_vcd_orgs", acctest.Object{}); fmt.Sprint(orgs["names"]) != "[acme]" {
			t.Errorf("an organization's administrator sees %v", orgs)
		}
		everywhere := configured(t, providerBlock(server))
		orgs, diagnostics := everywhere.ReadData("directory_vcd_orgs", acctest.Object{})
		if text := acctest.Errors(diagnostics); text != "" || fmt.Sprint(orgs["names"]) != "[acme globex System]" {
			t.Errorf("a provider administrator sees %v %s", orgs, text)
		}
		if !f.xml {
			found := mustRead(t, p, "directory_vcd_directory_users", acctest.Object{"query": "ann"})
			if fmt.Sprint(found["usernames"]) != "[anna Anna (Ops) O'Hara]" {
				t.Errorf("found %v", found["usernames"])
			}
		}
	})
}

// What is made in the same run, by other resources, is found although the run has read lists before.
func TestDataSourcesFindWhatIsMadeInTheSameRun(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		p := configured(t, tenantBlock(server, "acme"))
		for _, name := range []string{"users", "groups", "roles"} {
			mustRead(t, p, "directory_vcd_"+name, acctest.Object{})
		}
		server.AddUser("acme", mockvcd.User{Username: "anna"})
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
		server.AddRole("acme", "Quantum")
		mustRead(t, p, "directory_vcd_user", acctest.Object{"name": "anna"})
		mustRead(t, p, "directory_vcd_group", acctest.Object{"name": "Lab Engineers"})
		roles := fmt.Sprint(mustRead(t, p, "directory_vcd_roles", acctest.Object{})["roles"])
		if !strings.Contains(roles, "Quantum") {
			t.Errorf("roles %s", roles)
		}
	})
}

// People adopt a whole organization by a data source and an import block: on Terraform from 1.7 on, and on OpenTofu.
func TestAccAdoptionByDataSourceAndImportBlock(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddUser("acme",
			mockvcd.User{Username: "zoe", Enabled: true, Roles: []string{mockvcd.RoleConsole}},
			mockvcd.User{Username: "anna", PoweredOffVMs: []string{"vm1"}})
		w := acctest.NewWorkspace(t, tenantHCL(server, "acme")+`
data "directory_vcd_users" "ldap" {
  provider_type = "LDAP"
}
locals {
  people = { for user in data.directory_vcd_users.ldap.users : user.username => user }
}
import {
  for_each = toset(data.directory_vcd_users.ldap.usernames)
  to       = directory_vcd_imported_user.adopted[each.key]
  id       = "acme/${each.key}"
}
resource "directory_vcd_imported_user" "adopted" {
  for_each = local.people
  name     = each.key
  roles    = each.value.roles
  enabled  = each.value.enabled
}
`)
		if plan := w.Terraform("plan"); plan.Code != 0 || !strings.Contains(plan.Output, "Plan: 2 to import, 0 to add, 0 "+
			"to change, 0 to destroy") {
			t.Fatalf("plan:\n%s", plan.Output)
		}
		if apply := w.Terraform("apply", "-auto-approve"); apply.Code != 0 {
			t.Fatalf("apply:\n%s", apply.Output)
		}
		if again := w.Terraform("plan", "-detailed-exitcode"); again.Code != 0 {
			t.Errorf("the next plan is not empty:\n%s", again.Output)
		}
		if destroy := w.Terraform("destroy", "-auto-approve"); destroy.Code != 0 || len(server.Users("acme")) != 3 ||
			len(server.VMs("acme")) != 1 {
			t.Errorf("destroying what was imported took people away:\n%s", destroy.Output)
		}
	})
}

// VCF Automation calls a right missing where an identity provider is missing. The settings tell which, where they can
// be read.
func TestMissingRightOrMissingProvider(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{
		Version: "40.0", OrgsWithoutLDAP: []string{"acme"}, NoLDAP: mockvcd.NoLDAPRightInMessage,
	})
	search := func() []*tfprotov6.Diagnostic {
		p := configured(t, tenantBlock(server, "acme"))
		_, diagnostics := p.ReadData("directory_vcd_directory_users", acctest.Object{"query": "a"})
		return diagnostics
	}
	wantError(t, "settings readable", search(), "GROUP_USER_MANAGE", "no LDAP service")
	server.Faults().Add(faults.Rule{
		Path: "/api/admin/org/*/settings/ldap", Times: faults.Always, Fault: faults.Status(http.StatusForbidden),
	})
	wantError(t, "settings not readable", search(), "GROUP_USER_MANAGE", "lacks the right", "no such identity provider")
}
