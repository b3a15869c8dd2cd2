// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	_ "embed" // the lab directory
	"encoding/base64"
	"fmt"
	"strings"
)

// LabLDIF is the embedded lab directory: a small Active Directory domain with people of several departments, nested
// and cyclic groups, disabled accounts, and names that hurt careless code. SIDs are written as text for the reader's
// sake.
//
//go:embed lab.ldif
var LabLDIF string

// ldifEntry is one entry as the LDIF spells it.
type ldifEntry struct {
	dn    string
	attrs []ldifAttr
}

type ldifAttr struct{ name, value string }

// parseLDIF reads content records of RFC 2849: comments, folded lines and base64 values; no change records, no URLs.
func parseLDIF(text string) ([]ldifEntry, error) {
	var entries []ldifEntry
	var current *ldifEntry
	for n, line := range unfold(text) {
		if line == "" {
			current = nil
			continue
		}
		if strings.HasPrefix(line, "#") || (current == nil && strings.HasPrefix(line, "version:")) {
			continue
		}
		name, value, err := ldifLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		switch {
		case strings.EqualFold(name, "dn"):
			entries = append(entries, ldifEntry{dn: value})
			current = &entries[len(entries)-1]
		case current == nil:
			return nil, fmt.Errorf("line %d: %q comes before any dn", n+1, name)
		default:
			current.attrs = append(current.attrs, ldifAttr{name, value})
		}
	}
	return entries, nil
}

// unfold joins the continued lines; a joined line leaves empty comment lines behind so that line numbers hold.
func unfold(text string) []string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	last := -1
	for i, line := range lines {
		if strings.HasPrefix(line, " ") && last >= 0 {
			lines[last] += line[1:]
			lines[i] = "#"
			continue
		}
		last = i
	}
	return lines
}

func ldifLine(line string) (name, value string, err error) {
	name, rest, ok := strings.Cut(line, ":")
	if !ok || name == "" {
		return "", "", fmt.Errorf("%q is not of the form name: value", line)
	}
	if encoded, isBase64 := strings.CutPrefix(rest, ":"); isBase64 {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil {
			return "", "", fmt.Errorf("%s: %w", name, err)
		}
		return name, string(raw), nil
	}
	return name, strings.TrimLeft(rest, " "), nil
}
