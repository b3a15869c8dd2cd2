package cloudshell

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// userSettings are the account settings that the configuration gives; nil is one that it leaves alone.
type userSettings struct {
	active, admin *bool
	timeZone      *string
	limits        [limitCount]*int64
	groups        []int64 // the groups to be in besides the built-in ones
	setGroups     bool
}

// settingsOf reads the settings out of a configuration. The ids of the groups have to be looked up, so they are given.
func settingsOf(config *importedUserModel, groups []int64) userSettings {
	settings := userSettings{
		active: config.Active.ValueBoolPointer(), admin: config.Admin.ValueBoolPointer(), timeZone: config.TimeZone.ValueStringPointer(),
		groups: groups, setGroups: !config.Groups.IsNull(),
	}
	for i, limit := range config.limits() {
		settings.limits[i] = limit.ValueInt64Pointer()
	}
	return settings
}

// change makes the user what the settings want, and reports whether that was a change. notes tell what the server made of
// limits of -1, which are then set already.
func (s userSettings) change(user *cloudshellapi.User, notes userNotes) bool {
	changed := false
	if s.active != nil && user.IsActive != *s.active {
		user.IsActive, changed = *s.active, true
	}
	if s.admin != nil && user.IsAdmin != *s.admin {
		user.IsAdmin, changed = *s.admin, true
	}
	if s.timeZone != nil && (user.TimeZoneInfoID == nil || *user.TimeZoneInfoID != *s.timeZone) {
		user.TimeZoneInfoID, changed = s.timeZone, true
	}
	held := limitsOf(user)
	for i, wanted := range s.limits {
		if wanted == nil || *held[i] != nil && **held[i] == *wanted || *wanted == leastLimit && notes.isDefault(limitNames[i], *held[i]) {
			continue
		}
		*held[i], changed = wanted, true
	}
	if groups := s.groupsFor(*user); !sameNumbers(groups, user.GroupIDs) {
		user.GroupIDs, changed = groups, true
	}
	return changed
}

// groupsFor are all groups of the user as the settings want them: the built-in ones go by IsAdmin, which must be set already.
func (s userSettings) groupsFor(user cloudshellapi.User) []int64 {
	ids := managedGroups(user)
	if s.setGroups {
		ids = slices.Clone(s.groups)
	}
	if s.setGroups || slices.Contains(user.GroupIDs, cloudshellapi.GroupEveryone) {
		ids = append(ids, cloudshellapi.GroupEveryone)
	}
	inAdministrators := slices.Contains(user.GroupIDs, cloudshellapi.GroupSystemAdministrators)
	if s.admin != nil {
		inAdministrators = *s.admin
	}
	if inAdministrators {
		ids = append(ids, cloudshellapi.GroupSystemAdministrators)
	}
	return ids
}

// warnNotTaken tells which settings the server does not hold although it accepted them.
func (s userSettings) warnNotTaken(user cloudshellapi.User, diags *diag.Diagnostics) {
	var lines []string
	note := func(name string, wanted, held any) {
		lines = append(lines, fmt.Sprintf("%s: asked for %v, has %v", name, wanted, held))
	}
	if s.active != nil && user.IsActive != *s.active {
		note("active", *s.active, user.IsActive)
	}
	if s.admin != nil && user.IsAdmin != *s.admin {
		note("admin", *s.admin, user.IsAdmin)
	}
	if s.timeZone != nil && (user.TimeZoneInfoID == nil || *user.TimeZoneInfoID != *s.timeZone) {
		note("time_zone", *s.timeZone, orNothing(user.TimeZoneInfoID))
	}
	held := limitsOf(&user)
	for i, wanted := range s.limits {
		if wanted != nil && *wanted != leastLimit && (*held[i] == nil || **held[i] != *wanted) {
			note(limitNames[i], *wanted, orNothing(*held[i]))
		}
	}
	if s.setGroups && !sameNumbers(s.groups, managedGroups(user)) {
		note("groups (ids)", s.groups, managedGroups(user))
	}
	if len(lines) > 0 {
		diags.AddWarning(fmt.Sprintf("CloudShell Did Not Take All Settings of User %q", user.Username),
			"The server accepted the change, yet reads back other values: "+strings.Join(lines, "; ")+". The next plan will show them again.")
	}
}

func orNothing[V any](value *V) any {
	if value == nil {
		return "nothing"
	}
	return *value
}

func sameNumbers(a, b []int64) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// guardAccount refuses settings that would lock the provider out: those of the account that it logs in with.
func (s userSettings) guardAccount(account, username string, diags *diag.Diagnostics) {
	if account == "" || !framework.SameName(account, username) {
		return
	}
	const detail = "The provider logs in to CloudShell as this user. Without being active and a system administrator, it could do nothing more."
	if s.active != nil && !*s.active {
		diags.AddAttributeError(path.Root("active"), fmt.Sprintf("User %q Must Stay Active", username), detail)
	}
	if s.admin != nil && !*s.admin {
		diags.AddAttributeError(path.Root("admin"), fmt.Sprintf("User %q Must Stay System Administrator", username), detail)
	}
}
