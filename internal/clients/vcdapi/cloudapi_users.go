// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"net/http"
)

func (c *cloudAPI) users(ctx context.Context) ([]User, error) { return c.userList.all(ctx) }

func (c *cloudAPI) user(ctx context.Context, id string) (User, error) {
	return c.userList.get(ctx, urn("user", id))
}

func (c *cloudAPI) freshUser(ctx context.Context, id string) (User, error) {
	return c.userList.fetch(ctx, urn("user", id))
}

func (c *cloudAPI) usersNamed(ctx context.Context, name string) ([]User, error) {
	return c.userList.named(ctx, name)
}

func (c *cloudAPI) lookForUsers(ctx context.Context, name string) ([]User, error) {
	return c.userList.look(ctx, name)
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
	return exchange(ctx, c.scope, method, path, body, readCloudUser)
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
