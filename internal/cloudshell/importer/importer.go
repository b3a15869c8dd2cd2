// SPDX-License-Identifier: MPL-2.0

// Package importer carries out decisions about people and groups in CloudShell, and proves the outcome of each step. It
// does not use Terraform; the package cloudshell turns its errors into messages.
//
// A function for one account neither checks nor makes claims. Its caller holds the lock on the person (claims.Lock), so
// that nothing else in this run acts on the person between its look and its write.
package importer

import (
	"context"
	"errors"
	"net/http"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Importer works on one CloudShell.
type Importer struct {
	client *cloudshellapi.Client
}

// New returns an Importer for what the client talks to.
func New(client *cloudshellapi.Client) *Importer { return &Importer{client: client} }

// inDoubt reports whether the server may have done what it was asked for although the request failed.
func inDoubt(ctx context.Context, err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, transport.ErrAnswerLost) || ctx.Err() != nil {
		return true
	}
	return errors.Is(err, transport.ErrTimeout) && !errors.Is(err, transport.ErrUnreachable) ||
		transport.Status(err) >= http.StatusInternalServerError
}

// SamePerson reports whether the account found under an id is still the account known under it: one that comes from the
// directory, with the same name or, after a rename, the same id there.
func SamePerson(found, known cloudshellapi.User) bool {
	if !found.IsImported() || found.ID != known.ID {
		return false
	}
	return known.Username == "" || names.Same(found.Username, known.Username) ||
		known.IsImported() && names.Same(*found.ImportedSid, *known.ImportedSid)
}
