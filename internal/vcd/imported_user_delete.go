package vcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// Delete implements resource.Resource: what deletion_policy says. Whoever is gone already is a success.
func (r *importedUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	remove := r.deleteUser
	switch state.policy() {
	case policyAbandon:
		return
	case policyAuto:
		resp.Diagnostics.AddWarning("Cloud Director User Left in Place",
			fmt.Sprintf("User %q of organization %q was there before this resource and stays, as deletion_policy = %q says. Terraform no longer manages the user.",
				state.Name.ValueString(), state.Org.ValueString(), policyAuto))
		return
	case policyDisable:
		remove = r.disableUser
	}
	remove(ctx, state, &resp.Diagnostics)
}

// policy is the deletion policy, with auto resolved to delete for those whom this resource brought in.
func (m importedUserModel) policy() string {
	if policy := m.DeletionPolicy.ValueString(); policy != policyAuto {
		return policy
	}
	if m.Created.ValueBool() {
		return policyDelete
	}
	return policyAuto
}

// find looks up the user who is to go. nil when they are gone already, or after an error.
func (r *importedUserResource) find(ctx context.Context, state importedUserModel, summary string, diags *diag.Diagnostics) (*vcdapi.Tenant, *vcdapi.User) {
	tenant := openTenant(ctx, r.clients, state.Org.ValueString(), summary, diags)
	if tenant == nil {
		return nil, nil
	}
	user, err := tenant.User(ctx, state.ID.ValueString())
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		return tenant, nil
	case err != nil:
		addFault(diags, summary, err)
		return tenant, nil
	case tenant.IsLoginAccount(user):
		diags.AddError(summary, fmt.Sprintf("This is the account that the provider itself logs in with, which is never deleted or disabled. "+
			"Set deletion_policy = %q, apply, and destroy again.", policyAbandon))
		return tenant, nil
	}
	return tenant, &user
}

// deleteUser deletes the user once the caller owns what the user owned. Without that nobody is deleted, unless
// take_ownership = false asks for it: the server deletes a user's powered-off virtual machines with the user.
func (r *importedUserResource) deleteUser(ctx context.Context, state importedUserModel, diags *diag.Diagnostics) {
	summary := fmt.Sprintf("Unable to Delete Cloud Director User %q", state.Name.ValueString())
	tenant, user := r.find(ctx, state, summary, diags)
	if user == nil {
		return
	}
	if state.TakeOwnership.ValueBool() {
		if done := takeOwnership(ctx, tenant, user.ID, summary, diags); done {
			return
		}
	}
	err := tenant.DeleteUser(ctx, user.ID)
	if err == nil || errors.Is(err, vcdapi.ErrNotFound) {
		return
	}
	if state.TakeOwnership.ValueBool() {
		addFault(diags, summary, err, "What the user owned belongs to the account that the provider logs in with by now. Destroy again when the cause is mended.")
		return
	}
	addFault(diags, summary, err, "A user who owns running virtual machines, catalogs or networks cannot be deleted: set take_ownership = true, apply, and destroy again.")
}

// takeOwnership moves what the user owns to the caller. It reports whether the deletion is at its end: the user is gone
// already, or ownership could not be taken.
func takeOwnership(ctx context.Context, tenant *vcdapi.Tenant, id, summary string, diags *diag.Diagnostics) bool {
	err := vcdapi.ErrUnsupported
	if tenant.Capabilities().TakeOwnership {
		err = tenant.TakeOwnership(ctx, id)
	}
	if err == nil {
		return false
	}
	if errors.Is(err, vcdapi.ErrNotFound) {
		return true
	}
	if errors.Is(err, vcdapi.ErrAPITokenReadOnly) {
		addFault(diags, summary, err)
		return true
	}
	at := path.Root("take_ownership")
	addAttributeFault(diags, at, summary, err, fmt.Sprintf("Ownership of what the user has could not be taken, and nothing was deleted, since the user's "+
		"powered-off virtual machines would have gone too. Mend the cause and destroy again; or move the user's things to somebody else and set take_ownership = false; "+
		"or set deletion_policy = %q or %q (and apply) to keep the user.", policyDisable, policyAbandon))
	return true
}

// disableUser leaves the user behind, without access.
func (r *importedUserResource) disableUser(ctx context.Context, state importedUserModel, diags *diag.Diagnostics) {
	summary := fmt.Sprintf("Unable to Disable Cloud Director User %q", state.Name.ValueString())
	tenant, user := r.find(ctx, state, summary, diags)
	if user == nil || !user.Enabled {
		return
	}
	user.Enabled = false
	if _, err := tenant.UpdateUser(ctx, *user); err != nil && !errors.Is(err, vcdapi.ErrNotFound) {
		addFault(diags, summary, err)
	}
}
