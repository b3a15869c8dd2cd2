// SPDX-License-Identifier: MPL-2.0

// Package names compares and lists the names of people, groups and roles. Directories and both platforms disregard
// case, and one character may have several encodings: everything that compares names does so by Key.
package names

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Key is what two spellings of one name have in common: canonical composition (Unicode NFC) and full case folding. It
// is for comparison and for map keys only; requests and messages use the name as the server spells it.
func Key(name string) string {
	if isASCII(name) {
		return strings.ToLower(name)
	}
	name = EscapeBytes(name, "\ufffd%02x")
	// Folding can leave a sequence that composes, so compose again. A Caser keeps state, so every call needs its own.
	return norm.NFC.String(cases.Fold().String(strings.Map(upperCherokee, norm.NFC.String(name))))
}

// EscapeBytes writes each byte of a text that is not UTF-8 in a format for its number, such as `\%02x`. Libraries take
// all such bytes for the same letter.
func EscapeBytes(text, format string) string {
	if utf8.ValidString(text) {
		return text
	}
	var written strings.Builder
	for len(text) > 0 {
		letter, size := utf8.DecodeRuneInString(text)
		if letter == utf8.RuneError && size == 1 {
			fmt.Fprintf(&written, format, text[0])
		} else {
			written.WriteString(text[:size])
		}
		text = text[size:]
	}
	return written.String()
}

// upperCherokee corrects x/text, whose folding swaps the two cases of Cherokee instead of mapping both to one.
func upperCherokee(r rune) rune {
	if unicode.Is(unicode.Cherokee, r) {
		return unicode.ToUpper(r)
	}
	return r
}

// Same reports whether two names are spellings of one name.
func Same(a, b string) bool { return a == b || Key(a) == Key(b) }

// Compare orders names by Key, and spellings of one name by their bytes.
func Compare(a, b string) int { return cmp.Or(strings.Compare(Key(a), Key(b)), strings.Compare(a, b)) }

// Contains reports whether the name has the text in it, compared by Key. Every name contains "".
func Contains(name, text string) bool { return strings.Contains(Key(name), Key(text)) }

// Index returns the place of the first spelling of the name among others, -1 if there is none.
func Index(others []string, name string) int {
	key := Key(name)
	return slices.IndexFunc(others, func(other string) bool { return Key(other) == key })
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
