// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// lab serves the lab directory and returns the provider configuration that reads it.
func lab(t *testing.T, options mockldap.Options) (config string, server *mockldap.Server) {
	t.Helper()
	server, err := mockldap.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return acctest.Provider(map[string]acctest.Block{"ldap": {
		"url": server.URL(), "bind_dn": server.BindDN(), "bind_password": server.BindPassword(),
	}}), server
}

// groupOf is a data source for a group.
func groupOf(name, more string) string {
	return fmt.Sprintf(`data "directory_ldap_group" "it" {
  name = %s
%s
}
`, acctest.Quote(name), more)
}
