// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"maps"
	"slices"

	"github.com/go-ldap/ldap/v3"
)

// target is a DN to read.
type target struct{ dn, key string }

// resolve reads the entries of the DNs that were not asked for before, wherever they lie, a batch at a time for each
// naming context. DNs that no entry answers to are unresolved. Aliases are followed; those that lead back to themselves
// are unresolved too.
func (w *walk) resolve(ctx context.Context, dns []string) ([]*ldap.Entry, error) {
	var found []*ldap.Entry
	listed := w.unseen(dns)
	for targets := listed; len(targets) > 0; {
		entries, err := w.read(ctx, targets)
		if err != nil {
			return nil, err
		}
		var aliased []string
		for _, entry := range entries {
			if to := first(entry, "aliasedObjectName"); hasClass(entry, "alias") && to != "" {
				w.aliases[dnKey(entry.DN)] = dnKey(to)
				aliased = append(aliased, to)
				continue
			}
			found = append(found, entry)
		}
		targets = w.unseen(aliased)
	}
	for _, t := range listed {
		if w.isLoop(t.key) {
			w.unresolved[t.key] = t.dn
		}
	}
	return found, nil
}

// isLoop reports whether an alias leads back to itself, or to one that does.
func (w *walk) isLoop(key string) bool {
	passed := map[string]bool{}
	for w.aliases[key] != "" {
		if passed[key] {
			return true
		}
		passed[key] = true
		key = w.aliases[key]
	}
	return false
}

func (w *walk) unseen(dns []string) []target {
	var unseen []target
	for _, dn := range dns {
		if key := dnKey(dn); !w.seen[key] {
			w.seen[key] = true
			unseen = append(unseen, target{dn, key})
		}
	}
	return unseen
}

// read returns the entries that there are, and marks the others as unresolved.
func (w *walk) read(ctx context.Context, targets []target) ([]*ldap.Entry, error) {
	left := map[string]target{}
	for _, t := range targets {
		left[t.key] = t
		w.unresolved[t.key] = t.dn
	}
	found, err := w.readBelow(ctx, left, "")
	if err != nil {
		return nil, err
	}
	w.forget(left, found)
	// What no filter found may be gone, or the server does not search by DN: that is asked one by one.
	rest, err := w.readEach(ctx, left, "(objectClass=*)")
	return append(found, rest...), err
}

// forget drops entries that were found from those that are left to find.
func (w *walk) forget(left map[string]target, found []*ldap.Entry) {
	for _, entry := range found {
		key := dnKey(entry.DN)
		delete(left, key)
		delete(w.unresolved, key)
	}
}

// peopleAmong returns the entries that the server counts as people.
func (w *walk) peopleAmong(ctx context.Context, entries map[string]target) ([]*ldap.Entry, error) {
	filter := w.server.profile.userFilter
	people, err := w.readBelow(ctx, entries, filter)
	if err != nil || w.client.searchesByDN.Load() {
		return people, err
	}
	return w.readEach(ctx, entries, filter)
}

// readBelow reads entries by filters that name their DNs (RFC 5020), for each naming context. An empty filter selects
// any entry.
func (w *walk) readBelow(ctx context.Context, targets map[string]target, filter string) ([]*ldap.Entry, error) {
	byContext := map[string][]string{}
	for _, key := range slices.Sorted(maps.Keys(targets)) {
		if context, known := w.server.contextOf(key); known { // otherwise it is another server's
			byContext[context] = append(byContext[context], equals(w.server.profile.entryDN, targets[key].dn))
		}
	}
	var found []*ldap.Entry
	for _, base := range slices.Sorted(maps.Keys(byContext)) {
		entries, err := inBatches(
			ctx,
			byContext[base],
			batchSize,
			func(ctx context.Context, batch []string) ([]*ldap.Entry, error) {
				return w.readAny(ctx, query{base: base, scope: ldap.ScopeWholeSubtree, filter: allOf(filter, anyOf(batch...))})
			},
		)
		if err != nil {
			return nil, err
		}
		found = append(found, entries...)
	}
	if len(found) > 0 {
		w.client.searchesByDN.Store(true)
	}
	return found, nil
}

// readEach reads entries one by one. Those that are there are resolved, even if an alias leads elsewhere.
func (w *walk) readEach(ctx context.Context, targets map[string]target, filter string) ([]*ldap.Entry, error) {
	var known []string
	for _, key := range slices.Sorted(maps.Keys(targets)) {
		if _, ok := w.server.contextOf(key); ok {
			known = append(known, key)
		}
	}
	return inBatches(ctx, known, 1, func(ctx context.Context, keys []string) ([]*ldap.Entry, error) {
		entries, err := w.readAny(ctx, query{
			base: targets[keys[0]].dn, scope: ldap.ScopeBaseObject, filter: filter, deref: w.server.profile.deref,
		})
		if len(entries) > 0 {
			w.mu.Lock()
			defer w.mu.Unlock()
			delete(w.unresolved, keys[0])
		}
		return entries, err
	})
}

// readAny reads entries of any kind. An entry that is not there is no error.
func (w *walk) readAny(ctx context.Context, q query) ([]*ldap.Entry, error) {
	q.attrs = w.server.anyAttrs()
	entries, err := w.client.search(ctx, q)
	if isAbsent(err) {
		return nil, nil
	}
	return entries, w.client.explainSearch(err, q.base)
}

// isAbsent tells the answers of a server that does not have the entry, or does not show it, from failures.
func isAbsent(err error) bool {
	return ldap.IsErrorAnyOf(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultReferral, ldap.LDAPResultInvalidDNSyntax,
		ldap.LDAPResultAliasProblem, ldap.LDAPResultAliasDereferencingProblem, ldap.LDAPResultInsufficientAccessRights)
}
