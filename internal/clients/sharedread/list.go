package sharedread

import (
	"context"
	"fmt"
	"slices"
)

// list is how far the paged list has come.
type list struct {
	// run numbers the attempts: a list that failed may be begun anew.
	run     int
	ids     []string
	cursor  string
	cursors map[string]struct{}
	// pages counts the pages asked for; needed and total are the list's length, where the source tells.
	pages, needed, total int
	// cancel ends the page under way; nil = none is.
	cancel   context.CancelFunc
	complete bool
	// moved: the collection changed while it was listed, so that somebody may have slipped through between two pages.
	moved  bool
	failed error
}

func newList() list {
	return list{run: 1, cursors: make(map[string]struct{})}
}

// restart begins anew. Pages paid for stay counted.
func (l *list) restart() {
	run, pages := l.run, l.pages
	*l = newList()
	l.run, l.pages = run+1, pages
}

// take keeps a page and answers whoever waits for somebody on it.
func (e *epoch[T]) take(page Page[T]) {
	before := len(e.list.ids)
	for _, item := range page.Items {
		id := e.reader.source.Key(item)
		if e.known[id].run == e.list.run {
			e.list.moved = true // met on two pages: somebody new has pushed the others on
		} else {
			e.list.ids = append(e.list.ids, id)
		}
		e.known[id] = object[T]{value: item, run: e.list.run}
		if wanted, ok := e.wanted[id]; ok {
			e.answer(wanted, item, nil)
		}
	}
	e.queue = slices.DeleteFunc(e.queue, func(queued *want[T]) bool { return e.wanted[queued.id] != queued })
	if before > 0 && (page.Pages != e.list.needed || page.Total != e.list.total) {
		e.list.moved = true
	}
	e.list.needed, e.list.total = page.Pages, page.Total
	e.turn(page.Next, len(e.list.ids) > before)
}

// turn goes on to the next page. A cursor that comes back, and a list that goes on without bringing anybody new, would never
// end.
func (e *epoch[T]) turn(next string, brought bool) {
	_, seen := e.list.cursors[next]
	switch {
	case next == "":
		e.list.complete = true
		e.list.moved = e.list.moved || e.list.total > 0 && e.list.total != len(e.list.ids)
	case seen:
		e.fail(fmt.Errorf("the list does not end: its cursor %q came twice", next))
	case !brought:
		e.fail(fmt.Errorf("the list does not end: the page before the cursor %q brought nothing new", next))
	case len(e.list.cursors) == maxPages || len(e.list.ids) > limitOf(e.list.total):
		e.fail(fmt.Errorf("the list does not end: it goes on after %d entries", len(e.list.ids)))
	default:
		e.list.cursors[next] = struct{}{}
		e.list.cursor = next
	}
}

// fail gives the list up: whoever wants all of it gets the error, the others are read singly.
func (e *epoch[T]) fail(err error) {
	e.list.failed = err
	if e.all != nil {
		e.answerAll(nil, err)
	}
}

// listed is a copy of the complete list.
func (e *epoch[T]) listed() []T {
	items := make([]T, 0, len(e.list.ids))
	for _, id := range e.list.ids {
		items = append(items, e.known[id].value)
	}
	return items
}

// limitOf is how many entries a list may have. One that tells its total may grow while it is read.
func limitOf(total int) int {
	if total > 0 {
		return 2*total + maxGrowth
	}
	return maxEntries
}
