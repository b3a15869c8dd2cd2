// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

func TestImportedUserNeverTouchesLocalUsers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jporter", "JPORTER", "James Porter"} {
		for _, allow := range []bool{false, true} {
			for _, exists := range []cloudshell.ExistsAnswer{cloudshell.ExistsConflict, cloudshell.ExistsError,
				cloudshell.ExistsUnchanged} {
				server := start(t, cloudshell.Options{Local: cloudshell.LocalTakenOver, Exists: exists})
				before := server.AddLocalUser("jporter")
				user := newUser(t, server)
				text := acctest.Errors(user.Apply(object{"name": name, "allow_update": allow, "active": false}))
				contains(t, text, `CloudShell has a local user "jporter"`, "never touches local users")
				if after, _ := server.User("jporter"); fmt.Sprint(after) != fmt.Sprint(before) || user.State != nil {
					t.Errorf("%s, allow_update %v: the local user was touched", name, allow)
				}
				contains(t, acctest.Errors(user.Import("jporter", nil)), "never touches local users")
			}
		}
	}
}

func TestImportedUserOwnAccountStays(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	addPerson(t, server, "jporter")
	server.ChangeUser("jporter", func(u *cloudshell.User) { u.IsAdmin = true })
	server.SetPassword("jporter", "secret")
	instance := func() *acctest.Instance {
		login := object{"url": server.URL(), "username": "JPorter", "password": "secret"}
		return acctest.Configured(t, object{"cloudshell": login}).Instance(userType)
	}
	config := object{"name": "jporter", "allow_update": true, "deletion_policy": "delete"}
	for _, attribute := range []string{"active", "admin"} {
		refused := object{"name": "jporter", "allow_update": true, attribute: false}
		contains(
			t,
			acctest.Errors(instance().Apply(refused)),
			attribute+`: CloudShell User "jporter" Is the Provider's Own Account`,
		)
	}
	for _, policy := range []string{"delete", "deactivate"} {
		user := instance()
		config["deletion_policy"] = policy
		mustApply(t, user, config)
		contains(t, acctest.Warnings(user.Apply(nil)), "never deactivates, deletes or demotes the account")
	}
	if account, found := server.User("jporter"); !found || !account.IsActive || !account.IsAdmin {
		t.Error("the provider's own account did not survive")
	}
}
