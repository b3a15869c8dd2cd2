// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"maps"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// Refreshing costs a request a user while users are few, and one paged list when they are many; managed groups cost
// nothing more.
func TestImportedUserRefreshCostsFewRequests(t *testing.T) {
	t.Parallel()
	directory := mockldap.NewDirectory()
	directory.AddUser(people.People(300)...)
	server := start(t, cloudshell.Options{Directory: directory})
	server.AddGroup("Engineers")
	users := make([]*acctest.Instance, 300)
	for i, person := range people.People(300) {
		if i < 10 {
			users[i] = newUser(t, server)
			mustApply(t, users[i], object{"name": person.Username, "groups": []any{"Engineers"}})
			continue
		}
		known, _, err := directory.FindUser(t.Context(), person.Username)
		if err != nil {
			t.Fatal(err)
		}
		user := *users[0] // another person in the same state
		user.State = maps.Clone(user.State)
		user.State["id"], user.State["username"], user.State["groups"] = server.AddImportedUser(
			known,
		).ID, person.Username, nil
		users[i] = &user
	}
	for refreshed, most := range map[int]int{1: 2, 10: 12, 300: 12} {
		next := acctest.Configured(t, providerObject(server))
		server.ResetRequests()
		var group sync.WaitGroup
		for _, user := range users[:refreshed] {
			group.Go(func() {
				again := user.In(next)
				if text := acctest.Errors(again.Refresh()); text != "" || again.State == nil {
					t.Errorf("state %v, %s", again.State, text)
				}
			})
		}
		group.Wait()
		if got := server.CountWork(); got > most {
			t.Errorf("refreshing %d users took %d requests, want at most %d", refreshed, got, most)
		}
	}
}
