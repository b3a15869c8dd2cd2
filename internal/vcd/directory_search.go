// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// searchCapped is the number of matches from which on a search may have been cut short, so that the absence of a name
// proves nothing.
const searchCapped = 25

// directorySearch answers the names that the organization's LDAP service finds for a query.
type directorySearch func(ctx context.Context, query string) ([]string, error)

func directoryUsers(tenant *vcdapi.Tenant) directorySearch {
	return func(ctx context.Context, query string) ([]string, error) {
		found, err := tenant.SearchDirectoryUsers(ctx, query)
		matches := make([]string, len(found))
		for i, u := range found {
			matches[i] = u.Username
		}
		return matches, err
	}
}

func directoryGroups(tenant *vcdapi.Tenant) directorySearch {
	return func(ctx context.Context, query string) ([]string, error) {
		found, err := tenant.SearchDirectoryGroups(ctx, query)
		matches := make([]string, len(found))
		for i, g := range found {
			matches[i] = g.Name
		}
		return matches, err
	}
}

// checkDirectoryName reports at plan a name that the organization's directory does not know, or, where the server
// matches names exactly, spells otherwise. A search that fails is a warning: the account may lack the right to search
// and still import.
func checkDirectoryName(ctx context.Context, set *clients.Set, tenant *vcdapi.Tenant, search directorySearch,
	kind, name string, diags *diag.Diagnostics) {
	if !tenant.Capabilities().DirectorySearch {
		return
	}
	matches, err := search(ctx, name)
	if err != nil {
		warnUnchecked(diags, err)
		return
	}
	if slices.ContainsFunc(matches, func(match string) bool { return tenant.SameName(match, name) }) {
		return
	}
	subject := framework.Subject{Platform: clients.LDAP, Kind: kind, Name: name}
	if at := names.Index(matches, name); at >= 0 {
		framework.AddNameFault(diags, set, framework.NameFault{
			At: path.Root("name"), Summary: framework.IsUnknown(subject),
			Detail: fmt.Sprintf("The directory of organization %q spells the name %q. The server (API version %s) matches "+
				"names exactly: with another spelling the import would succeed, but %s could not log in. Write name = %s.",
				tenant.Name(), matches[at], tenant.Capabilities().Version, affected(kind), framework.QuoteHCL(matches[at])),
		})
		return
	}
	fault := framework.NameFault{
		At: path.Root("name"), Summary: framework.IsUnknown(subject), Doubtful: len(matches) >= searchCapped,
		Detail: fmt.Sprintf("The LDAP service of organization %q finds no %s of that name.%s The name must be the value of "+
			"the attribute that the organization's LDAP settings name, such as sAMAccountName or userPrincipalName. The data "+
			"sources directory_vcd_directory_users and directory_vcd_directory_groups show what it finds.",
			tenant.Name(), strings.ToLower(kind), names.DidYouMean(nearInDirectory(ctx, search, name, matches))),
	}
	if fault.Doubtful {
		fault.Detail += fmt.Sprintf(" The search found %d entries and may have been cut short, so the name may exist after "+
			"all.", len(matches))
	}
	framework.AddNameFault(diags, set, fault)
}

// affected are the people whose login depends on the spelling of a name.
func affected(kind string) string {
	if kind == "Group" {
		return "the members of the group"
	}
	return "the person"
}

// nearInDirectory finds names that may have been meant: among the matches, and among those of the name's two halves.
func nearInDirectory(ctx context.Context, search directorySearch, name string, matches []string) []string {
	if near := names.Near(name, matches); len(near) > 0 {
		return near
	}
	var candidates []string
	letters := []rune(name)
	half := (len(letters) + 1) / 2
	for _, part := range []string{string(letters[:half]), string(letters[half:])} {
		if utf8.RuneCountInString(part) < 2 {
			continue
		}
		found, err := search(ctx, part)
		if err != nil {
			break // the hint is a courtesy
		}
		candidates = append(candidates, found...)
	}
	return names.Near(name, candidates)
}
