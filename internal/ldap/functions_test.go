// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

func TestAccFunctions(t *testing.T) {
	t.Parallel()
	sid := knownvalue.StringExact("S-1-5-21-3623811015-3361044348-30300820-1105")
	run(
		t,
		`
terraform {
  required_providers {
    directory = { source = "hashicorp/directory" }
  }
}
locals {
  dn = "CN=Porter\\, James+UID=jp,OU=People,DC=lab,DC=example"
}
output "filter" { value = provider::directory::escape_filter("Anna (Ops) *\\") }
output "escaped" { value = provider::directory::escape_dn(" #Porter, \"James\" ") }
output "name" { value = provider::directory::parse_dn(local.dn).name }
output "parent" { value = provider::directory::parse_dn(local.dn).parent }
output "domain" { value = provider::directory::parse_dn(local.dn).domain }
output "uid" { value = provider::directory::parse_dn(local.dn).rdns[0].uid }
output "units" { value = [for rdn in provider::directory::parse_dn(local.dn).rdns : rdn.ou if can(rdn.ou)] }
output "quoted" { value = provider::directory::parse_dn("CN=\"Porter, James\"  + UID=\"a\\\"b\",OU=\"\",DC=lab").rdns }
output "several" { value = provider::directory::parse_dn("ou=a+OU=b+cn=c,dc=lab") }
output "base64" { value = provider::directory::sid_to_string("AQUAAAAAAAUVAAAAx/f+13x3VciUWs4BUQQAAA==") }
output "hexadecimal" {
  value = provider::directory::sid_to_string("010500000000000515000000C7F7FED77C7755C8945ACE0151040000")
}
`,
		statecheck.ExpectKnownOutputValue("filter", knownvalue.StringExact(`Anna \28Ops\29 \2a\5c`)),
		statecheck.ExpectKnownOutputValue("escaped", knownvalue.StringExact(`\ #Porter\, \"James\"\ `)),
		statecheck.ExpectKnownOutputValue("name", knownvalue.StringExact("Porter, James")),
		statecheck.ExpectKnownOutputValue("parent", knownvalue.StringExact("OU=People,DC=lab,DC=example")),
		statecheck.ExpectKnownOutputValue("domain", knownvalue.StringExact("lab.example")),
		statecheck.ExpectKnownOutputValue("uid", knownvalue.StringExact("jp")),
		statecheck.ExpectKnownOutputValue(
			"units",
			knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("People")}),
		),
		statecheck.ExpectKnownOutputValue("quoted", knownvalue.ListExact([]knownvalue.Check{
			exactly(map[string]string{"cn": "Porter, James", "uid": `a"b`}),
			exactly(map[string]string{"ou": ""}), exactly(map[string]string{"dc": "lab"}),
		})),
		statecheck.ExpectKnownOutputValueAtPath(
			"several",
			tfjsonpath.New("parts").AtSliceIndex(0),
			knownvalue.ListExact([]knownvalue.Check{
				exactly(map[string]string{"type": "ou", "value": "a"}), exactly(map[string]string{"type": "OU", "value": "b"}),
				exactly(map[string]string{"type": "cn", "value": "c"}),
			}),
		),
		statecheck.ExpectKnownOutputValueAtPath(
			"several",
			tfjsonpath.New("rdns").AtSliceIndex(0),
			exactly(map[string]string{"ou": "a", "cn": "c"}),
		),
		statecheck.ExpectKnownOutputValue("base64", sid),
		statecheck.ExpectKnownOutputValue("hexadecimal", sid),
	)
}

// exactly is a map or an object of texts.
func exactly(texts map[string]string) knownvalue.Check {
	checks := map[string]knownvalue.Check{}
	for key, text := range texts {
		checks[key] = knownvalue.StringExact(text)
	}
	return knownvalue.MapExact(checks)
}

func TestAccFunctionErrors(t *testing.T) {
	t.Parallel()
	for expression, message := range map[string]string{
		`provider::directory::parse_dn("jporter")`:         `"jporter" is not a distinguished name`,
		`provider::directory::parse_dn("")`:                `not a distinguished name: it is empty`,
		`provider::directory::parse_dn("cn=\"Porter")`:     `a quoted value does not end`,
		`provider::directory::sid_to_string("AQUAAA==")`:   `not a security identifier`,
		`provider::directory::sid_to_string("not a SID!")`: `it is neither base64 nor hexadecimal`,
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			fails(t, `
terraform {
  required_providers {
    directory = { source = "hashicorp/directory" }
  }
}
output "it" { value = `+expression+` }`, message)
		})
	}
}
