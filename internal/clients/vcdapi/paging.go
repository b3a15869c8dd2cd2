// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

const (
	// pageSize is the most that the server puts on a page. Some lists have smaller ones: 32 was seen for organizations.
	pageSize = 128
	// maxEntries and maxPages end a list that goes on forever. A list may be twice as long as its first page said.
	maxEntries = 100_000
	maxPages   = 4_000
	// listAttempts is how often a list is read that has fewer entries than its total.
	listAttempts = 4
)

// listPage is a page of a CloudAPI list. Some endpoints leave out the Link header, so the total decides about the next
// page.
type listPage struct {
	Total  *int              `json:"resultTotal"`
	Page   int               `json:"page"`
	Values []json.RawMessage `json:"values"`
}

// incompleteError is a list with fewer entries than its total.
type incompleteError struct{ has, total int }

func (e *incompleteError) Error() string {
	return fmt.Sprintf("the server's list is incomplete: it holds %d entries and says that there are %d", e.has, e.total)
}

// errPartial is an answer without the entries that a list has.
var errPartial = errors.New("the server's list is incomplete: the answer lacks its entries")

// errEndless is a list that goes on for longer than a list can be.
var errEndless = errors.New("the server's list does not end")

// untilComplete reads a list until it is complete, at most four times. A partial answer never counts as a short list. A
// list that others changed while it was read is read again too, since an entry may have slipped between two pages; the
// last of these readings counts.
func untilComplete[T any](read func() (items []T, moved bool, err error)) ([]T, error) {
	for attempt := 1; ; attempt++ {
		items, moved, err := read()
		short := (*incompleteError)(nil)
		again := errors.As(err, &short) || errors.Is(err, errPartial)
		switch {
		case !again && (err != nil || !moved || attempt == listAttempts):
			return items, err
		case again && attempt == listAttempts:
			return nil, fmt.Errorf("%w, %d times in a row", err, listAttempts)
		}
	}
}

// position is how far a list has been read. Pages may be shorter than what was asked for, so what came decides.
type position struct {
	page  int // to be read next, from 1
	seen  int // entries on the pages before
	first int // the total that the first page told, 0 if it told none
	total int // the total that the page before told, 0 if it told none
	last  bool
}

// String is the position as a cursor; parsePosition reads it.
func (p position) String() string { return fmt.Sprintf("%d %d %d", p.page, p.seen, p.first) }

func parsePosition(cursor string) (position, error) {
	at := position{page: 1}
	if cursor == "" {
		return at, nil
	}
	_, err := fmt.Sscanf(cursor, "%d %d %d", &at.page, &at.seen, &at.first)
	return at, err
}

// after is the position after a page with that many entries.
func (p position) after(total *int, entries int) (position, error) {
	next := position{page: p.page + 1, seen: p.seen + entries, first: p.first}
	if total != nil {
		next.total = *total
		next.first = cmp.Or(p.first, next.total)
	}
	switch {
	case total == nil && entries == 0 && p.page == 1:
		return next, errPartial // an empty list says that it is empty
	case total == nil:
		next.last = entries == 0
	case next.seen >= next.total:
		next.last = true
	case entries == 0:
		return next, &incompleteError{has: next.seen, total: next.total}
	}
	if !next.last && (next.page > maxPages || next.seen > max(maxEntries, 2*next.first)) {
		return next, fmt.Errorf("%w: %d entries on %d pages, and more to come", errEndless, next.seen, p.page)
	}
	return next, nil
}

// moved reports whether the list was changed since its first page: whether its total is another one.
func (p position) moved(before position) bool { return before.page > 1 && p.total != before.first }

// pages is how many pages the whole list has, if all are as long as the last one read; 0 if that is unknown.
func (p position) pages(length int) int {
	read := p.page - 1
	if p.last || length == 0 {
		return read
	}
	if p.total == 0 {
		return 0
	}
	return read + (p.total-p.seen+length-1)/length
}

// page reads one page of a collection, and tells the position after it. The order by sortAsc keeps a list whole while
// pages are fetched one by one.
func (s scope) page(ctx context.Context, path, filter, sort string, at position) (listPage, position, error) {
	query := url.Values{"page": {strconv.Itoa(at.page)}, "pageSize": {strconv.Itoa(pageSize)}}
	if filter != "" {
		query.Set("filter", filter)
		query.Set("filterEncoded", "true")
	}
	if sort != "" {
		query.Set("sortAsc", sort)
	}
	var page listPage
	if _, err := s.cloud(ctx, http.MethodGet, path, query, nil, &page); err != nil {
		return page, at, err
	}
	if page.Page != 0 && page.Page != at.page {
		return page, at, fmt.Errorf("the server answered page %d of a list when asked for page %d", page.Page, at.page)
	}
	next, err := at.after(page.Total, len(page.Values))
	return page, next, err
}

// list reads all pages of a collection.
func list[T any](ctx context.Context, s scope, path, filter, sort string, read func(json.RawMessage) (T, error),
	id func(T) string) ([]T, error) {
	return untilComplete(func() ([]T, bool, error) { return listOnce(ctx, s, path, filter, sort, read, id) })
}

func listOnce[T any](ctx context.Context, s scope, path, filter, sort string, read func(json.RawMessage) (T, error),
	id func(T) string) (all []T, moved bool, err error) {
	known := map[string]bool{}
	for at := (position{page: 1}); !at.last; {
		page, next, err := s.page(ctx, path, filter, sort, at)
		if err != nil {
			return nil, false, err
		}
		items, err := readAll(page.Values, read)
		if err != nil {
			return nil, false, err
		}
		before := len(all)
		for _, item := range items {
			if key := id(item); !known[key] { // an entry comes twice where others push it to the next page
				known[key] = true
				all = append(all, item)
			}
		}
		if len(all) == before && !next.last {
			return nil, false, fmt.Errorf("%w: page %d has nothing new", errEndless, at.page)
		}
		moved = moved || next.moved(at)
		at = next
		if at.last && len(all) < at.total {
			return nil, false, &incompleteError{has: len(all), total: at.total}
		}
	}
	return all, moved, nil
}

func readAll[T any](values []json.RawMessage, read func(json.RawMessage) (T, error)) ([]T, error) {
	items := make([]T, 0, len(values))
	for _, value := range values {
		item, err := read(value)
		if err != nil {
			return nil, fmt.Errorf("cannot read an entry of a list: %s", setting.OneLine(err.Error()))
		}
		items = append(items, item)
	}
	return items, nil
}

func readReference(raw json.RawMessage) (Reference, error) {
	var r Reference
	err := json.Unmarshal(raw, &r)
	return r, err
}

func referenceID(r Reference) string { return r.ID }

// plainName matches names that every release takes in a filter; some refuse commas, semicolons, blanks, plus signs or
// stars.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]*$`)

// nameFilters are the filters that find a name, to be tried in turn. There are none for a name that only a look through
// the whole list can find. Cloud Director keeps names in lower case, but not every release does; VCF Automation keeps
// their spelling.
func nameFilters(v version, field, name string) []string {
	if !plainName.MatchString(name) {
		return nil
	}
	given, folded := field+"=="+name, field+"=="+names.Key(name)
	if given == folded || v.exactNames() {
		return []string{given}
	}
	return []string{folded, given}
}
