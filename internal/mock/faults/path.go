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
	want, got := Segments(pattern), Segments(escapedPath)
	if last := len(want) - 1; want[last] == "**" {
		want = want[:last]
		if len(got) < len(want) {
			return false
		}
		got = got[:len(want)]
	}
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && !strings.EqualFold(want[i], got[i]) {
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
