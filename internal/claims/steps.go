// SPDX-License-Identifier: MPL-2.0

package claims

import (
	"context"
	"slices"
	"sync"
	"time"
)

// joinGrace is how long the first departure of a process waits, so that the joins of other resources can be planned.
const joinGrace = 2 * time.Second

// Sighting is a person that a refresh of this process found in the state of a resource.
type Sighting struct {
	Holder  Holder
	Label   string
	Person  Person
	Created bool // the resource holds the proof that it made the account
	Sole    bool // the resource stands for this one person
}

// Sight records what a refresh of this process found. It is no claim, because the resource may still be planned for
// destruction. Terraform refreshes a tainted resource with its Holder and then plans it without. A sighting tells the
// replacement of such a resource from the creation of an account that others made.
func (r *Registry) Sight(sighting Sighting) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil {
		r.seen = map[string][]Sighting{}
	}
	for _, key := range sighting.Person.keys() {
		others := slices.DeleteFunc(r.seen[key], func(s Sighting) bool { return s.Holder == sighting.Holder })
		r.seen[key] = append(others, sighting)
	}
}

// KeepState keeps what a plan of the resource was made from. Terraform plans a replacement by a second plan, of a
// create, which gets no state. Without a Holder nothing is kept.
func (r *Registry) KeepState(holder Holder, state any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if holder == "" {
		return
	}
	if r.states == nil {
		r.states = map[Holder]any{}
	}
	r.states[holder] = state
}

// Replace returns what KeepState kept of a resource that is replaced, or nil, and takes back what it planned.
func (r *Registry) Replace(holder Holder) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(holder)
	return r.states[holder]
}

// Sighted returns a sighting of the person whose resource has not been planned in this process, and whether there is
// one. It serves tainted resources only as long as resources that are not tainted are planned under their own Holder:
// ask it where a plan has neither state nor a Holder.
func (r *Registry) Sighted(person Person) (Sighting, bool) {
	return r.sighted(person, func(Sighting) bool { return true })
}

// SightedSole is Sighted for resources that stand for the person alone. A group that holds the person too, and that is
// planned later, is not what a new resource replaces.
func (r *Registry) SightedSole(person Person) (Sighting, bool) {
	return r.sighted(person, func(s Sighting) bool { return s.Sole })
}

func (r *Registry) sighted(person Person, fits func(Sighting) bool) (Sighting, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range person.keys() {
		for _, s := range r.seen[key] {
			if !r.asked[s.Holder] && fits(s) {
				return s, true
			}
		}
	}
	return Sighting{}, false
}

// StartApply records that this process applies. Create, Update and Delete call it first.
func (r *Registry) StartApply() { r.applying.Store(true) }

// Applying reports whether this process is known to apply. The checks of a plan were made before then and need not be
// repeated.
func (r *Registry) Applying() bool { return r.applying.Load() }

// Planned reports whether the holder's resource has been planned in this process. Terraform plans the create of a
// replacement after the resource itself, and hands both the same private state, as it does for a resource that a
// refresh found to be gone: of that one there was no plan.
func (r *Registry) Planned(holder Holder) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return holder != "" && r.asked[holder]
}

// Known reports whether a plan or a refresh of another resource in this process has mentioned the person.
func (r *Registry) Known(holder Holder, person Person) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.of(person, holder)) > 0 {
		return true
	}
	return slices.ContainsFunc(person.keys(), func(key string) bool {
		return slices.ContainsFunc(r.seen[key], func(s Sighting) bool { return s.Holder != holder })
	})
}

// TakenBy returns the holder that planned to take the person in this process, and whether there is one. Terraform does
// not pass the private state of a plan to the create; this is how the create finds its Holder.
func (r *Registry) TakenBy(person Person) (Holder, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.of(person, "") {
		if c.Intent == Takes {
			return c.holder, true
		}
	}
	return "", false
}

// Hold records, during apply, that the holder has the person now. The rest of what its plan said about the person
// stays.
func (r *Registry) Hold(holder Holder, label string, person Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range person.keys() {
		delete(r.left, key)
	}
	held := r.drop(holder, person)
	held.Person, held.Intent, held.Unasked = person, Keeps, false
	r.add(&claim{Intention: held, holder: holder, label: label})
}

// NoteCreated notes that this run proved that the holder made the account. It reports false, and notes nothing, if
// another holder has noted the same before: two imports that cross may both have proof, and an account has one author.
func (r *Registry) NoteCreated(holder Holder, person Person) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return noteFirst(&r.steps.created, holder, person)
}

// CreatedHere reports whether this run made the account (NoteCreated): a second resource for the same new person needs
// no further consent.
func (r *Registry) CreatedHere(person Person) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(person.keys(), func(key string) bool {
		_, noted := r.steps.created[key]
		return noted
	})
}

// Release records, during apply, that the holder no longer has the person. LeftInPlace says that the account still
// exists; a create of this run may then take it up again.
func (r *Registry) Release(holder Holder, person Person, leftInPlace bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(holder, person)
	if r.left == nil {
		r.left = map[string]bool{}
	}
	for _, key := range person.keys() {
		delete(r.steps.created, key)
		if leftInPlace {
			r.left[key] = true
		} else {
			delete(r.left, key)
		}
	}
}

// drop removes the holder's claims on the person, and returns the intention of the last one.
func (r *Registry) drop(holder Holder, person Person) Intention {
	var dropped Intention
	for _, key := range person.keys() {
		for _, c := range slices.Clone(r.claims[key]) {
			if c.holder == holder {
				dropped = c.Intention
				r.remove(c)
				delete(r.held[holder], c)
			}
		}
	}
	return dropped
}

// LeftInPlace reports whether a Release of this process left the account in place, and no Hold has taken it up since.
func (r *Registry) LeftInPlace(person Person) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(person.keys(), func(key string) bool { return r.left[key] })
}

// LeaveCreated notes, after a Release, that the resource had created the account, which a Delete of this run left in
// place; deactivated tells that the Delete made it inactive. A create of this run may then take over the ownership as
// well.
func (r *Registry) LeaveCreated(person Person, deactivated bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.steps.leftCreated == nil {
		r.steps.leftCreated = map[string]bool{}
	}
	for _, key := range person.keys() {
		r.steps.leftCreated[key] = deactivated
	}
}

// TakeCreated returns, once, what LeaveCreated noted of the person.
func (r *Registry) TakeCreated(person Person) (deactivated, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range person.keys() {
		if was, noted := r.steps.leftCreated[key]; noted {
			deactivated, ok = was, true
			delete(r.steps.leftCreated, key)
		}
	}
	return deactivated, ok
}

// AwaitJoins waits two seconds, once in a process, before people are taken out: Terraform plans the resources that it
// is about to apply one after the other, and joins come before departures. It returns early with the error of a context
// that ends.
func (r *Registry) AwaitJoins(ctx context.Context) error { return r.steps.awaitJoins(ctx) }

// steps is what an apply has done so far.
type steps struct {
	created     map[string]Holder // who made the account
	leftCreated map[string]bool   // accounts that a removed resource had created, and whether it made them inactive

	once    sync.Once
	waiting chan struct{}
}

func (s *steps) awaitJoins(ctx context.Context) error {
	s.once.Do(func() {
		s.waiting = make(chan struct{})
		time.AfterFunc(joinGrace, func() { close(s.waiting) })
	})
	select {
	case <-s.waiting:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
