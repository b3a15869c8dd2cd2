// SPDX-License-Identifier: MPL-2.0

package sharedread_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
)

func TestSameObjectAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 10, pageSize: 5}
		reader := c.reader()
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				if _, err := reader.Get(t.Context(), "7"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := c.requests(); got != 1 {
			t.Errorf("%d requests for one object", got)
		}
	})
}

// No write is under way while a whole list is read, and none of its pages is older than a write before it.
func TestListsAndWritesAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 1000, pageSize: 250}
		reader := c.reader()
		var writing atomic.Int32
		c.page = func(string, *sharedread.Page[item]) {
			if writing.Load() > 0 {
				t.Error("a page was read while a write was under way")
			}
		}
		var group sync.WaitGroup
		for i := range 40 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * latency / 3)
				err := reader.Write(t.Context(), func() error {
					writing.Add(1)
					defer writing.Add(-1)
					time.Sleep(latency)
					c.version.Add(1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			group.Go(func() {
				time.Sleep(time.Duration(i) * latency / 5)
				all, err := reader.All(t.Context())
				if err != nil || len(all) != 1000 {
					t.Errorf("%d objects, %v", len(all), err)
				}
				for _, object := range all {
					if object.version != all[0].version {
						t.Error("a list of two generations")
						return
					}
				}
			})
		}
		group.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := reader.Write(ctx, func() error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("a write after the end: %v", err)
		}
	})
}

func TestWritesDoNotStarveReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 2000, pageSize: 100}
		reader := c.reader()
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := reader.All(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		for range 100 {
			time.Sleep(latency / 4)
			reader.Drop()
		}
		select {
		case <-done:
		default:
			t.Error("the list of 20 pages has not come in the time of 25")
		}
		<-done
	})
}

func TestCancelledReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 1000, pageSize: 250}
		reader := c.reader()
		hurried, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for id := range 100 {
			group.Go(func() {
				if _, err := reader.Get(hurried, strconv.Itoa(id)); !errors.Is(err, context.Canceled) {
					t.Errorf("cancelled: %v", err)
				}
			})
			group.Go(func() {
				if _, err := reader.Get(t.Context(), strconv.Itoa(id)); err != nil {
					t.Errorf("patient: %v", err)
				}
			})
		}
		time.Sleep(latency / 2)
		cancel()
		group.Wait()
		if _, err := reader.Get(hurried, "1"); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled beforehand: %v", err)
		}
		if got := c.requests(); got > 12 {
			t.Errorf("%d requests", got)
		}
	})
}

func TestAllReadersCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 1000, pageSize: 250}
		reader := c.reader()
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for id := range 100 {
			group.Go(func() {
				if _, err := reader.Get(ctx, strconv.Itoa(id)); !errors.Is(err, context.Canceled) {
					t.Errorf("Get: %v", err)
				}
			})
		}
		group.Go(func() {
			if _, err := reader.All(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("All: %v", err)
			}
		})
		time.Sleep(latency / 2)
		cancel()
		group.Wait()
		synctest.Wait()
		// Requests that were under way are ended, no new ones begun, and the next reader is served as ever.
		before := c.requests()
		time.Sleep(10 * latency)
		if got := c.requests(); got != before || before > 9 {
			t.Errorf("%d requests, then %d", before, got)
		}
		if _, err := reader.Get(t.Context(), "3"); err != nil {
			t.Error(err)
		}
		if all, err := reader.All(t.Context()); err != nil || len(all) != 1000 {
			t.Errorf("%d objects, %v", len(all), err)
		}
	})
}

// Real time, real concurrency: for the race detector.
func TestConcurrently(t *testing.T) {
	t.Parallel()
	c := &collection{size: 500, pageSize: 50}
	reader := c.reader()
	var group sync.WaitGroup
	for worker := range 20 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 1))
			for range 30 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(100))*time.Millisecond)
				switch random.IntN(10) {
				case 0:
					reader.Drop()
				case 1:
					if all, err := reader.All(ctx); err == nil && len(all) != 500 {
						t.Errorf("%d objects", len(all))
					}
				default:
					id := strconv.Itoa(random.IntN(510))
					got, err := reader.Get(ctx, id)
					if err == nil && got.id != id || err != nil && !errors.Is(err, errNotFound) && ctx.Err() == nil {
						t.Errorf("Get(%s) = %v, %v", id, got, err)
					}
				}
				cancel()
			}
		})
	}
	group.Wait()
}
