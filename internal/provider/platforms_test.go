// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockcloudshell "github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// lab is both mock platforms over the mock directory.
type lab struct {
	ldap       *mockldap.Server
	cloudshell *mockcloudshell.Server
	vcd        *mockvcd.Server
}

// platforms starts a lab with some people in it, and returns the environment variables that lead to all three servers.
func platforms(t *testing.T) []string {
	t.Helper()
	return newLab(t).environment()
}

func newLab(t *testing.T) lab {
	t.Helper()
	var l lab
	var err error
	if l.ldap, err = mockldap.Start(mockldap.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.ldap.Close)
	client, err := directory.New(directory.Config{
		URL: l.ldap.URL(), BindDN: l.ldap.BindDN(), BindPassword: l.ldap.BindPassword(), NoCache: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	if l.cloudshell, err = mockcloudshell.Start(mockcloudshell.Options{Directory: people.FromLDAP(client)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.cloudshell.Close)
	if l.vcd, err = mockvcd.Start(mockvcd.Options{Directory: people.FromLDAP(client)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.vcd.Close)

	// Who and what data sources of the examples look up.
	l.cloudshell.AddGroup("Lab Engineers")
	l.cloudshell.AddGroup("Lab Users")
	l.cloudshell.AddDomain("Lab")
	l.cloudshell.AddImportedUser(people.User{ID: "S-1-5-21-1-2-3-1102", Username: "mlopez", DisplayName: "Maria Lopez"})
	l.vcd.AddUser("acme", mockvcd.User{Username: "mlopez", Enabled: true})
	l.vcd.AddGroup("acme", mockvcd.Group{Name: "Lab Operators"})
	return l
}

func (l lab) environment() []string {
	return []string{
		"LDAP_URL=" + l.ldap.URL(), "LDAP_BIND_DN=" + l.ldap.BindDN(), "LDAP_BIND_PASSWORD=" + l.ldap.BindPassword(),
		"CLOUDSHELL_URL=" + l.cloudshell.URL(), "CLOUDSHELL_USERNAME=" + l.cloudshell.Username(),
		"CLOUDSHELL_PASSWORD=" + l.cloudshell.Password(),
		"VCD_URL=" + l.vcd.URL(), "VCD_ORG=acme", "VCD_USER=" + mockvcd.Username, "VCD_PASSWORD=" + mockvcd.Password,
	}
}
