package vcd_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestAccDataSources(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", Description: "R&D"})
		server.AddUser("acme", mockvcd.User{Username: "jporter", FullName: "James Porter", Email: "jporter@lab.example", Telephone: "+1", Enabled: true})
		server.Login("acme", "jporter")
		config := tenantHCL(server, "acme") + `
data "directory_vcd_user" "this" { name = "` + spelled(server, "jporter", "JPorter") + `" }
data "directory_vcd_user" "admin" { name = "` + mockvcd.Username + `" }
data "directory_vcd_group" "this" { name = "` + spelled(server, "Lab Engineers", "LAB ENGINEERS") + `" }
data "directory_vcd_roles" "this" {}
`
		checks := []resource.TestCheckFunc{
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "org", "acme"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "full_name", "James Porter"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "email", "jporter@lab.example"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "provider_type", "LDAP"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "enabled", "true"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "roles.0", "vApp User"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.this", "group_names.0", "Lab Engineers"),
			resource.TestCheckResourceAttr("data.directory_vcd_user.admin", "provider_type", "LOCAL"),
			resource.TestCheckResourceAttr("data.directory_vcd_group.this", "description", "R&D"),
			resource.TestCheckResourceAttr("data.directory_vcd_group.this", "roles.0", "vApp User"),
			resource.TestCheckResourceAttr("data.directory_vcd_group.this", "user_names.0", "jporter"),
			resource.TestCheckResourceAttr("data.directory_vcd_roles.this", "roles.#", "5"),
			resource.TestCheckResourceAttr("data.directory_vcd_roles.this", "roles.0.name", "Console Access Only"),
		}
		if !f.xml {
			config += `
data "directory_vcd_directory_users" "this" { query = "ann" }
data "directory_vcd_directory_groups" "this" { query = "Lab" }
`
			checks = append(checks,
				resource.TestCheckResourceAttr("data.directory_vcd_directory_users.this", "users.#", "2"),
				resource.TestCheckResourceAttr("data.directory_vcd_directory_users.this", "users.0.username", "anna"),
				resource.TestCheckResourceAttr("data.directory_vcd_directory_users.this", "users.0.email", "anna@lab.example"),
				resource.TestCheckResourceAttr("data.directory_vcd_directory_groups.this", "groups.0.name", "Lab Engineers"),
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
	p := configured(t, providerBlock(server))
	for name, c := range map[string]struct {
		config acctest.Object
		words  []string
	}{
		"directory_vcd_user":             {acctest.Object{"org": "acme", "name": "nobody"}, []string{"name: ", `Organization "acme" has no user of that name`}},
		"directory_vcd_group":            {acctest.Object{"org": "acme", "name": "nothing"}, []string{"name: ", `has no group`}},
		"directory_vcd_roles":            {acctest.Object{"org": "nowhere"}, []string{"org: ", `"nowhere"`}},
		"directory_vcd_directory_users":  {acctest.Object{"org": "globex", "query": "a"}, []string{"org: ", "This operation is denied", "no LDAP service"}},
		"directory_vcd_directory_groups": {acctest.Object{"org": "globex", "query": "a"}, []string{"org: ", "This operation is denied"}},
	} {
		_, diagnostics := p.ReadData(name, c.config)
		wantError(t, name, diagnostics, c.words...)
	}

	old := startServer(t, mockvcd.Options{Version: "35.0"})
	_, diagnostics := configured(t, tenantBlock(old, "acme")).ReadData("directory_vcd_directory_users", acctest.Object{"query": "a"})
	wantError(t, "search before 36.0", diagnostics, "36.0", "35.0")

	_, diagnostics = acctest.Configured(t, acctest.Object{}).ReadData("directory_vcd_roles", acctest.Object{})
	wantError(t, "not configured", diagnostics, "vcd", "VCD_URL")

	blocked, diagnostics := configured(t, acctest.Object{
		"url": acctest.Unknown, "org": "acme", "username": "u", "password": "p",
	}).ReadData("directory_vcd_roles", acctest.Object{})
	wantError(t, fmt.Sprint("unknown configuration ", blocked), diagnostics, "vcd.url")
}
