// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// repeatedChecks is how many checks of the plan an apply repeats: Terraform plans again first, and the provider cannot
// tell that from a plan.
const repeatedChecks = 10

// firstLooks is how many users are looked up one by one before one list of all users costs less.
const firstLooks = 10

// newCloudShellUsers is a workspace of so many users who are to be imported, beside so many others.
func newCloudShellUsers(t *testing.T, users, others int, latency time.Duration) *platform {
	t.Helper()
	static := mockldap.NewDirectory()
	static.AddUser(people.People(users)...)
	server := acctest.CloudShell(t, cloudshell.Options{Directory: static, Latency: latency})
	for i := range others {
		server.AddLocalUser(fmt.Sprintf("local%05d", i))
	}
	config := acctest.CloudShellProvider(server.URL()) + manyUsers("directory_cloudshell_imported_user", users, "")
	return &platform{
		workspace: newWorkspace(t, config), name: "CloudShell", users: len(server.Users()), pageSize: cloudShellPage,
		requests: server.CountWork, reset: server.ResetRequests,
	}
}

// newVCDUsers is the same for a Cloud Director.
func newVCDUsers(t *testing.T, users int, latency time.Duration) *platform {
	t.Helper()
	static := mockldap.NewDirectory()
	static.AddUser(people.People(users)...)
	server := acctest.VCD(t, mockvcd.Options{Directory: static, Latency: latency})
	config := vcdProvider(server) + manyUsers("directory_vcd_imported_user", users, vAppUser)
	return &platform{
		workspace: newWorkspace(t, config), name: "vCD", users: len(server.Users("acme")),
		requests: func() int { return len(server.Requests()) }, reset: server.ResetRequests,
	}
}

// One list says which of the new users exist already, after firstLooks single requests. The provider also asks vCD for
// each user's entry in the directory, for versions, login and roles, and singly for users whose check began before the
// list.
func TestPlanNewUsers(t *testing.T) {
	users, others := 200, 1000
	if *full {
		users, others = 1000, 5000
	}
	p := newCloudShellUsers(t, users, others, 0)
	p.run("plan")
	wantAtMost(t, fmt.Sprintf("plan of %d new CloudShell users beside %d", users, p.users), p.requests(),
		firstLooks+pages(p.users, cloudShellPage))
	p = newVCDUsers(t, users, 0)
	p.run("plan")
	wantAtMost(t, fmt.Sprintf("plan of %d new vCD users", users), p.requests(), users+3+
		2*firstLooks+pages(p.users, vcdPage))
}

// A CloudShell user without settings takes three requests; the groups and the repeated checks come once a run.
func TestCreateManyUsers(t *testing.T) {
	users := 50
	if *full {
		users = 1000
	}
	p := newCloudShellUsers(t, users, 0, 0)
	p.countApply(fmt.Sprintf("create %d CloudShell users", users), 3*users+repeatedChecks+1)
	p = newVCDUsers(t, users, 0)
	p.countApply(fmt.Sprintf("create %d vCD users", users), 2*users+repeatedChecks+3)
}

// For each user: read, take ownership, delete, task. Once: versions and login.
func TestDestroyVCDUsers(t *testing.T) {
	const users = 10
	p := newVCDUsers(t, users, 0)
	p.run("apply", "-auto-approve")
	p.countApply(fmt.Sprintf("destroy %d vCD users", users), 4*users+2, "-destroy")
}

// countApply applies a saved plan and counts what that sends.
func (p *platform) countApply(work string, bound int, args ...string) {
	p.t.Helper()
	p.run(append([]string{"plan", "-out=plan"}, args...)...)
	p.reset()
	p.run("apply", "plan")
	wantAtMost(p.t, work, p.requests(), bound)
	p.run(append([]string{"plan", "-detailed-exitcode"}, args...)...)
}

// TestApplyTime compares the plan and creation of many users with the same work by the provider that does nothing. Runs
// alternate, each with a platform of its own; the medians count.
func TestApplyTime(t *testing.T) {
	needFull(t)
	const most = 1.3
	for _, newPlatform := range []func() *platform{
		func() *platform { return newCloudShellUsers(t, *users, 0, latency) },
		func() *platform { return newVCDUsers(t, *users, latency) },
	} {
		var name string
		var ours, null []acctest.Run
		for range *runs {
			p := newPlatform()
			name = p.name
			ours = append(ours, p.run("apply", "-auto-approve"))
			null = append(null, newPlatform().runNull("apply", "-auto-approve"))
		}
		wall, nullWall := median(ours, ofWall), median(null, ofWall)
		ratio := wall.Seconds() / nullWall.Seconds()
		report(fmt.Sprintf("apply of %d new %s users", *users, name),
			fmt.Sprintf("%.2f x: %.1f s (null provider %.1f s), CPU %.1f s (%.1f s)", ratio, wall.Seconds(),
				nullWall.Seconds(), median(ours, ofCPU).Seconds(), median(null, ofCPU).Seconds()),
			fmt.Sprintf("%.1f x", most), ratio <= most)
	}
}
