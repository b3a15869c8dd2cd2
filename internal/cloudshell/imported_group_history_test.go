// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// hire adds a person to the directory. Names of people who went come back.
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

// person draws a person of the directory.
func (h *history) person() (people.User, bool) {
	all, _ := h.directory.SearchUsers(h.t.Context(), "")
	if len(all) == 0 {
		return people.User{}, false
	}
	return rapid.SampledFrom(all).Draw(h.rt, "person"), true
}

// interfere is what other people do between two requests of a run: they change the directory groups' members and delete
// users of CloudShell. They import no one: an import between the look and the request cannot be told apart.
func (h *history) interfere() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.others == nil {
		return
	}
	name := fmt.Sprintf("p%d", h.others.IntN(7))
	group := []string{"A", "B"}[h.others.IntN(2)]
	user, there := h.server.User(name)
	switch {
	case h.others.IntN(4) == 0 && there:
		h.note("meanwhile: user %s (%d) is deleted", name, user.ID)
		delete(h.byHand, user.ID)
		h.server.RemoveUser(name)
	case h.directory.HasMember(group, name):
		h.note("meanwhile: %s leaves %s", name, group)
		h.directory.RemoveMember(group, name)
	default:
		if _, known := h.directory.User(name); known {
			h.note("meanwhile: %s joins %s", name, group)
			h.directory.AddMember(group, name)
		}
	}
}

// event changes the directory, or CloudShell by hand.
func (h *history) event() {
	person, ok := h.person()
	if !ok {
		h.hire()
		return
	}
	name := person.Username
	group := rapid.SampledFrom([]string{"A", "B"}).Draw(h.rt, "group")
	switch event := rapid.SampledFrom([]string{
		"hire", "join", "leave", "join", "leave", "rename", "remove", "email", "delete user", "deactivate user",
		"add user", "regroup user", "add local user",
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

// byHandEvent is what an administrator does in CloudShell.
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

// checkHands asserts that no one who was there before was deleted, and that local users are what they were.
func (h *history) checkHands() {
	for id, name := range h.byHand {
		at := slices.IndexFunc(h.server.Users(), func(u cloudshell.User) bool { return u.ID == id })
		if at < 0 {
			h.fail("the apply deleted %s (user %d), who was there before", name, id)
		}
	}
	for _, user := range h.server.Users() {
		if !user.IsImported() && (!user.IsActive || user.InGroup(h.engineers) || user.InGroup(h.guests)) {
			h.fail("the apply touched the local user %s", user.Username)
		}
	}
}

// look is what an apply starts from.
type look struct {
	active    map[int64]bool // imported users
	mayLeave  map[int64]bool // users that a group may deactivate, because their person is not in its directory group
	heldAlone int64          // the id of the user resource's user, 0 for none
}

func (l look) hasUser(id int64) bool {
	_, there := l.active[id]
	return there
}

// lookAt notes who is active and who has left a group. While others work meanwhile, anyone may have left a group that
// does not keep its leavers.
func (h *history) lookAt(meanwhile bool) look {
	found := look{active: map[int64]bool{}, mayLeave: map[int64]bool{}}
	for _, user := range h.server.Users() {
		if !user.IsImported() {
			continue
		}
		found.active[user.ID] = user.IsActive
		for _, g := range h.groups {
			if g.config["departed_members"] != "keep" &&
				(meanwhile || h.others != nil || !h.directory.HasMember(g.config["name"].(string), user.Username)) {
				found.mayLeave[user.ID] = true
			}
		}
	}
	if h.user != nil && h.user.State != nil {
		if id := h.user.State["id"].(int64); found.hasUser(id) {
			found.heldAlone = id
		}
	}
	return found
}

// checkActive asserts that an apply deactivated no one but leavers, and never the user resource's person.
func (h *history) checkActive(before look) {
	for _, user := range h.server.Users() {
		switch {
		case !before.active[user.ID] || user.IsActive:
		case user.ID == before.heldAlone:
			h.fail("the apply deactivated %s (user %d) of the user resource", user.Username, user.ID)
		case !before.mayLeave[user.ID]:
			h.fail("the apply deactivated %s (user %d), who did not leave", user.Username, user.ID)
		}
	}
	if before.heldAlone != 0 && h.others == nil && !slices.ContainsFunc(h.server.Users(), func(u cloudshell.User) bool {
		return u.ID == before.heldAlone
	}) {
		h.fail("the user of the user resource (%d) is gone", before.heldAlone)
	}
}

// checkOwners asserts that no one is owned twice, and that members exist.
func (h *history) checkOwners() {
	owners := map[string]any{}
	if h.user != nil && h.user.State != nil && h.user.State["created"] == true {
		owners[h.user.State["username"].(string)] = "the user resource"
	}
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

// mustGo are the users that a destroy of everything deletes or deactivates, with the policy: those that a resource
// created and that nothing retains.
func (h *history) mustGo() map[int64]string {
	gone := map[int64]string{}
	for _, g := range h.groups {
		if g.State == nil || g.config["deletion_policy"] == "abandon" || g.config["retain_members_of"] != nil ||
			g.config["retain_users"] != nil {
			continue
		}
		for name := range g.State["created_members"].(object) {
			if user, there := h.server.User(name); there && user.IsImported() { // a local user may have the name
				gone[user.ID] = g.config["deletion_policy"].(string)
			}
		}
	}
	if h.user != nil && h.user.State != nil && h.user.State["created"] == true &&
		h.user.config["deletion_policy"] == "auto" {
		gone[h.user.State["id"].(int64)] = "delete"
	}
	return gone
}

// hasOtherName reports whether CloudShell has the person under an earlier or a later name. The person may have been
// removed from the directory since.
func (h *history) hasOtherName(name string) bool {
	for _, line := range h.log {
		former, renamed := strings.CutSuffix(line, " is renamed to "+name)
		if _, there := h.server.User(former); renamed && there {
			return true
		}
	}
	if slices.ContainsFunc(h.log, func(line string) bool { return strings.HasPrefix(line, name+" is renamed to ") }) {
		return true
	}
	person, found, _ := h.directory.FindUser(h.t.Context(), name)
	return found &&
		slices.ContainsFunc(h.server.Users(), func(u cloudshell.User) bool { return u.ImportedSid == person.ID })
}
