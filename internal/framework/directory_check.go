package framework

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// CheckDirectoryName looks a person's name up in the directory when Terraform plans, so that a typo shows there and then and
// not half-way through an apply. It belongs on create and where the name changes, never on the way to a destroy.
//
// An unknown or ambiguous name is an error or a warning as check_names says; a disabled account is a warning. Without an ldap
// configuration, or with one that Terraform does not know yet, nothing is checked. A directory that does not answer is one
// warning per run, and no reason for the plan to fail. One that refuses what the ldap block says (a wrong password, a base DN
// that is not there) is told once per run too, as check_names says.
func CheckDirectoryName(ctx context.Context, set *clients.Set, name string, at path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	if set == nil || set.CheckNames() == clients.CheckNamesOff {
		return diags
	}
	ldap, err := set.LDAP()
	if err != nil || ldap.IsDown() {
		return diags
	}
	users, err := ldap.FindUsers(ctx, name)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		if ldap.MarkDown() {
			addUnchecked(&diags, set, err)
		}
	case len(users) == 0:
		addNameFault(&diags, set, at, fmt.Sprintf("Unknown Directory User %q", name), fmt.Sprintf(
			"Nobody in the directory goes by %q (login, mail and display name were compared).%s", name, DidYouMean(similar(ctx, ldap, name))))
	case len(users) > 1:
		addNameFault(&diags, set, at, fmt.Sprintf("Ambiguous Directory User %q", name), fmt.Sprintf(
			"%d people in the directory go by %q: %s. Use the login name of the one you mean.", len(users), name, Quoted(logins(users), "and")))
	case users[0].Disabled != nil && *users[0].Disabled:
		diags.AddAttributeWarning(at, fmt.Sprintf("Disabled Directory User %q", name),
			fmt.Sprintf("The account %s is disabled in the directory, so the person will not be able to log in.", users[0].DN))
	}
	return diags
}

// addUnchecked tells why names are not checked. A server that is down passes; a wrong ldap block does not, and would leave
// names unchecked for good.
func addUnchecked(diags *diag.Diagnostics, set *clients.Set, err error) {
	const summary = "Names Not Checked Against the Directory"
	passing := errors.Is(err, directory.ErrUnreachable) || errors.Is(err, directory.ErrTimeout)
	if passing || set.CheckNames() == clients.CheckNamesWarn {
		diags.AddWarning(summary,
			Sentence(err.Error())+" The plan goes on without the check: a name that the directory does not know will fail when it is applied.")
		return
	}
	diags.AddError(summary, Sentence(err.Error())+` To plan without the check, set check_names = "warn" or "off" in the provider's configuration.`)
}

func addNameFault(diags *diag.Diagnostics, set *clients.Set, at path.Path, summary, detail string) {
	if set.CheckNames() == clients.CheckNamesWarn {
		diags.AddAttributeWarning(at, summary, detail)
		return
	}
	diags.AddAttributeError(at, summary, detail+` To plan such names all the same, set check_names = "warn" or "off" in the provider's configuration.`)
}

// similar offers near names as far as the directory tells them; a message is no worse without.
func similar(ctx context.Context, ldap *directory.Client, name string) []string {
	near, err := ldap.SimilarUsers(ctx, name)
	if err != nil {
		return nil
	}
	return near
}

// logins are the login names of the first few people.
func logins(users []directory.User) []string {
	var names []string
	for _, u := range users[:min(len(users), nearLimit)] {
		names = append(names, u.Username)
	}
	return names
}
