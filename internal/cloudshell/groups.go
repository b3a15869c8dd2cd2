package cloudshell

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// The built-in CloudShell groups, which no `groups` attribute manages.
const (
	everyone             = "Everyone"
	systemAdministrators = "System Administrators"
)

// groupsValidators are the validators of an attribute that holds names of CloudShell groups.
func groupsValidators() []validator.Set {
	return []validator.Set{setvalidator.ValueStringsAre(framework.Name(), managedGroup{})}
}

// managedGroup refuses the names of the built-in groups.
type managedGroup struct{}

func (managedGroup) Description(context.Context) string {
	return fmt.Sprintf("must not be %q or %q", everyone, systemAdministrators)
}

func (v managedGroup) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (managedGroup) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if problem := builtInProblem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Built-In CloudShell Group", problem)
	}
}

// builtInProblem says why a built-in group cannot be given, and what to do instead; "" for any other group.
func builtInProblem(name string) string {
	switch {
	case names.Same(name, everyone):
		return `Every user is in the group "Everyone" without being put there: leave it out.`
	case names.Same(name, systemAdministrators):
		return `The attribute "admin" of directory_cloudshell_imported_user decides who is in the group "System Administrators": leave it out here.`
	default:
		return ""
	}
}

// isBuiltInGroup reports whether a group is one of those that no `groups` attribute manages.
func isBuiltInGroup(id int64) bool {
	return id == cloudshellapi.GroupEveryone || id == cloudshellapi.GroupSystemAdministrators
}

// groupIDs finds the CloudShell groups of the given names, which come from the attribute at that path. The ids are sorted.
// Names that CloudShell does not have are errors that offer near ones; no name costs no request.
func groupIDs(ctx context.Context, client *cloudshellapi.Client, at path.Path, wanted []string) ([]int64, diag.Diagnostics) {
	var diags diag.Diagnostics
	if len(wanted) == 0 {
		return nil, diags
	}
	groups, err := client.Groups(ctx)
	if err != nil {
		framework.AddAttributeFault(&diags, at, clients.CloudShell, "Unable to Look Up CloudShell Groups", err)
		return nil, diags
	}
	known := make(map[string]int64, len(groups))
	var candidates []string
	for _, group := range groups {
		known[names.Key(group.Name)] = group.ID
		if !isBuiltInGroup(group.ID) {
			candidates = append(candidates, group.Name)
		}
	}
	var ids []int64
	for _, name := range wanted {
		id, found := known[names.Key(name)]
		switch {
		case !found:
			diags.AddAttributeError(at, fmt.Sprintf("CloudShell Has No Group %q", name),
				fmt.Sprintf("The provider puts people into groups that exist, and creates none.%s", groupHint(name, candidates)))
		case isBuiltInGroup(id):
			diags.AddAttributeError(at, "Built-In CloudShell Group", builtInProblem(name))
		default:
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), diags
}

// checkGroupNames checks names of CloudShell groups at plan. A name that is near to that of a group is a typing error. Any other
// may be that of a group that is made in the same run, so it is a warning, as everything is with CheckNamesWarn.
func checkGroupNames(
	ctx context.Context, client *cloudshellapi.Client, check string, at path.Path, wanted []string,
) diag.Diagnostics {
	_, problems := groupIDs(ctx, client, at, wanted)
	if len(problems) == 0 {
		return nil
	}
	groups, err := client.Groups(ctx) // as groupIDs has read them
	if err == nil && check == clients.CheckNamesError && anyMisspelt(wanted, groups) {
		return problems
	}
	var warnings diag.Diagnostics
	for _, problem := range problems {
		warnings.AddAttributeWarning(at, problem.Summary(), problem.Detail())
	}
	return warnings
}

// anyMisspelt reports whether any name is unknown and near to that of a group.
func anyMisspelt(wanted []string, groups []cloudshellapi.Group) bool {
	known := make([]string, len(groups))
	for n, group := range groups {
		known[n] = group.Name
	}
	return slices.ContainsFunc(wanted, func(name string) bool {
		return names.Index(known, name) < 0 && len(names.Near(name, known)) > 0
	})
}

// groupHint offers the near names, or all there are when those are few.
func groupHint(name string, candidates []string) string {
	if near := names.Near(name, candidates); len(near) > 0 {
		return names.DidYouMean(near)
	}
	const few = 10
	if len(candidates) == 0 || len(candidates) > few {
		return " Check the spelling."
	}
	slices.Sort(candidates)
	return fmt.Sprintf(" CloudShell has %s.", names.List(candidates))
}

// groupNames names the groups with the given ids, without the built-in ones, sorted. Names among prior keep their spelling there.
func groupNames(ctx context.Context, client *cloudshellapi.Client, ids []int64, prior []string) ([]string, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), isBuiltInGroup)
	if len(ids) == 0 {
		return []string{}, nil
	}
	groups, err := client.Groups(ctx)
	if err != nil {
		return nil, err
	}
	spelling := make(map[string][]string, len(prior))
	for _, name := range prior {
		spelling[names.Key(name)] = append(spelling[names.Key(name)], name)
	}
	found := []string{}
	for _, group := range groups {
		if !slices.Contains(ids, group.ID) {
			continue
		}
		if kept, ok := spelling[names.Key(group.Name)]; ok {
			found = append(found, kept...)
		} else {
			found = append(found, group.Name)
		}
	}
	slices.Sort(found)
	return found, nil
}
