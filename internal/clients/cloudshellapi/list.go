package cloudshellapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

const (
	// pageSize is the most that the server gives at a time; it gives 50 unless asked.
	pageSize = 250
	// entryLimit and pageLimit end a list that never ends. Where the server tells a total, that bounds the entries instead.
	entryLimit = 100_000
	pageLimit  = 2_000
	// partialRetries is how often a partial answer is read again, partialPause how long to wait before; it doubles.
	partialRetries = 3
	partialPause   = 100 * time.Millisecond
)

// ErrPartial: the server kept answering with a part of a list only, and what is missing from that proves nothing.
var ErrPartial = sharedread.ErrPartial

// list is one list of the server.
type list[T any] struct {
	path   string
	field  string         // holds the entries in an answer
	filter string         // asks for the entries whose name contains it; "" asks for all
	key    func(T) string // tells the entries apart
	filled bool           // there is always an entry, so an empty list is a partial answer
}

// readList reads page after page until the list ends or enough is true for what a page added; nil reads all of it.
func readList[T any](ctx context.Context, c *Client, l list[T], enough func([]T) bool) ([]T, error) {
	var all []T
	for items, err := range pages(ctx, c, l) {
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

// each yields the matching entries of a list. It reads only as many pages as the caller goes on for. An error comes last.
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

// pages yields what each page adds to the list. It begins anew, up to three times, when the list ends before its total.
func pages[T any](ctx context.Context, c *Client, l list[T]) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		seen := map[string]struct{}{}
		for attempt := 0; ; attempt++ {
			total, more, err := readOnce(ctx, c, l, seen, yield)
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
			if err := pause(ctx, partialPause<<attempt); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// readOnce reads the list from its first page to its last and yields the entries that are not among seen. It returns the
// total that the server told, 0 for none, and whether the caller wants to go on.
func readOnce[T any](
	ctx context.Context, c *Client, l list[T], seen map[string]struct{}, yield func([]T, error) bool,
) (total int, more bool, err error) {
	read, cursors := map[string]struct{}{}, map[string]struct{}{}
	for at, count := "", 1; ; count++ {
		page, err := readPage(ctx, c, l, at)
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
		if page.next == "" {
			return page.total, true, nil
		}
		if _, repeated := cursors[page.next]; repeated || len(read) == before {
			return 0, false, fmt.Errorf("GET %s: the list does not end: after %d entries its cursor leads back to what was read",
				l.path, len(read))
		}
		if limit := limitOf(page.total); len(read) > limit || count == pageLimit {
			return 0, false, fmt.Errorf("GET %s: the list does not end: it goes on after %d entries on %d pages", l.path, len(read), count)
		}
		cursors[page.next] = struct{}{}
		at = page.next
	}
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

// readPage reads the page at a cursor, "" for the first. A partial answer is read again, up to three times.
func readPage[T any](ctx context.Context, c *Client, l list[T], at string) (page[T], error) {
	for attempt := 0; ; attempt++ {
		read, err := readPageOnce(ctx, c, l, at)
		if err == nil && l.filled && at == "" && len(read.items) == 0 {
			err = fmt.Errorf("GET %s: %w: it has no entry at all", l.path, ErrPartial)
		}
		if !errors.Is(err, ErrPartial) || attempt == partialRetries {
			return read, err
		}
		if err := pause(ctx, partialPause<<attempt); err != nil {
			return page[T]{}, err
		}
	}
}

func readPageOnce[T any](ctx context.Context, c *Client, l list[T], at string) (page[T], error) {
	query := url.Values{"paginationProperties.limit": {strconv.Itoa(pageSize)}}
	if l.filter != "" {
		query.Set("paginationProperties.filter", l.filter)
	}
	if at != "" {
		query.Set("paginationProperties.cursor", at)
	}
	answer, err := c.read(ctx, l.path, query)
	if err != nil {
		return page[T]{}, err
	}
	return decodePage[T](l.path, l.field, answer)
}

// decodePage reads {"Users": [...], "Cursor": null}. Status 202, entries in Errors and a missing key mark a partial answer.
func decodePage[T any](path, key string, answer *transport.Response) (page[T], error) {
	var about struct {
		Errors            importErrors
		Cursor            cursor
		Total, TotalCount number
	}
	var fields map[string]json.RawMessage
	if err := decode(http.MethodGet, path, answer, &fields); err != nil {
		return page[T]{}, err
	}
	if err := decode(http.MethodGet, path, answer, &about); err != nil {
		return page[T]{}, err
	}
	entries, given := entriesIn(fields, key)
	switch {
	case len(about.Errors) > 0:
		return page[T]{}, fmt.Errorf("%w: %w", ErrPartial, about.Errors.asError(http.MethodGet, path, answer.Status))
	case answer.Status == http.StatusAccepted:
		return page[T]{}, fmt.Errorf("GET %s: %w: status 202", path, ErrPartial)
	case !given:
		return page[T]{}, fmt.Errorf("GET %s: %w: the answer has no %q: %q", path, ErrPartial, key, transport.Words(answer.Body))
	}
	var items many[T]
	if err := json.Unmarshal(entries, &items); err != nil {
		return page[T]{}, fmt.Errorf("GET %s: the entries of %q cannot be read: %w", path, key, err)
	}
	return page[T]{items: items, next: string(about.Cursor), total: int(max(about.Total.value, about.TotalCount.value))}, nil
}

// entriesIn finds a key of an answer. As everywhere in encoding/json its case does not matter.
func entriesIn(fields map[string]json.RawMessage, key string) (json.RawMessage, bool) {
	for name, value := range fields {
		if strings.EqualFold(name, key) {
			return value, true
		}
	}
	return nil, false
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
