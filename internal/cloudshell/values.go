// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// textOrNull is null for nil and for "", which servers use for one another.
func textOrNull(text *string) types.String {
	if text == nil || *text == "" {
		return types.StringNull()
	}
	return types.StringValue(*text)
}

func int64Set(numbers []int64) types.Set {
	elements := make([]attr.Value, len(numbers))
	for i, number := range numbers {
		elements[i] = types.Int64Value(number)
	}
	return types.SetValueMust(types.Int64Type, elements)
}

func stringSet(texts []string) types.Set {
	elements := make([]attr.Value, len(texts))
	for i, text := range texts {
		elements[i] = types.StringValue(text)
	}
	return types.SetValueMust(types.StringType, elements)
}

// stringsOf returns the known elements of a set of strings.
func stringsOf(set types.Set) []string {
	var texts []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() && !text.IsNull() {
			texts = append(texts, text.ValueString())
		}
	}
	return texts
}

// wholly reports whether a set and each of its elements are known.
func wholly(set types.Set) bool {
	if set.IsUnknown() {
		return false
	}
	for _, element := range set.Elements() {
		if element.IsUnknown() {
			return false
		}
	}
	return true
}

// withSpelling returns the names that are planned, in the spelling of state where both sets have the same names:
// another spelling is no change. Terraform accepts the value of state for a configured attribute.
func withSpelling(planned, state types.Set) types.Set {
	if planned.IsNull() || state.IsNull() || !wholly(planned) ||
		!slices.Equal(foldedNames(stringsOf(planned)), foldedNames(stringsOf(state))) {
		return planned
	}
	return state
}

func foldedNames(spellings []string) []string {
	keys := make([]string, len(spellings))
	for i, spelling := range spellings {
		keys[i] = names.Key(spelling)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
