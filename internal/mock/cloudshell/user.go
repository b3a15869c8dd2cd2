// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// The built-in CloudShell groups.
const (
	GroupEveryone             int64 = 1
	GroupSystemAdministrators int64 = -1
)

// Defaults that a limit set to -1 stands for.
const (
	defaultReservationMinutes int64 = 1440
	defaultLimit              int64 = 10
)

// User is a CloudShell user as the server holds them.
type User struct {
	ID           int64
	Sid          string // CloudShell's own id, a UUID
	Username     string
	Email        string
	IsActive     bool
	IsAdmin      bool
	GroupIDs     []int64 // sorted; Everyone among them
	TimeZone     *string // Windows name
	MaxDuration  *int64  // minutes; -1 only with LimitsMinusOne
	MaxReserved  *int64
	MaxScheduled *int64
	MaxOwned     *int64
	MaxSaved     *int64
	DomainRoles  []DomainRole
	DomainName   string
	ImportedSid  string            // empty: a local user
	Extra        map[string]string // see Options.ExtraFields
}

// DomainRole is a user's role in a domain.
type DomainRole struct {
	DomainID string `json:"DomainId"`
	Role     string `json:"role"`
}

// IsImported tells an imported user from a local one.
func (u *User) IsImported() bool { return u.ImportedSid != "" }

// InGroup tells whether the user is in the CloudShell group.
func (u *User) InGroup(id int64) bool { return slices.Contains(u.GroupIDs, id) }

func (u *User) clone() User {
	c := *u
	c.GroupIDs = slices.Clone(u.GroupIDs)
	c.DomainRoles = slices.Clone(u.DomainRoles)
	c.Extra = maps.Clone(u.Extra)
	return c
}

// setGroup puts the user in a group or takes them out; the group of administrators and IsAdmin go together.
func (u *User) setGroup(id int64, in bool) {
	at, found := slices.BinarySearch(u.GroupIDs, id)
	switch {
	case in && !found:
		u.GroupIDs = slices.Insert(slices.Clone(u.GroupIDs), at, id)
	case !in && found:
		u.GroupIDs = slices.Delete(slices.Clone(u.GroupIDs), at, at+1)
	}
	if id == GroupSystemAdministrators {
		u.IsAdmin = in
	}
}

// render returns the user in the vendor's form, as the options have it.
func (u *User) render(o Options) map[string]any {
	groups := make([]any, len(u.GroupIDs))
	for i, id := range u.GroupIDs {
		groups[i] = renderID(id, o.IDs)
	}
	roles := u.DomainRoles
	if roles == nil {
		roles = []DomainRole{}
	}
	out := map[string]any{
		"Id": renderID(u.ID, o.IDs), "Sid": u.Sid, "Username": u.Username, "Email": renderEmail(u.Email, o.Email),
		"IsActive": u.IsActive, "IsAdmin": u.IsAdmin, "GroupIds": groups, "TimeZoneInfoId": u.TimeZone,
		"MaxReservationDuration": u.MaxDuration, "MaxConcurrentReservations": u.MaxReserved,
		"MaxScheduledSandboxes": u.MaxScheduled, "MaxOwnedBlueprints": u.MaxOwned, "MaxSavedSandboxes": u.MaxSaved,
		"DomainRoles": roles, "DomainName": nullable(u.DomainName), "ImportedSid": nullable(u.ImportedSid),
	}
	for name, value := range u.Extra {
		out[name] = value
	}
	return out
}

func renderID(id int64, form IDForm) any {
	if form == IDsStrings {
		return strconv.FormatInt(id, 10)
	}
	return id
}

func renderEmail(email string, form EmptyEmail) any {
	if email == "" && form == EmailNull {
		return nil
	}
	return email
}

func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// parseID reads an id that is a JSON number, or a JSON string where the server writes ids as strings.
func parseID(raw json.RawMessage, form IDForm) (int64, bool) {
	var id int64
	if json.Unmarshal(raw, &id) == nil && string(raw) != "null" {
		return id, true
	}
	var text string
	if form != IDsStrings || json.Unmarshal(raw, &text) != nil {
		return 0, false
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil
}
