// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Groups lists every imported group of the organization. Through the XML interface a listed group has no source name.
func (t *Tenant) Groups(ctx context.Context) ([]Group, error) { return t.backend.groups(ctx) }

// Group reads a group by URN. ErrNotFound has been proved by a list.
func (t *Tenant) Group(ctx context.Context, id string) (Group, error) {
	g, err := t.backend.group(ctx, id)
	return g, t.groupError(ctx, err, id)
}

// FreshGroup reads a group past everything that was read before, as FreshUser does.
func (t *Tenant) FreshGroup(ctx context.Context, id string) (Group, error) {
	g, err := t.backend.freshGroup(ctx, id)
	return g, t.groupError(ctx, err, id)
}

// FindGroup finds a group by name, as FindUser does.
func (t *Tenant) FindGroup(ctx context.Context, name, providerType string) (Group, error) {
	found, err := t.backend.groupsNamed(ctx, name)
	if err != nil {
		return Group{}, err
	}
	return choose(t.version, found, name, providerType, identifyGroup)
}

// LookForGroup is FindGroup with an answer of this moment, as LookForUser is FindUser.
func (t *Tenant) LookForGroup(ctx context.Context, name, providerType string) (Group, error) {
	found, err := t.backend.lookForGroups(ctx, name)
	if err != nil {
		return Group{}, err
	}
	return choose(t.version, found, name, providerType, identifyGroup)
}

// CreateGroup imports a group: Name, ProviderType, Roles and Description are sent. Errors as CreateUser's.
func (t *Tenant) CreateGroup(ctx context.Context, g Group) (Group, error) {
	if err := t.writable(); err != nil {
		return Group{}, err
	}
	created, err := t.backend.createGroup(ctx, g)
	return created, taken(ctx, t.importError(ctx, g.ProviderType, err), func(ctx context.Context) error {
		_, err := t.LookForGroup(ctx, g.Name, g.ProviderType)
		return err
	})
}

// UpdateGroup sends the whole group, which must come from Group, FindGroup or CreateGroup.
func (t *Tenant) UpdateGroup(ctx context.Context, g Group) (Group, error) {
	if err := t.writable(); err != nil {
		return Group{}, err
	}
	updated, err := t.backend.updateGroup(ctx, g)
	return updated, t.groupError(ctx, err, g.ID)
}

// DeleteGroup deletes a group; its users stay. ErrNotFound.
func (t *Tenant) DeleteGroup(ctx context.Context, id string) error {
	if err := t.writable(); err != nil {
		return err
	}
	return t.groupError(ctx, t.backend.deleteGroup(ctx, id), id)
}

// GroupUsers lists the users known to be in a group: those imported after it, or who have logged in since.
func (t *Tenant) GroupUsers(ctx context.Context, id string) ([]Reference, error) {
	users, err := t.backend.groupUsers(ctx, id)
	return users, t.groupError(ctx, err, id)
}

// LoginDependsOn reports whether the login account has roles because it is in the group.
func (t *Tenant) LoginDependsOn(ctx context.Context, groupID string) (bool, error) {
	account, err := t.loginUser(ctx)
	groups := account.Groups
	if err == nil && groups == nil && account.HasRolesOfGroups() {
		groups, err = t.UserGroups(ctx, account.ID)
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("whether the login account has roles from the group cannot be told: %w", err)
	default:
		isIn := slices.ContainsFunc(groups, func(g Reference) bool { return bareID(g.ID) == bareID(groupID) })
		return isIn && account.HasRolesOfGroups(), nil
	}
}

// loginUser reads the login account. ErrNotFound if it is in another organization, as a provider administrator is, and
// if the session does not say whose it is.
func (t *Tenant) loginUser(ctx context.Context) (User, error) {
	switch {
	case t.context != nil:
		return User{}, ErrNotFound
	case t.login.ID != "":
		return t.FreshUser(ctx, t.login.ID)
	case t.conn.config.Username != "":
		return t.LookForUser(ctx, t.conn.config.Username, "")
	default:
		return User{}, ErrNotFound
	}
}

func (t *Tenant) groupError(ctx context.Context, err error, id string) error {
	return proved(ctx, err, "group", id, t.backend.groupListed)
}
