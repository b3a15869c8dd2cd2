// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// importedUserResource is directory_cloudshell_imported_user.
type importedUserResource struct {
	clients *clients.Set
}

var (
	_ resource.ResourceWithConfigure      = (*importedUserResource)(nil)
	_ resource.ResourceWithIdentity       = (*importedUserResource)(nil)
	_ resource.ResourceWithImportState    = (*importedUserResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importedUserResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importedUserResource)(nil)
)

// NewImportedUserResource returns the resource directory_cloudshell_imported_user.
func NewImportedUserResource() resource.Resource { return &importedUserResource{} }

// Metadata implements resource.Resource.
func (r *importedUserResource) Metadata(
	_ context.Context,
	req resource.MetadataRequest,
	resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_imported_user"
	resp.ResourceBehavior.MutableIdentity = true // people are renamed
}

// Configure implements resource.ResourceWithConfigure.
func (r *importedUserResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// Create imports the person, or adopts the account as far as the configuration consents. State is set as soon as
// there is an account, so that a failure after that loses no one.
func (r *importedUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan importedUserModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	client, registry, ok := r.begin(framework.UnableTo("Import", userSubject(name)), &resp.Diagnostics)
	if !ok {
		return
	}
	// What is wrong with the configuration is found before anything is changed.
	groups, problems := groupIDs(ctx, client, path.Root("groups"), stringsOf(config.Groups))
	resp.Diagnostics.Append(problems...)
	guardAccount(&config, client.Account(), name, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	work := importer.New(client)
	holder, saw := registry.Recall(userLabel(name))
	look, _ := saw.(*importer.Look)
	owner := importer.Owner{Claims: registry, Holder: holder, Label: userLabel(name)}
	done, err := work.TakeUp(ctx, owner, look, name, consentOf(plan.AllowUpdate.ValueBool()))
	if err != nil {
		registry.Plan(holder, userLabel(name), nil) // nothing came of what was planned
		addUserFault(&resp.Diagnostics, framework.UnableTo("Import", userSubject(name)), name, err)
		return
	}
	warnImported(&resp.Diagnostics, name, done)
	half := plan.halfMade(done)
	notes := userNotes{Holder: holder, Created: done.Created}.of(&half)
	resp.Diagnostics.Append(resp.State.Set(ctx, half)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, done.User.Username)...)
	resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}

	settings := config.settings(groups, notes)
	user, err := changeUser(ctx, registry, work, done.User, settings)
	if err != nil {
		addUserFault(&resp.Diagnostics, framework.UnableTo("Set Up", userSubject(done.User.Username)), name, err,
			"The user is imported and in state, but not as configured; Terraform will replace them at the next apply.")
		return
	}
	warnAfterChange(&resp.Diagnostics, settings, user)
	plan.Created = types.BoolValue(done.Created)
	notes.noteDefaults(&plan, settings, user)
	plan.complete(user, notes)
	notes = r.tolerate(ctx, notes.of(&plan), &plan, user)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
}

// Read refreshes state. A user who is gone, which is proved, or whose id another person has, leaves state.
func (r *importedUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := readNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// Before anything else: state from before there were identities has none, and Terraform insists.
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Username.ValueString())...)

	subject := userSubject(state.Username.ValueString())
	client, err := r.clients.CloudShell()
	if framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, subject.String(), err)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Read", subject), err)
		return
	}
	prior, notes := state, before.of(&state)
	user, err := client.User(ctx, state.ID.ValueInt64())
	if errors.Is(err, cloudshellapi.ErrNotFound) || err == nil && !importer.SamePerson(user, state.known()) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		err = state.takeGroups(ctx, client, user)
	}
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Read", subject), err)
		return
	}
	state.take(user, notes)
	if !state.equal(&prior) { // most often it is, and setting state costs more than all of the above
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, user.Username)...)
	}
	notes = notes.of(&state)
	notes.Differences = r.differences(ctx, &state, user, &resp.Diagnostics)
	if !notes.equal(before) {
		resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
	}
	r.clients.CloudShellClaims().Sight(claims.Sighting{
		Holder: notes.Holder, Label: userLabel(notes.Username), Person: notes.person(), Created: notes.Created, Sole: true,
	})
}

// Update does what the plan shows, and leaves everything else as the server has it by now.
func (r *importedUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state importedUserModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readNotes(ctx, req.Private, &resp.Diagnostics).of(&state)
	if resp.Diagnostics.HasError() {
		return
	}
	username := state.Username.ValueString()
	summary := framework.UnableTo("Update", userSubject(username))
	client, registry, ok := r.begin(summary, &resp.Diagnostics)
	if !ok {
		return
	}
	groups, problems := groupIDs(ctx, client, path.Root("groups"), stringsOf(config.Groups))
	resp.Diagnostics.Append(problems...)
	guardAccount(&config, client.Account(), username, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	again := len(reasonsToImport(&plan, &state, notes)) > 0
	settings := plan.changesFrom(&state, config.settings(groups, notes))
	if again {
		everything := config.settings(groups, notes) // the import may change what the configuration gives
		everything.SetGroups = settings.SetGroups
		settings = everything
	}
	if !again && settings.IsEmpty() { // nothing that CloudShell knows of
		plan.fillFrom(&state)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, username)...)
		resp.Diagnostics.Append(notes.of(&plan).write(ctx, resp.Private)...)
		return
	}
	work, known := importer.New(client), state.known()
	if again {
		done, err := importAgain(ctx, registry, work, known, nameToImport(&plan, &state))
		if err != nil {
			summary := fmt.Sprintf("Unable to Import %s Again", userSubject(username))
			addUserFault(&resp.Diagnostics, summary, plan.Name.ValueString(), err)
			return
		}
		warnImported(&resp.Diagnostics, username, done)
		known = done.User
	}
	user, err := changeUser(ctx, registry, work, known, settings)
	if err != nil {
		addUserFault(&resp.Diagnostics, summary, plan.Name.ValueString(), err)
		return
	}
	warnAfterChange(&resp.Diagnostics, settings, user)
	notes.noteDefaults(&plan, settings, user)
	plan.complete(user, notes)
	notes = notes.of(&plan)
	if again {
		notes = r.tolerate(ctx, notes, &plan, user)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, user.Username)...)
	resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
}

// Delete lets the user go as the policy says, after one more look. A user who is gone already, which is proved, is a
// success; a person that another resource of this run holds stays.
func (r *importedUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readNotes(ctx, req.Private, &resp.Diagnostics).of(&state)
	if resp.Diagnostics.HasError() {
		return
	}
	username := state.Username.ValueString()
	registry := r.clients.CloudShellClaims()
	registry.StartApply()
	unlock, err := registry.Lock(ctx, notes.person())
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Delete", userSubject(username)), err)
		return
	}
	defer unlock()
	what := outcomeOf(notes.Policy, notes.Created)
	if what == leave {
		registry.Release(notes.Holder, notes.person(), true)
		return
	}
	if other, held := registry.HeldByOther(notes.Holder, notes.person()); held {
		framework.WarnLeftInPlace(&resp.Diagnostics, userSubject(notes.Username), fmt.Sprintf("The %s holds the same person.",
			other.Label))
		registry.Release(notes.Holder, notes.person(), true)
		return
	}
	client, err := r.clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Delete", userSubject(username)), err)
		return
	}
	err = letGo(ctx, importer.New(client), state.known(), what)
	if own, ok := errors.AsType[*importer.ProtectedError](err); ok && own.Reason == importer.OwnAccount {
		framework.WarnLeftInPlace(&resp.Diagnostics, userSubject(notes.Username), protection(own))
		registry.Release(notes.Holder, notes.person(), true)
		return
	}
	if err != nil {
		addUserFault(&resp.Diagnostics, framework.UnableTo("Delete", userSubject(username)), username, err)
		return
	}
	registry.Release(notes.Holder, notes.person(), what == deactivate)
}

// ImportState looks the user up by name: `terraform import ADDRESS USERNAME`, or by identity.
func (r *importedUserResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	username := req.ID
	if username == "" {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		username = identity.Username.ValueString()
	}
	summary := framework.UnableTo("Import", userSubject(username)) + " Into State"
	if problem := framework.NameProblem(username); problem != "" {
		resp.Diagnostics.AddError(summary, problem+" The import ID is the user's name in CloudShell.")
		return
	}
	client, err := r.clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	user, listed, err := client.NamedUser(ctx, username) // hundreds of import blocks cost one list
	if listed {
		user, err = client.FindUser(ctx, username) // that the list lacks the name is no proof
	}
	switch {
	case errors.Is(err, cloudshellapi.ErrNotFound):
		resp.Diagnostics.AddError(
			summary,
			"CloudShell has no user of that name. The import ID is the user's name in CloudShell."+
				names.DidYouMean(names.Near(username, importedNames(ctx, client)))+domainHint(username)+
				" To import a person from the directory into CloudShell, apply the resource instead.",
		)
		return
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	case !user.IsImported():
		resp.Diagnostics.AddError(summary, localUser(user.Username))
		return
	}
	if !user.IsActive {
		warnUserInactive(&resp.Diagnostics, user.Username)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, importedState(user))...)
	if req.ID != "" { // else the identity keeps the spelling that was asked for
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, user.Username)...)
	}
}

// begin starts the work of an apply.
func (r *importedUserResource) begin(
	summary string, diags *diag.Diagnostics,
) (client *cloudshellapi.Client, registry *claims.Registry, ok bool) {
	registry = r.clients.CloudShellClaims()
	registry.StartApply()
	client, err := r.clients.CloudShell()
	if err != nil {
		addFault(diags, summary, err)
		return nil, nil, false
	}
	return client, registry, true
}

// changeUser applies settings while no other resource works on the person.
func changeUser(
	ctx context.Context,
	registry *claims.Registry,
	work *importer.Importer,
	user cloudshellapi.User,
	settings importer.Settings,
) (cloudshellapi.User, error) {
	if unchanged := user; user.Sid != "" && !settings.Change(&unchanged) {
		return user, nil // the import has just answered with the whole user
	}
	unlock, err := registry.Lock(ctx, importer.PersonOf(user))
	if err != nil {
		return user, err
	}
	defer unlock()
	return work.ChangeSettings(ctx, user, settings.Change)
}

// importAgain refreshes a user of state from the directory, while no other resource works on the person.
func importAgain(
	ctx context.Context, registry *claims.Registry, work *importer.Importer, known cloudshellapi.User, name string,
) (importer.Imported, error) {
	unlock, err := registry.Lock(ctx, importer.PersonOf(known))
	if err != nil {
		return importer.Imported{}, err
	}
	defer unlock()
	return work.Refresh(ctx, known, name)
}
