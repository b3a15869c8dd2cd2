package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// parting is what was done to a leaver's CloudShell user.
type parting struct {
	deleted, deactivated bool
	err                  error
}

// depart takes leavers out of the CloudShell groups and does with their users what departed_members says.
func (u *groupUpdate) depart(ctx context.Context) {
	users := map[string]cloudshellapi.User{}
	var names []string
	for _, departure := range u.decided.Departures {
		user, there := u.book.Still(departure.Account)
		if departure.LeftAlone || !there {
			continue
		}
		users[framework.FoldName(departure.Name)] = user
		names = append(names, departure.Name)
	}
	find := func(name string) (cloudshellapi.User, bool) {
		user, ok := users[framework.FoldName(name)]
		return user, ok
	}
	failed, troubles := u.takeOut(ctx, names, find, slices.Concat(u.targets, u.dropped))
	u.troubles = append(u.troubles, troubles...)

	partings := make([]parting, len(u.decided.Departures))
	var all errgroup.Group
	all.SetLimit(singleImports)
	for i, departure := range u.decided.Departures {
		user, there := find(departure.Name)
		if !there || failed[framework.FoldName(departure.Name)] {
			continue
		}
		all.Go(func() error {
			partings[i] = u.part(ctx, append([]int64{user.ID}, departure.Account.Former...), departure.Action)
			return nil
		})
	}
	_ = all.Wait() // the errors are in partings
	for i, departure := range u.decided.Departures {
		done := partings[i]
		_, there := find(departure.Name)
		switch {
		case done.err != nil:
			u.troubles = append(u.troubles, partingTrouble(departure.Name, departure.Action, done))
			fallthrough
		case failed[framework.FoldName(departure.Name)]:
			u.outcome.NotDeparted(departure, done.deactivated)
		default:
			gone := !there && !departure.LeftAlone
			u.outcome.Departed(departure, done.deleted || gone, done.deactivated)
		}
	}
}

// part deactivates or deletes users of one person: the current one and those of earlier names. Before a user is deleted he is
// deactivated, as the vendor advises.
func (w *groupWork) part(ctx context.Context, ids []int64, action string) parting {
	var done parting
	if action == roster.DepartedKeep {
		return done
	}
	for _, id := range ids {
		changed, err := w.setActive(ctx, id, false)
		if errors.Is(err, cloudshellapi.ErrNotFound) {
			done.deleted = true
			continue
		}
		done.deactivated = done.deactivated || changed
		if err == nil && action == roster.DepartedDelete {
			err = w.client.DeleteUser(ctx, id)
			done.deleted = err == nil || errors.Is(err, cloudshellapi.ErrNotFound)
		}
		if err != nil && !errors.Is(err, cloudshellapi.ErrNotFound) {
			done.err = err
			return done
		}
	}
	return done
}

func partingTrouble(name, action string, done parting) trouble {
	if action != roster.DepartedDelete || !done.deactivated {
		return trouble{fmt.Sprintf("Unable to %s CloudShell User %q", verbOf(action), name), framework.Fault(clients.CloudShell, done.err)}
	}
	return trouble{
		fmt.Sprintf("Unable to Delete CloudShell User %q", name),
		framework.Fault(clients.CloudShell, done.err, "The user is inactive now. CloudShell refuses to delete users who own sandboxes: end those, then apply again."),
	}
}

func verbOf(action string) string {
	if action == roster.DepartedDelete {
		return "Delete"
	}
	return "Deactivate"
}
