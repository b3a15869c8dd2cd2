package cloudshell_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// TestImportedGroupConverges plays random histories of a directory, with two imported groups that share people and
// somebody who works in CloudShell by hand. Whatever happened: two rounds of apply later another plan changes nothing,
// no plan ever contradicted its apply, and no user who was there before, and no local one, was ever deleted or
// touched.
func TestImportedGroupConverges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(t, rt)
		defer h.server.Close()
		steps := rapid.IntRange(1, 12).Draw(rt, "steps")
		stop := h.server.AnotherWriter(cloudshell.Writer{Seed: rapid.Uint64().Draw(rt, "writer"), Rate: 0.1, Bystanders: 4})
		for range steps {
			h.step()
		}
		stop()
		h.converge()
	})
}

// history is one random course of events.
type history struct {
	*world
	rt     *rapid.T
	log    []string
	groups []*group
	byHand map[int64]string // users who were there before, or came by hand
	hired  int
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
		Directory:   people.NewStatic(),
	}
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, directory: options.Directory.(*people.Static), server: server}
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
	return h
}

// config draws a configuration. The other group's people are retained or not.
func (h *history) config(name string) object {
	other := map[string]string{"A": "B", "B": "A"}[name]
	config := object{
		"name": name, "allow_empty": rapid.Bool().Draw(h.rt, "allow empty "+name), "allow_update": rapid.Bool().Draw(h.rt,
			"allow update "+name),
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

func (h *history) note(format string, arguments ...any) {
	h.log = append(h.log, fmt.Sprintf(format, arguments...))
}

func (h *history) fail(format string, arguments ...any) {
	h.rt.Helper()
	for _, line := range h.log {
		h.rt.Log(line)
	}
	for _, g := range h.groups {
		h.rt.Logf("state of %v: %v", g.config["name"], g.State)
	}
	for _, user := range h.server.Users() {
		h.rt.Logf("user %d %s active=%v sid=%s groups=%v", user.ID, user.Username, user.IsActive, user.ImportedSid,
			user.GroupIDs)
	}
	h.rt.Fatalf(format, arguments...)
}

// hire adds somebody to the directory. Names of people who went come back.
func (h *history) hire() {
	h.hired++
	name := fmt.Sprintf("p%d", (h.hired-1)%7)
	if _, there, _ := h.directory.FindUser(h.t.Context(), name); there {
		return
	}
	h.note("hire %s", name)
	h.directory.AddUser(people.User{Username: name, DisplayName: fmt.Sprintf("Person %d", h.hired),
		Email: fmt.Sprintf("%d@lab.example", h.hired)})
	for _, group := range []string{"A", "B"} {
		if rapid.Bool().Draw(h.rt, "in "+group) {
			h.note("  into %s", group)
			h.directory.AddMember(group, name)
		}
	}
}

// somebody draws a user name of the directory.
func (h *history) somebody() (people.User, bool) {
	everybody, _ := h.directory.SearchUsers(h.t.Context(), "")
	if len(everybody) == 0 {
		return people.User{}, false
	}
	return rapid.SampledFrom(everybody).Draw(h.rt, "person"), true
}

// step is one event.
func (h *history) step() {
	if rapid.IntRange(0, 3).Draw(h.rt, "kind") == 0 {
		h.round(rapid.IntRange(0, 3).Draw(h.rt, "meanwhile") == 0)
		return
	}
	h.event()
}

// event changes the directory, or CloudShell by hand.
func (h *history) event() {
	person, ok := h.somebody()
	if !ok {
		h.hire()
		return
	}
	name := person.Username
	group := rapid.SampledFrom([]string{"A", "B"}).Draw(h.rt, "group")
	switch event := rapid.SampledFrom([]string{
		"hire", "join", "leave", "join", "leave", "rename", "remove", "email", "delete user", "deactivate user", "add user", "regroup user", "add local user",
	}).Draw(h.rt, "event"); event {
	case "hire":
		h.hire()
	case "join":
		h.note("%s joins %s", name, group)
		h.directory.AddMember(group, name)
	case "leave":
		h.note("%s leaves %s", name, group)
		h.directory.RemoveMember(group, name)
	case "rename":
		renamed := fmt.Sprintf("r%d", len(h.log)%5)
		if _, there, _ := h.directory.FindUser(h.t.Context(), renamed); !there {
			h.note("%s is renamed to %s", name, renamed)
			h.directory.RenameUser(name, renamed)
		}
	case "remove":
		h.note("%s is removed from the directory", name)
		h.directory.RemoveUser(name)
	case "email":
		h.note("%s has another e-mail", name)
		h.directory.SetEmail(name, fmt.Sprintf("%d.new@lab.example", len(h.log)))
	default:
		h.byHandEvent(event, person)
	}
}

// byHandEvent is what somebody does in CloudShell.
func (h *history) byHandEvent(event string, person people.User) {
	name := person.Username
	user, there := h.server.User(name)
	switch {
	case event == "add user" && !there:
		added := h.server.AddImportedUser(person)
		h.byHand[added.ID] = name
		h.note("by hand: user %s is imported", name)
	case event == "add local user" && !there:
		added := h.server.AddLocalUser(name)
		h.byHand[added.ID] = name
		h.note("by hand: local user %s is added", name)
	case !there:
	case event == "delete user":
		delete(h.byHand, user.ID)
		h.server.RemoveUser(name)
		h.note("by hand: user %s is deleted", name)
	case event == "deactivate user" && user.IsImported():
		h.server.ChangeUser(name, func(u *cloudshell.User) { u.IsActive = false })
		h.note("by hand: user %s is made inactive", name)
	case event == "regroup user" && user.IsImported():
		h.server.ChangeUser(name, func(u *cloudshell.User) { u.GroupIDs = []int64{cloudshell.GroupEveryone, h.guests} })
		h.note("by hand: user %s is put into other groups", name)
	}
}

// round is one run of Terraform: both groups are refreshed and planned, something may happen, then both are applied,
// at the same time. A plan that would harm people whom the other group holds is refused; then both are told to retain
// each other's.
func (h *history) round(meanwhile bool) {
	h.note("terraform apply")
	h.rerun()
	plans := make([]object, len(h.groups))
	for i, g := range h.groups {
		planned, refused := h.plan(g)
		if refused {
			h.note("refused: two resources hold one person; both retain from now on")
			h.groups[0].config["retain_members_of"], h.groups[1].config["retain_members_of"] = []any{"B"}, []any{"A"}
			return
		}
		plans[i] = planned
	}
	if meanwhile {
		h.event()
	}
	h.rerun() // Terraform applies in another process
	failed := make([]string, len(h.groups))
	var all sync.WaitGroup
	for i, g := range h.groups {
		if g.State == nil || differences(g.State, plans[i]) != "" {
			all.Go(func() { failed[i] = g.applyPlan(plans[i]) })
		}
	}
	all.Wait()
	for i, g := range h.groups {
		switch text := failed[i]; {
		case text == "":
		case strings.HasPrefix(text, "inconsistent"), !meanwhile && g.State != nil:
			h.fail("apply of %v: %s", g.config["name"], text)
		default:
			h.note("apply of %v: %s", g.config["name"], text)
		}
		h.checkHands(g)
	}
}

// rerun serves the provider anew, as each run of Terraform does.
func (h *history) rerun() {
	h.provider = acctest.Configured(h.t, providerObject(h.server))
	for _, g := range h.groups {
		g.moveTo(h.provider)
	}
}

// plan refreshes and plans. It may be refused where two resources hold one person; else only the creation of an empty
// group may.
func (h *history) plan(g *group) (planned object, refused bool) {
	if g.State != nil {
		if text := acctest.Errors(g.Refresh()); text != "" {
			h.fail("refresh of %v: %s", g.config["name"], text)
		}
	}
	resp, planned := g.Plan(g.config)
	text := acctest.Errors(resp.Diagnostics)
	if strings.Contains(text, "People Are Held by Two Resources") {
		return planned, true
	}
	if text != "" && g.State != nil {
		h.fail("plan of %v: %s", g.config["name"], text)
	}
	return planned, false
}

// applyPlan plans once more, as Terraform does, and applies. It returns the errors.
func (g *group) applyPlan(plan object) string {
	resp, again := g.Plan(g.config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		return text
	}
	if differ := contradictions(plan, again); differ != "" {
		return "inconsistent final plan: " + differ
	}
	if text := acctest.Errors(g.Apply(g.config)); text != "" {
		return text
	}
	if differ := contradictions(again, g.State); differ != "" {
		return "inconsistent result after apply: " + differ
	}
	return ""
}

// checkHands asserts that nobody who was there before was deleted, and that local users are what they were.
func (h *history) checkHands(g *group) {
	for id, name := range h.byHand {
		at := slices.IndexFunc(h.server.Users(), func(u cloudshell.User) bool { return u.ID == id })
		if at < 0 {
			h.fail("the apply of %v deleted %s (user %d), who was there before", g.config["name"], name, id)
		}
	}
	for _, user := range h.server.Users() {
		if !user.IsImported() && (!user.IsActive || user.InGroup(h.engineers) || user.InGroup(h.guests)) {
			h.fail("the apply of %v touched the local user %s", g.config["name"], user.Username)
		}
		if user.IsImported() && h.byHand[user.ID] == "operator" {
			h.fail("a local user was taken over")
		}
	}
}

// converge asserts that four rounds are enough: one may be refused, and after others' changes the refusal may come
// again.
func (h *history) converge() {
	for range 4 {
		h.round(false)
	}
	for _, g := range h.groups {
		if g.State == nil {
			continue // the directory group is empty and may not be
		}
		planned, _ := h.plan(g)
		if differ := differences(g.State, planned); differ != "" {
			h.fail("after four rounds a plan of %v still changes %s", g.config["name"], differ)
		}
	}
	h.checkOwners()
}

// checkOwners asserts that no one is owned twice, and that members exist.
func (h *history) checkOwners() {
	owners := map[string]any{}
	for _, g := range h.groups {
		if g.State == nil {
			continue
		}
		for name := range g.State["created_members"].(object) {
			if other, twice := owners[name]; twice {
				h.fail("%s was created by %v and %v", name, other, g.config["name"])
			}
			owners[name] = g.config["name"]
		}
		for name := range g.State["members"].(object) {
			if _, there := h.server.User(name); !there && !h.hasOtherName(name) {
				h.fail("%s is a member of %v and does not exist", name, g.config["name"])
			}
		}
	}
}

// hasOtherName reports whether CloudShell has the person under an earlier or a later name.
func (h *history) hasOtherName(name string) bool {
	if slices.ContainsFunc(h.log, func(line string) bool { return strings.HasPrefix(line, name+" is renamed to ") }) {
		return true
	}
	person, found, _ := h.directory.FindUser(h.t.Context(), name)
	return found && slices.ContainsFunc(h.server.Users(), func(u cloudshell.User) bool { return u.ImportedSid == person.ID })
}
