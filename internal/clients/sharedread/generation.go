// SPDX-License-Identifier: MPL-2.0

package sharedread

import (
	"context"
	"slices"
	"time"
)

// generation is everything read between two writes. All of it is guarded by Reader.mu, except the outcome of a lookup
// once its done is closed.
type generation[T any] struct {
	reader *Reader[T]
	known  map[string]*T // by key and by alias
	// waiting holds the lookups without an answer. queue holds those without a request under way, in the order in which
	// they were asked for.
	waiting map[string]*lookup[T]
	queue   []*lookup[T]
	// asked counts the lookups, singles the single reads sent, flying the single reads under way, proofs the single reads
	// for keys that the whole list lacks, pages the pages asked for.
	asked, singles, flying, proofs, pages int
	// list is the list that lookups read page by page. cancel ends its page under way (nil = none). failed is why it was
	// given up. lists counts the completed lists: the second one began after the first had ended.
	list   *list[T]
	cancel context.CancelFunc
	failed error
	lists  int
	// whole is a complete list; nil = none yet. listing: All is reading it.
	whole   []*T
	listing bool
	// linger runs while the last of a few readers wait for others.
	linger *time.Timer
}

// lookup waits for one object. Any number of readers share it.
type lookup[T any] struct {
	key    string
	one    func(ctx context.Context) (T, error)
	proved bool // an absence has to be proved

	ctx     context.Context // the first reader's, without its end: its values go into the request made for all
	readers int
	cancel  context.CancelFunc // ends the request made for this lookup; nil = none
	done    chan struct{}
	value   T
	err     error
}

func (g *generation[T]) ask(ctx context.Context, asked lookup[T]) *lookup[T] {
	waiting, ok := g.waiting[asked.key]
	if !ok {
		asked.ctx, asked.done = context.WithoutCancel(ctx), make(chan struct{})
		waiting = &asked
		g.waiting[asked.key] = waiting
		g.queue = append(g.queue, waiting)
		g.asked++
	}
	waiting.readers++
	return waiting
}

// leave ends one reader's wait. Requests that no one waits for any more are ended.
func (g *generation[T]) leave(l *lookup[T]) {
	l.readers--
	if l.readers > 0 || g.waiting[l.key] != l {
		return
	}
	delete(g.waiting, l.key)
	g.queue = slices.DeleteFunc(g.queue, func(queued *lookup[T]) bool { return queued == l })
	if l.cancel != nil {
		l.cancel()
	}
	if g.cancel != nil && len(g.queue) == 0 {
		g.cancel()
	}
}

// advance starts what should be under way next. It is called after everything that happens.
func (g *generation[T]) advance() {
	for len(g.queue) > 0 {
		switch {
		case g.lists > 0:
			if g.answerByList(); len(g.queue) > 0 {
				g.readPage()
			}
			return
		case g.listing:
			return // the whole list will answer
		case g.failed != nil || g.singles < promptReads:
			g.readNext()
		case g.areFew():
			g.lingerOn()
			return
		case g.cancel != nil:
			return // the page under way may answer
		case g.pageIsDue():
			g.readPage()
			return
		default:
			g.readNext()
		}
	}
}

// areFew reports whether all the reads so far are too few for a list.
func (g *generation[T]) areFew() bool {
	return g.pages == 0 && g.singles+len(g.queue) <= fewReads
}

// pageIsDue is the ski-rental rule. If the source does not say how long the list is, pages and single reads take turns:
// if the reads end soon, at most half of the requests was unnecessary; if not, the pages add up to the whole list. If
// the source says how long the list is, the list waits until single reads of everything that was asked for would have
// cost as much.
func (g *generation[T]) pageIsDue() bool {
	if g.list.needed > 0 && g.asked >= g.list.needed {
		return true
	}
	return g.pages < g.singles && (g.list.needed == 0 || g.pages == 0)
}

// lingerOn waits for more readers, counted from the answer to the last single read.
func (g *generation[T]) lingerOn() {
	if g.flying > 0 || g.linger != nil {
		return
	}
	g.linger = time.AfterFunc(g.reader.source.Linger, func() {
		g.reader.mu.Lock()
		defer g.reader.mu.Unlock()
		g.linger = nil
		for len(g.queue) > 0 && g.areFew() {
			g.readNext()
		}
		g.advance()
	})
}

// answerByList answers from what the complete lists hold. For a key that one list lacks, the object is asked for; when
// those have become too many, the lookup stays in the queue for a second list.
func (g *generation[T]) answerByList() {
	queue := g.queue
	g.queue = nil
	for _, l := range queue {
		known, ok := g.known[l.key]
		switch {
		case ok:
			g.answer(l, *known, nil)
		case !l.proved || g.lists > 1:
			var none T
			g.answer(l, none, g.reader.source.NotFound(l.key))
		case g.proofs < maxProofs || g.failed != nil:
			g.proofs++
			g.readOne(l)
		default:
			g.queue = append(g.queue, l)
		}
	}
}

// answer ends a lookup. Taking it from the queue is left to the caller, who may have many.
func (g *generation[T]) answer(l *lookup[T], value T, err error) {
	delete(g.waiting, l.key)
	l.value, l.err = value, err
	close(l.done)
}

// readNext sends a single read for the first in the queue.
func (g *generation[T]) readNext() {
	next := g.queue[0]
	g.queue = g.queue[1:]
	g.readOne(next)
}

func (g *generation[T]) readOne(l *lookup[T]) {
	ctx, cancel := context.WithCancel(l.ctx)
	l.cancel = cancel
	g.singles++
	g.flying++
	go func() {
		defer cancel()
		value, err := l.one(ctx)
		g.reader.mu.Lock()
		defer g.reader.mu.Unlock()
		g.flying--
		if err == nil {
			g.remember(&value)
		}
		if g.waiting[l.key] == l {
			g.answer(l, value, err)
		}
		g.advance()
	}()
}

// remember keeps an object under its key and its alias.
func (g *generation[T]) remember(value *T) {
	g.known[g.reader.source.Key(*value)] = value
	if alias := g.reader.source.Alias; alias != nil {
		g.known[alias(*value)] = value
	}
}

// readPage asks for the next page, unless one is under way.
func (g *generation[T]) readPage() {
	if g.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(g.queue[0].ctx)
	g.cancel = cancel
	g.pages++
	list, cursor := g.list, g.list.cursor
	go func() {
		defer cancel()
		page, err := g.reader.source.Page(ctx, cursor)
		g.reader.mu.Lock()
		defer g.reader.mu.Unlock()
		g.cancel = nil
		switch {
		case err == nil:
			g.take(list, page)
		case ctx.Err() == nil: // else it was ended because no one waited for it
			g.failed = err
		}
		g.advance()
	}()
}

// take keeps a page and answers the lookups of what is on it. When a list fails, its readers are served singly.
func (g *generation[T]) take(l *list[T], page Page[T]) {
	for at := range page.Items {
		g.remember(&page.Items[at])
	}
	g.answerKnown()
	if l != g.list {
		return // All has read the whole list meanwhile
	}
	switch err := l.take(page); {
	case err != nil:
		g.failed = err
	case l.complete:
		g.list = newList(g.reader.source)
		g.lists++
		if g.whole == nil {
			g.whole = nonNil(l.items)
		}
	}
}

// keep takes over the list that All has read.
func (g *generation[T]) keep(items []*T) {
	for _, item := range items {
		g.remember(item)
	}
	g.whole = nonNil(items)
	g.lists = max(g.lists, 1)
	g.list = newList(g.reader.source)
}

// answerKnown answers the queued lookups whose objects are known by now.
func (g *generation[T]) answerKnown() {
	g.queue = slices.DeleteFunc(g.queue, func(l *lookup[T]) bool {
		known, ok := g.known[l.key]
		if ok {
			g.answer(l, *known, nil)
		}
		return ok
	})
}

// nonNil tells an empty list from none.
func nonNil[T any](items []*T) []*T {
	if items == nil {
		return []*T{}
	}
	return items
}
