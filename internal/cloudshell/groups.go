// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// The built-in CloudShell groups, which no `groups` attribute manages.
const (
	everyone             = "Everyone"
	systemAdministrators = "System Administrators"
)

// groupsValidators are the validators of an attribute that holds names of CloudShell groups.
func groupsValidators() []validator.Set {
	return []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(framework.Name(), managedGroup{})}
}

// managedGroup refuses the names of the built-in groups.
type managedGroup struct{}

func (managedGroup) Description(context.Context) string {
	return fmt.Sprintf("must not be %q or %q", everyone, systemAdministrators)
}

func (v managedGroup) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (managedGroup) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if problem := builtInProblem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Built-In CloudShell Group", problem)
	}
}

// builtInProblem says why a built-in group cannot be given, and what to do instead; "" for any other group.
func builtInProblem(name string) string {
	switch {
	case names.Same(name, everyone):
		return `Every user is in the group "Everyone" without being put there: leave it out.`
	case names.Same(name, systemAdministrators):
		return `The attribute "admin" of directory_cloudshell_imported_user decides who is in the group ` +
			`"System Administrators": leave it out here.`
	default:
		return ""
	}
}

// isBuiltInGroup reports whether a group is one of those that no `groups` attribute manages.
func isBuiltInGroup(id int64) bool {
	return id == cloudshellapi.GroupEveryone || id == cloudshellapi.GroupSystemAdministrators
}

// groupIDs finds the CloudShell groups of the given names, which come from the attribute at that path. The ids are
// sorted. A name that CloudShell does not have is an error that offers near ones; before that the server is asked
// once more, since the group may have been made in this run. No name costs no request.
func groupIDs(
	ctx context.Context,
	client *cloudshellapi.Client,
	at path.Path,
	groupNames []string,
) ([]int64, diag.Diagnostics) {
	var diags diag.Diagnostics
	if len(groupNames) == 0 {
		return nil, diags
	}
	groups, err := groupsWith(ctx, client, groupNames...)
	if err != nil {
		diags.AddAttributeError(at, "Unable to Look Up CloudShell Groups", fault(err))
		return nil, diags
	}
	for _, name := range missingGroups(groups, groupNames) {
		diags.AddAttributeError(at, framework.IsUnknown(cloudshellGroup(name)), noSuchGroup(name, groups))
	}
	addBuiltInGroups(&diags, at, groups, groupNames)
	var ids []int64
	for _, name := range groupNames {
		if group, found := groupNamed(groups, name); found {
			ids = append(ids, group.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), diags
}

// addBuiltInGroups adds an error for each built-in group among the names: some servers have them under other names.
func addBuiltInGroups(diags *diag.Diagnostics, at path.Path, groups []cloudshellapi.Group, groupNames []string) {
	for _, name := range groupNames {
		group, _ := groupNamed(groups, name)
		switch group.ID {
		case cloudshellapi.GroupEveryone:
			diags.AddAttributeError(at, "Built-In CloudShell Group", builtInProblem(everyone))
		case cloudshellapi.GroupSystemAdministrators:
			diags.AddAttributeError(at, "Built-In CloudShell Group", builtInProblem(systemAdministrators))
		}
	}
}

// groupsWith are all groups, from memory where that knows the names; else the server is asked once more, since the
// groups may have been made in this run.
func groupsWith(
	ctx context.Context, client *cloudshellapi.Client, groupNames ...string,
) ([]cloudshellapi.Group, error) {
	begun := time.Now()
	groups, err := client.Groups(ctx)
	if err != nil || len(missingGroups(groups, groupNames)) == 0 {
		return groups, err
	}
	return client.GroupsSince(ctx, begun)
}

// checkGroupNames checks names of CloudShell groups at plan, as check_names says. A name without a near one may be that
// of a group that is made in the same run; where a directory_cloudshell_group makes it, nothing is in doubt.
func checkGroupNames(
	ctx context.Context,
	set *clients.Set,
	client *cloudshellapi.Client,
	at path.Path,
	groupNames []string,
	diags *diag.Diagnostics,
) {
	if len(groupNames) == 0 || !framework.ChecksNames(set) {
		return
	}
	groups, err := client.Groups(ctx)
	switch {
	case err != nil && framework.IsPassing(err):
		warnUnchecked(diags, at, err)
		return
	case err != nil:
		diags.AddAttributeError(at, "Unable to Look Up CloudShell Groups", fault(err))
		return
	}
	addBuiltInGroups(diags, at, groups, groupNames)
	for _, name := range missingGroups(groups, groupNames) {
		if isPlannedGroup(set, name) {
			continue
		}
		framework.AddNameFault(diags, set, framework.NameFault{
			At: at, Summary: framework.IsUnknown(cloudshellGroup(name)), Detail: noSuchGroup(name, groups),
			Doubtful: len(names.Near(name, givableNames(groups))) == 0,
		})
	}
}

// missingGroups are the names that CloudShell has no group of.
func missingGroups(groups []cloudshellapi.Group, groupNames []string) []string {
	return slices.DeleteFunc(slices.Clone(groupNames), func(name string) bool {
		_, found := groupNamed(groups, name)
		return found
	})
}

// groupNamed finds a group by its name in any spelling. If CloudShell has several of that name, the one with exactly
// this spelling is meant.
func groupNamed(groups []cloudshellapi.Group, name string) (cloudshellapi.Group, bool) {
	at := slices.IndexFunc(groups, func(group cloudshellapi.Group) bool { return group.Name == name })
	if at < 0 {
		at = slices.IndexFunc(groups, func(group cloudshellapi.Group) bool { return names.Same(group.Name, name) })
	}
	if at < 0 {
		return cloudshellapi.Group{}, false
	}
	return groups[at], true
}

// givableNames are the names of the groups that a `groups` attribute may name.
func givableNames(groups []cloudshellapi.Group) []string {
	var givable []string
	for _, group := range groups {
		if !isBuiltInGroup(group.ID) {
			givable = append(givable, group.Name)
		}
	}
	return givable
}

// noSuchGroup offers the near names, or all there are when those are few.
func noSuchGroup(name string, groups []cloudshellapi.Group) string {
	const detail = "CloudShell has no group of that name. People can be put into groups that exist, or that a " +
		"directory_cloudshell_group of the same run makes before."
	givable := givableNames(groups)
	if near := names.Near(name, givable); len(near) > 0 {
		return detail + names.DidYouMean(near)
	}
	const few = 10
	if len(givable) == 0 || len(givable) > few {
		return detail + " Check the spelling."
	}
	return fmt.Sprintf("%s CloudShell has %s.", detail, names.List(names.Sorted(givable)))
}

// groupNames names the groups with the given ids, without the built-in ones, sorted. Names among prior keep their
// spelling there.
func groupNames(ctx context.Context, client *cloudshellapi.Client, ids []int64, prior []string) ([]string, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), isBuiltInGroup)
	if len(ids) == 0 {
		return []string{}, nil
	}
	begun := time.Now()
	groups, err := client.Groups(ctx)
	if err == nil && slices.ContainsFunc(ids, func(id int64) bool { return !hasGroup(groups, id) }) {
		groups, err = client.GroupsSince(ctx, begun) // made since
	}
	if err != nil {
		return nil, err
	}
	spellings := make(map[int64][]string, len(prior))
	for _, name := range prior {
		if group, known := groupNamed(groups, name); known {
			spellings[group.ID] = append(spellings[group.ID], name)
		}
	}
	found := []string{}
	for _, group := range groups {
		if !slices.Contains(ids, group.ID) {
			continue
		}
		if kept, known := spellings[group.ID]; known {
			found = append(found, kept...)
		} else {
			found = append(found, group.Name)
		}
	}
	slices.Sort(found)
	return found, nil
}

func hasGroup(groups []cloudshellapi.Group, id int64) bool {
	return slices.ContainsFunc(groups, func(group cloudshellapi.Group) bool { return group.ID == id })
}
