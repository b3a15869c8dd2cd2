// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"fmt"

	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// exactNames reports whether names match in their exact spelling, as they do in VCF Automation. Cloud Director ignores
// case.
func (v version) exactNames() bool { return v.automation() }

// sameName compares two names as the server does. Unicode has several encodings for one spelling, which count as one:
// Terraform and a directory may differ there.
func (v version) sameName(a, b string) bool {
	if v.exactNames() {
		return norm.NFC.String(a) == norm.NFC.String(b)
	}
	return names.Same(a, b)
}

// SameName compares two names of users or groups as the server does: in exact spelling from API 40 on, else without
// regard to case.
func (t *Tenant) SameName(a, b string) bool { return t.version.sameName(a, b) }

// SpellingError says that a user or group exists whose name differs from the requested one only in its spelling, on a
// server that matches names exactly (VCF Automation). The exact name is free, so it is an [ErrNotFound] as well.
type SpellingError struct {
	ID, Name, ProviderType string // of the one that exists
}

func (e *SpellingError) Error() string {
	return fmt.Sprintf("%v: the server has %q, and matches names in their exact spelling", ErrNotFound, e.Name)
}

// Unwrap makes it an ErrNotFound.
func (e *SpellingError) Unwrap() error { return ErrNotFound }

// identified is what a lookup by name needs to know of a user or group.
type identified struct{ id, name, providerType string }

func identifyUser(u User) identified   { return identified{u.ID, u.Username, u.ProviderType} }
func identifyGroup(g Group) identified { return identified{g.ID, g.Name, g.ProviderType} }

// choose picks from the entities of a name, in any spelling, the one that the name stands for: of the wanted provider
// type first ("" is any), else of another type.
func choose[T any](v version, found []T, name, providerType string, identify func(T) identified) (T, error) {
	var none, other T
	var chosen bool
	var spelling *SpellingError
	for _, entity := range found {
		has := identify(entity)
		if !v.sameName(has.name, name) {
			spelling = &SpellingError{ID: has.id, Name: has.name, ProviderType: has.providerType}
			continue
		}
		if providerType == "" || has.providerType == providerType {
			return entity, nil
		}
		if !chosen {
			other, chosen = entity, true
		}
	}
	switch {
	case chosen:
		return other, nil
	case spelling != nil:
		return none, spelling
	default:
		return none, ErrNotFound
	}
}
