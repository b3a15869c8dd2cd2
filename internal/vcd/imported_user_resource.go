// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/vcd/importer"
)

// importedUserResource is directory_vcd_imported_user.
type importedUserResource struct {
	clients *clients.Set
}

var (
	_ resource.ResourceWithConfigure   = (*importedUserResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*importedUserResource)(nil)
	_ resource.ResourceWithImportState = (*importedUserResource)(nil)
	_ resource.ResourceWithIdentity    = (*importedUserResource)(nil)
)

// NewImportedUserResource returns the resource directory_vcd_imported_user.
func NewImportedUserResource() resource.Resource { return &importedUserResource{} }

// Metadata implements resource.Resource. The identity follows a user who is renamed.
func (r *importedUserResource) Metadata(_ context.Context, req resource.MetadataRequest,
	resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_vcd_imported_user"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

// Configure implements resource.ResourceWithConfigure.
func (r *importedUserResource) Configure(_ context.Context, req resource.ConfigureRequest,
	resp *resource.ConfigureResponse) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// Create imports the user, or adopts the existing one where the plan consents. It relies on what the plan saw that
// Terraform repeats just before it.
func (r *importedUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	registry := r.clients.VCDClaims()
	registry.StartApply()
	var plan, config importedUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	summary := framework.UnableTo("Import", userSubject(name))
	tenant, roles, err := openForChange(ctx, r.clients, plan.Org, plan.Roles)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	plan.Org = types.StringValue(orgText(plan.Org, tenant))
	person := plan.person()
	unlock, err := registry.Lock(ctx, person)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	defer unlock()
	seen, err := userFinder(r.clients, tenant).forCreate(ctx, person, plan.ProviderType.ValueString())
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}

	imported, err := importer.Users{Tenant: tenant}.Import(ctx, importer.UserImport{
		Name: name, ProviderType: plan.ProviderType.ValueString(), Settings: plan.settings(roles), Existing: seen.Found,
		Consent: plan.AllowUpdate.ValueBool() || registry.CreatedHere(person) || registry.LeftInPlace(person),
		Unlock:  known(config.Locked) && !config.Locked.ValueBool(),
	})
	if err != nil {
		addUserImportFault(ctx, &resp.Diagnostics, tenant, summary, name, err)
		return
	}

	n := notes{Holder: seen.Holder, Applied: name, InDoubt: imported.Doubt != nil}
	if n.InDoubt {
		warnInDoubt(&resp.Diagnostics, summary, imported.Doubt)
	} else {
		warnIgnored(&resp.Diagnostics, userSubject(name), plan.ignored(ctx, tenant, imported.Entity, &n))
	}
	plan.complete(imported.Entity)
	plan.Created = types.BoolValue(imported.Created && registry.NoteCreated(n.Holder, plan.person()))
	registry.Hold(n.Holder, userLabel(name), plan.person())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
}

// Read refreshes the user by id, whatever their name is by now. Only a user whose absence a list has proved leaves
// state.
func (r *importedUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...) // before the resource may be removed
	newNotes := n.InDoubt || n.Applied == ""
	if n.Applied == "" {
		n.Applied = state.Name.ValueString()
	}
	subject := userSubject(state.Name.ValueString())
	tenant, org := openToRead(ctx, r.clients, subject, state.Org, state.ID.ValueString(), &resp.Diagnostics)
	if tenant == nil {
		return
	}
	state.Org = org
	user, err := r.readUser(ctx, tenant, &state, &n)
	if errors.Is(err, vcdapi.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Read", subject), err)
		return
	}
	state.read(user, tenant.SameName)
	state.keepIgnored(n)
	r.clients.VCDClaims().Sight(claims.Sighting{
		Holder: n.Holder, Label: userLabel(user.Username), Person: state.person(), Created: state.Created.ValueBool(),
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	if newNotes {
		resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
	}
}

// readUser reads the user by id. After an import whose outcome was in doubt it finds out by name, and whether the
// account is the one that the import made.
func (r *importedUserResource) readUser(ctx context.Context, tenant *vcdapi.Tenant, state *importedUserModel,
	n *notes) (vcdapi.User, error) {
	if !n.InDoubt {
		return tenant.User(ctx, state.ID.ValueString())
	}
	name, providerType := state.Name.ValueString(), state.ProviderType.ValueString()
	user, err := tenant.FindUser(ctx, name, providerType)
	if errors.Is(err, vcdapi.ErrNotFound) { // a shared list may have missed it between two pages
		user, err = tenant.LookForUser(ctx, name, providerType)
	}
	if err != nil {
		return user, err
	}
	if user.ProviderType != providerType {
		return user, vcdapi.ErrNotFound
	}
	state.Created = types.BoolValue(tenant.LookCovers(name, user.Username))
	n.InDoubt = false
	return user, nil
}

// Update changes the user in place: unlocks, remaps, and gives them the planned settings. What concerns destruction
// alone changes without a request.
func (r *importedUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	registry := r.clients.VCDClaims()
	registry.StartApply()
	var plan, config, state importedUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.changesUser(state) {
		name := state.Name.ValueString()
		summary := framework.UnableTo("Update", userSubject(name))
		tenant, roles, err := openForChange(ctx, r.clients, plan.Org, plan.Roles)
		if err != nil {
			addFault(&resp.Diagnostics, summary, err)
			return
		}
		unlock, err := registry.Lock(ctx, state.person(), plan.person())
		if err != nil {
			addFault(&resp.Diagnostics, summary, err)
			return
		}
		defer unlock()
		user, err := importer.Users{Tenant: tenant}.Change(ctx, plan.ID.ValueString(), plan.change(config, state, roles))
		if err != nil {
			addUserChangeFault(&resp.Diagnostics, summary, plan, err)
			if isRemapped := user.ID != "" && !plan.Name.Equal(state.Name) &&
				tenant.SameName(user.Username, plan.Name.ValueString()); isRemapped {
				n.Applied = config.Name.ValueString()
				keepRemap(ctx, resp, state, plan, n)
			}
			return
		}
		warnIgnored(&resp.Diagnostics, userSubject(name), plan.ignored(ctx, tenant, user, &n))
		plan.complete(user)
	}
	n.Applied = config.Name.ValueString()
	registry.Hold(n.Holder, userLabel(plan.Name.ValueString()), plan.person())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
}

// keepRemap keeps the new name in state although a later step of the update failed. Otherwise the next plan would take
// the name for one that others gave the user.
func keepRemap(ctx context.Context, resp *resource.UpdateResponse, state, plan importedUserModel, n notes) {
	state.Name, state.ProviderType = plan.Name, plan.ProviderType
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
}

// Delete does what deletion_policy says. A user who is gone is a success, and one that another resource holds stays.
func (r *importedUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	registry := r.clients.VCDClaims()
	registry.StartApply()
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if n.InDoubt {
		if err := r.resolveDoubt(ctx, &state, &n); err != nil {
			addFault(&resp.Diagnostics, framework.UnableTo("Delete", userSubject(state.Name.ValueString())), err)
			return
		}
	}
	person, policy := state.person(), state.policy()
	unlock, err := registry.Lock(ctx, person)
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Delete", userSubject(person.Name)), err)
		return
	}
	defer unlock()
	other, held := registry.HeldByOther(n.Holder, person)
	if held {
		warnHeld(&resp.Diagnostics, userSubject(person.Name), other.Label)
	}
	if held || policy == policyAuto || policy == policyAbandon {
		registry.Release(n.Holder, person, true)
		return
	}

	verb := "Delete"
	if policy == policyDisable {
		verb = "Disable"
	}
	if err := r.remove(ctx, state); err != nil {
		addUserRemovalFault(&resp.Diagnostics, framework.UnableTo(verb, userSubject(person.Name)), state, err)
		return
	}
	registry.Release(n.Holder, person, policy == policyDisable)
}

// remove deletes or disables the user.
func (r *importedUserResource) remove(ctx context.Context, state importedUserModel) error {
	tenant, err := tenantOf(ctx, r.clients, state.Org.ValueString())
	if err != nil {
		return err
	}
	id, name := state.ID.ValueString(), state.Name.ValueString()
	users := importer.Users{Tenant: tenant}
	if state.policy() == policyDisable {
		return users.Disable(ctx, id, name)
	}
	return users.Delete(ctx, id, name, state.TakeOwnership.ValueBool())
}

// resolveDoubt finds out, for a destroy without a refresh, the outcome of an import that was in doubt. State then has
// the id, or still none if the import made nothing.
func (r *importedUserResource) resolveDoubt(ctx context.Context, state *importedUserModel, n *notes) error {
	tenant, err := tenantOf(ctx, r.clients, state.Org.ValueString())
	if err != nil {
		return err
	}
	found, err := r.readUser(ctx, tenant, state, n)
	if errors.Is(err, vcdapi.ErrNotFound) {
		state.DeletionPolicy = types.StringValue(policyAbandon) // there is nothing to delete
		return nil
	}
	state.ID = types.StringValue(found.ID)
	return err
}

// ImportState implements resource.ResourceWithImportState, by ORG/NAME or by identity.
func (r *importedUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest,
	resp *resource.ImportStateResponse) {
	org, name, ok := importTarget(ctx, req, resp)
	if !ok {
		return
	}
	summary := fmt.Sprintf("%s Into State", framework.UnableTo("Import", userSubject(name)))
	tenant, err := tenantOf(ctx, r.clients, org)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	user, err := tenant.FindUser(ctx, name, vcdapi.ProviderLDAP) // another type where there is none
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		resp.Diagnostics.AddError(summary, notFoundText(userSubject(name), tenant.Name(), userNames(ctx, tenant), err)+
			" To import the person from the directory, remove the import block and apply the resource.")
		return
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	case !user.Imported():
		resp.Diagnostics.AddAttributeError(path.Root("name"), summary, fmt.Sprintf("%q is a local user of organization %q, "+
			"who does not come from a directory. This resource manages imported users only.", user.Username, tenant.Name()))
		return
	}
	state := existingUser(tenant.Name(), user)
	state.read(user, tenant.SameName)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(notes{Holder: claims.NewHolder(), Applied: user.Username}.write(ctx, resp.Private)...)
}
