// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// noteRefreshed records whose details an import brought up to date, and whose not.
func (a *apply) noteRefreshed(imported []string) {
	if !a.work.Settings.AllowUpdate {
		return
	}
	var failed []string
	for _, name := range imported {
		user, there := a.find(name)
		_, refused := a.reasons[names.Key(name)]
		if refused || a.failure != nil && roster.Differ(a.person(name), user) {
			if slices.Contains(a.decision.Refresh, name) {
				a.outcome.NotRefreshed(name)
				failed = append(failed, name)
			}
			continue
		}
		if _, known := a.byName[names.Key(name)]; there && known {
			a.outcome.Notes.NoteImported(a.person(name), user)
		}
	}
	a.report(Problem{Kind: NotRefreshed, Names: failed, Reasons: a.reasonsOf(failed)})
}

// activate makes active again who is to be active.
func (a *apply) activate(ctx context.Context, imported []string) {
	inactive := a.decision.Activate
	if a.work.Settings.AllowUpdate {
		inactive = slices.Concat(inactive, imported)
	}
	for _, name := range inactive {
		user, there := a.find(name)
		if !there || user.IsActive || !a.outcome.State.Members.Has(name) {
			continue
		}
		if err := a.setActive(ctx, user.ID); err != nil {
			a.outcome.NotActivated(name)
			a.report(Problem{Kind: NotActivated, Names: []string{name}, Err: err})
			continue
		}
		a.outcome.Activated(name)
	}
}

// setActive makes a user active by read-change-write.
func (a *apply) setActive(ctx context.Context, id int64) error {
	user, err := a.Client.ReadUser(ctx, id)
	if err != nil {
		return err
	}
	if !user.IsActive {
		user.IsActive = true
		if err := a.Client.UpdateUser(ctx, user); err != nil {
			return err
		}
	}
	a.book.Put(user)
	return nil
}

// addToGroups adds joiners, and those who were missing, to the CloudShell groups: by one request for each group that
// anyone is missing from.
func (a *apply) addToGroups(ctx context.Context) {
	toAdd := a.work.missing()
	for _, join := range a.decision.Joins {
		toAdd = append(toAdd, join.Name)
	}
	if a.work.Regroup {
		toAdd = a.outcome.State.Members.Sorted()
	}
	toAdd = slices.DeleteFunc(toAdd, func(name string) bool {
		return !a.outcome.State.Members.Has(name) || !a.work.Before.Directory.Has(name)
	})
	for _, group := range a.work.Targets {
		a.progress.begin("Adding people to the CloudShell group "+group.Name, 0)
		ids, affected := membership(toAdd, a.find, group.ID, false)
		if len(ids) == 0 {
			continue
		}
		if err := a.Client.AddUsersToGroup(ctx, group.ID, ids); err != nil {
			for _, name := range affected {
				a.outcome.Missing(name, group.Name)
			}
			a.report(Problem{Kind: NotAdded, Names: affected, Group: group.Name, Err: err})
			continue
		}
		a.setMembership(ids, group.ID, true)
	}
}

// removeFromDropped removes the members from the CloudShell groups that the configuration does not list any more, but
// for those that another resource gives them. Other resources may be about to do so, so it waits for those first.
func (a *apply) removeFromDropped(ctx context.Context) {
	members := a.inDropped()
	if len(members) == 0 {
		return
	}
	unlock, err := a.lockAfterJoins(ctx, members)
	if err != nil {
		a.notRemovedFromDropped(err)
		return
	}
	defer unlock()
	for _, member := range members {
		other, _ := a.Claims.HeldByOther(a.work.Holder, Claimed(member.Account))
		member.shared = other.Theirs.Groups
	}
	a.removeLeavers(ctx, members, a.work.Dropped, NotRemoved)
}

// inDropped are the members who are in a dropped group.
func (a *apply) inDropped() []*leaver {
	if len(a.work.Dropped) == 0 {
		return nil
	}
	var members []*leaver
	for _, name := range a.outcome.State.Members.Sorted() {
		if user, there := a.find(name); there && inAny(a.work.Dropped, user) {
			account := roster.Account{Name: name, ID: user.ID}
			members = append(members, &leaver{Departure: roster.Departure{Name: name, Account: account}, user: user})
		}
	}
	return members
}

func (a *apply) notRemovedFromDropped(err error) {
	for _, group := range a.work.Dropped {
		_, affected := membership(a.outcome.State.Members.Sorted(), a.find, group.ID, true)
		a.report(Problem{Kind: NotRemoved, Names: affected, Group: group.Name, Err: err})
	}
}

// removeFrom removes users from a CloudShell group, in one request. Those who were deleted meanwhile need no removing.
func (a *apply) removeFrom(ctx context.Context, group roster.Group, ids []int64) error {
	if group.ID == 0 || len(ids) == 0 {
		return nil
	}
	err := a.Client.RemoveUsersFromGroup(ctx, group.ID, ids)
	if errors.Is(err, cloudshellapi.ErrNotFound) {
		return nil // the group was deleted meanwhile
	}
	if err != nil {
		err = a.removeThoseLeft(ctx, group.ID, ids, err)
	}
	if err == nil {
		a.setMembership(ids, group.ID, false)
	}
	return err
}

// removeThoseLeft removes those of the users who still exist, after a removal failed. Its error is the first one if
// all do.
func (a *apply) removeThoseLeft(ctx context.Context, group int64, ids []int64, failed error) error {
	there, err := a.Client.StillThere(ctx, ids)
	if err != nil || len(there) == len(ids) {
		return failed
	}
	return a.Client.RemoveUsersFromGroup(ctx, group, slices.Collect(maps.Keys(there)))
}

// membership returns the ids and names of those who are, or are not, in a CloudShell group.
func membership(
	of []string, find func(string) (cloudshellapi.User, bool), group int64, in bool,
) (ids []int64, affected []string) {
	met := make(map[int64]bool, len(of))
	for _, name := range of {
		user, ok := find(name)
		if ok && slices.Contains(user.GroupIDs, group) == in && !met[user.ID] {
			met[user.ID] = true
			ids, affected = append(ids, user.ID), append(affected, name)
		}
	}
	return ids, affected
}

// setMembership records in the book that users joined or left a CloudShell group.
func (a *apply) setMembership(ids []int64, group int64, in bool) {
	for _, id := range ids {
		user, ok := a.book.ByID(id)
		if !ok {
			continue
		}
		user.GroupIDs = slices.DeleteFunc(slices.Clone(user.GroupIDs), func(had int64) bool { return had == group })
		if in {
			user.GroupIDs = append(user.GroupIDs, group)
		}
		a.book.Put(user)
	}
}
