// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

// TestMemory watches the provider's process while Terraform refreshes as many users as CloudShell has.
func TestMemory(t *testing.T) {
	needFull(t)
	const wanted = 150 // MB
	users := 10 * *users
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("needs Linux's /proc")
	}
	for _, p := range []*platform{cloudShellUsers(t, users, users, 0), vcdUsers(t, users, users, 0)} {
		used := watch(t)
		p.run("plan", "-refresh-only")
		most := used().memory
		if most == 0 {
			t.Fatal("no process of the provider was seen")
		}
		report(fmt.Sprintf("memory with %d %s users read", users, p.name), fmt.Sprintf("%d MB", most),
			fmt.Sprintf("%d MB", wanted), most < wanted)
		if most >= wanted {
			t.Errorf("%s: the provider took %d MB, want less than %d", p.name, most, wanted)
		}
	}
}

// usage is what the processes of an executable took.
type usage struct {
	memory int           // the most physical memory that one of them ever had, in MB
	cpu    time.Duration // of all of them together; what they did in their last 50 ms is missing
}

// watch looks at the processes of the provider until the function that it returns is called.
func watch(t *testing.T) func() usage {
	t.Helper()
	executable := filepath.Join(acctest.BuildProvider(t), "terraform-provider-directory")
	stop, result := make(chan struct{}), make(chan usage)
	go func() {
		most, ticks := 0, map[string]int{}
		for {
			select {
			case <-stop:
				sum := 0
				for _, n := range ticks {
					sum += n
				}
				result <- usage{most / 1024, time.Duration(sum) * time.Second / ticksASecond}
				return
			case <-time.After(50 * time.Millisecond):
				for _, process := range processes(executable) {
					most = max(most, peakKB(process))
					ticks[process] = max(ticks[process], cpuTicks(process))
				}
			}
		}
	}()
	return func() usage {
		close(stop)
		return <-result
	}
}

// processes are the folders in /proc of the processes of an executable. They come and go meanwhile.
func processes(executable string) []string {
	var found []string
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is well formed
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == executable {
			found = append(found, filepath.Dir(link))
		}
	}
	return found
}

// peakKB is the VmHWM of a process; 0 while it ends.
func peakKB(process string) int {
	status, _ := os.ReadFile(filepath.Join(process, "status"))
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, _ := strconv.Atoi(string(fields[0]))
	return kB
}

// ticksASecond is the unit of the times in /proc, which is the same on every Linux.
const ticksASecond = 100

// cpuTicks is the time that a process spent in user and system mode; 0 while it ends.
func cpuTicks(process string) int {
	stat, _ := os.ReadFile(filepath.Join(process, "stat"))
	_, rest, _ := bytes.Cut(stat, []byte(") ")) // the name in front may hold anything
	fields := bytes.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(string(fields[11]))
	system, _ := strconv.Atoi(string(fields[12]))
	return user + system
}
