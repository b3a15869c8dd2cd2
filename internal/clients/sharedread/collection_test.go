// SPDX-License-Identifier: MPL-2.0

package sharedread_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
)

var errNotFound = errors.New("not found")

const latency = 20 * time.Millisecond

// collection is a server with objects 0 to size-1, which counts its requests.
type collection struct {
	size, pageSize int
	tellsLength    bool
	singles, pages atomic.Int32
	// version is what an object says when it is read; writes change it.
	version atomic.Int32
	// failPage makes the nth page fail; page changes an answer.
	failPage int32
	page     func(cursor string, page *sharedread.Page[item])
}

type item struct {
	id      string
	version int32
}

func (c *collection) requests() int { return int(c.singles.Load() + c.pages.Load()) }

func (c *collection) reader() *sharedread.Reader[item] {
	return sharedread.New(sharedread.Source[item]{
		One:      c.one,
		Page:     c.readPage,
		Key:      func(i item) string { return i.id },
		Alias:    func(i item) string { return "name of " + i.id },
		NotFound: func(id string) error { return fmt.Errorf("%w: %s", errNotFound, id) },
	})
}

func (c *collection) one(ctx context.Context, id string) (item, error) {
	c.singles.Add(1)
	answer := item{id: id, version: c.version.Load()}
	if err := sleep(ctx); err != nil {
		return item{}, err
	}
	if number, err := strconv.Atoi(id); err != nil || number >= c.size {
		return item{}, errNotFound
	}
	return answer, nil
}

func (c *collection) readPage(ctx context.Context, cursor string) (sharedread.Page[item], error) {
	number := c.pages.Add(1)
	version := c.version.Load()
	if err := sleep(ctx); err != nil {
		return sharedread.Page[item]{}, err
	}
	if number == c.failPage {
		return sharedread.Page[item]{}, errors.New("list is out of order")
	}
	start, _ := strconv.Atoi(cursor)
	var page sharedread.Page[item]
	for i := start; i < min(start+c.pageSize, c.size); i++ {
		page.Items = append(page.Items, item{id: strconv.Itoa(i), version: version})
	}
	if start+c.pageSize < c.size {
		page.Next = strconv.Itoa(start + c.pageSize)
	}
	if c.tellsLength {
		page.Pages, page.Total = (c.size+c.pageSize-1)/c.pageSize, c.size
	}
	if c.page != nil {
		c.page(cursor, &page)
	}
	return page, nil
}

func sleep(ctx context.Context) error {
	select {
	case <-time.After(latency):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read reads count objects, spread over the collection, so many at a time as Terraform does.
func read(t *testing.T, c *collection, reader *sharedread.Reader[item], count, parallelism int) {
	t.Helper()
	ids := rand.New(rand.NewPCG(1, 2)).Perm(c.size)[:count]
	work := make(chan int)
	var group sync.WaitGroup
	for range parallelism {
		group.Go(func() {
			for id := range work {
				got, err := reader.Get(t.Context(), strconv.Itoa(id))
				if err != nil || got.id != strconv.Itoa(id) {
					t.Errorf("Get(%d) = %v, %v", id, got, err)
				}
				time.Sleep(time.Millisecond) // what Terraform does in between
			}
		})
	}
	for _, id := range ids {
		work <- id
	}
	close(work)
	group.Wait()
}
