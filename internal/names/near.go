// SPDX-License-Identifier: MPL-2.0

package names

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

// nearLimit is how many near names a message offers.
const nearLimit = 5

// Near returns the candidates that the writer of name may have meant, the nearest first, at most five. It finds slips
// of a few letters, and names that contain the other.
func Near(name string, candidates []string) []string {
	type match struct {
		name     string
		distance int
	}
	target := Key(strings.TrimSpace(name))
	if target == "" {
		return nil
	}
	tolerance := max(1, (utf8.RuneCountInString(target)+1)/3)
	var matches []match
	for _, candidate := range candidates {
		key := Key(candidate)
		distance := tolerance + 1
		if difference := len(key) - len(target); max(difference, -difference) <= utf8.UTFMax*tolerance {
			distance = levenshtein.Distance(target, key, nil)
		}
		if distance <= tolerance || isPart(target, key) || isPart(key, target) {
			matches = append(matches, match{candidate, min(distance, tolerance+1)})
		}
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), Compare(a.name, b.name))
	})
	matches = slices.CompactFunc(matches, func(a, b match) bool { return a.name == b.name })
	near := make([]string, 0, nearLimit)
	for _, m := range matches[:min(nearLimit, len(matches))] {
		near = append(near, m.name)
	}
	return near
}

// isPart reports whether part, of three bytes or more, occurs in whole. Shorter parts occur in too many names.
func isPart(part, whole string) bool { return len(part) >= 3 && strings.Contains(whole, part) }

// DidYouMean is the sentence that offers near names, with a space in front, or "" without any.
func DidYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return " Did you mean " + join(quoted(near), "or") + "?"
}
