package vcdapi

import (
	"context"
	"net/http"
)

func (a *xmlAPI) groups(ctx context.Context) ([]Group, error) {
	records, err := a.query(ctx, "group")
	if err != nil {
		return nil, err
	}
	roles, err := a.roles(ctx)
	if err != nil {
		return nil, err
	}
	groups := make([]Group, len(records))
	for i, r := range records {
		groups[i] = Group{
			ID: urn("group", r.Href), Name: r.Name, ProviderType: groupProviderFromXML(r.ProviderType),
			Roles: r.roles(roles),
		}
	}
	return groups, nil
}

func (a *xmlAPI) fetchGroup(ctx context.Context, id string) (xmlGroup, error) {
	var x xmlGroup
	path, err := entityPath("/admin/group", bareID(id))
	if err != nil {
		return x, err
	}
	err = a.legacy(ctx, http.MethodGet, path, nil, "", nil, &x)
	return x, err
}

func (a *xmlAPI) group(ctx context.Context, id string) (Group, error) {
	x, err := a.fetchGroup(ctx, id)
	if err != nil {
		return Group{}, err
	}
	g := x.group()
	err = a.nameRoles(ctx, g.Roles)
	return g, err
}

// answeredGroup is the server's answer to a change, which may leave out the names of roles.
func answeredGroup(sent Group, x xmlGroup) Group {
	g := x.group()
	copyNames(g.Roles, sent.Roles)
	return g
}

func (a *xmlAPI) groupListed(ctx context.Context, id string) (bool, error) {
	return a.stillListed(ctx, id, func(doc xmlOrg) []xmlReference { return doc.Groups })
}

func (a *xmlAPI) groupsNamed(ctx context.Context, name string) ([]Group, error) {
	doc, err := a.document(ctx)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for _, id := range idsNamed(doc.Groups, name) {
		g, err := a.group(ctx, id)
		if maybeMissing(err) {
			continue // deleted since the document was read
		}
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return groups, nil
}

func (a *xmlAPI) createGroup(ctx context.Context, g Group) (Group, error) {
	var created xmlGroup
	err := a.legacy(ctx, http.MethodPost, a.orgPath()+"/groups", nil, xmlGroupType, xmlFromGroup(g, a.roleHref), &created)
	if err != nil {
		a.doc.drop()
		return Group{}, err
	}
	a.doc.change(func(doc xmlOrg) xmlOrg {
		doc.Groups = append(without(doc.Groups, created.Href), xmlReference{Href: created.Href, Name: created.Name})
		return doc
	})
	return answeredGroup(g, created), nil
}

func (a *xmlAPI) updateGroup(ctx context.Context, g Group) (Group, error) {
	path, err := entityPath("/admin/group", bareID(g.ID))
	if err != nil {
		return Group{}, err
	}
	var updated xmlGroup
	if err := a.legacy(ctx, http.MethodPut, path, nil, xmlGroupType, xmlFromGroup(g, a.roleHref), &updated); err != nil {
		return Group{}, err
	}
	return answeredGroup(g, updated), nil
}

func (a *xmlAPI) deleteGroup(ctx context.Context, id string) error {
	path, err := entityPath("/admin/group", bareID(id))
	if err != nil {
		return err
	}
	if err := a.legacy(ctx, http.MethodDelete, path, nil, "", nil, nil); err != nil {
		a.doc.drop()
		return err
	}
	a.doc.change(func(doc xmlOrg) xmlOrg {
		doc.Groups = without(doc.Groups, id)
		return doc
	})
	return nil
}

func (a *xmlAPI) groupUsers(ctx context.Context, id string) ([]Reference, error) {
	x, err := a.fetchGroup(ctx, id)
	if err != nil || x.Users == nil {
		return nil, err
	}
	return references("user", x.Users.Users), nil
}
