// Package sharedread reads the objects of a remote collection at the least cost: singly while few are asked for, by the
// paged list once the single reads would have paid for it, one list for all readers.
package sharedread

import (
	"context"
	"errors"
	"time"
)

// Source is the remote collection. Its functions are called concurrently.
type Source[T any] struct {
	// One reads one object. Its error is handed to the reader unchanged.
	One func(ctx context.Context, id string) (T, error)
	// Page reads one page of the list: the first for the cursor "", then what Page.Next said.
	Page func(ctx context.Context, cursor string) (Page[T], error)
	// Key is the id of an object, as given to Reader.Get.
	Key func(T) string
	// NotFound makes the error for an id that a complete list does not hold.
	NotFound func(id string) error
	// Linger is how long to wait for more readers before the first list is considered; 50 ms when zero.
	Linger time.Duration
}

// Page is one page of the list.
type Page[T any] struct {
	Items []T
	// Next is the cursor of the next page; "" = this was the last one.
	Next string
	// Pages is how many pages the whole list has, where the source tells; else 0.
	Pages int
}

// Reader shares what it reads among its callers until Drop. It is safe for concurrent use. What it hands out is shared:
// callers must not change what a T points to.
type Reader[T any] struct {
	source Source[T]
}

// New makes a reader; it reads nothing.
func New[T any](source Source[T]) *Reader[T] { return &Reader[T]{source: source} }

// Get reads one object: Source.One's error, or Source.NotFound's when a complete list lacks the id.
func (r *Reader[T]) Get(ctx context.Context, id string) (T, error) {
	var none T
	return none, errors.New("being built")
}

// All reads the whole list, in the order of the server.
func (r *Reader[T]) All(ctx context.Context) ([]T, error) {
	return nil, errors.New("being built")
}

// Drop forgets everything read so far. Call it after each write to the collection, whatever the write's outcome: nothing
// that was read, or begun to be read, before Drop is handed to a reader who comes after it.
func (r *Reader[T]) Drop() {}
