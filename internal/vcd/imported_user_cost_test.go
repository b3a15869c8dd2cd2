// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// What a run costs: three requests once (versions, login, roles), and two for each user (look and import). The first
// one's name is checked against the directory too, before the process knows that it applies.
func TestImportedUserCost(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "39.1", "40.0"} {
		server := startServer(t, mockvcd.Options{Version: version})
		protocol := configured(t, tenantBlock(server, "acme"))
		var instances []*acctest.Instance
		for _, name := range []string{"mlopez", "anna", "bkhan"} {
			instance := protocol.Instance(userType)
			apply(t, instance, user(name))
			instances = append(instances, instance)
		}
		wantRequests(t, server, version+": creating three users", 1+3*2+3)
		for _, instance := range instances {
			instance.Refresh()
		}
		wantRequests(t, server, version+": refreshing three users", 3)
		apply(t, instances[0], user("mlopez", acctest.Object{"take_ownership": false}))
		wantRequests(t, server, version+": a change that concerns destruction alone", 0)
		apply(t, instances[1], user("anna", acctest.Object{"description": "x"}))
		wantRequests(t, server, version+": an update", 2)
		apply(t, instances[2], nil)
		wantRequests(t, server, version+": a destroy (read, take ownership, delete, task)", 4)
	}
}

// wantRequests wants at most so many requests since the last count.
func wantRequests(t *testing.T, server *mockvcd.Server, what string, most int) {
	t.Helper()
	if n := len(server.Requests()); n > most {
		t.Errorf("%s took %d requests, want at most %d", what, n, most)
	}
	server.ResetRequests()
}

// Terraform refreshes ten resources at a time.
func TestImportedUserCostOfRefreshingMany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ managed, of, most int }{
		{1000, 1000, 16}, {10, 5000, 12}, {1, 5000, 2},
	} {
		server := startServer(t, mockvcd.Options{Version: "39.1"})
		for _, person := range people.People(c.of) {
			server.AddUser("acme", mockvcd.User{Username: person.Username, FullName: person.DisplayName, Enabled: true})
		}
		protocol := configured(t, tenantBlock(server, "acme"))
		work := make(chan mockvcd.User)
		var workers sync.WaitGroup
		for range 10 {
			workers.Go(func() {
				for u := range work {
					instance := protocol.Instance(userType)
					instance.State = acctest.Object{"org": "acme", "name": u.Username, "id": u.ID, "created": true}
					if text := acctest.Errors(instance.Refresh()); text != "" || instance.State["full_name"] != u.FullName {
						t.Errorf("%s: %s, state %v", u.Username, text, instance.State)
					}
				}
			})
		}
		for _, u := range server.Users("acme")[1 : c.managed+1] {
			work <- u
		}
		close(work)
		workers.Wait()
		wantRequests(t, server, fmt.Sprintf("refreshing %d of %d users", c.managed, c.of), c.most+2) // and versions, login
	}
}

// The same through real Terraform, which plans and applies in processes of their own.
func TestAccImportedUserCost(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	config := tenantHCL(server, "acme")
	for _, name := range []string{"jporter", "anna", "bkhan"} {
		config += fmt.Sprintf(`resource "directory_vcd_imported_user" %q {
  name = %q
  roles = ["vApp User"]
}
`,
			name, name)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
		Steps:                    []resource.TestStep{{Config: config, ConfigPlanChecks: emptyPlan}},
	})
	if n := server.Count("POST", "/cloudapi/1.0.0/users"); n != 3 {
		t.Errorf("%d imports, want 3", n)
	}
	// At apply the check is repeated until the first create of the process has begun.
	if n := server.Count("GET", "/cloudapi/1.0.0/ldap/search/user"); n < 4 || n > 6 {
		t.Errorf("%d directory searches, want one for each user at plan and at most one at apply", n)
	}
	wantNoLoss(t, server)
}
