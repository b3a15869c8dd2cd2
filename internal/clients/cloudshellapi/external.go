package cloudshellapi

import "context"

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

// ExternalGroups reads all groups of the directory.
func (c *Client) ExternalGroups(ctx context.Context) ([]ExternalGroup, error) { panic("being built") }

// ExternalGroupUsers reads the users of one group of the directory; ErrNotFound when the directory has no such group.
func (c *Client) ExternalGroupUsers(ctx context.Context, name string) ([]ExternalUser, error) {
	panic("being built")
}
