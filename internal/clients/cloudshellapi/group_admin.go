// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// groupPath is how the vendor's page on deletion spells groupsPath.
const groupPath = "/api/v1/group"

// GroupFields are what can be set of a CloudShell group. Role is External, Regular or DomainAdmin.
type GroupFields struct{ Name, Description, Role string }

// IsBuiltIn reports whether the group came with CloudShell, so that it can be neither changed nor deleted.
func (g Group) IsBuiltIn() bool {
	return g.ID == GroupEveryone || g.ID == GroupSystemAdministrators || names.Same(g.Type, "BuiltIn")
}

// GroupsSince is Groups from a list that was begun at that time or later.
func (c *Client) GroupsSince(ctx context.Context, begun time.Time) ([]Group, error) {
	if time.Unix(0, c.groupsBegun.Load()).Before(begun) {
		c.groups.Drop()
	}
	return c.groups.All(ctx)
}

// ReadGroup reads one CloudShell group and always asks the server. ErrNotFound is proof that there is none: a list that
// began later lacks the id too.
func (c *Client) ReadGroup(ctx context.Context, id int64) (Group, error) {
	var group Group
	err := c.get(ctx, withID(groupsPath, id), &group)
	if !c.isDoubtful(err) && !errors.Is(err, ErrNotFound) {
		return group, err
	}
	groups, listErr := c.GroupsSince(ctx, time.Now())
	if listErr != nil {
		return Group{}, fmt.Errorf(
			"%w; the list of all groups, which would tell whether the group exists, cannot be read: %w",
			withoutMeaning(err),
			listErr,
		)
	}
	for _, group := range groups {
		if group.ID == id {
			return group, nil
		}
	}
	return Group{}, fmt.Errorf("group %d: %w: the list of all groups lacks the id, and %w", id, ErrNotFound, err)
}

// CreateGroup creates a CloudShell group. It is sent once: after transport.ErrAnswerLost, look whether the group is
// there. ErrExists if the server says so by its status; it may as well say so in words. A group with an error means
// that the server made the group and complains of something.
func (c *Client) CreateGroup(ctx context.Context, fields GroupFields) (Group, error) {
	defer c.groups.Drop()
	type group struct {
		Name        string
		Description string `json:",omitempty"`
		Role        string `json:"groupRole,omitempty"`
	}
	body := map[string][]group{"Groups": {group(fields)}}
	answer, err := c.write(ctx, write{method: http.MethodPost, path: groupsPath, body: body})
	if err != nil {
		return Group{}, err
	}
	var read struct {
		Groups many[Group]
		Errors importErrors
	}
	if err := decode(http.MethodPost, groupsPath, answer, &read); err != nil {
		return Group{}, err
	}
	err = read.Errors.asError(http.MethodPost, groupsPath, answer.Status)
	for _, made := range read.Groups {
		if names.Same(made.Name, fields.Name) {
			return made, err
		}
	}
	if err == nil {
		err = fmt.Errorf(
			"POST %s: the server answered %d without the group: %w",
			groupsPath,
			answer.Status,
			transport.ErrAnswerLost,
		)
	}
	return Group{}, err
}

// UpdateGroup sets all fields of a CloudShell group; ErrNotFound if there is none, ErrExists if another group has the
// name. The server answers without a body, so read the group again to see the result.
func (c *Client) UpdateGroup(ctx context.Context, id int64, fields GroupFields) error {
	defer c.groups.Drop()
	body := struct{ Name, Description, GroupRole string }{fields.Name, fields.Description, fields.Role}
	return c.writeAnd(ctx, write{method: http.MethodPut, path: withID(groupsPath, id), body: body})
}

// DeleteGroup deletes a CloudShell group, and returns nil only once the group is proved to be gone. The vendor
// documents the path in the singular, which may be a slip: the plural is tried first.
func (c *Client) DeleteGroup(ctx context.Context, id int64) error {
	defer c.groups.Drop()
	defer c.users.Drop() // GroupIDs
	path := groupsPath
	if c.deletesBySingular.Load() {
		path = groupPath
	}
	err := c.deleteAndLook(ctx, withID(path, id), id)
	if path == groupsPath && isWrongPath(err) {
		if err = c.deleteAndLook(ctx, withID(groupPath, id), id); err == nil {
			c.deletesBySingular.Store(true)
		}
	}
	return err
}

// deleteAndLook sends the deletion and looks whether the group is gone, under a limit of its own: a request that was
// sent needs its outcome. Its error is the server's to the deletion.
func (c *Client) deleteAndLook(ctx context.Context, path string, id int64) error {
	err := c.writeAnd(ctx, write{method: http.MethodDelete, path: path})
	ctx, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	_, readErr := c.ReadGroup(ctx, id)
	switch {
	case errors.Is(readErr, ErrNotFound):
		return nil
	case err != nil && readErr != nil:
		return fmt.Errorf("%w; what came of it cannot be read: %w", err, readErr)
	case err != nil:
		return err
	case readErr != nil:
		return readErr
	}
	return &transport.Error{
		Method: http.MethodDelete, Path: path, Status: http.StatusOK, Words: "the group is still there",
		Header: http.Header{},
	}
}

// isWrongPath reports whether the answer may mean that the server does not have the path.
func isWrongPath(err error) bool {
	status := transport.Status(err)
	return status == http.StatusNotFound || status == http.StatusMethodNotAllowed
}

// writeAnd is write for a request whose answer holds Errors or nothing; an entry in Errors is an error.
func (c *Client) writeAnd(ctx context.Context, w write) error {
	answer, err := c.write(ctx, w)
	if err != nil {
		return err
	}
	return complaint(w, answer)
}

// complaint is the error that the entries in Errors of an answer make, whatever its status; nil without any.
func complaint(w write, answer *transport.Response) error {
	if len(bytes.TrimSpace(answer.Body)) == 0 {
		return nil
	}
	var read struct{ Errors importErrors }
	if err := decode(w.method, w.path, answer, &read); err != nil {
		return err
	}
	return read.Errors.asError(w.method, w.path, answer.Status)
}
