// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// MayHaveActed reports whether the server may have done what was asked although its answer does not say so: the answer
// was lost, or the server or a gateway answered that it failed (5xx). Look before the request is sent again.
func MayHaveActed(err error) bool {
	return errors.Is(err, transport.ErrAnswerLost) || transport.Status(err) >= http.StatusInternalServerError
}

// Remap gives a user another name, another provider type, or both. The id and everything that the user owns stay. A
// name that another user has is ErrExists, and changes nothing. ErrUnsupported where the server cannot (see
// [Capabilities]), and for ProviderLocal, which would need a password. ErrNotFound, ErrLocked. After a lost answer
// Remap looks whether it was done.
func (t *Tenant) Remap(ctx context.Context, id, username, providerType string) (User, error) {
	if err := t.remappable(providerType); err != nil {
		return User{}, err
	}
	u, err := t.FreshUser(ctx, id)
	if err != nil {
		return User{}, err
	}
	done := func(has User) bool { return t.SameName(has.Username, username) && has.ProviderType == providerType }
	if done(u) {
		return u, nil
	}
	if err := t.remapTargetFree(ctx, id, username, providerType); err != nil {
		return User{}, err
	}
	u.Username, u.ProviderType = username, providerType
	return t.change(ctx, u, done)
}

func (t *Tenant) remappable(providerType string) error {
	if err := t.writable(); err != nil {
		return err
	}
	switch {
	case providerType == ProviderLocal:
		return fmt.Errorf("%w: a user cannot be remapped to a local account, which needs a password", ErrUnsupported)
	case !t.capabilities.Remap:
		return fmt.Errorf("%w: remapping a user needs CloudAPI 37.1 or later, and %s %s is in use",
			ErrUnsupported, t.capabilities.Interface, t.version.text)
	default:
		return nil
	}
}

// remapTargetFree refuses a name that another user has. The server's own refusal comes too late where it compares names
// by provider type, or not at all.
func (t *Tenant) remapTargetFree(ctx context.Context, id, username, providerType string) error {
	has, err := t.LookForUser(ctx, username, providerType)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case bareID(has.ID) == bareID(id):
		return nil
	default:
		return fmt.Errorf("%w: user %q (%s) has that name", ErrExists, has.Username, has.ProviderType)
	}
}

// Unlock unlocks a user that failed logins have locked. A user who is not locked is returned as they are.
// ErrUnsupported where the server cannot (see [Capabilities]), ErrNotFound. After a lost answer Unlock looks whether it
// was done.
func (t *Tenant) Unlock(ctx context.Context, id string) (User, error) {
	if err := t.writable(); err != nil {
		return User{}, err
	}
	if !t.capabilities.Unlock {
		return User{}, fmt.Errorf("%w: unlocking a user needs CloudAPI 37.2 or later, and %s %s is in use",
			ErrUnsupported, t.capabilities.Interface, t.version.text)
	}
	u, err := t.FreshUser(ctx, id)
	if err != nil || !u.locked() {
		return u, err
	}
	u.Locked = new(bool)
	return t.change(ctx, u, func(has User) bool { return !has.locked() })
}

// Disable keeps a user from logging in, a locked user too. ErrNotFound; ErrLocked where the server takes no change of a
// locked user. After a lost answer Disable looks whether it was done.
func (t *Tenant) Disable(ctx context.Context, id string) (User, error) {
	if err := t.writable(); err != nil {
		return User{}, err
	}
	u, err := t.FreshUser(ctx, id)
	if err != nil || !u.Enabled {
		return u, err
	}
	wasLocked := u.locked()
	u.Enabled = false
	if wasLocked {
		u.Locked = new(bool) // a locked user takes no change but this
	}
	isDisabled := func(has User) bool { return !has.Enabled }
	disabled, err := t.change(ctx, u, isDisabled)
	switch {
	case !wasLocked || !refusal(err):
		return disabled, err
	case !t.capabilities.Unlock:
		return disabled, meaning(err, ErrLocked)
	}
	u, err = t.Unlock(ctx, id) // the server wants the two changes one by one
	if err != nil {
		return u, err
	}
	u.Enabled = false
	return t.change(ctx, u, isDisabled)
}

// locked reports whether the user is known to be locked.
func (u User) locked() bool { return u.Locked != nil && *u.Locked }

// change sends the whole user. When the answer is lost it looks whether the change was done.
func (t *Tenant) change(ctx context.Context, u User, done func(User) bool) (User, error) {
	updated, err := t.UpdateUser(ctx, u)
	switch {
	case err == nil && !done(updated):
		return updated, fmt.Errorf("the server answered with success and did not change the user %q", updated.Username)
	case err == nil:
		return updated, nil
	case saysDuplicate(err):
		return User{}, meaning(err, ErrExists)
	case !MayHaveActed(err):
		return User{}, err
	}
	look, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	has, lookErr := t.FreshUser(look, u.ID)
	if lookErr == nil && done(has) {
		return has, nil
	}
	return User{}, err
}
