// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	"github.com/external-directory/terraform-provider-directory/internal/mock/record"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Logins are not counted. The plan is another process than the apply: it asks for each user whether they exist, and
// once for the groups, however many users there are.
func TestCreateCloudShellUser(t *testing.T) {
	for _, c := range []struct {
		work, settings string
		plan, create   int
	}{
		{"1 CloudShell user", "", 1, 3},
		{"1 CloudShell user with settings and groups", "  groups = [\"Lab\"]\n  time_zone = \"UTC\"\n" +
			"  max_owned_blueprints = 5\n", 2, 6},
	} {
		server := acctest.CloudShell(t, cloudshell.Options{})
		server.AddGroup("Lab")
		w := newWorkspace(t, acctest.CloudShellProvider(server.URL())+
			"resource \"directory_cloudshell_imported_user\" \"one\" {\n  name = \"jporter\"\n"+c.settings+"}\n")
		w.run("plan", "-out=plan")
		wantAtMost(t, "plan to create "+c.work, server.CountWork(), c.plan)
		server.ResetRequests()
		w.run("apply", "plan")
		logRequests(t, server.Requests())
		wantAtMost(t, "create "+c.work, server.CountWork(), c.create)
		w.planEmpty()
	}
}

// Terraform plans in one process and applies in another, and each has to find out about the server.
func TestCreateVCDUsers(t *testing.T) {
	const users = 10
	static := mockldap.NewDirectory()
	static.AddUser(people.People(users)...)
	server := acctest.VCD(t, mockvcd.Options{Directory: static})
	w := newWorkspace(t, vcdProvider(server)+manyUsers("directory_vcd_imported_user", users, vAppUser))
	w.run("plan", "-out=plan")
	logRequests(t, server.Requests())
	wantAtMost(t, fmt.Sprintf("plan to create %d vCD users", users), len(server.Requests()), users+3+users)
	server.ResetRequests()
	w.run("apply", "plan")
	logRequests(t, server.Requests())
	// Look and import, and once a run versions, login, roles, and the checks of the first ten plans that the apply
	// repeats.
	wantAtMost(t, fmt.Sprintf("create %d vCD users", users), len(server.Requests()), 2*users+3+10)
	w.planEmpty()
}

// Everything that a refresh sends is counted, the login too.
func TestRefreshFew(t *testing.T) {
	of := 10_000
	for _, managed := range []int{1, 10} {
		bound := map[int]int{1: 2, 10: 12}[managed]
		countRefresh(t, cloudShellUsers(t, managed, of, 0), managed, bound)
		if managed == 1 {
			bound++ // its versions
		}
		countRefresh(t, vcdUsers(t, managed, of, 0), managed, bound)
	}
}

// The bound is eight requests beside the list's pages: 12 and 16 for 1,000 users.
func TestRefreshAll(t *testing.T) {
	users := 300
	if *full {
		users = 1000
	}
	countRefresh(t, cloudShellUsers(t, users, users, 0), users, 8+pages(users, cloudShellPage))
	countRefresh(t, vcdUsers(t, users, users, 0), users, 8+pages(users, vcdPage))
}

func TestRefreshMany(t *testing.T) {
	managed := 200
	if *full {
		managed = 1000
	}
	for _, p := range []*platform{cloudShellUsers(t, managed, 10_000, 0), vcdUsers(t, managed, 10_000, 0)} {
		countRefresh(t, p, managed, 2*pages(p.users, p.pageSize))
	}
}

func countRefresh(t *testing.T, p *platform, managed, bound int) {
	t.Helper()
	p.planEmpty()
	wantAtMost(t, fmt.Sprintf("refresh %d of %d %s users", managed, p.users, p.name), p.requests(), bound)
}

// logRequests shows what was asked for; it helps when a bound is exceeded.
func logRequests(t *testing.T, requests []record.Request) {
	t.Helper()
	lines := make([]string, 0, len(requests))
	for _, request := range requests {
		lines = append(lines, request.Method+" "+request.Path)
	}
	t.Log(strings.Join(lines, "\n"))
}
