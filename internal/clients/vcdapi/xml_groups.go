// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"net/http"
)

func (a *xmlAPI) groups(ctx context.Context) ([]Group, error) {
	records, err := a.query(ctx, xmlGroups.record, "")
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

func (a *xmlAPI) group(ctx context.Context, id string) (Group, error) {
	var x xmlGroup
	if err := a.read(ctx, xmlGroups, id, &x); err != nil {
		return Group{}, err
	}
	g, err := readXMLGroup(http.MethodGet, x)
	if err != nil {
		return g, err
	}
	return g, a.nameRoles(ctx, g.Roles)
}

// answeredGroup is the server's answer to a change, which may leave out the names of roles.
func answeredGroup(method string, sent Group, x xmlGroup) (Group, error) {
	g, err := readXMLGroup(method, x)
	copyNames(g.Roles, sent.Roles)
	return g, err
}

func (a *xmlAPI) groupListed(ctx context.Context, id string) (bool, error) {
	return a.stillListed(ctx, xmlGroups, id)
}

func (a *xmlAPI) groupsNamed(ctx context.Context, name string) ([]Group, error) {
	return namedInXML(ctx, a, xmlGroups, name, a.group)
}

func (a *xmlAPI) lookForGroups(ctx context.Context, name string) ([]Group, error) {
	return lookInXML(ctx, a, xmlGroups, name, a.group)
}

func (a *xmlAPI) freshGroup(ctx context.Context, id string) (Group, error) { return a.group(ctx, id) }

func (a *xmlAPI) createGroup(ctx context.Context, g Group) (Group, error) {
	var created xmlGroup
	err := a.create(ctx, xmlGroups, xmlFromGroup(g, a.roleHref), &created)
	if err != nil {
		return Group{}, err
	}
	a.remember(xmlGroups, xmlReference{Href: created.Href, Name: created.Name})
	return answeredGroup(http.MethodPost, g, created)
}

func (a *xmlAPI) updateGroup(ctx context.Context, g Group) (Group, error) {
	var updated xmlGroup
	element := xmlFromGroup(g, a.roleHref)
	body, err := xmlBody(element, element.sent, xmlGroupSequence, "UsersList") // which is refused
	if err != nil {
		return Group{}, err
	}
	if err := a.update(ctx, xmlGroups, g.ID, body, &updated); err != nil {
		return Group{}, err
	}
	return answeredGroup(http.MethodPut, g, updated)
}

func (a *xmlAPI) deleteGroup(ctx context.Context, id string) error {
	return a.remove(ctx, xmlGroups, id)
}

func (a *xmlAPI) groupUsers(ctx context.Context, id string) ([]Reference, error) {
	var x xmlGroup
	err := a.read(ctx, xmlGroups, id, &x)
	if err != nil || x.Users == nil {
		return nil, err
	}
	return references("user", x.Users.Users), nil
}
