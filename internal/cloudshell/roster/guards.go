// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// hold keeps all leavers where one of the guards says so.
func (d *Decision) hold(leavers []string, state State, notes Notes, settings Settings) {
	if len(leavers) == 0 {
		return
	}
	switch unread := notes.unread(settings.Retain); {
	case state.Directory.Len() == 0 && !settings.AllowEmpty:
		d.holdBack(leavers, "the directory group is empty", emptyGroup(leavers))
	case settings.MaxDepartures != nil && int64(len(leavers)) > *settings.MaxDepartures:
		why := fmt.Sprintf("%s left, and max_departures is %d", People(len(leavers)), *settings.MaxDepartures)
		d.holdBack(leavers, why, tooManyLeavers(leavers, *settings.MaxDepartures))
	case len(unread) > 0:
		d.holdBack(leavers, "the groups of retain_members_of were not read yet", retainersNotRead(leavers, unread))
	}
}

// holdUnreadable keeps the leavers of a group that could not be read: those of earlier refreshes, or everyone if the
// group is gone. The warning is that of the refresh.
func (d *Decision) holdUnreadable(leavers []string, state State, notes Notes) {
	why := "the directory group cannot be read"
	if notes.Vanished {
		leavers, why = state.Members.Sorted(), "the directory has no such group any more"
	}
	for _, name := range leavers {
		d.State.HeldBack.Set(name, why)
	}
}

func (d *Decision) holdBack(leavers []string, why string, warning Warning) {
	for _, name := range leavers {
		d.State.HeldBack.Set(name, why)
	}
	d.Warnings = append(d.Warnings, warning)
}

// unread are those groups that the last refresh did not ask, since they were added to the configuration after it.
func (n Notes) unread(retain []string) []string {
	return slices.DeleteFunc(slices.Clone(retain), func(name string) bool {
		return slices.ContainsFunc(n.Retainers, func(r Retainer) bool { return names.Same(r.Name, name) })
	})
}

// retained are the people who are left alone: by name, or since they are still in one of the groups whose people are.
type retained struct {
	everyone bool
	user     func(name string) bool
	keys     map[string]bool // of those who are still in one of the groups
}

func (n Notes) retained(settings Settings) retained {
	found := retained{user: n.RetainsUsers(settings.RetainUsers), keys: map[string]bool{}}
	for _, retainer := range n.Retainers {
		if names.Index(settings.Retain, retainer.Name) < 0 {
			continue
		}
		found.everyone = found.everyone || retainer.Unreadable
		for _, key := range retainer.People {
			found.keys[key] = true
		}
	}
	return found
}

func (r retained) has(name string) bool { return r.everyone || r.keys[names.Key(name)] || r.user(name) }
