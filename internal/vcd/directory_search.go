package vcd

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// searchCapped is the number of matches from which on a search may have been cut short, so that the absence of a name proves
// nothing.
const searchCapped = 100

// directorySearch answers the names that the organization's LDAP service finds for a query.
type directorySearch func(ctx context.Context, query string) ([]string, error)

func directoryUsers(tenant *vcdapi.Tenant) directorySearch {
	return func(ctx context.Context, query string) ([]string, error) {
		found, err := tenant.SearchDirectoryUsers(ctx, query)
		names := make([]string, len(found))
		for i, u := range found {
			names[i] = u.Username
		}
		return names, err
	}
}

func directoryGroups(tenant *vcdapi.Tenant) directorySearch {
	return func(ctx context.Context, query string) ([]string, error) {
		found, err := tenant.SearchDirectoryGroups(ctx, query)
		names := make([]string, len(found))
		for i, g := range found {
			names[i] = g.Name
		}
		return names, err
	}
}

// checkDirectoryName reports at plan a name that the organization's directory does not know. A search that fails is a warning: the
// account may lack the right to search and still import.
func checkDirectoryName(ctx context.Context, tenant *vcdapi.Tenant, search directorySearch, kind, name string, diags *diag.Diagnostics) {
	if !tenant.Capabilities().DirectorySearch {
		return
	}
	matches, err := search(ctx, name)
	if err != nil {
		warnUnchecked(diags, err)
		return
	}
	for _, match := range matches {
		if framework.SameName(match, name) {
			return
		}
	}
	if len(matches) >= searchCapped {
		return
	}
	near := nearInDirectory(ctx, search, name, matches)
	diags.AddAttributeError(path.Root("name"), fmt.Sprintf("Unknown Directory %s %q", kind, name),
		fmt.Sprintf("The LDAP service of organization %q finds no %s of that name.%s The name must equal the attribute that the organization's "+
			"LDAP settings name (such as sAMAccountName or userPrincipalName); directory_vcd_directory_users and "+
			"directory_vcd_directory_groups show what it finds.", tenant.Name(), strings.ToLower(kind), framework.DidYouMean(near)))
}

// nearInDirectory finds names that somebody may have meant: among the matches, and among those of the name's two halves.
func nearInDirectory(ctx context.Context, search directorySearch, name string, matches []string) []string {
	if near := framework.Near(name, matches); len(near) > 0 {
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
	return framework.Near(name, candidates)
}
