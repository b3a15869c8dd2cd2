// SPDX-License-Identifier: MPL-2.0

package clients

import (
	"sync"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// looksLastFor is how long what a plan saw may serve the create that follows it.
const looksLastFor = 30 * time.Second

// VCDRun is what the plans and creates of one process tell each other about Cloud Director. The zero value is ready.
type VCDRun struct {
	Users  Foresight[vcdapi.User]
	Groups Foresight[vcdapi.Group]

	mu    sync.Mutex
	looks int
	given map[claims.Holder]claims.Intention
}

// NextLook counts the looks for existing users and groups, and returns how many there were before.
func (r *VCDRun) NextLook() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looks++
	return r.looks - 1
}

// GivesUp notes what the resource of a holder would do to the person that it has, if it were replaced.
func (r *VCDRun) GivesUp(holder claims.Holder, intention claims.Intention) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.given == nil {
		r.given = map[claims.Holder]claims.Intention{}
	}
	r.given[holder] = intention
}

// GivenUp returns what GivesUp noted.
func (r *VCDRun) GivenUp(holder claims.Holder) (claims.Intention, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	intention, ok := r.given[holder]
	return intention, ok
}

// Foreseen is what the plan of a create saw, which Terraform repeats just before the create.
type Foreseen[T any] struct {
	Holder claims.Holder
	Found  *T   // what has the name already; nil for a name that was free
	Fresh  bool // the look is young enough to rely on
}

// Foresight hands what the plan of a create saw to the create itself.
type Foresight[T any] struct {
	mu   sync.Mutex
	kept map[string][]foresight[T]
}

type foresight[T any] struct {
	Foreseen[T]
	until time.Time
}

// Keep notes what the plan saw of a name.
func (f *Foresight[T]) Keep(name string, holder claims.Holder, found *T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string][]foresight[T]{}
	}
	f.kept[name] = append(f.kept[name], foresight[T]{Foreseen[T]{Holder: holder, Found: found},
		time.Now().Add(looksLastFor)})
}

// Take returns, once, what Keep noted of the name last.
func (f *Foresight[T]) Take(name string) (Foreseen[T], bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.kept[name]
	if len(kept) == 0 {
		return Foreseen[T]{}, false
	}
	last := kept[len(kept)-1]
	if f.kept[name] = kept[:len(kept)-1]; len(kept) == 1 {
		delete(f.kept, name)
	}
	last.Fresh = time.Now().Before(last.until)
	return last.Foreseen, true
}
