// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"cmp"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
			parts[j] = typeKey(a.Type) + "=" + valueKey(a.Value)
		}
		slices.Sort(parts)
		rdns[i] = strings.Join(parts, "+")
	}
	return strings.Join(rdns, ",")
}

// valueKey is what spellings of a value in a DN have in common. Unlike names.Key it folds no letter to several: servers
// such as OpenLDAP and Samba have cn=Weiss beside cn=Weiß, and one key for both would drop a person.
func valueKey(value string) string {
	if !utf8.ValidString(value) {
		return "#" + hex.EncodeToString([]byte(value))
	}
	return EscapeDN(strings.ToLower(norm.NFC.String(value)))
}

// typeNames are the short names of attribute types in DNs, by their long names and numbers (RFC 4519).
var typeNames = map[string]string{
	"commonname": "cn", "2.5.4.3": "cn", "surname": "sn", "2.5.4.4": "sn", "countryname": "c", "2.5.4.6": "c",
	"localityname": "l", "2.5.4.7": "l", "stateorprovincename": "st", "2.5.4.8": "st", "streetaddress": "street",
	"2.5.4.9": "street", "organizationname": "o", "2.5.4.10": "o", "organizationalunitname": "ou", "2.5.4.11": "ou",
	"domaincomponent": "dc", "0.9.2342.19200300.100.1.25": "dc", "userid": "uid", "0.9.2342.19200300.100.1.1": "uid",
}

func typeKey(name string) string {
	name = strings.ToLower(name)
	return cmp.Or(typeNames[name], name)
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

var (
	operator  = regexp.MustCompile(`\(\s*([&|!])\s*`)
	endOfPart = regexp.MustCompile(`\)\s+`)
)

// onOneLine is a filter without white space between its parts, where people write it on several lines. RFC 4515 has
// none there. A parenthesis in a value is escaped, so values keep theirs.
func onOneLine(filter string) string {
	return endOfPart.ReplaceAllString(operator.ReplaceAllString(strings.TrimSpace(filter), "($1"), ")")
}

// comparison is one comparison in a filter, such as (cn=Zoë). Parentheses in its value are escaped.
var comparison = regexp.MustCompile(`\([^()]*\)`)

// inBothForms is the filter with each comparison in both forms of its letters, wherever they differ.
func inBothForms(filter string) string {
	both := comparison.ReplaceAllStringFunc(filter, func(one string) string {
		written := escapedLetters.ReplaceAllStringFunc(one, func(escaped string) string {
			letters, err := hex.DecodeString(strings.ReplaceAll(escaped, `\`, ""))
			if err != nil || !utf8.Valid(letters) {
				return escaped
			}
			return string(letters)
		})
		others := slices.DeleteFunc(forms(written), func(form string) bool { return form == written || form == one })
		if len(others) == 0 {
			return one
		}
		return anyOf(append([]string{one}, others...)...)
	})
	if checkFilter(both) != nil { // too long, or the filter has parentheses where none belong
		return filter
	}
	return both
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
