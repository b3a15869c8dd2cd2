// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// sortedNames are the names of references, sorted.
func sortedNames(refs []vcdapi.Reference) []string {
	names := make([]string, len(refs))
	for i, r := range refs {
		if names[i] = r.Name; r.Name == "" {
			names[i] = r.ID
		}
	}
	slices.Sort(names)
	return names
}

// nameList is a computed list of names for what the server says.
func nameList(refs []vcdapi.Reference) types.List {
	elements := make([]attr.Value, len(refs))
	for i, name := range sortedNames(refs) {
		elements[i] = types.StringValue(name)
	}
	return types.ListValueMust(types.StringType, elements)
}

// knownStrings are the elements of a set, false if any of it is not known yet.
func knownStrings(set types.Set) ([]string, bool) {
	if set.IsNull() || set.IsUnknown() {
		return nil, false
	}
	var names []string
	for _, element := range set.Elements() {
		name, ok := element.(types.String)
		if !ok || name.IsUnknown() || name.IsNull() {
			return nil, false
		}
		names = append(names, name.ValueString())
	}
	slices.Sort(names)
	return names, true
}
