// Package framework holds what the wings share on Terraform's side: validators, names that compare without regard to
// case, diagnostics for what clients answer.
package framework

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// nearLimit is how many near names a message offers.
const nearLimit = 5

// Near returns those candidates that someone who wrote name may have meant, the nearest first, at most five. It
// disregards case; it knows slips of a few letters and names of which the other is a part.
func Near(name string, candidates []string) []string {
	type match struct {
		name     string
		distance int
	}
	wanted := strings.ToLower(strings.TrimSpace(name))
	if wanted == "" {
		return nil
	}
	tolerance := max(1, utf8.RuneCountInString(wanted)/3)
	var matches []match
	for _, candidate := range candidates {
		lower := strings.ToLower(candidate)
		distance := tolerance + 1
		if abs(len(lower)-len(wanted)) <= utf8.UTFMax*tolerance {
			distance = editDistance(wanted, lower)
		}
		contained := len(wanted) >= 3 && strings.Contains(lower, wanted) || len(lower) >= 3 && strings.Contains(wanted, lower)
		if distance <= tolerance || contained {
			matches = append(matches, match{candidate, min(distance, tolerance+1)})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	matches = slices.CompactFunc(matches, func(a, b match) bool { return a.name == b.name })
	var names []string
	for _, m := range matches[:min(nearLimit, len(matches))] {
		names = append(names, m.name)
	}
	return names
}

// DidYouMean is the sentence that offers near names, with a space in front, or "" when nothing is near.
func DidYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf(" Did you mean %s?", Quoted(near, "or"))
}

// Quoted joins names for a sentence: "a", "b" and "c".
func Quoted(names []string, conjunction string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " " + conjunction + " " + quoted[last]
}

// editDistance counts the letters to insert, delete, replace or swap with their neighbour to get from a to b.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	var beforeLast []int
	last := make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row := make([]int, len(to)+1)
		row[0] = i
		for j := 1; j <= len(to); j++ {
			cost := 1
			if from[i-1] == to[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], beforeLast[j-2]+1)
			}
		}
		beforeLast, last = last, row
	}
	return last[len(to)]
}

func abs(n int) int { return max(n, -n) }
