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

// pageSize is how many users a page of CloudShell's lists has at most.
const pageSize = 250

// Groups reads directory groups and works on their members.
type Groups struct {
	Client *cloudshellapi.Client
	Claims *claims.Registry
}

// DirectoryGroup is a group of the directory behind CloudShell, as it was read.
type DirectoryGroup struct {
	// Name is the group's name as the server spells it, as far as that is known.
	Name string
	// People are its users.
	People []cloudshellapi.ExternalUser
	// Nameless are the entries that were left out since they have no account name.
	Nameless []cloudshellapi.ExternalUser
}

// UnknownGroupError says that the directory has no group of a name.
type UnknownGroupError struct {
	Name string
	// Groups are the names of those groups that it has.
	Groups []string
}

func (e *UnknownGroupError) Error() string {
	return fmt.Sprintf("the directory behind CloudShell has no group %q", e.Name)
}

// ReadGroup reads a directory group. A person of expected is missing from the result only if two readings say so. An
// empty answer is followed by a look-up of the name, since servers give it for unknown groups too; the error is then
// an *UnknownGroupError.
func (g Groups) ReadGroup(ctx context.Context, name string, expected roster.Names) (DirectoryGroup, error) {
	members, err := g.Client.ExternalMembers(ctx, name)
	if len(members.Users) == 0 && (err == nil || errors.Is(err, cloudshellapi.ErrNotFound) || errors.Is(err,
		cloudshellapi.ErrUnreadable)) {
		found, lookErr := g.LookUpGroup(ctx, name)
		if errors.As(lookErr, new(*UnknownGroupError)) {
			return DirectoryGroup{}, lookErr
		}
		if lookErr == nil && found[0].Name != name {
			name = found[0].Name // the server compares names more strictly than the provider
			members, err = g.Client.ExternalMembers(ctx, name)
		}
	}
	if err != nil {
		return DirectoryGroup{}, err
	}
	group := DirectoryGroup{Name: name, People: members.Users, Nameless: members.Nameless}
	if lacks(group.People, expected) {
		return g.readAgain(ctx, group)
	}
	return group, nil
}

// readAgain is the group with everyone who is in it by this reading or by the one before.
func (g Groups) readAgain(ctx context.Context, group DirectoryGroup) (DirectoryGroup, error) {
	again, err := g.Client.ExternalMembers(ctx, group.Name)
	if err != nil {
		return DirectoryGroup{}, err
	}
	group.People = union(again.Users, group.People)
	return group, nil
}

// ReadWholeGroup is ReadGroup for callers who expect no one in particular. A group of several pages is read twice: when
// someone leaves it meanwhile, the others move up, and one of them may be on neither page.
func (g Groups) ReadWholeGroup(ctx context.Context, name string) (DirectoryGroup, error) {
	group, err := g.ReadGroup(ctx, name, roster.Names{})
	if err != nil || len(group.People)+len(group.Nameless) < pageSize {
		return group, err
	}
	return g.readAgain(ctx, group)
}

// LookUpGroup finds the directory groups of a name, of which there may be several. One with exactly this spelling comes
// first: on a server that tells spellings apart, the others are other groups. Without any the error is an
// *UnknownGroupError.
func (g Groups) LookUpGroup(ctx context.Context, name string) ([]cloudshellapi.ExternalGroup, error) {
	groups, err := g.Client.ExternalGroups(ctx)
	if err != nil {
		return nil, err
	}
	var found []cloudshellapi.ExternalGroup
	others := make([]string, 0, len(groups))
	for _, group := range groups {
		others = append(others, group.Name)
		if names.Same(group.Name, name) {
			found = append(found, group)
		}
	}
	if len(found) == 0 {
		return nil, &UnknownGroupError{Name: name, Groups: others}
	}
	if at := slices.IndexFunc(found, func(group cloudshellapi.ExternalGroup) bool { return group.Name == name }); at > 0 {
		found[0], found[at] = found[at], found[0]
	}
	return found, nil
}

// ReadErrors tells a failure to read the directory group from one to read CloudShell's users.
type ReadErrors struct{ Group, Users error }

// Read is ReadGroup and ReadUsers at the same time.
func (g Groups) Read(
	ctx context.Context, name string, expected roster.Names, known roster.Accounts,
) (group DirectoryGroup, users []cloudshellapi.User, failed ReadErrors) {
	var both errgroup.Group
	both.Go(func() error {
		group, failed.Group = g.ReadGroup(ctx, name, expected)
		return nil
	})
	both.Go(func() error {
		users, failed.Users = g.ReadUsers(ctx, known)
		return nil
	})
	_ = both.Wait() // the errors are in failed
	return group, users, failed
}

// RebuildAccounts finds the users behind the names that a resource created, after what it noted of them was lost. A
// user is confirmed if the directory has the same identifier for the person of that name; the names of others are
// returned.
func (g Groups) RebuildAccounts(
	ctx context.Context, group string, created roster.Names,
) (roster.Accounts, []string, error) {
	users, err := g.Client.SearchUsers(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	read, err := g.ReadGroup(ctx, group, created)
	if err != nil {
		return nil, created.Sorted(), nil //nolint:nilerr // then no one can be confirmed
	}
	book, inGroup := roster.NewBook(users), map[string]person{}
	for _, someone := range read.People {
		inGroup[names.Key(someone.Username)] = someone
	}
	var accounts roster.Accounts
	var unproved []string
	for _, name := range created.Sorted() {
		user, there := book.ByName(name)
		if !there || !user.IsImported() {
			continue
		}
		if someone, in := inGroup[names.Key(name)]; !in || roster.DifferInSID(someone, user) {
			unproved = append(unproved, name)
			continue
		}
		accounts.Put(roster.Account{
			Name: name, ID: user.ID, SID: *user.ImportedSid, Created: true, Own: roster.IsOwn(g.Client.Account(), user),
		})
	}
	return accounts, unproved, nil
}

// ReadUsers reads all users of CloudShell. A user of a known account is missing from the result only if CloudShell,
// asked for the id or for a second list, does not have it.
func (g Groups) ReadUsers(ctx context.Context, known roster.Accounts) ([]cloudshellapi.User, error) {
	users, err := g.Client.Users(ctx)
	if err != nil {
		return nil, err
	}
	listed := make(map[int64]bool, len(users))
	for _, user := range users {
		listed[user.ID] = true
	}
	var absent []int64
	for _, account := range known {
		for _, id := range account.IDs() {
			if !listed[id] {
				absent = append(absent, id)
			}
		}
	}
	if len(absent) == 0 {
		return users, nil
	}
	found, err := g.Client.StillThere(ctx, absent)
	return slices.AppendSeq(users, maps.Values(found)), err
}

// lookUpByName returns those users of the names that CloudShell has: it asks for each, or reads a list of all if that
// is cheaper.
func (g Groups) lookUpByName(ctx context.Context, usernames []string, listed int) ([]cloudshellapi.User, error) {
	if len(usernames) > 1+listed/pageSize {
		return g.Client.SearchUsers(ctx, "")
	}
	found, err := g.Client.StillNamed(ctx, usernames)
	return slices.Collect(maps.Values(found)), err
}

// Retainers reads which of the leavers are still in other directory groups. One that cannot be read, or that the
// directory does not have, retains all of them; its error is returned by name.
func (g Groups) Retainers(
	ctx context.Context, groups []string, leavers []string, notes roster.Notes,
) ([]roster.Retainer, map[string]error) {
	retainers := make([]roster.Retainer, len(groups))
	failed := make([]error, len(groups))
	var expected roster.Names
	for _, name := range leavers {
		expected.Set(name, "")
	}
	var all errgroup.Group
	for i, name := range groups {
		all.Go(func() error {
			group, err := g.ReadGroup(ctx, name, expected)
			failed[i] = err
			retainers[i] = roster.NewRetainer(name, group.People, err != nil, leavers, notes)
			return nil
		})
	}
	_ = all.Wait() // the errors are in failed
	unreadable := map[string]error{}
	for i, name := range groups {
		if failed[i] != nil {
			unreadable[name] = failed[i]
		}
	}
	return retainers, unreadable
}

func lacks(people []cloudshellapi.ExternalUser, expected roster.Names) bool {
	if expected.Len() == 0 {
		return false
	}
	found := make(map[string]bool, len(people))
	for _, person := range people {
		found[names.Key(person.Username)] = true
	}
	return slices.ContainsFunc(expected.Sorted(), func(name string) bool { return !found[names.Key(name)] })
}

// union adds to the later reading of a group the people who are in the earlier one only. A person who was renamed
// between the two has their later name.
func union(later, earlier []cloudshellapi.ExternalUser) []cloudshellapi.ExternalUser {
	index := roster.NewIndex(later)
	for _, person := range earlier {
		if !index.Has(person.Username, person.ID) {
			later = append(later, person)
		}
	}
	return later
}
