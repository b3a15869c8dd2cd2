package bench_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// latency is what every request takes in the rows of time.
const latency = 20 * time.Millisecond

// TestPlanTime holds the plan of many users, which refreshes them, against that of a provider of the same schemas which asks
// nobody anything and is tuned in no way. Runs alternate, so that both meet the same machine; the medians count.
func TestPlanTime(t *testing.T) {
	needFull(t)
	users, wanted := *users, 0.8
	for _, p := range []*platform{cloudShellUsers(t, users, users, latency), vcdUsers(t, users, users, latency)} {
		p.run("apply", "-refresh-only", "-auto-approve")
		var ours, null []spent
		for range *runs {
			ours = append(ours, p.planEmpty())
			null = append(null, p.runWith(nullProvider, "plan", "-detailed-exitcode"))
		}
		wall, cpu := median(ours, spent.ofWall), median(ours, spent.ofCPU)
		nullWall, nullCPU := median(null, spent.ofWall), median(null, spent.ofCPU)
		ratio := wall.Seconds() / nullWall.Seconds()
		report(fmt.Sprintf("plan of %d %s users", users, p.name),
			fmt.Sprintf("%.2f x: %.1f s (null provider %.1f s), CPU %.1f s (%.1f s)",
				ratio, wall.Seconds(), nullWall.Seconds(), cpu.Seconds(), nullCPU.Seconds()),
			fmt.Sprintf("%.1f x", wanted), ratio <= wanted)
		t.Logf("%s: %v, null provider %v", p.name, ours, null)
	}
}

func TestPlanTimeOfGroup(t *testing.T) {
	needFull(t)
	const members = 5000
	const wanted = 3 * time.Second
	server := groupServer(t, members, 0, cloudshell.Options{Latency: latency})
	w := newWorkspace(t, groupConfig(server))
	w.run("apply", "-auto-approve")
	var plans []spent
	for range *runs {
		plans = append(plans, w.planEmpty())
	}
	wall := median(plans, spent.ofWall)
	report(fmt.Sprintf("plan of a group of %d", members),
		fmt.Sprintf("%.1f s, CPU %.1f s", wall.Seconds(), median(plans, spent.ofCPU).Seconds()), wanted.String(), wall <= wanted)
	t.Log(plans)
}

func (s spent) ofWall() time.Duration { return s.wall }
func (s spent) ofCPU() time.Duration  { return s.cpu }

func median(runs []spent, of func(spent) time.Duration) time.Duration {
	durations := make([]time.Duration, len(runs))
	for i, run := range runs {
		durations[i] = of(run)
	}
	slices.Sort(durations)
	return durations[len(durations)/2]
}
