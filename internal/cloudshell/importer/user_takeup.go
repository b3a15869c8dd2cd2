// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"strconv"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Owner is a resource, as claims know it.
type Owner struct {
	Claims *claims.Registry
	Holder claims.Holder
	Label  string
}

// PersonOf is the user in claims.
func PersonOf(user cloudshellapi.User) claims.Person { return personNamed(user.Username, user.ID) }

// personNamed is a user in claims by a name and an id, of which one may be missing: "" or 0.
func personNamed(name string, id int64) claims.Person {
	if id == 0 {
		return claims.Person{Name: name}
	}
	return claims.Person{Name: name, ID: strconv.FormatInt(id, 10)}
}

// TakeUp is ImportUser for a resource: it locks the person, and claims them for the owner. An account that this run has
// made or let go of needs no further consent, and counts as adopted. Look may be nil, or what a plan saw a moment ago.
func (i *Importer) TakeUp(
	ctx context.Context,
	owner Owner,
	look *Look,
	name string,
	consent Consent,
) (Imported, error) {
	person := claims.Person{Name: name}
	unlock, err := owner.Claims.Lock(ctx, person)
	if err != nil {
		return Imported{}, err
	}
	if look == nil || look.Name != name || look.User == nil && owner.Claims.CreatedHere(person) {
		fresh, err := i.Look(ctx, name)
		if err != nil {
			unlock()
			return Imported{}, err
		}
		look = &fresh
	}
	if look.User != nil {
		person = PersonOf(*look.User)
	}
	done, err := i.ImportUser(ctx, *look, owner.consent(person, consent))
	if exists, ok := errors.AsType[*ExistsError](err); ok && exists.Username != "" && !exists.Local {
		// A display name turned out to stand for a user that another resource of this run has made.
		if owner.consent(claims.Person{Name: exists.Username}, consent) == AsItIs {
			unlock()
			return i.TakeUp(ctx, owner, nil, exists.Username, consent)
		}
	}
	if err != nil {
		unlock()
		return Imported{}, err
	}
	if !names.Same(done.User.Username, name) {
		unlock = owner.relock(ctx, unlock, PersonOf(done.User))
	}
	defer unlock()
	done.Created = done.Created && owner.Claims.NoteCreated(owner.Holder, PersonOf(done.User))
	owner.Claims.Hold(owner.Holder, owner.Label, PersonOf(done.User))
	return done, nil
}

// consent is what the configuration allows, or more where this run itself made the account or let go of it.
func (o Owner) consent(person claims.Person, configured Consent) Consent {
	if configured == NoConsent && (o.Claims.CreatedHere(person) || o.Claims.LeftInPlace(person)) {
		return AsItIs
	}
	return configured
}

// relock exchanges the lock on one name for the lock on the person. If another resource works on the person at the
// moment, it first records whether it created the account. An interrupted run goes on without the lock.
func (o Owner) relock(ctx context.Context, unlock func(), person claims.Person) func() {
	unlock()
	unlock, err := o.Claims.Lock(ctx, person)
	if err != nil {
		return func() {}
	}
	return unlock
}
