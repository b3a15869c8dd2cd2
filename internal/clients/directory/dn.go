// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// dnKey is the DN in a form in which equal DNs are equal strings, for use as a map key. What does not parse is its
// own key.
func dnKey(dn string) string {
	parsed, err := parseDN(dn)
	if err != nil {
		return dn
	}
	rdns := make([]string, len(parsed.RDNs))
	for i, rdn := range parsed.RDNs {
		parts := make([]string, len(rdn.Attributes))
		for j, a := range rdn.Attributes {
			parts[j] = strings.ToLower(a.Type) + "=" + EscapeDN(names.Key(a.Value))
		}
		slices.Sort(parts)
		rdns[i] = strings.Join(parts, "+")
	}
	return strings.Join(rdns, ",")
}

// isBelow reports whether dn is the ancestor itself or below it. Everything is below the empty DN.
func isBelow(dn, ancestor string) bool { return suffixOf(ancestor).holds(dnKey(dn)) }

// forms are the spellings of a text that a directory may store: Terraform hands over composed characters (Unicode
// NFC), and a server that compares bytes may hold decomposed ones.
func forms(text string) []string {
	composed, decomposed := norm.NFC.String(text), norm.NFD.String(text)
	if composed == decomposed {
		return []string{text}
	}
	return []string{composed, decomposed}
}

// escapedLetters are bytes of letters beyond ASCII, as EscapeFilter writes them.
var escapedLetters = regexp.MustCompile(`(?:\\[89A-Fa-f][0-9A-Fa-f])+`)

// filterForms are the spellings of a filter, with the letters in its values written out or escaped.
func filterForms(filter string) []string {
	written := escapedLetters.ReplaceAllStringFunc(filter, func(escaped string) string {
		letters, err := hex.DecodeString(strings.ReplaceAll(escaped, `\`, ""))
		if err != nil || !utf8.Valid(letters) {
			return escaped
		}
		return string(letters)
	})
	others := slices.DeleteFunc(forms(written), func(form string) bool { return form == written || form == filter })
	return append([]string{filter}, others...)
}

// parentKey is the key of the entry above.
func parentKey(key string) string {
	for i := 0; i < len(key); i++ {
		switch key[i] {
		case '\\':
			i++
		case ',':
			return key[i+1:]
		}
	}
	return ""
}
