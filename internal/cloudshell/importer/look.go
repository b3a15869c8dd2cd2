// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"regexp"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Look is what CloudShell had under a name before anything was done.
type Look struct {
	// Name is the name as it was asked for and will be sent.
	Name string
	// User is the account of that name; nil when there is none.
	User *cloudshellapi.User
	// Proved: the look is good enough to act on. Otherwise it comes from a list that may have shifted.
	Proved bool

	// everyone are the ids of all users, where they had to be read: for a name that may be a display name.
	everyone map[int64]bool
}

// accountName matches what may be the name of an account. Anything else is a display name, for which the server
// imports a user of another name.
var accountName = regexp.MustCompile(`^[\pL\pM\pN._-]+$`)

// IsAccountName reports whether a name may be the name of an account. One word may still be a display name.
func IsAccountName(name string) bool { return accountName.MatchString(name) }

// LookForPlan looks a name up at the least cost for many names: by a shared list once that is cheaper. See Look.Proved.
func (i *Importer) LookForPlan(ctx context.Context, name string) (Look, error) {
	if !IsAccountName(name) {
		return i.lookAmongAll(ctx, name)
	}
	user, listed, err := i.client.NamedUser(ctx, name)
	return lookOf(name, user, err, !listed)
}

// Look looks a name up for an import that follows at once.
func (i *Importer) Look(ctx context.Context, name string) (Look, error) {
	if !IsAccountName(name) {
		return i.lookAmongAll(ctx, name)
	}
	user, err := i.client.FindUser(ctx, name)
	return lookOf(name, user, err, true)
}

func lookOf(name string, user cloudshellapi.User, err error, proved bool) (Look, error) {
	switch {
	case err == nil:
		return Look{Name: name, User: &user, Proved: true}, nil
	case errors.Is(err, cloudshellapi.ErrNotFound):
		return Look{Name: name, Proved: proved}, nil
	default:
		return Look{}, err
	}
}

// lookAmongAll reads all users: the import of a display name may turn out to be about any of them.
func (i *Importer) lookAmongAll(ctx context.Context, name string) (Look, error) {
	users, err := i.client.Users(ctx)
	if err != nil {
		return Look{}, err
	}
	look := Look{Name: name, Proved: true, everyone: make(map[int64]bool, len(users))}
	for n := range users {
		look.everyone[users[n].ID] = true
		if names.Same(users[n].Username, name) {
			look.User = &users[n]
		}
	}
	return look, nil
}

// newSince returns the imported users that have come since the look.
func (l Look) newSince(users []cloudshellapi.User) []cloudshellapi.User {
	var appeared []cloudshellapi.User
	for _, user := range users {
		if !l.everyone[user.ID] && user.IsImported() {
			appeared = append(appeared, user)
		}
	}
	return appeared
}

// provesNew reports whether the look proves that the user was not there at that time.
func (l Look) provesNew(user cloudshellapi.User) bool {
	if l.everyone != nil {
		return !l.everyone[user.ID]
	}
	return l.User == nil && l.Proved && names.Same(user.Username, l.Name)
}
