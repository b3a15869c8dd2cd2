// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// everyPolicy is a configuration with one user for each deletion policy.
func everyPolicy(server *cloudshell.Server) string {
	return acctest.CloudShellProvider(server.URL()) + `
resource "directory_cloudshell_imported_user" "each" {
  count               = 4
  name                = ["jporter", "asmith", "bkhan", "cmendez"][count.index]
  deletion_policy     = ["auto", "delete", "deactivate", "abandon"][count.index]
  max_saved_sandboxes = 3
}
`
}

// The second step of each create fails; the next apply heals all of them, whatever the policy.
func TestAccImportedUser_healsHalfCreated(t *testing.T) {
	server := start(t, cloudshell.Options{})
	run(t,
		resource.TestStep{
			PreConfig: func() {
				server.Faults().Add(faults.Rule{Method: "PUT", Path: anyUserPath, Times: faults.Always, Fault: faults.Status(503)})
			},
			Config:      everyPolicy(server),
			ExpectError: phrase(`Unable to Set Up CloudShell User`),
		},
		resource.TestStep{
			PreConfig: server.Faults().Clear,
			Config:    everyPolicy(server),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(`directory_cloudshell_imported_user.each[3]`, plancheck.ResourceActionReplace),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(`directory_cloudshell_imported_user.each.3`, "created", "true"),
				resource.TestCheckResourceAttr(`directory_cloudshell_imported_user.each.2`, "max_saved_sandboxes", "3"),
			),
		},
		resource.TestStep{
			Config: acctest.CloudShellProvider(server.URL()) + `data "directory_cloudshell_users" "all" {}`,
			Check: resource.ComposeAggregateTestCheckFunc(gone(server, "jporter"), gone(server, "asmith"),
				held(server, "bkhan", isActive(false)), held(server, "cmendez", isActive(true))),
		},
	)
}

// Many people in one apply, by account names and display names, over a server that is busy and loses answers.
func TestAccImportedUser_manyOverABadLine(t *testing.T) {
	directory := mockldap.NewDirectory()
	persons := people.People(30)
	directory.AddUser(persons...)
	server := start(t, cloudshell.Options{Directory: directory})
	server.AddGroup("Engineers")
	for _, person := range persons[:10] {
		known, _, err := directory.FindUser(t.Context(), person.Username)
		if err != nil {
			t.Fatal(err)
		}
		server.AddImportedUser(known)
	}
	config := acctest.Provider(map[string]acctest.Block{"cloudshell": acctest.CloudShellBlock(server.URL())})
	config = fmt.Sprintf(`%s
resource "directory_cloudshell_imported_user" "all" {
  count        = 30
  name         = %s[count.index]
  allow_update = true
  groups       = ["Engineers"]
}
`, config, acctest.Value(usernames(persons)))
	run(t,
		resource.TestStep{
			PreConfig: func() {
				server.Faults().Add(
					faults.Rule{Method: "POST", Path: importPath, Skip: 5, Times: 3, Fault: faults.CutAfter()},
					faults.Rule{Method: "GET", Path: anyUserPath, Skip: 9, Times: 3, Fault: faults.CutBefore()},
					faults.Rule{Method: "PUT", Path: anyUserPath, Skip: 20, Times: 3, Fault: faults.CutAfter()},
					faults.Rule{Method: "GET", Path: anyUserPath, Skip: 30, Times: 2, Fault: faults.Busy(429, 1)},
				)
			},
			Config: config,
			Check: check(func() error {
				for _, person := range persons {
					user, found := server.User(person.Username)
					if !found || len(user.GroupIDs) != 2 {
						return fmt.Errorf("%s: %v, groups %v", person.Username, found, user.GroupIDs)
					}
				}
				return nil
			}),
		},
	)
	for i, person := range persons {
		if _, found := server.User(person.Username); found != (i < 10) {
			t.Errorf("after the destroy, %s is there: %v", person.Username, found)
		}
	}
}

func usernames(persons []people.User) []string {
	names := make([]string, len(persons))
	for i, person := range persons {
		names[i] = person.Username
	}
	return names
}

func TestAccImportedUser_importBlock(t *testing.T) {
	server := start(t, cloudshell.Options{})
	server.AddGroup("Engineers")
	addPerson(t, server, "jporter")
	config := userConfig(server, `name = "JPorter"`, `groups = ["Engineers"]`) + `
import {
  to = ` + userAddress + `
  id = "jporter"
}
`
	run(
		t,
		resource.TestStep{
			Config:      userConfig(server, `name = "jporter"`),
			ExpectError: phrase(`CloudShell has the user "jporter" already. To manage the account as it is, add this block`),
		},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(userAddress, plancheck.ResourceActionUpdate),
			}},
			Check: attributes("created", "false", "name", "jporter", "groups.#", "1"),
		},
		resource.TestStep{ // gone by other hands
			PreConfig: func() { server.RemoveUser("jporter") },
			Config:    userConfig(server, `name = "jporter"`, `groups = ["Engineers"]`),
			Check:     attributes("created", "true"),
		},
		resource.TestStep{
			Config:      userConfig(server, `name = "jporter"`, `groups = ["Enginers"]`),
			ExpectError: phrase(`Unknown CloudShell Group "Enginers"`),
		},
	)
}
