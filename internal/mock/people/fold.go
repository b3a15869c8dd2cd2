// SPDX-License-Identifier: MPL-2.0

package people

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which a directory compares names: composed characters and full case folding, so that "STRASSE" is
// "straße". LDAP's matching rules and Active Directory do so.
func Fold(name string) string { return norm.NFC.String(FoldCase(norm.NFC.String(name))) }

// FoldCase is full case folding alone, for servers that tell encodings of one character apart.
func FoldCase(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return cases.Fold().String(name)
		}
	}
	return strings.ToLower(name)
}
