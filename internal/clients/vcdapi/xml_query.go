// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// record is an entry of the query service, of any of the kinds asked for here.
type record struct {
	Name         string `xml:"name,attr"`
	Href         string `xml:"href,attr"`
	FullName     string `xml:"fullName,attr"`
	Enabled      bool   `xml:"isEnabled,attr"`
	LDAP         bool   `xml:"isLdapUser,attr"`
	External     bool   `xml:"isExternal,attr"`
	Locked       *bool  `xml:"isLocked,attr"`
	ProviderType string `xml:"identityProviderType,attr"`
	RoleNames    string `xml:"roleNames,attr"`
	RoleName     string `xml:"roleName,attr"`
}

// queryPage is a page of the query service's answer.
type queryPage struct {
	XMLName     xml.Name `xml:"QueryResultRecords"`
	Total       *int     `xml:"total,attr"`
	Users       []record `xml:"UserRecord"`
	AdminUsers  []record `xml:"AdminUserRecord"`
	Groups      []record `xml:"GroupRecord"`
	AdminGroups []record `xml:"AdminGroupRecord"`
}

// query lists users ("user") or groups ("group") with the query service: page by page, and without e-mail or source
// name. The filter may be empty.
func (a *xmlAPI) query(ctx context.Context, kind, filter string) ([]record, error) {
	parameters := url.Values{"type": {kind}, "format": {"records"}, "pageSize": {strconv.Itoa(pageSize)},
		"sortAsc": {"name"}}
	if a.context != nil { // a provider administrator sees all organizations
		parameters.Set("type", "admin"+strings.ToUpper(kind[:1])+kind[1:])
		org := "org==" + a.conn.base + "/api/org/" + bareID(a.org.ID)
		filter = strings.TrimSuffix(org+";"+filter, ";")
	}
	if filter != "" {
		parameters.Set("filter", filter)
	}
	return untilComplete(func() ([]record, bool, error) { return a.queryOnce(ctx, parameters) })
}

func (a *xmlAPI) queryOnce(ctx context.Context, parameters url.Values) (all []record, moved bool, err error) {
	known := map[string]bool{}
	for at := (position{page: 1}); !at.last; {
		parameters.Set("page", strconv.Itoa(at.page))
		var page queryPage
		if err := a.legacy(ctx, http.MethodGet, "/query", parameters, "", nil, &page); err != nil {
			return nil, false, err
		}
		records := slices.Concat(page.Users, page.AdminUsers, page.Groups, page.AdminGroups)
		next, err := at.after(page.Total, len(records))
		if err != nil {
			return nil, false, err
		}
		before := len(all)
		for _, r := range records {
			if !known[r.Href] { // an entry comes twice where others push it to the next page
				known[r.Href] = true
				all = append(all, r)
			}
		}
		if len(all) == before && !next.last {
			return nil, false, fmt.Errorf("%w: page %d has nothing new", errEndless, at.page)
		}
		moved = moved || next.moved(at)
		if at = next; at.last && len(all) < at.total {
			return nil, false, &incompleteError{has: len(all), total: at.total}
		}
	}
	return all, moved, nil
}

// roles looks the names in a record up among the organization's roles.
func (r record) roles(known []Role) []Reference {
	roleNames := make([]string, len(known))
	for i, k := range known {
		roleNames[i] = k.Name
	}
	var roles []Reference
	for _, at := range splitNames(r.RoleNames+r.RoleName, roleNames) {
		roles = append(roles, Reference(known[at]))
	}
	return roles
}

// splitNames finds which of the known names a text lists that separates names by commas, although names may have commas
// themselves. The result holds places in known; names that are not known are left out.
func splitNames(text string, known []string) []int {
	text = strings.TrimLeft(text, ", ")
	if text == "" {
		return nil
	}
	found, length := -1, 0
	for i, name := range known {
		rest, ok := strings.CutPrefix(text, name)
		rest = strings.TrimLeft(rest, " ")
		if ok && len(name) > length && (rest == "" || rest[0] == ',') {
			found, length = i, len(name)
		}
	}
	_, rest, _ := strings.Cut(text[length:], ",")
	if found < 0 { // a role that the organization does not show
		return splitNames(rest, known)
	}
	return append([]int{found}, splitNames(rest, known)...)
}
