// SPDX-License-Identifier: MPL-2.0

package claims_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
)

func person(name string) claims.Person { return claims.Person{Name: name} }

func intention(name string, intent claims.Intent) []claims.Intention {
	return []claims.Intention{{Person: person(name), Intent: intent}}
}

func TestTheSecondPlanLearnsOfBoth(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	group, user := claims.NewHolder(), claims.NewHolder()
	if overlaps := r.Plan(group, `group "Lab"`, intention("jporter", claims.Harms)); len(overlaps) != 0 {
		t.Errorf("alone: %v", overlaps)
	}
	overlaps := r.Plan(user, `user "JPorter"`, intention("JPorter", claims.Keeps))
	if len(overlaps) != 1 || overlaps[0].Theirs.Intent != claims.Harms || overlaps[0].Label != `group "Lab"` {
		t.Fatalf("second: %v", overlaps)
	}
	// The first one is planned again, as in a replacement: its old intention does not count.
	overlaps = r.Plan(group, `group "Lab"`, intention("jporter", claims.Releases))
	if len(overlaps) != 1 || overlaps[0].Theirs.Intent != claims.Keeps {
		t.Fatalf("again: %v", overlaps)
	}
	if _, held := r.HeldByOther(user, person("jporter")); held {
		t.Error("a resource that releases a person does not hold them")
	}
	if other, held := r.HeldByOther(group, person("jporter")); !held || other.Label != `user "JPorter"` {
		t.Errorf("held by other: %v %t", other, held)
	}
}

func TestAPersonIsFoundByNameOrByID(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	r.Plan("a", "a", []claims.Intention{{Person: claims.Person{Name: "jporter", ID: "7"}, Intent: claims.Keeps}})
	for p, want := range map[claims.Person]int{
		{Name: "JPORTER"}:                    1,
		{Name: "james.porter", ID: "7"}:      1,
		{Name: "jporter", ID: "7"}:           1,
		{Name: "jporter", Scope: "acme"}:     0,
		{Name: "james.porter", ID: "8"}:      0,
		{ID: "7"}:                            1,
		{Name: "jporter", ID: "9"}:           1, // deleted and made again
		{Name: "JPORTER", Scope: "", ID: ""}: 1,
	} {
		if got := len(r.Plan("b", "b", []claims.Intention{{Person: p, Intent: claims.Takes}})); got != want {
			t.Errorf("%+v overlaps %d times, want %d", p, got, want)
		}
	}
}

func TestSightingsOfWhatIsNotPlanned(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	r.Sight(claims.Sighting{Holder: "tainted", Label: "user", Person: person("jporter")})
	r.Sight(claims.Sighting{Holder: "tainted", Label: "user", Person: person("jporter"), Created: true}) // refreshed twice
	if s, ok := r.Sighted(person("JPorter")); !ok || s.Holder != "tainted" || !s.Created {
		t.Error("a tainted resource is not recognized")
	}
	r.Plan("tainted", "user", intention("jporter", claims.Keeps))
	if _, ok := r.Sighted(person("jporter")); ok {
		t.Error("a resource that is planned goes on as it is")
	}
}

func TestSightingsOfResourcesForOnePerson(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	r.Sight(claims.Sighting{Holder: "group", Label: "group", Person: person("jporter")})
	if s, ok := r.SightedSole(person("jporter")); ok {
		t.Errorf("a group is taken for a tainted user: %+v", s)
	}
	r.Sight(claims.Sighting{Holder: "user", Label: "user", Person: person("jporter"), Sole: true})
	if s, ok := r.SightedSole(person("JPORTER")); !ok || s.Holder != "user" {
		t.Errorf("sighted %+v", s)
	}
}

func TestWhatAnApplyLeavesBehind(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	r.Hold("old", "user", person("jporter"))
	for range 2 {
		if !r.NoteCreated("old", person("jporter")) {
			t.Error("the holder that made the account is not its author")
		}
	}
	if r.NoteCreated("new", person("JPORTER")) {
		t.Error("one account has two authors")
	}
	if !r.CreatedHere(person("JPORTER")) || r.LeftInPlace(person("jporter")) {
		t.Error("created and held")
	}
	r.Release("old", person("jporter"), true)
	if r.CreatedHere(person("jporter")) || !r.LeftInPlace(person("jporter")) {
		t.Error("released and left in place")
	}
	if _, held := r.HeldByOther("new", person("jporter")); held {
		t.Error("released and still held")
	}
	if r.Release("old", person("jporter"), false); r.LeftInPlace(person("jporter")) {
		t.Error("deleted after all and still left in place")
	}
	r.Release("old", person("jporter"), true)
	r.Hold("new", "user", person("jporter"))
	if r.LeftInPlace(person("jporter")) {
		t.Error("taken up again and still left in place")
	}
	r.Release("new", person("jporter"), false)
	if r.LeftInPlace(person("jporter")) {
		t.Error("deleted and still left in place")
	}
}

func TestHoldKeepsWhatThePlanSaid(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	r.Plan("a", "a", []claims.Intention{{Person: person("jporter"), Intent: claims.Takes, Groups: []string{"Lab"}}})
	r.Hold("a", "a", person("JPorter"))
	held, ok := r.HeldByOther("b", person("jporter"))
	if !ok || held.Theirs.Intent != claims.Keeps || len(held.Theirs.Groups) != 1 {
		t.Errorf("held %+v", held)
	}
}

func TestTakesUnaskedIsTheHoldersAlone(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	r.Plan("new", "new", intention("jporter", claims.Takes))
	r.Plan("other", "other", intention("jporter", claims.Takes))
	r.TakesUnasked("new", person("JPorter"))
	for _, overlap := range r.Plan("old", "old", intention("jporter", claims.Keeps)) {
		if overlap.Theirs.Unasked != (overlap.Label == "new") {
			t.Errorf("%s: %+v", overlap.Label, overlap.Theirs)
		}
	}
	r.Plan("other", "other", nil)
	r.Hold("new", "new", person("jporter"))
	if held, ok := r.HeldByOther("old", person("jporter")); !ok || held.Theirs.Unasked {
		t.Errorf("what is held is not taken any more: %+v", held)
	}
}

func TestOneErrorForOnePerson(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	for _, step := range []struct {
		holder claims.Holder
		name   string
		want   bool
	}{
		{"a", "jporter", true}, {"b", "JPorter", false}, {"a", "jporter", true}, {"b", "asmith", true},
		{"a", "asmith", false},
	} {
		if got := r.FirstToReport(step.holder, person(step.name)); got != step.want {
			t.Errorf("%s is first to report %s: %t", step.holder, step.name, got)
		}
	}
}

func TestLockIsForOneAtATime(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	var working, worst atomic.Int32
	var all sync.WaitGroup
	for i := range 50 {
		people := []claims.Person{person("a"), person("b")}
		if i%2 == 0 {
			people[0], people[1] = people[1], people[0]
		}
		all.Go(func() {
			unlock, err := r.Lock(t.Context(), people...)
			if err != nil {
				t.Error(err)
				return
			}
			worst.Store(max(worst.Load(), working.Add(1)))
			time.Sleep(time.Millisecond)
			working.Add(-1)
			unlock()
		})
	}
	all.Wait()
	if worst.Load() != 1 {
		t.Errorf("%d worked at once", worst.Load())
	}
}

func TestLockEndsWithTheContext(t *testing.T) {
	t.Parallel()
	var r claims.Registry
	unlock, _ := r.Lock(t.Context(), person("a"))
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := r.Lock(ctx, person("A")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	other, err := r.Lock(t.Context(), person("b"))
	if err != nil {
		t.Fatal(err)
	}
	other()
}

func TestDeparturesWaitOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r claims.Registry
		begun := time.Now()
		for range 3 {
			if err := r.AwaitJoins(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(begun); waited != 2*time.Second {
			t.Errorf("waited %s", waited)
		}
	})
}

// The second plan of a replacement gets what the first one was made from, and stands in for it.
func TestReplacementGetsTheStateOfItsResource(t *testing.T) {
	t.Parallel()
	var registry claims.Registry
	registry.KeepState("old", "state")
	registry.KeepState("", "of a resource without a Holder")
	anna := claims.Person{Name: "anna"}
	registry.Plan("old", "old", []claims.Intention{{Person: anna, Intent: claims.Keeps}})
	if state := registry.Replace(""); state != nil {
		t.Errorf("a create that replaces nothing gets %v", state)
	}
	if state := registry.Replace("old"); state != "state" {
		t.Errorf("the replacement gets %v", state)
	}
	if other, held := registry.HeldByOther("new", anna); held {
		t.Errorf("what is replaced still holds a person: %v", other)
	}
}
