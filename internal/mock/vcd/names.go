// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// How the server compares names: this is not the provider's code for the same, which would agree with its mistakes.

// folded is what two names have in common that the server takes for one below API 40: full case folding.
func folded(name string) string { return cases.Fold().String(norm.NFC.String(name)) }

// exactNames tells whether names are taken in their exact spelling: VCF Automation.
func (s *Server) exactNames() bool { return s.version.atLeast(40, 0) }

// sameName compares names as the server does.
func (s *Server) sameName(a, b string) bool {
	if s.exactNames() {
		return norm.NFC.String(a) == norm.NFC.String(b)
	}
	return folded(a) == folded(b)
}

// nameKey is what users of an organization may not have in common.
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

// stored is the spelling in which the server keeps a name: in lower case, by the rules for whole words, below API 40.
func (s *Server) stored(name string) string {
	if s.opts.KeepCase || s.exactNames() {
		return name
	}
	return cases.Lower(language.Und).String(name)
}

// sameFolded compares names as directories do, and as people who look for an account.
func sameFolded(a, b string) bool { return folded(a) == folded(b) }

// containsFolded tells whether a name has a text in it, in any case.
func containsFolded(name, text string) bool { return strings.Contains(folded(name), folded(text)) }
