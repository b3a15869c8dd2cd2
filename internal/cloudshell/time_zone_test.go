// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// People write Europe/Berlin, and CloudShell knows "W. Europe Standard Time": that is one zone, in every plan.
func TestAccImportedUser_timeZone(t *testing.T) {
	server := start(t, cloudshell.Options{})
	empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	const berlin, windows = `time_zone = "Europe/Berlin"`, `time_zone = "W. Europe Standard Time"`
	run(
		t,
		apply(
			userConfig(server, `name = "jporter"`, berlin),
			attributes("time_zone", "Europe/Berlin"),
			zoneAtServer(server, "W. Europe Standard Time"),
		),
		resource.TestStep{Config: userConfig(server, `name = "jporter"`, windows), ConfigPlanChecks: empty},
		resource.TestStep{
			Config:           userConfig(server, `name = "jporter"`, `time_zone = "Europe/Oslo"`),
			ConfigPlanChecks: empty,
		},
		apply(userConfig(server, `name = "jporter"`, `time_zone = "Asia/Kolkata"`), attributes("time_zone", "Asia/Kolkata"),
			zoneAtServer(server, "India Standard Time")),
	)
}

// zoneAtServer checks what CloudShell itself holds.
func zoneAtServer(server *cloudshell.Server, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		user, _ := server.User("jporter")
		if user.TimeZone == nil || *user.TimeZone != want {
			return fmt.Errorf("CloudShell holds another zone, want %q", want)
		}
		return nil
	}
}
