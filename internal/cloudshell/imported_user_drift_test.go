// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// overLDAP starts a directory and a CloudShell that imports from it, and returns the configuration of a provider for
// both.
func overLDAP(t *testing.T) (*mockldap.Server, *cloudshell.Server, object) {
	t.Helper()
	ldap, err := mockldap.Start(mockldap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ldap.Close)
	client, err := directory.New(
		directory.Config{URL: ldap.URL(), BindDN: ldap.BindDN(), BindPassword: ldap.BindPassword(), NoCache: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	server := start(t, cloudshell.Options{Directory: people.FromLDAP(client)})
	config := providerObject(server)
	config["ldap"] = object{"url": ldap.URL(), "bind_dn": ldap.BindDN(), "bind_password": ldap.BindPassword()}
	return ldap, server, config
}

func TestImportedUserFollowsTheDirectory(t *testing.T) {
	t.Parallel()
	ldap, server, provider := overLDAP(t)
	user := acctest.Configured(t, provider).Instance(userType)
	follow := object{"name": "jporter", "allow_update": true}
	mustApply(t, user, follow)
	mustPlanEmpty(t, user, follow)

	next := func() {
		t.Helper()
		user = user.In(acctest.Configured(t, provider))
		mustRefresh(t, user)
	}
	ldap.People().SetUserAttribute("jporter", "mail", "james@lab.example")
	next()
	resp, planned := user.Plan(follow)
	contains(t, acctest.Warnings(resp.Diagnostics), "Person Will Be Imported Again", `The CloudShell user "jporter"`,
		`The e-mail is "jporter@lab.example" in CloudShell and "james@lab.example" in the directory.`)
	if planned["email"] != acctest.Unknown || planned["id"] == acctest.Unknown || planned["created"] == acctest.Unknown {
		t.Errorf("planned: %v", planned)
	}
	if changes := changes(t, user, object{"name": "jporter"}); changes != "allow_update: true -> false" {
		t.Errorf("without allow_update the plan changes %s", changes)
	}
	mustApply(t, user, follow)
	wants(t, user, object{"email": "james@lab.example"})
	next()
	mustPlanEmpty(t, user, follow)

	// What an import does not repair is not planned again and again.
	server.ChangeUser("jporter", func(u *cloudshell.User) { u.Email = "kept@elsewhere.example" })
	next()
	contains(t, changes(t, user, follow), "email")
	mustApply(t, user, follow)
	next()
	mustPlanEmpty(t, user, follow)

	// Neither a person who left nor a directory that is down blocks anything.
	ldap.People().RemoveUser("jporter")
	next()
	mustPlanEmpty(t, user, follow)
	ldap.Close()
	user = user.In(acctest.Configured(t, provider))
	contains(
		t,
		acctest.Warnings(user.Refresh()),
		"Names Not Checked",
		"Whether details of imported CloudShell users changed",
	)
	mustApply(t, user, nil)
	if _, found := server.User("jporter"); found {
		t.Error("the user was not deleted")
	}
}

// Some servers take e-mail addresses from elsewhere, so that an import leaves the difference as it is.
func TestImportedUserDifferenceThatStays(t *testing.T) {
	t.Parallel()
	ldap, _, provider := overLDAP(t)
	elsewhere := mockldap.NewDirectory()
	found, err := directory.New(
		directory.Config{URL: ldap.URL(), BindDN: ldap.BindDN(), BindPassword: ldap.BindPassword()},
	)
	if err != nil {
		t.Fatal(err)
	}
	persons, err := found.FindUsers(t.Context(), "jporter")
	if err != nil || len(persons) != 1 {
		t.Fatal(persons, err)
	}
	elsewhere.AddUser(
		people.User{ID: persons[0].SID, Username: "jporter", DisplayName: "James Porter", Email: "mailbox@elsewhere.example"},
	)
	server := start(t, cloudshell.Options{Directory: elsewhere})
	provider["cloudshell"].(object)["url"] = server.URL()

	user := acctest.Configured(t, provider).Instance(userType)
	config := object{"name": "jporter", "allow_update": true}
	mustApply(t, user, config)
	mustPlanEmpty(t, user, config)
	ldap.People().SetUserAttribute("jporter", "mail", "new@lab.example")
	user = user.In(acctest.Configured(t, provider))
	mustRefresh(t, user)
	contains(t, changes(t, user, config), "email") // it changed: worth one try
	mustApply(t, user, config)
	user = user.In(acctest.Configured(t, provider))
	mustPlanEmpty(t, user, config)
}

func TestImportedUserNameIsCheckedAgainstTheDirectory(t *testing.T) {
	t.Parallel()
	_, server, provider := overLDAP(t)
	user := acctest.Configured(t, provider).Instance(userType)
	resp, _ := user.Plan(object{"name": "jportre"})
	contains(t, acctest.Errors(resp.Diagnostics), `name: Unknown Directory User "jportre"`, "jporter")
	if server.Count("", "") != 0 {
		t.Error("CloudShell was asked")
	}
	mustApply(t, user, object{"name": "James Porter"})
	wants(t, user, object{"username": "jporter", "created": true})
}
