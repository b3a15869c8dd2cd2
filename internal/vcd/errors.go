// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
	"github.com/external-directory/terraform-provider-directory/internal/vcd/importer"
)

// addFault adds an error for what the client answered, on the attribute that is its cause where there is one. More
// sentences about what follows can be added.
func addFault(diags *diag.Diagnostics, summary string, err error, more ...string) {
	more = append(advice(err), more...)
	if at, ok := cause(err); ok {
		framework.AddAttributeFault(diags, at, clients.VCD, summary, err, more...)
		return
	}
	framework.AddFault(diags, clients.VCD, summary, err, more...)
}

// addAttributeFault is addFault for an attribute that the caller knows to be the cause, unless the error itself knows
// better.
func addAttributeFault(diags *diag.Diagnostics, at path.Path, summary string, err error, more ...string) {
	if _, ok := cause(err); ok {
		addFault(diags, summary, err, more...)
		return
	}
	framework.AddAttributeFault(diags, at, clients.VCD, summary, err, append(advice(err), more...)...)
}

// cause is the attribute of a resource that an error is about.
func cause(err error) (path.Path, bool) {
	var roles *unknownRolesError
	var group *importer.LoginGroupError
	switch {
	case errors.Is(err, vcdapi.ErrOrgNotFound), errors.Is(err, errOrgRequired):
		return path.Root("org"), true
	case errors.As(err, &roles):
		return path.Root("roles"), true
	case errors.As(err, &group) && group.Attribute != "":
		return path.Root(group.Attribute), true
	case errors.Is(err, vcdapi.ErrNoLDAP):
		return path.Root("provider_type"), true
	default:
		return path.Empty(), false
	}
}

// advice is what an error of Cloud Director means and what to do next, where the shared words do not say it.
func advice(err error) []string {
	var group *importer.LoginGroupError
	switch {
	case errors.Is(err, vcdapi.ErrOrgNotFound):
		return []string{"Check the organization's name (its short name in URLs, not its display name), and that the login " +
			"may see it. Nothing is removed from state because of this."}
	case errors.As(err, &group):
		return []string{fmt.Sprintf("Log in with an account that has roles of its own. To destroy the resource and keep the "+
			"group, set deletion_policy = %q and apply first.", policyAbandon)}
	case errors.Is(err, vcdapi.ErrNoLDAP):
		return []string{"This is what Cloud Director answers where the organization has no such identity provider set up: " +
			"configure LDAP (or SAML, OAuth) in the organization's settings first, or choose another provider_type. If it is " +
			"set up, the account lacks the right to import from it."}
	case errors.Is(err, vcdapi.ErrLocked):
		return []string{"A locked user cannot be changed. Set locked = false to unlock the user (CloudAPI 37.2 and later), " +
			"or unlock them in Cloud Director. Too many failed logins lock a user."}
	case errors.Is(err, vcdapi.ErrRightOrProvider):
		return []string{"VCF Automation answers so in two cases, and the organization's LDAP settings could not be read to " +
			"tell which: the account lacks the right to manage users and groups, or the organization has no such identity " +
			"provider set up. Check the organization's settings first, then the account's roles."}
	case errors.Is(err, vcdapi.ErrForbidden):
		return []string{"The account that the provider logs in with needs the rights of an Organization Administrator " +
			"(General: Administrator View, and to view, import and edit users and groups)."}
	default:
		return nil
	}
}

// addUserImportFault explains why a user was not imported. Nothing was changed then.
func addUserImportFault(ctx context.Context, diags *diag.Diagnostics, tenant *vcdapi.Tenant, summary, name string,
	err error) {
	var exists *importer.ExistsError
	switch {
	case addAdoptionFault(diags, userSubject(name), err):
	case errors.As(err, &exists) && exists.Entity.ID == "":
		addAttributeFault(diags, path.Root("name"), summary, err,
			"The server says that the name is taken, yet lists no user of that name: a group may have it, or a user who is "+
				"being deleted.")
	case errors.As(err, &exists):
		if user, lookErr := tenant.FreshUser(ctx, exists.Entity.ID); lookErr == nil {
			existingUserFacts(tenant, user, "").refuse(diags)
			return
		}
		addAttributeFault(diags, path.Root("name"), summary, err)
	case errors.Is(err, vcdapi.ErrLocked):
		addAttributeFault(diags, path.Root("name"), summary, err, "The user exists already, and was not changed.")
	case refusesName(err):
		addAttributeFault(diags, path.Root("name"), summary, err,
			"If the directory does not know the name, check its spelling: it must equal the attribute that the "+
				"organization's LDAP settings name, such as sAMAccountName.")
	case vcdapi.MayHaveActed(err):
		addFault(diags, summary, err, lateText)
	default:
		addFault(diags, summary, err)
	}
}

// lateText follows an import whose answers were lost, and that a look proved not to have happened.
const lateText = "A look afterwards did not find the name, so nothing is in state. If the import comes through late, " +
	"the next plan shows the account as one that exists already."

// refusesName reports whether the server refused the content of an import, which is the name as a rule: roles and other
// settings have been checked before.
func refusesName(err error) bool {
	switch transport.Status(err) {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusInternalServerError:
		return true
	default:
		return false
	}
}

// addGroupImportFault explains why a group was not imported. Nothing was changed then.
func addGroupImportFault(ctx context.Context, diags *diag.Diagnostics, tenant *vcdapi.Tenant, summary, name string,
	err error) {
	var exists *importer.ExistsError
	switch {
	case addAdoptionFault(diags, groupSubject(name), err):
	case errors.As(err, &exists) && exists.Entity.ID != "":
		if group, lookErr := tenant.FreshGroup(ctx, exists.Entity.ID); lookErr == nil {
			existingGroupFacts(tenant, group, "").refuse(diags)
			return
		}
		addAttributeFault(diags, path.Root("name"), summary, err)
	case errors.As(err, &exists):
		addAttributeFault(diags, path.Root("name"), summary, err,
			"The server says that the name is taken, yet lists no group of that name: a user may have it.")
	case refusesName(err):
		addAttributeFault(diags, path.Root("name"), summary, err,
			"If the directory does not know the name, check its spelling: it must equal the attribute that the "+
				"organization's LDAP settings name for groups, such as cn.")
	case vcdapi.MayHaveActed(err):
		addAttributeFault(diags, path.Root("name"), summary, err, lateText)
	default:
		addAttributeFault(diags, path.Root("name"), summary, err)
	}
}

// addUserChangeFault explains why a user was not changed.
func addUserChangeFault(diags *diag.Diagnostics, summary string, plan importedUserModel, err error) {
	var local *importer.LocalAccountError
	var login *importer.LoginAccountError
	switch {
	case errors.As(err, &local):
		diags.AddError(summary, framework.Sentence(local.Error())+
			" It was an imported user when it was read last. Remove the resource from the configuration.")
	case errors.As(err, &login):
		diags.AddAttributeError(path.Root(login.Attribute), summary, framework.Sentence(login.Error()))
	case errors.Is(err, vcdapi.ErrExists):
		addTaken(diags, plan.Name.ValueString(), err)
	case errors.Is(err, vcdapi.ErrLocked):
		addAttributeFault(diags, path.Root("locked"), summary, err)
	case errors.Is(err, vcdapi.ErrUnsupported):
		addAttributeFault(diags, path.Root("name"), summary, err,
			"Nothing was changed. Here another name or provider type needs another user: plan again.")
	default:
		addFault(diags, summary, err, vanishedAdvice(err)...)
	}
}

// addUserRemovalFault explains why a user was not deleted or disabled.
func addUserRemovalFault(diags *diag.Diagnostics, summary string, state importedUserModel, err error) {
	var ownership *importer.OwnershipError
	var login *importer.LoginAccountError
	var local *importer.LocalAccountError
	var renamed *importer.RenamedError
	switch {
	case errors.As(err, &renamed):
		diags.AddError(summary, framework.Sentence(err.Error())+" Nothing was changed. Plan again with a refresh, which "+
			"takes over the new name.")
	case errors.As(err, &login), errors.As(err, &local):
		diags.AddError(summary, framework.Sentence(err.Error())+
			fmt.Sprintf(" Set deletion_policy = %q, apply, and destroy again.", policyAbandon))
	case errors.As(err, &ownership):
		addAttributeFault(diags, path.Root("take_ownership"), summary, err, fmt.Sprintf(
			"Ownership of what the user has could not be taken, and nothing was deleted, since the user's powered-off virtual "+
				"machines would have gone too. Fix the cause and destroy again; or move the user's things to another account and "+
				"set take_ownership = false; or set deletion_policy = %q or %q (and apply) to keep the user.",
			policyDisable, policyAbandon))
	case errors.Is(err, vcdapi.ErrLocked):
		addAttributeFault(diags, path.Root("locked"), summary, err)
	case state.policy() == policyDisable, errors.Is(err, vcdapi.ErrAPITokenReadOnly):
		addFault(diags, summary, err)
	case state.TakeOwnership.ValueBool():
		addFault(diags, summary, err, "If ownership was taken already, what the user owned belongs to the account that "+
			"the provider logs in with. Destroy again when the cause is fixed.")
	default:
		addFault(diags, summary, err,
			"A user who owns running virtual machines, catalogs or networks cannot be deleted: set take_ownership = true, "+
				"apply, and destroy again.")
	}
}

// renamedOrgAdvice is what to do about a resource whose organization cannot be found by the name in state.
func renamedOrgAdvice(err error) []string {
	if !errors.Is(err, vcdapi.ErrOrgNotFound) {
		return nil
	}
	return []string{"If the organization has another name now, remove the resource from state with a removed block, and " +
		"import it again under the new name."}
}

func vanishedAdvice(err error) []string {
	if !errors.Is(err, vcdapi.ErrNotFound) {
		return nil
	}
	return []string{"It was deleted outside of Terraform after the last refresh. Plan again to import it again."}
}

// warnInDoubt reports an import whose outcome is not known. State has it, without an id, and the next refresh finds
// out.
func warnInDoubt(diags *diag.Diagnostics, summary string, err error) {
	diags.AddWarning(framework.SummaryInDoubt, framework.Sentence(summary)+" "+framework.Fault(clients.VCD, err,
		"The import was sent, and whether it succeeded cannot be told yet. State keeps it, and the next plan finds out."))
}

// warnHeld reports a user or group that stays, since another resource has it.
func warnHeld(diags *diag.Diagnostics, subject framework.Subject, label string) {
	framework.WarnLeftInPlace(diags, subject, fmt.Sprintf("Another resource of this run has it (%s).", label))
}

// spellingHint names the entity that differs in its spelling alone, where the server matches names exactly.
func spellingHint(err error) string {
	var spelling *vcdapi.SpellingError
	if !errors.As(err, &spelling) {
		return ""
	}
	return fmt.Sprintf(" It has %q, and matches names in their exact spelling.", spelling.Name)
}

// addUnknownOrg tells at plan of an organization that cannot be found. A provider administrator may make it in the
// same run, unless a name near to it exists.
func addUnknownOrg(ctx context.Context, diags *diag.Diagnostics, set *clients.Set, client *vcdapi.Client, name string,
	err error) {
	if !names.Same(client.Org(), vcdapi.SystemOrg) {
		addFault(diags, "Unable to Check the Plan Against Cloud Director", err)
		return
	}
	if !checksNames(set) {
		return
	}
	var existing []string
	if orgs, listErr := client.Orgs(ctx); listErr == nil { // near names are a courtesy
		for _, org := range orgs {
			existing = append(existing, org.Name)
		}
	}
	near := names.Near(name, existing)
	framework.AddNameFault(diags, set, framework.NameFault{
		At:       path.Root("org"),
		Summary:  framework.IsUnknown(framework.Subject{Platform: clients.VCD, Kind: "Organization", Name: name}),
		Detail:   framework.Sentence(err.Error()) + names.DidYouMean(near) + mayBeMade(near),
		Doubtful: len(near) == 0,
	})
}

// addLookupFault is addFault for a data source, which has no provider_type to point at.
func addLookupFault(diags *diag.Diagnostics, summary string, err error) {
	if errors.Is(err, vcdapi.ErrNoLDAP) {
		framework.AddAttributeFault(diags, path.Root("org"), clients.VCD, summary, err,
			"This is what Cloud Director answers where the organization has no LDAP service set up, or where the account may "+
				"not search it.")
		return
	}
	addFault(diags, summary, err)
}

// addNotFound adds an error for a user or group that a data source does not find, with near ones of those that exist.
func addNotFound(diags *diag.Diagnostics, subject framework.Subject, org string, exist []string, err error) {
	diags.AddAttributeError(path.Root("name"), framework.IsUnknown(subject), notFoundText(subject, org, exist, err))
}

// notFoundText says that an organization lacks a user or group, with near names of those that exist.
func notFoundText(subject framework.Subject, org string, exist []string, err error) string {
	return fmt.Sprintf("Organization %q has no %s of that name.%s%s", org, strings.ToLower(subject.Kind),
		names.DidYouMean(names.Near(subject.Name, exist)), spellingHint(err))
}

// userNames are the users of an organization, for near names: without the list there are none.
func userNames(ctx context.Context, tenant *vcdapi.Tenant) []string {
	exist, _ := tenant.Users(ctx)
	return namesOf(exist, func(u vcdapi.User) string { return u.Username })
}

// groupNames are the groups of an organization, for near names: without the list there are none.
func groupNames(ctx context.Context, tenant *vcdapi.Tenant) []string {
	exist, _ := tenant.Groups(ctx)
	return namesOf(exist, func(g vcdapi.Group) string { return g.Name })
}
