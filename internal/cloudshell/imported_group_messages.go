package cloudshell

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// unableTo is the summary of an error that concerns the whole group: Unable to Import CloudShell Group "Lab Engineers".
func unableTo(verb, group string) string {
	return fmt.Sprintf("Unable to %s CloudShell Group %q", verb, group)
}

func groupSubject(group string) string { return fmt.Sprintf("CloudShell Group %q", group) }

// trouble is something that went wrong for some of the people. Create tells it as a warning, everything else as an error.
type trouble struct{ summary, detail string }

func addTroubles(diags *diag.Diagnostics, troubles []trouble) {
	for _, t := range troubles {
		diags.AddError(t.summary, t.detail)
	}
}

func warnTroubles(diags *diag.Diagnostics, troubles []trouble) {
	for _, t := range troubles {
		diags.AddWarning(t.summary, t.detail)
	}
}

func addUnknownGroup(diags *diag.Diagnostics, summary, name string, names []string) {
	diags.AddAttributeError(path.Root("name"), summary, fmt.Sprintf("The directory behind CloudShell has no group %q.%s", name,
		framework.DidYouMean(framework.Near(name, names))))
}

func addEmpty(diags *diag.Diagnostics, name string) {
	diags.AddAttributeError(path.Root("name"), unableTo("Import", name), fmt.Sprintf("The directory group %q has nobody in it, so there is nobody to "+
		"import. Set allow_empty = true if it is meant to be empty for now.", name))
}

func warnAmbiguous(diags *diag.Diagnostics, name string, found []string) {
	diags.AddAttributeWarning(path.Root("name"), "Name of the Directory Group Is Ambiguous", fmt.Sprintf("The directory has %d groups named %q: %s. "+
		"CloudShell addresses groups by name alone and picks one.", len(found), name, roster.List(found)))
}

// warnNewcomers says whom the import of a new resource brings in, and who will be left out.
func warnNewcomers(diags *diag.Diagnostics, group string, people []cloudshellapi.ExternalUser, match roster.Match) {
	var newcomers, left roster.Names
	known := 0
	for _, person := range people {
		key := framework.FoldName(person.Username)
		switch _, present := match.Users[key]; {
		case present:
			known++
		case match.Local[key], match.Taken[key]:
			left.Set(person.Username, "")
		default:
			newcomers.Set(person.Username, "")
		}
	}
	already := ""
	if known > 0 {
		already = fmt.Sprintf(" Members without an import, since CloudShell has them already: %s.", roster.People(known))
	}
	if newcomers.Len() > 0 {
		diags.AddAttributeWarning(path.Root("members"), "Import Will Bring People Into CloudShell",
			fmt.Sprintf("The directory group %q has %s whom CloudShell does not know: %s.%s", group, roster.People(newcomers.Len()),
				roster.List(newcomers.Sorted()), already))
	}
	if left.Len() > 0 {
		diags.AddAttributeWarning(path.Root("members"), "Local CloudShell Users Are Left Alone", fmt.Sprintf("The directory group %q has %s whose user "+
			"name belongs to somebody else in CloudShell, such as a local user: %s. They will not be members, and nothing is done to those users.",
			group, roster.People(left.Len()), roster.List(left.Sorted())))
	}
}

func warnUnreadable(diags *diag.Diagnostics, group string, err error) {
	diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Directory Group %q Not Read", group), framework.Fault(clients.CloudShell, err,
		"Until the group can be read again all members stay as they are: nobody joins and nobody leaves. If the group was deleted or renamed for good, "+
			"destroy this resource or change its name."))
}

func warnRetainerUnreadable(diags *diag.Diagnostics, group string, err error) {
	diags.AddAttributeWarning(path.Root("retain_members_of"), fmt.Sprintf("Directory Group %q Not Read", group), framework.Fault(clients.CloudShell, err,
		"Who of the leavers is still in it is not known, so all of them are left alone."))
}

func refused(reasons string) trouble {
	return trouble{
		"CloudShell Did Not Import Everybody",
		fmt.Sprintf("Not imported: %s. Everybody else was dealt with; the next plan offers them again.", reasons),
	}
}

func notMended(reasons string) trouble {
	return trouble{
		"CloudShell Did Not Refresh Everybody",
		fmt.Sprintf("Their details still differ from the directory's: %s. The next plan offers them again.", reasons),
	}
}

func appeared(names []string) trouble {
	return trouble{
		"People Appeared in CloudShell Since the Plan",
		fmt.Sprintf("The plan was to bring in %s; meanwhile somebody else did. They were left alone and are no members yet. "+
			"Plan again: they join as users who were there before.", roster.List(names)),
	}
}

func uncertain(names []string) trouble {
	return trouble{
		"Import Not Confirmed",
		fmt.Sprintf("The answer to the import was lost, and CloudShell does not have %s yet; it may still be at it. The next plan shows what became of them.",
			roster.List(names)),
	}
}
