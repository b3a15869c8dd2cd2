// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// leaver is a departure that something is done for, or a member who leaves CloudShell groups.
type leaver struct {
	roster.Departure
	user cloudshellapi.User // as listed; without an ID when the list was not read
	// shared are the CloudShell groups that another resource gives the person too.
	shared  []string
	unmoved bool // the person could not be removed from a CloudShell group

	deleted, deactivated bool
	err                  error
}

// depart lets people go: out of the CloudShell groups, and then their users as the decision says. Other resources may
// be about to take them in, so it waits for those first and looks at each person once more.
func (a *apply) depart(ctx context.Context) error {
	leavers, err := a.leavers(ctx)
	if err != nil {
		return err
	}
	if len(leavers) == 0 {
		return nil
	}
	unlock, err := a.lockAfterJoins(ctx, leavers)
	if err != nil {
		return a.interrupted(leavers, err)
	}
	defer unlock()
	if !a.work.Destroy { // whose groups of retain_members_of were read a moment ago
		leavers = a.withoutRetained(ctx, a.withoutReturned(ctx, leavers))
	}
	leavers = a.withoutHeld(ctx, leavers)
	a.removeLeavers(ctx, leavers, a.leaverGroups(), NotRemoved)
	a.harm(ctx, leavers)
	for _, leaving := range leavers {
		a.noteDeparture(leaving)
	}
	return nil
}

// lockAfterJoins keeps other resources from the people, after it waited for those that are about to take them in.
func (a *apply) lockAfterJoins(ctx context.Context, leavers []*leaver) (unlock func(), err error) {
	if err := a.Claims.AwaitJoins(ctx); err != nil {
		return nil, err
	}
	people := make([]claims.Person, 0, len(leavers))
	for _, leaving := range leavers {
		people = append(people, ClaimedAll(leaving.Account)...)
	}
	return a.Claims.Lock(ctx, people...)
}

// leavers are the departures that something is to be done for. The others are recorded.
func (a *apply) leavers(ctx context.Context) ([]*leaver, error) {
	readsUsers := !a.work.Destroy || len(a.work.Targets) > 0 // who is in these groups
	if readsUsers && len(a.book.Users()) == 0 && len(a.decision.Departures) > 0 {
		users, err := a.ReadUsers(ctx, a.work.Notes.Accounts)
		if err != nil {
			return nil, err
		}
		a.book = roster.NewBook(users)
	}
	var leavers []*leaver
	for _, departure := range a.decision.Departures {
		user, _ := a.book.Still(departure.Account)
		leaving := &leaver{Departure: departure, user: user}
		if !departure.Harms() && (departure.LeftAlone || !inAny(a.leaverGroups(), user)) {
			a.outcome.Departed(departure, false, false)
			a.release(departure.Account, false, false)
			continue
		}
		leavers = append(leavers, leaving)
	}
	return leavers, nil
}

func inAny(groups []roster.Group, user cloudshellapi.User) bool {
	return slices.ContainsFunc(groups, func(group roster.Group) bool { return slices.Contains(user.GroupIDs, group.ID) })
}

// leaverGroups are the CloudShell groups that leavers are removed from.
func (a *apply) leaverGroups() []roster.Group { return slices.Concat(a.work.Targets, a.work.Dropped) }

// interrupted takes back the departures, none of which has begun.
func (a *apply) interrupted(leavers []*leaver, err error) error {
	for _, leaving := range leavers {
		leaving.err = err
		a.noteDeparture(leaving)
	}
	return nil
}

// withoutReturned leaves alone who is in the directory group again. If the group cannot be read, everyone is left
// alone.
func (a *apply) withoutReturned(ctx context.Context, leavers []*leaver) []*leaver {
	var expected roster.Names
	if a.people == nil { // else this is the second reading of this apply
		for _, leaving := range leavers {
			expected.Set(leaving.Name, "")
		}
	}
	group, err := a.ReadGroup(ctx, a.work.Group, expected)
	if err != nil {
		return a.postpone(leavers, err)
	}
	index := roster.NewIndex(union(group.People, a.people))
	var back []string
	leavers = slices.DeleteFunc(leavers, func(leaving *leaver) bool {
		if !index.Has(leaving.Name, leaving.Account.SID) {
			return false
		}
		back = append(back, leaving.Name)
		a.outcome.LeftAlone(leaving.Departure)
		return true
	})
	a.report(Problem{Kind: CameBack, Names: back})
	return leavers
}

// postpone takes all departures back, since a group that they depend on cannot be read. No one is left to depart.
func (a *apply) postpone(leavers []*leaver, err error) []*leaver {
	a.report(Problem{Kind: NotReadAgain, Names: namesOf(leavers), Err: err})
	for _, leaving := range leavers {
		a.outcome.NotDeparted(leaving.Departure, false)
	}
	return nil
}

// withoutRetained leaves alone who is in a group of retain_members_of by now: people may have joined it after the last
// refresh. If one of these groups cannot be read, everyone is left alone.
func (a *apply) withoutRetained(ctx context.Context, leavers []*leaver) []*leaver {
	groups := a.work.Settings.Retain
	if len(groups) == 0 || len(leavers) == 0 {
		return leavers
	}
	retainers, unreadable := a.Retainers(ctx, groups, namesOf(leavers), a.work.Notes)
	if len(unreadable) > 0 {
		group := slices.Min(slices.Collect(maps.Keys(unreadable)))
		return a.postpone(leavers, fmt.Errorf("the directory group %q of retain_members_of: %w", group, unreadable[group]))
	}
	keys := map[string]bool{}
	for _, retainer := range retainers {
		for _, key := range retainer.People {
			keys[key] = true
		}
	}
	var retained []string
	leavers = slices.DeleteFunc(leavers, func(leaving *leaver) bool {
		if !keys[names.Key(leaving.Name)] {
			return false
		}
		retained = append(retained, leaving.Name)
		a.outcome.LeftAlone(leaving.Departure)
		a.release(leaving.Account, false, false)
		return true
	})
	a.report(Problem{Kind: Retained, Names: retained})
	return leavers
}

func namesOf(leavers []*leaver) []string {
	var all []string
	for _, leaving := range leavers {
		all = append(all, leaving.Name)
	}
	return all
}

// withoutHeld leaves alone who belongs to another resource of the run now, other than to remove them from the
// CloudShell groups that the other does not give.
func (a *apply) withoutHeld(ctx context.Context, leavers []*leaver) []*leaver {
	var harmed, holders []string
	var free, held []*leaver
	for _, leaving := range leavers {
		other, ok := a.Claims.HeldByOther(a.work.Holder, Claimed(leaving.Account))
		if !ok {
			free = append(free, leaving)
			continue
		}
		if leaving.Harms() {
			harmed = append(harmed, leaving.Name)
			if !slices.Contains(holders, other.Label) {
				holders = append(holders, other.Label)
			}
		}
		leaving.shared, leaving.Action = other.Theirs.Groups, roster.DepartedKeep
		held = append(held, leaving)
	}
	a.removeLeavers(ctx, held, a.leaverGroups(), NotRemoved)
	for _, leaving := range held {
		a.outcome.LeftAlone(leaving.Departure)
		a.release(leaving.Account, false, false)
	}
	a.report(Problem{Kind: HeldByOther, Names: harmed, Holders: holders})
	return free
}

// removeLeavers removes leavers from CloudShell groups that no other resource gives them, by one request for each group
// that any of them is in. What fails is a problem of the given kind.
func (a *apply) removeLeavers(ctx context.Context, leavers []*leaver, groups []roster.Group, failure Kind) {
	for _, group := range groups {
		byName := map[string]*leaver{}
		var leaving []string
		for _, one := range leavers {
			if one.user.ID != 0 && names.Index(one.shared, group.Name) < 0 {
				byName[one.Name] = one
				leaving = append(leaving, one.Name)
			}
		}
		find := func(name string) (cloudshellapi.User, bool) { return byName[name].user, true }
		ids, affected := membership(leaving, find, group.ID, true)
		err := a.removeFrom(ctx, group, ids)
		if err == nil {
			continue
		}
		a.report(Problem{Kind: failure, Names: affected, Group: group.Name, Err: err})
		for _, name := range affected {
			byName[name].unmoved = true
		}
	}
}

// harm deactivates or deletes the users of leavers, as many at a time as requests are allowed.
func (a *apply) harm(ctx context.Context, leavers []*leaver) {
	a.progress.begin("Deactivating and deleting users", len(leavers))
	var all errgroup.Group
	all.SetLimit(workers)
	for _, leaving := range leavers {
		if leaving.unmoved || !leaving.Harms() {
			continue
		}
		all.Go(func() error {
			leaving.err = a.harmUsers(ctx, leaving)
			a.progress.count()
			return nil
		})
	}
	_ = all.Wait() // the errors are in leavers
}

func (a *apply) harmUsers(ctx context.Context, leaving *leaver) error {
	for i, id := range leaving.Account.IDs() {
		if i > 0 { // the user of a former name may be another resource's by now
			if _, held := a.Claims.HeldByOther(a.work.Holder, personNamed("", id)); held {
				continue
			}
		}
		if err := a.harmUser(ctx, leaving, id); err != nil {
			return err
		}
	}
	return nil
}

// harmUser deactivates or deletes one user of a leaver, after a look at what the id stands for now.
func (a *apply) harmUser(ctx context.Context, leaving *leaver, id int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	known := cloudshellapi.User{ID: id, Username: leaving.Name, ImportedSid: &leaving.Account.SID}
	single := New(a.Client)
	if leaving.Action != roster.DepartedDelete {
		_, changed, err := single.Deactivate(ctx, known)
		leaving.deactivated = leaving.deactivated || changed
		return leaving.ignore(err)
	}
	err := single.Delete(ctx, known)
	leaving.deleted = err == nil
	if refused := (*DeletionRefusedError)(nil); errors.As(err, &refused) {
		leaving.deactivated = true
		return refused.Cause
	}
	return leaving.ignore(err)
}

// ignore forgets errors that say that nothing is left to do: the user is gone, or protected.
func (l *leaver) ignore(err error) error {
	if errors.As(err, new(*ProtectedError)) {
		return nil
	}
	if errors.Is(err, cloudshellapi.ErrNotFound) {
		l.deleted = true
		return nil
	}
	return err
}

// noteDeparture records what happened to a leaver.
func (a *apply) noteDeparture(leaving *leaver) {
	switch {
	case leaving.err != nil:
		kind := NotDeactivated
		if leaving.Action == roster.DepartedDelete {
			kind = NotDeleted
		}
		a.report(Problem{Kind: kind, Names: []string{leaving.Name}, Err: leaving.err, Deactivated: leaving.deactivated})
		a.outcome.NotDeparted(leaving.Departure, leaving.deactivated)
	case leaving.unmoved:
		a.outcome.NotDeparted(leaving.Departure, leaving.deactivated)
	default:
		a.outcome.Departed(leaving.Departure, leaving.deleted, leaving.deactivated)
		a.release(leaving.Account, leaving.deleted, leaving.deactivated)
	}
}

// release tells the other resources of the run that this one has let go of a person.
func (a *apply) release(account roster.Account, deleted, deactivated bool) {
	for _, person := range ClaimedAll(account) {
		a.Claims.Release(a.work.Holder, person, !deleted)
	}
	if a.work.Destroy && account.Created && !deleted {
		a.Claims.LeaveCreated(Claimed(account), deactivated)
	}
}
