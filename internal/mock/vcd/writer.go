// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// writer is another client of the server that works while tests do: between any two requests it may create, delete or
// rename a user or a group of its own. It never touches what others made.
type writer struct {
	mu     sync.Mutex
	random *rand.Rand
	rate   float64
	org    string
	made   int
	users  []string
	groups []string
}

// AnotherWriter lets another client work in an organization: before a request, with the probability rate. The seed
// makes its work repeatable where requests come one after the other. Rate 0 ends it.
func (s *Server) AnotherWriter(org string, seed uint64, rate float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writer = nil
	if rate > 0 {
		s.writer = &writer{random: rand.New(rand.NewPCG(seed, seed)), rate: rate, org: org}
	}
}

// withOtherWriter lets the other writer work before a request is served.
func (s *Server) withOtherWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		other := s.writer
		s.mu.Unlock()
		if other != nil {
			other.work(s)
		}
		next.ServeHTTP(w, r)
	})
}

func (w *writer) work(s *Server) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.random.Float64() >= w.rate {
		return
	}
	switch w.random.IntN(6) {
	case 0, 1:
		w.users = append(w.users, w.name())
		s.AddUser(w.org, User{Username: w.users[len(w.users)-1], Enabled: true})
	case 2:
		if name, ok := w.take(&w.users); ok {
			s.RemoveUser(w.org, name)
		}
	case 3:
		if name, ok := w.take(&w.users); ok {
			w.users = append(w.users, w.name())
			s.RenameUser(w.org, name, w.users[len(w.users)-1])
		}
	case 4:
		w.groups = append(w.groups, w.name())
		s.AddGroup(w.org, Group{Name: w.groups[len(w.groups)-1]})
	case 5:
		if name, ok := w.take(&w.groups); ok {
			s.RemoveGroup(w.org, name)
		}
	}
}

// name is a new name that can sort anywhere, so that the pages of lists shift.
func (w *writer) name() string {
	w.made++
	return fmt.Sprintf("%c-other-%d", 'a'+w.random.IntN(26), w.made)
}

func (w *writer) take(from *[]string) (string, bool) {
	if len(*from) == 0 {
		return "", false
	}
	at := w.random.IntN(len(*from))
	name := (*from)[at]
	*from = slices.Delete(*from, at, at+1)
	return name, true
}
