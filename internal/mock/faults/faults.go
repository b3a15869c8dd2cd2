// SPDX-License-Identifier: MPL-2.0

// Package faults makes an HTTP server misbehave on purpose, in front of any http.Handler: slow answers, refusals,
// pages of HTML, broken bodies, connections cut before or after the server acted. Faults come by script ("the third
// POST to X") or by rate ("one request in ten").
package faults

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// Always is the Times of a Rule that applies its fault until the injector is cleared.
const Always = -1

// Rule says which requests meet a fault. The zero values of Method and Path match every request.
type Rule struct {
	Method string  // HTTP method; empty: any
	Path   string  // see MatchPath; empty: any
	Skip   int     // how many matching requests pass unharmed first
	Times  int     // how many matching requests meet the fault; 0 means one (every one, when Rate is set)
	Rate   float64 // probability for each matching request that is due; 0 means certain
	Fault  Fault
}

// Injected describes one fault that a request met.
type Injected struct {
	Method, Path, Fault string
}

// Injector holds the rules. It is safe for concurrent use; rules may be added while requests run.
type Injector struct {
	mu       sync.Mutex
	rules    []*activeRule
	random   *rand.Rand
	injected []Injected
}

type activeRule struct {
	Rule
	skipped, fired int
}

// New returns an injector without rules. The seed makes faults by rate repeatable.
func New(seed uint64) *Injector {
	return &Injector{random: rand.New(rand.NewPCG(seed, seed))}
}

// Seed makes the faults by rate from here on those of another seed.
func (i *Injector) Seed(seed uint64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.random = rand.New(rand.NewPCG(seed, seed))
}

// Add appends a rule. A request meets every rule that is due, the first added outermost.
func (i *Injector) Add(rules ...Rule) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, rule := range rules {
		i.rules = append(i.rules, &activeRule{Rule: rule})
	}
}

// Clear removes all rules and forgets what was injected.
func (i *Injector) Clear() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.rules, i.injected = nil, nil
}

// Injected returns the faults that requests met, in order.
func (i *Injector) Injected() []Injected {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.injected)
}

// Wrap puts the injector in front of a handler.
func (i *Injector) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler := next
		for _, fault := range slices.Backward(i.due(r)) {
			handler = fault.wrap(handler)
		}
		handler.ServeHTTP(w, r)
	})
}

// due counts the request against every rule and returns the faults that it meets.
func (i *Injector) due(r *http.Request) []Fault {
	i.mu.Lock()
	defer i.mu.Unlock()
	var faults []Fault
	for _, rule := range i.rules {
		if !rule.matches(r) || !rule.take(i.random) {
			continue
		}
		faults = append(faults, rule.Fault)
		i.injected = append(i.injected, Injected{Method: r.Method, Path: r.URL.Path, Fault: rule.Fault.name})
	}
	return faults
}

func (a *activeRule) matches(r *http.Request) bool {
	return (a.Method == "" || a.Method == r.Method) && MatchPath(a.Path, r.URL.EscapedPath())
}

// take counts a matching request and reports whether it meets the fault.
func (a *activeRule) take(random *rand.Rand) bool {
	if a.skipped < a.Skip {
		a.skipped++
		return false
	}
	if limit := a.limit(); limit != Always && a.fired >= limit {
		return false
	}
	if a.Rate > 0 && random.Float64() >= a.Rate {
		return false
	}
	a.fired++
	return true
}

func (a *activeRule) limit() int {
	switch {
	case a.Times != 0:
		return a.Times
	case a.Rate > 0:
		return Always
	default:
		return 1
	}
}
