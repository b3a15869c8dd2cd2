// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// TestImportedGroupConverges plays random histories of a directory, with two imported groups that share people, often
// a user resource for a person who may be in both, and other people who work in the directory and in CloudShell,
// between two runs and between two requests of one. Whatever happened: a few rounds of apply later another plan changes
// nothing, no plan ever contradicted its apply, no user who was there before was deleted, or deactivated while the
// directory group or the user resource holds them, local ones are as they were, no one has two owners, and a destroy
// leaves no one behind.
func TestImportedGroupConverges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(t, rt)
		defer h.server.Close()
		steps := rapid.IntRange(1, 12).Draw(rt, "steps")
		seed := rapid.Uint64().Draw(rt, "writer")
		stop := h.server.AnotherWriter(cloudshell.Writer{Seed: seed, Rate: 0.1, Bystanders: 4})
		if rapid.Bool().Draw(rt, "others between requests") {
			h.others = rand.New(rand.NewPCG(seed, 1))
			h.server.Faults().Seed(seed)
			h.server.Faults().Add(faults.Rule{Rate: 0.1, Fault: faults.Call(h.interfere)})
		}
		for range steps {
			h.step()
		}
		stop()
		h.server.Faults().Clear()
		h.others = nil
		h.converge()
		h.destroy()
	})
}

// history is one random course of events.
type history struct {
	*world
	rt     *rapid.T
	groups []*group
	user   *group // the user resource, nil where there is none
	hired  int

	mu     sync.Mutex // others work while requests are served
	others *rand.Rand // nil when only the runs of Terraform change the world between two requests
	log    []string
	byHand map[int64]string // users who were there before, or came by hand
}

func newHistory(t *testing.T, rt *rapid.T) *history {
	options := cloudshell.Options{
		Match:       rapid.SampledFrom([]cloudshell.MatchBy{cloudshell.MatchByName, cloudshell.MatchBySid}).Draw(rt, "match"),
		Exists:      cloudshell.ExistsAnswer(rapid.IntRange(0, 3).Draw(rt, "exists")),
		GroupExists: cloudshell.GroupExistsAnswer(rapid.IntRange(0, 3).Draw(rt, "group exists")),
		Unknown:     cloudshell.UnknownAnswer(rapid.IntRange(0, 2).Draw(rt, "unknown")),
		Errors:      cloudshell.ErrorShape(rapid.IntRange(0, 3).Draw(rt, "errors")),
		Local:       cloudshell.LocalTakenOver,
		Reactivate:  rapid.Bool().Draw(rt, "reactivate"),
		Directory:   mockldap.NewDirectory(),
	}
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, directory: options.Directory.(*mockldap.Directory), server: server}
	w.engineers, w.guests = server.AddGroup("Engineers").ID, server.AddGroup("Guests").ID
	h := &history{world: w, rt: rt, byHand: map[int64]string{}}
	for _, name := range []string{"A", "B"} {
		w.directory.AddGroup(people.Group{Name: name})
	}
	for range 4 {
		h.hire()
	}
	w.provider = acctest.Configured(t, providerObject(server))
	for _, name := range []string{"A", "B"} {
		h.groups = append(h.groups, w.group(h.config(name)))
	}
	if rapid.IntRange(0, 2).Draw(rt, "user resource") > 0 {
		h.user = &group{Instance: w.provider.Instance(userType), w: w, config: h.userConfig()}
	}
	return h
}

// config draws a configuration. The other group's people are retained or not.
func (h *history) config(name string) object {
	other := map[string]string{"A": "B", "B": "A"}[name]
	config := object{
		"name": name, "allow_empty": rapid.Bool().Draw(h.rt, "allow empty "+name),
		"allow_update":     rapid.Bool().Draw(h.rt, "allow update "+name),
		"departed_members": rapid.SampledFrom([]string{"keep", "deactivate", "delete"}).Draw(h.rt, "departed "+name),
		"deletion_policy":  rapid.SampledFrom([]string{"deactivate", "delete", "abandon"}).Draw(h.rt, "deletion "+name),
		"groups": rapid.SampledFrom([]any{nil, []any{"Engineers"}, []any{"Engineers", "Guests"}}).Draw(h.rt,
			"groups "+name),
	}
	if rapid.Bool().Draw(h.rt, "retain "+name) {
		config["retain_members_of"] = []any{other}
	}
	if rapid.IntRange(0, 3).Draw(h.rt, "bounded "+name) == 0 {
		config["max_departures"] = int64(rapid.IntRange(0, 2).Draw(h.rt, "max departures "+name))
	}
	return config
}

// userConfig draws a user resource for a person who is in the directory from the start, and maybe in a group.
func (h *history) userConfig() object {
	return object{
		"name":            fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(h.rt, "user")),
		"allow_update":    rapid.Bool().Draw(h.rt, "allow update user"),
		"deletion_policy": rapid.SampledFrom([]string{"auto", "abandon"}).Draw(h.rt, "deletion user"),
	}
}

// resources are the groups and the user.
func (h *history) resources() []*group {
	if h.user == nil {
		return h.groups
	}
	return append(slices.Clone(h.groups), h.user)
}

func (h *history) note(format string, arguments ...any) {
	h.log = append(h.log, fmt.Sprintf(format, arguments...))
}

func (h *history) fail(format string, arguments ...any) {
	h.rt.Helper()
	for _, line := range h.log {
		h.rt.Log(line)
	}
	for _, g := range h.resources() {
		h.rt.Logf("state of %s %v: %v", g.Type, g.config, g.State)
	}
	for _, user := range h.server.Users() {
		h.rt.Logf("user %d %s active=%v sid=%s groups=%v", user.ID, user.Username, user.IsActive, user.ImportedSid,
			user.GroupIDs)
	}
	h.rt.Fatalf(format, arguments...)
}

// step is one event.
func (h *history) step() {
	if rapid.IntRange(0, 3).Draw(h.rt, "kind") == 0 {
		h.round(rapid.IntRange(0, 3).Draw(h.rt, "meanwhile") == 0)
		return
	}
	h.event()
}

// round is one run of Terraform: all resources are refreshed and planned, something may happen, then they are applied,
// at the same time. A plan that would harm people that another resource holds is refused; from then on all of them
// retain each other's people.
func (h *history) round(meanwhile bool) {
	h.note("terraform apply")
	h.rerun()
	all := h.resources()
	plans := make([]object, len(all))
	for i, g := range all {
		planned, refused := h.plan(g)
		if refused {
			return
		}
		plans[i] = planned
	}
	if meanwhile {
		h.event()
	}
	h.rerun() // Terraform applies in another process
	before := h.lookAt(meanwhile)
	failed := make([]string, len(all))
	var running sync.WaitGroup
	for i, g := range all {
		if g.State == nil || differences(g.State, plans[i]) != "" {
			running.Go(func() { failed[i] = g.applyPlan(plans[i]) })
		}
	}
	running.Wait()
	for i, g := range all {
		switch text := failed[i]; {
		case text == "":
		case strings.HasPrefix(text, "inconsistent"), !meanwhile && h.others == nil && g.State != nil:
			h.fail("apply of %v: %s", g.config["name"], text)
		default:
			h.note("apply of %v: %s", g.config["name"], text)
		}
	}
	h.checkHands()
	h.checkActive(before)
}

// rerun serves the provider again, as each run of Terraform does.
func (h *history) rerun() {
	h.provider = acctest.Configured(h.t, providerObject(h.server))
	for _, g := range h.resources() {
		g.moveTo(h.provider)
	}
}

// plan refreshes and plans. It is refused where two resources hold one person, or where the user exists and the
// resource has no consent; the configuration is changed then. Otherwise only the creation may fail: of a group that is
// empty, or of a user that the directory does not know.
func (h *history) plan(g *group) (planned object, refused bool) {
	if g.State != nil {
		if text := acctest.Errors(g.Refresh()); text != "" {
			h.fail("refresh of %v: %s", g.config["name"], text)
		}
	}
	if g.State == nil {
		g.Private, g.Identity = nil, nil // Terraform keeps nothing of what is gone
	}
	resp, planned := g.Plan(g.config)
	switch text := acctest.Errors(resp.Diagnostics); {
	case strings.Contains(text, "Held by Another Resource"):
		h.note("refused: two resources hold one person; all retain from now on")
		h.retain(text)
		return planned, true
	case g == h.user && strings.Contains(text, "Already Exists"):
		h.note("refused: the user exists; the resource adopts from now on")
		g.config["allow_update"] = true
		return planned, true
	case text != "" && g.State != nil:
		h.fail("plan of %v: %s", g.config["name"], text)
	case len(resp.RequiresReplace) > 0:
		h.fail("the plan replaces %v", g.config["name"])
	}
	return planned, false
}

// retain takes the ways out that the message of a refused plan names: groups retain each other's members, and the
// person of the user resource, by the name that a group has them under.
func (h *history) retain(message string) {
	h.groups[0].config["retain_members_of"], h.groups[1].config["retain_members_of"] = []any{"B"}, []any{"A"}
	if h.user == nil {
		return
	}
	retained := []any{h.user.config["name"]}
	for _, group := range h.groups {
		members, _ := group.State["members"].(object)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if strings.Contains(message, fmt.Sprintf("%q", name)) && !slices.Contains(retained, any(name)) {
				retained = append(retained, name)
			}
		}
	}
	h.groups[0].config["retain_users"], h.groups[1].config["retain_users"] = retained, retained
}

// applyPlan plans once more, as Terraform does, and applies. It returns the errors.
func (g *group) applyPlan(plan object) string {
	text := acctest.Errors(g.Apply(g.config))
	if differ := contradictions(plan, g.Planned); differ != "" && g.Planned != nil {
		return "inconsistent final plan: " + differ
	}
	if text != "" {
		return text
	}
	if differ := contradictions(g.Planned, g.State); differ != "" {
		return "inconsistent result after apply: " + differ
	}
	return ""
}

// converge asserts that five rounds are enough: one may be refused, and after others' changes the refusal may come
// again.
func (h *history) converge() {
	for range 5 {
		h.round(false)
	}
	for _, g := range h.resources() {
		if g.State == nil {
			continue // the directory group is empty and may not be, or the person cannot be imported
		}
		planned, _ := h.plan(g)
		if differ := differences(g.State, planned); differ != "" {
			h.fail("after five rounds a plan of %v still changes %s", g.config["name"], differ)
		}
	}
	h.checkOwners()
}

// destroy destroys everything in one run, and asserts that no one is left behind.
func (h *history) destroy() {
	h.note("terraform destroy")
	h.rerun()
	gone := h.mustGo()
	before := h.lookAt(false)
	failed := make([]string, len(h.resources()))
	var running sync.WaitGroup
	for i, g := range h.resources() {
		if g.State != nil {
			running.Go(func() { failed[i] = acctest.Errors(g.Apply(nil)) })
		}
	}
	running.Wait()
	if text := strings.Join(failed, ""); text != "" {
		h.fail("destroy: %s", text)
	}
	h.checkHands()
	for _, user := range h.server.Users() {
		if _, existed := h.byHand[user.ID]; existed && before.active[user.ID] && !user.IsActive {
			h.fail("the destroy deactivated %s (user %d), who was there before", user.Username, user.ID)
		}
		if policy, must := gone[user.ID]; must && (policy == "delete" || user.IsActive) {
			h.fail("%s (user %d) is left behind by the destroy", user.Username, user.ID)
		}
	}
}
