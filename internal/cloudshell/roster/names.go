// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"maps"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Names maps user names to a text each: a display name, or what differs. Names compare by names.Key, and the spelling
// that came first stays. The zero value is empty and ready for use.
type Names struct {
	entries map[string]entry
}

type entry struct{ name, text string }

// NamesOf makes Names from a plain map.
func NamesOf(from map[string]string) Names {
	made := Names{entries: make(map[string]entry, len(from))}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		made.Set(name, from[name])
	}
	return made
}

// Set gives a name its text. A name that is there in another spelling keeps that spelling.
func (n *Names) Set(name, text string) {
	if n.entries == nil {
		n.entries = map[string]entry{}
	}
	key := names.Key(name)
	if had, ok := n.entries[key]; ok {
		name = had.name
	}
	n.entries[key] = entry{name, text}
}

// Delete takes a name out.
func (n *Names) Delete(name string) { delete(n.entries, names.Key(name)) }

// Has reports whether the name is there in any spelling.
func (n Names) Has(name string) bool {
	_, ok := n.entries[names.Key(name)]
	return ok
}

// Text is the text of a name, "" when it is not there.
func (n Names) Text(name string) string { return n.entries[names.Key(name)].text }

// Spelling is the name as it is spelled here, or as given when it is not there.
func (n Names) Spelling(name string) string {
	if had, ok := n.entries[names.Key(name)]; ok {
		return had.name
	}
	return name
}

// Len counts the names.
func (n Names) Len() int { return len(n.entries) }

// Sorted returns the names in alphabetical order.
func (n Names) Sorted() []string {
	sorted := make([]string, 0, len(n.entries))
	for _, e := range n.entries {
		sorted = append(sorted, e.name)
	}
	slices.Sort(sorted)
	return sorted
}

// Map returns the names as a plain map, which is never nil.
func (n Names) Map() map[string]string {
	plain := make(map[string]string, len(n.entries))
	for _, e := range n.entries {
		plain[e.name] = e.text
	}
	return plain
}

// Clone copies the names.
func (n Names) Clone() Names { return Names{entries: maps.Clone(n.entries)} }
