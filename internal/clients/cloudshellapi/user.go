package cloudshellapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
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
	received json.RawMessage
}

// IsImported tells whether the user comes from the directory; a user who does not is local.
func (u User) IsImported() bool { return u.ImportedSid != nil && *u.ImportedSid != "" }

// DomainRole is a user's role in one domain.
type DomainRole struct{ DomainID, Role string }

// User reads one user; ErrNotFound when there is none. Many reads share one paged list; a write drops it. That the list lacks
// somebody is confirmed by asking for him: when others delete users while the pages are read, the rest moves up, and who
// moves from one page to the one before is on neither.
func (c *Client) User(ctx context.Context, id int64) (User, error) {
	key := strconv.FormatInt(id, 10)
	user, err := c.users.Get(ctx, key)
	if errors.Is(err, errNotListed) {
		return c.readUser(ctx, key)
	}
	return user.clone(), err
}

// Users reads all users. The list is shared until a write drops it.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	shared, err := c.users.All(ctx)
	users := make([]User, 0, len(shared))
	for _, user := range shared {
		users = append(users, user.clone())
	}
	return users, err
}

// FindUser reads the user of exactly this name, case aside; ErrNotFound when there is none. It always asks the server, whose
// filter finds more than asked for: every name that contains the text.
func (c *Client) FindUser(ctx context.Context, username string) (User, error) {
	absent := fmt.Errorf("user %q: %w", username, ErrNotFound)
	if username == "" {
		return User{}, absent
	}
	isHim := func(user User) bool { return strings.EqualFold(user.Username, username) }
	users, err := readList(ctx, c, usersPath, username, userKey, func(users []User) bool { return slices.ContainsFunc(users, isHim) })
	if err != nil {
		return User{}, err
	}
	if at := slices.IndexFunc(users, isHim); at >= 0 {
		return users[at], nil
	}
	return User{}, absent
}

// SearchUsers reads the users whose name contains a text, case aside; all for "". It always asks the server.
func (c *Client) SearchUsers(ctx context.Context, contains string) ([]User, error) {
	var found []User
	for user, err := range c.EachUser(ctx, contains) {
		if err != nil {
			return nil, err
		}
		found = append(found, user)
	}
	return found, nil
}

// EachUser is SearchUsers page by page: it reads no further than the caller goes on. An error ends it.
func (c *Client) EachUser(ctx context.Context, contains string) iter.Seq2[User, error] {
	lower := strings.ToLower(contains)
	return each(pages(ctx, c, usersPath, contains, userKey), func(user User) bool {
		return strings.Contains(strings.ToLower(user.Username), lower)
	})
}

// UpdateUser writes the whole user, with what the server sent and this client does not know. Start from a user that was
// read: only the fields that differ from what was received are put in place of it, since it is documented nowhere whether
// the server replaces or merges. It answers without a body: read back to see what it made of it.
func (c *Client) UpdateUser(ctx context.Context, user User) error {
	defer c.users.Drop()
	body, err := user.encode()
	if err != nil {
		return err
	}
	_, err = c.write(ctx, write{method: http.MethodPut, path: withID(usersPath, user.ID), body: body})
	return err
}

// DeleteUser deletes a user; ErrNotFound when there is none. The server refuses while the user owns sandboxes.
func (c *Client) DeleteUser(ctx context.Context, id int64) error {
	defer c.users.Drop()
	_, err := c.write(ctx, write{method: http.MethodDelete, path: withID(usersPath, id)})
	return err
}

func (c *Client) newUserReader() *sharedread.Reader[User] {
	return sharedread.New(sharedread.Source[User]{
		One: c.readUser,
		Page: func(ctx context.Context, cursor string) (sharedread.Page[User], error) {
			users, next, err := readPage[User](ctx, c, usersPath, "", cursor)
			return sharedread.Page[User]{Items: users, Next: next}, err
		},
		Key:      userKey,
		NotFound: func(string) error { return errNotListed },
	})
}

var errNotListed = errors.New("the list of all users lacks this one")

func (c *Client) readUser(ctx context.Context, id string) (User, error) {
	var user User
	err := c.get(ctx, usersPath+"/"+id, nil, &user)
	return user, err
}

func userKey(user User) string { return strconv.FormatInt(user.ID, 10) }
