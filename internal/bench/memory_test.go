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
		peak := watchMemory(t, filepath.Join(acctest.BuildProvider(t), "terraform-provider-directory"))
		p.run("plan", "-refresh-only")
		most := peak()
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

// watchMemory looks at the processes of an executable until the function that it returns is called. That returns the
// most physical memory that one of them ever took, in MB.
func watchMemory(t *testing.T, executable string) func() int {
	t.Helper()
	stop, result := make(chan struct{}), make(chan int)
	go func() {
		most := 0
		for {
			select {
			case <-stop:
				result <- most / 1024
				return
			case <-time.After(50 * time.Millisecond):
				most = max(most, peakKB(executable))
			}
		}
	}()
	return func() int {
		close(stop)
		return <-result
	}
}

// peakKB is the greatest VmHWM among the processes of an executable; 0 when there is none. Processes come and go
// meanwhile.
func peakKB(executable string) int {
	most := 0
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is well formed
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != executable {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		if err != nil {
			continue
		}
		_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
		if fields := bytes.Fields(rest); len(fields) > 0 {
			kB, _ := strconv.Atoi(string(fields[0])) // 0 while the process ends
			most = max(most, kB)
		}
	}
	return most
}
