// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// groupResource is directory_cloudshell_group.
type groupResource struct {
	clients *clients.Set
}

var (
	_ resource.ResourceWithConfigure      = (*groupResource)(nil)
	_ resource.ResourceWithIdentity       = (*groupResource)(nil)
	_ resource.ResourceWithImportState    = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*groupResource)(nil)
	_ resource.ResourceWithValidateConfig = (*groupResource)(nil)
)

// NewGroupResource makes the resource directory_cloudshell_group.
func NewGroupResource() resource.Resource { return &groupResource{} }

func (r *groupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_group"
	resp.ResourceBehavior.MutableIdentity = true // groups are renamed
}

func (r *groupResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// Create creates the group, or adopts the group of that name, and gives it its domains.
func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	registry := r.clients.CloudShellGroupClaims()
	registry.StartApply()
	name := plan.Name.ValueString()
	summary := framework.UnableTo("Create", cloudshellGroup(name))
	client, err := r.clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	configured, managed := accessOf(plan.Domains)
	domains, ok := checkFirstDomains(ctx, client, name, configured, summary, &resp.Diagnostics)
	if !ok {
		return
	}
	holder, planned := registry.TakenBy(plan.claim())
	if !planned {
		holder = claims.NewHolder()
	}
	group, created, err := r.createOrAdopt(ctx, client, &plan, &resp.Diagnostics)
	if err != nil {
		registry.Plan(holder, groupLabel(name), nil) // nothing came of what was planned
		addGroupFault(&resp.Diagnostics, summary, err)
		return
	}
	created = created && registry.NoteCreated(holder, plan.claim())
	plan.Created = types.BoolValue(created)
	half := plan.halfMade(group, created)
	registry.Hold(holder, groupLabel(name), half.claim())
	resp.Diagnostics.Append(framework.WritePrivate(ctx, resp.Private, groupHolderKey, holder)...)
	// From here on the group is in state, whatever fails.
	resp.Diagnostics.Append(resp.State.Set(ctx, half)...)
	resp.Diagnostics.Append(setGroupIdentity(ctx, resp.Identity, group.Name)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err = setGroupFields(ctx, client, group, plan.fields(group))
	if err == nil && managed {
		err = r.giveFirstDomains(ctx, client, group.ID, created, configured, domains)
	}
	if err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Set Up", cloudshellGroup(name)), err, notSetUp(created))
		return
	}
	plan.take(group)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Read refreshes state. A group leaves state only if CloudShell proves that it is gone.
func (r *groupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	holder := readGroupHolder(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// Before anything else: Terraform insists on an identity even where the group is gone.
	resp.Diagnostics.Append(setGroupIdentity(ctx, resp.Identity, state.Name.ValueString())...)
	subject := cloudshellGroup(state.Name.ValueString())
	client, err := r.clients.CloudShell()
	if framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, subject.String(), err)
		return
	}
	var group cloudshellapi.Group
	if err == nil {
		group, err = readGroupProved(ctx, client, state.ID.ValueInt64())
	}
	switch {
	case errors.Is(err, cloudshellapi.ErrNotFound), err == nil && !state.sameGroup(group):
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		addFault(&resp.Diagnostics, framework.UnableTo("Read", subject), err)
		return
	}
	if err := refreshDomains(ctx, client, &state); err != nil {
		addFault(&resp.Diagnostics, framework.UnableTo("Read", subject), err)
		return
	}
	state.take(group)
	if holder == "" {
		holder = claims.NewHolder()
		resp.Diagnostics.Append(framework.WritePrivate(ctx, resp.Private, groupHolderKey, holder)...)
	}
	r.clients.CloudShellGroupClaims().
		Sight(claims.Sighting{Holder: holder, Label: groupLabel(group.Name), Person: state.claim()})
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(setGroupIdentity(ctx, resp.Identity, group.Name)...)
}

// readGroupProved reads a group from the shared list, and asks for it by id where the list lacks it: a list shifts
// while others write. Its ErrNotFound is proof.
func readGroupProved(ctx context.Context, client *cloudshellapi.Client, id int64) (cloudshellapi.Group, error) {
	groups, err := client.Groups(ctx)
	if err != nil {
		return cloudshellapi.Group{}, err
	}
	at := slices.IndexFunc(groups, func(group cloudshellapi.Group) bool { return group.ID == id })
	if at >= 0 {
		return groups[at], nil
	}
	return client.ReadGroup(ctx, id)
}

// refreshDomains reads the group's domains where they are managed.
func refreshDomains(ctx context.Context, client *cloudshellapi.Client, state *groupModel) error {
	prior, managed := accessOf(state.Domains)
	if !managed {
		return nil
	}
	held, err := client.GroupDomains(ctx, state.ID.ValueInt64())
	if err != nil {
		return err
	}
	var domains []cloudshellapi.Domain
	if missesAny(held, prior) {
		if domains, err = client.Domains(ctx); err != nil {
			return err
		}
	}
	state.Domains = heldAccess(held, prior, func(name string) bool {
		domain, found := domainNamed(name, domains)
		return found && domain.Archived
	}).value()
	return nil
}

// Update renames the group, sets its description and role, and gives and takes domains.
func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.clients.CloudShellGroupClaims().StartApply()
	summary := framework.UnableTo("Update", cloudshellGroup(state.Name.ValueString()))
	client, err := r.clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	group, err := client.ReadGroup(ctx, state.ID.ValueInt64())
	if errors.Is(err, cloudshellapi.ErrNotFound) || err == nil && !state.sameGroup(group) {
		resp.Diagnostics.AddError(
			summary,
			"The group was deleted in CloudShell since the plan was made. Plan again: the group will be created again.",
		)
		return
	}
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	group, err = setGroupFields(ctx, client, group, plan.fields(group))
	if err != nil {
		r.keep(ctx, &state, group, resp)
		addGroupFault(&resp.Diagnostics, summary, explainRename(err, plan.Name.ValueString()))
		return
	}
	after := plan
	after.take(group)
	if !r.updateDomains(ctx, client, summary, &after, &state, &resp.Diagnostics) {
		after.Domains = state.Domains
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, after)...)
	resp.Diagnostics.Append(setGroupIdentity(ctx, resp.Identity, group.Name)...)
}

// keep leaves the group in state as the server holds it, after a change that failed.
func (r *groupResource) keep(
	ctx context.Context,
	state *groupModel,
	group cloudshellapi.Group,
	resp *resource.UpdateResponse,
) {
	state.take(group)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(setGroupIdentity(ctx, resp.Identity, group.Name)...)
}

func explainRename(err error, name string) error {
	if errors.Is(err, cloudshellapi.ErrExists) {
		return &groupFault{err: err, more: fmt.Sprintf("Another group has the name %q by now.", name)}
	}
	return err
}

// updateDomains makes the group's domains those of the plan. It reports whether they are; what the server holds after a
// failure is in state.
func (r *groupResource) updateDomains(
	ctx context.Context,
	client *cloudshellapi.Client,
	summary string,
	plan, state *groupModel,
	diags *diag.Diagnostics,
) bool {
	configured, managed := accessOf(plan.Domains)
	if !managed {
		return true
	}
	held, err := client.GroupDomains(ctx, plan.ID.ValueInt64())
	var domains []cloudshellapi.Domain
	if err == nil {
		domains, err = domainsFor(ctx, client, configured)
	}
	if err != nil {
		addFaultAt(diags, path.Root("domains"), summary, err)
		return false
	}
	prior, wasManaged := accessOf(state.Domains)
	work := planAccess(configured, prior, held, domains)
	if addDomainErrors(diags, work, domains) {
		return false
	}
	if work.isEmpty() {
		return true
	}
	held, err = setAccess(ctx, client, plan.ID.ValueInt64(), work)
	if err == nil {
		return true
	}
	addFaultAt(diags, path.Root("domains"), summary, err)
	if held != nil && wasManaged {
		state.Domains = heldAccess(held, prior, func(string) bool { return false }).value()
	}
	return false
}

// ImportState looks the group up by name: `terraform import ADDRESS NAME`, or by identity.
func (r *groupResource) ImportState(
	ctx context.Context,
	req resource.ImportStateRequest,
	resp *resource.ImportStateResponse,
) {
	name := req.ID
	if name == "" {
		var identity groupIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		name = identity.Name.ValueString()
	}
	summary := framework.UnableTo("Import", cloudshellGroup(name)) + " Into State"
	if problem := framework.NameProblem(name); problem != "" {
		resp.Diagnostics.AddError(summary, problem+" The import ID is the group's name in CloudShell.")
		return
	}
	client, err := r.clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	group, found, err := findGroup(ctx, client, name, time.Time{})
	switch {
	case err != nil:
		addFault(&resp.Diagnostics, summary, err)
		return
	case !found:
		resp.Diagnostics.AddError(
			summary,
			"CloudShell has no group of that name. The import ID is the group's name in CloudShell."+
				names.DidYouMean(names.Near(name, customGroupNames(ctx, client))),
		)
		return
	case group.IsBuiltIn():
		resp.Diagnostics.AddError(summary, builtInGroupProblem(group.Name))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, groupFromImport(group))...)
	if req.ID != "" { // else the identity keeps the spelling that was asked for
		resp.Diagnostics.Append(setGroupIdentity(ctx, resp.Identity, group.Name)...)
	}
}

// customGroupNames are the names of the groups that did not come with CloudShell; none if they cannot be read.
func customGroupNames(ctx context.Context, client *cloudshellapi.Client) []string {
	groups, err := client.Groups(ctx)
	if err != nil {
		return nil
	}
	var custom []string
	for _, group := range groups {
		if !group.IsBuiltIn() {
			custom = append(custom, group.Name)
		}
	}
	return custom
}
