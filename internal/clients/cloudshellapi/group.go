// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
)

// The built-in CloudShell groups.
const (
	// GroupEveryone holds every user.
	GroupEveryone int64 = 1
	// GroupSystemAdministrators holds the users with IsAdmin.
	GroupSystemAdministrators int64 = -1
)

// Group is a CloudShell group (not one of the directory).
type Group struct {
	ID          int64
	Name        string
	Sid         string
	Description string
	ViewOnly    bool
	// Type is, for example, "UserDefined".
	Type string
	// Role is External, Regular, DomainAdmin or SystemAdmin.
	Role string
}

// Groups reads all CloudShell groups. The list is shared until a write to groups drops it.
func (c *Client) Groups(ctx context.Context) ([]Group, error) { return c.groups.All(ctx) }

// Group reads one CloudShell group; ErrNotFound when there is none.
func (c *Client) Group(ctx context.Context, id int64) (Group, error) {
	return c.groups.Get(ctx, strconv.FormatInt(id, 10))
}

// GroupUsers reads the users of a CloudShell group; ErrNotFound when there is no such group. It always asks the server.
// A list of several pages is read twice: when another client takes someone out meanwhile, the others move up, and one
// of them may be on neither page.
func (c *Client) GroupUsers(ctx context.Context, groupID int64) ([]User, error) {
	members := list[User]{path: withID(groupsPath, groupID) + "/Users", field: "Users", key: userKey}
	users, err := c.quietList(ctx, members)
	if err != nil || len(users) < pageSize {
		return users, err
	}
	again, err := c.quietList(ctx, members)
	if err != nil {
		return nil, err
	}
	listed := make(map[int64]bool, len(again))
	for _, user := range again {
		listed[user.ID] = true
	}
	return append(again, slices.DeleteFunc(users, func(user User) bool { return listed[user.ID] })...), nil
}

// AddUsersToGroup puts users into a CloudShell group, in one request. It may be sent again when its answer is lost: who
// is in a group already stays in it. ErrNotFound when there is no such group.
func (c *Client) AddUsersToGroup(ctx context.Context, groupID int64, userIDs []int64) error {
	return c.changeMembers(ctx, http.MethodPost, groupID, userIDs)
}

// RemoveUsersFromGroup takes users out of a CloudShell group, in one request. ErrNotFound when there is no such group.
func (c *Client) RemoveUsersFromGroup(ctx context.Context, groupID int64, userIDs []int64) error {
	return c.changeMembers(ctx, http.MethodDelete, groupID, userIDs)
}

func (c *Client) changeMembers(ctx context.Context, method string, groupID int64, userIDs []int64) error {
	if len(userIDs) == 0 {
		return nil
	}
	type member struct{ Id int64 } //nolint:revive // the field's name on the wire
	body := struct{ Users []member }{}
	for _, id := range userIDs {
		body.Users = append(body.Users, member{id})
	}
	w := write{method: method, path: withID(groupsPath, groupID) + "/Users", body: body, repeatable: true}
	answer, err := c.changeUsers(ctx, w) // GroupIDs
	if errors.Is(err, ErrNotFound) {     // of the group, of one of the users, or of a proxy
		_, lookUp := c.ReadGroup(ctx, groupID)
		return confirmed(err, lookUp)
	}
	if err != nil {
		return err
	}
	return complaint(w, answer)
}

func (c *Client) newGroupReader() *sharedread.Reader[Group] {
	key := func(group Group) string { return strconv.FormatInt(group.ID, 10) }
	groups := list[Group]{
		path: groupsPath, field: "Groups", key: key, everywhere: true,
		filled: true, // Everyone is built in
	}
	return sharedread.New(sharedread.Source[Group]{
		One: func(ctx context.Context, id string) (Group, error) {
			var group Group
			err := c.get(ctx, groupsPath+"/"+id, &group)
			return group, err
		},
		Page: func(ctx context.Context, cursor string) (sharedread.Page[Group], error) {
			if cursor == "" {
				c.groupsBegun.Store(time.Now().UnixNano())
			}
			read, err := readPage(ctx, c, groups, cursor)
			return read.shared(), err
		},
		Key:      key,
		NotFound: func(id string) error { return fmt.Errorf("CloudShell group %s: %w", id, ErrNotFound) },
	})
}

// UnmarshalJSON reads a group as the server sends it.
func (g *Group) UnmarshalJSON(data []byte) error {
	var read struct {
		ID          number `json:"Id"`
		Name        text
		Sid         text
		Description text
		ViewOnly    truth
		GroupType   text `json:"groupType"`
		GroupRole   text `json:"groupRole"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if !read.ID.given {
		return errors.New("a group without Id")
	}
	*g = Group{
		ID: read.ID.value, Name: read.Name.value, Sid: read.Sid.value, Description: read.Description.value,
		ViewOnly: read.ViewOnly.value, Type: read.GroupType.value, Role: read.GroupRole.value,
	}
	return nil
}
