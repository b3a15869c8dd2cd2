// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// ExistsError refuses an import: the name is taken, and there is no consent to adopt what has it.
type ExistsError struct {
	Entity vcdapi.Reference // what has the name; without an id where the server does not show it
	Cause  error            // the server's refusal, nil where a look found the entity
}

func (e *ExistsError) Error() string {
	if e.Cause != nil {
		return e.Cause.Error()
	}
	return fmt.Sprintf("%q exists already", e.Entity.Name)
}

func (e *ExistsError) Unwrap() error { return e.Cause }

// LocalAccountError refuses to touch a local account.
type LocalAccountError struct{ Name string }

func (e *LocalAccountError) Error() string {
	return fmt.Sprintf("%q is a local account of the organization, which is never adopted, changed or deleted", e.Name)
}

// ProviderTypeError refuses an adoption: the name belongs to another identity provider.
type ProviderTypeError struct{ Name, Has, Wanted string }

func (e *ProviderTypeError) Error() string {
	return fmt.Sprintf("%q exists with provider type %s, and %s is configured", e.Name, e.Has, e.Wanted)
}

// LoginAccountError refuses what would harm the account that the provider logs in with.
type LoginAccountError struct{ Attribute string } // roles or enabled; "" for a deletion

func (e *LoginAccountError) Error() string {
	switch e.Attribute {
	case "roles":
		return "this is the account that the provider itself logs in with, whose roles are never changed"
	case "enabled":
		return "this is the account that the provider itself logs in with, which is never disabled"
	default:
		return "this is the account that the provider itself logs in with, which is never deleted or disabled"
	}
}

// OwnershipError means that nothing was deleted, since what the user owns could not be taken over first.
type OwnershipError struct{ Cause error }

func (e *OwnershipError) Error() string { return e.Cause.Error() }
func (e *OwnershipError) Unwrap() error { return e.Cause }

// TakenError refuses a remap: another user has the name.
type TakenError struct {
	Name  string
	Other vcdapi.User
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("another user of the organization has the name %q (%s)", e.Name, e.Other.ID)
}
