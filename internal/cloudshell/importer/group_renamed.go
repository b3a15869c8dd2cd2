// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
)

// removeFormer removes the users of former names from the CloudShell groups: the name may be given to another person of
// the directory, who would find the account with its access. Nothing else is done to them: a person who was renamed
// has not departed.
func (a *apply) removeFormer(ctx context.Context) {
	stay := a.formerUsers()
	a.removeLeavers(ctx, stay, a.leaverGroups(), FormerNotRemoved)
	for _, created := range []bool{true, false} {
		problem := Problem{Kind: FormerStays, Created: created}
		for _, one := range stay {
			if one.Account.Created == created {
				problem.Names = append(problem.Names, one.Name)
			}
		}
		a.report(problem)
	}
}

// formerUsers are the users of former names where the import made second ones for the new names, in the order of the
// joins, by the name that CloudShell has for them. If the directory group has another person of that name by now, the
// user may be theirs.
func (a *apply) formerUsers() []*leaver {
	var stay []*leaver
	for _, join := range a.decision.Joins {
		account, noted := a.work.Notes.Accounts.Of(join.Formerly)
		if join.Formerly == "" || !noted || account.Own || a.work.Before.Directory.Has(join.Formerly) ||
			!a.outcome.State.Members.Has(join.Name) {
			continue
		}
		user, there := a.find(join.Name)
		old, still := a.book.Still(account)
		if !there || !still || old.ID == user.ID {
			continue
		}
		other, _ := a.Claims.HeldByOther(a.work.Holder, Claimed(account))
		stay = append(stay, &leaver{
			Departure: roster.Departure{Name: old.Username, Account: account}, user: old, shared: other.Theirs.Groups,
		})
	}
	return stay
}
