// SPDX-License-Identifier: MPL-2.0

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

	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
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

// IsImported reports whether the user comes from the directory. Any other user is local.
func (u User) IsImported() bool { return u.ImportedSid != nil && *u.ImportedSid != "" }

// DomainRole is a user's role in one domain.
type DomainRole struct{ DomainID, Role string }

// User reads one user. ErrNotFound is proof that there is none: the server says so when it is asked for the id, and
// where its answer leaves a doubt, the list of all users lacks the id too. Many reads share one paged list; a write
// drops it.
func (c *Client) User(ctx context.Context, id int64) (User, error) {
	user, err := c.users.Get(ctx, strconv.FormatInt(id, 10))
	if c.isDoubtful(err) || c.isUnwitnessed(ctx, err) {
		return c.findInList(ctx, id, err)
	}
	return user.clone(), err
}

// NamedUser is FindUser for many names at the cost of few requests, as a plan needs it: it shares one paged list with
// User and Users. listed reports that an ErrNotFound comes from the list alone. That is good enough for a plan, but it
// is no proof, since other clients may have shifted the pages. Call FindUser or StillNamed before doing anything that
// relies on it.
func (c *Client) NamedUser(ctx context.Context, username string) (user User, listed bool, err error) {
	user, err = c.users.Look(
		ctx,
		nameKey(username),
		func(ctx context.Context) (User, error) { return c.FindUser(ctx, username) },
	)
	if errors.Is(err, errNotListed) {
		return User{}, true, fmt.Errorf("user %q: %w", username, err)
	}
	return user.clone(), false, err
}

// ReadUser is User, asked of the server at once, whatever was read before; ErrNotFound is proof that there is none.
func (c *Client) ReadUser(ctx context.Context, id int64) (User, error) {
	user, err := c.readUser(ctx, strconv.FormatInt(id, 10))
	if c.isDoubtful(err) || c.isUnwitnessed(ctx, err) {
		return c.findInList(ctx, id, err)
	}
	return user, err
}

// Users reads all users, as they were at a moment when no write of this client was under way. The list is shared until
// a write drops it.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	shared, err := c.users.All(ctx)
	users := make([]User, 0, len(shared))
	for _, user := range shared {
		users = append(users, user.clone())
	}
	return users, err
}

// FindUser reads the user of this name, compared by names.Same; ErrNotFound is proof that there is none. It always asks
// the server, whose filter finds more than asked for: every name that contains the text. Where that takes several
// pages, an absence takes two searches, since the users move between the pages when others are deleted.
func (c *Client) FindUser(ctx context.Context, username string) (User, error) {
	absent := fmt.Errorf("user %q: %w", username, ErrNotFound)
	if username == "" {
		return User{}, absent
	}
	isNamed := func(user User) bool { return names.Same(user.Username, username) }
	for _, filter := range encodings(username) {
		for range 2 {
			pages := 0
			users, err := readList(ctx, c, usersNamed(filter), func(users []User) bool {
				pages++
				return slices.ContainsFunc(users, isNamed)
			})
			if err != nil {
				return User{}, err
			}
			if at := slices.IndexFunc(users, isNamed); at >= 0 {
				return users[at], nil
			}
			if pages < 2 {
				break
			}
		}
	}
	return User{}, absent
}

// encodings are the forms of a name to search for: Terraform sends composed characters, and the server may hold others.
func encodings(name string) []string {
	forms := []string{name}
	for _, form := range []string{norm.NFC.String(name), norm.NFD.String(name)} {
		if !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// SearchUsers reads the users whose name contains a text, see names.Contains; all for "". It always asks the server.
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
	return func(yield func(User, error) bool) {
		met := map[int64]bool{}
		matches := func(user User) bool {
			isNew := !met[user.ID] && names.Contains(user.Username, contains)
			met[user.ID] = true
			return isNew
		}
		for _, form := range encodings(contains) {
			for user, err := range each(pages(ctx, c, usersNamed(form), false), matches) {
				if !yield(user, err) || err != nil {
					return
				}
			}
		}
	}
}

// usersNamed is the list of users that the server finds by a text; all for "", of which there is always one: the
// account that the provider logs in with.
func usersNamed(filter string) list[User] {
	return list[User]{
		path: usersPath, field: "Users", filter: filter, key: userKey, filled: filter == "", everywhere: true,
	}
}

// UpdateUser writes the whole user, including what the server sent and this client does not know. Pass a user that was
// read: only the fields that differ from what was received are replaced, since it is documented nowhere whether the
// server replaces or merges. The server answers without a body, so read the user again to see the result.
func (c *Client) UpdateUser(ctx context.Context, user User) error {
	body, err := user.encode()
	if err != nil {
		return err
	}
	_, err = c.changeUsers(ctx, write{method: http.MethodPut, path: withID(usersPath, user.ID), body: body})
	if errors.Is(err, ErrNotFound) {
		_, lookUp := c.ReadUser(ctx, user.ID)
		return confirmed(err, lookUp)
	}
	return err
}

// DeleteUser deletes a user; ErrNotFound is proof that there is none. The server refuses while the user owns sandboxes.
func (c *Client) DeleteUser(ctx context.Context, id int64) error {
	_, err := c.changeUsers(ctx, write{method: http.MethodDelete, path: withID(usersPath, id)})
	if !c.isDoubtful(err) && !c.isUnwitnessed(ctx, err) {
		return err
	}
	if _, lookUp := c.User(ctx, id); errors.Is(lookUp, ErrNotFound) {
		return lookUp
	}
	return withoutMeaning(err)
}

// changeUsers sends a write that may remove users from a list, while no list is read.
func (c *Client) changeUsers(ctx context.Context, w write) (answer *transport.Response, err error) {
	err = c.users.Write(ctx, func() error {
		answer, err = c.write(ctx, w)
		return err
	})
	return answer, err
}

func (c *Client) newUserReader() *sharedread.Reader[User] {
	return sharedread.New(sharedread.Source[User]{
		One: c.readUser,
		Page: func(ctx context.Context, cursor string) (sharedread.Page[User], error) {
			read, err := readPage(ctx, c, usersNamed(""), cursor)
			return read.shared(), err
		},
		Pages: func(ctx context.Context) iter.Seq2[sharedread.Page[User], error] {
			return func(yield func(sharedread.Page[User], error) bool) {
				for read, err := range pagesInTurn(ctx, c, usersNamed(""), true) {
					if !yield(read.shared(), err) {
						return
					}
				}
			}
		},
		Key:      userKey,
		Alias:    func(user User) string { return nameKey(user.Username) },
		NotFound: func(string) error { return errNotListed },
	})
}

var errNotListed = fmt.Errorf("%w in the list of all users", ErrNotFound)

func (c *Client) readUser(ctx context.Context, id string) (User, error) {
	var user User
	err := c.get(ctx, usersPath+"/"+id, &user)
	return user, err
}

func userKey(user User) string { return strconv.FormatInt(user.ID, 10) }

// nameKey is the key of a user's name, which cannot be taken for an id.
func nameKey(username string) string { return "name " + names.Key(username) }
