// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// former is the CloudShell user of a person's former name, where the import made a second one for the new name.
type former struct {
	user    cloudshellapi.User
	account roster.Account
}

// removeFormer removes the users of former names from the CloudShell groups: the name may be given to another person of
// the directory, who would find the account with its access. Nothing else is done to them: a person who was renamed
// has not departed.
func (a *apply) removeFormer(ctx context.Context) {
	stay := a.formerUsers()
	for _, group := range a.leaverGroups() {
		users := map[string]cloudshellapi.User{}
		var leaving []string
		for _, one := range stay {
			other, held := a.Claims.HeldByOther(a.work.Holder, Claimed(one.account))
			if held && names.Index(other.Theirs.Groups, group.Name) >= 0 {
				continue
			}
			users[one.user.Username] = one.user
			leaving = append(leaving, one.user.Username)
		}
		find := func(name string) (cloudshellapi.User, bool) { return users[name], true }
		ids, affected := membership(leaving, find, group.ID, true)
		if err := a.removeFrom(ctx, group, ids); err != nil {
			a.report(Problem{Kind: FormerNotRemoved, Names: affected, Group: group.Name, Err: err})
		}
	}
	for _, created := range []bool{true, false} {
		problem := Problem{Kind: FormerStays, Created: created}
		for _, one := range stay {
			if one.account.Created == created {
				problem.Names = append(problem.Names, one.user.Username)
			}
		}
		a.report(problem)
	}
}

// formerUsers are the users of former names, in the order of the joins. If the directory group has another person of
// that name by now, the user may be theirs.
func (a *apply) formerUsers() []former {
	var stay []former
	for _, join := range a.decision.Joins {
		account, noted := a.work.Notes.Accounts.Of(join.Formerly)
		if join.Formerly == "" || !noted || account.Own || a.work.Before.Directory.Has(join.Formerly) ||
			!a.outcome.State.Members.Has(join.Name) {
			continue
		}
		user, there := a.find(join.Name)
		if old, still := a.book.Still(account); there && still && old.ID != user.ID {
			stay = append(stay, former{old, account})
		}
	}
	return stay
}
