// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// LookCovers reports whether a LookForUser or LookForGroup of the name would have found an entity that the server
// spells so. A filter of the server may regard case, and asks for the name as given and in lower case only.
func (t *Tenant) LookCovers(name, spelling string) bool {
	if len(nameFilters(t.version, "name", name)) == 0 || spelling == name {
		return true
	}
	return !t.version.exactNames() && spelling == names.Key(name)
}

// FreshRoles lists the organization's roles past everything that was read before: a role may have been made in this
// run.
func (t *Tenant) FreshRoles(ctx context.Context) ([]Role, error) {
	t.knownRoles.drop()
	if x, ok := t.backend.(*xmlAPI); ok {
		x.doc.drop()
	}
	return t.Roles(ctx)
}
