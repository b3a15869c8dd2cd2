package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// put puts people into CloudShell groups, by one request for each group that anybody is missing from. It returns, by group,
// the names of those for whom that failed.
func (w *groupWork) put(ctx context.Context, names []string, groups []roster.Group) (map[string][]string, []trouble) {
	missing := map[string][]string{}
	var troubles []trouble
	for _, group := range groups {
		ids, affected := w.membership(names, group.ID, false)
		if len(ids) == 0 {
			continue
		}
		err := w.client.AddUsersToGroup(ctx, group.ID, ids)
		if err != nil {
			missing[group.Name] = affected
			troubles = append(troubles, groupTrouble("Put People Into", group, affected, err))
			continue
		}
		w.setMembership(ids, group.ID, true)
	}
	return missing, troubles
}

// takeOut takes users out of CloudShell groups, by one request for each group that any of them is in. It returns the names of
// those for whom that failed.
func (w *groupWork) takeOut(ctx context.Context, names []string, find func(name string) (cloudshellapi.User, bool), groups []roster.Group) (map[string]bool, []trouble) {
	failed := map[string]bool{}
	var troubles []trouble
	for _, group := range groups {
		if group.ID == 0 {
			continue // CloudShell has no such group any more
		}
		ids, affected := membershipOf(names, find, group.ID, true)
		if len(ids) == 0 {
			continue
		}
		err := w.client.RemoveUsersFromGroup(ctx, group.ID, ids)
		if errors.Is(err, cloudshellapi.ErrNotFound) {
			continue // the group was deleted meanwhile
		}
		if err != nil {
			for _, name := range affected {
				failed[framework.FoldName(name)] = true
			}
			troubles = append(troubles, groupTrouble("Take People Out of", group, affected, err))
			continue
		}
		w.setMembership(ids, group.ID, false)
	}
	return failed, troubles
}

// membership returns the ids and names of those who are, or are not, in a CloudShell group.
func (w *groupWork) membership(names []string, group int64, in bool) (ids []int64, affected []string) {
	return membershipOf(names, w.find, group, in)
}

func membershipOf(names []string, find func(string) (cloudshellapi.User, bool), group int64, in bool) (ids []int64, affected []string) {
	seen := make(map[int64]bool, len(names))
	for _, name := range names {
		user, ok := find(name)
		if ok && slices.Contains(user.GroupIDs, group) == in && !seen[user.ID] {
			seen[user.ID] = true
			ids, affected = append(ids, user.ID), append(affected, name)
		}
	}
	return ids, affected
}

// setMembership keeps the book up to date.
func (w *groupWork) setMembership(ids []int64, group int64, in bool) {
	for _, id := range ids {
		user, ok := w.book.ByID(id)
		if !ok {
			continue
		}
		user.GroupIDs = slices.DeleteFunc(slices.Clone(user.GroupIDs), func(had int64) bool { return had == group })
		if in {
			user.GroupIDs = append(user.GroupIDs, group)
		}
		w.book.Put(user)
	}
}

// activate makes people active again and returns the names of those for whom that failed.
func (w *groupWork) activate(ctx context.Context, names []string) (failed []string, troubles []trouble) {
	for _, name := range names {
		user, ok := w.find(name)
		if !ok || user.IsActive {
			continue
		}
		if _, err := w.setActive(ctx, user.ID, true); err != nil {
			failed = append(failed, name)
			troubles = append(troubles, trouble{fmt.Sprintf("Unable to Activate CloudShell User %q", name), framework.Fault(clients.CloudShell, err)})
		}
	}
	return failed, troubles
}

// resolveTargets finds the CloudShell groups of `groups`. A name that CloudShell does not have is an error.
func resolveTargets(ctx context.Context, client *cloudshellapi.Client, names []string, diags *diag.Diagnostics) []roster.Group {
	_, problems := groupIDs(ctx, client, path.Root("groups"), names)
	diags.Append(problems...)
	if len(names) == 0 || diags.HasError() {
		return nil
	}
	return readTargets(ctx, client, names, diags)
}

// droppedTargets finds the CloudShell groups that were in `groups` and are not any more. Groups that CloudShell does not have
// either are left out; with `groups` left out altogether nothing is dropped.
func droppedTargets(ctx context.Context, client *cloudshellapi.Client, plan, state importedGroupModel, diags *diag.Diagnostics) []roster.Group {
	if plan.Groups.IsNull() {
		return nil
	}
	wanted := map[string]bool{}
	for _, name := range stringsOf(plan.Groups) {
		wanted[framework.FoldName(name)] = true
	}
	dropped := slices.DeleteFunc(stringsOf(state.Groups), func(name string) bool { return wanted[framework.FoldName(name)] })
	return slices.DeleteFunc(readTargets(ctx, client, dropped, diags), func(group roster.Group) bool { return group.ID == 0 })
}

func groupTrouble(doing string, group roster.Group, names []string, err error) trouble {
	return trouble{
		fmt.Sprintf("Unable to %s CloudShell Group %q", doing, group.Name),
		framework.Fault(clients.CloudShell, err, fmt.Sprintf("Affected: %s. The next plan offers it again.", roster.List(names))),
	}
}
