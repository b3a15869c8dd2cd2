// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

const userAddress = "directory_cloudshell_imported_user.test"

// userConfig is a configuration with one user: the provider for the server, and the given attributes as HCL lines.
func userConfig(server *cloudshell.Server, lines ...string) string {
	return acctest.CloudShellProvider(server.URL()) +
		"resource \"directory_cloudshell_imported_user\" \"test\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

// apply is a step that applies a configuration; plugin-testing checks that a second plan is empty.
func apply(config string, checks ...resource.TestCheckFunc) resource.TestStep {
	return resource.TestStep{Config: config, Check: resource.ComposeAggregateTestCheckFunc(checks...)}
}

// check runs any assertion as part of a step.
func check(assert func() error) resource.TestCheckFunc {
	return func(*terraform.State) error { return assert() }
}

func run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(), Steps: steps})
}

func start(t *testing.T, options cloudshell.Options) *cloudshell.Server {
	t.Helper()
	return acctest.CloudShell(t, options)
}

// phrase matches a text whatever line breaks Terraform put into it.
func phrase(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(strings.Join(words, `[\s│]+`))
}

// held asserts something about a user that the server has.
func held(server *cloudshell.Server, username string, assert func(cloudshell.User) error) resource.TestCheckFunc {
	return check(func() error {
		user, found := server.User(username)
		if !found {
			return fmt.Errorf("the server has no user %s", username)
		}
		return assert(user)
	})
}

func gone(server *cloudshell.Server, username string) func(*terraform.State) error {
	return func(*terraform.State) error {
		if _, found := server.User(username); found {
			return fmt.Errorf("the server still has the user %s", username)
		}
		return nil
	}
}

func isActive(want bool) func(cloudshell.User) error {
	return func(user cloudshell.User) error {
		if user.IsActive != want {
			return fmt.Errorf("IsActive is %v", user.IsActive)
		}
		return nil
	}
}

// attributes checks attributes of the user in state: name, value, name, value...
func attributes(pairs ...string) resource.TestCheckFunc {
	var checks []resource.TestCheckFunc
	for i := 0; i < len(pairs); i += 2 {
		checks = append(checks, resource.TestCheckResourceAttr(userAddress, pairs[i], pairs[i+1]))
	}
	return resource.ComposeAggregateTestCheckFunc(checks...)
}

func atMost(server *cloudshell.Server, requests int) resource.TestCheckFunc {
	return check(func() error {
		if got := server.CountWork(); got > requests {
			return fmt.Errorf("%d requests, want at most %d: %v", got, requests, server.Requests())
		}
		return nil
	})
}

func TestAccImportedUser_lifecycle(t *testing.T) {
	server := start(t, cloudshell.Options{})
	server.AddGroup("Engineers")
	server.AddGroup("Trainers")
	run(
		t,
		resource.TestStep{
			PreConfig: server.ResetRequests,
			Config:    userConfig(server, `name = "jporter"`),
			Check: resource.ComposeAggregateTestCheckFunc(
				attributes(
					"name",
					"jporter",
					"username",
					"jporter",
					"email",
					"jporter@lab.example",
					"created",
					"true",
					"active",
					"true",
					"admin",
					"false",
					"allow_update",
					"false",
					"deletion_policy",
					"auto",
					"domain_name",
					"LAB",
					"group_ids.#",
					"1",
				),
				resource.TestCheckResourceAttrSet(userAddress, "imported_sid"),
				resource.TestCheckNoResourceAttr(userAddress, "groups.#"),
				atMost(server, 3),
			),
		},
		apply(
			userConfig(
				server,
				`name = "jporter"`,
				`groups = ["engineers", "Trainers"]`,
				`active = false`,
				`time_zone = "W. Europe Standard Time"`,
				`max_reservation_duration = -1`,
				`max_saved_sandboxes = 7`,
			),
			attributes("groups.#", "2", "group_ids.#", "3", "active", "false", "time_zone", "W. Europe Standard Time",
				"max_reservation_duration", "-1", "max_saved_sandboxes", "7", "created", "true"),
			held(server, "jporter", isActive(false)),
		),
		// What is left out stays as it is.
		apply(userConfig(server, `name = "JPORTER"`),
			attributes("name", "jporter", "active", "false", "max_saved_sandboxes", "7"),
			resource.TestCheckNoResourceAttr(userAddress, "groups.#"),
			held(server, "jporter", isActive(false))),
		resource.TestStep{
			Config: userConfig(server, `name = "jporter"`, `groups = []`, `active = true`, `admin = true`),
			Check: resource.ComposeAggregateTestCheckFunc(
				attributes("groups.#", "0", "admin", "true", "group_ids.#", "2"),
				held(server, "jporter", isActive(true)),
			),
		},
		resource.TestStep{
			ResourceName: userAddress, ImportState: true, ImportStateId: "JPorter", ImportStateVerify: true,
			ImportStateVerifyIdentifierAttribute: "username",
			ImportStateVerifyIgnore:              []string{"groups", "created", "max_reservation_duration"},
		},
		resource.TestStep{
			Config: userConfig(server, `name = "asmith"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(userAddress, plancheck.ResourceActionReplace),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(attributes("username", "asmith"), gone(server, "jporter")),
		},
	)
	if _, found := server.User("asmith"); found {
		t.Error("destroy left the user that the resource had created")
	}
}

func TestAccImportedUser_displayName(t *testing.T) {
	server := start(t, cloudshell.Options{})
	run(t,
		resource.TestStep{
			PreConfig: server.ResetRequests,
			Config:    userConfig(server, `name = "James Porter"`),
			Check: resource.ComposeAggregateTestCheckFunc(
				attributes("name", "James Porter", "username", "jporter", "created", "true"),
				atMost(server, 3),
			),
		},
		// The name may become the user name, which is no change.
		apply(userConfig(server, `name = "jporter"`), attributes("name", "James Porter", "username", "jporter")),
		resource.TestStep{Config: userConfig(server, `name = "james porter"`), PlanOnly: true},
	)
}
