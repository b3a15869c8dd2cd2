package cloudshellapi

import "context"

// The built-in CloudShell groups.
const (
	// GroupEveryone holds every user.
	GroupEveryone int64 = 1
	// GroupSystemAdministrators goes with User.IsAdmin.
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

// Groups reads all CloudShell groups, once until a write to them.
func (c *Client) Groups(ctx context.Context) ([]Group, error) { panic("being built") }

// Group reads one CloudShell group; ErrNotFound when there is none.
func (c *Client) Group(ctx context.Context, id int64) (Group, error) { panic("being built") }

// GroupUsers reads the users of a CloudShell group; ErrNotFound when there is no such group.
func (c *Client) GroupUsers(ctx context.Context, groupID int64) ([]User, error) {
	panic("being built")
}

// AddUsersToGroup puts users into a CloudShell group, in one request.
func (c *Client) AddUsersToGroup(ctx context.Context, groupID int64, userIDs []int64) error {
	panic("being built")
}

// RemoveUsersFromGroup takes users out of a CloudShell group, in one request.
func (c *Client) RemoveUsersFromGroup(ctx context.Context, groupID int64, userIDs []int64) error {
	panic("being built")
}
