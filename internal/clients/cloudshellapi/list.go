// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

const (
	// pageSize is the most that the server gives at a time; it gives 50 unless asked.
	pageSize = 250
	// entryLimit and pageLimit end a list that never ends. Where the server tells a total, that bounds the entries
	// instead.
	entryLimit = 100_000
	pageLimit  = 2_000
	// partialRetries is how often a partial answer is read again, partialPause how long to wait before; it doubles.
	partialRetries = 3
	partialPause   = 100 * time.Millisecond
)

// ErrPartial means that the server kept answering with a part of a list only, and what is missing from that proves
// nothing.
var ErrPartial = sharedread.ErrPartial

// list is one list of the server.
type list[T any] struct {
	path   string
	field  string         // holds the entries in an answer
	filter string         // asks for the entries whose name contains it; "" asks for all
	key    func(T) string // tells the entries apart
	filled bool           // there is always an entry, so an empty list is a partial answer
	// everywhere: every CloudShell has the list, so a server that does not know its path is another one.
	everywhere bool
}

// readList reads page after page until the list ends or enough is true for what a page added; nil reads all of it.
func readList[T any](ctx context.Context, c *Client, l list[T], enough func([]T) bool) ([]T, error) {
	var all []T
	for items, err := range pages(ctx, c, l, enough == nil) {
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

// each yields the matching entries of a list. It reads only as many pages as the caller goes on for. An error comes
// last.
func each[T any](pages iter.Seq2[[]T, error], matches func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for items, err := range pages {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if matches(item) && !yield(item, nil) {
					return
				}
			}
		}
	}
}

// pages yields what each page adds to the list. It begins again, up to three times, when the list ends before its
// total. For ahead see pagesInTurn.
func pages[T any](ctx context.Context, c *Client, l list[T], ahead bool) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		seen := map[string]struct{}{}
		for attempt := 0; ; attempt++ {
			total, more, err := readOnce(pagesInTurn(ctx, c, l, ahead), l, seen, yield)
			switch {
			case err != nil:
				yield(nil, err)
				return
			case !more || total <= len(seen):
				return
			case attempt == partialRetries:
				yield(nil, fmt.Errorf("GET %s: %w: %d of %d entries", l.path, ErrPartial, len(seen), total))
				return
			}
			if err := transport.Pause(ctx, partialPause<<attempt); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// readOnce reads the list from its first page to its last and yields the entries that are not among seen. It returns
// the total that the server told, 0 for none, and whether the caller wants to go on.
func readOnce[T any](
	pages iter.Seq2[page[T], error], l list[T], seen map[string]struct{}, yield func([]T, error) bool,
) (total int, more bool, err error) {
	read, cursors := map[string]struct{}{}, map[string]struct{}{}
	for page, err := range pages {
		if err != nil {
			return 0, false, err
		}
		before := len(read)
		var fresh []T
		for _, item := range page.items {
			key := l.key(item)
			read[key] = struct{}{}
			if _, ok := seen[key]; !ok {
				seen[key] = struct{}{}
				fresh = append(fresh, item)
			}
		}
		if !yield(fresh, nil) {
			return 0, false, nil
		}
		total = page.total
		_, repeated := cursors[page.next]
		switch {
		case page.next == "":
			return total, true, nil
		case repeated || len(read) == before:
			return 0, false, fmt.Errorf("GET %s: the list does not end: after %d entries its cursor leads back to what was read",
				l.path, len(read))
		case len(read) > limitOf(total) || len(cursors) == pageLimit:
			return 0, false, fmt.Errorf("GET %s: the list does not end: it goes on after %d entries on %d pages",
				l.path, len(read), len(cursors)+1)
		}
		cursors[page.next] = struct{}{}
	}
	return total, true, nil
}

// limitOf is how many entries a list may have. One that tells its total may grow while it is read.
func limitOf(total int) int {
	if total > 0 {
		return 2*total + pageSize
	}
	return entryLimit
}

// page is one page of a list.
type page[T any] struct {
	items []T
	next  string // cursor of the next page; "" = there is none
	total int    // of the whole list, where the server tells it; else 0
}

func (p page[T]) shared() sharedread.Page[T] {
	return sharedread.Page[T]{Items: p.items, Next: p.next, Total: p.total}
}

// pagesInTurn yields page after page, for as long as the caller goes on. With ahead, the next page is asked for while
// one is decoded: for callers who read the whole list.
func pagesInTurn[T any](ctx context.Context, c *Client, l list[T], ahead bool) iter.Seq2[page[T], error] {
	return func(yield func(page[T], error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		asked := map[string]bool{}
		coming := fetch(ctx, c, l, "")
		for {
			fetched := <-coming
			raw := fetched.page
			begun := ahead && fetched.err == nil && raw.next != "" && !asked[raw.next]
			if begun {
				coming = fetch(ctx, c, l, raw.next)
			}
			read, err := raw.decode(l, fetched.err)
			if !yield(read, err) || err != nil || raw.next == "" {
				return
			}
			if !begun {
				coming = fetch(ctx, c, l, raw.next)
			}
			asked[raw.next] = true
		}
	}
}

type fetchedPage[T any] struct {
	page rawPage[T]
	err  error
}

// fetch asks for a page without waiting for it. The end of the context ends it.
func fetch[T any](ctx context.Context, c *Client, l list[T], at string) <-chan fetchedPage[T] {
	fetched := make(chan fetchedPage[T], 1)
	go func() {
		raw, err := fetchPage(ctx, c, l, at)
		fetched <- fetchedPage[T]{raw, err}
	}()
	return fetched
}

// readPage reads the page at a cursor, "" for the first.
func readPage[T any](ctx context.Context, c *Client, l list[T], at string) (page[T], error) {
	raw, err := fetchPage(ctx, c, l, at)
	return raw.decode(l, err)
}

// fetchPage asks for the page at a cursor. A partial answer is read again, up to three times.
func fetchPage[T any](ctx context.Context, c *Client, l list[T], at string) (rawPage[T], error) {
	for attempt := 0; ; attempt++ {
		raw, err := fetchPageOnce(ctx, c, l, at)
		if err == nil && l.filled && at == "" && raw.isEmpty() {
			err = fmt.Errorf("GET %s: %w: it has no entry at all", l.path, ErrPartial)
		}
		if !errors.Is(err, ErrPartial) || attempt == partialRetries {
			return raw, err
		}
		if err := transport.Pause(ctx, partialPause<<attempt); err != nil {
			return rawPage[T]{}, err
		}
	}
}

func fetchPageOnce[T any](ctx context.Context, c *Client, l list[T], at string) (rawPage[T], error) {
	query := url.Values{"paginationProperties.limit": {strconv.Itoa(pageSize)}}
	if l.filter != "" {
		query.Set("paginationProperties.filter", l.filter)
	}
	if at != "" {
		query.Set("paginationProperties.cursor", at)
	}
	answer, err := c.read(ctx, l.path, query)
	switch {
	case errors.Is(err, ErrNotFound) && l.everywhere:
		return rawPage[T]{}, fmt.Errorf("the server has no such list, it is %w: %w", ErrNotCloudShell, withoutMeaning(err))
	case err != nil:
		return rawPage[T]{}, err
	}
	return openPage(l, answer)
}
