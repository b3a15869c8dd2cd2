// SPDX-License-Identifier: MPL-2.0

package sharedread

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// list is how far a paged list has come.
type list[T any] struct {
	source  Source[T]
	items   []*T
	keys    map[string]struct{}
	cursor  string
	cursors map[string]struct{}
	// needed and total are the list's length in pages and objects, where the source tells.
	needed, total int
	complete      bool
}

func newList[T any](source Source[T]) *list[T] {
	return &list[T]{source: source, keys: make(map[string]struct{}), cursors: make(map[string]struct{})}
}

// take adds a page. An error means that the list is of no use.
func (l *list[T]) take(page Page[T]) error {
	before := len(l.items)
	for at := range page.Items {
		key := l.source.Key(page.Items[at])
		if _, met := l.keys[key]; met {
			continue // on two pages: a new object has pushed the others on
		}
		l.keys[key] = struct{}{}
		l.items = append(l.items, &page.Items[at])
	}
	l.needed, l.total = page.Pages, page.Total
	_, repeated := l.cursors[page.Next]
	switch {
	case page.Next == "" && l.total > len(l.items):
		return fmt.Errorf("%w: %d of %d entries", errShort, len(l.items), l.total)
	case page.Next == "":
		l.complete = true
		return nil
	case repeated:
		return fmt.Errorf("the list does not end: a cursor came twice, after %d entries", len(l.items))
	case len(l.items) == before:
		return fmt.Errorf("the list does not end: after %d entries a page added nothing", len(l.items))
	case len(l.cursors) == maxPages || len(l.items) > limitOf(l.total):
		return fmt.Errorf("the list does not end: it goes on after %d entries", len(l.items))
	}
	l.cursors[page.Next] = struct{}{}
	l.cursor = page.Next
	return nil
}

// limitOf is how many entries a list may have. One that tells its total may grow while it is read.
func limitOf(total int) int {
	if total > 0 {
		return 2*total + maxGrowth
	}
	return maxEntries
}

const (
	// partialRetries is how often a list that ends before its total is read again, partialPause how long to wait before.
	partialRetries = 3
	partialPause   = 100 * time.Millisecond
)

// readList reads the whole list.
func (r *Reader[T]) readList(ctx context.Context) ([]*T, error) {
	for attempt := 0; ; attempt++ {
		items, err := r.readListOnce(ctx)
		if !errors.Is(err, errShort) || attempt == partialRetries {
			return items, err
		}
		select {
		case <-time.After(partialPause << attempt):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (r *Reader[T]) readListOnce(ctx context.Context) ([]*T, error) {
	l := newList(r.source)
	for page, err := range r.pages(ctx, l) {
		if err != nil {
			return nil, err
		}
		if err := l.take(page); err != nil {
			return nil, err
		}
		if l.complete {
			break
		}
	}
	return l.items, nil
}

// pages yields the pages of a list, by the cursors that the list takes from them.
func (r *Reader[T]) pages(ctx context.Context, l *list[T]) iter.Seq2[Page[T], error] {
	if r.source.Pages != nil {
		return r.source.Pages(ctx)
	}
	return func(yield func(Page[T], error) bool) {
		for yield(r.source.Page(ctx, l.cursor)) {
		}
	}
}
