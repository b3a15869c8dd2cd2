// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
)

// Clients returns the set of clients out of what Terraform hands to Configure. It returns nil when the provider is not
// configured yet (validation), which is no error.
func Clients(providerData any, diags *diag.Diagnostics) *clients.Set {
	if providerData == nil {
		return nil
	}
	set, ok := providerData.(*clients.Set)
	if !ok {
		diags.AddError("Unexpected Provider Data",
			fmt.Sprintf("Expected *clients.Set, got %T. This is a defect of the provider: please report it.", providerData))
	}
	return set
}
