// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"fmt"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// LimitCount is the number of a user's limits.
const LimitCount = 5

// LimitNames are the names of the limits in HCL, in the order of LimitsOf.
var LimitNames = [LimitCount]string{
	"max_reservation_duration", "max_concurrent_reservations", "max_scheduled_sandboxes", "max_owned_blueprints",
	"max_saved_sandboxes",
}

// DefaultLimit asks CloudShell for its default of a limit.
const DefaultLimit int64 = -1

// LimitsOf are the limits of a user.
func LimitsOf(user *cloudshellapi.User) [LimitCount]**int64 {
	return [LimitCount]**int64{
		&user.MaxReservationDuration, &user.MaxConcurrentReservations, &user.MaxScheduledSandboxes, &user.MaxOwnedBlueprints,
		&user.MaxSavedSandboxes,
	}
}

// Settings are the account settings to apply; nil is one that stays as it is.
type Settings struct {
	Active, Admin *bool
	TimeZone      *string
	Limits        [LimitCount]*int64
	// Groups are the ids of the CloudShell groups to be in besides the built-in ones; SetGroups tells that they matter.
	Groups    []int64
	SetGroups bool
	// IsDefault reports, for the limit of that place, whether the server still holds the value that it chose when it was
	// sent DefaultLimit.
	IsDefault func(place int, held *int64) bool
}

// IsEmpty reports whether there is nothing to apply.
func (s Settings) IsEmpty() bool {
	return s.Active == nil && s.Admin == nil && s.TimeZone == nil && s.Limits == [LimitCount]*int64{} && !s.SetGroups
}

// Change makes the user what the settings say, and reports whether that was a change.
func (s Settings) Change(user *cloudshellapi.User) bool {
	changed := false
	if s.Active != nil && user.IsActive != *s.Active {
		user.IsActive, changed = *s.Active, true
	}
	if s.Admin != nil && user.IsAdmin != *s.Admin {
		user.IsAdmin, changed = *s.Admin, true
	}
	if s.TimeZone != nil && (user.TimeZoneInfoID == nil || *user.TimeZoneInfoID != *s.TimeZone) {
		user.TimeZoneInfoID, changed = s.TimeZone, true
	}
	for place, held := range LimitsOf(user) {
		if limit := s.Limits[place]; limit != nil && !s.holds(place, *held) {
			*held, changed = limit, true
		}
	}
	if groups := s.groupsFor(*user); !sameIDs(groups, user.GroupIDs) {
		user.GroupIDs, changed = groups, true
	}
	return changed
}

// holds reports whether the server has the limit already.
func (s Settings) holds(place int, held *int64) bool {
	limit := *s.Limits[place]
	return held != nil && *held == limit || limit == DefaultLimit && s.IsDefault != nil && s.IsDefault(place, held)
}

// groupsFor are all groups of the user after the change. The built-in ones follow from IsAdmin, which must be set
// already.
func (s Settings) groupsFor(user cloudshellapi.User) []int64 {
	ids := GivenGroups(user)
	if s.SetGroups {
		ids = slices.Clone(s.Groups)
	}
	if s.SetGroups || slices.Contains(user.GroupIDs, cloudshellapi.GroupEveryone) {
		ids = append(ids, cloudshellapi.GroupEveryone)
	}
	inAdministrators := slices.Contains(user.GroupIDs, cloudshellapi.GroupSystemAdministrators)
	if s.Admin != nil {
		inAdministrators = *s.Admin
	}
	if inAdministrators {
		ids = append(ids, cloudshellapi.GroupSystemAdministrators)
	}
	return ids
}

// Untaken describes the settings that the server does not hold although it accepted them.
func (s Settings) Untaken(user cloudshellapi.User) []string {
	var lines []string
	note := func(name string, asked, held any) {
		lines = append(lines, fmt.Sprintf("%s: asked for %v, has %v", name, asked, held))
	}
	if s.Active != nil && user.IsActive != *s.Active {
		note("active", *s.Active, user.IsActive)
	}
	if s.Admin != nil && user.IsAdmin != *s.Admin {
		note("admin", *s.Admin, user.IsAdmin)
	}
	if s.TimeZone != nil && textOf(user.TimeZoneInfoID) != *s.TimeZone {
		note("time_zone", *s.TimeZone, orNothing(user.TimeZoneInfoID))
	}
	for place, held := range LimitsOf(&user) {
		limit := s.Limits[place]
		if limit != nil && *limit != DefaultLimit && (*held == nil || **held != *limit) {
			note(LimitNames[place], *limit, orNothing(*held))
		}
	}
	if s.SetGroups && !sameIDs(s.Groups, GivenGroups(user)) {
		note("groups (ids)", s.Groups, GivenGroups(user))
	}
	return lines
}

// GivenGroups are the ids of a user's groups without the built-in ones, sorted.
func GivenGroups(user cloudshellapi.User) []int64 {
	return slices.Sorted(func(yield func(int64) bool) {
		for _, id := range user.GroupIDs {
			if id != cloudshellapi.GroupEveryone && id != cloudshellapi.GroupSystemAdministrators && !yield(id) {
				return
			}
		}
	})
}

func orNothing[V any](value *V) any {
	if value == nil {
		return "nothing"
	}
	return *value
}

func sameIDs(a, b []int64) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}

// ChangeSettings reads the user, lets change edit them, writes them where it reports a change, and returns them as the
// server then has them. The read comes right before the write, since the write sends everything, group memberships too.
// Only a known with the same id and person is changed (see SamePerson); ErrNotFound when there is none.
func (i *Importer) ChangeSettings(
	ctx context.Context, known cloudshellapi.User, change func(*cloudshellapi.User) bool,
) (cloudshellapi.User, error) {
	user, err := i.client.ReadUser(ctx, known.ID)
	if err != nil {
		return user, err
	}
	if !SamePerson(user, known) {
		return user, &OtherPersonError{Known: known, Found: user}
	}
	before := user
	if !change(&user) {
		return before, nil
	}
	if before.IsActive && !user.IsActive || before.IsAdmin && !user.IsAdmin {
		if err := i.Protected(before); err != nil {
			return before, err
		}
	}
	if err := i.client.UpdateUser(ctx, user); err != nil {
		return i.written(ctx, user, change, err)
	}
	return i.client.ReadUser(ctx, user.ID)
}

// written finds out whether a write took effect whose answer is in doubt.
func (i *Importer) written(
	ctx context.Context, user cloudshellapi.User, change func(*cloudshellapi.User) bool, cause error,
) (cloudshellapi.User, error) {
	if !inDoubt(ctx, cause) {
		return user, cause
	}
	lookUp, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	held, err := i.client.ReadUser(lookUp, user.ID)
	if err != nil {
		return user, cause
	}
	if left := held; change(&left) {
		return held, cause
	}
	return held, nil
}
