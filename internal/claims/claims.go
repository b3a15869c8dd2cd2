// SPDX-License-Identifier: MPL-2.0

// Package claims records which resource of this run of Terraform holds which person, for one platform and one provider
// process. Terraform asks a provider about each resource separately. Here the answers meet: a resource that is about to
// delete or deactivate a person learns whether another one holds the person, or is about to.
//
// A run has two processes. The process that plans sees the plan of every resource (Registry.Plan). The process that
// applies sees only what it applies: the plan that Terraform repeats just before each step, and the step itself
// (Registry.Hold, Registry.Release). The package uses neither Terraform nor the network.
package claims

import (
	"crypto/rand"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Holder stands for one resource instance. A provider never learns addresses, so the instance keeps its Holder in
// private state. The zero value is an instance that nothing is known of, such as a tainted one.
type Holder string

// NewHolder returns a Holder that no other instance has.
func NewHolder() Holder { return Holder(rand.Text()) }

// Person is an account on the platform, known by name, by id, or by both. Two Persons are the same person if their
// names or their ids agree.
type Person struct {
	Scope string // the organization, where names are unique within one only
	Name  string // compared by names.Key
	ID    string // the platform's; "" where it is not known
}

// keys returns the keys of the person in maps, one for the name and one for the id.
func (p Person) keys() []string {
	keys := make([]string, 0, 2)
	if p.Name != "" {
		keys = append(keys, "name\x00"+names.Key(p.Scope)+"\x00"+names.Key(p.Name))
	}
	if p.ID != "" {
		keys = append(keys, "id\x00"+p.ID)
	}
	return keys
}

// Intent is what a resource means to do with a person.
type Intent int

// The intents.
const (
	// Keeps: the resource holds the person and goes on doing so.
	Keeps Intent = iota
	// Takes: the resource is about to create or adopt the person, or to make them a member.
	Takes
	// Releases: the resource lets go of the person and leaves the account as it is.
	Releases
	// Harms: the resource is about to delete or deactivate the person.
	Harms
)

// Holds reports whether the resource has the person after the run.
func (i Intent) Holds() bool { return i == Keeps || i == Takes }

// Intention is an Intent for one person.
type Intention struct {
	Person Person
	Intent Intent

	// Threatens: the intent does no harm now, but the same resource would delete or deactivate the person when they
	// leave it or when it is destroyed.
	Threatens bool

	// Sole: the resource stands for this one person. Two of those for one person contradict each other.
	Sole bool
	// Unasked: the resource takes an account without consent to adopt one, since it takes it for its own.
	Unasked bool
	// Groups are the platform's groups that the resource gives the person, by name.
	Groups []string
	// Spares are the labels of resources whose people the resource leaves alone, so that it does not threaten them.
	Spares []string
}

// Overlap is a person that two resources have intentions for.
type Overlap struct {
	Mine, Theirs Intention
	Label        string // of the other resource, for messages
}

// claim is one holder's intention for one person.
type claim struct {
	Intention
	holder Holder
	label  string
}

// Registry is the claims of one platform in one process. The zero value is ready for use, by several goroutines at
// once.
type Registry struct {
	mu     sync.Mutex
	claims map[string][]*claim        // by each key of the person
	held   map[Holder]map[*claim]bool // what the holder said last
	asked  map[Holder]bool            // the holder has been planned in this process
	seen   map[string][]Sighting
	states map[Holder]any
	left   map[string]bool   // accounts that a Delete of this run left in place
	told   map[string]Holder // who reported an error about a person first
	steps  steps
	locks  locks

	memories map[string]memory
	applying atomic.Bool
}

// Plan replaces all earlier intentions of the holder with these, and returns where they meet those of other holders.
// Label names the resource in the messages of others, such as `imported group "Lab Engineers"`. Of two resources, the
// one that is planned second learns of both intentions.
func (r *Registry) Plan(holder Holder, label string, intentions []Intention) []Overlap {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(holder)
	if r.asked == nil {
		r.asked = map[Holder]bool{}
	}
	r.asked[holder] = true
	var overlaps []Overlap
	for _, mine := range intentions {
		for _, other := range r.of(mine.Person, holder) {
			overlaps = append(overlaps, Overlap{Mine: mine, Theirs: other.Intention, Label: other.label})
		}
	}
	for _, mine := range intentions {
		r.add(&claim{Intention: mine, holder: holder, label: label})
	}
	return overlaps
}

// FirstToReport reports whether the holder is to report an error that two resources have about one person: the other
// one may have done so already, and one error is enough. Either of them is planned twice where it is replaced.
func (r *Registry) FirstToReport(holder Holder, person Person) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return noteFirst(&r.told, holder, person)
}

// noteFirst notes the holder for a person, and reports false, and notes nothing, where another holder was noted before.
func noteFirst(noted *map[string]Holder, holder Holder, person Person) bool {
	for _, key := range person.keys() {
		if first, ok := (*noted)[key]; ok && first != holder {
			return false
		}
	}
	if *noted == nil {
		*noted = map[string]Holder{}
	}
	for _, key := range person.keys() {
		(*noted)[key] = holder
	}
	return true
}

// TakesUnasked adds to the holder's plan that it takes the person without consent, as the holder's own: a look found
// out after the plan that there is an account.
func (r *Registry) TakesUnasked(holder Holder, person Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range person.keys() {
		for _, c := range r.claims[key] {
			c.Unasked = c.Unasked || c.holder == holder
		}
	}
}

// HeldByOther reports whether another holder has the person after the run, and returns what it said of them. Where
// several have, it is the first one, with the groups of all.
func (r *Registry) HeldByOther(holder Holder, person Person) (Overlap, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found Overlap
	held := false
	for _, other := range r.of(person, holder) {
		switch {
		case !other.Intent.Holds():
		case held:
			found.Theirs.Groups = slices.Concat(found.Theirs.Groups, other.Groups)
		default:
			found, held = Overlap{Mine: Intention{Person: person}, Theirs: other.Intention, Label: other.label}, true
		}
	}
	return found, held
}

// of returns the claims of other holders on a person, each once.
func (r *Registry) of(person Person, holder Holder) []*claim {
	var found []*claim
	for _, key := range person.keys() {
	next:
		for _, c := range r.claims[key] {
			if c.holder == holder {
				continue
			}
			for _, had := range found {
				if had == c {
					continue next
				}
			}
			found = append(found, c)
		}
	}
	return found
}

func (r *Registry) add(c *claim) {
	if r.claims == nil {
		r.claims, r.held = map[string][]*claim{}, map[Holder]map[*claim]bool{}
	}
	for _, key := range c.Person.keys() {
		r.claims[key] = append(r.claims[key], c)
	}
	if r.held[c.holder] == nil {
		r.held[c.holder] = map[*claim]bool{}
	}
	r.held[c.holder][c] = true
}

func (r *Registry) forget(holder Holder) {
	for c := range r.held[holder] {
		r.remove(c)
	}
	delete(r.held, holder)
}

// remove takes a claim out of the index by person.
func (r *Registry) remove(c *claim) {
	for _, key := range c.Person.keys() {
		kept := r.claims[key][:0]
		for _, other := range r.claims[key] {
			if other != c {
				kept = append(kept, other)
			}
		}
		if len(kept) == 0 {
			delete(r.claims, key)
			continue
		}
		r.claims[key] = kept
	}
}
