// Package bench_test measures what the provider costs: requests at the platforms, time and memory, all with real Terraform
// over the mock platforms. Plain tests count requests, smaller where that takes long; with -full (make bench) everything is
// measured at full size, times and memory too, and a table is printed.
package bench_test

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"text/tabwriter"
)

var (
	full  = flag.Bool("full", false, "measure at full size, times and memory too, and print the table")
	runs  = flag.Int("runs", 5, "how often to measure a time; the median counts")
	users = flag.Int("users", 1000, "how many users the timed plans are of")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("", "bench-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	code := m.Run()
	if *full {
		table.print()
	}
	return code
}

// scratch is where the providers under measurement are built.
var scratch string

// table is what was measured, in the order of the tests.
var table rows

type rows struct {
	mu   sync.Mutex
	rows []row
}

type row struct {
	work, measured, bound string
	kept                  bool
}

func (r *rows) add(work, measured, bound string, kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = append(r.rows, row{work, measured, bound, kept})
}

func (r *rows) print() {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\nwork\tmeasured\tbound\t")
	for _, row := range r.rows {
		verdict := ""
		if !row.kept {
			verdict = "EXCEEDED"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", row.work, row.measured, row.bound, verdict)
	}
	_, _ = fmt.Fprintln(w)
	_ = w.Flush()
}

// wantAtMost holds a number of requests against its bound.
func wantAtMost(t *testing.T, work string, requests, bound int) {
	t.Helper()
	table.add(work, fmt.Sprintf("%d requests", requests), fmt.Sprint(bound), requests <= bound)
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
