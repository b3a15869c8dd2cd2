// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// Settings is what a configuration says of a user. Pointers are nil for what it leaves to the server.
type Settings struct {
	Roles             []vcdapi.Reference
	Enabled           bool
	Description       string
	InheritGroupRoles *bool
	DeployedVMQuota   *int64
	StoredVMQuota     *int64
}

// On returns the user with these settings.
func (s Settings) On(user vcdapi.User) vcdapi.User {
	user.Roles, user.Enabled, user.Description = s.Roles, s.Enabled, s.Description
	if s.InheritGroupRoles != nil {
		user.InheritGroupRoles = s.InheritGroupRoles
	}
	if s.DeployedVMQuota != nil {
		user.DeployedVMQuota = s.DeployedVMQuota
	}
	if s.StoredVMQuota != nil {
		user.StoredVMQuota = s.StoredVMQuota
	}
	return user
}

// Has reports whether the user has all of these settings.
func (s Settings) Has(user vcdapi.User) bool {
	return user.Enabled == s.Enabled && user.Description == s.Description && SameRoles(user.Roles, s.Roles) &&
		agrees(s.InheritGroupRoles, user.InheritGroupRoles) &&
		agrees(s.DeployedVMQuota, user.DeployedVMQuota) && agrees(s.StoredVMQuota, user.StoredVMQuota)
}

// SameRoles compares roles by id, in any order.
func SameRoles(a, b []vcdapi.Reference) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(role vcdapi.Reference) bool {
		return !slices.ContainsFunc(b, func(other vcdapi.Reference) bool { return other.ID == role.ID })
	})
}

func agrees[T comparable](planned, has *T) bool {
	return planned == nil || has != nil && *has == *planned
}
