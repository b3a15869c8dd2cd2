// SPDX-License-Identifier: MPL-2.0

package setting

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Masked stands in a text where a secret was.
const Masked = "***"

// shortestSecret keeps a value of one or two letters from blanking out half of a message.
const shortestSecret = 3

// Mask hides secrets in a text of a server that repeats what it was sent, however the server escapes them: in JSON,
// XML, HTML, an address or a quoted string, also twice over. Secrets of one or two bytes are not masked.
func Mask(text string, secrets ...string) string {
	var present []string
	for _, secret := range secrets {
		if len(secret) >= shortestSecret && strings.Contains(text, longestPlain(secret)) {
			present = append(present, secret)
		}
	}
	if len(present) == 0 {
		return text
	}
	slices.SortFunc(present, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // one may be a part of another
	patterns := make([]string, len(present))
	for i, secret := range present {
		patterns[i] = spellings(secret)
	}
	return regexp.MustCompile(strings.Join(patterns, "|")).ReplaceAllString(text, Masked)
}

// isPlain reports whether a character is written as it is in every form of text.
func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// longestPlain is the longest run of plain characters. A text without it does not hold the secret in any spelling.
func longestPlain(secret string) string {
	longest := ""
	for _, run := range strings.FieldsFunc(secret, func(r rune) bool { return !isPlain(r) }) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// spellings is a regular expression for all forms in which a text can hold the secret.
func spellings(secret string) string {
	var pattern strings.Builder
	for _, r := range secret {
		if isPlain(r) {
			pattern.WriteRune(r)
			continue
		}
		fmt.Fprintf(&pattern, "(?:%s)", strings.Join(spelled(r), "|"))
	}
	return pattern.String()
}

// entities are the names of characters that XML has by itself.
var entities = map[rune]string{'&': "amp", '<': "lt", '>': "gt", '"': "quot", '\'': "apos"}

// spelled are regular expressions for the forms of one character.
func spelled(r rune) []string {
	var octets, quoted, units string
	for _, b := range utf8.AppendRune(nil, r) {
		octets += fmt.Sprintf("%%(?:25)*(?i:%02x)", b)
		quoted += fmt.Sprintf(`\\+(?i:x%02x)`, b)
	}
	for _, unit := range utf16.Encode([]rune{r}) {
		units += fmt.Sprintf(`\\+(?i:u%04x)`, unit)
	}
	const reference = `(?:&|\\+(?i:u0026))(?:amp;)*`
	var forms []string // those that begin like another one first
	if entity := entities[r]; entity != "" {
		forms = append(forms, reference+entity+";")
	}
	forms = append(
		forms,
		fmt.Sprintf("%s#0*%d;", reference, r),
		fmt.Sprintf("%s#(?i:x0*%x);", reference, r),
		octets, quoted, units,
		fmt.Sprintf(`\\+(?i:u%08x)`, r), // in Go
	)
	switch r {
	case '\\':
		return append(forms, `\\+`)
	case ' ':
		forms = append(forms, `\+`) // in a form
	case '\n', '\r', '\t':
		forms = append(forms, `\\+`+map[rune]string{'\n': "n", '\r': "r", '\t': "t"}[r])
	}
	return append(forms, `\\*`+regexp.QuoteMeta(string(r)))
}
