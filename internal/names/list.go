// SPDX-License-Identifier: MPL-2.0

package names

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ListLimit is how many names a message shows. A count stands for the rest.
const ListLimit = 20

// List writes names for a sentence, quoted: "a", "b" and "c". After 20 names it ends with the number of the others.
func List(names []string) string { return join(quoted(names), "and") }

// Join writes phrases for a sentence as they are: a, b and c. After 20 phrases it ends with the number of the others.
func Join(phrases []string) string { return join(phrases, "and") }

// Sorted returns the names in the order of Compare.
func Sorted(names []string) []string { return slices.SortedFunc(slices.Values(names), Compare) }

func quoted(names []string) []string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = strconv.Quote(name)
	}
	return texts
}

func join(phrases []string, conjunction string) string {
	if more := len(phrases) - ListLimit; more > 0 {
		phrases = append(slices.Clone(phrases[:ListLimit]), fmt.Sprintf("%d more", more))
	}
	if len(phrases) < 2 {
		return strings.Join(phrases, "")
	}
	last := len(phrases) - 1
	return strings.Join(phrases[:last], ", ") + " " + conjunction + " " + phrases[last]
}
