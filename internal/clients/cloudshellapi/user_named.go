package cloudshellapi

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// userNames reads users by name at the least cost, whatever number of names turns out to be asked for.
type userNames struct {
	reader    *sharedread.Reader[User]
	spellings sync.Map // names.Key -> the name as it was asked for
}

// NamedUser is FindUser by shared reading: few names are looked up singly, many by one paged list. Listed tells that
// an ErrNotFound comes from the list: it is good for a plan, and no proof, since other clients may have shifted its pages.
func (c *Client) NamedUser(ctx context.Context, username string) (user User, listed bool, err error) {
	if username == "" {
		return User{}, false, fmt.Errorf("user %q: %w", username, ErrNotFound)
	}
	key := names.Key(username)
	c.names.spellings.LoadOrStore(key, username)
	user, err = c.names.reader.Get(ctx, key)
	if errors.Is(err, errNotListed) {
		return User{}, true, fmt.Errorf("user %q: %w", username, ErrNotFound)
	}
	return user.clone(), false, err
}

// ReadUser is User, asked of the server at once, whatever was read before; ErrNotFound is proof that there is none.
func (c *Client) ReadUser(ctx context.Context, id int64) (User, error) {
	return c.readUserSurely(ctx, id)
}

func (c *Client) newUserNames() *userNames {
	known := &userNames{}
	known.reader = sharedread.New(sharedread.Source[User]{
		One: func(ctx context.Context, key string) (User, error) {
			spelling, _ := known.spellings.Load(key)
			username, _ := spelling.(string)
			return c.FindUser(ctx, username)
		},
		Page: func(ctx context.Context, cursor string) (sharedread.Page[User], error) {
			read, err := readPage(ctx, c, usersNamed(""), cursor)
			return sharedread.Page[User]{Items: read.items, Next: read.next, Total: read.total}, err
		},
		Key:      func(user User) string { return names.Key(user.Username) },
		NotFound: func(string) error { return errNotListed },
	})
	return known
}

// dropUsers forgets what was read of users. Every write calls it.
func (c *Client) dropUsers() {
	c.users.Drop()
	c.names.reader.Drop()
}
