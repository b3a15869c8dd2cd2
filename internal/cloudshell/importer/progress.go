// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"fmt"
	"sync"
	"time"
)

// progress counts what is done.
type progress struct {
	mu          sync.Mutex
	doing       string
	done, total int
}

// progressEvery is how often an apply tells how far it is.
const progressEvery = 20 * time.Second

func (p *progress) begin(doing string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doing, p.done, p.total = doing, 0, total
}

func (p *progress) count() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
}

func (p *progress) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.total == 0 {
		return p.doing
	}
	return fmt.Sprintf("%s: %d of %d done", p.doing, p.done, p.total)
}

// reportProgress tells how far the work is until stop is called.
func (a *apply) reportProgress() (stop func()) {
	if a.work.Progress == nil {
		return func() {}
	}
	a.progress.begin("Reading users", 0)
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(progressEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				a.work.Progress(a.progress.String())
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}
