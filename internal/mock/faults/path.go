// SPDX-License-Identifier: MPL-2.0

package faults

import (
	"net/url"
	"strings"
)

// MatchPath reports whether an escaped URL path matches a pattern, without regard to case. In the pattern "*" stands
// for one segment and a last "**" for any rest, even none; the empty pattern matches everything. Segments compare
// unescaped, so that a name with a slash in it (%2F) stays one segment.
func MatchPath(pattern, escapedPath string) bool {
	if pattern == "" {
		return true
	}
	expected, segments := Segments(pattern), Segments(escapedPath)
	if last := len(expected) - 1; expected[last] == "**" {
		expected = expected[:last]
		if len(segments) < len(expected) {
			return false
		}
		segments = segments[:len(expected)]
	}
	if len(expected) != len(segments) {
		return false
	}
	for i := range expected {
		if expected[i] != "*" && !strings.EqualFold(expected[i], segments[i]) {
			return false
		}
	}
	return true
}

// Segments splits an escaped URL path at its slashes and unescapes each part. A segment that is no valid escape stays
// as it is.
func Segments(escapedPath string) []string {
	segments := strings.Split(strings.Trim(escapedPath, "/"), "/")
	for i, segment := range segments {
		if plain, err := url.PathUnescape(segment); err == nil {
			segments[i] = plain
		}
	}
	return segments
}
