package sharedread

import (
	"context"
	"slices"
	"time"
)

// epoch is everything read between two writes. All of it is guarded by Reader.mu, except the fields of a wait after its done
// is closed.
type epoch[T any] struct {
	reader *Reader[T]
	known  map[string]object[T]
	// wanted holds whom readers wait for; queue those of them for whom no request is under way, in the order of asking.
	wanted map[string]*want[T]
	queue  []*want[T]
	// all waits for the whole list; nil = nobody does.
	all *wait[[]T]
	// asked counts the objects asked for and not known then, singles the single reads sent, flying those of them under way.
	asked, singles, flying int
	list                   list
	// linger runs while the last of a few readers wait for others.
	linger *time.Timer
}

// object is what was read, and on which run of the list it was met; 0 = on none.
type object[T any] struct {
	value T
	run   int
}

// wait is for one answer, which any number of readers share.
type wait[V any] struct {
	ctx     context.Context // the first reader's, without its end: its values go into the request made for all
	readers int
	cancel  context.CancelFunc // ends the request made for this wait; nil = none
	done    chan struct{}
	value   V
	err     error
}

type want[T any] struct {
	id string
	wait[T]
}

func (e *epoch[T]) want(ctx context.Context, id string) *want[T] {
	wanted, ok := e.wanted[id]
	if !ok {
		wanted = &want[T]{id: id, wait: wait[T]{ctx: context.WithoutCancel(ctx), done: make(chan struct{})}}
		e.wanted[id] = wanted
		e.queue = append(e.queue, wanted)
		e.asked++
	}
	wanted.readers++
	return wanted
}

func (e *epoch[T]) wantAll(ctx context.Context) *wait[[]T] {
	if e.all == nil {
		e.all = &wait[[]T]{ctx: context.WithoutCancel(ctx), done: make(chan struct{})}
	}
	if e.list.failed != nil {
		e.list.restart()
	}
	e.all.readers++
	return e.all
}

// leave gives up one reader's wait. Requests that nobody waits for any more are ended.
func (e *epoch[T]) leave(wanted *want[T]) {
	wanted.readers--
	if wanted.readers > 0 || e.wanted[wanted.id] != wanted {
		return
	}
	delete(e.wanted, wanted.id)
	e.queue = slices.DeleteFunc(e.queue, func(queued *want[T]) bool { return queued == wanted })
	if wanted.cancel != nil {
		wanted.cancel()
	}
	e.endIdlePage()
}

func (e *epoch[T]) leaveAll(wanted *wait[[]T]) {
	wanted.readers--
	if wanted.readers == 0 && e.all == wanted {
		e.all = nil
		e.endIdlePage()
	}
}

func (e *epoch[T]) endIdlePage() {
	if e.list.cancel != nil && e.all == nil && len(e.queue) == 0 {
		e.list.cancel()
	}
}

// advance starts whatever should be under way next. It is called after everything that happens.
func (e *epoch[T]) advance() {
	for len(e.queue) > 0 || e.all != nil {
		switch {
		case e.list.complete:
			e.settleByList()
		case e.all != nil:
			e.readPage()
			return
		case e.list.failed != nil || e.singles < promptReads:
			e.readNext()
		case e.areFew():
			e.lingerOn()
			return
		case e.list.cancel != nil:
			return // the page under way may answer them
		case e.pageIsDue():
			e.readPage()
			return
		default:
			e.readNext()
		}
	}
}

// areFew tells whether all the reads so far are too few for a list.
func (e *epoch[T]) areFew() bool {
	return e.list.pages == 0 && e.singles+len(e.queue) <= fewReads
}

// pageIsDue is the ski-rental rule. Where the source does not tell how long the list is, pages and single reads take turns:
// if the reads end soon, at most half of the requests was in vain; if not, the pages add up to the whole list. Where it
// tells, the list waits until single reads of all that was asked for would have cost as much.
func (e *epoch[T]) pageIsDue() bool {
	if e.list.needed > 0 && e.asked >= e.list.needed {
		return true
	}
	return e.list.pages < e.singles && (e.list.needed == 0 || e.list.pages == 0)
}

// lingerOn gives others the time to ask as well, counted from the last single read's answer.
func (e *epoch[T]) lingerOn() {
	if e.flying > 0 || e.linger != nil {
		return
	}
	e.linger = time.AfterFunc(e.reader.source.Linger, func() {
		e.reader.mu.Lock()
		defer e.reader.mu.Unlock()
		e.linger = nil
		for len(e.queue) > 0 && e.areFew() {
			e.readNext()
		}
		e.advance()
	})
}

// settleByList answers everybody from the complete list. Whoever is not in it does not exist, unless the list moved while it
// was read: then the few in question are asked for singly.
func (e *epoch[T]) settleByList() {
	if e.all != nil {
		e.answerAll(e.listed(), nil)
	}
	var slipped []*want[T]
	for _, wanted := range e.queue {
		switch known, ok := e.known[wanted.id]; {
		case ok:
			e.answer(wanted, known.value, nil)
		case e.list.moved:
			slipped = append(slipped, wanted)
		default:
			e.answer(wanted, known.value, e.reader.source.NotFound(wanted.id))
		}
	}
	e.queue = slipped
	for len(e.queue) > 0 {
		e.readNext()
	}
}

// answer settles what is wanted. Taking it from the queue is left to the caller, who may have many.
func (e *epoch[T]) answer(wanted *want[T], value T, err error) {
	delete(e.wanted, wanted.id)
	wanted.value, wanted.err = value, err
	close(wanted.done)
}

func (e *epoch[T]) answerAll(items []T, err error) {
	e.all.value, e.all.err = items, err
	close(e.all.done)
	e.all = nil
}

// readNext sends a single read for the first in the queue.
func (e *epoch[T]) readNext() {
	wanted := e.queue[0]
	e.queue = e.queue[1:]
	ctx, cancel := context.WithCancel(wanted.ctx)
	wanted.cancel = cancel
	e.singles++
	e.flying++
	go func() {
		defer cancel()
		value, err := e.reader.source.One(ctx, wanted.id)
		e.reader.mu.Lock()
		defer e.reader.mu.Unlock()
		e.flying--
		if _, met := e.known[wanted.id]; err == nil && !met {
			e.known[wanted.id] = object[T]{value: value}
		}
		if e.wanted[wanted.id] == wanted {
			e.answer(wanted, value, err)
		}
		e.advance()
	}()
}

// readPage asks for the next page, unless one is under way.
func (e *epoch[T]) readPage() {
	if e.list.cancel != nil {
		return
	}
	var parent context.Context
	if e.all != nil {
		parent = e.all.ctx
	} else {
		parent = e.queue[0].ctx
	}
	ctx, cancel := context.WithCancel(parent)
	e.list.cancel = cancel
	e.list.pages++
	cursor := e.list.cursor
	go func() {
		defer cancel()
		page, err := e.reader.source.Page(ctx, cursor)
		e.reader.mu.Lock()
		defer e.reader.mu.Unlock()
		e.list.cancel = nil
		switch {
		case err == nil:
			e.take(page)
		case ctx.Err() == nil: // else it was ended because nobody waited for it
			e.fail(err)
		}
		e.advance()
	}()
}
