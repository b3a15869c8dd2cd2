package cloudshellapi

import (
	"context"
	"encoding/json"
)

// User is a CloudShell user, local or imported.
type User struct {
	ID       int64
	Sid      string
	Username string
	// Email is nil when the server says null or leaves it out.
	Email    *string
	IsActive bool
	IsAdmin  bool
	// GroupIDs are CloudShell groups, GroupEveryone among them.
	GroupIDs []int64
	// TimeZoneInfoID is a Windows time zone name, such as "Israel Standard Time".
	TimeZoneInfoID *string
	// MaxReservationDuration is in minutes. For all limits -1 asks for the server's default; nil = not set.
	MaxReservationDuration    *int64
	MaxConcurrentReservations *int64
	MaxScheduledSandboxes     *int64
	MaxOwnedBlueprints        *int64
	MaxSavedSandboxes         *int64
	DomainRoles               []DomainRole
	DomainName                *string
	// ImportedSid is the directory's objectSid in text form (Active Directory) or the uid (other directories); nil or
	// empty for a local user.
	ImportedSid *string

	// received is the whole object as the server sent it, so that UpdateUser sends back what this client does not know.
	received map[string]json.RawMessage
}

// IsImported tells whether the user comes from the directory; a user who does not is local.
func (u User) IsImported() bool { return u.ImportedSid != nil && *u.ImportedSid != "" }

// DomainRole is a user's role in one domain.
type DomainRole struct{ DomainID, Role string }

// User reads one user; ErrNotFound when there is none. Many reads share one paged list; a write drops it.
func (c *Client) User(ctx context.Context, id int64) (User, error) { panic("being built") }

// FindUser reads the user of exactly this name, case aside; ErrNotFound when there is none. It always asks the server.
func (c *Client) FindUser(ctx context.Context, username string) (User, error) { panic("being built") }

// SearchUsers reads the users whose name contains a text, case aside. It always asks the server.
func (c *Client) SearchUsers(ctx context.Context, contains string) ([]User, error) {
	panic("being built")
}

// Users reads all users. The list is shared until a write drops it.
func (c *Client) Users(ctx context.Context) ([]User, error) { panic("being built") }

// UpdateUser writes the whole user, with what the server sent and this client does not know. Start from a user that was
// read. The server answers without a body: read back to see what it made of it.
func (c *Client) UpdateUser(ctx context.Context, user User) error { panic("being built") }

// DeleteUser deletes a user; ErrNotFound when there is none. The server refuses while the user owns sandboxes.
func (c *Client) DeleteUser(ctx context.Context, id int64) error { panic("being built") }
