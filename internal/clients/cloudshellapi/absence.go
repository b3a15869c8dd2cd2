// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// proofsAtOnce is how many people are asked for at a time; the transport may allow fewer.
const proofsAtOnce = 32

// StillThere looks once more for users that a list lacked, and returns those who exist after all. The others do not
// exist, which is proved: the server was asked for each id, or, for more users than fit on a page, a second list was
// read that began after the call. So call it only once the first list is complete. An error proves nothing.
func (c *Client) StillThere(ctx context.Context, missing []int64) (map[int64]User, error) {
	idOf := func(user User) int64 { return user.ID }
	if len(missing) <= pageSize {
		found, isProved, err := c.readEach(ctx, missing)
		if err != nil || isProved {
			return pick(found, missing, idOf), err
		}
	}
	users, err := c.quietList(ctx, usersNamed(""))
	return pick(users, missing, idOf), err
}

// readEach asks for each user. isProved reports that users who are not in the answer do not exist: after all answers
// the server still was CloudShell.
func (c *Client) readEach(ctx context.Context, ids []int64) (users []User, isProved bool, err error) {
	var isSaid atomic.Bool // that a user does not exist, by CloudShell or something in between
	found := make([]*User, len(ids))
	err = forEach(ctx, ids, func(ctx context.Context, at int, id int64) (err error) {
		user, err := c.readUser(ctx, strconv.FormatInt(id, 10))
		switch {
		case c.isDoubtful(err):
			user, err = c.findInList(ctx, id, err)
		case errors.Is(err, ErrNotFound):
			isSaid.Store(true)
		}
		found[at], err = known(user, err)
		return err
	})
	return present(found), err == nil && (!isSaid.Load() || c.isCloudShell(ctx)), err
}

// StillNamed is StillThere for users who are known by name. Its answer has the keys of the names, see names.Key.
func (c *Client) StillNamed(ctx context.Context, missing []string) (map[string]User, error) {
	keys := make([]string, len(missing))
	for at, name := range missing {
		keys[at] = names.Key(name)
	}
	keyOf := func(user User) string { return names.Key(user.Username) }
	if len(missing) > pageSize {
		users, err := c.quietList(ctx, usersNamed(""))
		return pick(users, keys, keyOf), err
	}
	found := make([]*User, len(missing))
	err := forEach(ctx, missing, func(ctx context.Context, at int, name string) (err error) {
		found[at], err = known(c.FindUser(ctx, name))
		return err
	})
	return pick(present(found), keys, keyOf), err
}

// quietList reads a list of users while no write of this client is under way. It shares nothing.
func (c *Client) quietList(ctx context.Context, l list[User]) (users []User, err error) {
	err = c.users.Quiet(ctx, func() error {
		users, err = readList(ctx, c, l, nil)
		return err
	})
	return users, err
}

func forEach[T any](ctx context.Context, items []T, do func(ctx context.Context, at int, item T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(proofsAtOnce)
	for at, item := range items {
		group.Go(func() error { return do(ctx, at, item) })
	}
	return group.Wait()
}

// known turns ErrNotFound into no user.
func known(user User, err error) (*User, error) {
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &user, nil
}

func present(found []*User) []User {
	var users []User
	for _, user := range found {
		if user != nil {
			users = append(users, *user)
		}
	}
	return users
}

// pick returns the users with one of the keys, by key.
func pick[K comparable](users []User, keys []K, keyOf func(User) K) map[K]User {
	missing := make(map[K]bool, len(keys))
	for _, key := range keys {
		missing[key] = true
	}
	picked := map[K]User{}
	for _, user := range users {
		if key := keyOf(user); missing[key] {
			picked[key] = user
		}
	}
	return picked
}

// findInList finds a user after a doubtful answer that there is none.
func (c *Client) findInList(ctx context.Context, id int64, doubtful error) (User, error) {
	users, err := c.users.All(ctx)
	if err != nil {
		return User{}, fmt.Errorf(
			"%w; the list of all users, which would tell whether the user exists, cannot be read: %w",
			withoutMeaning(doubtful),
			err,
		)
	}
	for _, user := range users {
		if user.ID == id {
			return user.clone(), nil
		}
	}
	return User{}, fmt.Errorf("user %d: %w: the list of all users lacks the id, and %w", id, ErrNotFound, doubtful)
}

// isUnwitnessed reports whether a 404 may come from something in between, such as a proxy that has lost CloudShell:
// right after it the server does not show its users.
func (c *Client) isUnwitnessed(ctx context.Context, err error) bool {
	if transport.Status(err) != http.StatusNotFound || !errors.Is(err, ErrNotFound) || c.isCloudShell(ctx) {
		return false
	}
	c.users.Drop() // an older list proves nothing
	return true
}

// isCloudShell finds out whether CloudShell answers at this moment.
func (c *Client) isCloudShell(ctx context.Context) bool {
	_, err := readPage(ctx, c, usersNamed(""), "")
	return err == nil
}

// isDoubtful is true for an answer that may mean "no such user" and may mean something else: 400, which other
// interfaces of CloudShell give for a missing entity, and a 404 that may not be CloudShell's. That is one with a web
// page or another text that is no JSON, which may come from a proxy, and any 404 of a server that has not accepted the
// given token yet, since the URL may lead to another server.
func (c *Client) isDoubtful(err error) bool {
	answer, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return false
	}
	body := withoutMark(bytes.TrimSpace(answer.Body))
	isForeign := len(body) > 0 && !json.Valid(body) || !c.session.isKnown()
	return answer.Status == http.StatusBadRequest || answer.Status == http.StatusNotFound && isForeign
}
