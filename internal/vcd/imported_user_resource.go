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

// Metadata implements resource.Resource.
func (r *importedUserResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_vcd_imported_user"
}

// Configure implements resource.ResourceWithConfigure.
func (r *importedUserResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// Create implements resource.Resource. It imports without looking first, which spares a request; who exists already is adopted.
func (r *importedUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan importedUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	summary := fmt.Sprintf("Unable to Import Cloud Director User %q", plan.Name.ValueString())
	tenant := createTenant(ctx, r.clients, &plan.Org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	roles, ok := resolveRoles(ctx, tenant, plan.Roles, summary, &resp.Diagnostics)
	if !ok {
		return
	}
	wanted := vcdapi.User{Username: plan.Name.ValueString(), ProviderType: plan.ProviderType.ValueString()}
	plan.applyTo(&wanted, roles)

	imported := importUser(ctx, tenant, wanted, summary, &resp.Diagnostics)
	if imported == nil {
		return
	}
	plan.Created = types.BoolValue(imported.created)
	plan.settle(imported.user)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Read implements resource.Resource. Only a user whose absence a list has proved leaves state.
func (r *importedUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	subject := fmt.Sprintf("Cloud Director User %q", state.Name.ValueString())
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	if _, err := r.clients.VCD(); framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, subject, err)
		return
	}
	tenant := openTenant(ctx, r.clients, state.Org.ValueString(), "Unable to Read "+subject, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	user, err := tenant.User(ctx, state.ID.ValueString())
	if errors.Is(err, vcdapi.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, "Unable to Read "+subject, err)
		return
	}
	state.read(user)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update implements resource.Resource. What concerns destruction alone changes without a request.
func (r *importedUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state importedUserModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.changesUser(state) {
		updated := r.update(ctx, plan, &resp.Diagnostics)
		if updated == nil {
			return
		}
		plan.settle(*updated)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// update reads the user, changes what the plan changes, and sends the whole of it back. nil after an error.
func (r *importedUserResource) update(ctx context.Context, plan importedUserModel, diags *diag.Diagnostics) *vcdapi.User {
	summary := fmt.Sprintf("Unable to Update Cloud Director User %q", plan.Name.ValueString())
	tenant := openTenant(ctx, r.clients, plan.Org.ValueString(), summary, diags)
	if tenant == nil {
		return nil
	}
	roles, ok := resolveRoles(ctx, tenant, plan.Roles, summary, diags)
	if !ok {
		return nil
	}
	user, err := tenant.User(ctx, plan.ID.ValueString())
	if err != nil {
		addFault(diags, summary, err, vanishedAdvice(err)...)
		return nil
	}
	plan.applyTo(&user, roles)
	if !user.Enabled && tenant.IsLoginAccount(user) {
		diags.AddAttributeError(path.Root("enabled"), summary, "This is the account that the provider itself logs in with, which is never disabled.")
		return nil
	}
	updated, err := tenant.UpdateUser(ctx, user)
	if errors.Is(err, vcdapi.ErrLocked) {
		addAttributeFault(diags, path.Root("locked"), summary, err)
		return nil
	}
	if err != nil {
		addFault(diags, summary, err, vanishedAdvice(err)...)
		return nil
	}
	return &updated
}

func vanishedAdvice(err error) []string {
	if !errors.Is(err, vcdapi.ErrNotFound) {
		return nil
	}
	return []string{"It was deleted outside of Terraform after the last refresh. Plan again to import it anew."}
}

// ImportState implements resource.ResourceWithImportState, by ORG/NAME or by identity.
func (r *importedUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	org, name, ok := importTarget(ctx, req, resp)
	if !ok {
		return
	}
	summary := fmt.Sprintf("Unable to Import Cloud Director User %q Into State", name)
	tenant := openTenant(ctx, r.clients, org, summary, &resp.Diagnostics)
	if tenant == nil {
		return
	}
	user, err := tenant.FindUser(ctx, name, vcdapi.ProviderLDAP) // another type where there is none
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		resp.Diagnostics.AddError(summary, fmt.Sprintf("Organization %q has no user of that name. Leave the import out, and apply brings the user in from the directory.", tenant.Name()))
		return
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	case !user.Imported():
		resp.Diagnostics.AddError(summary, fmt.Sprintf("%q is a local account of organization %q, not one that came from a directory. "+
			"This resource manages imported users only.", user.Username, tenant.Name()))
		return
	}
	state := broughtByImport(tenant, user)
	state.read(user)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// broughtByImport is the state of a user whom another hand brought in, with the settings that an import cannot know. The rest is
// still to be read.
func broughtByImport(tenant *vcdapi.Tenant, user vcdapi.User) importedUserModel {
	return importedUserModel{
		Org: types.StringValue(tenant.Name()), Name: types.StringValue(user.Username), Created: types.BoolValue(false),
		TakeOwnership: types.BoolValue(true), DeletionPolicy: types.StringValue(policyAuto),
	}
}
