// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
)

// planAllTheSame ends the detail of an error that check_names can switch off.
const planAllTheSame = ` To plan all the same, set check_names = "warn" or "off" in the provider's configuration.`

// ChecksNames reports whether plans check names at all; with check_names = "off" they do not. Ask it before a request
// that serves nothing but a check.
func ChecksNames(set *clients.Set) bool {
	return set != nil && set.CheckNames() != clients.CheckNamesOff
}

// NameFault is a name that a check at plan found wrong: of a person, a directory group, a CloudShell group or domain, a
// role or an organization.
type NameFault struct {
	At      path.Path
	Summary string // IsUnknown or IsAmbiguous
	Detail  string // whole sentences, near names included

	// Doubtful: the name may be right after all. The same run may create what it names, or the list that was searched may
	// have been cut short.
	Doubtful bool
}

// AddNameFault reports what a check of a name at plan found, as check_names says: as an error, as a warning, or not at
// all. A doubtful fault is never more than a warning.
func AddNameFault(diags *diag.Diagnostics, set *clients.Set, fault NameFault) {
	switch {
	case !ChecksNames(set):
	case fault.Doubtful, set.CheckNames() == clients.CheckNamesWarn:
		diags.AddAttributeWarning(fault.At, fault.Summary, fault.Detail)
	default:
		diags.AddAttributeError(fault.At, fault.Summary, fault.Detail+planAllTheSame)
	}
}
