// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const (
	directoryGroup = "Everyone of Lab"
	// atOnce is how many requests the provider sends at a time by default.
	atOnce = 8
	// mostOverLimit is by how much work may be slower than its requests are at full concurrency.
	mostOverLimit = 1.3
)

// crowd is a workspace with an imported group, over a CloudShell of its own.
type crowd struct {
	*workspace
	server    *cloudshell.Server
	directory *mockldap.Directory
	members   int
	others    int // users of CloudShell before the import
}

// newCrowd has a directory group of so many members, two CloudShell groups to put them in, and so many local users.
func newCrowd(t *testing.T, members, others int, latency time.Duration, settings string) *crowd {
	t.Helper()
	static := mockldap.NewDirectory()
	static.AddUser(people.People(members)...)
	static.AddGroup(people.Group{Name: directoryGroup}, names(members)...)
	server := acctest.CloudShell(t, cloudshell.Options{Directory: static, Latency: latency})
	for i := range others {
		server.AddLocalUser(fmt.Sprintf("local%05d", i))
	}
	server.AddGroup("Lab")
	server.AddGroup("Lab Two")
	config := acctest.CloudShellProvider(server.URL()) + fmt.Sprintf(`
resource "directory_cloudshell_imported_group" "lab" {
  name   = %q
  groups = ["Lab", "Lab Two"]
%s}
`, directoryGroup, settings)
	return &crowd{
		workspace: newWorkspace(t, config), server: server, directory: static, members: members, others: len(server.Users()),
	}
}

// list is how many requests a list of CloudShell's users takes when the members are among them.
func (c *crowd) list() int { return pages(c.others+c.members, cloudShellPage) }

// applyPlan plans, and applies the plan. It returns how many requests the apply sent, and how long it took.
func (c *crowd) applyPlan(args ...string) (requests int, took time.Duration) {
	c.t.Helper()
	c.run(append([]string{"plan", "-out=plan"}, args...)...)
	c.server.ResetRequests()
	took = c.run("apply", "plan").Wall
	return c.server.CountWork(), took
}

// The bound: the import, the list of users before and after it, one request for each CloudShell group, four more.
func TestImportGroup(t *testing.T) {
	members, others := 1000, 500
	if *full {
		members, others = 5000, 2500
	}
	c := newCrowd(t, members, others, 0, "")
	requests, _ := c.applyPlan()
	logRequests(t, c.server.Requests())
	work := fmt.Sprintf("import a group of %d beside %d users, 2 CloudShell groups", members, c.others)
	wantAtMost(t, work, requests, 1+pages(c.others, cloudShellPage)+c.list()+2+4)
	c.planEmpty()
}

// harms are what can happen to the accounts of people who leave, with the requests for each account.
var harms = []struct {
	policy string
	each   int
}{{"deactivate", 2}, {"delete", 3}}

// A destroy costs its requests and little more. With 20 ms a request, its time is compared with the time that the
// requests alone take at full concurrency.
func TestDestroyGroup(t *testing.T) {
	members, wait := 500, time.Duration(0)
	if *full {
		members, wait = 5000, latency
	}
	for _, harm := range harms {
		c := newCrowd(t, members, 0, wait, fmt.Sprintf("  deletion_policy = %q\n", harm.policy))
		c.run("apply", "-auto-approve")
		requests, took := c.applyPlan("-destroy")
		work := fmt.Sprintf("destroy a group of %d, %s", members, harm.policy)
		wantAtMost(t, work, requests, harm.each*members+2+5*c.list())
		reportLimit(work, requests, took)
	}
}

// All members but one leave the directory group.
func TestLetMembersGo(t *testing.T) {
	members, wait := 500, time.Duration(0)
	if *full {
		members, wait = 5000, latency
	}
	for _, harm := range harms {
		c := newCrowd(t, members+1, 0, wait, fmt.Sprintf("  departed_members = %q\n", harm.policy))
		c.run("apply", "-auto-approve")
		c.directory.RemoveMember(directoryGroup, names(members)...)
		requests, took := c.applyPlan()
		work := fmt.Sprintf("let %d members go, %s", members, harm.policy)
		wantAtMost(t, work, requests, harm.each*members+2+5*c.list())
		reportLimit(work, requests, took)
		c.planEmpty()
	}
}

// reportLimit tells how long work took in relation to what its requests take at full concurrency.
func reportLimit(work string, requests int, took time.Duration) {
	limit := time.Duration(requests) * latency / atOnce
	ratio := took.Seconds() / limit.Seconds()
	report(work+", time", fmt.Sprintf("%.2f x the limit of %d at once: %.1f s (%.1f s)", ratio, atOnce, took.Seconds(),
		limit.Seconds()), fmt.Sprintf("%.1f x", mostOverLimit), ratio <= mostOverLimit)
}

// The plugin framework must not walk the members one by one: it would allocate some 870 times for each of them in a
// plan. The number of allocations is the same on a busy machine.
func TestPlanOfGroupAllocatesLittle(t *testing.T) {
	const members, most = 2000, 60
	static := mockldap.NewDirectory()
	static.AddUser(people.People(members)...)
	static.AddGroup(people.Group{Name: directoryGroup}, names(members)...)
	server := acctest.CloudShell(t, cloudshell.Options{Directory: static})
	protocol := acctest.Configured(t, acctest.Object{"cloudshell": acctest.Object{
		"url": server.URL(), "username": "admin", "password": "admin",
	}})
	group := protocol.Instance("directory_cloudshell_imported_group")
	config := acctest.Object{"name": directoryGroup}
	if text := acctest.Errors(group.Apply(config)); text != "" {
		t.Fatal(text)
	}
	request := group.PlanRequest(config)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	resp, err := protocol.Server.PlanResourceChange(t.Context(), request)
	runtime.ReadMemStats(&after)
	if err != nil || acctest.Errors(resp.Diagnostics) != "" {
		t.Fatal(err, resp.Diagnostics)
	}
	each := int(after.Mallocs-before.Mallocs) / members
	report("allocations for a plan of a group, for each member", fmt.Sprint(each), fmt.Sprint(most), each <= most)
	if each > most {
		t.Errorf("the plan allocated %d times for each member, want at most %d", each, most)
	}
}

// A refresh and plan of a group reads both lists. Time, and the memory of the provider's process.
func TestPlanOfGroup(t *testing.T) {
	needFull(t)
	for _, c := range []struct {
		members int
		most    time.Duration
		mostMB  int
	}{{5000, 3 * time.Second, 150}, {20_000, 10 * time.Second, 300}} {
		crowd := newCrowd(t, c.members, 0, latency, "")
		crowd.run("apply", "-auto-approve")
		used := watch(t)
		var plans []acctest.Run
		for range *runs {
			plans = append(plans, crowd.planEmpty())
		}
		provider, wall, cpu := used(), median(plans, ofWall), median(plans, ofCPU)
		mb := provider.memory
		report(fmt.Sprintf("plan of a group of %d", c.members),
			fmt.Sprintf("%.1f s, CPU %.1f s, %.1f s of it the provider's", wall.Seconds(), cpu.Seconds(),
				provider.cpu.Seconds()/float64(len(plans))), c.most.String(), wall <= c.most)
		report(fmt.Sprintf("memory for a plan of a group of %d", c.members), fmt.Sprintf("%d MB", mb),
			fmt.Sprintf("%d MB", c.mostMB), mb <= c.mostMB)
		if mb == 0 || mb > c.mostMB {
			t.Errorf("the plan of %d members took %d MB, want at most %d", c.members, mb, c.mostMB)
		}
	}
}
