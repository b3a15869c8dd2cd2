package cloudshellapi

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
)

// pageSize is the most that the server gives at a time; it gives 50 unless asked.
const pageSize = 250

// page is one page of any list: {"Users": [...], "Cursor": null}.
type page[T any] struct {
	Users  many[T]
	Groups many[T]
	Cursor cursor
}

func (p page[T]) items() []T {
	if len(p.Users) > 0 {
		return p.Users
	}
	return p.Groups
}

// readPage reads the page at a cursor, "" for the first. filter keeps whose name contains it, unless it is "".
func readPage[T any](ctx context.Context, c *Client, path, filter, at string) ([]T, string, error) {
	query := url.Values{"paginationProperties.limit": {strconv.Itoa(pageSize)}}
	if filter != "" {
		query.Set("paginationProperties.filter", filter)
	}
	if at != "" {
		query.Set("paginationProperties.cursor", at)
	}
	var read page[T]
	if err := c.get(ctx, path, query, &read); err != nil {
		return nil, "", err
	}
	return read.items(), string(read.Cursor), nil
}

// readList reads page after page until the list ends or enough says so. A list that would never end is an error: a cursor
// that comes back, or a page that goes on without bringing anything new. key tells the items apart; of several with the same
// key one is kept.
func readList[T any](ctx context.Context, c *Client, path, filter string, key func(T) string, enough func([]T) bool) ([]T, error) {
	var all []T
	seen, cursors := map[string]struct{}{}, map[string]struct{}{}
	for at := ""; ; {
		items, next, err := readPage[T](ctx, c, path, filter, at)
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, item := range items {
			if _, ok := seen[key(item)]; !ok {
				seen[key(item)] = struct{}{}
				all = append(all, item)
			}
		}
		if next == "" || enough != nil && enough(all[before:]) {
			return all, nil
		}
		if _, ok := cursors[next]; ok || len(all) == before {
			return nil, fmt.Errorf("GET %s: the list does not end: after %d entries its cursor leads back to what was read", path, len(all))
		}
		cursors[next] = struct{}{}
		at = next
	}
}
