// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"net/http"
)

func (a *xmlAPI) users(ctx context.Context) ([]User, error) {
	records, err := a.query(ctx, xmlUsers.record, "")
	if err != nil {
		return nil, err
	}
	roles, err := a.roles(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]User, len(records))
	for i, r := range records {
		external := r.LDAP || r.External
		users[i] = User{
			ID: urn("user", r.Href), Username: r.Name, FullName: r.FullName, Enabled: r.Enabled, Locked: r.Locked,
			ProviderType: providerFromXML(r.ProviderType, &external, ""), Roles: r.roles(roles),
		}
	}
	return users, nil
}

func (a *xmlAPI) user(ctx context.Context, id string) (User, error) {
	var x xmlUser
	if err := a.read(ctx, xmlUsers, id, &x); err != nil {
		return User{}, err
	}
	u, err := readXMLUser(http.MethodGet, x)
	if err != nil {
		return u, err
	}
	return u, a.nameRoles(ctx, u.Roles)
}

// answered is the server's answer to a change. It may leave out the names of roles, and that the user is external.
func answered(method string, sent User, x xmlUser) (User, error) {
	external := sent.Imported()
	if x.IsExternal == nil {
		x.IsExternal = &external
	}
	u, err := readXMLUser(method, x)
	copyNames(u.Roles, sent.Roles)
	return u, err
}

func (a *xmlAPI) userListed(ctx context.Context, id string) (bool, error) {
	return a.stillListed(ctx, xmlUsers, id)
}

func (a *xmlAPI) usersNamed(ctx context.Context, name string) ([]User, error) {
	return namedInXML(ctx, a, xmlUsers, name, a.user)
}

func (a *xmlAPI) lookForUsers(ctx context.Context, name string) ([]User, error) {
	return lookInXML(ctx, a, xmlUsers, name, a.user)
}

func (a *xmlAPI) freshUser(ctx context.Context, id string) (User, error) { return a.user(ctx, id) }

func (a *xmlAPI) createUser(ctx context.Context, u User) (User, error) {
	var created xmlUser
	err := a.create(ctx, xmlUsers, xmlFromUser(u, a.roleHref), &created)
	if err != nil {
		return User{}, err
	}
	a.remember(xmlUsers, xmlReference{Href: created.Href, Name: created.Name})
	return answered(http.MethodPost, u, created)
}

func (a *xmlAPI) updateUser(ctx context.Context, u User) (User, error) {
	var updated xmlUser
	element := xmlFromUser(u, a.roleHref)
	body, err := xmlBody(element, element.sent, xmlUserSequence, "")
	if err != nil {
		return User{}, err
	}
	if err := a.update(ctx, xmlUsers, u.ID, body, &updated); err != nil {
		return User{}, err
	}
	return answered(http.MethodPut, u, updated)
}

func (a *xmlAPI) deleteUser(ctx context.Context, id string) error { return a.remove(ctx, xmlUsers, id) }

func (a *xmlAPI) userGroups(ctx context.Context, id string) ([]Reference, error) {
	u, err := a.user(ctx, id)
	return u.Groups, err
}
