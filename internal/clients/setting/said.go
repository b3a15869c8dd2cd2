// SPDX-License-Identifier: MPL-2.0

package setting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestWords bounds what of an answer goes into a message, in characters.
const longestWords = 500

// OneLine is what a server said, on one line, without control characters and of bounded length.
func OneLine(text string) string {
	text = strings.Join(
		strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }),
		" ",
	)
	if utf8.RuneCountInString(text) > longestWords {
		text = string([]rune(text)[:longestWords]) + "…"
	}
	return text
}
