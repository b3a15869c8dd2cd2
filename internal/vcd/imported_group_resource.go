package vcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var (
	_ resource.ResourceWithConfigure   = (*importedGroupResource)(nil)
	_ resource.ResourceWithIdentity    = (*importedGroupResource)(nil)
	_ resource.ResourceWithImportState = (*importedGroupResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*importedGroupResource)(nil)
)

// importedGroupResource is directory_vcd_imported_group.
type importedGroupResource struct {
	clients *clients.Set
}

// NewImportedGroupResource is directory_vcd_imported_group.
func NewImportedGroupResource() resource.Resource { return &importedGroupResource{} }

// Metadata implements resource.Resource.
func (r *importedGroupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_vcd_imported_group"
}

// Configure implements resource.ResourceWithConfigure.
func (r *importedGroupResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// ModifyPlan decides the organization, and checks roles and name where they are new: a group that has left the directory, or a
// role that has gone, must not stand in the way of other changes or of a destroy.
func (r *importedGroupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	org := planOrg(ctx, r.clients, req, resp)
	var plan, state importedGroupModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	created := req.State.Raw.IsNull()
	if !created {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	moved := created || !plan.Org.Equal(state.Org) || !plan.ProviderType.Equal(state.ProviderType)
	newName := moved || !plan.Name.Equal(state.Name)
	newRoles := moved || !plan.Roles.Equal(state.Roles)
	if resp.Diagnostics.HasError() || !newName && !newRoles {
		return
	}
	tenant := planTenant(ctx, r.clients, org, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	if newRoles {
		checkRoles(ctx, tenant, plan.Roles, &resp.Diagnostics)
	}
	if newName && known(plan.Name) && plan.ProviderType.ValueString() == vcdapi.ProviderLDAP {
		checkDirectoryName(ctx, tenant, directoryGroups(tenant), "Group", plan.Name.ValueString(), &resp.Diagnostics)
	}
}

// Create imports the group, or adopts the one that is there.
func (r *importedGroupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	summary := fmt.Sprintf("Unable to Import Cloud Director Group %q", plan.Name.ValueString())
	tenant := createTenant(ctx, r.clients, &plan.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	roles, ok := resolveRoles(ctx, tenant, plan.Roles, summary, &resp.Diagnostics)
	if !ok {
		return
	}
	group, ok := r.bringIn(ctx, tenant, &plan, roles, summary, &resp.Diagnostics)
	if !ok {
		return
	}
	plan.settle(group)
	plan.UserNames = nameList(nil) // a new group fills only with users who are imported, or log in, after it
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	if plan.Created.ValueBool() {
		return
	}
	users, err := tenant.GroupUsers(ctx, group.ID)
	if err != nil {
		framework.WarnStateKept(&resp.Diagnostics, fmt.Sprintf("the Users of Group %q", plan.Name.ValueString()), err)
		return
	}
	plan.UserNames = nameList(users)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// bringIn imports the group or adopts the one of that name, and notes which in `created`.
func (r *importedGroupResource) bringIn(ctx context.Context, tenant *vcdapi.Tenant, plan *importedGroupModel, roles []vcdapi.Reference,
	summary string, diags *diag.Diagnostics) (vcdapi.Group, bool) {
	name, providerType := plan.Name.ValueString(), plan.ProviderType.ValueString()
	has, err := tenant.FindGroup(ctx, name, providerType)
	switch {
	case err == nil:
		plan.Created = types.BoolValue(false)
		return r.adopt(ctx, tenant, plan, has, roles, summary, diags)
	case !errors.Is(err, vcdapi.ErrNotFound):
		addFault(diags, summary, err)
		return has, false
	}
	plan.Created = types.BoolValue(true)
	group, err := tenant.CreateGroup(ctx, plan.wanted(vcdapi.Group{}, roles))
	if mayHaveActed(err) {
		// The name was free a moment ago: a group that is there now is the one that was asked for.
		if found, lookup := tenant.FindGroup(ctx, name, providerType); lookup == nil {
			group, err = found, nil
		}
	}
	switch {
	case errors.Is(err, vcdapi.ErrExists):
		addAttributeFault(diags, path.Root("name"), summary, err, fmt.Sprintf(
			"A group of that name exists already, perhaps from another identity provider. Bring it into state with: terraform import … %s/%s", tenant.Name(), name))
	case err != nil:
		addAttributeFault(diags, path.Root("name"), summary, err)
	}
	return group, err == nil
}

// adopt takes over a group that is there, and gives it the planned roles.
func (r *importedGroupResource) adopt(ctx context.Context, tenant *vcdapi.Tenant, plan *importedGroupModel, has vcdapi.Group,
	roles []vcdapi.Reference, summary string, diags *diag.Diagnostics) (vcdapi.Group, bool) {
	if has.ProviderType != plan.ProviderType.ValueString() {
		diags.AddAttributeError(path.Root("provider_type"), summary, fmt.Sprintf(
			"Organization %q has a group %q already that comes from %s, not from %s. Set provider_type = %q to manage that one, or delete it first.",
			tenant.Name(), has.Name, has.ProviderType, plan.ProviderType.ValueString(), has.ProviderType))
		return has, false
	}
	if sameReferences(has.Roles, roles) && has.Description == plan.Description.ValueString() {
		warnAdopted(diags, has.Name, tenant.Name(), "")
		return has, true
	}
	group, err := tenant.UpdateGroup(ctx, plan.wanted(has, roles))
	if err != nil {
		addFault(diags, summary, err, "The group exists already and was to be adopted; it was not changed.")
		return has, false
	}
	warnAdopted(diags, has.Name, tenant.Name(), fmt.Sprintf(" It got the roles and description of the configuration; its roles were %s.",
		framework.Quoted(sortedNames(has.Roles), "and")))
	return group, true
}

func warnAdopted(diags *diag.Diagnostics, name, org, changed string) {
	diags.AddWarning(fmt.Sprintf("Adopted Cloud Director Group %q", name), fmt.Sprintf(
		"Organization %q had the group already, so it was taken over instead of imported.%s With deletion_policy = \"auto\" a destroy leaves it there.", org, changed))
}

// Read refreshes the group. Only a proof that it is gone takes it out of state.
func (r *importedGroupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	name := state.Name.ValueString()
	summary := fmt.Sprintf("Unable to Read Cloud Director Group %q", name)
	if _, err := r.clients.VCD(); framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, fmt.Sprintf("Group %q", name), err)
		return
	}
	tenant := openTenant(ctx, r.clients, state.Org.ValueString(), summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	group, err := tenant.Group(ctx, state.ID.ValueString())
	var users []vcdapi.Reference
	if err == nil {
		users, err = tenant.GroupUsers(ctx, group.ID)
	}
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	state.read(group)
	state.UserNames = nameList(users)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update changes roles and description; the deletion policy is state's alone.
func (r *importedGroupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Roles.Equal(state.Roles) || !plan.Description.Equal(state.Description) {
		r.change(ctx, plan, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *importedGroupResource) change(ctx context.Context, plan importedGroupModel, diags *diag.Diagnostics) {
	summary := fmt.Sprintf("Unable to Update Cloud Director Group %q", plan.Name.ValueString())
	tenant := openTenant(ctx, r.clients, plan.Org.ValueString(), summary, diags)
	if tenant == nil {
		return
	}
	roles, ok := resolveRoles(ctx, tenant, plan.Roles, summary, diags)
	if !ok {
		return
	}
	has, err := tenant.Group(ctx, plan.ID.ValueString())
	if err == nil {
		_, err = tenant.UpdateGroup(ctx, plan.wanted(has, roles))
	}
	if err != nil {
		addFault(diags, summary, err, vanishedAdvice(err)...)
	}
}

// Delete follows the deletion policy. A group that is gone already is success.
func (r *importedGroupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	switch policy := state.DeletionPolicy.ValueString(); {
	case policy == policyAbandon:
		return
	case policy != policyDelete && !state.Created.ValueBool():
		resp.Diagnostics.AddWarning(fmt.Sprintf("Cloud Director Group %q Left in Place", name),
			"This resource did not bring the group in, so with deletion_policy = \"auto\" it stays in Cloud Director, with its roles. Set deletion_policy = \"delete\" to have it deleted.")
		return
	}
	summary := fmt.Sprintf("Unable to Delete Cloud Director Group %q", name)
	tenant := openTenant(ctx, r.clients, state.Org.ValueString(), summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	if err := tenant.DeleteGroup(ctx, state.ID.ValueString()); err != nil && !errors.Is(err, vcdapi.ErrNotFound) {
		addFault(&resp.Diagnostics, summary, err)
	}
}

// ImportState takes ORG/NAME, or the identity, and keeps their spelling. Read does the rest.
func (r *importedGroupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	org, name, ok := importTarget(ctx, req, resp)
	if !ok {
		return
	}
	summary := fmt.Sprintf("Unable to Import Cloud Director Group %q Into State", name)
	tenant := openTenant(ctx, r.clients, org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	group, err := tenant.FindGroup(ctx, name, vcdapi.ProviderLDAP)
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		resp.Diagnostics.AddError(summary, fmt.Sprintf(
			"Organization %q has no group of that name. Leave the import out, and apply brings the group in from the directory.", tenant.Name()))
		return
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	state := foundGroup(org, name)
	state.read(group)
	state.UserNames = types.ListNull(types.StringType)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}
