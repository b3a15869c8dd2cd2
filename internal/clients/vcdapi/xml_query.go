package vcdapi

import (
	"context"
	"errors"
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

// query lists users ("user") or groups ("group") with the query service: page by page, and without e-mail or source name.
func (a *xmlAPI) query(ctx context.Context, kind string) ([]record, error) {
	filter := url.Values{"type": {kind}, "format": {"records"}, "pageSize": {strconv.Itoa(pageSize)}, "sortAsc": {"name"}}
	if a.context != nil { // a provider administrator sees all organizations
		filter.Set("type", "admin"+strings.ToUpper(kind[:1])+kind[1:])
		filter.Set("filter", "org=="+a.conn.base+"/api/org/"+bareID(a.org.ID))
	}
	var all []record
	for number := 1; number <= maxPages; number++ {
		var page struct {
			Total       int      `xml:"total,attr"`
			Users       []record `xml:"UserRecord"`
			AdminUsers  []record `xml:"AdminUserRecord"`
			Groups      []record `xml:"GroupRecord"`
			AdminGroups []record `xml:"AdminGroupRecord"`
		}
		filter.Set("page", strconv.Itoa(number))
		if err := a.legacy(ctx, http.MethodGet, "/query", filter, "", nil, &page); err != nil {
			return nil, err
		}
		records := slices.Concat(page.Users, page.AdminUsers, page.Groups, page.AdminGroups)
		all = append(all, records...)
		if len(all) >= page.Total {
			return all, nil
		}
		if len(records) == 0 {
			return nil, fmt.Errorf("page %d of a list is empty, although there are %d entries", number, page.Total)
		}
	}
	return nil, errors.New("the list does not end")
}

// roles looks the names in a record up among the organization's roles.
func (r record) roles(known []Role) []Reference {
	var roles []Reference
	for name := range strings.SplitSeq(r.RoleNames+r.RoleName, ",") {
		at := slices.IndexFunc(known, func(k Role) bool { return k.Name == strings.TrimSpace(name) })
		if at >= 0 {
			roles = append(roles, Reference(known[at]))
		}
	}
	return roles
}
