// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Refresh is ReimportAs for a user as they were known some time ago: it looks first whether the account is still
// theirs.
func (i *Importer) Refresh(ctx context.Context, known cloudshellapi.User, name string) (Imported, error) {
	user, err := i.client.ReadUser(ctx, known.ID)
	if err != nil {
		return Imported{}, err
	}
	if !SamePerson(user, known) {
		return Imported{}, &OtherPersonError{Known: known, Found: user}
	}
	if name == "" {
		name = user.Username
	}
	return i.ReimportAs(ctx, user, name)
}

// Reimport imports a user again, with AllowUpdate, by the name that CloudShell has for them: the name of a
// configuration may belong to another person by now. A different person that comes back is an OtherPersonError, and
// is not kept.
func (i *Importer) Reimport(ctx context.Context, user cloudshellapi.User) (Imported, error) {
	return i.ReimportAs(ctx, user, user.Username)
}

// ReimportAs is Reimport by another name, which the directory has for the same person by now.
func (i *Importer) ReimportAs(ctx context.Context, user cloudshellapi.User, name string) (Imported, error) {
	before, err := i.client.SearchUsers(ctx, name)
	if err != nil {
		return Imported{}, err
	}
	for _, found := range before {
		if found.ID != user.ID && names.Same(found.Username, name) {
			return Imported{}, &OtherPersonError{Known: user, Found: found}
		}
	}
	options := cloudshellapi.ImportOptions{AllowUpdate: true}
	result, err := i.client.ImportUser(ctx, name, options)
	if inDoubt(ctx, err) && ctx.Err() == nil {
		result, err = i.client.ImportUser(ctx, name, options) // doing it twice is doing it once
	}
	if inDoubt(ctx, err) {
		return i.refreshed(ctx, user, err)
	}
	switch {
	case errors.Is(err, cloudshellapi.ErrNotFound), err == nil && len(result.Users) == 0:
		return Imported{}, &RefusedError{Words: answer{result: result}.words(), Cause: err, Again: true}
	case transport.Status(err) == http.StatusBadRequest:
		return Imported{}, errors.Join(ErrAllowUpdateUnknown, err)
	case err != nil:
		return Imported{}, err
	}
	for _, answered := range result.Users {
		if answered.ID == user.ID {
			return Imported{User: answered, Words: answer{result: result}.words()}, nil
		}
	}
	return Imported{}, i.sendBack(ctx, user, result.Users[0], name, before)
}

// refreshed is the outcome of a re-import whose answer got lost: the account as it is now.
func (i *Importer) refreshed(ctx context.Context, user cloudshellapi.User, cause error) (Imported, error) {
	lookUp, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	held, err := i.client.ReadUser(lookUp, user.ID)
	if err != nil || !held.IsImported() {
		return Imported{}, cause
	}
	return Imported{User: held, InDoubt: cause}, nil
}

// sendBack removes the account of a different person, if this import created it: the list of all users with that name,
// read before, proves it.
func (i *Importer) sendBack(
	ctx context.Context, user, other cloudshellapi.User, name string, before []cloudshellapi.User,
) error {
	fault := &OtherPersonError{Known: user, Found: other, Imported: true}
	wasThere := slices.ContainsFunc(before, func(b cloudshellapi.User) bool { return b.ID == other.ID })
	if wasThere || !other.IsImported() || !names.Contains(other.Username, name) {
		return fault
	}
	fault.Removed = i.Delete(ctx, other) == nil
	return fault
}
