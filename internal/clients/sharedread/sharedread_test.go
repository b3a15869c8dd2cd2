// SPDX-License-Identifier: MPL-2.0

package sharedread_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
)

// The rows of the cost table, and what they do not say.
func TestCost(t *testing.T) {
	t.Parallel()
	cloudShell := func(size int) *collection { return &collection{size: size, pageSize: 250} }
	vcd := func(size int) *collection { return &collection{size: size, pageSize: 128, tellsLength: true} }
	tests := map[string]struct {
		c                  *collection
		count, parallelism int
		most               int
	}{
		"1 of 10,000":                            {cloudShell(10000), 1, 10, 1},
		"10 of 10,000":                           {cloudShell(10000), 10, 10, 10},
		"10 of 10,000, one by one":               {cloudShell(10000), 10, 1, 10},
		"10 of 10,000, all at once":              {cloudShell(10000), 10, 100, 10},
		"12 of 10,000":                           {cloudShell(10000), 12, 10, 24},
		"30 of 10,000":                           {cloudShell(10000), 30, 10, 60},
		"1,000 of 1,000":                         {cloudShell(1000), 1000, 10, 12},
		"1,000 of 1,000, all at once":            {cloudShell(1000), 1000, 1000, 12},
		"1,000 of 1,000, two by two":             {cloudShell(1000), 1000, 2, 14},
		"1,000 of 1,000, one by one":             {cloudShell(1000), 1000, 1, 14},
		"1,000 of 10,000":                        {cloudShell(10000), 1000, 10, 80},
		"1,000 of 10,000, one by one":            {cloudShell(10000), 1000, 1, 80},
		"10,000 of 10,000":                       {cloudShell(10000), 10000, 10, 80},
		"1,000 of 1,002":                         {cloudShell(1002), 1000, 10, 12},
		"Cloud Director, 1,000 of 1,002":         {vcd(1002), 1000, 10, 16},
		"11 of 11":                               {cloudShell(11), 11, 10, 11},
		"Cloud Director, 1 of 10,000":            {vcd(10000), 1, 10, 1},
		"Cloud Director, 10 of 10,000":           {vcd(10000), 10, 10, 10},
		"Cloud Director, 15 of 10,000":           {vcd(10000), 15, 10, 16},
		"Cloud Director, 1,000 of 1,000":         {vcd(1000), 1000, 10, 16},
		"Cloud Director, 1,000 of 10,000":        {vcd(10000), 1000, 10, 2 * 79},
		"Cloud Director, 10,000, one by one":     {vcd(10000), 1000, 1, 2 * 79},
		"Cloud Director, 1,000, all of them":     {vcd(1000), 1000, 1000, 16},
		"Cloud Director, 10,000, more at a time": {vcd(10000), 1000, 50, 2 * 79},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				read(t, test.c, test.c.reader(), test.count, test.parallelism)
				t.Logf("%d single reads + %d pages", test.c.singles.Load(), test.c.pages.Load())
				if got := test.c.requests(); got > test.most {
					t.Errorf("%d requests, at most %d allowed", got, test.most)
				}
			})
		})
	}
}

// Whatever the numbers, no more than twice the list is paid, nor twice the single reads.
func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		c := &collection{size: 1 + random.IntN(3000), pageSize: 1 + random.IntN(100), tellsLength: random.IntN(2) == 0}
		count, parallelism := 1+random.IntN(c.size), 1+random.IntN(30)
		synctest.Test(t, func(t *testing.T) {
			read(t, c, c.reader(), count, parallelism)
			pages := (c.size + c.pageSize - 1) / c.pageSize
			if most := min(2*max(pages, 10), 2*count); c.requests() > most {
				t.Errorf(
					"%d of %d, page %d, %d at a time: %d requests, at most %d allowed",
					count,
					c.size,
					c.pageSize,
					parallelism,
					c.requests(),
					most,
				)
			}
		})
	}
}

func TestAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 1000, pageSize: 250}
		reader := c.reader()
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				all, err := reader.All(t.Context())
				if err != nil || len(all) != 1000 || all[0].id != "0" || all[999].id != "999" {
					t.Errorf("%d objects, %v", len(all), err)
				}
			})
			group.Go(func() {
				if _, err := reader.Get(t.Context(), "1000"); !errors.Is(err, errNotFound) {
					t.Errorf("an object that does not exist: %v", err)
				}
			})
		}
		group.Wait()
		// Get may have come first, and have gone singly.
		if got := c.requests(); got > 5 {
			t.Errorf("%d requests, want 4 or 5", got)
		}
		before := c.requests()
		if _, err := reader.Get(t.Context(), "77"); err != nil || c.requests() != before {
			t.Errorf("a complete list was not used: %v", err)
		}
		all, _ := reader.All(t.Context())
		all[0].id = "changed"
		if again, _ := reader.All(t.Context()); again[0].id != "0" {
			t.Error("callers share one slice")
		}
	})
}

func TestNotFoundSingly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 10, pageSize: 5}
		reader := c.reader()
		for range 2 {
			if _, err := reader.Get(t.Context(), "99"); !errors.Is(err, errNotFound) {
				t.Errorf("error %v", err)
			}
		}
		if got := c.requests(); got != 2 {
			t.Errorf("%d requests: an absence was remembered without a list to prove it", got)
		}
	})
}

// A list alone proves no absence: the object is asked for. Too many of them are looked up in a second list.
func TestAbsence(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ absent, singles, pages int }{
		"one":  {1, 1, 4},
		"250":  {250, 250, 4},
		"1000": {1000, 250, 8},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &collection{size: 1000, pageSize: 250}
				c.page = func(cursor string, page *sharedread.Page[item]) {
					if cursor == "500" && c.pages.Load() < 5 {
						page.Items = page.Items[1:] // 500 has moved to the page before
					}
				}
				reader := c.reader()
				if _, err := reader.All(t.Context()); err != nil {
					t.Fatal(err)
				}
				for id := range test.absent - 1 {
					if _, err := reader.Get(t.Context(), strconv.Itoa(5000+id)); !errors.Is(err, errNotFound) {
						t.Errorf("an absent object: %v", err)
					}
				}
				if _, err := reader.Get(t.Context(), "500"); err != nil {
					t.Errorf("an object that slipped between two pages: %v", err)
				}
				if singles, pages := int(c.singles.Load()), int(c.pages.Load()); singles != test.singles || pages != test.pages {
					t.Errorf("%d single reads and %d pages, want %d and %d", singles, pages, test.singles, test.pages)
				}
			})
		})
	}
}

func TestListBelowItsTotal(t *testing.T) {
	t.Parallel()
	for failures, partial := range map[int32]bool{3: false, 100: true} {
		synctest.Test(t, func(t *testing.T) {
			c := &collection{size: 1000, pageSize: 250, tellsLength: true}
			c.page = func(cursor string, page *sharedread.Page[item]) {
				if cursor == "500" && c.pages.Load() <= 4*failures {
					page.Items = page.Items[1:]
				}
			}
			all, err := c.reader().All(t.Context())
			if errors.Is(err, sharedread.ErrPartial) != partial || !partial && len(all) != 1000 {
				t.Errorf("%d objects, %v", len(all), err)
			}
			if got := c.requests(); got != 16 {
				t.Errorf("%d requests for 4 lists of 4 pages", got)
			}
			read(t, c, c.reader(), 600, 10) // by a list or singly
		})
	}
}

// A thousand names that do not exist cost one list, not a proof for each.
func TestLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 1000, pageSize: 250}
		reader := c.reader()
		one := func(alias string) func(context.Context) (item, error) {
			return func(ctx context.Context) (item, error) { return c.one(ctx, strings.TrimPrefix(alias, "name of ")) }
		}
		var group sync.WaitGroup
		for id := range 2000 {
			group.Go(func() {
				alias := "name of " + strconv.Itoa(id)
				got, err := reader.Look(t.Context(), alias, one(alias))
				if id < 1000 && (err != nil || got.id != strconv.Itoa(id)) || id >= 1000 && !errors.Is(err, errNotFound) {
					t.Errorf("%s: %v, %v", alias, got, err)
				}
			})
		}
		group.Wait()
		if got := c.requests(); got > 12 {
			t.Errorf("%d requests", got)
		}
		before := c.requests()
		if _, err := reader.Get(t.Context(), "7"); err != nil || c.requests() != before {
			t.Errorf("what was read by name is read again by id: %v", err)
		}
	})
}

func TestListFails(t *testing.T) {
	t.Parallel()
	tests := map[string]func(c *collection){
		"an error": func(c *collection) { c.failPage = 2 },
		"the cursor repeats": func(c *collection) {
			c.page = func(cursor string, page *sharedread.Page[item]) {
				if cursor == "500" {
					page.Next = "250"
				}
			}
		},
		"the same page under ever new cursors": func(c *collection) {
			c.page = func(_ string, page *sharedread.Page[item]) {
				page.Items = page.Items[:0:0]
				page.Items = append(page.Items, item{id: "1"})
				page.Next = strings.Repeat("0", 1000) + strconv.Itoa(int(c.pages.Load()))
			}
		},
		"ever new objects": func(c *collection) {
			c.page = func(_ string, page *sharedread.Page[item]) {
				page.Next = strconv.Itoa(int(c.pages.Load()))
				page.Items = []item{{id: "new" + page.Next}}
			}
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &collection{size: 1000, pageSize: 250}
				spoil(c)
				if _, err := c.reader().All(t.Context()); err == nil || len(err.Error()) > 200 {
					t.Errorf("All ended with %.300v", err)
				}
			})
			if name == "ever new objects" {
				return // single reads would take turns with its pages forever, and do answer
			}
			synctest.Test(t, func(t *testing.T) {
				c := &collection{size: 1000, pageSize: 250}
				spoil(c)
				read(t, c, c.reader(), 100, 10)
			})
		})
	}
}

func TestAllAgainAfterFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collection{size: 1000, pageSize: 250, failPage: 3}
		reader := c.reader()
		if _, err := reader.All(t.Context()); err == nil {
			t.Error("the third page failed and All did not")
		}
		all, err := reader.All(t.Context())
		if err != nil || len(all) != 1000 {
			t.Errorf("%d objects, %v", len(all), err)
		}
		if _, err := reader.Get(t.Context(), "1001"); !errors.Is(err, errNotFound) || c.singles.Load() != 1 {
			t.Errorf("an absent object: %v, %d single reads", err, c.singles.Load())
		}
	})
}

func TestDrop(t *testing.T) {
	t.Parallel()
	// delay sets the write at every stage of what is under way.
	for delay := time.Duration(0); delay < 20*latency; delay += latency / 2 {
		synctest.Test(t, func(t *testing.T) {
			c := &collection{size: 2000, pageSize: 100}
			reader := c.reader()
			var group sync.WaitGroup
			group.Go(func() { read(t, c, reader, 300, 10) })
			group.Go(func() {
				if all, err := reader.All(t.Context()); err != nil || len(all) != 2000 {
					t.Errorf("%d objects, %v", len(all), err)
				}
			})
			time.Sleep(delay + time.Nanosecond)
			c.version.Add(1)
			reader.Drop()
			for id := range 30 {
				group.Go(func() {
					if got, err := reader.Get(t.Context(), strconv.Itoa(id)); err != nil || got.version != 1 {
						t.Errorf("after the write: %v, %v", got, err)
					}
				})
			}
			group.Go(func() {
				all, err := reader.All(t.Context())
				if err != nil {
					t.Error(err)
				}
				for _, got := range all {
					if got.version != 1 {
						t.Errorf("after the write: %v", got)
						return
					}
				}
			})
			group.Wait()
		})
	}
}

func TestMemory(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	c := &collection{size: 10000, pageSize: 250}
	reader := c.reader()
	before := heap()
	if _, err := reader.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	if used := int64(heap()) - int64(before); used > 5<<20 {
		t.Errorf("%d bytes for 10,000 small objects", used)
	}
	runtime.KeepAlive(reader)
}
