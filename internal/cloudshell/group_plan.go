// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// ValidateConfig refuses domains without a value, and two spellings of one domain.
func (r *groupResource) ValidateConfig(
	ctx context.Context,
	req resource.ValidateConfigRequest,
	resp *resource.ValidateConfigResponse,
) {
	var config groupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	for name, element := range config.Domains.Elements() {
		if element.IsNull() {
			resp.Diagnostics.AddAttributeError(
				path.Root("domains").AtMapKey(name),
				"Missing Access to a Domain",
				fmt.Sprintf(
					"The domain %q has no value. Write %q or %q, or leave the domain out.",
					name,
					accessFull,
					accessViewOnly,
				),
			)
		}
	}
	if several := duplicateNames(slices.Collect(maps.Keys(config.Domains.Elements()))); len(several) > 0 {
		resp.Diagnostics.AddAttributeError(path.Root("domains"), "Domain Named More Than Once",
			fmt.Sprintf("%s are spellings of the same domain. Keep one of them.", names.List(several)))
	}
}

// ModifyPlan compares the plan with what other resources of the run plan for the same group, and asks CloudShell where
// a group is created, renamed, or given other domains. The planned values depend on configuration and state alone.
func (r *groupResource) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	if r.clients == nil {
		return
	}
	var plan, state groupModel
	holder := readGroupHolder(ctx, req.Private, &resp.Diagnostics)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	replaced := req.State.Raw.IsNull() && r.clients.CloudShellGroupClaims().Planned(holder)
	if holder == "" && !req.Plan.Raw.IsNull() {
		holder = claims.NewHolder()
		resp.Diagnostics.Append(framework.WritePrivate(ctx, resp.Private, groupHolderKey, holder)...)
	}
	step := groupPlan{
		groupResource: r,
		holder:        holder,
		plan:          &plan,
		state:         &state,
		diags:         &resp.Diagnostics,
	}
	switch {
	case req.Plan.Raw.IsNull():
		step.destroy(ctx)
	case req.State.Raw.IsNull():
		step.create(ctx, replaced)
	default:
		step.update(ctx)
	}
}

// groupPlan is one call of ModifyPlan.
type groupPlan struct {
	*groupResource
	holder      claims.Holder
	plan, state *groupModel
	diags       *diag.Diagnostics
}

func (p groupPlan) create(ctx context.Context, replaced bool) {
	_, err := p.clients.CloudShell()
	if framework.AddIfNotConfigured(p.diags, err) || p.plan.Name.IsUnknown() {
		return
	}
	name := p.plan.Name.ValueString()
	registry := p.clients.CloudShellGroupClaims()
	tainted, isTainted := registry.Sighted(p.plan.claim())
	p.claim(p.plan.claim(), name, claims.Takes)
	client := p.clientForChecks()
	if client == nil {
		return
	}
	configured, known := accessOf(p.plan.Domains)
	var held []cloudshellapi.GroupDomain
	existing, found, err := findGroup(ctx, client, name, time.Time{})
	switch {
	case err != nil:
		p.warnUnchecked(err)
		return
	case !found, registry.LeftInPlace(p.plan.claim()):
	case replaced, isTainted && tainted.Holder != p.holder:
		return // the group is this resource's own, and is destroyed first
	case existing.IsBuiltIn():
		p.diags.AddAttributeError(path.Root("name"), "Built-In CloudShell Group", builtInGroupProblem(existing.Name))
		return
	case !p.plan.AllowUpdate.IsUnknown() && !p.plan.AllowUpdate.ValueBool():
		p.diags.AddAttributeError(
			path.Root("name"),
			framework.AlreadyExists(cloudshellGroup(existing.Name)),
			"CloudShell has the group already. "+groupExists(existing.Name),
		)
		return
	case known:
		if held, err = client.GroupDomains(ctx, existing.ID); err != nil {
			p.warnUnchecked(err)
			return
		}
		fallthrough
	default:
		p.warnAdopted(ctx, client, existing, held)
	}
	if known {
		p.checkDomains(ctx, client, configured, nil, held)
	}
}

// cloudshellGroupType is the resource type of CloudShell groups.
const cloudshellGroupType = "directory_cloudshell_group"

// groupExists is what to do about a group that exists already.
func groupExists(name string) string {
	return fmt.Sprintf("To manage the group as it is, add this block and apply:\n\n%s\n\nOr set allow_update = true to "+
		"adopt the group with the settings given here. If this configuration had the group at another address, write a "+
		"moved block instead:\n\n%s\n\nIf another resource is to destroy or rename the group, apply that first.",
		framework.ImportBlock(cloudshellGroupType, name), framework.MovedBlock(cloudshellGroupType))
}

// warnAdopted says what adopting the group will change. The name is in the summary so that Terraform does not fold it.
func (p groupPlan) warnAdopted(
	ctx context.Context,
	client *cloudshellapi.Client,
	existing cloudshellapi.Group,
	held []cloudshellapi.GroupDomain,
) {
	var changes []string
	before, after := fieldsOf(existing), p.plan.fields(existing)
	if before.Description != after.Description {
		changes = append(changes, fmt.Sprintf("the description becomes %q (it is %q)", after.Description, before.Description))
	}
	if before.Role != after.Role {
		changes = append(changes, fmt.Sprintf("the role becomes %s (it is %s)", after.Role, before.Role))
	}
	changes = append(changes, p.accessChanges(ctx, client, nil, held)...)
	detail := "CloudShell has the group already, and allow_update = true consents to adopting it. "
	if len(changes) == 0 {
		detail += "It is as configured, so nothing changes."
	} else {
		detail += "This will change: " + strings.Join(changes, "; ") + "."
	}
	p.diags.AddWarning(
		framework.WillBeAdopted(cloudshellGroup(existing.Name)),
		detail+` Destroying the resource will leave the group in CloudShell, unless deletion_policy is "delete".`,
	)
}

// accessChanges says which domains the group will get, lose, or have in another mode.
func (p groupPlan) accessChanges(
	ctx context.Context,
	client *cloudshellapi.Client,
	prior access,
	held []cloudshellapi.GroupDomain,
) []string {
	configured, known := accessOf(p.plan.Domains)
	if !known {
		return nil
	}
	domains, err := domainsFor(ctx, client, configured)
	if err != nil {
		return nil // the check of the domains says so
	}
	work := planAccess(configured, prior, held, domains)
	var given, taken []string
	for _, grant := range work.give {
		given = append(given, fmt.Sprintf("%q (%s)", grant.domain.Name, modeOf(grant.viewOnly)))
	}
	for _, domain := range work.take {
		taken = append(taken, fmt.Sprintf("%q", domain.Name))
	}
	var changes []string
	if len(given) > 0 {
		changes = append(changes, "the group gets the domains "+names.Join(given))
	}
	if len(taken) > 0 {
		changes = append(changes, "the group loses the domains "+names.Join(taken))
	}
	return changes
}

func (p groupPlan) update(ctx context.Context) {
	renamed := !p.plan.Name.IsUnknown() && !names.Same(p.plan.Name.ValueString(), p.state.Name.ValueString())
	p.claim(p.plan.claim(), p.plan.Name.ValueString(), claims.Keeps)
	client := p.clientForChecks()
	if client == nil {
		return
	}
	if renamed {
		p.checkRename(ctx, client)
	}
	configured, known := accessOf(p.plan.Domains)
	if !known || p.plan.Domains.Equal(p.state.Domains) {
		return
	}
	prior, managed := accessOf(p.state.Domains)
	if managed {
		p.checkDomains(ctx, client, configured, prior, nil)
		return
	}
	// Until now the domains were not managed, so that the plan cannot show which of them will go.
	held, err := client.GroupDomains(ctx, p.state.ID.ValueInt64())
	if err != nil {
		p.warnUnchecked(err)
		return
	}
	p.checkDomains(ctx, client, configured, nil, held)
	if changes := p.accessChanges(ctx, client, nil, held); len(changes) > 0 {
		p.diags.AddAttributeWarning(
			path.Root("domains"),
			fmt.Sprintf("Domains of CloudShell Group %q Will Change", p.state.Name.ValueString()),
			"The domains of the group were not managed until now. With this configuration "+strings.Join(changes, "; ")+".",
		)
	}
}

func (p groupPlan) checkRename(ctx context.Context, client *cloudshellapi.Client) {
	name := p.plan.Name.ValueString()
	existing, found, err := findGroup(ctx, client, name, time.Time{})
	switch {
	case err != nil:
		p.warnUnchecked(err)
	case found && existing.ID != p.state.ID.ValueInt64():
		p.diags.AddAttributeError(
			path.Root("name"),
			framework.AlreadyExists(cloudshellGroup(existing.Name)),
			fmt.Sprintf(
				"The group %q cannot be renamed to it. Choose another name; if another resource is to destroy or rename that "+
					"group, apply that first.",
				p.state.Name.ValueString(),
			),
		)
	}
}

// checkDomains asks CloudShell whether it has the domains that are to be given, as check_names says.
func (p groupPlan) checkDomains(
	ctx context.Context,
	client *cloudshellapi.Client,
	configured, prior access,
	held []cloudshellapi.GroupDomain,
) {
	if !framework.ChecksNames(p.clients) {
		return
	}
	domains, err := domainsFor(ctx, client, configured)
	if err != nil {
		p.warnUnchecked(err)
		return
	}
	if held == nil {
		held = assumedAccess(prior, domains)
	}
	for _, problem := range domainProblems(planAccess(configured, prior, held, domains), domains) {
		framework.AddNameFault(p.diags, p.clients, problem)
	}
}

// assumedAccess is what the state says of a group's domains, for a plan that does not ask the server.
func assumedAccess(prior access, domains []cloudshellapi.Domain) []cloudshellapi.GroupDomain {
	var held []cloudshellapi.GroupDomain
	for name, mode := range prior {
		domain, found := domainNamed(name, domains)
		if !found {
			domain.Name = name
		}
		held = append(held, cloudshellapi.GroupDomain{Domain: domain, ViewOnly: mode == accessViewOnly})
	}
	return held
}

// domainProblems are the domains that cannot be given. One that no name is near to may be made in the same run.
func domainProblems(work accessPlan, domains []cloudshellapi.Domain) []framework.NameFault {
	var problems []framework.NameFault
	var candidates []string
	for _, domain := range domains {
		if !domain.Archived {
			candidates = append(candidates, domain.Name)
		}
	}
	for _, name := range work.archived {
		problems = append(problems, framework.NameFault{
			At: path.Root("domains").AtMapKey(name), Summary: domainSubject(name).String() + " Is Archived",
			Detail: "CloudShell gives no access to an archived domain. Leave the domain out, or restore it in CloudShell first.",
		})
	}
	for _, name := range work.unknown {
		near := names.Near(name, candidates)
		problem := framework.NameFault{
			At: path.Root("domains").AtMapKey(name), Summary: framework.IsUnknown(domainSubject(name)), Doubtful: len(near) == 0,
			Detail: "CloudShell has no domain of that name; it compares whole names." + names.DidYouMean(near),
		}
		if problem.Doubtful {
			problem.Detail += fmt.Sprintf(" It has %s.", names.List(names.Sorted(candidates)))
		}
		problems = append(problems, problem)
	}
	return problems
}

// isPlannedGroup reports whether a directory_cloudshell_group of this run has the name after the apply. Terraform plans
// that resource first where `groups` refers to it.
func isPlannedGroup(set *clients.Set, name string) bool {
	_, planned := set.CloudShellGroupClaims().HeldByOther("", claims.Person{Name: name})
	return planned
}

// clientForChecks is nil when CloudShell cannot be asked yet; apply will say so.
func (r *groupResource) clientForChecks() *cloudshellapi.Client {
	client, err := r.clients.CloudShell()
	if err != nil {
		return nil
	}
	return client
}

// warnUnchecked says that CloudShell could not be asked.
func (p groupPlan) warnUnchecked(err error) {
	p.diags.AddWarning(framework.SummaryNotChecked,
		fault(err, "The plan goes on without the check: what CloudShell does not accept will fail when it is applied."))
}

// findGroup finds a group by name in a list that was begun at that time or later.
func findGroup(
	ctx context.Context,
	client *cloudshellapi.Client,
	name string,
	since time.Time,
) (cloudshellapi.Group, bool, error) {
	groups, err := client.GroupsSince(ctx, since)
	if err != nil {
		return cloudshellapi.Group{}, false, err
	}
	group, found := groupNamed(groups, name)
	return group, found, nil
}
