package cloudshell

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// Read finds out what became of the people. The state of a group is never removed: a directory group that vanished or cannot
// be read takes nobody out, and must not be in the way of a destroy.
func (r *importedGroupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	client, err := r.set.CloudShell()
	if framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, groupSubject(state.Name.ValueString()), err)
		return
	}
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, unableTo("Read", state.Name.ValueString()), err)
		return
	}
	if state.Members.IsNull() {
		state, notes = readImported(ctx, client, state, &resp.Diagnostics)
	} else {
		state, notes = refreshGroup(ctx, client, state, notes, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(writeGroupNotes(ctx, resp.Private, notes)...)
}

// readImported is the first refresh after `terraform import`.
func readImported(ctx context.Context, client *cloudshellapi.Client, state importedGroupModel, diags *diag.Diagnostics) (importedGroupModel, roster.Notes) {
	name := state.Name.ValueString()
	state.DistinguishedName = lookUpDirectoryGroup(ctx, client, name, unableTo("Read", name), diags)
	if diags.HasError() {
		return state, roster.Notes{}
	}
	return adoptMembers(ctx, client, state, diags)
}

// adoptMembers completes the state of a group of the directory that nobody configured yet: whoever of it is in CloudShell is a
// member.
func adoptMembers(ctx context.Context, client *cloudshellapi.Client, state importedGroupModel, diags *diag.Diagnostics) (importedGroupModel, roster.Notes) {
	name := state.Name.ValueString()
	people, users, err := readPeople(ctx, client, name)
	if err := errors.Join(err.directory, err.users); err != nil {
		framework.AddFault(diags, clients.CloudShell, unableTo("Read", name), err)
		return state, roster.Notes{}
	}
	state.defaults()
	after, notes := roster.Adopt(nil, roster.Seen{People: people, Users: users, Account: client.Account()})
	state.setPeople(after)
	return state, notes
}

func refreshGroup(ctx context.Context, client *cloudshellapi.Client, state importedGroupModel, notes roster.Notes, diags *diag.Diagnostics) (importedGroupModel, roster.Notes) {
	name := state.Name.ValueString()
	people, users, err := readPeople(ctx, client, name)
	if err.users != nil {
		framework.AddFault(diags, clients.CloudShell, unableTo("Read", name), err.users)
		return state, notes
	}
	if err.directory != nil {
		notes.Unreadable = err.directory.Error()
		warnUnreadable(diags, name, err.directory)
		return state, notes
	}
	groups := readTargets(ctx, client, stringsOf(state.Groups), diags)
	after, notes := roster.Refresh(state.people(), notes, roster.Seen{People: people, Users: users, Groups: groups, Account: client.Account()})
	if leavers := roster.Leavers(after, notes); len(leavers) > 0 {
		notes.Retainers = readRetainers(ctx, client, stringsOf(state.RetainMembersOf), leavers, notes, diags)
	}
	state.setPeople(after)
	return state, notes
}

// readErrors tells the failure to read the directory group from that to read CloudShell's users.
type readErrors struct{ directory, users error }

// readPeople reads who is in the directory group and who is in CloudShell, at the same time.
func readPeople(ctx context.Context, client *cloudshellapi.Client, group string) (people []cloudshellapi.ExternalUser, users []cloudshellapi.User, failed readErrors) {
	var both errgroup.Group
	both.Go(func() error {
		people, failed.directory = client.ExternalGroupUsers(ctx, group)
		return nil
	})
	both.Go(func() error {
		users, failed.users = client.Users(ctx)
		return nil
	})
	_ = both.Wait() // the errors are in failed
	return people, users, failed
}

// readTargets finds the CloudShell groups of `groups` that members are compared against. A group that CloudShell has no more
// gets the id 0: everybody is missing from it. When the groups cannot be read, nobody is compared.
func readTargets(ctx context.Context, client *cloudshellapi.Client, wanted []string, diags *diag.Diagnostics) []roster.Group {
	if len(wanted) == 0 {
		return nil
	}
	groups, err := client.Groups(ctx)
	if err != nil {
		diags.AddWarning("Membership of CloudShell Groups Not Compared", framework.Fault(clients.CloudShell, err))
		return nil
	}
	return targetsOf(wanted, groups)
}

// targetsOf gives the names of groups their ids: 0 for those that CloudShell does not have.
func targetsOf(names []string, groups []cloudshellapi.Group) []roster.Group {
	byName := make(map[string]int64, len(groups))
	for _, group := range groups {
		byName[framework.FoldName(group.Name)] = group.ID
	}
	targets := make([]roster.Group, 0, len(names))
	seen := map[string]bool{}
	for _, name := range names {
		if key := framework.FoldName(name); !seen[key] {
			seen[key] = true
			targets = append(targets, roster.Group{Name: name, ID: byName[key]})
		}
	}
	return targets
}

// readRetainers reads which of the leavers are still in other groups of the directory.
func readRetainers(ctx context.Context, client *cloudshellapi.Client, groups, leavers []string, notes roster.Notes, diags *diag.Diagnostics) []roster.Retainer {
	retainers := make([]roster.Retainer, 0, len(groups))
	for _, group := range groups {
		people, err := client.ExternalGroupUsers(ctx, group)
		if err != nil {
			warnRetainerUnreadable(diags, group, err)
		}
		retainers = append(retainers, roster.NewRetainer(group, people, err != nil, leavers, notes))
	}
	return retainers
}

// lookUpDirectoryGroup looks the group up among those of the directory and returns its distinguished name. An unknown name is an
// error that offers near ones, a name that occurs more than once is a warning.
func lookUpDirectoryGroup(ctx context.Context, client *cloudshellapi.Client, name, summary string, diags *diag.Diagnostics) types.String {
	groups, err := client.ExternalGroups(ctx)
	if err != nil {
		framework.AddFault(diags, clients.CloudShell, summary, err)
		return types.StringNull()
	}
	var names, found []string
	for _, group := range groups {
		names = append(names, group.Name)
		if framework.SameName(group.Name, name) {
			found = append(found, group.DistinguishedName)
		}
	}
	switch len(found) {
	case 0:
		addUnknownGroup(diags, summary, name, names)
		return types.StringNull()
	case 1:
	default:
		warnAmbiguous(diags, name, found)
	}
	return textOrNull(&found[0])
}
