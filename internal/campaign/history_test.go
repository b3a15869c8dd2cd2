// SPDX-License-Identifier: MPL-2.0

package campaign_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

const (
	rounds     = 3   // of change and storm
	calmRuns   = 2   // of apply or destroy without faults, within which everything has to be right
	faultRate  = 0.2 // of all requests
	writerRate = 0.1 // how often others write before a request is served
)

// platform is a mock platform with people, some of them there before, and a configuration for it.
type platform interface {
	config() string
	variables() string // terraform.tfvars.json
	faults() *faults.Injector

	// change lets people come and go, in the directory and in the configuration, and says what it did.
	change(random *rand.Rand) []string
	// write is what others do on the platform at the same time.
	write(random *rand.Rand)

	// accounts are the ids of the accounts that the history is about, by name.
	accounts() map[string]string
	// claimed says for each name that the state holds whether it was created, as the state has it.
	claimed(instances []acctest.StateInstance) map[string]bool
	// problems says in which ways the platform is not what the configuration says. Orphans are people that Terraform could
	// not know of.
	problems(before map[string]string, orphans map[string]bool) []string
	// harm says which people who were there before came to harm.
	harm(before map[string]string) []string
}

// history is one course of events.
type history struct {
	t        *testing.T
	seed     uint64
	random   *rand.Rand
	platform platform
	w        *acctest.Workspace
	tally    *tally
	before   map[string]string
	log      []string

	// orphans were created by a Terraform that was killed before it could save state. They exist, and nothing can tell
	// that they did not exist before: the promises about what was created and what a destroy leaves do not cover them.
	orphans map[string]bool
}

func seedName(seed uint64) string { return fmt.Sprintf("seed=%d", seed) }

func newHistory(t *testing.T, seed uint64, p platform, counts *tally) *history {
	return &history{
		t: t, seed: seed, random: rand.New(rand.NewPCG(seed, 1)), platform: p, w: acctest.NewWorkspace(t, p.config()),
		tally: counts, before: p.accounts(), orphans: map[string]bool{},
	}
}

func (h *history) play() {
	for round := range rounds {
		if round > 0 {
			h.note("%s", strings.Join(h.platform.change(h.random), ", "))
		}
		h.storm("apply")
		h.want("after the storm, people who were there before", h.platform.harm(h.before))
	}
	h.calm("apply")
	h.want("what differs from the configuration", h.platform.problems(h.before, h.orphans))
	h.wantClaims()
	if run := h.w.Terraform("plan", "-detailed-exitcode"); run.Code != 0 {
		h.fail("a further plan is not empty:\n%s", lastLines(run.Output))
	}
	h.storm("destroy")
	h.calm("destroy")
	h.want("after the destroy, people who were there before", h.platform.harm(h.before))
	h.wantOnlyThoseBefore()
	h.t.Logf("history:\n  %s", strings.Join(h.log, "\n  "))
}

// firstApply runs the first apply under faults, to its end.
func (h *history) firstApply() (output string, ok bool) {
	h.w.Write("terraform.tfvars.json", h.platform.variables())
	h.addFaults()
	run := h.w.Terraform("apply", "-auto-approve")
	return run.Output, run.Code == 0
}

// storm runs Terraform once under faults, and may interrupt or kill it.
func (h *history) storm(command string) {
	h.w.Write("terraform.tfvars.json", h.platform.variables())
	h.addFaults()
	process := h.w.Start(command, "-auto-approve")
	ended := make(chan struct{})
	signalled := make(chan string)
	delay := time.Duration(1000+h.random.IntN(6000)) * time.Millisecond
	kind := h.random.IntN(3)
	go func() {
		select {
		case <-ended:
			signalled <- "to its end"
		case <-time.After(delay):
			signalled <- h.signal(process, kind)
		}
	}()
	run := process.Wait()
	close(ended)
	how := <-signalled
	injected := h.platform.faults().Injected()
	h.platform.faults().Clear()
	h.tally.addRun(how, run.Code, injected)
	took := run.Wall.Round(time.Millisecond)
	h.note("%s under faults %s: exit code %d after %s, %d faults", command, how, run.Code, took, len(injected))
	for _, line := range errorSummaries(run.Output) {
		h.note("  %s", line)
	}
	if how == "killed" && h.w.RestoreTornState() {
		h.note("the state file was torn: its backup is restored")
	}
	switch stateless := h.withoutState(); {
	case how == "killed":
		stateless = append(stateless, h.withFormerState()...)
		for _, name := range stateless {
			h.orphans[name] = true
		}
		h.tally.orphans += len(stateless)
		h.note("exist without state: %v", stateless)
	case len(stateless) > 0:
		h.fail("Terraform ended by itself, and these were created and are in no state: %v\n%s",
			stateless, lastLines(run.Output))
	}
}

func (h *history) signal(process *acctest.Process, kind int) string {
	switch kind {
	case 0:
		process.Interrupt()
		return "interrupted"
	case 1:
		process.Kill()
		return "killed"
	default:
		return "to its end"
	}
}

// withoutState are the people whose accounts Terraform created but does not have in state.
func (h *history) withoutState() []string {
	held := h.platform.claimed(h.w.Instances())
	var names []string
	for name := range h.platform.accounts() {
		if _, there := h.before[name]; !there && !held[name] && !h.orphans[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// withFormerState are the people whose account Terraform replaced, and whose state is that of the former account: it is
// the backup, or was not saved again.
func (h *history) withFormerState() []string {
	accounts := h.platform.accounts()
	var names []string
	for _, instance := range h.w.Instances() {
		name, _ := cmp.Or(instance.Attributes["username"], instance.Attributes["name"]).(string)
		id, there := accounts[name]
		if _, before := h.before[name]; there && !before && fmt.Sprint(instance.Attributes["id"]) != id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// calm runs Terraform without faults until it succeeds, at most twice.
func (h *history) calm(command string) {
	var run acctest.Run
	for range calmRuns {
		run = h.w.Terraform(command, "-auto-approve")
		h.note("%s without faults: exit code %d after %s", command, run.Code, run.Wall.Round(time.Millisecond))
		if run.Code == 0 && command == "destroy" {
			return
		}
	}
	if run.Code != 0 {
		h.fail("%s fails without faults:\n%s", command, lastLines(run.Output))
	}
}

// addFaults adds every kind of fault that a network and a busy platform have.
func (h *history) addFaults() {
	kinds := []faults.Fault{
		faults.Status(500), faults.Busy(503, 0), faults.Busy(429, 0), faults.HTML(502), faults.CutBefore(), faults.CutAfter(),
		faults.AnswerAfter(503, "text/plain", "busy"), faults.AnswerAfter(504, "text/html", "<html>gateway</html>"),
		faults.Truncate(), faults.Garble(), faults.Delay(200 * time.Millisecond),
	}
	writer := rand.New(rand.NewPCG(h.seed, 2))
	injector := h.platform.faults()
	var one sync.Mutex // requests come at the same time
	injector.Add(faults.Rule{Rate: writerRate, Fault: faults.Call(func() {
		one.Lock()
		defer one.Unlock()
		h.platform.write(writer)
	})})
	for _, kind := range kinds {
		injector.Add(faults.Rule{Rate: faultRate / float64(len(kinds)), Fault: kind})
	}
}

// wantClaims checks that `created` in state is true for exactly the people who were not there before.
func (h *history) wantClaims() {
	for name, created := range h.platform.claimed(h.w.Instances()) {
		_, there := h.before[name]
		if created == there && !h.orphans[name] {
			h.fail("%s was there before: %t, and created is %t", name, there, created)
		}
	}
}

func (h *history) wantOnlyThoseBefore() {
	for name := range h.platform.accounts() {
		if _, there := h.before[name]; !there && !h.orphans[name] {
			h.fail("%s was created and is there after the destroy", name)
		}
	}
}

func (h *history) want(what string, problems []string) {
	h.t.Helper()
	if len(problems) > 0 {
		h.fail("%s:\n  %s", what, strings.Join(problems, "\n  "))
	}
}

func (h *history) note(format string, arguments ...any) {
	h.log = append(h.log, fmt.Sprintf(format, arguments...))
}

// fail ends the test with the history, which the seed repeats as far as the clock allows.
func (h *history) fail(format string, arguments ...any) {
	h.t.Helper()
	h.t.Fatalf("%s\nhistory (-run '%s' -first %d -seeds 1):\n  %s", fmt.Sprintf(format, arguments...),
		strings.Split(h.t.Name(), "/")[0], h.seed, strings.Join(h.log, "\n  "))
}

// errorSummaries are the first lines of the errors in Terraform's output.
func errorSummaries(output string) []string {
	var summaries []string
	for line := range strings.Lines(output) {
		if _, summary, ok := strings.Cut(line, "Error: "); ok {
			summaries = append(summaries, strings.TrimSpace(summary))
		}
	}
	return summaries
}

func lastLines(output string) string {
	const most = 6000
	return output[max(0, len(output)-most):]
}
