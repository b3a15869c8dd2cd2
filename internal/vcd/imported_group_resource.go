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

// importedGroupResource is directory_vcd_imported_group.
type importedGroupResource struct {
	clients *clients.Set
}

var (
	_ resource.ResourceWithConfigure   = (*importedGroupResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*importedGroupResource)(nil)
	_ resource.ResourceWithImportState = (*importedGroupResource)(nil)
	_ resource.ResourceWithIdentity    = (*importedGroupResource)(nil)
)

// NewImportedGroupResource returns the resource directory_vcd_imported_group.
func NewImportedGroupResource() resource.Resource { return &importedGroupResource{} }

// Metadata implements resource.Resource. The identity follows a group that is renamed.
func (r *importedGroupResource) Metadata(_ context.Context, req resource.MetadataRequest,
	resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_vcd_imported_group"
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

// Configure implements resource.ResourceWithConfigure.
func (r *importedGroupResource) Configure(_ context.Context, req resource.ConfigureRequest,
	resp *resource.ConfigureResponse) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// Create imports the group, or adopts the existing one where the plan consents. It relies on what the plan saw that
// Terraform repeats just before it.
func (r *importedGroupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	registry := r.clients.VCDClaims()
	registry.StartApply()
	var plan importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	summary := framework.UnableTo("Import", groupSubject(name))
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
	seen, err := groupFinder(r.clients, tenant).forCreate(ctx, person, plan.ProviderType.ValueString())
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}

	imported, err := importer.Groups{Tenant: tenant}.Import(ctx, importer.GroupImport{
		Group: plan.group(roles), Existing: seen.Found,
		Consent: plan.AllowUpdate.ValueBool() || registry.CreatedHere(person) || registry.LeftInPlace(person),
	})
	if err != nil {
		addGroupImportFault(ctx, &resp.Diagnostics, tenant, summary, name, err)
		return
	}

	n := notes{Holder: seen.Holder, Applied: name, InDoubt: imported.Doubt != nil}
	if n.InDoubt {
		warnInDoubt(&resp.Diagnostics, summary, imported.Doubt)
	} else {
		warnIgnored(&resp.Diagnostics, groupSubject(name), plan.ignored(ctx, tenant, imported.Entity, &n))
	}
	plan.Created = types.BoolValue(imported.Created && registry.NoteCreated(n.Holder, plan.person()))
	plan.complete(imported.Entity)
	plan.UserNames = nameList(nil) // a new group fills only with users who are imported, or log in, after it
	if imported.Existed {
		users, err := tenant.GroupUsers(ctx, imported.Entity.ID)
		if err != nil {
			framework.WarnStateKept(&resp.Diagnostics, fmt.Sprintf("the Users of Group %q", name), err)
		}
		plan.UserNames = nameList(users)
	}
	registry.Hold(n.Holder, groupLabel(name), plan.person())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
}

// Read refreshes the group by id. Only a group whose absence a list has proved leaves state.
func (r *importedGroupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedGroupModel
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
	subject := groupSubject(state.Name.ValueString())
	tenant, org := openToRead(ctx, r.clients, subject, state.Org, state.ID.ValueString(), &resp.Diagnostics)
	if tenant == nil {
		return
	}
	state.Org = org
	group, err := r.readGroup(ctx, tenant, &state, &n)
	var users []vcdapi.Reference
	if err == nil {
		users, err = tenant.GroupUsers(ctx, group.ID)
	}
	if errors.Is(err, vcdapi.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Read", subject), err)
		return
	}
	state.read(group, tenant.SameName)
	state.UserNames = nameList(users)
	state.Description = types.StringValue(n.keepIgnored("description", group.Description))
	r.clients.VCDClaims().Sight(claims.Sighting{
		Holder: n.Holder, Label: groupLabel(group.Name), Person: state.person(), Created: state.Created.ValueBool(),
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	if newNotes {
		resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
	}
}

// readGroup reads the group by id. After an import whose outcome was in doubt it finds out by name, and whether the
// group is the one that the import made.
func (r *importedGroupResource) readGroup(ctx context.Context, tenant *vcdapi.Tenant, state *importedGroupModel,
	n *notes) (vcdapi.Group, error) {
	if !n.InDoubt {
		return tenant.Group(ctx, state.ID.ValueString())
	}
	name, providerType := state.Name.ValueString(), state.ProviderType.ValueString()
	group, err := tenant.FindGroup(ctx, name, providerType)
	if errors.Is(err, vcdapi.ErrNotFound) { // a shared list may have missed it between two pages
		group, err = tenant.LookForGroup(ctx, name, providerType)
	}
	if err != nil {
		return group, err
	}
	if group.ProviderType != providerType {
		return group, vcdapi.ErrNotFound
	}
	state.Created = types.BoolValue(tenant.LookCovers(name, group.Name))
	n.InDoubt = false
	return group, nil
}

// Update changes roles and description. What concerns destruction alone changes without a request.
func (r *importedGroupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	registry := r.clients.VCDClaims()
	registry.StartApply()
	var plan, config, state importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	summary := framework.UnableTo("Update", groupSubject(name))
	if !plan.Name.Equal(state.Name) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), summary, unknownNameText)
		return
	}
	if !plan.Roles.Equal(state.Roles) || !plan.Description.Equal(state.Description) {
		tenant, roles, err := openForChange(ctx, r.clients, plan.Org, plan.Roles)
		if err != nil {
			addFault(&resp.Diagnostics, summary, err)
			return
		}
		unlock, err := registry.Lock(ctx, state.person())
		if err != nil {
			addFault(&resp.Diagnostics, summary, err)
			return
		}
		defer unlock()
		group, err := importer.Groups{Tenant: tenant}.Change(ctx, plan.ID.ValueString(), roles,
			plan.Description.ValueString())
		if err != nil {
			addFault(&resp.Diagnostics, summary, err, vanishedAdvice(err)...)
			return
		}
		warnIgnored(&resp.Diagnostics, groupSubject(name), plan.ignored(ctx, tenant, group, &n))
	}
	n.Applied = config.Name.ValueString()
	registry.Hold(n.Holder, groupLabel(name), plan.person())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(n.write(ctx, resp.Private)...)
}

// Delete does what deletion_policy says. A group that is gone is a success, and one that another resource holds stays.
func (r *importedGroupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	registry := r.clients.VCDClaims()
	registry.StartApply()
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n, diags := readNotes(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if n.InDoubt {
		if err := r.resolveDoubt(ctx, &state, &n); err != nil {
			addFault(&resp.Diagnostics, framework.UnableTo("Delete", groupSubject(state.Name.ValueString())), err)
			return
		}
	}
	person := state.person()
	summary := framework.UnableTo("Delete", groupSubject(person.Name))
	unlock, err := registry.Lock(ctx, person)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	defer unlock()
	other, held := registry.HeldByOther(n.Holder, person)
	if held {
		warnHeld(&resp.Diagnostics, groupSubject(person.Name), other.Label)
	}
	if held || !state.deletes() {
		registry.Release(n.Holder, person, true)
		return
	}

	if err := r.remove(ctx, state); err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	registry.Release(n.Holder, person, false)
}

// remove deletes the group.
func (r *importedGroupResource) remove(ctx context.Context, state importedGroupModel) error {
	tenant, err := tenantOf(ctx, r.clients, state.Org.ValueString())
	if err != nil {
		return err
	}
	return importer.Groups{Tenant: tenant}.Delete(ctx, state.ID.ValueString())
}

// resolveDoubt finds out, for a destroy without a refresh, the outcome of an import that was in doubt. State then has
// the id, or still none if the import made nothing.
func (r *importedGroupResource) resolveDoubt(ctx context.Context, state *importedGroupModel, n *notes) error {
	tenant, err := tenantOf(ctx, r.clients, state.Org.ValueString())
	if err != nil {
		return err
	}
	found, err := r.readGroup(ctx, tenant, state, n)
	if errors.Is(err, vcdapi.ErrNotFound) {
		state.DeletionPolicy = types.StringValue(policyAbandon) // there is nothing to delete
		return nil
	}
	state.ID = types.StringValue(found.ID)
	return err
}

// ImportState implements resource.ResourceWithImportState, by ORG/NAME or by identity.
func (r *importedGroupResource) ImportState(ctx context.Context, req resource.ImportStateRequest,
	resp *resource.ImportStateResponse) {
	org, name, ok := importTarget(ctx, req, resp)
	if !ok {
		return
	}
	summary := fmt.Sprintf("%s Into State", framework.UnableTo("Import", groupSubject(name)))
	tenant, err := tenantOf(ctx, r.clients, org)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	group, err := tenant.FindGroup(ctx, name, vcdapi.ProviderLDAP)
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		resp.Diagnostics.AddError(summary, notFoundText(groupSubject(name), tenant.Name(), groupNames(ctx, tenant), err)+
			" To import the group from the directory, remove the import block and apply the resource.")
		return
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	state := existingGroup(org, name)
	state.read(group, tenant.SameName)
	state.UserNames = types.ListNull(types.StringType)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(notes{Holder: claims.NewHolder(), Applied: name}.write(ctx, resp.Private)...)
}
