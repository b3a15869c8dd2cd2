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
type LoginAccountError struct{ Attribute string } // of the resource; "" for a deletion

func (e *LoginAccountError) Error() string {
	switch e.Attribute {
	case "roles", "inherit_group_roles":
		return "this is the account that the provider itself logs in with, whose roles are never changed"
	case "enabled":
		return "this is the account that the provider itself logs in with, which is never disabled"
	case "name", "provider_type":
		return "this is the account that the provider itself logs in with, which never gets another name or provider type"
	default:
		return "this is the account that the provider itself logs in with, which is never deleted or disabled"
	}
}

// RenamedError refuses a removal: the account has another name than it had when it was read last, and may be another
// person's by now.
type RenamedError struct{ Name, Now string }

func (e *RenamedError) Error() string {
	return fmt.Sprintf("the account was %q when it was read last, and is %q now: it may be another person's",
		e.Name, e.Now)
}

// LoginGroupError refuses what would take roles from the account that the provider logs in with, which has them from a
// group.
type LoginGroupError struct{ Attribute string } // roles; "" for a deletion

func (e *LoginGroupError) Error() string {
	const reason = "the account that the provider itself logs in with has its roles from this group, "
	if e.Attribute == "roles" {
		return reason + "so the provider never changes the roles of the group"
	}
	return reason + "so the provider never deletes the group"
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
