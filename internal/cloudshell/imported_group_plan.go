package cloudshell

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// ModifyPlan names the people. For a group that exists it looks at nothing but state and configuration: Terraform plans a
// second time at apply, and a plan that asked the directory again would contradict the first one on the day when somebody
// joins in between.
func (r *importedGroupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.set == nil {
		return
	}
	var plan importedGroupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		r.planCreate(ctx, plan, &resp.Diagnostics)
		return
	}
	var state importedGroupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readGroupNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !plan.Name.Equal(state.Name) {
		return // with another name Terraform plans a replacement, and asks again
	}
	r.checkGroups(ctx, state.Groups, plan.Groups, &resp.Diagnostics)
	planPeople(state, notes, &plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planPeople plans who is in and who is out. Nothing in it may depend on anything but its arguments.
func planPeople(state importedGroupModel, notes roster.Notes, plan *importedGroupModel, diags *diag.Diagnostics) {
	plan.ID, plan.DistinguishedName, plan.DirectoryMembers = state.ID, state.DistinguishedName, state.DirectoryMembers
	people := state.people()
	if !plan.settled() && roster.Unsettled(people, notes) {
		unknown := types.MapUnknown(types.StringType)
		plan.Members, plan.OutdatedMembers, plan.CreatedMembers = unknown, unknown, unknown
		return
	}
	decided := roster.Decide(people, notes, plan.settings())
	plan.setPeople(decided.State)
	for _, warning := range decided.Warnings {
		diags.AddAttributeWarning(path.Root("members"), warning.Summary, warning.Detail)
	}
}

// planCreate checks what can be checked and says whom the import will bring. State has nothing yet that the maps of people
// could be planned from: they stay unknown.
func (r *importedGroupResource) planCreate(ctx context.Context, plan importedGroupModel, diags *diag.Diagnostics) {
	r.checkGroups(ctx, types.SetNull(types.StringType), plan.Groups, diags)
	client, err := r.set.CloudShell()
	if framework.IsUnknownConfiguration(err) || plan.Name.IsUnknown() {
		return
	}
	name := plan.Name.ValueString()
	if err != nil {
		framework.AddFault(diags, clients.CloudShell, unableTo("Import", name), err)
		return
	}
	people, users, failed := readPeople(ctx, client, name)
	if failed.users != nil { // then it is not for the group's name that the directory could not be read
		framework.AddFault(diags, clients.CloudShell, unableTo("Import", name), failed.users)
		return
	}
	addUnreadable(ctx, client, name, failed.directory, diags)
	if diags.HasError() {
		return
	}
	if len(people) == 0 {
		checkEmpty(ctx, client, plan, diags)
		return
	}
	r.set.CloudShellRun().Foresee(name, people)
	warnNewcomers(diags, name, people, roster.NewBook(users).Match(people))
}

// addUnreadable explains why the directory group of a new resource cannot be read.
func addUnreadable(ctx context.Context, client *cloudshellapi.Client, name string, err error, diags *diag.Diagnostics) {
	if err == nil {
		return
	}
	if !errors.Is(err, cloudshellapi.ErrNotFound) {
		framework.AddAttributeFault(diags, path.Root("name"), clients.CloudShell, unableTo("Import", name), err)
		return
	}
	if found := lookUpDirectoryGroup(ctx, client, name, unableTo("Import", name), diags); !found.IsNull() && !diags.HasError() {
		framework.AddAttributeFault(diags, path.Root("name"), clients.CloudShell, unableTo("Import", name), err)
	}
}

// checkEmpty refuses to create an empty group unless it may be one. Some servers answer for an unknown group as for an empty
// one, so the name is looked up.
func checkEmpty(ctx context.Context, client *cloudshellapi.Client, plan importedGroupModel, diags *diag.Diagnostics) {
	name := plan.Name.ValueString()
	lookUpDirectoryGroup(ctx, client, name, unableTo("Import", name), diags)
	if !diags.HasError() && !plan.AllowEmpty.IsUnknown() && !plan.AllowEmpty.ValueBool() {
		addEmpty(diags, name)
	}
}

// checkGroups refuses names of CloudShell groups that do not exist. It asks only when they are new, lest a group that was
// deleted in CloudShell be in the way of a destroy.
func (r *importedGroupResource) checkGroups(ctx context.Context, before, wanted types.Set, diags *diag.Diagnostics) {
	if wanted.Equal(before) || !wholly(wanted) {
		return
	}
	client, err := r.set.CloudShell()
	if err != nil {
		return // said where the people are read
	}
	_, problems := groupIDs(ctx, client, path.Root("groups"), stringsOf(wanted))
	diags.Append(problems...)
}
