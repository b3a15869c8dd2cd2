// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// importTimeout bounds the import where `timeouts` does not.
const importTimeout = 20 * time.Minute

// importedGroupResource is directory_cloudshell_imported_group. Package roster decides who joins and who leaves,
// package importer carries that out; here is Terraform's side of it.
type importedGroupResource struct {
	set *clients.Set
}

var (
	_ resource.ResourceWithConfigure      = (*importedGroupResource)(nil)
	_ resource.ResourceWithIdentity       = (*importedGroupResource)(nil)
	_ resource.ResourceWithImportState    = (*importedGroupResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importedGroupResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importedGroupResource)(nil)
)

// NewImportedGroupResource makes the resource directory_cloudshell_imported_group.
func NewImportedGroupResource() resource.Resource { return &importedGroupResource{} }

// Metadata implements resource.Resource.
func (r *importedGroupResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_imported_group"
	resp.ResourceBehavior.MutableIdentity = true // another name is an update in place
}

// Configure implements resource.ResourceWithConfigure.
func (r *importedGroupResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.set = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// ImportState takes the group's name. Read does the rest.
func (r *importedGroupResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("name"), path.Root("name"), req, resp)
}

// Create imports the group: it decides from an empty state. Once people were imported it warns and never fails, since
// Terraform would taint the group and replace it, and so let all of them go again. The next plan repairs what is
// missing.
func (r *importedGroupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.set.CloudShellClaims().StartApply()
	var plan importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, importTimeout)
	resp.Diagnostics.Append(diags...)
	summary := unableTo("Import", plan.Name.ValueString())
	groups := r.groups(summary, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	work, group := r.decideNow(ctx, groups, plan, importedGroupModel{}, groupNotes{}, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	work.Timeout, work.Progress = timeout, logProgress(ctx, plan.Name.ValueString())
	result, err := groups.Apply(ctx, work)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	if importedNoOne(result) {
		addNothingImported(&resp.Diagnostics, plan.Name.ValueString(), result.Problems)
		return
	}

	plan.setPeople(result.State)
	plan.ID, plan.DistinguishedName = plan.Name, group.distinguishedName
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	notes := groupNotes{Notes: result.Notes, Holder: work.Holder, Spelling: work.Group}
	resp.Diagnostics.Append(writeGroupNotes(ctx, resp.Private, notes)...)
	warnProblems(&resp.Diagnostics, result.Problems)
	warnInactive(&resp.Diagnostics, result)
}

// Read finds out what happened to the people. The state of a group is never removed: a directory group that vanished
// or cannot be read lets no one go, and must not be in the way of a destroy.
func (r *importedGroupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	summary := unableTo("Read", state.Name.ValueString())
	if _, err := r.set.CloudShell(); framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, groupSubject(state.Name.ValueString()), err)
		return
	}
	groups := r.groups(summary, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	if state.Members.IsNull() {
		r.readImported(ctx, groups, &state, &notes, &resp.Diagnostics)
	} else {
		r.refresh(ctx, groups, &state, &notes, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(writeGroupNotes(ctx, resp.Private, notes)...)
}

// Update acts on exactly the people that the plan named. What fails for some of them is an error that names them;
// everything else is done and in state, and the next plan offers the rest again. If the name of the directory group
// changes, Update decides now: no plan could name the people.
func (r *importedGroupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.set.CloudShellClaims().StartApply()
	var plan, state importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	timeout, diags := plan.Timeouts.Update(ctx, importTimeout)
	resp.Diagnostics.Append(diags...)
	summary := unableTo("Update", state.Name.ValueString())
	groups := r.groups(summary, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	plan.ID, plan.DistinguishedName = state.ID, state.DistinguishedName
	var work importer.Work
	if names.Same(plan.Name.ValueString(), state.Name.ValueString()) {
		work = r.decidePlanned(ctx, groups, plan, state, notes, &resp.Diagnostics)
	} else {
		var group directoryGroup
		work, group = r.decideNow(ctx, groups, plan, state, notes, &resp.Diagnostics)
		plan.ID, plan.DistinguishedName = plan.Name, group.distinguishedName
	}
	if resp.Diagnostics.HasError() {
		return
	}
	work.Timeout, work.Progress = timeout, logProgress(ctx, plan.Name.ValueString())
	result, err := groups.Apply(ctx, work)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}

	plan.setPeople(result.State)
	plan.keepDropped(work.Dropped, result.Problems)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	notes = groupNotes{Notes: result.Notes, Holder: work.Holder, Spelling: work.Group}
	resp.Diagnostics.Append(writeGroupNotes(ctx, resp.Private, notes)...)
	addProblems(&resp.Diagnostics, result.Problems)
	warnInactive(&resp.Diagnostics, result)
}

// Delete deals with the users that the resource created as deletion_policy says, and leaves all others alone. The
// directory group plays no part in it. What fails is an error: Terraform keeps the resource then, and a second destroy
// goes on.
func (r *importedGroupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	r.set.CloudShellClaims().StartApply()
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	people := state.people()
	if state.DeletionPolicy.ValueString() == policyAbandon || people.Created.Len() == 0 {
		r.release(notes, people)
		return
	}
	summary := unableTo("Remove", state.Name.ValueString())
	groups := r.groups(summary, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	work := r.decideDestroy(ctx, groups, state, notes, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	work.Progress = logProgress(ctx, state.Name.ValueString())
	result, err := groups.Apply(ctx, work)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	addProblems(&resp.Diagnostics, result.Problems)
}
