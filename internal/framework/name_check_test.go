// SPDX-License-Identifier: MPL-2.0

package framework_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

func TestAddNameFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		checkNames string
		doubtful   bool
		severity   diag.Severity // 0 = nothing is said
	}{
		{"", false, diag.SeverityError},
		{"error", false, diag.SeverityError},
		{"error", true, diag.SeverityWarning},
		{"warn", false, diag.SeverityWarning},
		{"warn", true, diag.SeverityWarning},
		{"off", false, 0},
		{"off", true, 0},
	} {
		var diags diag.Diagnostics
		set := clients.NewSet(clients.Options{CheckNames: c.checkNames})
		fault := framework.NameFault{
			At:      path.Root("roles"),
			Summary: framework.IsUnknown(framework.Subject{Platform: clients.VCD, Kind: "Role", Name: "vApp Usr"}),
			Detail:  "Detail.", Doubtful: c.doubtful,
		}
		framework.AddNameFault(&diags, set, fault)
		framework.AddNameFault(&diags, nil, fault)
		if c.severity == 0 {
			if len(diags) != 0 || framework.ChecksNames(set) {
				t.Errorf("%+v: said %v", c, diags)
			}
			continue
		}
		if len(diags) != 1 || diags[0].Severity() != c.severity ||
			diags[0].Summary() != `Unknown Cloud Director Role "vApp Usr"` {
			t.Errorf("%+v: said %v", c, diags)
			continue
		}
		wayOut := strings.Contains(diags[0].Detail(), `check_names = "warn"`)
		if wayOut != (c.severity == diag.SeverityError) || !strings.HasPrefix(diags[0].Detail(), "Detail.") {
			t.Errorf("%+v: %s", c, diags[0].Detail())
		}
	}
}

// One login name in two parts of the directory: neither the login nor anything else of the person tells them apart,
// base_dn does.
func TestCheckDirectoryNameOfTwoPlaces(t *testing.T) {
	t.Parallel()
	server, err := mockldap.Start(mockldap.Options{Schema: directory.SchemaRFC2307bis, LDIF: `
dn: dc=lab,dc=example
objectClass: domain
dc: lab

dn: ou=staff,dc=lab,dc=example
objectClass: organizationalUnit
ou: staff

dn: ou=guests,dc=lab,dc=example
objectClass: organizationalUnit
ou: guests

dn: uid=jporter,ou=staff,dc=lab,dc=example
objectClass: person
objectClass: inetOrgPerson
uid: jporter
cn: James Porter
sn: Porter

dn: uid=jporter,ou=guests,dc=lab,dc=example
objectClass: person
objectClass: inetOrgPerson
uid: jporter
cn: Jane Porter
sn: Porter
`})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	set := setOf(
		t,
		"error",
		directory.Config{URL: server.URL(), BindDN: server.BindDN(), BindPassword: server.BindPassword()},
	)
	diags := framework.CheckDirectoryName(t.Context(), set, "jporter", path.Root("name"))
	if len(diags) != 1 || diags[0].Severity() != diag.SeverityError {
		t.Fatalf("said %v", diags)
	}
	detail := diags[0].Detail()
	for _, part := range []string{
		"uid=jporter,ou=staff,dc=lab,dc=example", "uid=jporter,ou=guests,dc=lab,dc=example",
		"set base_dn", `"ou=guests,dc=lab,dc=example"`,
	} {
		if !strings.Contains(detail, part) {
			t.Errorf("%q is not in: %s", part, detail)
		}
	}
	if strings.Contains(detail, "Use the login name") {
		t.Errorf("the login name does not tell them apart: %s", detail)
	}
}

func TestSubject(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]framework.Subject{
		`CloudShell User "jporter"`:        {Platform: clients.CloudShell, Kind: "User", Name: "jporter"},
		`Cloud Director Group "Lab \"1\""`: {Platform: clients.VCD, Kind: "Group", Name: `Lab "1"`},
		`Directory User "jporter"`:         {Platform: clients.LDAP, Kind: "User", Name: "jporter"},
	} {
		if s.String() != want {
			t.Errorf("%s, want %s", s, want)
		}
	}
	user := framework.Subject{Platform: clients.VCD, Kind: "User", Name: "a"}
	if got := framework.UnableTo("Import", user); got != `Unable to Import Cloud Director User "a"` {
		t.Error(got)
	}
}
