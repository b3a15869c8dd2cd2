// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// ExternalGroup is a group of the directory behind CloudShell. CloudShell addresses it by Name alone, so the same name
// in two organizational units is ambiguous.
type ExternalGroup struct{ Name, DistinguishedName string }

// ExternalUser is a user of the directory behind CloudShell.
type ExternalUser struct {
	// ID is the objectSid in text form (Active Directory) or the uid; it equals User.ImportedSid after the import.
	ID                string
	Username          string
	DisplayName       string
	DistinguishedName string
	Email             string
	DomainName        string
}

// ExternalGroups reads all groups of the directory. It always asks the server.
func (c *Client) ExternalGroups(ctx context.Context) ([]ExternalGroup, error) {
	return readList(ctx, c, externalGroups, nil)
}

// EachExternalGroup is ExternalGroups page by page: it reads no further than the caller goes on. An error ends it.
func (c *Client) EachExternalGroup(ctx context.Context) iter.Seq2[ExternalGroup, error] {
	return each(pages(ctx, c, externalGroups, false), func(ExternalGroup) bool { return true })
}

var externalGroups = list[ExternalGroup]{
	path: externalGroupsPath, field: "Groups", everywhere: true,
	key: func(group ExternalGroup) string { return group.Name + "\x00" + group.DistinguishedName },
}

// ErrUnreadable means that the answers of the server do not say whether the directory has the group, or who is in it.
var ErrUnreadable = errors.New("the group of the directory cannot be read")

// ExternalMembers are the people of one group of the directory.
type ExternalMembers struct {
	Users []ExternalUser
	// Nameless are entries without an account name, such as contacts. They cannot be imported.
	Nameless []ExternalUser
}

// ExternalMembers reads the people of one group of the directory. Its answer is one of these:
//   - people, or none: the group exists, and where there are none it is empty;
//   - ErrNotFound: the directory has no group of that name;
//   - any other error: unknown, ErrUnreadable among them. Nothing may be concluded from it.
//
// Servers answer an unknown group the way they answer an empty one, so an empty or a refused answer costs a second
// request: a look at the list of groups. Each call asks the server: a call that begins after another has returned is
// the second reading that it takes to say that a person has left the group.
func (c *Client) ExternalMembers(ctx context.Context, group string) (ExternalMembers, error) {
	if strings.TrimSpace(group) == "" {
		return ExternalMembers{}, fmt.Errorf("group %q of the directory: %w", group, ErrNotFound)
	}
	users, err := readList(ctx, c, list[ExternalUser]{
		path: externalGroupsPath + "/" + url.PathEscape(group) + "/users", field: "Users", key: externalUserKey,
	}, nil)
	status := transport.Status(err)
	if refused := status == http.StatusNotFound || status == http.StatusBadRequest; err != nil && !refused {
		return ExternalMembers{}, err
	}
	if len(users) == 0 {
		return ExternalMembers{}, c.explainNoMembers(ctx, group, err)
	}
	var members ExternalMembers
	for _, user := range users {
		if user.Username == "" {
			members.Nameless = append(members.Nameless, user)
			continue
		}
		members.Users = append(members.Users, user)
	}
	return members, nil
}

// ExternalGroupUsers are the Users of ExternalMembers, for callers that have no use for entries without an account
// name.
func (c *Client) ExternalGroupUsers(ctx context.Context, group string) ([]ExternalUser, error) {
	members, err := c.ExternalMembers(ctx, group)
	return members.Users, err
}

// explainNoMembers finds out what it means that the server showed no people of a group: nil = the group is empty.
// refused is the server's refusal, nil if it answered with an empty list.
func (c *Client) explainNoMembers(ctx context.Context, group string, refused error) error {
	refused = withoutMeaning(refused)
	isGroup := func(other ExternalGroup) bool { return names.Same(other.Name, group) }
	groups, err := readList(
		ctx,
		c,
		externalGroups,
		func(groups []ExternalGroup) bool { return slices.ContainsFunc(groups, isGroup) },
	)
	exists := slices.ContainsFunc(groups, isGroup)
	switch {
	case err != nil && refused != nil:
		return fmt.Errorf("%w: %w; the list of groups cannot be read either: %w", ErrUnreadable, refused, err)
	case err != nil:
		return fmt.Errorf("%w: the server shows no users, and the list of groups cannot be read: %w", ErrUnreadable, err)
	case exists && refused != nil:
		return fmt.Errorf(
			"%w: the list of groups has it, but the server refuses to list its users: %w",
			ErrUnreadable,
			refused,
		)
	case exists:
		return nil
	case refused != nil:
		return fmt.Errorf("group %q of the directory: %w: %w", group, ErrNotFound, refused)
	}
	return fmt.Errorf("group %q of the directory: %w", group, ErrNotFound)
}

func externalUserKey(user ExternalUser) string {
	return user.ID + "\x00" + user.Username + "\x00" + user.DistinguishedName
}

// UnmarshalJSON reads a group as the server sends it.
func (g *ExternalGroup) UnmarshalJSON(data []byte) error {
	var read struct{ Name, DistinguishedName text }
	err := json.Unmarshal(data, &read)
	*g = ExternalGroup{Name: read.Name.value, DistinguishedName: read.DistinguishedName.value}
	return err
}

// UnmarshalJSON reads a user as the server sends it.
func (u *ExternalUser) UnmarshalJSON(data []byte) error {
	var read struct {
		ID                text `json:"Id"`
		Username          text
		DisplayName       text
		DistinguishedName text
		Email             text
		DomainName        text
	}
	err := json.Unmarshal(data, &read)
	*u = ExternalUser{
		ID: read.ID.value, Username: read.Username.value, DisplayName: read.DisplayName.value,
		DistinguishedName: read.DistinguishedName.value, Email: read.Email.value, DomainName: read.DomainName.value,
	}
	return err
}
