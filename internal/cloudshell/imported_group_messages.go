// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// unableTo is the summary of an error that concerns the whole group: Unable to Import CloudShell Group "Lab
// Engineers".
func unableTo(verb, group string) string {
	return fmt.Sprintf("Unable to %s CloudShell Group %q", verb, group)
}

func groupSubject(group string) string { return fmt.Sprintf("CloudShell Group %q", group) }

// directoryGroupSubject is a group of the directory behind CloudShell in messages.
func directoryGroupSubject(name string) framework.Subject {
	return framework.Subject{Platform: clients.LDAP, Kind: "Group", Name: name}
}

// addUnreadable explains why a directory group cannot be read. An unknown name is answered with near ones.
func addUnreadable(diags *diag.Diagnostics, summary, name string, err error) {
	var unknown *importer.UnknownGroupError
	switch {
	case err == nil:
	case errors.As(err, &unknown):
		summary = framework.IsUnknown(directoryGroupSubject(name))
		diags.AddAttributeError(path.Root("name"), summary, unknownGroup(name, unknown))
	default:
		addFaultAt(diags, path.Root("name"), summary, err)
	}
}

func unknownGroup(name string, unknown *importer.UnknownGroupError) string {
	return fmt.Sprintf("The directory behind CloudShell has no group %q.%s", name, names.DidYouMean(names.Near(name,
		unknown.Groups)))
}

func addEmpty(diags *diag.Diagnostics, name string) {
	diags.AddAttributeError(path.Root("name"), unableTo("Import", name), fmt.Sprintf("The directory group %q has no "+
		"people, so there is no one to "+
		"import. Set allow_empty = true if it is meant to be empty for now.", name))
}

// checkRetained checks, at plan, the names of directory groups in retain_members_of. An unknown group would retain
// everyone.
func checkRetained(
	ctx context.Context, groups importer.Groups, check string, retain []string, diags *diag.Diagnostics,
) {
	entries, err := groups.Client.ExternalGroups(ctx)
	if err != nil {
		warnUnchecked(diags, path.Root("retain_members_of"), err)
		return
	}
	known := make([]string, len(entries))
	for n, entry := range entries {
		known[n] = entry.Name
	}
	for _, name := range retain {
		if names.Index(known, name) >= 0 {
			continue
		}
		summary := framework.IsUnknown(directoryGroupSubject(name))
		detail := "As long as the group is unknown, everyone who leaves is retained." + names.DidYouMean(names.Near(name,
			known))
		if check == clients.CheckNamesError {
			diags.AddAttributeError(path.Root("retain_members_of"), summary, detail)
		} else {
			diags.AddAttributeWarning(path.Root("retain_members_of"), summary, detail)
		}
	}
}

func warnAmbiguous(diags *diag.Diagnostics, name string, entries []cloudshellapi.ExternalGroup) {
	if len(entries) < 2 {
		return
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.DistinguishedName)
	}
	diags.AddAttributeWarning(path.Root("name"), "Name of the Directory Group Is Ambiguous", fmt.Sprintf("The "+
		"directory has %d groups named %q: %s. "+
		"CloudShell addresses groups by name alone and picks one.", len(found), name, names.List(found)))
}

// warnNewcomers says who the import of a new resource creates, who exists already, and who will be left out.
func warnNewcomers(
	diags *diag.Diagnostics, plan importedGroupModel, people []cloudshellapi.ExternalUser, match roster.Match,
) {
	group, allowUpdate := plan.Name.ValueString(), plan.AllowUpdate.ValueBool()
	var newcomers, known, left, inactive, activated []string
	for _, person := range people {
		key := names.Key(person.Username)
		user, present := match.Users[key]
		switch {
		case present:
			known = append(known, person.Username)
			switch {
			case user.IsActive:
			case allowUpdate:
				activated = append(activated, person.Username)
			default:
				inactive = append(inactive, person.Username)
			}
		case match.Local[key], match.Taken[key]:
			left = append(left, person.Username)
		default:
			newcomers = append(newcomers, person.Username)
		}
	}
	warnExisting(diags, plan, known, activated)
	if len(newcomers) > 0 {
		diags.AddAttributeWarning(path.Root("members"), "Import Will Create People in CloudShell",
			fmt.Sprintf("The directory group %q has %s who do not exist in CloudShell: %s.", group,
				roster.People(len(newcomers)), names.List(names.Sorted(newcomers))))
	}
	if len(left) > 0 {
		diags.AddAttributeWarning(path.Root("members"), "Local CloudShell Users Are Left Alone", fmt.Sprintf("The "+
			"directory group %q has %s whose user "+
			"name belongs to another account in CloudShell, such as a local user: %s. They will not be members, and nothing "+
			"is done to those users.",
			group, roster.People(len(left)), names.List(names.Sorted(left))))
	}
	warnCannotLogIn(diags, names.Sorted(inactive))
}

// warnExisting says what becomes of joiners who exist in CloudShell already. Activated are those of them who are made
// active.
func warnExisting(diags *diag.Diagnostics, plan importedGroupModel, known, activated []string) {
	if len(known) == 0 {
		return
	}
	summary, detail := "Existing People Will Be Members", fmt.Sprintf("People of the directory group %q who join and "+
		"exist in CloudShell already: %s.", plan.Name.ValueString(), names.List(names.Sorted(known)))
	if plan.AllowUpdate.ValueBool() {
		summary = "Existing People Will Be Updated"
		detail += " allow_update = true refreshes their details from the directory."
	} else {
		detail += " They are not imported, and their details stay as they are."
	}
	if groups := stringsOf(plan.Groups); len(groups) > 0 {
		detail += fmt.Sprintf(" They are put into the CloudShell groups that are listed in groups: %s.", names.List(groups))
	}
	if len(activated) > 0 {
		detail += fmt.Sprintf(" Of them, these cannot log in now and will be active: %s.",
			names.List(names.Sorted(activated)))
	}
	diags.AddAttributeWarning(path.Root("members"), summary, detail+" Destroying the resource leaves these accounts in "+
		"place, CloudShell groups included.")
}

// warnExistingJoiners is warnExisting for an update, without those that the resource created. It also says which
// members who existed before are put into CloudShell groups that are new in groups.
func warnExistingJoiners(
	diags *diag.Diagnostics, plan, state importedGroupModel, before roster.State, decision roster.Decision,
) {
	var known []string
	for _, join := range decision.Joins {
		if join.Account != nil && join.Formerly == "" && !join.Account.Created {
			known = append(known, join.Name)
		}
	}
	activated := slices.DeleteFunc(slices.Clone(decision.Activate), func(name string) bool {
		return names.Index(known, name) < 0
	})
	warnExisting(diags, plan, known, activated)
	added := slices.DeleteFunc(stringsOf(plan.Groups), func(name string) bool {
		return names.Index(stringsOf(state.Groups), name) >= 0
	})
	if len(added) == 0 {
		return
	}
	existed := slices.DeleteFunc(before.Members.Sorted(), func(name string) bool {
		return decision.State.Created.Has(name) || !decision.State.Members.Has(name)
	})
	if len(existed) > 0 {
		diags.AddAttributeWarning(path.Root("groups"), "Existing People Will Be Put Into CloudShell Groups", fmt.Sprintf(
			"groups newly lists %s. Of the members, these existed before this resource and are put into them too: %s.",
			names.List(names.Sorted(added)), names.List(existed)))
	}
}

// warnRename says what another name of the directory group leads to, as far as that is known before the apply.
func warnRename(diags *diag.Diagnostics, from, to string, before roster.State, notes roster.Notes) {
	var joiners []string
	for _, name := range before.Directory.Sorted() {
		if !before.Members.Has(name) {
			joiners = append(joiners, name)
		}
	}
	leavers := roster.Leavers(before, notes)
	detail := fmt.Sprintf("The directory group changes from %q to %q, in place. %s will join", from, to,
		roster.People(len(joiners)))
	if len(joiners) > 0 {
		detail += ": " + names.List(joiners)
	}
	detail += fmt.Sprintf(". Then %s will leave, as departed_members says", roster.Members(len(leavers)))
	if len(leavers) > 0 {
		detail += ": " + names.List(leavers)
	}
	diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Imported Group Follows %q", to), detail+". The apply "+
		"decides by what the "+
		"directory says then. If one of the guards allow_empty and max_departures is exceeded, people join and no one "+
		"leaves.")
}

func warnDecision(diags *diag.Diagnostics, decision roster.Decision) {
	for _, warning := range decision.Warnings {
		diags.AddAttributeWarning(path.Root("members"), warning.Summary, warning.Detail)
	}
}

func warnCannotLogIn(diags *diag.Diagnostics, inactive []string) {
	if len(inactive) > 0 {
		warning := roster.CannotLogIn(inactive)
		diags.AddAttributeWarning(path.Root("members"), warning.Summary, warning.Detail)
	}
}

// warnInactive names, after an apply, the members who cannot log in.
func warnInactive(diags *diag.Diagnostics, result importer.Result) {
	warnCannotLogIn(diags, roster.Inactive(result.State, result.Notes.Differences))
}

func warnUnreadable(diags *diag.Diagnostics, group string, err error) {
	diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Directory Group %q Not Read", group), fault(err,
		"Until the group can be read again all members stay as they are: no one joins and no one leaves. If the group was "+
			"deleted or renamed for good, "+
			"destroy this resource or change its name."))
}

func warnRetainerUnreadable(diags *diag.Diagnostics, group string, err error) {
	diags.AddAttributeWarning(path.Root("retain_members_of"), fmt.Sprintf("Directory Group %q Not Read", group), fault(err,
		"Which of the leavers are still in it is not known, so all of them are left alone."))
}

func addRetainerUnreadable(diags *diag.Diagnostics, summary, group string, err error) {
	diags.AddError(summary, fault(err, fmt.Sprintf("retain_members_of names the directory group %q. While it cannot be "+
		"read, "+
		"it is not known who is to be left alone, so nothing was done. Destroy again when it can be read, or remove it "+
		"from retain_members_of and apply first.",
		group)))
}

func warnRetained(diags *diag.Diagnostics, retained []string) {
	if len(retained) > 0 {
		diags.AddWarning(framework.SummaryLeftInPlace, fmt.Sprintf("retain_members_of or retain_users leave alone %s that "+
			"this resource created: %s.",
			roster.People(len(retained)), names.List(retained)))
	}
}

func warnUnproved(diags *diag.Diagnostics, unproved []string) {
	if len(unproved) > 0 {
		diags.AddWarning(framework.SummaryLeftInPlace, fmt.Sprintf("What the provider noted of created_members was lost "+
			"(the resource was tainted, or "+
			"its private state was removed), and the directory does not confirm that these users are still the same people: "+
			"%s. Nothing is done to "+
			"them. Delete or deactivate them in CloudShell if that is what you want.", names.List(unproved)))
	}
}
