// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"errors"
	"sync"
)

// memo remembers the answers of a run by key. Those who ask for the same at the same time share one request. Failures
// are not remembered, except that an entry does not exist.
type memo[T any] struct {
	off bool

	mu      sync.Mutex
	answers map[string]*answer[T]
}

type answer[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// get returns what is remembered for key, or fetches it. A caller's cancelled context ends only that caller's wait:
// when the others waited for its request, one of them asks again.
func (m *memo[T]) get(ctx context.Context, key string, fetch func(context.Context) (T, error)) (T, error) {
	if m.off {
		return fetch(ctx)
	}
	for {
		a, mine := m.join(key)
		if mine {
			m.fetchInto(ctx, key, a, fetch)
			return a.value, a.err
		}
		select {
		case <-a.done:
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
		if !isCancelled(a.err) {
			return a.value, a.err
		}
	}
}

func (m *memo[T]) join(key string) (a *answer[T], mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a := m.answers[key]; a != nil {
		return a, false
	}
	if m.answers == nil {
		m.answers = map[string]*answer[T]{}
	}
	a = &answer[T]{done: make(chan struct{})}
	m.answers[key] = a
	return a, true
}

// fetchInto completes an answer. Those that failed are not remembered, except that there is no such entry.
func (m *memo[T]) fetchInto(ctx context.Context, key string, a *answer[T], fetch func(context.Context) (T, error)) {
	a.value, a.err = fetch(ctx)
	if a.err != nil && !errors.Is(a.err, ErrNotFound) {
		m.mu.Lock()
		delete(m.answers, key)
		m.mu.Unlock()
	}
	close(a.done)
}

// isCancelled tells a caller's own context from a server that took too long, which net reports as an exceeded
// deadline too.
func isCancelled(err error) bool {
	var explained *Error
	return !errors.As(err, &explained) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}
