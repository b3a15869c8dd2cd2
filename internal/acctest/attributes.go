// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// Attributes are attributes of a resource or data source in state, and their values as text.
type Attributes map[string]string

// At checks that the resource or data source at the address has the attributes.
func (a Attributes) At(address string) resource.TestCheckFunc {
	checks := make([]resource.TestCheckFunc, 0, len(a))
	for _, name := range slices.Sorted(maps.Keys(a)) {
		checks = append(checks, resource.TestCheckResourceAttr(address, name, a[name]))
	}
	return resource.ComposeAggregateTestCheckFunc(checks...)
}
