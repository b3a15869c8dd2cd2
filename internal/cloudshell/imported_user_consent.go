// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// checkConsent asks whether the configuration consents to adopting a user who exists, and says what that changes.
func (r *importedUserResource) checkConsent(
	config, plan *importedUserModel, user cloudshellapi.User, holder claims.Holder, diags *diag.Diagnostics,
) {
	registry, subject := r.clients.CloudShellClaims(), userSubject(user.Username)
	person := importer.PersonOf(user)
	switch {
	case !user.IsImported():
		diags.AddAttributeError(path.Root("name"), framework.IsLocal(subject), localUser(user.Username))
		return
	case registry.CreatedHere(person), registry.LeftInPlace(person):
		return // this run made the account, or let go of it
	case plan.AllowUpdate.IsUnknown():
	case !plan.AllowUpdate.ValueBool():
		if registry.FirstToReport(holder, person) {
			diags.AddAttributeError(path.Root("name"), framework.AlreadyExists(subject), existingUser(user.Username))
		}
		return
	}
	after := user
	config.settings(nil, userNotes{}).Change(&after)
	detail := "allow_update = true consents to this: the user's details are refreshed from the directory"
	if lines := effects(user, after, !config.Groups.IsNull()); len(lines) > 0 {
		detail += ", and these settings change: " + strings.Join(lines, "; ")
	}
	detail += ". Unless deletion_policy says otherwise, the account stays when the resource is destroyed."
	if !user.IsActive && !config.Active.ValueBool() {
		detail += " The user is inactive, cannot log in, and stays so unless active = true."
	}
	diags.AddAttributeWarning(path.Root("name"), framework.WillBeAdopted(subject), detail)
}

// effects describes what differs between an account before and after it is adopted.
func effects(before, after cloudshellapi.User, groups bool) []string {
	var lines []string
	note := func(name string, before, after any) {
		if before != after {
			lines = append(lines, fmt.Sprintf("%s: %v -> %v", name, before, after))
		}
	}
	note("active", before.IsActive, after.IsActive)
	note("admin", before.IsAdmin, after.IsAdmin)
	note("time_zone", textOrNull(before.TimeZoneInfoID).String(), textOrNull(after.TimeZoneInfoID).String())
	limits := importer.LimitsOf(&after)
	for i, limit := range importer.LimitsOf(&before) {
		if *limit == nil || *limits[i] == nil || **limit != **limits[i] {
			note(importer.LimitNames[i], numberText(*limit), numberText(*limits[i]))
		}
	}
	if groups {
		lines = append(lines, "groups: those of the configuration, and no others")
	}
	return lines
}

func numberText(number *int64) string {
	if number == nil {
		return "none"
	}
	return fmt.Sprint(*number)
}

// consentOf is what allow_update consents to.
func consentOf(allowUpdate bool) importer.Consent {
	if allowUpdate {
		return importer.MayUpdate
	}
	return importer.NoConsent
}

// guardAccount refuses settings that would lock the provider out: those of the account that it logs in with.
func guardAccount(config *importedUserModel, account, username string, diags *diag.Diagnostics) {
	if account == "" || !names.Same(account, username) {
		return
	}
	const detail = "The provider logs in to CloudShell as this user. Without being active and a system administrator, " +
		"it could do nothing more. Leave the attribute out, or set it to true."
	summary := framework.IsOwnAccount(userSubject(username))
	if active := config.Active.ValueBoolPointer(); active != nil && !*active {
		diags.AddAttributeError(path.Root("active"), summary, detail)
	}
	if admin := config.Admin.ValueBoolPointer(); admin != nil && !*admin {
		diags.AddAttributeError(path.Root("admin"), summary, detail)
	}
}
