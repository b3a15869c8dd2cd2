// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// createOrAdopt returns the group of the plan's name, and whether this run created it: a look just before must have
// shown that there was none.
func (r *groupResource) createOrAdopt(
	ctx context.Context,
	client *cloudshellapi.Client,
	plan *groupModel,
	diags *diag.Diagnostics,
) (cloudshellapi.Group, bool, error) {
	name := plan.Name.ValueString()
	before, err := client.GroupsSince(ctx, time.Now().Add(-rememberedFor))
	if err != nil {
		return cloudshellapi.Group{}, false, err
	}
	if existing, found := groupNamed(before, name); found {
		return r.adopt(plan, existing)
	}
	sending, cancelSending := transport.Sending(ctx, transport.SendLimit)
	defer cancelSending()
	group, refused := client.CreateGroup(sending, plan.fields(cloudshellapi.Group{Name: name}))
	if group.ID != 0 {
		if hasGroup(before, group.ID) {
			return r.adopt(plan, group) // renamed to this name by others since
		}
		if refused != nil {
			diags.AddWarning(framework.SummaryComplaint, fmt.Sprintf("CloudShell created the group %q. %s", name,
				fault(refused)))
		}
		return group, true, nil
	}
	// The server refused, or its answer was lost: whether the group is there now decides.
	lookUp, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	group, found, err := findGroup(lookUp, client, name, time.Now())
	switch {
	case err != nil:
		return group, false, &groupFault{
			err: refused,
			more: fmt.Sprintf("Whether the group was created cannot be read either (%s). If it was, the next plan "+
				"says that the group exists.", err),
		}
	case found && isInDoubt(refused) && !hasGroup(before, group.ID):
		return group, true, nil
	case found:
		return r.adopt(plan, group)
	case isInDoubt(refused):
		return group, false, &groupFault{
			err:  refused,
			more: "CloudShell does not have the group. If it creates the group late, the next plan says that the group exists.",
		}
	default:
		return group, false, refused
	}
}

// isInDoubt reports whether the server may have done what it was asked for, despite the error.
func isInDoubt(err error) bool {
	return errors.Is(err, transport.ErrAnswerLost) || errors.Is(err, transport.ErrTimeout) ||
		transport.Status(err) >= http.StatusInternalServerError
}

// adopt takes over a group that exists, where the configuration or an earlier step of this run allows it.
func (r *groupResource) adopt(plan *groupModel, existing cloudshellapi.Group) (cloudshellapi.Group, bool, error) {
	switch {
	case existing.IsBuiltIn():
		return existing, false, &groupFault{detail: builtInGroupProblem(existing.Name)}
	case plan.AllowUpdate.ValueBool(), r.clients.CloudShellGroupClaims().LeftInPlace(plan.claim()):
		return existing, false, nil
	default:
		return existing, false, &groupFault{
			detail: "CloudShell has a group of this name by now. " + groupExists(existing.Name),
		}
	}
}

// checkFirstDomains finds what is wrong with the domains of a group before it is created or adopted. It returns all
// domains of CloudShell; false after an error.
func checkFirstDomains(
	ctx context.Context,
	client *cloudshellapi.Client,
	name string,
	configured access,
	summary string,
	diags *diag.Diagnostics,
) ([]cloudshellapi.Domain, bool) {
	domains, err := domainsFor(ctx, client, configured)
	work := planAccess(configured, nil, nil, domains)
	if err == nil && len(work.archived) > 0 { // a group that is there may have it from before
		var held []cloudshellapi.GroupDomain
		held, err = domainsOfNamed(ctx, client, name)
		work = planAccess(configured, nil, held, domains)
	}
	if err != nil {
		addFaultAt(diags, path.Root("domains"), summary, err)
		return nil, false
	}
	return domains, !addDomainErrors(diags, work, domains)
}

// domainsOfNamed are the domains of the group of that name; none if there is no such group.
func domainsOfNamed(
	ctx context.Context, client *cloudshellapi.Client, name string,
) ([]cloudshellapi.GroupDomain, error) {
	existing, found, err := findGroup(ctx, client, name, time.Now().Add(-rememberedFor))
	if err != nil || !found {
		return nil, err
	}
	return client.GroupDomains(ctx, existing.ID)
}

// notSetUp says what follows if the setup of a group failed.
func notSetUp(created bool) string {
	if created {
		return "The group is in state, but not as configured. Terraform will replace it at the next apply."
	}
	return "The group is in state, but not as configured. At the next apply, Terraform replaces the resource: the group " +
		"stays in CloudShell with its members, and is adopted again."
}

// giveFirstDomains gives a group that has just been created or adopted its domains. The answers about a new group need
// no second reading, unless one was an error.
func (r *groupResource) giveFirstDomains(
	ctx context.Context,
	client *cloudshellapi.Client,
	id int64,
	created bool,
	configured access,
	domains []cloudshellapi.Domain,
) error {
	if created {
		work := planAccess(configured, nil, nil, domains)
		if err := work.carryOut(ctx, client, id); err == nil {
			return nil
		}
	}
	held, err := client.GroupDomains(ctx, id)
	if err != nil {
		return err
	}
	work := planAccess(configured, nil, held, domains)
	if work.isEmpty() {
		return nil
	}
	_, err = setAccess(ctx, client, id, work)
	return err
}

// setGroupFields sets the fields of a group where they differ, and returns the group as the server then holds it. What
// the group is afterwards decides, not what the server answered.
func setGroupFields(
	ctx context.Context,
	client *cloudshellapi.Client,
	group cloudshellapi.Group,
	fields cloudshellapi.GroupFields,
) (cloudshellapi.Group, error) {
	if fieldsOf(group) == fields {
		return group, nil
	}
	failed := client.UpdateGroup(ctx, group.ID, fields)
	lookUp, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	after, err := client.ReadGroup(lookUp, group.ID)
	switch {
	case err != nil:
		return group, firstOf(failed, err)
	case fieldsOf(after) == fields:
		return after, nil
	case failed != nil:
		return after, failed
	default:
		differ := differingFields(fieldsOf(after), fields)
		return after, fmt.Errorf("CloudShell accepted the change, but the group has %s", differ)
	}
}

// differingFields says which fields are other than they should be.
func differingFields(held, asked cloudshellapi.GroupFields) string {
	var differ []string
	for _, field := range []struct{ name, held, asked string }{
		{"name", held.Name, asked.Name}, {"description", held.Description, asked.Description},
		{"role", held.Role, asked.Role},
	} {
		if field.held != field.asked {
			differ = append(differ, fmt.Sprintf("the %s %q instead of %q", field.name, field.held, field.asked))
		}
	}
	return strings.Join(differ, " and ")
}
