package cloudshell

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// Delete does with the users that the resource brought in what deletion_policy says, and leaves everybody else alone. The
// directory group is not needed for it.
func (r *importedGroupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	policy := state.DeletionPolicy.ValueString()
	if policy == policyAbandon || state.CreatedMembers.IsNull() || len(state.CreatedMembers.Elements()) == 0 {
		return
	}
	client := r.client(state.Name.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	done, err := r.set.CloudShellRun().Work(ctx)
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, unableTo("Remove", state.Name.ValueString()), err)
		return
	}
	defer done()
	users, err := client.Users(ctx)
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, unableTo("Remove", state.Name.ValueString()), err)
		return
	}
	w := newGroupWork(client, r.set.CloudShellRun(), state, users)
	leaving := w.leaving(notes, state.people().Created)
	leaving = retain(ctx, client, stringsOf(state.RetainMembersOf), leaving, &resp.Diagnostics)
	w.removeAll(ctx, leaving, policy, &resp.Diagnostics)
}

// leaving are the accounts of the users that the resource brought in and that CloudShell still has, the provider's own aside.
func (w *groupWork) leaving(notes roster.Notes, created roster.Names) []roster.Account {
	var leaving []roster.Account
	for _, account := range notes.Accounts.Sorted() {
		user, there := w.book.Still(account)
		own := w.client.Account() != "" && framework.SameName(user.Username, w.client.Account())
		if there && account.Created && created.Has(account.Name) && !own {
			leaving = append(leaving, account)
		}
	}
	return leaving
}

// retain leaves out whoever is still in another of the given directory groups: everybody, when one of them cannot be read.
func retain(ctx context.Context, client *cloudshellapi.Client, groups []string, leaving []roster.Account, diags *diag.Diagnostics) []roster.Account {
	var rest []roster.Account
	var retained []string
	kept := make([]bool, len(leaving))
	for _, group := range groups {
		if len(leaving) == 0 {
			break
		}
		people, err := client.ExternalGroupUsers(ctx, group)
		if err != nil {
			warnRetainerUnreadable(diags, group, err)
		}
		index := roster.NewIndex(people)
		for i, account := range leaving {
			kept[i] = kept[i] || err != nil || index.Has(account.Name, account.SID)
		}
	}
	for i, account := range leaving {
		if kept[i] {
			retained = append(retained, account.Name)
		} else {
			rest = append(rest, account)
		}
	}
	if len(retained) > 0 {
		diags.AddWarning("Users Left in CloudShell", fmt.Sprintf("retain_members_of leaves alone %s that this resource brought in: %s.",
			roster.People(len(retained)), roster.List(retained)))
	}
	return rest
}

// removeAll deactivates or deletes users. What fails is an error for each; Terraform keeps the resource then, and a second
// destroy goes on with the rest.
func (w *groupWork) removeAll(ctx context.Context, leaving []roster.Account, policy string, diags *diag.Diagnostics) {
	partings := make([]parting, len(leaving))
	var all errgroup.Group
	all.SetLimit(singleImports)
	for i, account := range leaving {
		all.Go(func() error {
			partings[i] = w.part(ctx, append([]int64{account.ID}, account.Former...), policy)
			return nil
		})
	}
	_ = all.Wait() // the errors are in partings
	for i, account := range leaving {
		if partings[i].err != nil {
			failed := partingTrouble(account.Name, policy, partings[i])
			diags.AddError(failed.summary, failed.detail)
		}
	}
}
