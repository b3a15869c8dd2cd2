package cloudshellapi

import (
	"context"
	"fmt"
	"iter"
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

// readList reads page after page until the list ends or enough says so of what a page brought.
func readList[T any](ctx context.Context, c *Client, path, filter string, key func(T) string, enough func([]T) bool) ([]T, error) {
	var all []T
	for items, err := range pages(ctx, c, path, filter, key) {
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if enough != nil && enough(items) {
			break
		}
	}
	return all, nil
}

// each yields the items of a list that are wanted. It reads only as many pages as the caller goes on for; an error is the last
// that it yields.
func each[T any](pages iter.Seq2[[]T, error], wanted func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for items, err := range pages {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if wanted(item) && !yield(item, nil) {
					return
				}
			}
		}
	}
}

// pages yields what each page of a list brings. A list that would never end is an error: a cursor that comes back, or a page
// that goes on without bringing anything new. key tells the items apart; of several with the same key one is kept.
func pages[T any](ctx context.Context, c *Client, path, filter string, key func(T) string) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		seen, cursors := map[string]struct{}{}, map[string]struct{}{}
		for at := ""; ; {
			items, next, err := readPage[T](ctx, c, path, filter, at)
			if err != nil {
				yield(nil, err)
				return
			}
			var brought []T
			for _, item := range items {
				if _, ok := seen[key(item)]; !ok {
					seen[key(item)] = struct{}{}
					brought = append(brought, item)
				}
			}
			if !yield(brought, nil) || next == "" {
				return
			}
			if _, ok := cursors[next]; ok || len(brought) == 0 {
				yield(nil, fmt.Errorf("GET %s: the list does not end: after %d entries its cursor leads back to what was read", path, len(seen)))
				return
			}
			cursors[next] = struct{}{}
			at = next
		}
	}
}
