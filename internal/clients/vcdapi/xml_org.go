// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
)

// xmlAPI is the XML interface to one organization.
type xmlAPI struct {
	scope
	org Reference
	doc memo[xmlOrg]
}

// xmlOrg is what the organization's document says of its people, by name and reference. It is not paged and grows with
// the organization, so it is read once a run and kept up to date by what this client does.
type xmlOrg struct {
	XMLName xml.Name       `xml:"AdminOrg"`
	Users   []xmlReference `xml:"Users>UserReference"`
	Groups  []xmlReference `xml:"Groups>GroupReference"`
	Roles   []xmlReference `xml:"RoleReferences>RoleReference"`
}

func (a *xmlAPI) forget() { a.doc.drop() }

func (a *xmlAPI) orgPath() string { return "/admin/org/" + url.PathEscape(bareID(a.org.ID)) }

func (a *xmlAPI) document(ctx context.Context) (xmlOrg, error) {
	return a.doc.get(ctx, func(ctx context.Context) (xmlOrg, error) {
		whole, err := untilComplete(func() ([]xmlOrg, bool, error) {
			doc, err := a.readDocument(ctx)
			return []xmlOrg{doc}, false, err
		})
		if err != nil {
			return xmlOrg{}, err
		}
		return whole[0], nil
	})
}

// readDocument takes no partial document for one of an empty organization: every organization has roles, and the login
// account is a user of its own.
func (a *xmlAPI) readDocument(ctx context.Context) (xmlOrg, error) {
	var doc xmlOrg
	if err := a.legacy(ctx, http.MethodGet, a.orgPath(), nil, "", nil, &doc); err != nil {
		return doc, err
	}
	if len(doc.Roles) == 0 || a.context == nil && len(doc.Users) == 0 {
		return doc, errPartial
	}
	return doc, nil
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
