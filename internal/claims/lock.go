// SPDX-License-Identifier: MPL-2.0

package claims

import (
	"context"
	"sync"
)

// locks are the people that a resource works on at the moment.
type locks struct {
	mu      sync.Mutex
	busy    map[string]bool // by key of the person
	changed chan struct{}   // closed when people become free
}

// Lock waits until no other resource works on any of the people, and keeps others from them until unlock is called.
// It takes all of them at once, so that two callers cannot wait for each other; who holds a lock must not ask for a
// second one. The error is the context's.
func (r *Registry) Lock(ctx context.Context, people ...Person) (unlock func(), err error) {
	var keys []string
	for _, person := range people {
		keys = append(keys, person.keys()...)
	}
	for {
		wait, locked := r.locks.tryLock(keys)
		if locked {
			return func() { r.locks.unlock(keys) }, nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// tryLock takes all keys, or none and returns what is closed when it is worth trying again.
func (l *locks) tryLock(keys []string) (wait <-chan struct{}, locked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy == nil {
		l.busy, l.changed = map[string]bool{}, make(chan struct{})
	}
	for _, key := range keys {
		if l.busy[key] {
			return l.changed, false
		}
	}
	for _, key := range keys {
		l.busy[key] = true
	}
	return nil, true
}

func (l *locks) unlock(keys []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		delete(l.busy, key)
	}
	close(l.changed)
	l.changed = make(chan struct{})
}
