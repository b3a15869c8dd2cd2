// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// version is an API version such as 37.2. VMware Cloud Foundation's own numbers (9.1.0) are younger than all of those.
type version struct {
	major, minor int
	unified      bool
}

// knownVersions are the API versions that the vendor's releases published.
var knownVersions = []string{
	"33.0", "34.0", "35.0", "35.2", "36.0", "36.1", "36.2", "36.3", "37.0", "37.1", "37.2", "37.3",
	"38.0", "38.1", "39.0", "39.1", "40.0", "41.0",
}

func parseVersion(text string) version {
	major, rest, _ := strings.Cut(text, ".")
	minor, _, _ := strings.Cut(rest, "-")
	var v version
	v.major, _ = strconv.Atoi(major)
	minor, _, patched := strings.Cut(minor, ".")
	v.minor, _ = strconv.Atoi(minor)
	v.unified = patched && v.major >= 9 && v.major < 20
	return v
}

func (v version) String() string {
	if v.unified {
		return fmt.Sprintf("%d.%d.0", v.major, v.minor)
	}
	return fmt.Sprintf("%d.%d", v.major, v.minor)
}

func (v version) atLeast(major, minor int) bool {
	return v.unified || v.major > major || v.major == major && v.minor >= minor
}

// versionsUpTo are the versions that a release whose newest is v publishes: some of the older ones too. VCF Automation
// publishes none below 40.0.
func versionsUpTo(v version) []string {
	if v.unified {
		return []string{"40.0", v.String()}
	}
	var published []string
	for _, text := range knownVersions {
		known := parseVersion(text)
		if known.major < v.major-2 || !v.atLeast(known.major, known.minor) || v.major >= 40 && known.major < 40 {
			continue
		}
		published = append(published, text)
	}
	if !slices.Contains(published, v.String()) {
		published = append(published, v.String())
	}
	return published
}

// requested is the version that a request asks for in Accept. Every request but that for /api/versions has to.
func (s *Server) requested(r *http.Request) (version, *fault) {
	_, after, ok := strings.Cut(r.Header.Get("Accept"), "version=")
	text, _, _ := strings.Cut(after, ";")
	text = strings.TrimSpace(text)
	if !ok || !slices.Contains(s.versions, text) {
		return version{}, refuse(http.StatusNotAcceptable, "NOT_ACCEPTABLE",
			"The Accept header %q names no supported API version.", r.Header.Get("Accept"))
	}
	return parseVersion(text), nil
}

// since is the version that introduced something.
func since(major, minor int) version { return version{major: major, minor: minor} }
