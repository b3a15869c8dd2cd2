package vcdapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
)

// cloudAPI is the JSON interface to one organization.
type cloudAPI struct {
	scope
	org          Reference
	sharedUsers  *sharedread.Reader[User]
	sharedGroups *sharedread.Reader[Group]
}

// errNotListed is what a shared list says of an id that it does not hold.
var errNotListed = errors.New("not in the list")

func newCloudAPI(s scope, org Reference) *cloudAPI {
	c := &cloudAPI{scope: s, org: org}
	c.sharedUsers = shared(s, "/users", "username", readCloudUser, c.fetchUser, func(u User) string { return u.ID })
	c.sharedGroups = shared(s, "/groups", "name", readCloudGroup, c.fetchGroup, func(g Group) string { return g.ID })
	return c
}

// shared reads a collection at the least cost; cursors are page numbers.
func shared[T any](s scope, path, sort string, read func(json.RawMessage) (T, error),
	one func(context.Context, string) (T, error), key func(T) string) *sharedread.Reader[T] {
	return sharedread.New(sharedread.Source[T]{
		One: one,
		Key: key,
		Page: func(ctx context.Context, cursor string) (sharedread.Page[T], error) {
			number := 1
			if cursor != "" {
				number, _ = strconv.Atoi(cursor) // our own, from below
			}
			page, err := s.page(ctx, path, "", sort, number)
			if err != nil {
				return sharedread.Page[T]{}, err
			}
			items, err := readAll(page.Values, read)
			if err != nil {
				return sharedread.Page[T]{}, err
			}
			result := sharedread.Page[T]{Items: items, Pages: page.pages()}
			if number < page.pages() {
				result.Next = strconv.Itoa(number + 1)
			}
			return result, nil
		},
		NotFound: func(string) error { return errNotListed },
	})
}

// readShared reads one entity. That a list lacks it is confirmed by asking for it: entities created or deleted by others while
// the pages were fetched can slip between two pages.
func readShared[T any](ctx context.Context, reader *sharedread.Reader[T], id string, fetch func(context.Context, string) (T, error)) (T, error) {
	entity, err := reader.Get(ctx, id)
	if errors.Is(err, errNotListed) {
		return fetch(ctx, id)
	}
	return entity, err
}

// named finds entities by name without regard to case: by a filter where the name allows it, else in the shared list. A filter
// may regard case, so that only the list proves a name to be free.
func named[T any](ctx context.Context, s scope, path, field, name string, reader *sharedread.Reader[T],
	read func(json.RawMessage) (T, error), nameOf func(T) string) ([]T, error) {
	for _, filter := range nameFilters(field, name) {
		candidates, err := list(ctx, s, path, filter, "", read)
		if err != nil {
			return nil, err
		}
		if found := sameName(candidates, name, nameOf); len(found) > 0 {
			return found, nil
		}
	}
	all, err := reader.All(ctx)
	return sameName(all, name, nameOf), err
}

func sameName[T any](candidates []T, name string, nameOf func(T) string) []T {
	var found []T
	for _, candidate := range candidates {
		if strings.EqualFold(nameOf(candidate), name) {
			found = append(found, candidate)
		}
	}
	return found
}

// fetch reads one entity by its path.
func fetch[T any](ctx context.Context, s scope, collection, id string, read func(json.RawMessage) (T, error)) (T, error) {
	path, err := entityPath(collection, id)
	if err != nil {
		var none T
		return none, err
	}
	return exchange(ctx, s, http.MethodGet, path, nil, read)
}

// exchange sends a body, if any, and reads the entity that comes back.
func exchange[T any](ctx context.Context, s scope, method, path string, body any, read func(json.RawMessage) (T, error)) (T, error) {
	var none T
	var raw json.RawMessage
	if _, err := s.cloud(ctx, method, path, nil, body, &raw); err != nil {
		return none, err
	}
	entity, err := read(raw)
	if err != nil {
		return none, unreadable(method, err)
	}
	return entity, nil
}

// remove deletes an entity, and waits for the end of the task where the server makes it one.
func (s scope) remove(ctx context.Context, collection, id string) error {
	path, err := entityPath(collection, id)
	if err != nil {
		return err
	}
	answer, err := s.cloud(ctx, http.MethodDelete, path, nil, nil, nil)
	if err != nil || answer.Status != http.StatusAccepted {
		return err
	}
	return s.awaitTask(ctx, answer.Header.Get("Location"))
}

// roles lists the organization's roles.
func (s scope) roles(ctx context.Context) ([]Role, error) {
	return list(ctx, s, "/roles", "", "name", func(raw json.RawMessage) (Role, error) {
		r, err := readReference(raw)
		return Role(r), err
	})
}
