// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// accessConfig makes a CloudShell group and puts a directory group and a single person into it, all in one run.
func accessConfig(server *cloudshell.Server, team, domains string, groups ...string) string {
	config := acctest.CloudShellProvider(server.URL()) + fmt.Sprintf(`
resource "directory_cloudshell_group" "lab" {
  name    = %q
  domains = %s
}
`, team, domains)
	if len(groups) == 0 {
		return config
	}
	return config + `
resource "directory_cloudshell_imported_group" "operators" {
  name            = "Lab Operators"
  groups          = [directory_cloudshell_group.lab.name]
  deletion_policy = "delete"
}

resource "directory_cloudshell_imported_user" "james" {
  name   = "jporter"
  groups = [directory_cloudshell_group.lab.name]
}
`
}

// inTeam asserts that people are in a CloudShell group.
func inTeam(server *cloudshell.Server, team string, usernames ...string) resource.TestCheckFunc {
	return check(func() error {
		group, found := groupNamed(server, team)
		if !found {
			return fmt.Errorf("there is no group %s", team)
		}
		for _, username := range usernames {
			if user, found := server.User(username); !found || !user.InGroup(group.ID) {
				return fmt.Errorf("%s is not in the group %s", username, team)
			}
		}
		return nil
	})
}

// One apply gives people access, a rename of the group takes them along, and destroy takes everything away.
func TestAccGroup_accessInOnePlan(t *testing.T) {
	for _, occupied := range []cloudshell.OccupiedGroup{cloudshell.OccupiedDeleted, cloudshell.OccupiedRefused} {
		// "Lab Users 2" is near to the name of a group that exists, and is no typing error all the same.
		for _, team := range []string{"Lab Interns", "Lab Users 2"} {
			t.Run(fmt.Sprintf("%s %d", team, occupied), func(t *testing.T) {
				server := start(t, cloudshell.Options{Groups: cloudshell.GroupOptions{Occupied: occupied}})
				server.AddDomain("Lab")
				server.AddGroup("Lab Users")
				before := len(server.Users())
				run(t,
					resource.TestStep{
						Config: accessConfig(server, team, `{ Lab = "full" }`, "all"),
						Check: resource.ComposeAggregateTestCheckFunc(
							accessIs(server, team, map[string]string{"Lab": "full"}), inTeam(server, team, "jporter", "bkhan", "cmendez"),
							resource.TestCheckResourceAttr("directory_cloudshell_imported_group.operators", "groups.#", "1"),
						),
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
						},
					},
					resource.TestStep{
						Config: accessConfig(server, team+" of 2026", `{ Lab = "view_only" }`, "all"),
						Check: resource.ComposeAggregateTestCheckFunc(
							accessIs(server, team+" of 2026", map[string]string{"Lab": "view_only"}),
							inTeam(server, team+" of 2026", "jporter", "bkhan", "cmendez"),
						),
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
						},
					},
				)
				if _, found := groupNamed(server, team+" of 2026"); found || len(server.Users()) != before {
					t.Errorf("something is left: %v %v", server.Groups(), server.Users())
				}
			})
		}
	}
}

// A group that comes later can be named by people who are there already, and goes while they stay.
func TestAccGroup_comesAndGoes(t *testing.T) {
	server := start(t, cloudshell.Options{})
	const person = `
resource "directory_cloudshell_imported_user" "james" {
  name   = "jporter"
  groups = %s
}
`
	lab := acctest.CloudShellProvider(server.URL())
	group := `resource "directory_cloudshell_group" "lab" {
  name = "Lab Interns"
}
`
	run(
		t,
		resource.TestStep{Config: lab + fmt.Sprintf(person, "[]")},
		resource.TestStep{
			Config: lab + group + fmt.Sprintf(person, "[directory_cloudshell_group.lab.name]"),
			Check:  inTeam(server, "Lab Interns", "jporter"),
		},
		resource.TestStep{Config: lab + fmt.Sprintf(person, "[]")},
	)
	if _, found := groupNamed(server, "Lab Interns"); found {
		t.Error("the group is still there")
	}
}

// The plan of a destroy counts the people that others put into the group, and no one else.
func TestAccGroup_destroyNamesOthersOnly(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	const warning = "Has Members That Others Put There"
	server := start(t, cloudshell.Options{})
	w := acctest.NewWorkspace(t, accessConfig(server, "Lab Interns", "{}", "all"))
	if r := w.Terraform("apply", "-auto-approve"); r.Code != 0 {
		t.Fatal(r.Output)
	}
	if r := w.Terraform("plan", "-destroy"); r.Code != 0 || strings.Contains(r.Output, warning) {
		t.Errorf("all members are managed here: %s", r.Output)
	}
	group, _ := groupNamed(server, "Lab Interns")
	server.ChangeUser("operator", func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, group.ID) })
	r := w.Terraform("plan", "-destroy")
	if r.Code != 0 {
		t.Error(r.Output)
	}
	contains(
		t,
		strings.Join(strings.Fields(strings.ReplaceAll(r.Output, "│", " ")), " "),
		warning,
		"1 person",
		`"operator"`,
	)
	if r := w.Terraform("destroy", "-auto-approve"); r.Code != 0 {
		t.Error(r.Output)
	}
}
