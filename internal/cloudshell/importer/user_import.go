// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Consent says what may be done with an account that exists already.
type Consent int

// The consents.
const (
	// NoConsent: it is an ExistsError.
	NoConsent Consent = iota
	// AsItIs: it is taken up without a request. This run made it, or let go of it.
	AsItIs
	// MayUpdate: it is adopted, and its details are refreshed from the directory.
	MayUpdate
)

// Imported is an account that an import made or adopted.
type Imported struct {
	User cloudshellapi.User
	// Created: the look proves that CloudShell did not have the account, and the import was sent after it.
	Created bool
	// Unproved: it is not known whether CloudShell had the account before, so it counts as adopted.
	Unproved bool
	// InDoubt is why it is not known whether the directory's details of an adopted account were taken over.
	InDoubt error
	// Words are the server's, where it imported the user and complained nevertheless.
	Words string
}

// ImportUser imports the person of the look: makes their account, or adopts it where there is consent. Its errors are
// those of this package and the client's; with each of them no account was made, or, for a DoubtError, none can be
// found. It never touches a local account.
func (i *Importer) ImportUser(ctx context.Context, look Look, consent Consent) (Imported, error) {
	if look.User != nil {
		return i.adopt(ctx, look.Name, *look.User, consent)
	}
	if !look.Proved {
		again, err := i.Look(ctx, look.Name)
		if err != nil || again.User != nil {
			return i.adoptFound(ctx, again, err, consent)
		}
		look = again
	}
	if err := ctx.Err(); err != nil {
		return Imported{}, err // nothing is sent, so nothing is in doubt
	}
	sending, cancel := transport.Sending(ctx, transport.SendLimit)
	defer cancel()
	// AllowUpdate is not sent for a name that seems new: the server might turn a local user into an imported one.
	result, err := i.client.ImportUser(sending, look.Name, cloudshellapi.ImportOptions{})
	answer := answer{result: result, err: err}
	if inDoubt(ctx, err) {
		return i.clearUp(ctx, look, answer, consent)
	}
	return i.judge(ctx, look, answer, consent)
}

// answer is what an import was answered.
type answer struct {
	result cloudshellapi.ImportResult
	err    error
	// repeated: an earlier import whose answer got lost may have made the account that this one met.
	repeated bool
}

// words are the entries of Errors.
func (a answer) words() string {
	words := make([]string, len(a.result.Errors))
	for n, entry := range a.result.Errors {
		words[n] = entry.String()
	}
	return strings.Join(words, "; ")
}

func (i *Importer) adoptFound(ctx context.Context, look Look, err error, consent Consent) (Imported, error) {
	if err != nil {
		return Imported{}, err
	}
	return i.adopt(ctx, look.Name, *look.User, consent)
}

// adopt takes up the account that exists under a name, as far as consent goes.
func (i *Importer) adopt(
	ctx context.Context, name string, existing cloudshellapi.User, consent Consent,
) (Imported, error) {
	switch {
	case !existing.IsImported():
		return Imported{}, &ExistsError{Username: existing.Username, Local: true}
	case consent == AsItIs:
		return Imported{User: existing}, nil
	case consent == MayUpdate:
		return i.ReimportAs(ctx, existing, name)
	default:
		return Imported{}, &ExistsError{Username: existing.Username}
	}
}

// judge interprets an answer that is not in doubt.
func (i *Importer) judge(ctx context.Context, look Look, answer answer, consent Consent) (Imported, error) {
	if answer.err == nil && len(answer.result.Users) > 0 {
		user, err := pick(look.Name, answer.result.Users)
		if err != nil {
			return Imported{}, err
		}
		return i.accept(ctx, look, user, answer.words(), consent)
	}
	exists := errors.Is(answer.err, cloudshellapi.ErrExists)
	if answer.err == nil || exists {
		existing, found := i.identify(ctx, look.Name, answer)
		switch {
		case found && answer.repeated && look.provesNew(existing):
			return i.accept(ctx, look, existing, "", consent)
		case found:
			return i.adopt(ctx, look.Name, existing, consent)
		}
	}
	refused := &RefusedError{Words: answer.words(), Cause: answer.err}
	switch {
	case exists, answer.err == nil && names.Contains(answer.words(), "already"):
		return Imported{}, &ExistsError{Said: refused}
	case answer.err == nil, errors.Is(answer.err, cloudshellapi.ErrNotFound):
		return Imported{}, refused
	default:
		return Imported{}, answer.err
	}
}

// accept takes an account that the server answered with: a new one, or one that it had before.
func (i *Importer) accept(
	ctx context.Context, look Look, user cloudshellapi.User, words string, consent Consent,
) (Imported, error) {
	if !user.IsImported() || look.everyone[user.ID] {
		return i.adopt(ctx, look.Name, user, consent)
	}
	created := look.provesNew(user)
	return Imported{User: user, Created: created, Unproved: !created, Words: words}, nil
}

// pick chooses the user that was asked for.
func pick(name string, users []cloudshellapi.User) (cloudshellapi.User, error) {
	if len(users) == 1 {
		return users[0], nil
	}
	several := make([]string, len(users))
	for n, user := range users {
		if names.Same(user.Username, name) {
			return user, nil
		}
		several[n] = user.Username
	}
	return cloudshellapi.User{}, &SeveralPeopleError{Usernames: several}
}

// identify finds the user that an answer says to exist: by the name, by the answer's own word for the user, or by a
// user name in what it says.
func (i *Importer) identify(ctx context.Context, name string, answer answer) (cloudshellapi.User, bool) {
	if IsAccountName(name) {
		if user, err := i.client.FindUser(ctx, name); err == nil {
			return user, true
		}
	}
	users, err := i.client.Users(ctx)
	if err != nil {
		return cloudshellapi.User{}, false
	}
	said := answer.mentioned()
	at := slices.IndexFunc(users, func(user cloudshellapi.User) bool { return said[names.Key(user.Username)] })
	if at < 0 {
		return cloudshellapi.User{}, false
	}
	return users[at], true
}

// mentioned are the keys of all words in an answer that may be the name of a user.
func (a answer) mentioned() map[string]bool {
	text := a.words()
	if a.err != nil {
		text += " " + a.err.Error()
	}
	said := map[string]bool{}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`'"<>(),;:`, r)
	}) {
		said[names.Key(strings.TrimRight(word, "."))] = true
	}
	for _, entry := range a.result.Errors {
		if name := entry.Username(); name != "" {
			said[names.Key(name)] = true
		}
	}
	return said
}

// importPauses are the waits before an import in doubt is sent again, each after a look that did not find the account.
var importPauses = []time.Duration{0, 200 * time.Millisecond, 400 * time.Millisecond}

// proofPauses are the waits between the looks after an import in doubt, since the server may still be working on it.
// After Ctrl-C there is time for the first four.
var proofPauses = []time.Duration{
	0, 500 * time.Millisecond, 500 * time.Millisecond, 500 * time.Millisecond, 1500 * time.Millisecond,
}

// proofLimit bounds the looks and repeated imports after an import in doubt.
const proofLimit = 2 * time.Minute

// clearUp finds out the outcome of an import whose answer got lost. The look proves that the account was not there
// before, so one that is there now came by this import. An import may be sent again: at worst the server says that
// the user exists.
func (i *Importer) clearUp(ctx context.Context, look Look, lost answer, consent Consent) (Imported, error) {
	outliving, cancel := transport.InDoubt(ctx, proofLimit)
	defer cancel()
	for _, wait := range importPauses {
		if done, found, err := i.find(outliving, look, consent); found {
			return done, err
		}
		if transport.Pause(ctx, wait) != nil {
			break
		}
		done, known, err := i.importAgain(ctx, look, consent)
		if known {
			return done, err
		}
		lost.err = err
	}
	for _, wait := range proofPauses {
		if transport.Pause(outliving, wait) != nil {
			break
		}
		if done, found, err := i.find(outliving, look, consent); found {
			return done, err
		}
	}
	return Imported{}, i.doubt(outliving, look, lost.err)
}

// importAgain sends the same import once more. known reports that its answer settles the outcome of both imports.
func (i *Importer) importAgain(ctx context.Context, look Look, consent Consent) (done Imported, known bool, err error) {
	result, err := i.client.ImportUser(ctx, look.Name, cloudshellapi.ImportOptions{})
	if inDoubt(ctx, err) {
		return Imported{}, false, err
	}
	done, err = i.judge(ctx, look, answer{result: result, err: err, repeated: true}, consent)
	if exists, ok := errors.AsType[*ExistsError](err); ok && exists.Username == "" {
		return Imported{}, false, err // it does not say which of the users is the person
	}
	return done, true, err
}

// find looks for the account that an import in doubt has made. A display name alone does not tell which of the users
// that have come since is the person: the same import tells it. It is not sent while there are no such users.
func (i *Importer) find(ctx context.Context, look Look, consent Consent) (done Imported, found bool, err error) {
	if look.everyone == nil {
		user, err := i.client.FindUser(ctx, look.Name)
		if err != nil {
			return Imported{}, false, nil //nolint:nilerr // not found, or not known: it is asked for again
		}
		done, err = i.accept(ctx, look, user, "", consent)
		return done, true, err
	}
	users, err := i.client.SearchUsers(ctx, "")
	if err != nil || len(look.newSince(users)) == 0 {
		return Imported{}, false, nil //nolint:nilerr // not found, or not known: it is asked for again
	}
	done, found, err = i.importAgain(ctx, look, consent)
	if !found {
		return Imported{}, false, nil // it is asked for again
	}
	return done, true, err
}

// doubt is the error of an import that left no trace.
func (i *Importer) doubt(ctx context.Context, look Look, cause error) error {
	doubt := &DoubtError{Cause: cause}
	if look.everyone == nil {
		return doubt
	}
	users, err := i.client.SearchUsers(ctx, "")
	if err != nil {
		return doubt
	}
	for _, user := range look.newSince(users) {
		doubt.Candidates = append(doubt.Candidates, user.Username)
	}
	return doubt
}
