// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func replacedHCL(kind, name, lines string) string {
	const block = `resource "directory_vcd_imported_%s" "this" {
  name = %q
  roles = ["vApp User"]
  %s
}
`
	return fmt.Sprintf(block, kind, name, lines)
}

// Of a replacement Terraform shows the warnings of the first plan alone: what is adopted and what stays is told there.
func TestAccReplacementWarns(t *testing.T) {
	t.Parallel()
	for kind, title := range map[string]string{"user": "User", "group": "Group"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, mockvcd.Options{Version: "37.0"}) // no remap: another name replaces
			names := map[string][2]string{"user": {"anna", "bkhan"}, "group": {"Lab Engineers", "Lab Operators"}}[kind]
			for _, name := range names {
				if kind == "user" {
					server.AddUser("acme", mockvcd.User{Username: name, Enabled: true})
				} else {
					server.People().AddGroup(people.Group{Name: name})
					server.AddGroup("acme", mockvcd.Group{Name: name})
				}
			}
			w := workspace(t, server)
			w.Write("this.tf", replacedHCL(kind, names[0], "allow_update = true"))
			succeed(t, w, "apply", "-auto-approve")
			w.Write("this.tf", replacedHCL(kind, names[1], "allow_update = true"))
			output := unwrapped(succeed(t, w, "plan"))
			wantWords(t, "plan", output, []string{
				"must be replaced", fmt.Sprintf("Existing Cloud Director %s %q Will Be Adopted", title, names[1]),
				"Account or Group Left in Place", fmt.Sprintf("The Cloud Director %s %q stays", kind, names[0]), `"abandon"`,
			})
			output = unwrapped(succeed(t, w, "apply", "-auto-approve"))
			if n := strings.Count(output, "Account or Group Left in Place"); n != 1 {
				t.Errorf("told %d times that the account stays: %s", n, output)
			}
			emptyPlanOf(t, w)
			output = unwrapped(succeed(t, w, "destroy", "-auto-approve"))
			if n := strings.Count(output, "Account or Group Left in Place"); n != 1 {
				t.Errorf("told %d times that the account stays: %s", n, output)
			}
		})
	}
}

// A new name that is refused is an error of the second plan, which Terraform shows: one error, and no warning of it.
func TestAccReplacementRefused(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "37.0"})
	server.AddUser("acme", mockvcd.User{Username: "bkhan", Enabled: true})
	w := workspace(t, server)
	w.Write("this.tf", replacedHCL("user", "anna", ""))
	succeed(t, w, "apply", "-auto-approve")
	w.Write("this.tf", replacedHCL("user", "bkhan", ""))
	refuse(t, w, []string{`Cloud Director User "bkhan" Already Exists`}, "plan")
	oneError(t, w.Terraform("plan").Output, 1)
}

// A name that is known at apply only is planned in place. Another spelling changes nothing then. Another user or group
// ends the apply without a change, as the plan says, and the next plan replaces.
func TestAccNameKnownAtApplyOnly(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "37.0"})
	server.People().AddGroup(people.Group{Name: "Lab Operators"})
	w := workspace(t, server)
	named := func(user, group string) {
		w.Write("this.tf", fmt.Sprintf(`resource "terraform_data" "user" { input = %q }
resource "terraform_data" "group" { input = %q }
resource "directory_vcd_imported_user" "this" {
  name  = terraform_data.user.output
  roles = ["vApp User"]
}
resource "directory_vcd_imported_group" "this" {
  name  = terraform_data.group.output
  roles = ["vApp User"]
}
`, user, group))
	}
	has := func(user, group string) bool {
		_, found := server.User("acme", user)
		return found && server.Groups("acme")[0].Name == group
	}
	named("anna", "Lab Engineers")
	succeed(t, w, "apply", "-auto-approve")
	id := serverUser(t, server, "acme", "anna").ID

	named("ANNA", "LAB ENGINEERS")
	plan := unwrapped(succeed(t, w, "plan"))
	wantWords(t, "plan", plan, []string{"Name Not Known at Plan", "the plan then shows the replacement"})
	succeed(t, w, "apply", "-auto-approve")
	emptyPlanOf(t, w)
	named("bkhan", "Lab Operators")
	refuse(t, w, []string{"inconsistent final plan"}, "apply", "-auto-approve")
	if !has("anna", "Lab Engineers") || serverUser(t, server, "acme", "anna").ID != id {
		t.Errorf("users %+v, groups %+v", server.Users("acme"), server.Groups("acme"))
	}
	succeed(t, w, "apply", "-auto-approve")
	if !has("bkhan", "Lab Operators") {
		t.Errorf("users %+v, groups %+v", server.Users("acme"), server.Groups("acme"))
	}
	emptyPlanOf(t, w)
}
