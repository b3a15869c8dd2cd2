// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/json"
	"net/http"
)

// cloudAPI is the JSON interface to one organization.
type cloudAPI struct {
	scope
	org       Reference
	userList  *collection[User]
	groupList *collection[Group]
}

func newCloudAPI(s scope, org Reference) *cloudAPI {
	return &cloudAPI{
		scope: s, org: org,
		userList:  newCollection(s, "/users", "username", s.readUser, identifyUser),
		groupList: newCollection(s, "/groups", "name", readCloudGroup, identifyGroup),
	}
}

func (c *cloudAPI) forget() {
	c.userList.drop()
	c.groupList.drop()
}

// exchange sends a body, if any, and reads the entity that comes back.
func exchange[T any](ctx context.Context, s scope, method, path string, body any,
	read func(json.RawMessage) (T, error)) (T, error) {
	var none T
	var raw json.RawMessage
	if _, err := s.cloud(ctx, method, path, nil, body, &raw); err != nil {
		return none, err
	}
	entity, err := read(raw)
	if err != nil {
		return none, unreadable(method, err)
	}
	return entity, nil
}

// remove deletes an entity, and waits for the end of the task where the server makes it one.
func (s scope) remove(ctx context.Context, collection, id string) error {
	path, err := entityPath(collection, id)
	if err != nil {
		return err
	}
	answer, err := s.cloud(ctx, http.MethodDelete, path, nil, nil, nil)
	if err != nil {
		return err
	}
	return s.awaitEnd(ctx, answer)
}

// roles lists the organization's roles.
func (s scope) roles(ctx context.Context) ([]Role, error) {
	return list(ctx, s, "/roles", "", "name", func(raw json.RawMessage) (Role, error) {
		r, err := readReference(raw)
		return Role(r), err
	}, func(r Role) string { return r.ID })
}
