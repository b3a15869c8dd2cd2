package clients

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
)

// foreseenFor is how long what a plan read of a directory group may serve the create that follows it.
const foreseenFor = 30 * time.Second

// CloudShellRun is what the resources of one run tell each other about CloudShell. The zero value is ready for use.
type CloudShellRun struct {
	working chan struct{} // holds one token while somebody works

	mu        sync.Mutex
	broughtIn map[int64]bool
	foreseen  map[string]foreseen
}

type foreseen struct {
	people []cloudshellapi.ExternalUser
	until  time.Time
}

// Work waits until no other resource works on the members of groups. Each looks up who is there before it imports, and
// must not take for a stranger whom another one brings in at that moment. Call done afterwards.
func (r *CloudShellRun) Work(ctx context.Context) (done func(), err error) {
	r.mu.Lock()
	if r.working == nil {
		r.working = make(chan struct{}, 1)
	}
	working := r.working
	r.mu.Unlock()
	select {
	case working <- struct{}{}:
		return func() { <-working }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// NoteBroughtIn notes the ids of CloudShell users whom an import of this run brought in.
func (r *CloudShellRun) NoteBroughtIn(ids ...int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broughtIn == nil {
		r.broughtIn = map[int64]bool{}
	}
	for _, id := range ids {
		r.broughtIn[id] = true
	}
}

// BroughtIn reports whether an import of this run brought the CloudShell user in.
func (r *CloudShellRun) BroughtIn(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.broughtIn[id]
}

// Foresee keeps the people of a directory group, which the plan of a create has just read, for the create itself: at apply
// Terraform plans once more right before it, and the list may be long.
func (r *CloudShellRun) Foresee(group string, people []cloudshellapi.ExternalUser) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.foreseen == nil {
		r.foreseen = map[string]foreseen{}
	}
	r.foreseen[strings.ToLower(group)] = foreseen{people, time.Now().Add(foreseenFor)}
}

// Foreseen returns, once, what Foresee kept, unless it is too old.
func (r *CloudShellRun) Foreseen(group string) ([]cloudshellapi.ExternalUser, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept, ok := r.foreseen[strings.ToLower(group)]
	delete(r.foreseen, strings.ToLower(group))
	return kept.people, ok && time.Now().Before(kept.until)
}
