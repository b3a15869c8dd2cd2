// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// release is a server's release through one interface, and what it offers there.
type release struct {
	options       mockvcd.Options
	forced        string // interface
	org           string // to log in to: the provider's administrator works in organizations other than theirs
	remap, unlock bool
}

var releases = map[string]release{
	"36.3":     {options: mockvcd.Options{Version: "36.3"}, org: "acme"},
	"36.3 XML": {options: mockvcd.Options{Version: "36.3"}, forced: "xml", org: mockvcd.SystemOrg},
	"37.0":     {options: mockvcd.Options{Version: "37.0"}, org: mockvcd.SystemOrg},
	"37.0 XML": {options: mockvcd.Options{Version: "37.0"}, forced: "xml", org: "acme"},
	"37.2":     {options: mockvcd.Options{Version: "37.2"}, org: mockvcd.SystemOrg, remap: true, unlock: true},
	"37.2 XML": {options: mockvcd.Options{Version: "37.2"}, forced: "xml", org: mockvcd.SystemOrg},
	"39.1":     {options: mockvcd.Options{Version: "39.1"}, org: "acme", remap: true, unlock: true},
	"39.1 XML": {options: mockvcd.Options{Version: "39.1"}, forced: "xml", org: "acme"},
	"40.0": {options: mockvcd.Options{Version: "40.0", NoXML: true, PageCap: 32}, org: mockvcd.SystemOrg, remap: true,
		unlock: true},
	"41.0.0-alpha": {
		options: mockvcd.Options{Version: "41.0", Versions: []string{"41.0.0-alpha"}, NoXML: true}, org: "acme", remap: true,
		unlock: true,
	},
}

// provider logs in to an organization as its administrator, or to System as the provider's.
func (r release) provider(server *mockvcd.Server, org string) string {
	block := acctest.VCDBlock(server.URL(), org)
	if org == mockvcd.SystemOrg {
		block["username"] = mockvcd.ProviderUsername
	}
	if r.forced != "" {
		block["interface"] = r.forced
	}
	return acctest.Provider(map[string]acctest.Block{"vcd": block})
}

// TestAccEveryRelease lets a real Terraform use everything on every release, each step followed by an empty plan.
func TestAccEveryRelease(t *testing.T) {
	t.Parallel()
	for name, r := range releases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, r.options)
			server.AddUser("acme", mockvcd.User{
				Username: "anna", Enabled: true, Roles: []string{mockvcd.RoleConsole}, PoweredOffVMs: []string{"vm of anna"},
			})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
				CheckDestroy: func(*terraform.State) error {
					if users, lost := server.Users("acme"), server.LostVMs(); len(users) != 2 || len(lost) > 0 ||
						len(server.Groups("acme")) > 0 {
						return fmt.Errorf("users %+v, groups %v, lost %v", users, server.Groups("acme"), lost)
					}
					return nil
				},
				Steps: r.steps(server),
			})
		})
	}
}

func (r release) steps(server *mockvcd.Server) []resource.TestStep {
	provider := r.provider(server, r.org)
	everyone := func(person, more string) string {
		return provider + userHCL("org = \"acme\"\nroles = [\"vApp User\"]\n"+person) + fmt.Sprintf(`
resource "directory_vcd_imported_user" "adopted" {
  org          = "acme"
  name         = "anna"
  allow_update = true
  roles        = ["vApp User"]
  %s
}
resource "directory_vcd_imported_group" "lab" {
  org   = "acme"
  name  = "Lab Engineers"
  roles = ["vApp Author"]
}
data "directory_vcd_users" "all" {
  org = "acme"
  depends_on = [directory_vcd_imported_user.adopted]
}
data "directory_vcd_orgs" "all" {}
`, more)
	}
	several := ""
	if server.VCFA() {
		several = "inherit_group_roles = true"
	}
	renamed := plancheck.ResourceActionReplace
	if r.remap {
		renamed = plancheck.ResourceActionUpdate
	}
	var id string
	steps := []resource.TestStep{
		{Config: everyone(`name = "JPorter"`, ""), ConfigPlanChecks: emptyPlan, Check: func(s *terraform.State) error {
			id = s.RootModule().Resources[userAddress].Primary.ID
			if anna, _ := server.User("acme", "anna"); fmt.Sprint(anna.Roles) != "[vApp User]" {
				return fmt.Errorf("anna has %v", anna.Roles)
			}
			return nil
		}},
		{Config: everyone(`name = "JPorter"
enabled = false
description = "R&D"`, several),
			ConfigPlanChecks: emptyPlan},
		{ // another name: in place where the server can, and the property stays in both cases
			PreConfig: func() {
				server.Change("acme", "jporter", func(u *mockvcd.User) { u.PoweredOffVMs = []string{"vm of jporter"} })
			},
			Config: everyone(`name = "bkhan"`, several),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(userAddress, renamed)},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			Check: func(s *terraform.State) error {
				now := s.RootModule().Resources[userAddress].Primary.ID
				if (now == id) != r.remap || len(server.LostVMs()) > 0 || server.VMs("acme")["vm of jporter"] == "" &&
					r.org == "acme" {
					return fmt.Errorf("id %s was %s, VMs %v, lost %v", now, id, server.VMs("acme"), server.LostVMs())
				}
				return nil
			},
		},
	}
	if r.remap {
		steps = append(steps, resource.TestStep{
			Config: everyone(`name = "bkhan"
provider_type = "SAML"`, several), ConfigPlanChecks: emptyPlan,
			Check: func(s *terraform.State) error {
				if u, _ := server.User("acme", "bkhan"); u.ID != id || u.ProviderType != mockvcd.TypeSAML {
					return fmt.Errorf("the server has %+v", u)
				}
				return nil
			},
		})
	}
	if r.unlock {
		steps = append(steps, resource.TestStep{
			PreConfig: func() { server.Change("acme", "anna", func(u *mockvcd.User) { u.Locked = true }) },
			Config: everyone(`name = "bkhan"
provider_type = "SAML"`, several+"\nlocked = false"),
			ConfigPlanChecks: emptyPlan,
			Check: func(s *terraform.State) error {
				if u, _ := server.User("acme", "anna"); u.Locked {
					return fmt.Errorf("the server has %+v", u)
				}
				return nil
			},
		})
	}
	return steps
}

// Several roles, by their URNs in each organization, and names in their exact spelling: VCF Automation alone.
func TestAccAutomation(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"40.0", "41.0.0-alpha"} {
		r := releases[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, r.options)
			for i := range 128 {
				server.AddRole("acme", fmt.Sprintf("role %03d", i))
			}
			server.AddUser("acme", mockvcd.User{Username: "jporter", Enabled: true}) // the directory says JPorter
			config := r.provider(server, mockvcd.SystemOrg) + `
resource "directory_vcd_imported_user" "this" {
  org   = "acme"
  name  = "JPorter"
  roles = ["vApp User"]
}
import {
  to = directory_vcd_imported_user.this
  id = "acme/jporter"
}
resource "directory_vcd_imported_user" "many" {
  org   = "acme"
  name  = "anna"
  roles = [for i in range(128) : format("role %03d", i)]
}
resource "directory_vcd_imported_user" "elsewhere" {
  org   = "globex"
  name  = "anna"
  roles = ["vApp User", "vApp Author"]
}
`
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
				Steps: []resource.TestStep{{
					Config: config, ConfigPlanChecks: emptyPlan,
					Check: func(*terraform.State) error {
						anna, _ := server.User("acme", "anna")
						other, _ := server.User("globex", "anna")
						if !server.CanLogIn("acme", "JPorter") || len(anna.Roles) != 128 || len(other.Roles) != 2 {
							return fmt.Errorf("users %+v", server.Users("acme"))
						}
						return nil
					},
				}},
			})
		})
	}
}
