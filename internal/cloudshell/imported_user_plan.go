package cloudshell

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// ValidateConfig checks what attributes must be together.
func (r *importedUserResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config importedUserModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Triggers.IsNull() || config.AllowUpdate.IsUnknown() || config.AllowUpdate.ValueBool() {
		return
	}
	resp.Diagnostics.AddAttributeError(path.Root("triggers"), "Attribute triggers Needs allow_update",
		"A changed trigger imports the user again, which CloudShell does only with AllowUpdate. Set allow_update = true, or leave triggers out.")
}

// ModifyPlan is a function of configuration, state and private state alone wherever the outcome shows in the plan:
// Terraform plans again at apply and expects the same. Checks that ask a server happen on create and when the attribute
// changes, so that nothing blocks a destroy.
func (r *importedUserResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state importedUserModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		if !resp.Diagnostics.HasError() {
			warnLeft(&state, &resp.Diagnostics)
		}
		return
	}
	notes := readNotes(ctx, req.Private, &resp.Diagnostics)
	if len(notes.toMend()) == 0 && req.Plan.Raw.Equal(req.State.Raw) {
		return // most users, most of the time: nothing to decode for
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		r.checkConfigured(&resp.Diagnostics)
		r.checkName(ctx, &plan, &resp.Diagnostics)
		r.checkGroups(ctx, &config, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Name.Equal(state.Name) {
		return // replaced: Terraform plans the create on its own
	}
	if !config.Groups.IsNull() && !config.Groups.Equal(state.Groups) {
		r.checkGroups(ctx, &config, &resp.Diagnostics)
	}
	planUpdate(&config, &plan, &state, notes, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planUpdate leaves open what an update may change, and says why a user is imported again where that does not show.
func planUpdate(config, plan, state *importedUserModel, notes userNotes, diags *diag.Diagnostics) {
	if !config.Groups.IsNull() && !plan.Groups.Equal(state.Groups) || !config.Admin.IsNull() && !plan.Admin.Equal(state.Admin) {
		plan.openAfterGroups()
	}
	reasons := reasonsToImport(plan, state, notes)
	if len(reasons) == 0 {
		return
	}
	plan.openAfterImport(config)
	if len(notes.toMend()) > 0 {
		diags.AddWarning(fmt.Sprintf("CloudShell User %q Will Be Imported Again", state.Username.ValueString()), strings.Join(reasons, " "))
	}
}

// checkConfigured refuses to plan somebody whom no configuration can create.
func (r *importedUserResource) checkConfigured(diags *diag.Diagnostics) {
	if r.clients == nil {
		return
	}
	_, err := r.clients.CloudShell()
	framework.AddIfNotConfigured(diags, err)
}

// checkName asks the directory, where it is configured, whether it knows the name.
func (r *importedUserResource) checkName(ctx context.Context, plan *importedUserModel, diags *diag.Diagnostics) {
	if r.clients == nil || plan.Name.IsUnknown() {
		return
	}
	diags.Append(framework.CheckDirectoryName(ctx, r.clients, plan.Name.ValueString(), path.Root("name"))...)
}

// checkGroups asks CloudShell whether it has the groups.
func (r *importedUserResource) checkGroups(ctx context.Context, config *importedUserModel, diags *diag.Diagnostics) {
	client := r.clientForChecks()
	if client == nil || !wholly(config.Groups) {
		return
	}
	_, found := groupIDs(ctx, client, path.Root("groups"), stringsOf(config.Groups))
	diags.Append(found...)
}

// clientForChecks is nil when CloudShell cannot be asked yet; apply will say so.
func (r *importedUserResource) clientForChecks() *cloudshellapi.Client {
	if r.clients == nil {
		return nil
	}
	client, err := r.clients.CloudShell()
	if err != nil {
		return nil
	}
	return client
}
