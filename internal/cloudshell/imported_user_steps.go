package cloudshell

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// incomplete is the state of a user between the import and what comes after. If that fails, Terraform taints the resource
// and replaces it at the next apply, and of all that is remembered only state reaches that destroy (Terraform drops the
// private state of what is tainted). So state's deletion policy is the one that lets the next create succeed: an account
// that this create brought in goes, one that was there before stays as it is.
func incomplete(plan importedUserModel, done imported) importedUserModel {
	plan.take(done.user, userNotes{})
	plan.Created = types.BoolValue(done.created)
	plan.DeletionPolicy = types.StringValue(policyAbandon)
	if done.created {
		plan.DeletionPolicy = types.StringValue(policyDelete)
	}
	return plan
}

// applySettings brings a user's settings and groups to what the configuration wants, in one read-change-write, and
// returns the user as the server then holds him.
func (r *importedUserResource) applySettings(ctx context.Context, client *cloudshellapi.Client, id int64, settings userSettings, notes userNotes) (cloudshellapi.User, error) {
	user, err := client.User(ctx, id)
	if err != nil || !settings.change(&user, notes) {
		return user, err
	}
	if err := client.UpdateUser(ctx, user); err != nil {
		return user, err
	}
	return client.User(ctx, id)
}

// importAgain refreshes a user of state from the directory.
func (r *importedUserResource) importAgain(ctx context.Context, client *cloudshellapi.Client, state *importedUserModel, name string, diags *diag.Diagnostics) error {
	user, err := client.User(ctx, state.ID.ValueInt64())
	if err != nil {
		return err
	}
	if !state.sameUser(user) {
		return problemf("CloudShell has another user under the id %d now: %q. Plan again.", user.ID, user.Username)
	}
	_, words, err := reimport(ctx, client, name, user.ID)
	if err == nil {
		imported{words: words}.warn(name, diags)
	}
	return err
}

// notesAfter are the notes about a user after an apply.
func (r *importedUserResource) notesAfter(ctx context.Context, plan *importedUserModel, settings userSettings, user cloudshellapi.User, before userNotes, importedNow bool) userNotes {
	notes := userNotes{Tolerated: before.Tolerated}
	if settings.setGroups {
		notes.Groups = append([]int64{}, settings.groups...)
	}
	held := limitsOf(&user)
	for i, limit := range plan.limits() {
		if limit.ValueInt64() != leastLimit {
			continue
		}
		if notes.Defaults == nil {
			notes.Defaults = map[string]*int64{}
		}
		notes.Defaults[limitNames[i]] = *held[i]
	}
	if importedNow && plan.AllowUpdate.ValueBool() {
		current := *plan
		current.take(user, notes)
		var ignored diag.Diagnostics // the next refresh says why the directory cannot be asked
		notes.Tolerated = r.differences(ctx, &current, &ignored)
	}
	return notes
}

// differ reports whether the settings are not what state has.
func (s userSettings) differ(state *importedUserModel, notes userNotes) bool {
	var groups []int64
	for _, element := range state.GroupIDs.Elements() {
		if id, ok := element.(types.Int64); ok {
			groups = append(groups, id.ValueInt64())
		}
	}
	held := cloudshellapi.User{
		IsActive: state.Active.ValueBool(), IsAdmin: state.Admin.ValueBool(), TimeZoneInfoID: state.TimeZone.ValueStringPointer(), GroupIDs: groups,
	}
	heldLimits := limitsOf(&held)
	for i, limit := range state.limits() {
		*heldLimits[i] = limit.ValueInt64Pointer()
	}
	return s.change(&held, notes)
}

// sameUser reports whether a user of state's id is still the one of state: one who comes from the directory, under the
// same name or, after a rename, with the same id there.
func (m *importedUserModel) sameUser(user cloudshellapi.User) bool {
	if !user.IsImported() {
		return false
	}
	return m.Username.IsNull() || framework.SameName(user.Username, m.Username.ValueString()) || *user.ImportedSid == m.ImportedSID.ValueString()
}

// warn tells what the person should know about an import that succeeded.
func (i imported) warn(name string, diags *diag.Diagnostics) {
	if i.words != "" {
		diags.AddWarning(fmt.Sprintf("CloudShell Imported User %q with Complaints", name), framework.Sentence(i.words))
	}
	if i.unsure {
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("CloudShell Imported %q as User %q", name, i.user.Username),
			"Whether CloudShell had that user before cannot be told, so he counts as adopted: with deletion_policy = \"auto\" he will be left alone at destroy. "+
				"Give the user name as name to avoid this.")
	}
}

// addImportFault adds the error of an import: on the name where that is the cause.
func addImportFault(diags *diag.Diagnostics, summary string, err error) {
	if problem, ok := errors.AsType[*importProblem](err); ok {
		diags.AddAttributeError(path.Root("name"), summary, problem.detail)
		return
	}
	framework.AddFault(diags, clients.CloudShell, summary, err)
}
