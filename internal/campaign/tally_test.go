// SPDX-License-Identifier: MPL-2.0

package campaign_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// tally counts what the histories of one platform went through, for the table in CONTRIBUTING.md.
type tally struct {
	met         map[string]*requests // by the name of the fault
	runs        int                  // of Terraform under faults
	interrupted int
	killed      int
	failed      int // ended with an error, and were neither interrupted nor killed
	orphans     int // people whose creating run was killed before it could save state
}

// requests are the numbers of requests that met a fault.
type requests struct{ logins, reads, writes int }

func newTally() *tally { return &tally{met: map[string]*requests{}} }

func (c *tally) addRun(how string, exitCode int, injected []faults.Injected) {
	c.runs++
	switch {
	case how == "interrupted":
		c.interrupted++
	case how == "killed":
		c.killed++
	case exitCode != 0:
		c.failed++
	}
	for _, fault := range injected {
		c.addFault(fault)
	}
}

func (c *tally) addFault(fault faults.Injected) {
	met, ok := c.met[fault.Fault]
	if !ok {
		met = &requests{}
		c.met[fault.Fault] = met
	}
	switch {
	case fault.Method == http.MethodGet:
		met.reads++
	case strings.Contains(strings.ToLower(fault.Path), "login"), strings.Contains(fault.Path, "sessions"):
		met.logins++
	default:
		met.writes++
	}
}

func (c *tally) String() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "fault\tlogins\treads\twrites\t")
	for _, name := range slices.Sorted(maps.Keys(c.met)) {
		met := c.met[name]
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t\n", name, met.logins, met.reads, met.writes)
	}
	table.Flush()
	fmt.Fprintf(&text, "%d runs under faults: %d interrupted, %d killed, %d of the others failed; %d people without state",
		c.runs, c.interrupted, c.killed, c.failed, c.orphans)
	return text.String()
}
