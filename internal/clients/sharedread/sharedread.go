// SPDX-License-Identifier: MPL-2.0

// Package sharedread reads objects of a remote collection with few requests, however many of them are asked for. It
// follows the ski-rental rule: it reads objects one by one while few are asked for, and reads the paged list once the
// single reads would have cost as much. One list serves all readers. The number of reads is not known in advance; with
// this rule the cost is at most twice that of the best choice in hindsight, plus a handful of requests at the start.
//
// A list proves no absence. When others delete objects while its pages are read, the rest moves up, and an object that
// moves to the page before is on neither page. So Get asks for an object that the list lacks.
package sharedread

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// fewReads are always made one by one: so few are not worth a list. The first promptReads of them are made at once,
	// the others once it is clear that no more are to come. Fewer single reads before that make the list cheaper if more
	// do come.
	promptReads = 6
	fewReads    = 10
	// defaultLinger has to be longer than the pause in which readers that got the first answers ask for more, on a busy
	// machine too: Terraform plans ten resources before it reads the next. The wait ends as soon as more than fewReads are
	// asked for, so only callers that read seven to ten objects wait for it.
	defaultLinger = 200 * time.Millisecond
	// maxProofs is how many absences are proved singly. For more of them a second list is cheaper.
	maxProofs = 250
	// maxEntries and maxPages end a list that never ends. Where the source tells a total, the list may have twice as many
	// entries and maxGrowth more.
	maxEntries = 100_000
	maxPages   = 2000
	maxGrowth  = 250
)

// ErrPartial means that the source kept answering with a part of the list only.
var ErrPartial = errors.New("the server answers with a part of the list only")

// errShort is a list that ended before its total.
var errShort = fmt.Errorf("%w", ErrPartial)

// Source is the remote collection. Its functions are called concurrently, with contexts that end when no reader waits
// for the answer any more.
type Source[T any] struct {
	// One reads one object. Its error is handed to the readers unchanged.
	One func(ctx context.Context, id string) (T, error)
	// Page reads one page of the list: the first for the cursor "", then what Page.Next said.
	Page func(ctx context.Context, cursor string) (Page[T], error)
	// Pages reads the pages of the whole list in turn; nil = by Page. A source that can ask for a page while it decodes
	// the one before is quicker so.
	Pages func(ctx context.Context) iter.Seq2[Page[T], error]
	// Key is the id of an object, as given to Reader.Get.
	Key func(T) string
	// Alias is another key of an object, as given to Reader.Look; nil = there is none. No alias may equal an id.
	Alias func(T) string
	// NotFound makes the error for a key that is not in the list: for Look after one list, for Get after two.
	NotFound func(key string) error
	// Linger is how long the seventh to tenth reader wait for others before they are served singly; 200 ms when zero.
	Linger time.Duration
}

// Page is one page of the list.
type Page[T any] struct {
	Items []T
	// Next is the cursor of the next page; "" = this was the last one.
	Next string
	// Pages and Total are how many pages and objects the whole list has, where the source tells; else 0.
	Pages, Total int
}

// Reader shares what it reads among its callers until the next write. It is safe for concurrent use. What it gives
// is shared: callers must not change what a T points to.
type Reader[T any] struct {
	source Source[T]
	// gate keeps whole lists and writes apart: a write takes one share, a list takes all of them.
	gate *semaphore.Weighted
	mu   sync.Mutex
	now  *generation[T]
}

// allShares is more than the writes that can be under way.
const allShares = 1 << 30

// New makes a reader; it reads nothing.
func New[T any](source Source[T]) *Reader[T] {
	if source.Linger <= 0 {
		source.Linger = defaultLinger
	}
	reader := &Reader[T]{source: source, gate: semaphore.NewWeighted(allShares)}
	reader.Drop()
	return reader
}

// Get reads one object. Its error is Source.One's, or Source.NotFound's when two lists lack the id, the second of which
// began after the first had ended. The end of ctx ends this caller's wait only.
func (r *Reader[T]) Get(ctx context.Context, id string) (T, error) {
	return r.get(
		ctx,
		id,
		lookup[T]{one: func(ctx context.Context) (T, error) { return r.source.One(ctx, id) }, proved: true},
	)
}

// Look reads one object by its alias. It is Get for callers who do not need a proof: Source.NotFound says that a list
// lacks the alias, and no more. one reads the object singly.
func (r *Reader[T]) Look(ctx context.Context, alias string, one func(ctx context.Context) (T, error)) (T, error) {
	return r.get(ctx, alias, lookup[T]{one: one})
}

func (r *Reader[T]) get(ctx context.Context, key string, asked lookup[T]) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	r.mu.Lock()
	generation := r.now
	if known, ok := generation.known[key]; ok {
		r.mu.Unlock()
		return *known, nil
	}
	asked.key = key
	waiting := generation.ask(ctx, asked)
	generation.advance()
	r.mu.Unlock()

	select {
	case <-waiting.done:
		return waiting.value, waiting.err
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		generation.leave(waiting)
		return none, ctx.Err()
	}
}

// All reads the whole list, in the order of the server. No Write is under way from its first page to its last: All
// waits for those that are, and later ones wait for it. A list that fails is begun again by the next call.
func (r *Reader[T]) All(ctx context.Context) ([]T, error) {
	var all []T
	err := r.Quiet(ctx, func() (err error) {
		all, err = r.wholeList(ctx)
		return err
	})
	return all, err
}

func (r *Reader[T]) wholeList(ctx context.Context) ([]T, error) {
	r.mu.Lock()
	generation := r.now
	if generation.whole != nil {
		defer r.mu.Unlock()
		return values(generation.whole), nil
	}
	generation.listing = true
	r.mu.Unlock()

	whole, err := r.readList(ctx)

	r.mu.Lock()
	defer r.mu.Unlock()
	generation.listing = false
	if err == nil {
		generation.keep(whole)
	}
	generation.advance()
	return values(whole), err
}

// Quiet runs read while no Write is under way. It must call neither All nor Write.
func (r *Reader[T]) Quiet(ctx context.Context, read func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.gate.Acquire(ctx, allShares); err != nil {
		return err
	}
	defer r.gate.Release(allShares)
	return read()
}

// Write runs a write to the collection that may remove or move entries of the list, apart from All and Quiet, and then
// drops what was read. It has to be short, since lists wait for it.
func (r *Reader[T]) Write(ctx context.Context, write func() error) error {
	if err := r.gate.Acquire(ctx, 1); err != nil {
		return err
	}
	defer r.gate.Release(1)
	defer r.Drop()
	return write()
}

// Drop forgets everything read so far. Call it after a write that only adds to the collection, whatever its outcome:
// nothing that was read, or begun to be read, before Drop is handed to a reader who comes after it. Readers who wait
// already are still served by what was begun for them, so that a series of writes cannot starve them.
func (r *Reader[T]) Drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = &generation[T]{
		reader:  r,
		known:   make(map[string]*T),
		waiting: make(map[string]*lookup[T]),
		list:    newList(r.source),
	}
}

func values[T any](pointers []*T) []T {
	all := make([]T, len(pointers))
	for at, pointer := range pointers {
		all[at] = *pointer
	}
	return all
}
