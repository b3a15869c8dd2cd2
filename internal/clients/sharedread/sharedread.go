// Package sharedread reads the objects of a remote collection at the least cost in requests, whatever share of it turns out
// to be asked for. It is the ski-rental rule: read singly while few are asked for, and by the paged list once the single
// reads would have paid for it; one list serves all readers. Nobody knows in advance how many reads will come, and this rule
// never pays more than twice what a clairvoyant would have paid (save for a handful of requests at the start).
package sharedread

import (
	"context"
	"sync"
	"time"
)

const (
	// fewReads are always made singly: so few are not worth a list. The first promptReads of them are made at once, the
	// others once it is clear that no more are to come. The fewer are made before it is clear, the cheaper is what follows
	// when more do come.
	promptReads = 6
	fewReads    = 10
	// defaultLinger has to be longer than the pause in which whoever got the first answers asks for more, on a busy machine
	// too: Terraform plans ten resources before it reads the next. It is cut short as soon as more than fewReads are asked
	// for, so only those who read seven to ten objects pay for it.
	defaultLinger = 200 * time.Millisecond
	// maxEntries and maxPages end a list that never ends. Where the source tells a total, the list may have twice as many
	// entries and maxGrowth more.
	maxEntries = 100_000
	maxPages   = 2000
	maxGrowth  = 250
)

// Source is the remote collection. Its functions are called concurrently, with contexts that end when no reader is left who
// waits for the answer.
type Source[T any] struct {
	// One reads one object. Its error is handed to the readers unchanged.
	One func(ctx context.Context, id string) (T, error)
	// Page reads one page of the list: the first for the cursor "", then what Page.Next said.
	Page func(ctx context.Context, cursor string) (Page[T], error)
	// Key is the id of an object, as given to Reader.Get.
	Key func(T) string
	// NotFound makes the error for an id that a complete list does not hold.
	NotFound func(id string) error
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

// Reader shares what it reads among its callers until Drop. It is safe for concurrent use. What it hands out is shared:
// callers must not change what a T points to.
type Reader[T any] struct {
	source Source[T]
	mu     sync.Mutex
	now    *epoch[T]
}

// New makes a reader; it reads nothing.
func New[T any](source Source[T]) *Reader[T] {
	if source.Linger <= 0 {
		source.Linger = defaultLinger
	}
	reader := &Reader[T]{source: source}
	reader.Drop()
	return reader
}

// Get reads one object: Source.One's error, or Source.NotFound's when a complete list lacks the id. The end of ctx ends this
// caller's wait only.
func (r *Reader[T]) Get(ctx context.Context, id string) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	r.mu.Lock()
	epoch := r.now
	if known, ok := epoch.known[id]; ok {
		r.mu.Unlock()
		return known.value, nil
	}
	wanted := epoch.want(ctx, id)
	epoch.advance()
	r.mu.Unlock()

	select {
	case <-wanted.done:
		return wanted.value, wanted.err
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		epoch.leave(wanted)
		return none, ctx.Err()
	}
}

// All reads the whole list, in the order of the server. A list that fails is begun anew by the next call.
func (r *Reader[T]) All(ctx context.Context) ([]T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	epoch := r.now
	if epoch.list.complete {
		defer r.mu.Unlock()
		return epoch.listed(), nil
	}
	wanted := epoch.wantAll(ctx)
	epoch.advance()
	r.mu.Unlock()

	select {
	case <-wanted.done:
		return wanted.value, wanted.err
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		epoch.leaveAll(wanted)
		return nil, ctx.Err()
	}
}

// Drop forgets everything read so far. Call it after each write to the collection, whatever the write's outcome: nothing
// that was read, or begun to be read, before Drop is handed to a reader who comes after it. Readers who wait already are
// still served by what was begun for them, so that a series of writes cannot starve them.
func (r *Reader[T]) Drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = &epoch[T]{
		reader: r,
		known:  make(map[string]object[T]),
		wanted: make(map[string]*want[T]),
		list:   newList(),
	}
}
