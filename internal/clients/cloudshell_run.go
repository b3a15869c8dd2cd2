package clients

import (
	"sync"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// foreseenFor is how long what a plan read of a directory group may serve the create that follows it.
const foreseenFor = 30 * time.Second

// CloudShellRun is what the resources of one run tell each other about CloudShell. The zero value is ready for use.
type CloudShellRun struct {
	mu        sync.Mutex
	broughtIn map[int64]bool
	foreseen  map[string]foreseen
}

type foreseen struct {
	holder claims.Holder
	people []cloudshellapi.ExternalUser
	until  time.Time
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

// Foresee keeps what the plan of a create has just read of a directory group, and the holder that it planned with, for the
// create itself: at apply Terraform plans once more right before it, and the list may be long.
func (r *CloudShellRun) Foresee(group string, holder claims.Holder, people []cloudshellapi.ExternalUser) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.foreseen == nil {
		r.foreseen = map[string]foreseen{}
	}
	r.foreseen[names.Key(group)] = foreseen{holder, people, time.Now().Add(foreseenFor)}
}

// Holder is the holder that a create of the group was planned with and that no create has taken yet; "" without one.
func (r *CloudShellRun) Holder(group string) claims.Holder {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.foreseen[names.Key(group)].holder
}

// Foreseen returns, once, what Foresee kept. The people are nil if they were read too long ago.
func (r *CloudShellRun) Foreseen(group string) (holder claims.Holder, people []cloudshellapi.ExternalUser) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.foreseen[names.Key(group)]
	delete(r.foreseen, names.Key(group))
	if time.Now().After(kept.until) {
		return kept.holder, nil
	}
	return kept.holder, kept.people
}
