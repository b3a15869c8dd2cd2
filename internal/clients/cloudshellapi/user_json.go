// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// userFields is a user on the wire. GroupIds are strings where the ids are.
type userFields struct {
	ID                        number `json:"Id"`
	Sid                       text
	Username                  text
	Email                     *text
	IsActive                  truth
	IsAdmin                   truth
	GroupIDs                  many[number] `json:"GroupIds"`
	TimeZoneInfoID            *text        `json:"TimeZoneInfoId"`
	MaxReservationDuration    *number
	MaxConcurrentReservations *number
	MaxScheduledSandboxes     *number
	MaxOwnedBlueprints        *number
	MaxSavedSandboxes         *number
	DomainRoles               many[domainRoleFields]
	DomainName                *text
	ImportedSid               *text
}

type domainRoleFields struct {
	DomainID text `json:"DomainId"`
	Role     text `json:"role"`
}

// UnmarshalJSON reads a user as the server sends it, and keeps the whole for UpdateUser. A server that does not say
// whether the user is active is taken to mean that they are.
func (u *User) UnmarshalJSON(data []byte) error {
	var read userFields
	if err := json.Unmarshal(data, &read); err != nil {
		return fmt.Errorf("a user: %w", err)
	}
	if !read.ID.given || read.Username.value == "" {
		return errors.New("a user without Id or Username")
	}
	*u = User{
		ID: read.ID.value, Sid: read.Sid.value, Username: read.Username.value, Email: read.Email.pointer(),
		IsActive:                  read.IsActive.orElse(true),
		TimeZoneInfoID:            read.TimeZoneInfoID.pointer(),
		MaxReservationDuration:    read.MaxReservationDuration.pointer(),
		MaxConcurrentReservations: read.MaxConcurrentReservations.pointer(),
		MaxScheduledSandboxes:     read.MaxScheduledSandboxes.pointer(),
		MaxOwnedBlueprints:        read.MaxOwnedBlueprints.pointer(),
		MaxSavedSandboxes:         read.MaxSavedSandboxes.pointer(),
		DomainName:                read.DomainName.pointer(),
		ImportedSid:               read.ImportedSid.pointer(),
		received:                  bytes.Clone(data),
	}
	for _, id := range read.GroupIDs {
		if id.given {
			u.GroupIDs = append(u.GroupIDs, id.value)
		}
	}
	for _, role := range read.DomainRoles {
		u.DomainRoles = append(u.DomainRoles, DomainRole{DomainID: role.DomainID.value, Role: role.Role.value})
	}
	u.IsAdmin = read.IsAdmin.orElse(slices.Contains(u.GroupIDs, GroupSystemAdministrators))
	return nil
}

// clone keeps callers from changing what they share.
func (u User) clone() User {
	u.GroupIDs = slices.Clone(u.GroupIDs)
	u.DomainRoles = slices.Clone(u.DomainRoles)
	return u
}

// encode is the body of a PUT: what was received, with the fields that were changed since in place of theirs. Fields
// are spelled as the server spelled them, ids written in the form that it used. A password is never among them.
func (u User) encode() (map[string]json.RawMessage, error) {
	body := map[string]json.RawMessage{}
	var before User
	if u.received != nil {
		if err := json.Unmarshal(u.received, &body); err != nil {
			return nil, fmt.Errorf("encoding user %q: %w", u.Username, err)
		}
		if err := json.Unmarshal(u.received, &before); err != nil {
			return nil, fmt.Errorf("encoding user %q: %w", u.Username, err)
		}
	}
	for name := range body {
		if strings.EqualFold(name, "Password") {
			delete(body, name)
		}
	}
	writer := fieldWriter{body: body, all: u.received == nil}
	writer.set("Id", u.ID, u.ID == before.ID)
	writer.set("Sid", u.Sid, u.Sid == before.Sid)
	writer.set("Username", u.Username, u.Username == before.Username)
	writer.set("Email", u.Email, same(u.Email, before.Email))
	writer.set("IsActive", u.IsActive, u.IsActive == before.IsActive)
	writer.set("IsAdmin", u.IsAdmin, u.IsAdmin == before.IsAdmin)
	writer.set("GroupIds", ids(u.GroupIDs, u.received), slices.Equal(u.GroupIDs, before.GroupIDs))
	writer.set("TimeZoneInfoId", u.TimeZoneInfoID, same(u.TimeZoneInfoID, before.TimeZoneInfoID))
	writer.set(
		"MaxReservationDuration",
		u.MaxReservationDuration,
		same(u.MaxReservationDuration, before.MaxReservationDuration),
	)
	writer.set(
		"MaxConcurrentReservations",
		u.MaxConcurrentReservations,
		same(u.MaxConcurrentReservations, before.MaxConcurrentReservations),
	)
	writer.set(
		"MaxScheduledSandboxes",
		u.MaxScheduledSandboxes,
		same(u.MaxScheduledSandboxes, before.MaxScheduledSandboxes),
	)
	writer.set("MaxOwnedBlueprints", u.MaxOwnedBlueprints, same(u.MaxOwnedBlueprints, before.MaxOwnedBlueprints))
	writer.set("MaxSavedSandboxes", u.MaxSavedSandboxes, same(u.MaxSavedSandboxes, before.MaxSavedSandboxes))
	writer.set("DomainRoles", roles(u.DomainRoles), slices.Equal(u.DomainRoles, before.DomainRoles))
	writer.set("DomainName", u.DomainName, same(u.DomainName, before.DomainName))
	writer.set("ImportedSid", u.ImportedSid, same(u.ImportedSid, before.ImportedSid))
	return body, writer.err
}

// fieldWriter puts changed fields into a body under the name that the body has for them already.
type fieldWriter struct {
	body map[string]json.RawMessage
	all  bool // nothing was received: write every field
	err  error
}

func (w *fieldWriter) set(name string, value any, unchanged bool) {
	if unchanged && !w.all {
		return
	}
	for present := range w.body {
		if strings.EqualFold(present, name) {
			name = present
		}
	}
	encoded, err := json.Marshal(value)
	w.body[name], w.err = encoded, errors.Join(w.err, err)
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// ids are written as strings where the server does so.
func ids(values []int64, received json.RawMessage) any {
	var form struct{ ID json.RawMessage }
	if json.Unmarshal(received, &form) != nil || len(form.ID) == 0 || form.ID[0] != '"' {
		return append([]int64{}, values...)
	}
	written := make([]string, len(values))
	for i, value := range values {
		written[i] = strconv.FormatInt(value, 10)
	}
	return written
}

func roles(values []DomainRole) []map[string]string {
	written := make([]map[string]string, len(values))
	for i, role := range values {
		written[i] = map[string]string{"DomainId": role.DomainID, "role": role.Role}
	}
	return written
}
