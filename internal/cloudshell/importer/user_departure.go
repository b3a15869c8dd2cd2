// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Protected returns a ProtectedError for an account that must not be deactivated, deleted or demoted.
func (i *Importer) Protected(user cloudshellapi.User) error {
	switch account := i.client.Account(); {
	case !user.IsImported():
		return &ProtectedError{user.Username, LocalUser}
	case account != "" && names.Same(account, user.Username):
		return &ProtectedError{user.Username, OwnAccount}
	case account == "" && user.IsAdmin:
		return &ProtectedError{user.Username, MaybeOwnAccount}
	default:
		return nil
	}
}

// Deactivate keeps a user from logging in, after one more look. It returns the user as found, and whether that was a
// change; ErrNotFound when the account is gone, also when another person has its id by now.
func (i *Importer) Deactivate(
	ctx context.Context,
	known cloudshellapi.User,
) (user cloudshellapi.User, changed bool, err error) {
	user, err = i.client.ReadUser(ctx, known.ID)
	switch {
	case err != nil:
		return user, false, err
	case !SamePerson(user, known):
		return user, false, cloudshellapi.ErrNotFound
	}
	if err := i.Protected(user); err != nil {
		return user, false, err
	}
	if !user.IsActive {
		return user, false, nil
	}
	inactive := user
	inactive.IsActive = false
	if err := i.client.UpdateUser(ctx, inactive); err != nil {
		_, err = i.written(ctx, inactive, func(u *cloudshellapi.User) bool { return u.IsActive }, err)
		return user, err == nil, err
	}
	return user, true, nil
}

// Delete deactivates a user and deletes the account, after one more look; the vendor asks for that order, since
// CloudShell keeps users who own sandboxes from being deleted. An account that is gone already is a success. A
// DeletionRefusedError leaves it inactive.
func (i *Importer) Delete(ctx context.Context, known cloudshellapi.User) error {
	user, _, err := i.Deactivate(ctx, known)
	if errors.Is(err, cloudshellapi.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	err = i.client.DeleteUser(ctx, user.ID)
	if err == nil || errors.Is(err, cloudshellapi.ErrNotFound) {
		return nil
	}
	if !inDoubt(ctx, err) {
		return &DeletionRefusedError{err}
	}
	lookUp, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	if _, readErr := i.client.ReadUser(lookUp, user.ID); errors.Is(readErr, cloudshellapi.ErrNotFound) {
		return nil
	}
	return &DeletionRefusedError{err}
}
