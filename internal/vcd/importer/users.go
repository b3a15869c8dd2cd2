// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Users imports, changes and removes users of one organization.
type Users struct{ Tenant *vcdapi.Tenant }

// UserImport is a user to be imported.
type UserImport struct {
	Name, ProviderType string
	Settings           Settings

	Existing *vcdapi.User // what a look before found; nil if the name was free
	Consent  bool         // to adopt an existing user
	Unlock   bool         // an existing user who is locked
}

// Import imports a user, or adopts the existing one. The error is an *ExistsError where consent is missing, a
// *LocalAccountError, *ProviderTypeError or *LoginAccountError where an existing user must not be adopted, else the
// server's refusal; then nothing was changed.
func (u Users) Import(ctx context.Context, in UserImport) (Imported[vcdapi.User], error) {
	if in.Existing != nil {
		return u.adopt(ctx, *in.Existing, in)
	}
	user := in.Settings.On(vcdapi.User{Username: in.Name, ProviderType: in.ProviderType})
	imported, err := request[vcdapi.User]{
		send: func(ctx context.Context) (vcdapi.User, error) { return u.Tenant.CreateUser(ctx, user) },
		look: func(ctx context.Context) (vcdapi.User, error) {
			return u.Tenant.LookForUser(ctx, in.Name, in.ProviderType)
		},
		isOurs: func(found vcdapi.User) bool {
			return found.ProviderType == in.ProviderType && u.Tenant.LookCovers(in.Name, found.Username)
		},
	}.run(ctx)
	if imported.Doubt != nil {
		imported.Entity = user
	}
	if _, exists := errors.AsType[*ExistsError](err); !exists {
		return imported, err
	}
	found, lookErr := u.Tenant.FindUser(ctx, in.Name, in.ProviderType)
	switch {
	case errors.Is(lookErr, vcdapi.ErrNotFound):
		return imported, err
	case lookErr != nil:
		return imported, fmt.Errorf("%w; and the user of that name cannot be looked up: %w", err, lookErr)
	default:
		return u.adopt(ctx, found, in)
	}
}

// adopt gives an existing user the settings. A failure leaves the user as they were.
func (u Users) adopt(ctx context.Context, found vcdapi.User, in UserImport) (Imported[vcdapi.User], error) {
	none := Imported[vcdapi.User]{}
	if err := u.Adoptable(found, in.ProviderType, in.Settings); err != nil {
		return none, err
	}
	if !in.Consent {
		return none, &ExistsError{Entity: vcdapi.Reference{ID: found.ID, Name: found.Username}}
	}
	if in.Unlock && isLocked(found) {
		unlocked, err := u.Tenant.Unlock(ctx, found.ID)
		if err != nil {
			return none, err
		}
		found = unlocked
	}
	if in.Settings.Has(found) {
		return Imported[vcdapi.User]{Entity: found, Existed: true}, nil
	}
	updated, err := u.Tenant.UpdateUser(ctx, in.Settings.On(found))
	if err != nil {
		return none, err
	}
	return Imported[vcdapi.User]{Entity: updated, Existed: true}, nil
}

func isLocked(user vcdapi.User) bool { return user.Locked != nil && *user.Locked }

// Adoptable returns why an existing user must not be adopted with these settings, whatever the consent; nil if they
// may.
func (u Users) Adoptable(found vcdapi.User, providerType string, settings Settings) error {
	switch {
	case !found.Imported():
		return &LocalAccountError{Name: found.Username}
	case found.ProviderType != providerType:
		return &ProviderTypeError{Name: found.Username, Has: found.ProviderType, Wanted: providerType}
	default:
		return u.guardLogin(found, settings)
	}
}

// guardLogin keeps the login account enabled and its roles as they are, inherited ones too.
func (u Users) guardLogin(user vcdapi.User, settings Settings) error {
	switch {
	case !u.Tenant.IsLoginAccount(user):
		return nil
	case !settings.Enabled:
		return &LoginAccountError{Attribute: "enabled"}
	case !SameRoles(user.Roles, settings.Roles):
		return &LoginAccountError{Attribute: "roles"}
	case user.InheritGroupRoles != nil && *user.InheritGroupRoles && !agrees(settings.InheritGroupRoles,
		user.InheritGroupRoles):
		return &LoginAccountError{Attribute: "inherit_group_roles"}
	default:
		return nil
	}
}

// Change is what a plan changes of a user.
type Change struct {
	Name         string // another name is a remap; "" leaves the one that the server has by now
	ProviderType string // another type is a remap; "" as for Name
	Unlock       bool
	Settings     Settings
}

// Change reads the user, refuses what must not be changed, and carries the rest out: unlock, remap, settings. A lost
// answer leaves no doubt, since each of these can be sent again. With an error it returns the user as the steps before
// left them, without an id if nothing could be read.
func (u Users) Change(ctx context.Context, id string, change Change) (vcdapi.User, error) {
	user, err := u.Tenant.FreshUser(ctx, id)
	if err != nil {
		return user, err
	}
	if !user.Imported() {
		return user, &LocalAccountError{Name: user.Username}
	}
	if err := u.guardLogin(user, change.Settings); err != nil {
		return user, err
	}
	if err := u.guardRemap(user, change); err != nil {
		return user, err
	}
	if change.Unlock && isLocked(user) {
		unlocked, err := u.Tenant.Unlock(ctx, id)
		if err != nil {
			return user, err
		}
		user = unlocked
	}
	if u.isRemapped(user, change) {
		remapped, err := u.Tenant.Remap(ctx, id, cmp.Or(change.Name, user.Username),
			cmp.Or(change.ProviderType, user.ProviderType))
		if err != nil {
			return user, err
		}
		user = remapped
	}
	if change.Settings.Has(user) {
		return user, nil
	}
	updated, err := u.Tenant.UpdateUser(ctx, change.Settings.On(user))
	if err != nil {
		return user, err
	}
	return updated, nil
}

func (u Users) isRemapped(user vcdapi.User, change Change) bool {
	return change.Name != "" && !u.Tenant.SameName(change.Name, user.Username) ||
		change.ProviderType != "" && change.ProviderType != user.ProviderType
}

// guardRemap keeps the name of the login account, which could not log in any more.
func (u Users) guardRemap(user vcdapi.User, change Change) error {
	switch {
	case !u.isRemapped(user, change) || !u.Tenant.IsLoginAccount(user):
		return nil
	case change.ProviderType != "" && change.ProviderType != user.ProviderType:
		return &LoginAccountError{Attribute: "provider_type"}
	default:
		return &LoginAccountError{Attribute: "name"}
	}
}

// Free returns a *TakenError if a user other than the given one has the name.
func (u Users) Free(ctx context.Context, name, id string) error {
	other, err := u.Tenant.LookForUser(ctx, name, "")
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		return nil
	case err != nil:
		return err
	case other.ID != id:
		return &TakenError{Name: name, Other: other}
	default:
		return nil
	}
}

// Delete deletes the user of that id and name once the login account owns what the user owned. A user who is gone is no
// error. Without takeOwnership the server deletes the user's powered-off virtual machines too.
func (u Users) Delete(ctx context.Context, id, name string, takeOwnership bool) error {
	user, err := u.removable(ctx, id, name)
	if err != nil {
		return unlessGone(err)
	}
	if takeOwnership {
		if err := u.takeOwnership(ctx, user.ID); err != nil {
			return unlessGone(err)
		}
	}
	return unlessGone(u.Tenant.DeleteUser(ctx, user.ID))
}

func (u Users) takeOwnership(ctx context.Context, id string) error {
	err := vcdapi.ErrUnsupported
	if u.Tenant.Capabilities().TakeOwnership {
		err = u.Tenant.TakeOwnership(ctx, id)
	}
	if err == nil || errors.Is(err, vcdapi.ErrNotFound) || errors.Is(err, vcdapi.ErrAPITokenReadOnly) {
		return err
	}
	return &OwnershipError{Cause: err}
}

// Disable keeps the user, also a locked one, but without access. A user who is gone is no error.
func (u Users) Disable(ctx context.Context, id, name string) error {
	if _, err := u.removable(ctx, id, name); err != nil {
		return unlessGone(err)
	}
	_, err := u.Tenant.Disable(ctx, id)
	return unlessGone(err)
}

// removable reads the user, and refuses local accounts, the login account, and an account that has another name by now.
func (u Users) removable(ctx context.Context, id, name string) (vcdapi.User, error) {
	user, err := u.Tenant.FreshUser(ctx, id)
	switch {
	case err != nil:
		return user, err
	case u.Tenant.IsLoginAccount(user):
		return user, &LoginAccountError{}
	case !user.Imported():
		return user, &LocalAccountError{Name: user.Username}
	case !names.Same(user.Username, name):
		return user, &RenamedError{Name: name, Now: user.Username}
	default:
		return user, nil
	}
}

func unlessGone(err error) error {
	if errors.Is(err, vcdapi.ErrNotFound) {
		return nil
	}
	return err
}
