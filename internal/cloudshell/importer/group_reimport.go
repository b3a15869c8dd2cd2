// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// reimportTimeout bounds the import of a group again.
const reimportTimeout = 20 * time.Minute

// Reimport is who would be imported again of a directory group.
type Reimport struct {
	Group DirectoryGroup
	// Known are the people that CloudShell imported before, under the name that they have now.
	Known []string
	// Absent have no imported CloudShell user; Renamed have one of another name. An import might create a user for
	// either.
	Absent, Renamed []string

	before map[string]cloudshellapi.User // of Known, by key
}

// LookForReimport finds out who of a directory group can be imported again.
func (g Groups) LookForReimport(ctx context.Context, name string) (Reimport, error) {
	group, users, failed := g.Read(ctx, name, roster.Names{}, nil)
	if err := errors.Join(failed.Group, failed.Users); err != nil {
		return Reimport{}, err
	}
	found := Reimport{Group: group, before: map[string]cloudshellapi.User{}}
	match := roster.NewBook(users).Match(group.People)
	for _, someone := range group.People {
		key := names.Key(someone.Username)
		switch user, present := match.Users[key]; {
		case present && names.Same(user.Username, someone.Username):
			found.Known, found.before[key] = append(found.Known, someone.Username), user
		case present:
			found.Renamed = append(found.Renamed, someone.Username)
		default:
			found.Absent = append(found.Absent, someone.Username)
		}
	}
	return found, nil
}

// Reimported is what came of it.
type Reimported struct {
	// Before and After are the users as they were and as they are now, in the same order.
	Before, After []cloudshellapi.User
	// Refused are the people that the server did not import again; nil for no one.
	Refused *Problem
	// Inactive are the people who could not be made active again; nil for no one.
	Inactive *Problem
	// Created are people who joined the directory group meanwhile, so that the import created users for them.
	Created []string
}

// Reimport imports the known people of the group again, so that CloudShell takes over their details from the
// directory, and makes those active again who are inactive, as allow_update does in an imported group. An error
// means that the import as a whole failed; doing it twice does no harm.
func (g Groups) Reimport(ctx context.Context, found Reimport, progress func(string)) (Reimported, error) {
	var members roster.Names
	for _, name := range found.Known {
		members.Set(name, "")
	}
	state := roster.State{Directory: members, Members: members}
	result, err := g.Apply(ctx, Work{
		Group: found.Group.Name, People: found.Group.People, Holder: claims.NewHolder(), Before: state,
		Settings: roster.Settings{AllowUpdate: true}, Decision: roster.Decision{State: state, Refresh: found.Known},
		Timeout: reimportTimeout, Progress: progress,
	})
	if err == nil {
		err = result.Failure
	}
	if err != nil {
		return Reimported{}, err
	}
	var done Reimported
	for n := range result.Problems {
		switch result.Problems[n].Kind {
		case NotRefreshed:
			done.Refused = &result.Problems[n]
		case Unplanned:
			done.Created = result.Problems[n].Names
		}
	}
	done.Inactive = notActivated(result.Problems)
	users, err := g.Client.Users(ctx)
	if err != nil {
		return done, err
	}
	book := roster.NewBook(users)
	for _, name := range found.Known {
		before := found.before[names.Key(name)]
		if after, there := book.ByID(before.ID); there {
			done.Before, done.After = append(done.Before, before), append(done.After, after)
		}
	}
	return done, nil
}

// notActivated joins the problems with making single people active; nil without any.
func notActivated(problems []Problem) *Problem {
	var joined *Problem
	for _, problem := range problems {
		if problem.Kind != NotActivated {
			continue
		}
		if joined == nil {
			joined = &Problem{Kind: NotActivated, Reasons: map[string]error{}}
		}
		joined.Names = append(joined.Names, problem.Names...)
		for _, name := range problem.Names {
			joined.Reasons[name] = problem.Err
		}
	}
	return joined
}
