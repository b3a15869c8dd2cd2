// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// Tests of what Terraform 1.12 (identity) and 1.14 (lists and actions) brought. With older versions, and with
// OpenTofu, they are skipped; the tests by the protocol say the same without a Terraform.

func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna", "bert")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{Config: userConfig(w.server, `name = "anna"`, "allow_update = true") + groupBlock()},
			{
				ResourceName:       userAddress,
				ImportState:        true,
				ImportStateKind:    resource.ImportBlockWithResourceIdentity,
				ExpectNonEmptyPlan: true,
			}, // allow_update
			{Config: userConfig(w.server, `name = "anna"`) + groupBlock()},
			{ResourceName: userAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ResourceName: groupAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

// The identity of a CloudShell group follows a rename, and takes another spelling of the name.
func TestAccGroup_importByIdentity(t *testing.T) {
	t.Parallel()
	needsTerraform(t, 12)
	server := start(t, cloudshell.Options{})
	made := server.AddGroup("Team")
	w := newTerraform(t, server, teamBlock(`name = "Team"`)+`
import {
  to       = directory_cloudshell_group.team
  identity = { name = "TEAM" }
}
`)
	w.apply()
	w.planEmpty()
	w.rewrite(teamBlock(`name = "Crew"`))
	w.apply()
	w.planEmpty()
	w.rewrite("removed {\n  from = directory_cloudshell_group.team\n  lifecycle {\n    destroy = false\n  }\n}\n")
	w.apply()
	w.rewrite(teamBlock(`name = "Crew"`) + `
import {
  to       = directory_cloudshell_group.team
  identity = { name = "Crew" }
}
`)
	w.apply()
	w.planEmpty()
	if group, found := groupNamed(server, "Crew"); !found || group.ID != made.ID {
		t.Errorf("the groups are %v", server.Groups())
	}
}

func TestAccQuery(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna", "bert")
	w.server.AddLocalUser("hannah")
	named := func(attribute, name string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{attribute: knownvalue.StringExact(name)}
	}
	query := `
list "directory_cloudshell_imported_user" "all" {
  provider         = directory
  include_resource = true
}
list "directory_cloudshell_imported_user" "named" {
  provider = directory
  config {
    name_contains = "ANN"
  }
}
list "directory_cloudshell_imported_group" "one" {
  provider         = directory
  include_resource = true
  limit            = 1
  config {
    name_contains = "lab"
  }
}
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps: []resource.TestStep{{
			Query: true, Config: acctest.CloudShellProvider(w.server.URL()) + query,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength(userType+".all", 2),
				querycheck.ExpectIdentity(userType+".all", named("username", "bert")),
				querycheck.ExpectNoIdentity(userType+".all", named("username", "hannah")),
				querycheck.ExpectResourceDisplayName(userType+".named", queryfilter.ByResourceIdentity(named("username", "anna")),
					knownvalue.StringExact("anna (anna@lab.example)")),
				querycheck.ExpectLength(userType+".named", 1),
				querycheck.ExpectLength(groupType+".one", 1),
				querycheck.ExpectIdentity(groupType+".one", named("name", labGroup)),
			},
		}},
	})
}

// What a query writes can be applied as it is: it imports, changes nothing where all people of the groups are in
// CloudShell, and leaves nothing to do.
func TestAccQuery_generatesConfiguration(t *testing.T) {
	t.Parallel()
	needsTerraform(t, 14)
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo")
	w.server.ChangeUser(
		"bert",
		func(user *cloudshell.User) { user.IsActive = false; user.GroupIDs = append(user.GroupIDs, w.engineers) },
	)
	c := newCLI(t, acctest.CloudShellProvider(w.server.URL()))
	var query strings.Builder
	for _, typeName := range []string{userType, groupType, cloudshellGroupType} {
		fmt.Fprintf(&query, `list %q "all" {
  provider = directory
}
`, typeName)
	}
	if err := os.WriteFile(filepath.Join(c.folder, "all.tfquery.hcl"), []byte(query.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprint(w.server.Users())
	contains(
		t,
		c.run("query", "-no-color", "-generate-config-out=generated.tf"),
		"username=anna",
		"username=bert",
		"name=Lab Engineers",
		"name=Lab Operators",
		"name=Engineers",
		"name=Guests",
	)
	contains(t, c.apply(), "7 imported, 0 added, 0 changed, 0 destroyed")
	contains(t, c.plan(), noChanges)
	if after := fmt.Sprint(w.server.Users()); after != before {
		t.Errorf("users were\n%s\nand are\n%s", before, after)
	}
}

func TestAccReimportActions(t *testing.T) {
	t.Parallel()
	needsTerraform(t, 14)
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna", "bert")
	c := newCLI(t, acctest.CloudShellProvider(w.server.URL())+`
action "directory_cloudshell_reimport_user" "anna" {
  config {
    name = "anna"
  }
}
action "directory_cloudshell_reimport_group" "engineers" {
  config {
    name = "Lab Engineers"
  }
}
resource "terraform_data" "reviewed" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.directory_cloudshell_reimport_user.anna]
    }
  }
}
`)
	w.directory.SetEmail("anna", "anna@new.example")
	contains(
		t,
		c.apply(),
		`The user "anna" is imported again: e-mail "anna@lab.example" -> "anna@new.example"`,
		"1 invoked",
	)
	w.directory.SetEmail("bert", "bert@new.example")
	contains(
		t,
		c.apply("-invoke=action."+reimportGroup+".engineers"),
		`Left out, since CloudShell has not imported them: "cleo"`,
		`2 people imported again: the details changed of "bert"`,
	)
	if got := w.email("anna") + " " + w.email("bert"); got != "anna@new.example bert@new.example" {
		t.Errorf("e-mails %s", got)
	}
	w.wantImported("anna bert")
}

// needsTerraform skips a test where there is no Terraform of at least 1.minor, but perhaps an OpenTofu.
func needsTerraform(t *testing.T, minor int) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	c := &cli{t: t, folder: t.TempDir(), environment: os.Environ()}
	var found int
	if _, err := fmt.Sscanf(c.run("version"), "Terraform v1.%d.", &found); err != nil || found < minor {
		t.Skipf("needs Terraform 1.%d", minor)
	}
}
