// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"slices"
)

// unlock checks a PUT of a locked user. From 37.2 on, only locked = false is allowed: it unlocks the user.
func (s *Server) unlock(u *User, body userBody, roles []string) *fault {
	if string(body.Locked) == "true" && !u.Locked {
		return badRequest("A user cannot be locked by an update.")
	}
	if !u.Locked {
		return nil
	}
	changes := body.Enabled != u.Enabled || body.Description != u.Description || !slices.Equal(roles, u.Roles)
	if string(body.Locked) != "false" || changes && s.opts.Unlock == UnlockAlone {
		return s.refuseLocked(u)
	}
	u.Locked = false
	return nil
}

func (s *Server) refuseLocked(u *User) *fault {
	switch {
	case !u.Locked:
		return nil
	case s.opts.Locked == Locked403:
		return denied()
	default:
		return badRequest("The user %q is locked and cannot be updated.", u.Username)
	}
}

// remap gives a user another name or provider type, from 37.1 on. Id and property stay.
func (s *Server) remap(ctx context.Context, c *caller, u *User, body userBody) *fault {
	sameName := s.sameName(body.Username, u.Username)
	switch {
	case sameName && body.ProviderType == u.ProviderType:
		return nil
	case !c.version.atLeast(37, 1) && !sameName:
		return badRequest("The name of a user cannot be changed.")
	case !c.version.atLeast(37, 1):
		return badRequest("The provider type of a user cannot be changed.")
	case body.ProviderType == TypeLocal:
		return badRequest("A password is required to make a user local.")
	}
	if err := s.checkProviderType(c.org, body.ProviderType); err != nil {
		return err
	}
	if other := c.org.byName[c.org.nameKey(body.ProviderType, body.Username)]; other != nil && other != u {
		return s.duplicate("user", body.Username)
	}
	remapped := *u
	remapped.Username, remapped.ProviderType = s.stored(body.Username), body.ProviderType
	remapped.NameInSource, remapped.WrongSpelling = remapped.Username, false
	if body.ProviderType == TypeLDAP {
		if err := s.fillFromDirectory(ctx, &remapped); err != nil {
			return err
		}
	}
	c.org.rekey(u, func() { *u = remapped })
	return nil
}

// rekey changes the name or provider type of a user.
func (o *organization) rekey(u *User, change func()) {
	delete(o.byName, o.nameKey(u.ProviderType, u.Username))
	change()
	o.byName[o.nameKey(u.ProviderType, u.Username)] = u
}

// syncUser reads a user's details from the directory again. A user is stranded if the person is gone, or if another
// account has the name by now.
func (s *Server) syncUser(ctx context.Context, u *User) {
	person, ok, err := s.opts.Directory.FindUser(ctx, u.Username)
	if err != nil {
		return
	}
	fromAddUser := u.NameInSource == escapedBytes(u.Username) // then the id of the account is not known
	u.Stranded = !ok || !fromAddUser && u.NameInSource != escapedBytes(person.ID)
	if !u.Stranded {
		u.FullName, u.Email, u.Telephone = person.DisplayName, person.Email, person.Telephone
	}
}
