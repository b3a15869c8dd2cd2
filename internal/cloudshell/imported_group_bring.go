package cloudshell

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

const (
	// singleImports is how many people are imported at a time, one by one.
	singleImports = 4
	// fewMissing is up to how many people are looked up singly rather than by the list of all users.
	fewMissing = 3
	// leastPatience and mostPatience bound the wait for an import whose answer was lost.
	leastPatience = 2 * time.Second
	mostPatience  = 2 * time.Minute
)

// bring imports people. It goes by the group's name where that imports nobody but the planned members, else one by one. Nobody
// is imported whose name a local user has. Afterwards find tells who is there, and why tells of the others why not.
func (w *groupWork) bring(ctx context.Context, wanted []string, planned func(name string) bool) {
	if len(wanted) == 0 {
		return
	}
	wanted = slices.DeleteFunc(slices.Clone(wanted), w.localHas)
	rest := wanted
	if w.onlyPlanned(planned) {
		var inGroup []string
		inGroup, rest = w.split(wanted)
		if len(inGroup) > 0 && !w.bringGroup(ctx, inGroup) {
			if !w.allowUpdate { // else those who exist are to be refreshed
				inGroup = w.lacking(inGroup)
			}
			rest = append(rest, inGroup...)
		}
	}
	w.bringSingly(ctx, rest)
}

// onlyPlanned reports whether the directory group is known to hold nobody but planned members.
func (w *groupWork) onlyPlanned(planned func(name string) bool) bool {
	return len(w.people) > 0 && !slices.ContainsFunc(w.people, func(person cloudshellapi.ExternalUser) bool {
		return !planned(person.Username) || w.localHas(person.Username)
	})
}

// localHas reports whether a local user has the name: an import by it might take the local user over.
func (w *groupWork) localHas(name string) bool {
	user, there := w.book.ByName(name)
	if !there || user.IsImported() {
		return false
	}
	w.reasons[framework.FoldName(name)] = "a local user of CloudShell has the name, and local users are never touched"
	return true
}

// split tells those who are in the directory group now from those who are not.
func (w *groupWork) split(names []string) (inGroup, others []string) {
	for _, name := range names {
		if _, in := w.persons[framework.FoldName(name)]; in {
			inGroup = append(inGroup, name)
		} else {
			others = append(others, name)
		}
	}
	return inGroup, others
}

// bringGroup imports the group. It reports false when the server will not import the group as a whole because some of its
// people exist.
func (w *groupWork) bringGroup(ctx context.Context, wanted []string) bool {
	begun := time.Now()
	result, err := w.client.ImportGroup(ctx, w.group, w.options())
	if errors.Is(err, cloudshellapi.ErrExists) {
		return false
	}
	for _, user := range result.Users {
		w.book.Put(user)
	}
	var unnamed []string
	for _, failed := range result.Errors {
		if name := failed.Username(); name != "" {
			w.reasons[framework.FoldName(name)] = failed.String()
		} else {
			unnamed = append(unnamed, failed.String())
		}
	}
	w.reason = strings.Join(unnamed, "; ")
	if err != nil {
		w.reason = framework.Fault(clients.CloudShell, err)
	}
	missing := w.lacking(wanted)
	switch {
	case len(missing) == 0:
	case mayHaveActed(err):
		w.awaitLost(ctx, missing, time.Since(begun))
	default:
		w.lookUp(ctx, missing)
	}
	return true
}

// bringSingly imports people one by one, some at a time. After a failure that would meet everybody it stops.
func (w *groupWork) bringSingly(ctx context.Context, names []string) {
	bounded, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	var mu sync.Mutex
	var all errgroup.Group
	all.SetLimit(singleImports)
	stopped := false
	for _, name := range names {
		all.Go(func() error {
			mu.Lock()
			skip := stopped
			mu.Unlock()
			if skip {
				return nil
			}
			result, err := w.client.ImportUser(bounded, w.person(name).Username, w.options())
			var found *cloudshellapi.User
			if mayHaveActed(err) || errors.Is(err, cloudshellapi.ErrExists) {
				found = w.lookUpOne(ctx, name)
			}
			mu.Lock()
			defer mu.Unlock()
			w.noteSingle(name, result, err, found)
			if meetsEverybody(err) {
				stopped, w.reason = true, framework.Fault(clients.CloudShell, err)
			}
			return nil
		})
	}
	_ = all.Wait() // failures are noted by name
}

func (w *groupWork) noteSingle(name string, result cloudshellapi.ImportResult, err error, found *cloudshellapi.User) {
	key := framework.FoldName(name)
	if found != nil {
		result.Users = append(result.Users, *found)
	}
	for _, user := range result.Users {
		w.book.Put(user)
	}
	if len(result.Users) == 1 && result.Users[0].IsImported() {
		w.answered[key] = result.Users[0]
	}
	var words []string
	for _, failed := range result.Errors {
		words = append(words, failed.String())
	}
	if err != nil {
		words = append(words, framework.Fault(clients.CloudShell, err))
	}
	if len(words) > 0 {
		w.reasons[key] = strings.Join(words, "; ")
	}
	if _, there := w.find(name); !there && mayHaveActed(err) {
		w.pending[key] = true
	}
}

func (w *groupWork) options() cloudshellapi.ImportOptions {
	return cloudshellapi.ImportOptions{AllowUpdate: w.allowUpdate, Timeout: w.timeout}
}

// mayHaveActed reports whether the server may have done, or may still be doing, what it gave no proper answer to.
func mayHaveActed(err error) bool {
	return errors.Is(err, transport.ErrAnswerLost) || errors.Is(err, context.DeadlineExceeded) ||
		transport.Status(err) >= http.StatusInternalServerError
}

// meetsEverybody reports whether an error says nothing about the person at hand.
func meetsEverybody(err error) bool {
	return errors.Is(err, cloudshellapi.ErrUnauthorized) || errors.Is(err, cloudshellapi.ErrForbidden) ||
		errors.Is(err, transport.ErrUnreachable) || errors.Is(err, context.Canceled)
}

// lookUp asks CloudShell for people whom an import's answer did not mention.
func (w *groupWork) lookUp(ctx context.Context, names []string) {
	if len(names) <= fewMissing {
		for _, name := range names {
			if user := w.lookUpOne(ctx, name); user != nil {
				w.book.Put(*user)
			}
		}
		return
	}
	users, err := w.client.SearchUsers(ctx, "")
	if err != nil {
		return // the next refresh will tell
	}
	for _, user := range users {
		w.book.Put(user)
	}
}

func (w *groupWork) lookUpOne(ctx context.Context, name string) *cloudshellapi.User {
	user, err := w.client.FindUser(ctx, w.person(name).Username)
	if err != nil {
		return nil // the next refresh will tell
	}
	return &user
}

// awaitLost finds out what an import did whose answer was lost. A proxy on the way may have given up while the server goes
// on, so it waits as long as people keep coming, and the longer the longer the request had lasted.
func (w *groupWork) awaitLost(ctx context.Context, missing []string, lasted time.Duration) {
	patience := min(max(leastPatience, lasted/2), mostPatience)
	giveUp := time.Now().Add(patience)
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		w.lookUp(ctx, missing)
		left := w.lacking(missing)
		if len(left) < len(missing) {
			giveUp = time.Now().Add(patience)
		}
		missing = left
		if len(missing) == 0 || time.Now().After(giveUp) || ctx.Err() != nil {
			break
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	for _, name := range missing {
		w.pending[framework.FoldName(name)] = true
	}
}
