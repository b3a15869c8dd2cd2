package vcdapi

import (
	"context"
	"net/http"
)

func (a *xmlAPI) users(ctx context.Context) ([]User, error) {
	records, err := a.query(ctx, "user")
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
	path, err := entityPath("/admin/user", bareID(id))
	if err != nil {
		return User{}, err
	}
	var x xmlUser
	if err := a.legacy(ctx, http.MethodGet, path, nil, "", nil, &x); err != nil {
		return User{}, err
	}
	u := x.user()
	err = a.nameRoles(ctx, u.Roles)
	return u, err
}

// answered is the server's answer to a change. It may leave out the names of roles, and that the user is external.
func answered(sent User, x xmlUser) User {
	external := sent.Imported()
	if x.IsExternal == nil {
		x.IsExternal = &external
	}
	u := x.user()
	copyNames(u.Roles, sent.Roles)
	return u
}

func (a *xmlAPI) userListed(ctx context.Context, id string) (bool, error) {
	return a.stillListed(ctx, id, func(doc xmlOrg) []xmlReference { return doc.Users })
}

func (a *xmlAPI) usersNamed(ctx context.Context, name string) ([]User, error) {
	doc, err := a.document(ctx)
	if err != nil {
		return nil, err
	}
	var users []User
	for _, id := range idsNamed(doc.Users, name) {
		u, err := a.user(ctx, id)
		if maybeMissing(err) {
			continue // deleted since the document was read
		}
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

func (a *xmlAPI) createUser(ctx context.Context, u User) (User, error) {
	var created xmlUser
	err := a.legacy(ctx, http.MethodPost, a.orgPath()+"/users", nil, xmlUserType, xmlFromUser(u, a.roleHref), &created)
	if err != nil {
		a.doc.drop() // what it says may be what led here
		return User{}, err
	}
	a.doc.change(func(doc xmlOrg) xmlOrg {
		doc.Users = append(without(doc.Users, created.Href), xmlReference{Href: created.Href, Name: created.Name})
		return doc
	})
	return answered(u, created), nil
}

func (a *xmlAPI) updateUser(ctx context.Context, u User) (User, error) {
	path, err := entityPath("/admin/user", bareID(u.ID))
	if err != nil {
		return User{}, err
	}
	var updated xmlUser
	if err := a.legacy(ctx, http.MethodPut, path, nil, xmlUserType, xmlFromUser(u, a.roleHref), &updated); err != nil {
		return User{}, err
	}
	return answered(u, updated), nil
}

func (a *xmlAPI) deleteUser(ctx context.Context, id string) error {
	path, err := entityPath("/admin/user", bareID(id))
	if err != nil {
		return err
	}
	if err := a.legacy(ctx, http.MethodDelete, path, nil, "", nil, nil); err != nil {
		a.doc.drop()
		return err
	}
	a.doc.change(func(doc xmlOrg) xmlOrg {
		doc.Users = without(doc.Users, id)
		return doc
	})
	return nil
}

func (a *xmlAPI) userGroups(ctx context.Context, id string) ([]Reference, error) {
	u, err := a.user(ctx, id)
	return u.Groups, err
}
