// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// groupDeletes decides by the policy whether destroying deletes the group.
func groupDeletes(state *groupModel) bool {
	policy := state.DeletionPolicy.ValueString()
	return policy == policyDelete || policy == policyAuto && state.Created.ValueBool()
}

// Delete deletes the group as the policy says. A group that is gone already is a success; one that another resource of
// this run has stays.
func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	holder := readGroupHolder(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	registry := r.clients.CloudShellGroupClaims()
	registry.StartApply()
	name := state.Name.ValueString()
	if !groupDeletes(&state) {
		registry.Release(holder, state.claim(), true)
		return
	}
	if other, held := registry.HeldByOther(holder, state.claim()); held {
		framework.WarnLeftInPlace(&resp.Diagnostics, cloudshellGroup(name), fmt.Sprintf(
			"Another resource has it now (%s), such as the one that create_before_destroy made.", other.Label))
		registry.Release(holder, state.claim(), true)
		return
	}
	summary := framework.UnableTo("Delete", cloudshellGroup(name))
	client, err := r.clients.CloudShell()
	if err == nil {
		err = deleteGroup(ctx, client, &state)
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err,
			`The group stays in state. Destroy again, or set deletion_policy = "abandon" to leave it in CloudShell.`)
		return
	}
	registry.Release(holder, state.claim(), false)
}

// deleteGroup deletes the group of state. Some servers may refuse while the group has members: then those leave the
// group first, as a deletion means for them anyway.
func deleteGroup(ctx context.Context, client *cloudshellapi.Client, state *groupModel) error {
	id := state.ID.ValueInt64()
	group, err := client.ReadGroup(ctx, id)
	if errors.Is(err, cloudshellapi.ErrNotFound) || err == nil && !state.sameGroup(group) {
		return nil // gone, and the id may be another group's
	}
	if err != nil {
		return err
	}
	refused := client.DeleteGroup(ctx, id)
	if status := transport.Status(
		refused,
	); refused == nil || status == 0 || status >= http.StatusInternalServerError ||
		status == http.StatusForbidden {
		return refused
	}
	users, err := client.GroupUsers(ctx, id)
	if err != nil || len(users) == 0 {
		return refused
	}
	ids := make([]int64, len(users))
	for i, user := range users {
		ids[i] = user.ID
	}
	if err := client.RemoveUsersFromGroup(ctx, id, ids); err != nil {
		return fmt.Errorf("%w (taking the members out first failed too: %w)", refused, err)
	}
	return client.DeleteGroup(ctx, id)
}

// groupFault is an error with words for people: a whole detail, or what follows from what the server said.
type groupFault struct {
	err          error // nil where detail says everything
	more, detail string
}

func (e *groupFault) Error() string {
	if e.err == nil {
		return e.detail
	}
	return e.err.Error() + " " + e.more
}

func (e *groupFault) Unwrap() error { return e.err }

// addGroupFault adds the error of a group's creation or change: on the name where that is the cause.
func addGroupFault(diags *diag.Diagnostics, summary string, err error) {
	fault, ok := errors.AsType[*groupFault](err)
	switch {
	case ok && fault.err == nil:
		diags.AddAttributeError(path.Root("name"), summary, fault.detail)
	case ok:
		addFault(diags, summary, fault.err, fault.more)
	default:
		addFault(diags, summary, err)
	}
}

// addDomainErrors adds an error for each domain that cannot be given, and reports whether there is any.
func addDomainErrors(diags *diag.Diagnostics, work accessPlan, domains []cloudshellapi.Domain) bool {
	problems := domainProblems(work, domains)
	for _, problem := range problems {
		diags.AddAttributeError(problem.At, problem.Summary, problem.Detail)
	}
	return len(problems) > 0
}
