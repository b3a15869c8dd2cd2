// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// userNotesKey is where private state keeps the notes.
const userNotesKey = "imported_user"

// userNotes is what the provider remembers about a user besides state. Every read renews it.
type userNotes struct {
	// Holder stands for the resource in claims.
	Holder claims.Holder `json:"holder,omitempty"`
	// ID, Username and ImportedSID are the person that all that follows is about.
	ID          int64  `json:"id,omitempty"`
	Username    string `json:"username,omitempty"`
	ImportedSID string `json:"imported_sid,omitempty"`
	// Created: the resource proved that it made the account.
	Created bool `json:"created,omitempty"`
	// Policy is state's deletion policy: a replacement is planned without state.
	Policy string `json:"policy,omitempty"`
	// Groups are the names of the CloudShell groups that the resource gives the person.
	Groups []string `json:"groups,omitempty"`
	// Defaults are, for each limit of -1, what the server made of it; null where it holds none.
	Defaults map[string]*int64 `json:"defaults,omitempty"`
	// Differences are the details that differed from the directory's at the last refresh.
	Differences []importer.Difference `json:"differences,omitempty"`
	// Tolerated are those that differed right after an import, which another import would not change.
	Tolerated []importer.Difference `json:"tolerated,omitempty"`
}

// of returns the notes renewed from state. What was noted of another person is dropped.
func (n userNotes) of(state *importedUserModel) userNotes {
	if n.ID != 0 && n.ID != state.ID.ValueInt64() {
		n = userNotes{Holder: n.Holder}
	}
	if n.ID == 0 { // noted by nothing yet: state was written when the proof was made
		n.Created = state.Created.ValueBool()
	}
	if n.Holder == "" {
		n.Holder = claims.NewHolder()
	}
	n.ID, n.Username = state.ID.ValueInt64(), state.Username.ValueString()
	n.ImportedSID = state.ImportedSID.ValueString()
	n.Policy = state.DeletionPolicy.ValueString()
	n.Groups = stringsOf(state.Groups)
	return n
}

// person is the user in claims.
func (n userNotes) person() claims.Person { return importer.PersonOf(n.known()) }

// known is the user that the notes are about.
func (n userNotes) known() cloudshellapi.User {
	return cloudshellapi.User{ID: n.ID, Username: n.Username, ImportedSid: &n.ImportedSID}
}

// keeps is the intention of a resource that goes on as it is.
func (n userNotes) keeps() claims.Intention {
	return claims.Intention{
		Person: n.person(), Intent: claims.Keeps, Sole: true, Groups: n.Groups,
		Threatens: outcomeOf(n.Policy, n.Created) != leave,
	}
}

// departs is the intention of a resource that is destroyed.
func (n userNotes) departs() claims.Intention {
	intention := claims.Intention{Person: n.person(), Intent: claims.Harms, Sole: true}
	if outcomeOf(n.Policy, n.Created) == leave {
		intention.Intent = claims.Releases
	}
	return intention
}

// noteDefaults notes what the server made of limits of -1 among the settings that were applied. What it made of a limit
// earlier stays noted, since another number that it has by now is drift.
func (n *userNotes) noteDefaults(plan *importedUserModel, applied importer.Settings, user cloudshellapi.User) {
	earlier := n.Defaults
	n.Defaults = nil
	held := importer.LimitsOf(&user)
	for i, limit := range plan.limits() {
		if limit.ValueInt64() != importer.DefaultLimit {
			continue
		}
		made, noted := earlier[importer.LimitNames[i]]
		if !noted || applied.Limits[i] != nil {
			made = *held[i]
		}
		if n.Defaults == nil {
			n.Defaults = map[string]*int64{}
		}
		n.Defaults[importer.LimitNames[i]] = made
	}
}

// isDefault reports whether the server still holds what it made of a limit of -1.
func (n userNotes) isDefault(limit string, held *int64) bool {
	if held != nil && *held == importer.DefaultLimit {
		return true
	}
	made, noted := n.Defaults[limit]
	switch {
	case !noted:
		return false
	case made == nil || held == nil:
		return made == nil && held == nil
	default:
		return *made == *held
	}
}

// equal reports whether both say the same, but for what was computed from limits.
func (n userNotes) equal(other userNotes) bool {
	return n.Holder == other.Holder && n.ID == other.ID && n.Username == other.Username &&
		n.ImportedSID == other.ImportedSID && n.Created == other.Created && n.Policy == other.Policy &&
		slices.Equal(n.Groups, other.Groups) && slices.Equal(n.Differences, other.Differences) &&
		slices.Equal(n.Tolerated, other.Tolerated) && len(n.Defaults) == len(other.Defaults)
}

// toMend returns the differences that an import would correct.
func (n userNotes) toMend() []importer.Difference {
	return slices.DeleteFunc(slices.Clone(n.Differences), func(d importer.Difference) bool {
		return slices.Contains(n.Tolerated, d)
	})
}

func readNotes(ctx context.Context, from framework.PrivateReader, diags *diag.Diagnostics) userNotes {
	var notes userNotes
	diags.Append(framework.ReadPrivate(ctx, from, userNotesKey, &notes)...)
	return notes
}

func (n userNotes) write(ctx context.Context, to framework.PrivateWriter) diag.Diagnostics {
	return framework.WritePrivate(ctx, to, userNotesKey, n)
}

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
