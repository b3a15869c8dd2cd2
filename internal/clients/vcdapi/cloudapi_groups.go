// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"fmt"
	"net/http"
)

func (c *cloudAPI) groups(ctx context.Context) ([]Group, error) { return c.groupList.all(ctx) }

func (c *cloudAPI) group(ctx context.Context, id string) (Group, error) {
	return c.groupList.get(ctx, urn("group", id))
}

func (c *cloudAPI) freshGroup(ctx context.Context, id string) (Group, error) {
	return c.groupList.fetch(ctx, urn("group", id))
}

func (c *cloudAPI) groupsNamed(ctx context.Context, name string) ([]Group, error) {
	return c.groupList.named(ctx, name)
}

func (c *cloudAPI) lookForGroups(ctx context.Context, name string) ([]Group, error) {
	return c.groupList.look(ctx, name)
}

func (c *cloudAPI) createGroup(ctx context.Context, g Group) (Group, error) {
	return c.writeGroup(ctx, http.MethodPost, "/groups", g)
}

func (c *cloudAPI) updateGroup(ctx context.Context, g Group) (Group, error) {
	path, err := entityPath("/groups", g.ID)
	if err != nil {
		return Group{}, err
	}
	return c.writeGroup(ctx, http.MethodPut, path, g)
}

func (c *cloudAPI) writeGroup(ctx context.Context, method, path string, g Group) (Group, error) {
	if err := c.groupsWritable(); err != nil {
		return Group{}, err
	}
	body, err := writeCloudGroup(g, c.org, c.version.automation())
	if err != nil {
		return Group{}, err
	}
	defer c.groupList.drop()
	return exchange(ctx, c.scope, method, path, body, readCloudGroup)
}

func (c *cloudAPI) deleteGroup(ctx context.Context, id string) error {
	if err := c.groupsWritable(); err != nil {
		return err
	}
	defer c.groupList.drop()
	return c.remove(ctx, "/groups", urn("group", id))
}

func (c *cloudAPI) groupUsers(ctx context.Context, id string) ([]Reference, error) {
	path, err := entityPath("/groups", urn("group", id))
	if err != nil {
		return nil, err
	}
	return list(ctx, c.scope, path+"/users", "", "", readReference, referenceID)
}

func (c *cloudAPI) groupsWritable() error {
	if c.version.atLeast(36, 0) {
		return nil
	}
	return fmt.Errorf("%w: groups are written through CloudAPI from API version 36.0 on, and %s is in use: set "+
		"interface = %q",
		ErrUnsupported, c.version.text, InterfaceXML)
}

func (c *cloudAPI) groupListed(ctx context.Context, id string) (bool, error) {
	return c.groupList.holds(ctx, id)
}
