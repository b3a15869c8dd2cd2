// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

const labAddress = "directory_cloudshell_group.lab"

// labConfig is a configuration with one CloudShell group, given as HCL lines.
func labConfig(server *cloudshell.Server, lines ...string) string {
	return acctest.CloudShellProvider(server.URL()) +
		"resource \"directory_cloudshell_group\" \"lab\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

// accessIs asserts which domains a group has on the server, and how.
func accessIs(server *cloudshell.Server, group string, expected map[string]string) resource.TestCheckFunc {
	return check(func() error {
		if got := server.Access(group); !maps.Equal(got, expected) {
			return fmt.Errorf("the group %s has the domains %v, want %v", group, got, expected)
		}
		return nil
	})
}

func TestAccGroup_lifecycle(t *testing.T) {
	server := start(t, cloudshell.Options{})
	server.AddDomain("Lab")
	server.AddDomain("Training")
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(labAddress, plancheck.ResourceActionUpdate),
	}}
	run(t,
		resource.TestStep{
			PreConfig: server.ResetRequests,
			Config:    labConfig(server, `name = "Lab Engineers"`, `domains = { Lab = "full" }`),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.Attributes{
					"name":            "Lab Engineers",
					"role":            "Regular",
					"created":         "true",
					"type":            "UserDefined",
					"description":     "",
					"allow_update":    "false",
					"deletion_policy": "auto",
					"domains.Lab":     "full",
				}.At(labAddress),
				accessIs(server, "Lab Engineers", map[string]string{"Lab": "full"}),
			),
		},
		resource.TestStep{
			Config: labConfig(server, `name = "Lab People"`, `description = "All of them"`, `role = "External"`,
				`domains = { lab = "view_only", Training = "full" }`),
			ConfigPlanChecks: inPlace,
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.Attributes{
					"name":        "Lab People",
					"role":        "External",
					"description": "All of them",
					"domains.%":   "2",
				}.At(labAddress),
				accessIs(server, "Lab People", map[string]string{"Lab": "view_only", "Training": "full"}),
			),
		},
		resource.TestStep{ // another spelling is no change
			Config: labConfig(server, `name = "LAB PEOPLE"`, `description = "All of them"`, `role = "External"`,
				`domains = { LAB = "view_only", training = "full" }`),
			PlanOnly: true,
		},
		resource.TestStep{ // what is left out stays
			Config: labConfig(server, `name = "Lab People"`),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.Attributes{"role": "Regular", "description": "All of them"}.At(labAddress),
				accessIs(server, "Lab People", map[string]string{"Lab": "view_only", "Training": "full"}),
			),
		},
		resource.TestStep{
			ResourceName: labAddress, ImportState: true, ImportStateId: "lab people", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"created"},
		},
		resource.TestStep{ // replaced on demand: destroyed and created again under the same name
			Config: labConfig(server, `name = "Lab People"`, `domains = {}`), Taint: []string{labAddress},
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.Attributes{"created": "true"}.At(labAddress),
				accessIs(server, "Lab People", nil),
			),
		},
	)
	if _, found := groupNamed(server, "Lab People"); found {
		t.Error("destroy left the group that the resource created")
	}
}

func TestAccGroup_badInput(t *testing.T) {
	server := start(t, cloudshell.Options{})
	server.AddDomain("Lab")
	server.AddGroup("Trainers")
	run(
		t,
		resource.TestStep{
			Config:      labConfig(server, `name = "Everyone"`),
			ExpectError: phrase("is built in and cannot be managed"),
		},
		resource.TestStep{
			Config:      labConfig(server, `name = "Lab"`, `role = "SystemAdmin"`),
			ExpectError: phrase("Role Cannot Be Given to a Group"),
		},
		resource.TestStep{
			Config:      labConfig(server, `name = "Lab"`, `domains = { Labb = "full" }`),
			ExpectError: phrase(`Did you mean "Lab"?`),
		},
		resource.TestStep{
			Config:      labConfig(server, `name = "Lab"`, `domains = { Lab = null }`),
			ExpectError: phrase("Missing Access to a Domain"),
		},
		resource.TestStep{
			Config:      labConfig(server, `name = "trainers"`),
			ExpectError: phrase(`CloudShell Group "Trainers" Already Exists`),
		},
	)
}

func TestAccGroup_adopted(t *testing.T) {
	server := start(t, cloudshell.Options{})
	server.AddDomain("Lab")
	server.AddGroup("Trainers")
	server.SetAccess("Trainers", "Global", "full")
	run(t, resource.TestStep{
		Config: labConfig(server, `name = "Trainers"`, `allow_update = true`, `domains = { Lab = "full" }`),
		Check: resource.ComposeAggregateTestCheckFunc(
			acctest.Attributes{"created": "false"}.At(labAddress),
			accessIs(server, "Trainers", map[string]string{"Lab": "full"}),
		),
	})
	if _, found := groupNamed(server, "Trainers"); !found {
		t.Error("destroy deleted an adopted group")
	}
}

func TestAccDomains(t *testing.T) {
	server := start(t, cloudshell.Options{})
	server.AddDomain("Lab")
	server.AddDomain("Attic")
	server.ArchiveDomain("Attic")
	const all = "data.directory_cloudshell_domains."
	run(t, apply(
		acctest.CloudShellProvider(server.URL())+`
data "directory_cloudshell_domains" "all" {}
data "directory_cloudshell_domains" "archived" { include_archived = true }
data "directory_cloudshell_domains" "some" { name_contains = "LA" }
`,
		acctest.Attributes{
			"names.#": "2", "names.0": "Global", "domains.1.name": "Lab", "domains.1.archived": "false",
		}.At(all+"all"),
		acctest.Attributes{"names.#": "3", "domains.0.archived": "true"}.At(all+"archived"),
		acctest.Attributes{"names.#": "1", "names.0": "Lab"}.At(all+"some"),
	))
}
