package cloudshellapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strings"
)

// ExternalGroup is a group of the directory behind CloudShell. CloudShell addresses it by Name alone, so the same name in
// two organizational units is ambiguous.
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
	return readList(ctx, c, externalGroupsPath, "", externalGroupKey, nil)
}

// EachExternalGroup is ExternalGroups page by page: it reads no further than the caller goes on. An error ends it.
func (c *Client) EachExternalGroup(ctx context.Context) iter.Seq2[ExternalGroup, error] {
	return each(pages(ctx, c, externalGroupsPath, "", externalGroupKey), func(ExternalGroup) bool { return true })
}

func externalGroupKey(group ExternalGroup) string {
	return group.Name + "\x00" + group.DistinguishedName
}

// ExternalGroupUsers reads the users of one group of the directory; ErrNotFound when the server says by 404 that the directory
// has no such group (it may as well answer with no users). It always asks the server.
func (c *Client) ExternalGroupUsers(ctx context.Context, name string) ([]ExternalUser, error) {
	if strings.TrimSpace(name) == "" {
		return nil, fmt.Errorf("external group %q: %w", name, ErrNotFound)
	}
	key := func(user ExternalUser) string {
		return user.ID + "\x00" + user.Username + "\x00" + user.DistinguishedName
	}
	return readList(ctx, c, externalGroupsPath+"/"+url.PathEscape(name)+"/users", "", key, nil)
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
