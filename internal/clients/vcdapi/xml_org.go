package vcdapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// xmlAPI is the XML interface to one organization.
type xmlAPI struct {
	scope
	org Reference
	doc memo[xmlOrg]
}

// xmlOrg is what the organization's document says of its people, by name and reference. It is not paged and grows with the
// organization, so it is read once a run and kept up to date by what this client does.
type xmlOrg struct {
	Users  []xmlReference `xml:"Users>UserReference"`
	Groups []xmlReference `xml:"Groups>GroupReference"`
	Roles  []xmlReference `xml:"RoleReferences>RoleReference"`
}

func (a *xmlAPI) orgPath() string { return "/admin/org/" + url.PathEscape(bareID(a.org.ID)) }

func (a *xmlAPI) document(ctx context.Context) (xmlOrg, error) {
	return a.doc.get(ctx, func(ctx context.Context) (xmlOrg, error) {
		var doc xmlOrg
		err := a.legacy(ctx, http.MethodGet, a.orgPath(), nil, "", nil, &doc)
		return doc, err
	})
}

func (a *xmlAPI) roles(ctx context.Context) ([]Role, error) {
	doc, err := a.document(ctx)
	if err != nil {
		return nil, err
	}
	roles := make([]Role, len(doc.Roles))
	for i, r := range references("role", doc.Roles) {
		roles[i] = Role(r)
	}
	return roles, nil
}

func (a *xmlAPI) roleHref(role Reference) string {
	return a.conn.base + "/api" + a.orgPath() + "/role/" + bareID(role.ID)
}

// nameRoles fills in the names of roles that the server gave by reference alone.
func (a *xmlAPI) nameRoles(ctx context.Context, roles []Reference) error {
	if !slices.ContainsFunc(roles, func(r Reference) bool { return r.Name == "" }) {
		return nil
	}
	doc, err := a.document(ctx)
	if err != nil {
		return err
	}
	copyNames(roles, references("role", doc.Roles))
	return nil
}

// copyNames fills in names that are missing, from references to the same entities.
func copyNames(to, from []Reference) {
	for i := range to {
		at := slices.IndexFunc(from, func(r Reference) bool { return r.ID == to[i].ID })
		if to[i].Name == "" && at >= 0 {
			to[i].Name = from[at].Name
		}
	}
}

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
		if len(all) >= page.Total || len(records) == 0 {
			break
		}
	}
	return all, nil
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

// stillListed proves presence or absence. That an entity is there is believed of a document read just now alone: others may have
// deleted the entity since an older one.
func (a *xmlAPI) stillListed(ctx context.Context, id string, refs func(xmlOrg) []xmlReference) (bool, error) {
	doc, err := a.document(ctx)
	if err != nil || !listed(refs(doc), id) {
		return false, err
	}
	a.doc.drop()
	doc, err = a.document(ctx)
	return listed(refs(doc), id), err
}

// listed tells whether one of the references is to that entity.
func listed(refs []xmlReference, id string) bool {
	return slices.ContainsFunc(refs, func(r xmlReference) bool { return bareID(r.Href) == bareID(id) })
}

// idsNamed picks the bare ids of the entities of that name, in any case.
func idsNamed(refs []xmlReference, name string) []string {
	var ids []string
	for _, r := range refs {
		if strings.EqualFold(r.Name, name) {
			ids = append(ids, bareID(r.Href))
		}
	}
	return ids
}

func without(refs []xmlReference, id string) []xmlReference {
	return slices.DeleteFunc(slices.Clone(refs), func(r xmlReference) bool { return bareID(r.Href) == bareID(id) })
}
