// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// warnStays says, at plan, that a policy leaves a user in CloudShell, where that may surprise.
func warnStays(diags *diag.Diagnostics, notes userNotes) {
	if subject := userSubject(notes.Username); notes.Policy == policyAuto && !notes.Created {
		framework.WarnLeftInPlace(diags, subject, framework.AdoptedStays(subject, policyDelete, policyDeactivate))
	}
}

// warnImported tells what people should know about an import that succeeded.
func warnImported(diags *diag.Diagnostics, name string, done importer.Imported) {
	if done.Words != "" {
		diags.AddWarning(framework.SummaryComplaint, fmt.Sprintf("CloudShell imported the user %q, and answered: %s",
			name, framework.Sentence(done.Words)))
	}
	if done.InDoubt != nil {
		diags.AddWarning(
			framework.SummaryInDoubt,
			fmt.Sprintf("CloudShell was asked to import the user %q again. %s The account "+
				"is there; its details may be those of before. The next plan shows what still differs, where the provider's "+
				"ldap block "+
				"is set; a changed trigger imports again.", name, fault(done.InDoubt)),
		)
	}
	if done.Unproved {
		diags.AddAttributeWarning(
			path.Root("name"),
			"Person Imported Under Another Name",
			fmt.Sprintf("CloudShell imported %q as user %q. Whether CloudShell had that user before cannot be told, so they "+
				"count as adopted: with deletion_policy = \"auto\" the account stays at destroy. Give the user name as name to "+
				"avoid this.", name, done.User.Username),
		)
	}
}

// warnAfterChange names the settings that the server did not take. It also warns of a user who is inactive although the
// configuration does not say so.
func warnAfterChange(diags *diag.Diagnostics, settings importer.Settings, user cloudshellapi.User) {
	if lines := settings.Untaken(user); len(lines) > 0 {
		diags.AddWarning(framework.SummaryIgnored, fmt.Sprintf("CloudShell accepted the settings of the user %q but has "+
			"other values afterwards: %s. The next plan will show them again.", user.Username, strings.Join(lines, "; ")))
	}
	if !user.IsActive && settings.Active == nil {
		warnUserInactive(diags, user.Username)
	}
}

func warnUserInactive(diags *diag.Diagnostics, username string) {
	diags.AddWarning(framework.SummaryCannotLogIn, fmt.Sprintf(
		"The CloudShell user %q is inactive and cannot log in. Set active = true to change that.", username))
}
