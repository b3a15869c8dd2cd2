// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// Writer is another writer: an administrator at the portal and one of the directory, who work while a test runs. Before
// a request is served they make a change, with the probability Rate. So lists change between two of their pages, and
// the world between a look and the write that follows it. The zero value of a field leaves that kind of change out;
// users that no field names are never touched.
//
// To script a single change instead, use faults.Call. This deletes a user between the first and the second page:
//
//	server.Faults().Add(faults.Rule{Path: "/api/v1/users", Skip: 1,
//		Fault: faults.Call(func() { server.RemoveUser("erin") })})
//
// Options.Cursor and Options.Order decide whether such a change shifts the rows of later pages.
type Writer struct {
	Seed uint64  // makes the changes repeatable where requests come one after the other
	Rate float64 // 0 means 0.2

	// Bystanders is how many local users of their own they have at most. These come, go and are renamed, with names that
	// sort anywhere, so that others move from page to page.
	Bystanders int
	// Import names people of the directory that they import, as a login at the portal may.
	Import []string
	// Delete names users that they delete.
	Delete []string
	// Members names, by group of the directory, people who leave the group and join it again, time after time.
	Members map[string][]string
	// Rename names people that they rename in the directory, once each, to the name with "-renamed" at its end.
	Rename []string
}

// otherWriter is a Writer at work.
type otherWriter struct {
	Writer
	mu         sync.Mutex
	server     *Server
	random     *rand.Rand
	kinds      []func() string
	bystanders []string
	made       int
	history    []string
}

// AnotherWriter lets another writer work from now on. Call stop to end that; it returns what they did, in order. The
// directory must be one in memory (see Server.People) for changes of it.
func (s *Server) AnotherWriter(w Writer) (stop func() []string) {
	if w.Rate == 0 {
		w.Rate = 0.2
	}
	other := &otherWriter{Writer: w, server: s, random: rand.New(rand.NewPCG(w.Seed, w.Seed))}
	other.Import, other.Delete, other.Rename = slices.Clone(w.Import), slices.Clone(w.Delete), slices.Clone(w.Rename)
	other.chooseKinds()
	s.writer.Store(other)
	return func() []string {
		s.writer.CompareAndSwap(other, nil)
		other.mu.Lock()
		defer other.mu.Unlock()
		return slices.Clone(other.history)
	}
}

// withOtherWriter lets the other writer work before a request is served.
func (s *Server) withOtherWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if other := s.writer.Load(); other != nil {
			other.work(r)
		}
		next.ServeHTTP(w, r)
	})
}

func (o *otherWriter) chooseKinds() {
	if o.Bystanders > 0 {
		o.kinds = append(o.kinds, o.bystander)
	}
	if len(o.Members) > 0 {
		o.kinds = append(o.kinds, o.member)
	}
	for _, kind := range []struct {
		names *[]string
		do    func(name string) (string, bool)
	}{{&o.Import, o.importOne}, {&o.Delete, o.deleteOne}, {&o.Rename, o.renameOne}} {
		if len(*kind.names) > 0 {
			o.kinds = append(o.kinds, func() string { return o.once(kind.names, kind.do) })
		}
	}
}

func (o *otherWriter) work(r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.kinds) == 0 || o.random.Float64() >= o.Rate {
		return
	}
	if done := o.kinds[o.random.IntN(len(o.kinds))](); done != "" {
		o.history = append(o.history, fmt.Sprintf("before %s %s: %s", r.Method, r.URL.RequestURI(), done))
	}
}

// bystander adds, renames or deletes a user of their own.
func (o *otherWriter) bystander() string {
	kind := o.random.IntN(3)
	if len(o.bystanders) == 0 || kind == 0 && len(o.bystanders) < o.Bystanders {
		name := o.name()
		o.bystanders = append(o.bystanders, name)
		o.server.AddLocalUser(name)
		return "added " + name
	}
	at := o.random.IntN(len(o.bystanders))
	name := o.bystanders[at]
	if kind == 1 {
		o.bystanders[at] = o.name()
		o.server.RenameUser(name, o.bystanders[at])
		return "renamed " + name + " to " + o.bystanders[at]
	}
	o.bystanders = slices.Delete(o.bystanders, at, at+1)
	o.server.RemoveUser(name)
	return "deleted " + name
}

// name is a new name that sorts anywhere.
func (o *otherWriter) name() string {
	o.made++
	return fmt.Sprintf("%c-bystander-%d", 'a'+o.random.IntN(26), o.made)
}

// member takes a person out of a group or puts them back.
func (o *otherWriter) member() string {
	groups := slices.Sorted(maps.Keys(o.Members))
	group := groups[o.random.IntN(len(groups))]
	if len(o.Members[group]) == 0 {
		return ""
	}
	name := o.Members[group][o.random.IntN(len(o.Members[group]))]
	directory := o.server.People()
	if directory.HasMember(group, name) {
		directory.RemoveMember(group, name)
		return name + " left " + group
	}
	directory.AddMember(group, name)
	return name + " joined " + group
}

// once takes one of the names, if there is one left, and does something with it.
func (o *otherWriter) once(names *[]string, do func(name string) (string, bool)) string {
	if len(*names) == 0 {
		return ""
	}
	at := o.random.IntN(len(*names))
	name := (*names)[at]
	*names = slices.Delete(*names, at, at+1)
	done, ok := do(name)
	if !ok {
		return ""
	}
	return done
}

func (o *otherWriter) importOne(name string) (string, bool) {
	_, exists := o.server.User(name)
	person, found := o.server.People().User(name)
	if exists || !found {
		return "", false
	}
	o.server.AddImportedUser(person)
	return "imported " + name, true
}

func (o *otherWriter) deleteOne(name string) (string, bool) {
	return "deleted " + name, o.server.RemoveUser(name)
}

func (o *otherWriter) renameOne(name string) (string, bool) {
	renamed := name + "-renamed"
	o.server.People().RenameUser(name, renamed)
	return "renamed " + name + " to " + renamed + " in the directory", true
}
