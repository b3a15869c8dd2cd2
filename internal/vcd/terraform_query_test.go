// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Tests of what Terraform 1.12 (identity) and 1.14 (lists and actions) brought, skipped with older versions and with
// OpenTofu.

func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		name := fmt.Sprintf("name = %q", spelled(server, "JPorter", "jporter"))
		config := tenantHCL(server, "acme") + userHCL(name, `roles = ["vApp User"]`) +
			`resource "directory_vcd_imported_group" "this" {
name = "Lab Engineers"
roles = ["vApp User"]
}
`
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
			Steps: []resource.TestStep{
				{Config: config},
				{ResourceName: userAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
				{ResourceName: groupType + ".this", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			},
		})
	})
}

func TestAccQuery(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme", mockvcd.User{Username: "jporter", FullName: "James Porter", Enabled: true},
			mockvcd.User{Username: "local", ProviderType: mockvcd.TypeLocal})
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
		named := func(name string) map[string]knownvalue.Check {
			return map[string]knownvalue.Check{"org": knownvalue.StringExact("acme"), "name": knownvalue.StringExact(name)}
		}
		query := `
list "directory_vcd_imported_user" "all" {
  provider         = directory
  include_resource = true
}
list "directory_vcd_imported_group" "all" {
  provider         = directory
  include_resource = true
  config {
    org = "acme"
  }
}
`
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
			Steps: []resource.TestStep{{
				Query: true, Config: tenantHCL(server, "acme") + query,
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength(userType+".all", 1),
					querycheck.ExpectResourceDisplayName(userType+".all", queryfilter.ByResourceIdentity(named("jporter")),
						knownvalue.StringExact("acme/jporter (James Porter)")),
					querycheck.ExpectNoIdentity(userType+".all", named("local")),
					querycheck.ExpectLength(groupType+".all", 1),
					querycheck.ExpectIdentity(groupType+".all", named("Lab Engineers")),
				},
			}},
		})
	})
}

func TestAccSyncDirectory(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	config := tenantHCL(server, "acme") + `
action "directory_vcd_sync_directory" "acme" {}
resource "terraform_data" "changed" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.directory_vcd_sync_directory.acme]
    }
  }
}
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps:                    []resource.TestStep{{Config: config}},
	})
	if n := server.Count("POST", "/cloudapi/1.0.0/ldap/sync"); n != 1 {
		t.Errorf("%d synchronizations", n)
	}
}
