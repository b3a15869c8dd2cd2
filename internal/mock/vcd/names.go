// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// How the server compares names. It does not use the provider's code for that, which would hide its mistakes.

// folded is equal for two names that the server treats as one below API 40: full case folding.
func folded(name string) string { return cases.Fold().String(norm.NFC.String(name)) }

// exactNames reports whether the server tells upper from lower case, as VCF Automation does.
func (s *Server) exactNames() bool { return s.version.atLeast(40, 0) }

// sameName compares names as the server does.
func (s *Server) sameName(a, b string) bool {
	if s.exactNames() {
		return norm.NFC.String(a) == norm.NFC.String(b)
	}
	return folded(a) == folded(b)
}

// nameKey must be different for each user of an organization.
func (s *Server) nameKey(providerType, name string) string {
	key := folded(name)
	if s.exactNames() {
		key = norm.NFC.String(name)
	}
	if s.opts.NamesPerProviderType {
		key = providerType + ":" + key
	}
	return key
}

// stored is the spelling in which the server keeps a name: below API 40 in lower case, where the place in a word counts
// (a Greek sigma at its end).
func (s *Server) stored(name string) string {
	if s.opts.KeepCase || s.exactNames() {
		return name
	}
	return cases.Lower(language.Und).String(name)
}

// sameFolded compares names as directories do, and as people who look for an account.
func sameFolded(a, b string) bool { return folded(a) == folded(b) }

// containsFolded reports whether a name contains a text, in upper or lower case.
func containsFolded(name, text string) bool { return strings.Contains(folded(name), folded(text)) }
