package provider_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockcloudshell "github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// platforms starts both mock platforms over the lab directory, with some people in, and returns the environment variables that lead to all three.
func platforms(t *testing.T) []string {
	t.Helper()
	ldap, err := mockldap.Start(mockldap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ldap.Close)
	client, err := directory.New(directory.Config{
		URL: ldap.URL(), BindDN: ldap.BindDN(), BindPassword: ldap.BindPassword(), NoCache: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })

	cloudshell, err := mockcloudshell.Start(mockcloudshell.Options{Directory: people.FromLDAP(client)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cloudshell.Close)
	vcd, err := mockvcd.Start(mockvcd.Options{Directory: people.FromLDAP(client)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vcd.Close)

	// Who and what data sources of the examples look up.
	cloudshell.AddGroup("Lab Engineers")
	cloudshell.AddGroup("Lab Users")
	cloudshell.AddDomain("Lab")
	cloudshell.AddImportedUser(people.User{ID: "S-1-5-21-1-2-3-1102", Username: "mlopez", DisplayName: "Maria Lopez"})
	vcd.AddUser("acme", mockvcd.User{Username: "mlopez", Enabled: true})
	vcd.AddGroup("acme", mockvcd.Group{Name: "Lab Operators"})

	return []string{
		"LDAP_URL=" + ldap.URL(), "LDAP_BIND_DN=" + ldap.BindDN(), "LDAP_BIND_PASSWORD=" + ldap.BindPassword(),
		"CLOUDSHELL_URL=" + cloudshell.URL(), "CLOUDSHELL_USERNAME=" + cloudshell.Username(), "CLOUDSHELL_PASSWORD=" + cloudshell.Password(),
		"VCD_URL=" + vcd.URL(), "VCD_ORG=acme", "VCD_USER=" + mockvcd.Username, "VCD_PASSWORD=" + mockvcd.Password,
	}
}
