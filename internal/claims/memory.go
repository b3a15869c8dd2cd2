// SPDX-License-Identifier: MPL-2.0

package claims

import "time"

// memoryLasts is how long the create that follows a plan may use what the plan saw. At apply, Terraform plans once more
// just before each create.
const memoryLasts = 30 * time.Second

// memory is what a plan saw.
type memory struct {
	holder Holder
	saw    any
	until  time.Time
}

// Remember keeps the Holder under which a create was planned, and what the plan saw, for the create that follows at
// once. Terraform does not hand private state to a create, so the label of the resource is the key.
func (r *Registry) Remember(label string, holder Holder, saw any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.memories == nil {
		r.memories = map[string]memory{}
	}
	r.memories[label] = memory{holder, saw, time.Now().Add(memoryLasts)}
}

// Recall returns, once, what Remember kept: the Holder, or a new one, and what the plan saw, or nil if that is too old.
func (r *Registry) Recall(label string) (Holder, any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept, ok := r.memories[label]
	delete(r.memories, label)
	switch {
	case !ok:
		return NewHolder(), nil
	case time.Now().After(kept.until):
		return kept.holder, nil
	default:
		return kept.holder, kept.saw
	}
}
