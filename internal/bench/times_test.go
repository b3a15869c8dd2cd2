// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

// latency is what every request takes in the rows of time.
const latency = 20 * time.Millisecond

// TestPlanTime compares the plan of many users, which refreshes them, with that of a provider of the same schemas that
// sends no request and is not tuned. Runs alternate, so that both have the same machine; the medians count.
func TestPlanTime(t *testing.T) {
	needFull(t)
	users, wanted := *users, 0.8
	for _, p := range []*platform{cloudShellUsers(t, users, users, latency), vcdUsers(t, users, users, latency)} {
		p.run("apply", "-refresh-only", "-auto-approve")
		var ours, null []acctest.Run
		for range *runs {
			ours = append(ours, p.planEmpty())
			null = append(null, p.runNull("plan", "-detailed-exitcode"))
		}
		wall, cpu := median(ours, ofWall), median(ours, ofCPU)
		nullWall, nullCPU := median(null, ofWall), median(null, ofCPU)
		ratio := wall.Seconds() / nullWall.Seconds()
		report(fmt.Sprintf("plan of %d %s users", users, p.name),
			fmt.Sprintf("%.2f x: %.1f s (null provider %.1f s), CPU %.1f s (%.1f s)",
				ratio, wall.Seconds(), nullWall.Seconds(), cpu.Seconds(), nullCPU.Seconds()),
			fmt.Sprintf("%.1f x", wanted), ratio <= wanted)
	}
}

func ofWall(run acctest.Run) time.Duration { return run.Wall }
func ofCPU(run acctest.Run) time.Duration  { return run.CPU }

func median(runs []acctest.Run, of func(acctest.Run) time.Duration) time.Duration {
	durations := make([]time.Duration, len(runs))
	for i, run := range runs {
		durations[i] = of(run)
	}
	slices.Sort(durations)
	return durations[len(durations)/2]
}
