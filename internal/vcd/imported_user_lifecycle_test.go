// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const userAddress = userType + ".this"

func tenantHCL(server *mockvcd.Server, org string) string {
	return acctest.VCDProvider(server.URL(), org, mockvcd.Username, mockvcd.Password)
}

// userHCL is a resource with these lines.
func userHCL(lines ...string) string {
	return fmt.Sprintf(`resource "directory_vcd_imported_user" "this" {
  %s
}
`, strings.Join(lines, "\n  "))
}

var emptyPlan = resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}

func TestAccImportedUserLifecycle(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		provider := tenantHCL(server, "acme")
		updated := []string{
			"name = " + acctest.Quote(spelled(server, "JPorter", "jporter")),
			`roles = ["vApp Author"]`,
			`enabled = false`,
			`description = "Lab \"engineer\" <R&D>"`,
		}
		if f.xml {
			updated = append(updated, `deployed_vm_quota = 5`, `stored_vm_quota = 10`)
		}
		if server.VCFA() {
			updated = append(updated, `inherit_group_roles = true`)
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			CheckDestroy: func(*terraform.State) error {
				if left := len(server.Users("acme")); left != 1 {
					return fmt.Errorf("%d users are left, want the administrator alone", left)
				}
				return nil
			},
			Steps: []resource.TestStep{
				{
					Config:           provider + userHCL(`name = "JPorter"`, `roles = ["vApp User"]`),
					ConfigPlanChecks: emptyPlan,
					Check: resource.ComposeAggregateTestCheckFunc(
						acctest.Attributes{
							"org": "acme", "name": "JPorter", "created": "true",
							"full_name": "James Porter", "email": "jporter@lab.example",
						}.At(userAddress),
						resource.TestCheckResourceAttrSet(userAddress, "id"),
						resource.TestCheckResourceAttrSet(userAddress, "name_in_source"),
					),
				},
				{ // another spelling of the name is no change, the rest is one in place
					Config: provider + userHCL(updated...),
					ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(userAddress,
							plancheck.ResourceActionUpdate)},
						PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					},
					Check: func(*terraform.State) error {
						u, _ := server.User("acme", "jporter")
						if u.Enabled || u.Description != `Lab "engineer" <R&D>` || fmt.Sprint(u.Roles) != "[vApp Author]" {
							return fmt.Errorf("the server has %+v", u)
						}
						if f.xml && (u.DeployedVMQuota != 5 || u.StoredVMQuota != 10) || server.VCFA() != u.InheritGroupRoles {
							return fmt.Errorf("the server has %+v", u)
						}
						return nil
					},
				},
				{
					ResourceName: userAddress, ImportState: true, ImportStateId: "acme/" + spelled(server, "JPorter", "JPORTER"),
					ImportStateVerify:       true,
					ImportStateVerifyIgnore: []string{"created", "name"},
				},
				{ // emptied fields are emptied on the server too
					Config: provider + userHCL(
						"name = "+acctest.Quote(spelled(server, "JPorter", "jporter")), `roles = ["vApp Author"]`,
					),
					ConfigPlanChecks: emptyPlan,
					Check: func(*terraform.State) error {
						if u, _ := server.User("acme", "jporter"); !u.Enabled || u.Description != "" {
							return fmt.Errorf("the server has %+v", u)
						}
						return nil
					},
				},
			},
		})
		if got := deleted(server); fmt.Sprint(got) != "["+spelled(server, "JPorter", "jporter")+"]" {
			t.Errorf("deleted %v, want jporter", got)
		}
		wantNoLoss(t, server)
	})
}

func TestAccImportedUserByImportBlock(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme", mockvcd.User{Username: "jporter", Enabled: true, PoweredOffVMs: []string{"vm1"}})
		config := tenantHCL(server, "acme") + userHCL("name = "+acctest.Quote(spelled(server, "jporter", "JPorter")),
			`roles = ["vApp User"]`)
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			Steps: []resource.TestStep{{
				Config: config + "import {\n  to = " + userAddress + "\n  id = \"acme/jporter\"\n}\n",
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(userAddress,
						plancheck.ResourceActionNoop)},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				Check: resource.TestCheckResourceAttr(userAddress, "created", "false"),
			}},
		})
		if u, ok := server.User("acme", "jporter"); !ok || len(u.PoweredOffVMs) != 1 {
			t.Errorf("after the destroy of an imported resource the user is there = %t with %v; they had to be left alone",
				ok, u.PoweredOffVMs)
		}
	})
}

func TestAccImportedUsersOfSeveralOrganizations(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		provider := acctest.VCDProvider(server.URL(), mockvcd.SystemOrg, mockvcd.ProviderUsername, mockvcd.Password)
		config := provider
		for _, org := range []string{"acme", "globex"} {
			config += fmt.Sprintf(`resource "directory_vcd_imported_user" %q {
  org = %q
  name = "anna"
  roles = ["vApp User"]
}
`, org, org)
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			Steps: []resource.TestStep{{
				Config: config, ConfigPlanChecks: emptyPlan,
				Check: func(*terraform.State) error {
					for _, org := range []string{"acme", "globex"} {
						if _, ok := server.User(org, "anna"); !ok {
							return fmt.Errorf("%s has no anna", org)
						}
					}
					return nil
				},
			}},
		})
		if got := deleted(server); fmt.Sprint(got) != "[anna anna]" {
			t.Errorf("deleted %v", got)
		}
		wantNoLoss(t, server)
	})
}

func TestAccImportedUserDisabledAtDestroy(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			Steps: []resource.TestStep{{
				Config: tenantHCL(server, "acme") + userHCL(
					`name = "anna"`, `roles = ["vApp User"]`, `deletion_policy = "disable"`,
				),
				ConfigPlanChecks: emptyPlan,
			}},
		})
		if u := serverUser(t, server, "acme", "anna"); u.Enabled {
			t.Error("anna is still enabled")
		}
	})
}
