// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"slices"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Work is a decision about the members of a directory group, with what it takes to carry it out.
type Work struct {
	// Group is the directory group's name, as the server spells it.
	Group string
	// People are the people of the group, if they were read just now.
	People []cloudshellapi.ExternalUser
	// Holder and Label stand for the resource in claims.
	Holder claims.Holder
	Label  string

	// Before, Notes and Settings are what Decision was made from.
	Before   roster.State
	Notes    roster.Notes
	Settings roster.Settings
	Decision roster.Decision

	// Targets are the CloudShell groups that members are to be in, Dropped those that they are to leave.
	Targets, Dropped []roster.Group
	// Regroup: all members are compared with Targets, not only joiners and those who were missing at the last refresh.
	Regroup bool
	// ImportAll: members are imported again, so that the server brings their details up to date.
	ImportAll bool
	// Follow: no plan named the people. If the directory group turns out to have changed, its people of now become
	// members.
	Follow bool
	// Destroy: the directory group plays no part in the departures.
	Destroy bool
	// Timeout bounds the import.
	Timeout time.Duration
	// Progress, if there is one, is told at least every 30 seconds how far the work is.
	Progress func(message string)
}

// Idle reports whether there is nothing to do in CloudShell: some settings only matter to later plans.
func (w Work) Idle() bool {
	d := w.Decision
	return len(d.Joins)+len(d.Departures)+len(d.Refresh)+len(d.Activate)+len(w.missing()) == 0 && !w.ImportAll &&
		!w.Regroup
}

// missing are the members who were missing from a group at the last refresh.
func (w Work) missing() []string {
	if len(w.Notes.Differences) == 0 {
		return nil
	}
	return slices.DeleteFunc(w.Decision.State.Members.Sorted(), func(name string) bool {
		return len(w.Notes.Differences[names.Key(name)].Missing) == 0 || !w.Before.Members.Has(name)
	})
}

// Result is what came of an Apply.
type Result struct {
	State    roster.State
	Notes    roster.Notes
	Problems []Problem
	// Created counts the users that this apply created.
	Created int
	// InDoubt: the outcome of an import is not known.
	InDoubt bool
	// Failure is why the import as a whole failed; nil if it did not.
	Failure error
}

// Apply carries a decision out: people join, members are brought up to date, and then the others leave. An error means
// that nothing was changed. What fails for some people is in the result's Problems, and its State and Notes are
// without it.
func (g Groups) Apply(ctx context.Context, work Work) (Result, error) {
	a := &apply{
		Groups: g, work: work, decision: work.Decision, book: roster.NewBook(nil), existed: map[int64]bool{},
		outcome:  roster.NewOutcome(work.Before, work.Notes, work.Decision),
		answered: map[string]cloudshellapi.User{}, reasons: map[string]error{},
		pending: map[string]bool{}, skipped: map[string]bool{},
	}
	defer a.reportProgress()()
	if err := a.join(ctx); err != nil {
		return Result{}, err
	}
	a.removeFromDropped(ctx)
	if err := a.depart(ctx); err != nil {
		return Result{}, err
	}
	return Result{
		State: a.outcome.State, Notes: a.outcome.Notes, Problems: a.problems, Created: a.created, InDoubt: len(a.pending) > 0,
		Failure: a.failure,
	}, nil
}

// apply is one Apply: what it knows of CloudShell, kept up to date with what it does there, and what went wrong.
type apply struct {
	Groups
	work     Work
	decision roster.Decision
	outcome  *roster.Outcome
	problems []Problem
	progress progress
	created  int

	book    *roster.Book
	existed map[int64]bool // the users that were there before the import
	people  []person       // of the directory group
	byName  map[string]person

	// returned are all users that imports returned.
	returned []cloudshellapi.User
	// answered are the users that imports of single people returned, by key: the user's own name may be another.
	answered map[string]cloudshellapi.User
	// reasons are why people were not imported, by key; failure is why the whole import failed.
	reasons map[string]error
	failure error
	// pending are the keys of people whose import was never answered: the server may still be at work.
	pending map[string]bool
	// skipped are the keys of joiners who must not be imported.
	skipped map[string]bool
}

// join makes people members and brings members up to date. No other resource works on them meanwhile. An error means
// that nothing was changed.
func (a *apply) join(ctx context.Context) error {
	if !a.joinsOrChanges() {
		return nil
	}
	unlock, err := a.Claims.Lock(ctx, a.joining()...)
	if err != nil {
		return err
	}
	defer unlock()
	if err := a.look(ctx); err != nil {
		return err
	}
	imported := a.importMembers(ctx)
	a.noteJoins()
	a.noteRefreshed(imported)
	a.activate(ctx, imported)
	a.addToGroups(ctx)
	a.removeFormer(ctx)
	return nil
}

// joinsOrChanges reports whether there is work other than departures.
func (a *apply) joinsOrChanges() bool {
	d := a.decision
	return len(d.Joins)+len(d.Refresh)+len(d.Activate)+len(a.work.missing()) > 0 || a.work.ImportAll || a.work.Regroup
}

// joining are the people that join works on.
func (a *apply) joining() []claims.Person {
	var people []claims.Person
	if a.work.ImportAll || a.work.Regroup {
		for _, name := range a.decision.State.Members.Sorted() {
			people = append(people, a.claimed(name))
		}
		return people
	}
	for _, join := range a.decision.Joins {
		people = append(people, a.claimed(join.Name))
		if join.Formerly != "" {
			people = append(people, a.claimed(join.Formerly))
		}
	}
	for _, name := range slices.Concat(a.decision.Refresh, a.decision.Activate, a.work.missing()) {
		people = append(people, a.claimed(name))
	}
	return people
}

// claimed is a person in claims, by name and, as far as it is known, by id.
func (a *apply) claimed(name string) claims.Person {
	if account, ok := a.work.Notes.Accounts.Of(name); ok {
		return Claimed(account)
	}
	if account, ok := a.work.Notes.Present.Of(name); ok {
		return Claimed(account)
	}
	return claims.Person{Name: name}
}

// Claimed is the person of an account in claims.
func Claimed(account roster.Account) claims.Person { return personNamed(account.Name, account.ID) }

// ClaimedAll are the person of an account and the users of their former names in claims. Of those only the id is known:
// the names may be other people's by now.
func ClaimedAll(account roster.Account) []claims.Person {
	people := []claims.Person{Claimed(account)}
	for _, id := range account.Former {
		people = append(people, personNamed("", id))
	}
	return people
}

// look reads who is there. A joiner is absent only if two readings say so, of which the second began after the first
// ended: the first is that of a list, which may miss people while others write.
func (a *apply) look(ctx context.Context) error {
	users, err := a.ReadUsers(ctx, a.work.Notes.Accounts)
	if err != nil {
		return err
	}
	a.book = roster.NewBook(users)
	a.setPeople(a.work.People)
	if a.people == nil && (len(a.decision.Joins)+len(a.decision.Refresh) > 0 || a.work.ImportAll) {
		if group, err := a.ReadGroup(ctx, a.work.Group, roster.Names{}); err == nil {
			a.setPeople(group.People)
			a.work.Group = group.Name
		} // else people are imported one by one
	}
	var absent []string
	for _, join := range a.decision.Joins {
		if _, there := a.find(join.Name); !there {
			absent = append(absent, a.person(join.Name).Username)
		}
	}
	found, err := a.lookUpByName(ctx, absent, len(users))
	if err != nil {
		return err
	}
	for _, user := range found {
		a.book.Put(user)
	}
	for _, user := range a.book.Users() {
		a.existed[user.ID] = true
	}
	return nil
}

func (a *apply) setPeople(people []person) {
	a.people, a.byName = people, make(map[string]person, len(people))
	for _, someone := range people {
		a.byName[names.Key(someone.Username)] = someone
	}
}

// person is a person of the directory. Of one who is not in the group any more only the name is known.
func (a *apply) person(name string) person {
	if found, ok := a.byName[names.Key(name)]; ok {
		return found
	}
	return person{Username: name}
}

// find returns a person's imported CloudShell user.
func (a *apply) find(name string) (cloudshellapi.User, bool) {
	if _, inGroup := a.byName[names.Key(name)]; !inGroup {
		if account, noted := a.work.Notes.Accounts.Of(name); noted {
			return a.book.Still(account)
		}
	}
	if user, ok := a.book.Find(a.person(name)); ok {
		return user, true
	}
	user, ok := a.answered[names.Key(name)]
	return user, ok
}

// lacking returns those of the names that have no CloudShell user.
func (a *apply) lacking(usernames []string) []string {
	return slices.DeleteFunc(slices.Clone(usernames), func(name string) bool {
		_, ok := a.find(name)
		return ok
	})
}

// noteJoins records who became a member, and who did not and why.
func (a *apply) noteJoins() {
	var appeared, open, refused []string
	for _, join := range a.decision.Joins {
		user, there := a.find(join.Name)
		switch key := names.Key(join.Name); {
		case there && a.skipped[key]:
			a.outcome.Appeared(join, user)
			appeared = append(appeared, join.Name)
		case there:
			a.joined(join, user)
		case a.pending[key]:
			a.outcome.Asked(join, time.Now())
			open = append(open, join.Name)
		default:
			a.outcome.NotJoined(join)
			refused = append(refused, join.Name)
		}
	}
	a.report(Problem{Kind: Appeared, Names: appeared})
	a.report(Problem{Kind: NotConfirmed, Names: open})
	a.report(Problem{Kind: NotImported, Names: refused, Reasons: a.reasonsOf(refused)})
}

func (a *apply) joined(join roster.Join, user cloudshellapi.User) {
	someone := personNamed(join.Name, user.ID)
	created := a.hasCreated(user, someone)
	if created {
		a.created++
	}
	a.outcome.Joined(join, user, created || a.takesOver(join, someone))
	if a.work.Follow {
		a.outcome.ShowProved(join)
	}
	a.Claims.Hold(a.work.Holder, a.work.Label, someone)
}

// hasCreated reports whether this apply made the user: CloudShell did not have them before, and no other resource of
// the run has made them since.
func (a *apply) hasCreated(user cloudshellapi.User, someone claims.Person) bool {
	return !a.existed[user.ID] && a.Claims.NoteCreated(a.work.Holder, someone)
}

// takesOver reports whether a resource that this run removed, as in a replacement, had created the person's user: then
// this one has created it now. A user that was made inactive there is made active again.
func (a *apply) takesOver(join roster.Join, someone claims.Person) bool {
	if !a.work.Follow {
		return false // the plan has named who is created
	}
	deactivated, ok := a.Claims.TakeCreated(someone)
	if ok {
		a.outcome.TakenOver(join)
	}
	if deactivated {
		a.decision.Activate = append(a.decision.Activate, join.Name)
	}
	return ok
}

// report keeps a problem, unless it concerns no one.
func (a *apply) report(problem Problem) {
	if len(problem.Names) > 0 {
		a.problems = append(a.problems, problem)
	}
}

// reasonsOf are the reasons why people were not imported, as far as the server gave any.
func (a *apply) reasonsOf(of []string) map[string]error {
	reasons := map[string]error{}
	for _, name := range of {
		if reason, ok := a.reasons[names.Key(name)]; ok {
			reasons[name] = reason
		} else if a.failure != nil {
			reasons[name] = a.failure
		}
	}
	return reasons
}
