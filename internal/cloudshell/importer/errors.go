// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"errors"
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
)

// ErrAllowUpdateUnknown means that the server refused the field AllowUpdate, as releases before 2024.1 may.
var ErrAllowUpdateUnknown = errors.New("the server does not take AllowUpdate")

// ExistsError is returned where CloudShell has the user already, and there is no consent to adopt them. Nothing was
// changed.
type ExistsError struct {
	// Username is the server's spelling, "" where its answer does not tell it.
	Username string
	// Local: the account does not come from the directory. There can be no consent.
	Local bool
	// Said is the server's refusal; nil where a look found the user.
	Said error
}

func (e *ExistsError) Error() string {
	kind := "imported"
	if e.Local {
		kind = "local"
	}
	return fmt.Sprintf("an %s user %q exists already", kind, e.Username)
}

func (e *ExistsError) Unwrap() error { return e.Said }

// RefusedError is returned where the server imported no one. Nothing was changed.
type RefusedError struct {
	Words string // the entries of the answer's Errors; "" without any
	Cause error  // the refusal of the request itself; nil where the server answered without a user
	Again bool   // a user who exists was to be imported again
}

func (e *RefusedError) Error() string {
	if e.Cause != nil {
		return e.Cause.Error()
	}
	return "nothing was imported: " + e.Words
}

func (e *RefusedError) Unwrap() error { return e.Cause }

// DoubtError is returned where the answer to an import got lost, and the account is absent as far as that can be proved
// now. The server may still be at work.
type DoubtError struct {
	Cause error
	// Candidates are users that have appeared since: one of them may be the person.
	Candidates []string
}

func (e *DoubtError) Error() string { return "the import is in doubt: " + e.Cause.Error() }
func (e *DoubtError) Unwrap() error { return e.Cause }

// OtherPersonError is returned where an account turned out to be another person's.
type OtherPersonError struct {
	Known, Found cloudshellapi.User
	// Imported: an import came back with them. Removed: it had made their account, which is deleted again.
	Imported, Removed bool
}

func (e *OtherPersonError) Error() string {
	return fmt.Sprintf(
		"user %q (id %d) is not user %q (id %d)",
		e.Found.Username,
		e.Found.ID,
		e.Known.Username,
		e.Known.ID,
	)
}

// SeveralPeopleError is returned where one name made the server import several people.
type SeveralPeopleError struct{ Usernames []string }

func (e *SeveralPeopleError) Error() string {
	return fmt.Sprintf("the name stands for %d people", len(e.Usernames))
}

// ProtectedError is returned where the account must not be deactivated, deleted or demoted. Nothing was changed.
type ProtectedError struct {
	Username string
	Reason   Protection
}

// Protection is why an account is protected.
type Protection int

// The protections.
const (
	// LocalUser: the account does not come from the directory.
	LocalUser Protection = iota
	// OwnAccount: the provider logs in with it.
	OwnAccount
	// MaybeOwnAccount: it is an administrator's, and a token does not tell which account it belongs to.
	MaybeOwnAccount
)

func (e *ProtectedError) Error() string {
	return fmt.Sprintf("the account %q is protected", e.Username)
}

// DeletionRefusedError is returned where the account is deactivated, and the server refused to delete it.
type DeletionRefusedError struct{ Cause error }

func (e *DeletionRefusedError) Error() string {
	return "deactivated, and not deleted: " + e.Cause.Error()
}
func (e *DeletionRefusedError) Unwrap() error { return e.Cause }
