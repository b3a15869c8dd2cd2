// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// collection is the users or the groups of an organization in CloudAPI, read at the least cost.
type collection[T any] struct {
	scope
	path, nameField string
	read            func(json.RawMessage) (T, error)
	identify        func(T) identified

	shared wholeList[T]
	second wholeList[T] // begins after a first list or answer left a doubt, and so can prove an absence
	listed atomic.Bool  // the list was needed since the last change
}

// wholeList is a shared list, and the total that its last page told.
type wholeList[T any] struct {
	*sharedread.Reader[T]
	total atomic.Int64
	moved atomic.Bool // its total changed while it was read
}

func newCollection[T any](s scope, path, nameField string, read func(json.RawMessage) (T, error),
	identify func(T) identified) *collection[T] {
	c := &collection[T]{scope: s, path: path, nameField: nameField, read: read, identify: identify}
	for _, list := range []*wholeList[T]{&c.shared, &c.second} {
		list.Reader = sharedread.New(sharedread.Source[T]{
			One: c.fetch,
			Page: func(ctx context.Context, cursor string) (sharedread.Page[T], error) {
				return c.sharedPage(ctx, list, cursor)
			},
			Key:      func(entity T) string { return identify(entity).id },
			NotFound: func(string) error { return errNotListed },
		})
	}
	return c
}

// errNotListed is what a shared list says of an id that it does not hold.
var errNotListed = errors.New("not in the list")

// sharedPage reads a page for sharedread, whose cursors are positions.
func (c *collection[T]) sharedPage(ctx context.Context, list *wholeList[T], cursor string) (sharedread.Page[T], error) {
	at, err := parsePosition(cursor)
	if err != nil {
		return sharedread.Page[T]{}, err
	}
	page, next, err := c.page(ctx, c.path, "", c.nameField, at)
	if err != nil {
		return sharedread.Page[T]{}, err
	}
	items, err := readAll(page.Values, c.read)
	if err != nil {
		return sharedread.Page[T]{}, err
	}
	list.total.Store(int64(next.total))
	list.moved.Store(at.page > 1 && (list.moved.Load() || next.moved(at)))
	result := sharedread.Page[T]{Items: items, Pages: next.pages(len(items)), Total: next.total}
	if !next.last {
		result.Next = next.String()
	}
	return result, nil
}

// all reads the whole list. One that turns out short is read again.
func (c *collection[T]) all(ctx context.Context) ([]T, error) { return c.whole(ctx, &c.shared) }

func (c *collection[T]) whole(ctx context.Context, list *wholeList[T]) ([]T, error) {
	c.listed.Store(true)
	attempt := 0
	return untilComplete(func() ([]T, bool, error) {
		if attempt++; attempt > 1 {
			list.Drop()
		}
		items, err := list.All(ctx)
		if err != nil {
			return nil, false, err
		}
		if total := int(list.total.Load()); len(items) < total {
			return nil, false, &incompleteError{has: len(items), total: total}
		}
		moved := list.moved.Load()
		if attempt == listAttempts {
			list.moved.Store(false) // others need not try again what did not help
		}
		return items, moved, nil
	})
}

// get reads one entity. That a list lacks it is confirmed by asking for it: entities created or deleted by others while
// the pages were fetched can slip between two pages.
func (c *collection[T]) get(ctx context.Context, id string) (T, error) {
	entity, err := c.shared.Get(ctx, id)
	if errors.Is(err, errNotListed) {
		return c.fetch(ctx, id)
	}
	return entity, err
}

// fetch asks for one entity, past everything that was read before.
func (c *collection[T]) fetch(ctx context.Context, id string) (T, error) {
	path, err := entityPath(c.path, id)
	if err != nil {
		var none T
		return none, err
	}
	return exchange(ctx, c.scope, http.MethodGet, path, nil, c.read)
}

// holds finds out by a list whether an entity exists that the server does not show. Presence is believed of a list read
// just now alone: others may have deleted the entity since an older one.
func (c *collection[T]) holds(ctx context.Context, id string) (bool, error) {
	found, err := c.inSecond(ctx, id)
	if err != nil || !found {
		return false, err
	}
	c.second.Drop()
	return c.inSecond(ctx, id)
}

func (c *collection[T]) inSecond(ctx context.Context, id string) (bool, error) {
	all, err := c.whole(ctx, &c.second)
	return slices.ContainsFunc(all, func(entity T) bool { return bareID(c.identify(entity).id) == bareID(id) }), err
}

// named finds entities by name, in any spelling: by a filter while few are asked for, else in the shared list. A filter
// may regard case, so that only the list proves a name to be free.
func (c *collection[T]) named(ctx context.Context, name string) ([]T, error) {
	if !c.listed.Load() {
		if found, err := c.filtered(ctx, name); err != nil || len(found) > 0 {
			return found, err
		}
	}
	all, err := c.all(ctx)
	return c.sameNamed(all, name), err
}

// look finds entities by name in one request where a filter can hold the name, whatever was read before. Without a
// filter a second list proves that a name is free: the first may be old, or have missed an entry between two pages.
func (c *collection[T]) look(ctx context.Context, name string) ([]T, error) {
	if len(nameFilters(c.version, c.nameField, name)) > 0 {
		return c.filtered(ctx, name)
	}
	all, err := c.all(ctx)
	if found := c.sameNamed(all, name); err != nil || len(found) > 0 {
		return found, err
	}
	c.second.Drop()
	all, err = c.whole(ctx, &c.second)
	return c.sameNamed(all, name), err
}

func (c *collection[T]) filtered(ctx context.Context, name string) ([]T, error) {
	for _, filter := range nameFilters(c.version, c.nameField, name) {
		candidates, err := list(ctx, c.scope, c.path, filter, "", c.read,
			func(entity T) string { return c.identify(entity).id })
		if err != nil {
			return nil, err
		}
		if found := c.sameNamed(candidates, name); len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

func (c *collection[T]) sameNamed(candidates []T, name string) []T {
	var found []T
	for _, candidate := range candidates {
		if names.Same(c.identify(candidate).name, name) {
			found = append(found, candidate)
		}
	}
	return found
}

// drop forgets what was read, after a change.
func (c *collection[T]) drop() {
	c.shared.Drop()
	c.second.Drop()
	c.listed.Store(false)
}
