// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func ldapBlock(server *realdirectory.Server) acctest.Block {
	return acctest.Block{
		"url": server.URL, "start_tls": true, "ca_certificate": server.CACertificate, "bind_dn": server.BindDN,
		"bind_password": server.BindPassword,
	}
}

// TestAccEverythingInOneDataSource reads more people than a page holds, and more members than Active Directory hands
// out at a time. The suite does the same on the other servers, without Terraform, which takes its time for so many.
func TestAccEverythingInOneDataSource(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	config := acctest.Provider(map[string]acctest.Block{"ldap": ldapBlock(server)}) + fmt.Sprintf(`
data "directory_ldap_users" "all" { base_dn = %q }
data "directory_ldap_group" "big" {
  name             = %q
  include_disabled = true
}`, realdirectory.PeopleDN, realdirectory.BigGroup)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		Steps: []resource.TestStep{{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(
				"data.directory_ldap_users.all",
				tfjsonpath.New("users"),
				knownvalue.ListSizeExact(realdirectory.People),
			),
			statecheck.ExpectKnownValue(
				"data.directory_ldap_group.big",
				tfjsonpath.New("members"),
				knownvalue.ListSizeExact(realdirectory.BigMembers),
			),
		}}},
	})
}

// TestAccImportFromActiveDirectory imports the people of a group of a real domain into CloudShell, which looks them
// up there itself: their SIDs must be the domain's.
func TestAccImportFromActiveDirectory(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	client := connect(t, server, func(c *directory.Config) { c.NoCache = true })
	platform := acctest.CloudShell(t, cloudshell.Options{Directory: people.FromLDAP(client)})
	provider := acctest.Provider(
		map[string]acctest.Block{"ldap": ldapBlock(server), "cloudshell": acctest.CloudShellBlock(platform.URL())},
	)
	imported := `
data "directory_ldap_group" "hostile" { name = "Hostile Names" }
resource "directory_cloudshell_imported_user" "each" {
  for_each = { for m in data.directory_ldap_group.hostile.members : m.username => m }
  name     = each.key
}
output "same_sids" {
  value = alltrue([for m in data.directory_ldap_group.hostile.members :
    contains([
      directory_cloudshell_imported_user.each[m.username].sid,
      directory_cloudshell_imported_user.each[m.username].imported_sid
    ], m.sid)])
}
resource "directory_cloudshell_imported_group" "team" { name = "Team A" }
`
	const team = "directory_cloudshell_imported_group.team"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		Steps: []resource.TestStep{
			{
				Config:      provider + `resource "directory_cloudshell_imported_user" "typo" { name = "user100" }`,
				ExpectError: regexp.MustCompile(`Unknown Directory User "user100"(.|\n)*Did you mean "user0100"`),
			},
			{
				Config: provider + imported,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("same_sids", knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(
						team,
						tfjsonpath.New("members").AtMapKey("user0101"),
						knownvalue.StringExact("Person 0101"),
					),
				},
			},
			{Config: provider}, // the testing package can destroy no for_each itself
		},
	})
}
