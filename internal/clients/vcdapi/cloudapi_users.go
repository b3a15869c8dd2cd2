package vcdapi

import (
	"context"
	"net/http"
	"slices"
)

func (c *cloudAPI) users(ctx context.Context) ([]User, error) { return c.sharedUsers.All(ctx) }

func (c *cloudAPI) user(ctx context.Context, id string) (User, error) {
	return readShared(ctx, c.sharedUsers, id, c.fetchUser)
}

func (c *cloudAPI) fetchUser(ctx context.Context, id string) (User, error) {
	return fetch(ctx, c.scope, "/users", urn("user", id), readCloudUser)
}

func (c *cloudAPI) usersNamed(ctx context.Context, name string) ([]User, error) {
	return named(ctx, c.scope, "/users", "username", name, c.sharedUsers, readCloudUser, func(u User) string { return u.Username })
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
	defer c.sharedUsers.Drop()
	return exchange(ctx, c.scope, method, path, body, readCloudUser)
}

func (c *cloudAPI) deleteUser(ctx context.Context, id string) error {
	defer c.sharedUsers.Drop()
	return c.remove(ctx, "/users", urn("user", id))
}

func (c *cloudAPI) userGroups(ctx context.Context, id string) ([]Reference, error) {
	path, err := entityPath("/users", urn("user", id))
	if err != nil {
		return nil, err
	}
	return list(ctx, c.scope, path+"/groups", "", "", readReference)
}

func (c *cloudAPI) userListed(ctx context.Context, id string) (bool, error) {
	all, err := c.sharedUsers.All(ctx)
	return slices.ContainsFunc(all, func(u User) bool { return bareID(u.ID) == bareID(id) }), err
}
