// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
)

// destroyOutcome is what a destroy does with a user.
type destroyOutcome int

const (
	leave destroyOutcome = iota
	deactivate
	remove
)

// outcomeOf chooses by the policy and the proved ownership.
func outcomeOf(policy string, created bool) destroyOutcome {
	switch {
	case policy == policyDelete, policy == policyAuto && created:
		return remove
	case policy == policyDeactivate:
		return deactivate
	default:
		return leave
	}
}

// letGo carries the outcome out. A user who is gone already is a success.
func letGo(ctx context.Context, work *importer.Importer, user cloudshellapi.User, what destroyOutcome) error {
	if what == remove {
		return work.Delete(ctx, user)
	}
	_, _, err := work.Deactivate(ctx, user)
	if errors.Is(err, cloudshellapi.ErrNotFound) {
		return nil
	}
	return err
}
