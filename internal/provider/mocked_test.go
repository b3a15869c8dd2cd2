// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

// People test their modules with `terraform test` and a mocked provider: no directory, no platform, no configuration.
func TestModuleWithMockedProvider(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	module := func(change func(string) string) acctest.Run {
		w := acctest.NewWorkspace(t, change(read(t, examplesRoot+"/testing/main.tf")))
		w.Write("access.tftest.hcl", read(t, examplesRoot+"/testing/access.tftest.hcl"))
		return w.Terraform("test")
	}
	good := module(func(config string) string { return config })
	if good.Code != 0 || !strings.Contains(good.Output, "3 passed, 0 failed") {
		t.Errorf("terraform test ended with %d: %s", good.Code, good.Output)
	}
	// The tests test something: a module that gives everyone a day fails them.
	bad := module(func(config string) string { return strings.Replace(config, "? 1440 : 480", "? 1440 : 1440", 1) })
	if bad.Code == 0 {
		t.Errorf("the wrong module passes: %s", bad.Output)
	}
	contains(t, unwrapped(bad.Output), "Only people on call may reserve for a day.")
}

// Every data source and resource can be mocked: mocks make values up for the whole schema.
func TestEverythingCanBeMocked(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	w := acctest.NewWorkspace(t, `
data "directory_cloudshell_external_group" "x" { name = "Lab Engineers" }
data "directory_cloudshell_users" "x" {}
data "directory_ldap_users" "x" { filter = "(uid=*)" }
data "directory_vcd_roles" "x" {}
resource "directory_cloudshell_imported_group" "x" { name = "Lab Engineers" }
resource "directory_vcd_imported_group" "x" {
  name  = "Lab Engineers"
  roles = ["vApp Author"]
}
resource "directory_vcd_imported_user" "x" {
  for_each = toset(data.directory_ldap_users.x.usernames)
  name     = each.key
  roles    = ["vApp Author"]
}
output "users" { value = keys(directory_vcd_imported_user.x) }
`)
	w.Write("all.tftest.hcl", `
mock_provider "directory" {
  mock_data "directory_ldap_users" {
    defaults = { usernames = ["jporter"] }
  }
}
run "apply" {
  assert {
    condition     = output.users[0] == "jporter"
    error_message = "The user is missing."
  }
}
`)
	if run := w.Terraform("test"); run.Code != 0 || !strings.Contains(run.Output, "1 passed, 0 failed") {
		t.Errorf("terraform test ended with %d: %s", run.Code, run.Output)
	}
}
