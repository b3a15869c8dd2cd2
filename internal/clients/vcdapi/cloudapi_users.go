// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
)

func (c *cloudAPI) users(ctx context.Context) ([]User, error) { return c.userList.all(ctx) }

func (c *cloudAPI) user(ctx context.Context, id string) (User, error) {
	u, err := c.userList.get(ctx, urn("user", id))
	return u, withDetails(err, u)
}

func (c *cloudAPI) freshUser(ctx context.Context, id string) (User, error) {
	u, err := c.userList.fetch(ctx, urn("user", id))
	return u, withDetails(err, u)
}

func (c *cloudAPI) usersNamed(ctx context.Context, name string) ([]User, error) {
	found, err := c.userList.named(ctx, name)
	return found, withDetails(err, found...)
}

func (c *cloudAPI) lookForUsers(ctx context.Context, name string) ([]User, error) {
	found, err := c.userList.look(ctx, name)
	return found, withDetails(err, found...)
}

// withDetails is the error, or ErrHidden if the server shows less of a user than decisions about them need.
func withDetails(err error, users ...User) error {
	if err == nil && slices.ContainsFunc(users, User.HidesDetails) {
		return ErrHidden
	}
	return err
}

func (c *cloudAPI) createUser(ctx context.Context, u User) (User, error) {
	return c.writeUser(ctx, http.MethodPost, "/users", u)
}

func (c *cloudAPI) updateUser(ctx context.Context, u User) (User, error) {
	path, err := entityPath("/users", u.ID)
	if err != nil {
		return User{}, err
	}
	return c.writeUser(ctx, http.MethodPut, path, u)
}

func (c *cloudAPI) writeUser(ctx context.Context, method, path string, u User) (User, error) {
	body, err := writeCloudUser(u)
	if err != nil {
		return User{}, err
	}
	defer c.userList.drop()
	return exchange(ctx, c.scope, method, path, body, c.readUser)
}

// readUser reads a user of the version in use. Where users have quotas, one that is left out sets no limit.
func (s scope) readUser(raw json.RawMessage) (User, error) {
	u, err := readCloudUser(raw)
	if err == nil && !s.version.atLeast(37, 0) {
		u.DeployedVMQuota, u.StoredVMQuota = orUnlimited(u.DeployedVMQuota), orUnlimited(u.StoredVMQuota)
	}
	return u, err
}

func (c *cloudAPI) deleteUser(ctx context.Context, id string) error {
	defer c.userList.drop()
	return c.remove(ctx, "/users", urn("user", id))
}

func (c *cloudAPI) userGroups(ctx context.Context, id string) ([]Reference, error) {
	path, err := entityPath("/users", urn("user", id))
	if err != nil {
		return nil, err
	}
	return list(ctx, c.scope, path+"/groups", "", "", readReference, referenceID)
}

func (c *cloudAPI) userListed(ctx context.Context, id string) (bool, error) {
	return c.userList.holds(ctx, id)
}
