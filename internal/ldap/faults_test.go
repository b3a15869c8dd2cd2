// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"maps"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// TestAccFaults shows what people read when the directory does not let them in.
func TestAccFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options mockldap.Options
		change  acctest.Block
		message string
	}{
		"wrong password": {mockldap.Options{}, acctest.Block{"bind_password": "wr0ng"}, "ldap.bind_dn or " +
			"ldap.bind_password is wrong (the password is wrong)"},
		"encryption required": {mockldap.Options{RequireTLS: true}, nil, "Use an ldaps:// address in ldap.url, or set " +
			"ldap.start_tls = true"},
		"StartTLS refused": {mockldap.Options{}, acctest.Block{"start_tls": true}, "does not offer StartTLS"},
		"untrusted":        {mockldap.Options{TLS: true}, nil, "Set ldap.ca_certificate to the PEM text of the authority"},
		"base not there": {mockldap.Options{}, acctest.Block{"base_dn": "dc=other,dc=example"},
			`The directory has no entry "dc=other,dc=example"`},
		"size limit": {mockldap.Options{TotalLimit: 5}, nil, "the result would be incomplete. Narrow filter or " +
			"base_dn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server := lab(t, c.options)
			block := acctest.Block{"url": server.URL(), "bind_dn": server.BindDN(), "bind_password": server.BindPassword()}
			maps.Copy(block, c.change)
			fails(t, acctest.Provider(map[string]acctest.Block{"ldap": block})+`data "directory_ldap_users" "it" {}`, c.message)
		})
	}
}

// TestAccUnknownConfiguration: the address comes from a resource that is yet to be created.
func TestAccUnknownConfiguration(t *testing.T) {
	t.Parallel()
	fails(t, `
resource "terraform_data" "address" { input = "ldap://127.0.0.1:1" }
provider "directory" {
  ldap { url = terraform_data.address.output }
}
data "directory_ldap_user" "it" { username = "jporter" }
`, "The LDAP directory cannot be asked before apply: the provider attribute ldap.url")
}
