// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// What CloudShell's errors mean for people stands in this file, once.

// fault is what the server said, what that means, and what to do next, as whole sentences. The caller may add more.
func fault(err error, more ...string) string {
	return framework.Fault(clients.CloudShell, err, withMeaning(err, more)...)
}

// withMeaning puts what an error means in front of further sentences.
func withMeaning(err error, more []string) []string {
	if meaning := meaningOf(err); meaning != "" {
		return append([]string{meaning}, more...)
	}
	return more
}

// addFault adds an error for what the client answered.
func addFault(diags *diag.Diagnostics, summary string, err error, more ...string) {
	framework.AddFault(diags, clients.CloudShell, summary, err, withMeaning(err, more)...)
}

// addFaultAt is addFault for an error that an attribute of the configuration is the cause of.
func addFaultAt(diags *diag.Diagnostics, at path.Path, summary string, err error) {
	framework.AddAttributeFault(diags, at, clients.CloudShell, summary, err, withMeaning(err, nil)...)
}

// meaningOf says what an error of the client means, where that is CloudShell's own.
func meaningOf(err error) string {
	switch {
	case errors.Is(err, cloudshellapi.ErrNotCloudShell):
		return "What answers there is not CloudShell's Administration API. Check cloudshell.url: the API listens on the " +
			"Quali " +
			"Server, by default on port 9000, not on the portal's port; a proxy on the way can be the cause too."
	case errors.Is(err, cloudshellapi.ErrForbidden):
		return "The account that the provider logs in with must be a system administrator of CloudShell."
	case errors.Is(err, importer.ErrAllowUpdateUnknown):
		return "Releases of CloudShell before 2024.1 may not know AllowUpdate. With them, leave allow_update out and bring " +
			"existing users into state by an import block."
	default:
		return ""
	}
}

// warnUnchecked says that CloudShell could not be asked when Terraform planned.
func warnUnchecked(diags *diag.Diagnostics, at path.Path, err error) {
	diags.AddAttributeWarning(at, framework.SummaryNotChecked, fault(err, "The plan goes on without the check. The apply "+
		"asks again. It fails where CloudShell does not accept a name, and where someone exists already and allow_update is "+
		"false."))
}

// addUserFault adds the error of work on one user: on the attribute name where that is the cause.
func addUserFault(diags *diag.Diagnostics, summary, name string, err error, more ...string) {
	if detail := nameFault(name, err); detail != "" {
		diags.AddAttributeError(path.Root("name"), summary, detail)
		return
	}
	var protected *importer.ProtectedError
	var refused *importer.DeletionRefusedError
	var doubt *importer.DoubtError
	switch {
	case errors.As(err, &protected):
		diags.AddError(summary, strings.Join(append([]string{protection(protected)}, more...), " "))
	case errors.As(err, &refused):
		diags.AddError(
			summary,
			fault(refused.Cause, "The user is inactive now and stays in state. CloudShell refuses to delete "+
				"users who own sandboxes: end or delete those and destroy again, or set deletion_policy = \"deactivate\"."),
		)
	case errors.As(err, &doubt):
		diags.AddError(summary, fault(doubt.Cause, lateImport(doubt)))
	default:
		addFault(diags, summary, err, more...)
	}
}

// nameFault is the detail of an error that the attribute name is the cause of, else "".
func nameFault(name string, err error) string {
	var exists *importer.ExistsError
	var refused *importer.RefusedError
	var other *importer.OtherPersonError
	var several *importer.SeveralPeopleError
	switch {
	case errors.As(err, &exists) && exists.Local:
		return localUser(exists.Username)
	case errors.As(err, &exists) && exists.Username != "":
		return existingUser(exists.Username)
	case errors.As(err, &exists):
		return sayOf(exists.Said) + " CloudShell knows the person under a user name that its answer does not tell. " +
			"Give that user name (sAMAccountName or uid) as name."
	case errors.As(err, &refused) && refused.Again:
		return sayOf(
			refused,
		) + " Nothing was refreshed. The person may have left the directory, or have another name there " +
			"now: then write that name as name."
	case errors.As(err, &refused):
		return sayOf(
			refused,
		) + " No one was imported. If the name is the cause, check its spelling, and that the person is " +
			"within the part of the directory that CloudShell is set up to search." + domainHint(
			name,
		)
	case errors.As(err, &other):
		return otherPerson(other)
	case errors.As(err, &several):
		return fmt.Sprintf(
			"CloudShell found several people by that name and imported %s. Give the user name of the person you "+
				"mean as name, and delete the others in CloudShell.",
			names.List(several.Usernames),
		)
	default:
		return ""
	}
}

// sayOf is what the server said about an import that brought no account, as a sentence.
func sayOf(err error) string {
	var refused *importer.RefusedError
	switch {
	case !errors.As(err, &refused):
		return fault(err)
	case refused.Cause != nil:
		return fault(refused.Cause)
	case refused.Words != "":
		return "CloudShell answered: " + framework.Sentence(refused.Words)
	default:
		return "CloudShell answered without a user and without a reason."
	}
}

func localUser(username string) string {
	return fmt.Sprintf(
		"CloudShell has a local user %q, who does not come from the directory. The provider never touches local "+
			"users. Rename or delete that user in CloudShell first, or import another person.",
		username,
	)
}

// existingUser says what can be done about a user who exists already, with the import block to paste.
func existingUser(username string) string {
	return fmt.Sprintf("CloudShell has the user %q already. To manage the account as it is, add this block and apply:\n\n"+
		"%s\n\nOr set allow_update = true to adopt the user and refresh their details from the directory. "+
		"If this configuration had the user at another address (a renamed resource, a changed for_each key or a shortened "+
		"count list), write a moved block instead:\n\n%s\n\nIf the resource is tainted, `terraform untaint ADDRESS` "+
		"keeps it.",
		username, framework.ImportBlock(importedUserType, username), framework.MovedBlock(importedUserType))
}

// importedUserType is the resource type of imported users.
const importedUserType = "directory_cloudshell_imported_user"

// domainHint is for names in the form that Windows shows.
func domainHint(name string) string {
	if at := strings.LastIndex(name, `\`); at >= 0 && at < len(name)-1 {
		return fmt.Sprintf(" CloudShell knows people without their domain: try %q.", name[at+1:])
	}
	return ""
}

func otherPerson(err *importer.OtherPersonError) string {
	known, found := err.Known.Username, err.Found.Username
	switch {
	case err.Removed:
		return fmt.Sprintf(
			"By the name %q CloudShell imported another person, %q. Their new account is deleted again. The name "+
				"belongs to another person in the directory now, or the person has another name there.",
			known,
			found,
		)
	case err.Imported:
		return fmt.Sprintf(
			"By the name %q CloudShell imported another person, %q (id %d), who is not in state. Delete that user in "+
				"CloudShell if they should have no account. The name belongs to another person in the directory now, or the "+
				"person "+
				"has another name there.",
			known,
			found,
			err.Found.ID,
		)
	default:
		return fmt.Sprintf(
			"CloudShell has another person, %q (id %d), where the user %q (id %d) is expected. Nothing was changed. "+
				"Plan again.",
			found,
			err.Found.ID,
			known,
			err.Known.ID,
		)
	}
}

// lateImport says what may still come of an import in doubt.
func lateImport(err *importer.DoubtError) string {
	text := "The user is not in CloudShell as far as that can be told now. If the import is still under way, the user " +
		"will show " +
		"up as an existing one at the next plan: bring them into state by an import block, or set allow_update = true."
	if len(err.Candidates) > 0 {
		text += fmt.Sprintf(" Since the import was sent, CloudShell has got %s: one of them may be the person.",
			names.List(err.Candidates))
	}
	return text
}

// protection says why an account is left alone.
func protection(err *importer.ProtectedError) string {
	switch err.Reason {
	case importer.OwnAccount:
		return "The provider logs in to CloudShell as this user, and never deactivates, deletes or demotes the account " +
			"that it needs."
	case importer.MaybeOwnAccount:
		return "The user is a system administrator, and a token does not tell which account the provider uses. So it never " +
			"deactivates, deletes or demotes an administrator. Set cloudshell.username to the name of the token's account, or " +
			"take the role away from this user in CloudShell first."
	default:
		return localUser(err.Username)
	}
}

// reportOverlaps reports where resources of this configuration mean one person. It returns false if this is an error,
// here or at the other resource.
func (r *importedUserResource) reportOverlaps(
	holder claims.Holder, overlaps []claims.Overlap, diags *diag.Diagnostics,
) bool {
	registry := r.clients.CloudShellClaims()
	if registry.Applying() {
		return true // the plan said it
	}
	agrees := true
	for _, o := range overlaps {
		person := o.Mine.Person
		if o.Mine.Sole && o.Theirs.Sole {
			clash := framework.ClashOf(o)
			agrees = agrees && !clash.Fails()
			if !clash.Fails() || registry.FirstToReport(holder, person) {
				framework.AddClash(diags, framework.Claimed{
					Subject: userSubject(person.Name), Resource: importedUserType, Harm: "delete or deactivate",
					ImportID: person.Name,
				}, o)
			}
			continue
		}
		detail := groupContradiction(o)
		agrees = agrees && detail == ""
		switch {
		case detail == "" && threatens(o.Theirs, o.Mine, ""):
			addThreat(diags, o)
		case detail != "" && registry.FirstToReport(holder, person):
			framework.AddHeldElsewhere(diags, userSubject(person.Name), o.Mine, detail)
		}
	}
	return agrees
}

// addThreat warns of a group that may harm the person of a user resource when they leave it. The group warns of the
// same where it is planned second.
func addThreat(diags *diag.Diagnostics, o claims.Overlap) {
	diags.AddAttributeWarning(path.Root("name"), framework.SummaryShared, fmt.Sprintf("The user %q of this resource is a "+
		"member of the %s too. If the group lets them go or is destroyed, it may deactivate or delete the user. Add %q to "+
		"its retain_users to leave them alone.", o.Mine.Person.Name, o.Label, o.Theirs.Person.Name))
}

// groupContradiction says what is wrong between the user of this resource and a group that they are a member of, "" for
// nothing.
func groupContradiction(o claims.Overlap) string {
	mine, theirs := o.Mine, o.Theirs
	switch {
	case mine.Intent == claims.Harms && theirs.Intent.Holds():
		return fmt.Sprintf(
			"This resource would delete or deactivate the person, and the %s goes on holding them. To let them go "+
				"without touching the account, set deletion_policy = \"abandon\" and apply before you remove the resource, or "+
				"remove it by a block:\n\n%s",
			o.Label, framework.RemovedBlock(importedUserType),
		)
	case mine.Intent.Holds() && theirs.Intent == claims.Harms:
		return fmt.Sprintf(
			"The %s would delete or deactivate this person, and this resource goes on holding them. Add %q to "+
				"retain_users of that group, or name a directory group that the person is still in under retain_members_of, or "+
				"remove this resource too.",
			o.Label,
			theirs.Person.Name, // in the directory, which may be another one than CloudShell's
		)
	default:
		return ""
	}
}

// userSubject is a CloudShell user in messages.
func userSubject(name string) framework.Subject {
	return framework.Subject{Platform: clients.CloudShell, Kind: "User", Name: name}
}
