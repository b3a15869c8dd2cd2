// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"sync"

	"golang.org/x/sync/singleflight"
)

// memo remembers what was loaded once, for all who ask. Failures are not remembered. The zero value is ready.
type memo[T any] struct {
	flight singleflight.Group

	mu         sync.Mutex
	value      *T
	generation int // grows with drop and change: a load begun before is not kept
}

func (m *memo[T]) get(ctx context.Context, load func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	known, generation := m.value, m.generation
	m.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	return await(ctx, &m.flight, "", func(ctx context.Context) (T, error) {
		value, err := load(ctx)
		if err != nil {
			return value, err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.generation == generation {
			m.value = &value
		}
		return value, nil
	})
}

// drop forgets the value, and what is being loaded at this moment.
func (m *memo[T]) drop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.value = nil
	m.generation++
	m.flight.Forget("")
}

// change replaces the value, if there is one, by what the function returns for it. The function must not write into the
// old one.
func (m *memo[T]) change(edit func(T) T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generation++
	m.flight.Forget("")
	if m.value != nil {
		changed := edit(*m.value)
		m.value = &changed
	}
}
