// SPDX-License-Identifier: MPL-2.0

// Package setting is what all clients have in common: the error that names the attribute at fault, TLS, and what a
// message may show of an address and of a server's words.
package setting

import (
	"fmt"
	"regexp"
	"strings"
)

// Error is a setting that cannot work, found before anything is sent.
type Error struct {
	Attribute string // by its name in HCL, such as "ca_certificate"
	Problem   string // a sentence that starts with "the" or "a", or the rest of one that starts with the attribute's name
}

// Errorf returns an *Error about an attribute.
func Errorf(attribute, format string, values ...any) error {
	return &Error{Attribute: attribute, Problem: fmt.Sprintf(format, values...)}
}

func (e *Error) Error() string { return e.Attribute + ": " + e.Problem }

// plainAddress is an address, complete or not, in which a secret has no place: scheme, host and port.
var plainAddress = regexp.MustCompile(
	`^(?:[A-Za-z][A-Za-z0-9+.-]*:/{0,2})?(?:[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?$`,
)

// Shown is what a message may show of an address in a configuration: scheme, host and port. It is "" if the address may
// hold a secret anywhere before its path. Paths, queries and fragments are left out, since they can hold one too.
func Shown(address string) string {
	start := 0
	if at := strings.Index(address, "://"); at >= 0 {
		start = at + len("://")
	}
	if end := strings.IndexAny(address[start:], "/?#"); end >= 0 {
		address = address[:start+end]
	}
	if !plainAddress.MatchString(address) {
		return ""
	}
	return address
}
