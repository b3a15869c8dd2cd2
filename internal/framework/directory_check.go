// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// CheckDirectoryName looks up a person's name in the directory when Terraform plans, so that a typing error shows then
// and not half-way through an apply. Call it on create and where the name changes, never in the plan of a destroy.
//
// An unknown or ambiguous name is an error, a warning or nothing, as check_names says; an account that cannot log in is
// a warning. If the ldap block is missing, or Terraform does not know its values yet, nothing is checked. A directory
// that does not answer is one warning in each run. A directory that refuses what the ldap block says (a wrong password,
// an unknown base DN) is reported once in each run, as check_names says.
func CheckDirectoryName(ctx context.Context, set *clients.Set, name string, at path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	if !ChecksNames(set) {
		return diags
	}
	client, err := set.LDAP()
	if err != nil || client.IsDown() {
		return diags
	}
	user := Subject{clients.LDAP, "User", name}
	users, err := client.FindUsers(ctx, name)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		if client.MarkDown() {
			addUnchecked(&diags, set, err)
		}
	case len(users) == 0:
		AddNameFault(&diags, set, NameFault{At: at, Summary: IsUnknown(user), Detail: fmt.Sprintf(
			"The directory has no person of the name %q (login, mail and display name were compared).%s", name,
			setting.DomainHint(name)+names.DidYouMean(similar(ctx, client, name)))})
	case len(users) > 1:
		AddNameFault(&diags, set, NameFault{At: at, Summary: IsAmbiguous(user), Detail: ambiguity(name, users)})
	case users[0].Disabled != nil && *users[0].Disabled:
		diags.AddAttributeWarning(
			at,
			SummaryCannotLogIn,
			fmt.Sprintf(
				"The account %s is disabled in the directory (%s), so %q will not be able to log in until an administrator acts.",
				users[0].DN,
				users[0].DisabledReason,
				name,
			),
		)
	}
	return diags
}

// ambiguity lists the people who share a name, each with what is unique to them, and says how to name one of them.
func ambiguity(name string, users []directory.User) string {
	slices.SortFunc(users, func(a, b directory.User) int {
		return cmp.Or(names.Compare(a.Username, b.Username), names.Compare(a.DN, b.DN))
	})
	var people, logins []string
	for _, u := range users {
		people = append(people, fmt.Sprintf("%q (%s)", u.Username, u.DN))
		if names.Index(logins, u.Username) < 0 {
			logins = append(logins, u.Username)
		}
	}
	detail := fmt.Sprintf("%d people in the directory have the name %q: %s.", len(users), name, names.Join(people))
	if len(logins) == len(users) {
		detail += " Use the login name of the person you mean."
	}
	if base := separatingBase(users); base != "" {
		detail += fmt.Sprintf(
			" If all people that you import are below one entry, set base_dn in the provider's ldap block to it, such as %q.",
			base,
		)
	}
	return detail
}

// separatingBase is an entry that only the first of the people is below, or "".
func separatingBase(users []directory.User) string {
	first, err := directory.ParseDN(users[0].DN)
	if err != nil {
		return ""
	}
	base := first.Parent().String()
	for _, u := range users[1:] {
		if directory.IsBelow(u.DN, base) {
			return ""
		}
	}
	return base
}

// addUnchecked says why names are not checked. For a server that is down this is a warning. For a wrong ldap block it
// is an error, because names would stay unchecked until someone corrects the block.
func addUnchecked(diags *diag.Diagnostics, set *clients.Set, err error) {
	passing := errors.Is(err, directory.ErrUnreachable) || errors.Is(err, directory.ErrTimeout)
	if passing || set.CheckNames() == clients.CheckNamesWarn {
		diags.AddWarning(SummaryNotChecked, Sentence(err.Error())+" The plan goes on without the check: a name that "+
			"the directory does not know will fail when it is applied.")
		return
	}
	diags.AddError(SummaryNotChecked, Sentence(err.Error())+planAllTheSame)
}

// similar returns near names, or none if the directory cannot be read: the message is useful without them.
func similar(ctx context.Context, client *directory.Client, name string) []string {
	near, err := client.SimilarUsers(ctx, name)
	if err != nil {
		return nil
	}
	return near
}
