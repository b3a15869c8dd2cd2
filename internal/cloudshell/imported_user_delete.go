package cloudshell

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// farewell is what a destroy does with a user.
type farewell int

const (
	leave farewell = iota
	deactivate
	remove
)

// decide chooses by the policy, and says why a user is left where that may surprise.
func decide(state *importedUserModel) (farewell, string) {
	created := state.Created.ValueBool()
	switch policy := state.DeletionPolicy.ValueString(); {
	case policy == policyDelete, policy == policyAuto && created:
		return remove, ""
	case policy == policyDeactivate:
		return deactivate, ""
	case policy == policyAuto:
		return leave, "This resource adopted him, or got him by terraform import, and deletion_policy is \"auto\". Set it to \"delete\" or \"deactivate\" for another outcome, " +
			"or to \"abandon\" to silence this warning."
	default:
		return leave, ""
	}
}

// warnLeft tells at plan that a destroy will leave the user in CloudShell.
func warnLeft(state *importedUserModel, diags *diag.Diagnostics) {
	if what, why := decide(state); what == leave && why != "" {
		diags.AddWarning(fmt.Sprintf("CloudShell User %q Will Stay in CloudShell", state.Username.ValueString()), why)
	}
}

// Delete parts with the user as the policy says. A user who is gone already is a success.
func (r *importedUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	username := state.Username.ValueString()
	what, why := decide(&state)
	if what == leave {
		if why != "" {
			resp.Diagnostics.AddWarning(fmt.Sprintf("CloudShell User %q Left in CloudShell", username), why)
		}
		return
	}
	summary := fmt.Sprintf("Unable to Delete CloudShell User %q", username)
	client, err := r.clients.CloudShell()
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	if framework.SameName(client.Account(), username) {
		resp.Diagnostics.AddWarning(fmt.Sprintf("CloudShell User %q Left in CloudShell", username),
			"The provider logs in to CloudShell as this user, and never deactivates or deletes the account that it needs.")
		return
	}
	user, err := client.User(ctx, state.ID.ValueInt64())
	if errors.Is(err, cloudshellapi.ErrNotFound) || err == nil && !state.sameUser(user) {
		return // gone, or his id is somebody else's
	}
	if err == nil {
		err = part(ctx, client, user, what)
	}
	var refused *deletionRefused
	switch {
	case err == nil, errors.Is(err, cloudshellapi.ErrNotFound):
	case errors.As(err, &refused):
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, refused.cause,
			"The user is deactivated and stays in state. CloudShell refuses to delete users who own sandboxes: end or delete those and destroy again, "+
				"or set deletion_policy = \"deactivate\".")
	default:
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
	}
}

// deletionRefused is the server's refusal to delete a user whom it let deactivate.
type deletionRefused struct{ cause error }

func (e *deletionRefused) Error() string { return e.cause.Error() }
func (e *deletionRefused) Unwrap() error { return e.cause }

// part deactivates a user and, if wanted, deletes him: the vendor asks for that order, since CloudShell keeps users who own
// sandboxes from being deleted.
func part(ctx context.Context, client *cloudshellapi.Client, user cloudshellapi.User, what farewell) error {
	if user.IsActive {
		user.IsActive = false
		if err := client.UpdateUser(ctx, user); err != nil {
			return err
		}
	}
	if what != remove {
		return nil
	}
	if err := client.DeleteUser(ctx, user.ID); err != nil {
		return &deletionRefused{err}
	}
	return nil
}
