// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Users lists every user of the organization. Through the XML interface a listed user has neither e-mail nor source
// name.
func (t *Tenant) Users(ctx context.Context) ([]User, error) { return t.backend.users(ctx) }

// User reads a user by URN, sharing one paged list among many reads. ErrNotFound has been proved by a list.
func (t *Tenant) User(ctx context.Context, id string) (User, error) {
	u, err := t.backend.user(ctx, id)
	return u, t.userError(ctx, err, id)
}

// FreshUser reads a user by URN with a request of its own, past everything that was read before: to be used before a
// step that does harm. ErrNotFound has been proved by a list.
func (t *Tenant) FreshUser(ctx context.Context, id string) (User, error) {
	u, err := t.backend.freshUser(ctx, id)
	return u, t.userError(ctx, err, id)
}

// FindUser finds a user by name as the server compares names: one of the given provider type first ("" = any), else one
// of another type, so look at ProviderType. Many lookups share one list. ErrNotFound when the name is free; it is a
// [*SpellingError] where a user differs in spelling alone and the server takes that for another name.
func (t *Tenant) FindUser(ctx context.Context, name, providerType string) (User, error) {
	found, err := t.backend.usersNamed(ctx, name)
	if err != nil {
		return User{}, err
	}
	return choose(t.version, found, name, providerType, identifyUser)
}

// LookForUser is FindUser with an answer of this moment, in one request where a filter can hold the name (letters,
// digits and . _ @ -): before an import, and after one whose answer was lost. A SpellingError comes only where the
// whole list has to be read.
func (t *Tenant) LookForUser(ctx context.Context, name, providerType string) (User, error) {
	found, err := t.backend.lookForUsers(ctx, name)
	if err != nil {
		return User{}, err
	}
	return choose(t.version, found, name, providerType, identifyUser)
}

// CreateUser imports a user: Username, ProviderType, Roles and Enabled are sent, and Description, InheritGroupRoles and
// quotas where set. ErrExists, be it by the server's words or by a lookup; ErrNoLDAP, ErrAPITokenReadOnly;
// transport.ErrAnswerLost when the user may or may not have come in.
func (t *Tenant) CreateUser(ctx context.Context, u User) (User, error) {
	if err := t.writable(); err != nil {
		return User{}, err
	}
	created, err := t.backend.createUser(ctx, u)
	return created, taken(ctx, t.importError(ctx, u.ProviderType, err), func(ctx context.Context) error {
		_, err := t.LookForUser(ctx, u.Username, u.ProviderType)
		return err
	})
}

// UpdateUser sends the whole user, who must come from User, FindUser or CreateUser so that nothing is lost. ErrLocked.
func (t *Tenant) UpdateUser(ctx context.Context, u User) (User, error) {
	if err := t.writable(); err != nil {
		return User{}, err
	}
	updated, err := t.backend.updateUser(ctx, u)
	return updated, refusedLock(t.userError(ctx, err, u.ID), u)
}

// DeleteUser deletes a user and waits until they are gone. It does not take ownership: without that, VMs are lost.
// ErrNotFound.
func (t *Tenant) DeleteUser(ctx context.Context, id string) error {
	if err := t.writable(); err != nil {
		return err
	}
	return t.userError(ctx, t.backend.deleteUser(ctx, id), id)
}

// TakeOwnership moves whatever the user owns to the login account. ErrNotFound.
func (t *Tenant) TakeOwnership(ctx context.Context, id string) error {
	if err := t.writable(); err != nil {
		return err
	}
	path, err := entityPath("/api/admin/user", bareID(id))
	if err != nil {
		return err
	}
	c := call{method: http.MethodPost, path: path + "/action/takeOwnership", accept: "application/*+xml", retrySafe: true}
	if t.version.atLeast(37, 1) {
		c.path, c.accept = "/cloudapi/1.0.0/users/"+url.PathEscape(urn("user", id))+"/takeOwnership", "application/json"
	}
	answer, err := t.send(ctx, c)
	if err == nil && answer.Status != http.StatusNoContent {
		// Virtual machines hang on it, so nothing but the documented success counts.
		return fmt.Errorf("the server answered %d %s to the request to take ownership, where only %d means success",
			answer.Status, http.StatusText(answer.Status), http.StatusNoContent)
	}
	return t.userError(ctx, err, id)
}

// UserGroups lists the groups that a user is in: a request of its own, while the XML interface's users carry them.
func (t *Tenant) UserGroups(ctx context.Context, id string) ([]Reference, error) {
	groups, err := t.backend.userGroups(ctx, id)
	return groups, t.userError(ctx, err, id)
}

func (t *Tenant) userError(ctx context.Context, err error, id string) error {
	return proved(ctx, err, "user", id, t.backend.userListed)
}
