// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

const (
	// workers is how many people are worked on at a time. The transport sends as many requests at once as
	// max_concurrent_requests allows; more workers keep it busy.
	workers = 64
	// singleImports is how many people are imported at a time, one by one. Imports are slow, and those that wait when the
	// run is interrupted must not be taken for sent.
	singleImports = 8
	// leastPatience and mostPatience bound the wait for an import whose answer was lost.
	leastPatience = 2 * time.Second
	mostPatience  = 2 * time.Minute
	// interruptedPause is the wait between two looks after Ctrl-C.
	interruptedPause = 400 * time.Millisecond
)

var errLocalUser = errors.New("a local user of CloudShell has the name, and local users are never changed")

// importMembers imports the joiners who have no CloudShell user, members whose details are to be brought up to date,
// and everyone if the decision says so. It returns the names of those it was to import.
func (a *apply) importMembers(ctx context.Context) []string {
	usernames := a.toImport()
	a.importPeople(ctx, usernames)
	if a.work.Follow && (len(a.lacking(usernames)) > 0 || len(a.strangers()) > 0) {
		usernames = a.follow(ctx, usernames)
	}
	a.noteUnplanned()
	return usernames
}

// toImport returns the usernames of the people to import.
func (a *apply) toImport() []string {
	var usernames []string
	for _, join := range a.decision.Joins {
		if a.mayImport(join) {
			usernames = append(usernames, join.Name)
		}
	}
	usernames = append(usernames, a.decision.Refresh...)
	if a.work.ImportAll {
		usernames = slices.DeleteFunc(a.decision.State.Members.Sorted(), func(name string) bool {
			return !a.work.Before.Directory.Has(name) || a.skipped[names.Key(name)]
		})
	}
	return usernames
}

// mayImport reports whether a joiner is to be imported. A person who had no CloudShell user at the last refresh and
// has one now was imported by another client, unless another resource of this run created them: they are left alone.
func (a *apply) mayImport(join roster.Join) bool {
	user, there := a.find(join.Name)
	switch {
	case !there:
		return true
	case join.Formerly != "":
		return a.work.Settings.AllowUpdate || !names.Same(user.Username, join.Name)
	case join.Account == nil && !a.Claims.CreatedHere(personNamed(join.Name, user.ID)):
		a.skipped[names.Key(join.Name)] = true
		return false
	default:
		return a.work.Settings.AllowUpdate
	}
}

// importPeople imports people. It imports by the group's name where that imports only the planned members, else one by
// one. People whose name a local user has are not imported. Afterwards find tells who is there, and reasons why others
// are not.
func (a *apply) importPeople(ctx context.Context, usernames []string) {
	if len(usernames) == 0 {
		return
	}
	usernames = slices.DeleteFunc(slices.Clone(usernames), a.hasLocalUser)
	rest := usernames
	if a.onlyPlanned() {
		var inGroup []string
		inGroup, rest = a.split(usernames)
		if len(inGroup) > 0 && !a.importGroup(ctx, inGroup) {
			if !a.work.Settings.AllowUpdate { // else the details of those who exist are to be brought up to date
				inGroup = a.lacking(inGroup)
			}
			rest = append(rest, inGroup...)
		}
	}
	a.importSingly(ctx, rest)
}

// onlyPlanned reports whether the directory group is known to have only planned members, who may be imported.
func (a *apply) onlyPlanned() bool {
	return len(a.people) > 0 && !slices.ContainsFunc(a.people, func(someone person) bool {
		return !a.decision.State.Members.Has(someone.Username) || a.skipped[names.Key(someone.Username)] ||
			a.hasLocalUser(someone.Username)
	})
}

// hasLocalUser reports whether a local user has the name: an import by it might take the local user over.
func (a *apply) hasLocalUser(name string) bool {
	user, there := a.book.ByName(name)
	if !there || user.IsImported() {
		return false
	}
	a.reasons[names.Key(name)] = errLocalUser
	return true
}

// split tells those who are in the directory group now from those who are not.
func (a *apply) split(usernames []string) (inGroup, others []string) {
	for _, name := range usernames {
		if _, in := a.byName[names.Key(name)]; in {
			inGroup = append(inGroup, name)
		} else {
			others = append(others, name)
		}
	}
	return inGroup, others
}

// importGroup imports the group. It reports false when the server will not import the group as a whole because some of
// its people exist.
func (a *apply) importGroup(ctx context.Context, usernames []string) bool {
	a.progress.begin("Importing "+strconv.Itoa(len(usernames))+" people", 0)
	begun := time.Now()
	result, err := a.Client.ImportGroup(ctx, a.work.Group, a.options())
	if errors.Is(err, cloudshellapi.ErrExists) {
		return false
	}
	for _, user := range result.Users {
		a.book.Put(user)
	}
	a.returned = append(a.returned, result.Users...)
	var unnamed []string
	for _, failed := range result.Errors {
		if name := failed.Username(); name != "" {
			a.reasons[names.Key(name)] = errors.New(failed.String())
		} else {
			unnamed = append(unnamed, failed.String())
		}
	}
	if len(unnamed) > 0 {
		a.failure = errors.New(strings.Join(unnamed, "; "))
	}
	if err != nil {
		a.failure = err
	}
	missing := a.lacking(usernames)
	switch {
	case len(missing) == 0:
	case mayHaveActed(err):
		a.awaitLost(ctx, missing, time.Since(begun))
	default:
		lookUp, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
		defer cancel()
		a.lookUp(lookUp, missing)
	}
	return true
}

// importSingly imports people one by one, some at a time. After a failure that would meet everyone it stops.
func (a *apply) importSingly(ctx context.Context, usernames []string) {
	if len(usernames) == 0 {
		return
	}
	a.progress.begin("Importing people one by one", len(usernames))
	bounded, cancel := context.WithTimeout(ctx, a.work.Timeout)
	defer cancel()
	var mu sync.Mutex
	var all errgroup.Group
	all.SetLimit(singleImports)
	stopped := false
	for _, name := range usernames {
		all.Go(func() error {
			mu.Lock()
			stopped = stopped || bounded.Err() != nil
			skip := stopped
			mu.Unlock()
			if skip {
				return nil
			}
			result, err := a.Client.ImportUser(bounded, a.person(name).Username, a.options())
			var found []cloudshellapi.User
			if mayHaveActed(err) || errors.Is(err, cloudshellapi.ErrExists) {
				found = a.lookUpOne(ctx, name)
			}
			a.progress.count()
			mu.Lock()
			defer mu.Unlock()
			a.noteSingle(name, result, err, found)
			if meetsEveryone(err) {
				stopped, a.failure = true, err
			}
			return nil
		})
	}
	_ = all.Wait() // failures are noted by name
	if err := bounded.Err(); err != nil && a.failure == nil {
		a.failure = err
	}
}

func (a *apply) noteSingle(name string, result cloudshellapi.ImportResult, err error, found []cloudshellapi.User) {
	key := names.Key(name)
	a.returned = append(a.returned, result.Users...)
	for _, user := range slices.Concat(result.Users, found) {
		a.book.Put(user)
	}
	if len(result.Users) == 1 && result.Users[0].IsImported() {
		a.answered[key] = result.Users[0]
	}
	var reasons []error
	for _, failed := range result.Errors {
		reasons = append(reasons, errors.New(failed.String()))
	}
	if err != nil {
		reasons = append(reasons, err)
	}
	switch len(reasons) {
	case 0:
	case 1:
		a.reasons[key] = reasons[0]
	default:
		a.reasons[key] = errors.Join(reasons...)
	}
	if _, there := a.find(name); !there && mayHaveActed(err) {
		a.pending[key] = true
	}
}

func (a *apply) options() cloudshellapi.ImportOptions {
	return cloudshellapi.ImportOptions{AllowUpdate: a.work.Settings.AllowUpdate, Timeout: a.work.Timeout}
}

// mayHaveActed reports whether the server may have done, or may still be doing, what it gave no proper answer to.
func mayHaveActed(err error) bool {
	return errors.Is(err, transport.ErrAnswerLost) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err,
		context.Canceled) ||
		transport.Status(err) >= http.StatusInternalServerError
}

// meetsEveryone reports whether an import of any other person would fail with the same error.
func meetsEveryone(err error) bool {
	return errors.Is(err, cloudshellapi.ErrUnauthorized) || errors.Is(err, cloudshellapi.ErrForbidden) ||
		errors.Is(err, transport.ErrUnreachable) || errors.Is(err, context.Canceled)
}

// lookUp asks CloudShell for people that an import's answer did not mention. What cannot be asked, the next refresh
// tells.
func (a *apply) lookUp(ctx context.Context, missing []string) {
	asServerSpells := make([]string, len(missing))
	for i, name := range missing {
		asServerSpells[i] = a.person(name).Username
	}
	found, err := a.lookUpByName(ctx, asServerSpells, len(a.existed))
	if err != nil {
		return
	}
	for _, user := range found {
		a.book.Put(user)
	}
}

func (a *apply) lookUpOne(ctx context.Context, name string) []cloudshellapi.User {
	ctx, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	user, err := a.Client.FindUser(ctx, a.person(name).Username)
	if err != nil {
		return nil // the next refresh tells
	}
	return []cloudshellapi.User{user}
}

// awaitLost finds out what an import did whose answer was lost. A proxy on the way may have given up while the server
// goes on, so it waits as long as people keep coming, and the longer the longer the request had lasted. After Ctrl-C it
// looks often in the short time that is left.
func (a *apply) awaitLost(ctx context.Context, missing []string, lasted time.Duration) {
	patience := min(max(leastPatience, lasted/2), mostPatience)
	outliving, cancel := transport.InDoubt(ctx, a.work.Timeout+mostPatience)
	defer cancel()
	giveUp := time.Now().Add(patience)
	for length := 100 * time.Millisecond; ; length = min(2*length, 5*time.Second) {
		a.lookUp(outliving, missing)
		left := a.lacking(missing)
		if len(left) < len(missing) {
			giveUp = time.Now().Add(patience)
		}
		missing = left
		if len(missing) == 0 || time.Now().After(giveUp) {
			break
		}
		if transport.Pause(ctx, length) != nil && transport.Pause(outliving, interruptedPause) != nil {
			break
		}
	}
	for _, name := range missing {
		a.pending[names.Key(name)] = true
	}
}

// strangers are the users that the import created for people who were not in the directory group when it was read.
func (a *apply) strangers() []cloudshellapi.User {
	index := roster.NewIndex(a.people)
	var found []cloudshellapi.User
	for _, user := range a.book.Users() {
		if !a.existed[user.ID] && user.IsImported() && !index.Has(user.Username, *user.ImportedSid) {
			found = append(found, user)
		}
	}
	return found
}

// follow decides again if a directory group whose people no plan named has changed during the import.
func (a *apply) follow(ctx context.Context, usernames []string) []string {
	ctx, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	group, err := a.ReadGroup(ctx, a.work.Group, a.decision.State.Directory)
	if err != nil || len(group.People) == 0 {
		return usernames
	}
	a.setPeople(group.People)
	notes := a.work.Notes
	notes.Accounts = nil
	for _, account := range a.work.Notes.Accounts {
		notes.Accounts.Put(account)
	}
	match := a.book.Match(a.people)
	for _, someone := range a.people {
		user, ok := match.Users[names.Key(someone.Username)]
		if ok && a.hasCreated(user, personNamed(someone.Username, user.ID)) {
			notes.Accounts.Put(roster.Account{Name: someone.Username, ID: user.ID, SID: someone.ID, Created: true})
		}
	}
	seen := roster.Seen{People: a.people, Users: a.book.Users(), Account: a.Client.Account()}
	before, notes := roster.Refresh(a.work.Before, notes, seen)
	notes.Retainers = a.work.Notes.Retainers
	a.work.Before, a.work.Notes = before, notes
	a.decision = roster.Decide(before, notes, a.work.Settings)
	a.outcome = roster.NewOutcome(before, notes, a.decision)
	usernames, _ = a.split(usernames)
	return usernames
}

// noteUnplanned records users that an import created beyond the plan: they belong to the resource all the same.
func (a *apply) noteUnplanned() {
	planned := map[int64]bool{}
	for _, join := range a.decision.Joins {
		if user, there := a.find(join.Name); there {
			planned[user.ID] = true
		}
	}
	var unplanned []string
	for _, user := range a.importedBeyond(planned) {
		someone := PersonOf(user)
		if !a.hasCreated(user, someone) {
			continue // another resource of the run made them, and has them
		}
		a.created++
		a.outcome.Unplanned(user.Username, user)
		a.Claims.Hold(a.work.Holder, a.work.Label, someone)
		unplanned = append(unplanned, user.Username)
	}
	a.report(Problem{Kind: Unplanned, Names: unplanned})
}

// importedBeyond are the users that imports returned, that they created, and that were not planned.
func (a *apply) importedBeyond(planned map[int64]bool) []cloudshellapi.User {
	var beyond []cloudshellapi.User
	for _, user := range a.returned {
		if !a.existed[user.ID] && !planned[user.ID] && user.IsImported() {
			planned[user.ID] = true
			beyond = append(beyond, user)
		}
	}
	return beyond
}
