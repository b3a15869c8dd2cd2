// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const (
	crowdSize  = 5000
	crowdPages = crowdSize / 250
)

// crowd is a directory with 5,000 people in the group "Lab Engineers", and some in reserve.
func crowd() *mockldap.Directory {
	directory := mockldap.NewDirectory()
	crowd := people.People(crowdSize + 10)
	directory.AddUser(crowd...)
	names := make([]string, crowdSize)
	for i := range names {
		names[i] = crowd[i].Username
	}
	directory.AddGroup(people.Group{Name: labGroup}, names...)
	directory.AddGroup(people.Group{Name: "Lab Operators"})
	return directory
}

// TestImportedGroupOf5000CostsFewRequests counts what one run of `terraform apply` with a plan file costs: Terraform
// plans once more and applies. It counts in requests, login aside: 1 import, 2 paged lists, 1 for each CloudShell
// group, and 4.
func TestImportedGroupOf5000CostsFewRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{Directory: crowd()})
	g := w.group(object{"groups": []any{"Engineers", "Guests"}, "departed_members": "deactivate"})

	apply := func(most int) {
		t.Helper()
		g.rerun()
		w.server.ResetRequests()
		if text := acctest.Errors(g.Apply(g.config)); text != "" { // plans and applies
			t.Fatal(text)
		}
		if n := w.server.CountWork(); n > most {
			t.Errorf("%d requests, want at most %d", n, most)
		}
	}
	refresh := func(most int) {
		t.Helper()
		g.rerun()
		w.server.ResetRequests()
		g.refresh()
		if n := w.server.CountWork(); n > most {
			t.Errorf("a refresh takes %d requests, want at most %d", n, most)
		}
	}

	apply(1 + 2*(crowdPages+1) + 2 + 4)
	if n := len(g.State["created_members"].(object)); n != crowdSize {
		t.Fatalf("%d members", n)
	}
	refresh(2*(crowdPages+1) + 2)

	w.directory.AddMember(labGroup, "user5001", "user5002")
	w.directory.RemoveMember(labGroup, "user0001")
	refresh(3*(crowdPages+1) + 2) // a second reading of the directory group proves that people have left it
	// For the leaver: one more reading of the group, one request for each CloudShell group, and read, write.
	apply(1 + 3*(crowdPages+1) + 2 + 4 + 2 + 2)
	refresh(2*(crowdPages+1) + 2)
	if text := g.changes(); text != "" {
		t.Errorf("another plan changes %.300s", text)
	}
}

// While tests of other packages run on the same machine, the clock proves little and Terraform's own time not all.
// These are how much of either a command may take, as multiples of what it takes at most on a machine with nothing
// else to do; what is quadratic in the members, as sets are, takes more than that.
const (
	busyClock = 20
	busyTime  = 2
)

// TestAccImportedGroup_crowd measures Terraform with 5,000 members at 20 ms a request, where a plan should take 3 s at
// most, and holds the output of a plan to who changed.
func TestAccImportedGroup_crowd(t *testing.T) {
	t.Parallel()
	directory := crowd()
	server := start(t, cloudshell.Options{Directory: directory, Latency: 20 * time.Millisecond})
	server.AddGroup("Engineers")
	c := newCLI(t, groupConfig(server, `groups = ["Engineers"]`))
	timed := func(what string, most time.Duration, run func() string) string {
		t.Helper()
		begun := time.Now()
		output := run()
		took := time.Since(begun)
		t.Logf("%s: %s by the clock, Terraform alone %s", what, took.Round(10*time.Millisecond),
			c.cpu.Round(10*time.Millisecond))
		if took > busyClock*most || c.cpu > busyTime*most {
			t.Errorf("%s took %s by the clock and %s of Terraform alone, want at most %s", what, took, c.cpu, most)
		}
		return output
	}
	shown := timed("plan of a create", 3*time.Second, func() string { return c.plan() })
	contains(t, shown, `"user0001", "user0002"`, "and 4980 more")
	timed("create", 10*time.Second, func() string { return c.apply() })
	contains(t, timed("plan without changes", 3*time.Second, func() string { return c.plan() }), noChanges)

	directory.AddMember(labGroup, "user5001")
	directory.RemoveMember(labGroup, "user0007")
	shown = timed("plan", 3*time.Second, func() string { return c.plan() })
	contains(t, shown, `- "user0007" = "User 0007" -> null + "user5001" = "User 5001" # (4999 unchanged elements hidden)`)
	if n := strings.Count(shown, "user"); n > 10 {
		t.Errorf("the plan names %d people", n)
	}
	timed("apply", 10*time.Second, func() string { return c.apply() })
	contains(t, c.plan(), noChanges)
	if n := len(server.Users()); n != crowdSize+1+2 {
		t.Error(fmt.Errorf("CloudShell has %d users", n))
	}
}
