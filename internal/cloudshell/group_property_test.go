// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// groupHistory is a random history of one CloudShell group: other clients write, requests meet faults, and Terraform
// replaces what a failed create left.
type groupHistory struct {
	t       *testing.T
	random  *rand.Rand
	server  *cloudshell.Server
	group   *acctest.Instance
	config  object
	foreign int64 // a group that was there before, with a member
	log     []string
}

// Whatever happens on the way, what comes out is what was planned, a group that was there before stays, and once
// nothing fails any more the group is as configured.
func TestGroupHistories(t *testing.T) {
	t.Parallel()
	histories := 70
	if n, err := strconv.Atoi(os.Getenv("TEST_GROUP_HISTORIES")); err == nil {
		histories = n
	}
	for seed := range histories {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			playGroupHistory(t, uint64(seed))
		})
	}
}

func playGroupHistory(t *testing.T, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	options := cloudshell.GroupOptions{
		Deletion: cloudshell.DeletionPath(random.IntN(3)), Occupied: cloudshell.OccupiedGroup(random.IntN(3)),
		Taken: cloudshell.TakenName(random.IntN(2)), Paths: cloudshell.DomainPaths(random.IntN(3)),
		Again: cloudshell.DomainAgain(random.IntN(4)), Archived: cloudshell.ArchivedDomains(random.IntN(2)),
	}
	server := labServer(t, cloudshell.Options{Groups: options})
	foreign := server.AddGroup("Beta")
	server.SetAccess("Beta", "Lab", "full")
	server.ChangeUser("operator", func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, foreign.ID) })
	h := &groupHistory{t: t, random: random, server: server, foreign: foreign.ID, group: newGroup(t, server)}
	h.note("%+v", options)
	defer func() {
		if t.Failed() {
			for _, line := range h.log {
				t.Log(line)
			}
		}
	}()
	for range 8 {
		h.step()
		h.checkForeign()
	}
	h.settle()
	h.checkForeign()
}

func (h *groupHistory) note(format string, args ...any) {
	h.log = append(h.log, fmt.Sprintf(format, args...))
}

func (h *groupHistory) pick(from ...string) string { return from[h.random.IntN(len(from))] }

func (h *groupHistory) step() {
	h.t.Helper()
	h.config = object{"name": h.pick("Alpha", "ALPHA", "Beta", "Gamma"), "allow_update": h.random.IntN(2) == 0}
	if h.random.IntN(2) == 0 {
		h.config["description"] = h.pick("", "One", "Two")
	}
	if h.random.IntN(2) == 0 {
		h.config["role"] = h.pick("External", "Regular", "DomainAdmin")
	}
	if h.random.IntN(3) > 0 {
		h.config["domains"] = h.domains("Lab", "Training", "Global", "lab")
	}
	h.config["deletion_policy"] = h.pick("auto", "abandon", "delete")
	h.others()
	h.nextRun()
	if h.random.IntN(4) > 0 {
		h.inject()
	}
	deletesForeign := h.group.State["id"] == h.foreign && h.group.State["deletion_policy"] == "delete"
	if h.random.IntN(6) == 0 && !deletesForeign {
		h.apply(nil)
	} else {
		h.apply(h.config)
	}
	h.server.Faults().Clear()
}

func (h *groupHistory) domains(names ...string) object {
	value := object{}
	for _, name := range names {
		if _, both := value["Lab"]; h.random.IntN(2) == 0 && !(both && name == "lab") {
			value[name] = h.pick("full", "view_only")
		}
	}
	return value
}

// others write between two runs.
func (h *groupHistory) others() {
	id, _ := h.group.State["id"].(int64)
	name, _ := h.group.State["name"].(string)
	if id == 0 || id == h.foreign {
		return
	}
	switch h.random.IntN(8) {
	case 0:
		h.note("others delete %s", name)
		h.server.RemoveGroup(name)
	case 1:
		h.note("others rename %s", name)
		h.server.ChangeGroup(name, func(g *cloudshell.UserGroup) { g.Name = "Delta" })
	case 2:
		h.note("others change the domains")
		h.server.SetAccess(name, h.pick("Lab", "Training"), h.pick("", "full", "view_only"))
	}
}

func (h *groupHistory) nextRun() {
	h.t.Helper()
	h.group = h.group.In(acctest.Configured(h.t, providerObject(h.server)))
	if h.group.State == nil {
		return
	}
	mustRefresh(h.t, h.group)
	if h.group.State == nil {
		h.group = newGroup(h.t, h.server)
	}
}

// inject makes requests that write, and some that read, fail in any way.
func (h *groupHistory) inject() {
	kinds := []faults.Fault{
		faults.Status(http.StatusInternalServerError), faults.StatusAfter(http.StatusBadGateway), faults.CutBefore(),
		faults.CutAfter(), faults.Truncate(), faults.Status(http.StatusBadRequest),
		faults.Status(http.StatusForbidden), faults.Garble(),
	}
	for range 1 + h.random.IntN(2) {
		fault := kinds[h.random.IntN(len(kinds))]
		rule := faults.Rule{Method: h.pick("POST", "PUT", "DELETE", "GET"), Path: "/api/v1/**", Skip: h.random.IntN(3),
			Times: 1 + h.random.IntN(2), Fault: fault}
		h.note("  fault %+v %s", rule.Method, fault)
		h.server.Faults().Add(rule)
	}
}

func (h *groupHistory) apply(config object) {
	h.t.Helper()
	isNew := h.group.State == nil
	if isNew && config == nil {
		return
	}
	resp, planned := h.group.Plan(config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		h.note("plan of %v: %s", config, text)
		return
	}
	h.group = h.group.In(acctest.Configured(h.t, providerObject(h.server)))
	failed := acctest.Errors(h.group.Apply(config))
	h.note("apply of %v: %v, %s", config, h.group.State, failed)
	switch {
	case failed == "" && config != nil:
		if differ := contradictions(planned, h.group.State); differ != "" {
			h.t.Errorf("inconsistent result after apply: %s", differ)
		}
	case failed != "" && isNew && h.group.State != nil:
		h.replace(config)
	}
}

// replace is what Terraform does about a create that failed and left state.
func (h *groupHistory) replace(config object) {
	h.t.Helper()
	h.server.Faults().Clear()
	h.nextRun()
	if h.group.State == nil {
		return
	}
	if text := acctest.Errors(h.group.Apply(nil)); text != "" {
		h.t.Errorf("destroying what is tainted: %s", text)
	}
	h.group.Private, h.group.Identity = nil, nil
	failed := acctest.Errors(h.group.Apply(config))
	h.note("replaced: %v, %s", h.group.State, failed)
	if failed != "" {
		h.t.Errorf("the replacement fails: %s", failed)
	}
}

// checkForeign asserts that the group that was there before is still there, with its member.
func (h *groupHistory) checkForeign() {
	h.t.Helper()
	there := slices.ContainsFunc(h.server.Groups(), func(g cloudshell.UserGroup) bool { return g.ID == h.foreign })
	operator, _ := h.server.User("operator")
	if !there || !operator.InGroup(h.foreign) {
		h.t.Errorf("the group that was there before: %v, its member in it: %v", there, operator.InGroup(h.foreign))
	}
}

// settle applies a configuration that nothing is wrong with.
func (h *groupHistory) settle() {
	h.t.Helper()
	h.nextRun()
	h.config = object{"name": "Omega", "allow_update": true, "role": "External",
		"domains": domains("Lab", "view_only", "Training", "full")}
	h.apply(h.config)
	h.nextRun()
	if differ := changes(h.t, h.group, h.config); differ != "" {
		h.t.Errorf("another plan changes %s", differ)
	}
	want := map[string]string{"Lab": "view_only", "Training": "full"}
	if got := h.server.Access("Omega"); !maps.Equal(got, want) {
		h.t.Errorf("the domains are %v, want %v", got, want)
	}
}
