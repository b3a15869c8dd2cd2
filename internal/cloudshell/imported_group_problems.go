// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// importedNoOne reports whether a create came to nothing, with proof: the server refused, and nothing is in doubt.
func importedNoOne(result importer.Result) bool {
	if result.Created > 0 || result.InDoubt {
		return false
	}
	for _, problem := range result.Problems {
		if problem.Kind == importer.NotImported && (result.State.Members.Len() == 0 || result.Failure != nil) {
			return true
		}
	}
	return false
}

func addNothingImported(diags *diag.Diagnostics, name string, problems []importer.Problem) {
	for _, problem := range problems {
		if problem.Kind == importer.NotImported {
			_, detail := problemText(problem)
			diags.AddAttributeError(path.Root("name"), unableTo("Import", name), detail)
		}
	}
}

// addProblems tells what went otherwise than planned, as errors where something planned was not done.
func addProblems(diags *diag.Diagnostics, problems []importer.Problem) {
	for _, problem := range folded(problems) {
		summary, detail := problemText(problem)
		if problem.Kind.Advisory() {
			diags.AddWarning(summary, detail)
			continue
		}
		diags.AddError(summary, detail)
	}
}

// warnProblems is addProblems for a create, which never fails once people were imported.
func warnProblems(diags *diag.Diagnostics, problems []importer.Problem) {
	for _, problem := range folded(problems) {
		diags.AddWarning(problemText(problem))
	}
}

// folded joins problems with single people to one when there are many.
func folded(problems []importer.Problem) []importer.Problem {
	byKind := map[importer.Kind]int{}
	for _, problem := range problems {
		byKind[problem.Kind]++
	}
	var result []importer.Problem
	joined := map[importer.Kind]int{} // place in result
	for _, problem := range problems {
		if byKind[problem.Kind] <= names.ListLimit || problem.Err == nil || problem.Group != "" {
			result = append(result, problem)
			continue
		}
		at, begun := joined[problem.Kind]
		if !begun {
			at = len(result)
			joined[problem.Kind] = at
			result = append(result, importer.Problem{Kind: problem.Kind, Reasons: map[string]error{}})
		}
		result[at].Names = append(result[at].Names, problem.Names...)
		for _, name := range problem.Names {
			result[at].Reasons[name] = problem.Err
		}
	}
	return result
}

// problemText is a problem for people: summary and detail.
func problemText(p importer.Problem) (summary, detail string) {
	switch p.Kind {
	case importer.NotImported:
		return "CloudShell Did Not Import Everyone", fmt.Sprintf("CloudShell did not import %s. Everything else was done. "+
			"The next plan shows these people again.", reasons(p))
	case importer.NotConfirmed:
		return "Import Not Confirmed", fmt.Sprintf("The answer to the import was lost, and CloudShell does not have %s "+
			"yet. The import may still be running. The next plan shows the outcome.", names.List(p.Names))
	case importer.Appeared:
		return "People Appeared in CloudShell Since the Plan", fmt.Sprintf("The plan was to create %s, but another client "+
			"created them in the meantime. They were not changed and are not members yet. Plan again: they then join as users "+
			"who existed before.", names.List(p.Names))
	case importer.Unplanned:
		return "Import Created People Beyond the Plan", fmt.Sprintf("These people joined the directory group after the "+
			"plan, and the import created them too: %s. They count as created by this resource, and the next plan shows them "+
			"as joining.", names.List(p.Names))
	case importer.NotRefreshed:
		return "CloudShell Did Not Update Everyone", fmt.Sprintf("The details of these people still differ from the "+
			"directory's: %s. The next plan shows them again.",
			reasons(p))
	case importer.NotAdded:
		return fmt.Sprintf("Unable to Add People to CloudShell Group %q", p.Group), membershipFault(p)
	case importer.NotRemoved:
		return removalSummary(p.Group), membershipFault(p)
	case importer.FormerStays:
		return "Accounts of Former Names Stay", formerText(p)
	case importer.FormerNotRemoved:
		return removalSummary(p.Group), fault(p.Err, fmt.Sprintf("This concerns accounts with former names: %s. No later "+
			"plan shows it again: remove them from the group in CloudShell.", names.List(p.Names)))
	case importer.CameBack:
		return "People Came Back to the Directory Group", fmt.Sprintf("The plan showed these people as leaving, but the "+
			"directory group has them again: %s. Nothing was done to them, and the next plan shows them as "+
			"joining.", names.List(p.Names))
	case importer.Retained:
		return "People Moved to a Retained Directory Group", fmt.Sprintf("The plan showed these people as leaving, but they "+
			"are in a group of retain_members_of now: %s. Nothing was done to them.", names.List(p.Names))
	case importer.HeldByOther:
		return framework.SummaryLeftInPlace, fmt.Sprintf("The plan showed these people as leaving, but %s keeps them now: "+
			"%s. Their accounts were not changed.",
			names.Join(p.Holders), names.List(p.Names))
	case importer.NotReadAgain:
		return "Departures Wait for the Next Plan", fault(p.Err, fmt.Sprintf("The provider reads the directory group and "+
			"those of retain_members_of once more before people leave, and that failed. So nothing was done to %s. The next "+
			"plan shows them as leaving again.", names.List(p.Names)))
	}
	return accountProblem(p)
}

func removalSummary(group string) string {
	return fmt.Sprintf("Unable to Remove People From CloudShell Group %q", group)
}

func membershipFault(p importer.Problem) string {
	return fault(p.Err, fmt.Sprintf("This concerns %s. The next plan shows the change again.", names.List(p.Names)))
}

// formerText tells what becomes of the accounts of people who were renamed.
func formerText(p importer.Problem) string {
	text := fmt.Sprintf("CloudShell created second accounts for people who have a new user name in the directory. Their "+
		"former accounts stay active, are no longer members and lose the CloudShell groups that are listed in groups: %s.",
		names.List(p.Names))
	if p.Created {
		return text + " This resource created them, so departed_members applies to them when the person leaves, and " +
			"deletion_policy at a destroy. They keep what they own, such as sandboxes. You can delete or deactivate them in " +
			"CloudShell before that."
	}
	return text + " They existed before this resource, which does nothing more to them. Delete or deactivate them in " +
		"CloudShell if they are not needed."
}

// accountProblem is the text for a problem with one account, or with many.
func accountProblem(p importer.Problem) (summary, detail string) {
	verb := map[importer.Kind]string{importer.NotActivated: "Activate", importer.NotDeactivated: "Deactivate",
		importer.NotDeleted: "Delete"}[p.Kind]
	if len(p.Reasons) > 0 {
		return fmt.Sprintf("Unable to %s CloudShell Users", verb), fmt.Sprintf("This concerns %s. The next plan shows "+
			"the change again.", reasons(p))
	}
	var advice []string
	if p.Kind == importer.NotDeleted && p.Deactivated {
		advice = append(advice, "The user is inactive now. CloudShell refuses to delete users who own sandboxes: end "+
			"those, then apply again.")
	}
	return fmt.Sprintf("Unable to %s CloudShell User %q", verb, p.Names[0]), fault(p.Err, advice...)
}

// reasons lists people with what the server said. A reason that several of them share is given once.
func reasons(p importer.Problem) string {
	byReason := map[string][]string{}
	for _, name := range p.Names {
		reason := "CloudShell gave no reason; often the directory does not know the name"
		if said, ok := p.Reasons[name]; ok {
			reason = strings.TrimRight(fault(said), ". ")
		}
		byReason[reason] = append(byReason[reason], name)
	}
	texts := make([]string, 0, len(byReason))
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		texts = append(texts, fmt.Sprintf("%s (%s)", names.List(byReason[reason]), reason))
	}
	return strings.Join(texts[:min(len(texts), names.ListLimit)], "; ")
}
