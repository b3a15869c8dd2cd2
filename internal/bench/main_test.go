// SPDX-License-Identifier: MPL-2.0

// Package bench_test measures what the provider costs: requests at the platforms, time and memory, all with real
// Terraform over the mock platforms. Plain tests count requests, smaller where that takes long; with -full (make
// bench) everything is measured at full size, times and memory too, and printed as a table.
package bench_test

import (
	"flag"
	"fmt"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

var (
	full  = flag.Bool("full", false, "measure at full size, times and memory too, and print the table")
	runs  = flag.Int("runs", 5, "how often to measure a time; the median counts")
	users = flag.Int("users", 1000, "how many users the timed plans are of; memory is measured with ten times as many")
)

func TestMain(m *testing.M) { acctest.Main(m) }

// report prints a line of the table, as soon as it is measured.
func report(work, measured, bound string, kept bool) {
	if !*full {
		return
	}
	heading.Do(func() { printLine("work", "measured", "bound") })
	if !kept {
		bound += "  EXCEEDED"
	}
	printLine(work, measured, bound)
}

var heading sync.Once

func printLine(work, measured, bound string) {
	fmt.Printf("%-62s  %-66s  %s\n", work, measured, bound)
}

// wantAtMost compares a number of requests with its bound.
func wantAtMost(t *testing.T, work string, requests, bound int) {
	t.Helper()
	report(work, fmt.Sprintf("%d requests", requests), fmt.Sprint(bound), requests <= bound)
	t.Logf("%s: %d requests, at most %d", work, requests, bound)
	if requests > bound {
		t.Errorf("%s took %d requests, want at most %d", work, requests, bound)
	}
}

// needFull skips what takes minutes or needs a machine that does nothing else.
func needFull(t *testing.T) {
	t.Helper()
	if !*full {
		t.Skip("measured by make bench")
	}
}
