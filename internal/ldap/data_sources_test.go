// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// run plans and applies one configuration.
func run(t *testing.T, config string, checks ...statecheck.StateCheck) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}

// fails expects the configuration to end in an error; spaces stand for any white space, since Terraform wraps lines.
func fails(t *testing.T, config, message string) {
	t.Helper()
	pattern := regexp.MustCompile(`\s+`).ReplaceAllString(regexp.QuoteMeta(message), `[\s│]+`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		Steps:                    []resource.TestStep{{Config: config, ExpectError: regexp.MustCompile(pattern)}},
	})
}

func value(address, attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
}

func TestAccUserByUsername(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	const it = "data.directory_ldap_user.it"
	run(t, config+`data "directory_ldap_user" "it" { username = "JPorter" }`,
		value(it, "username", knownvalue.StringExact("JPorter")),
		value(it, "dn", knownvalue.StringExact("CN=James Porter,OU=People,DC=lab,DC=example")),
		value(it, "display_name", knownvalue.StringExact("James Porter")),
		value(it, "email", knownvalue.StringExact("jporter@lab.example")),
		value(it, "sid", knownvalue.StringExact("S-1-5-21-3623811015-3361044348-30300820-1101")),
		value(it, "guid", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`))),
		value(it, "disabled", knownvalue.Bool(false)),
		value(it, "groups", knownvalue.ListExact([]knownvalue.Check{
			knownvalue.StringExact("CN=Azure_DevOps_Cloud_Admins,OU=Groups,DC=lab,DC=example"),
			knownvalue.StringExact("CN=Domain Users,CN=Users,DC=lab,DC=example"),
			knownvalue.StringExact("CN=Lab Engineers,OU=Groups,DC=lab,DC=example"),
		})))
}

func TestAccUserByDN(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	run(t, config+`data "directory_ldap_user" "it" { dn = "cn=victor contractor,ou=people,dc=lab,dc=example" }`,
		value("data.directory_ldap_user.it", "username", knownvalue.StringExact("vcontractor")),
		value("data.directory_ldap_user.it", "disabled", knownvalue.Bool(true)),
		value("data.directory_ldap_user.it", "telephone", knownvalue.Null()))
}

func TestAccUserErrors(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	for name, c := range map[string]struct{ block, message string }{
		"unknown": {`username = "jportr"`,
			`No person in the directory has the name "jportr" (login, mail and display name were compared). ` +
				`Did you mean "jporter"?`},
		"ambiguous": {`username = "John Smith"`,
			`2 people have the name "John Smith": "CN=John Smith,OU=People,DC=lab,DC=example" and`},
		"gone":  {`dn = "cn=absent,dc=lab,dc=example"`, `"cn=absent,dc=lab,dc=example" is not in the directory`},
		"no DN": {`dn = "jporter"`, `"jporter" is not a distinguished name`},
		"both": {`username = "a"
dn = "cn=a"`, `Invalid Attribute Combination`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fails(t, config+"data \"directory_ldap_user\" \"it\" {\n"+c.block+"\n}", c.message)
		})
	}
}

func TestAccUsers(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	run(t, config+`
data "directory_ldap_users" "everyone" {}
data "directory_ldap_users" "research" { filter = "(department=Research)" }
data "directory_ldap_users" "star" { filter = "(displayName=${provider::directory::escape_filter("All * Stars")})" }
data "directory_ldap_users" "group" { group = "lab everyone" }
data "directory_ldap_users" "service" { base_dn = "OU=Service Accounts,DC=lab,DC=example" }
`,
		value("data.directory_ldap_users.everyone", "users", knownvalue.ListSizeExact(33)),
		value("data.directory_ldap_users.research", "users", knownvalue.ListSizeExact(7)),
		value("data.directory_ldap_users.star", "users", knownvalue.ListSizeExact(1)),
		value("data.directory_ldap_users.group", "users", knownvalue.ListSizeExact(23)),
		value("data.directory_ldap_users.service", "users", knownvalue.ListSizeExact(1)))
}

func TestAccUsersErrors(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	for name, c := range map[string]struct{ block, message string }{
		"filter without parentheses": {`filter = "department=Lab"`, `"department=Lab" is not an LDAP filter`},
		"filter cut short":           {`filter = "(department=Lab"`, `is not an LDAP filter (unexpected end of filter)`},
		"base that is not there": {`base_dn = "ou=nowhere,dc=lab,dc=example"`,
			`The directory has no entry "ou=nowhere,dc=lab,dc=example"`},
		"unknown group": {`group = "Not There At All"`, `No group in the directory has the name "Not There At All"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fails(t, config+"data \"directory_ldap_users\" \"it\" {\n"+c.block+"\n}", c.message)
		})
	}
}

func TestAccGroup(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	const it = "data.directory_ldap_group.it"
	for name, c := range map[string]struct {
		group, more string
		members     int
	}{
		"nested":                 {"Lab Everyone", "", 23},
		"direct":                 {"Lab Everyone", "nested = false", 1},
		"disabled left out":      {"Lab Engineers", "", 8},
		"disabled included":      {"Lab Engineers", "include_disabled = true", 9},
		"cyclic":                 {"Ring A", "", 3},
		"empty":                  {"Empty Group", "", 0},
		"primary group":          {"Domain Users", "include_disabled = true", 33},
		"group of hostile names": {"Hostile Names", "", 9},
		"hostile name":           {"R&D (Berlin) *", "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, config+groupOf(c.group, c.more),
				value(it, "name", knownvalue.StringExact(c.group)),
				value(it, "members", knownvalue.ListSizeExact(c.members)))
		})
	}
}

func TestAccNotConfigured(t *testing.T) {
	t.Parallel()
	fails(t, acctest.Provider(nil)+groupOf("Lab Everyone", ""), "add the block `ldap { url = … }` to the configuration")
}

func TestAccForEachOverMembers(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{})
	run(t, config+groupOf("Azure_DevOps_Cloud_Admins", "")+`
output "logins" { value = { for m in data.directory_ldap_group.it.members : m.username => m.display_name } }`,
		statecheck.ExpectKnownOutputValue("logins", knownvalue.MapExact(map[string]knownvalue.Check{
			"akumar":  knownvalue.StringExact("Arjun Kumar"),
			"jporter": knownvalue.StringExact("James Porter"),
			"mlopez":  knownvalue.StringExact("Maria Lopez"),
			"swilson": knownvalue.StringExact("Sarah Wilson"),
		})))
}
