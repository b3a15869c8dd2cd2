package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// importProblem is why a user could not be imported, in sentences for people.
type importProblem struct{ detail string }

func (p *importProblem) Error() string { return p.detail }

func problemf(format string, values ...any) error {
	return &importProblem{fmt.Sprintf(format, values...)}
}

// imported is a user that an import brought in or adopted.
type imported struct {
	user cloudshellapi.User
	// created: CloudShell did not have him before.
	created bool
	// unsure: whether CloudShell had him before cannot be told, so created is false.
	unsure bool
	// words are the server's, where it imported the user and complained nevertheless.
	words string
}

// userImport brings one user in. What the server answers for names that exist or are unknown is documented nowhere, so it
// goes by what users there were before.
type userImport struct {
	client      *cloudshellapi.Client
	name        string
	allowUpdate bool

	// before are the users that there were, where they had to be read.
	before []cloudshellapi.User
	// resent: an answer got lost and the import was sent again.
	resent bool
}

// accountName matches what is surely meant as an account name. Anything else may be a display name, for which the server
// imports a user of another name.
var accountName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// run imports the user: a new one, or, where that is allowed, one who exists already. A local user is never touched.
func (i *userImport) run(ctx context.Context) (imported, error) {
	existing, err := i.lookUp(ctx)
	switch {
	case err == nil:
		return i.adopt(ctx, existing)
	case !errors.Is(err, cloudshellapi.ErrNotFound):
		return imported{}, err
	}
	// A name that may be a display name is not sent with AllowUpdate before it is known whom it stands for: CloudShell might
	// turn a local user into an imported one.
	result, err := i.send(ctx, i.allowUpdate && accountName.MatchString(i.name))
	return i.judge(ctx, result, err)
}

// lookUp finds the user of exactly that name. For what may be a display name it reads all users instead, since the import
// may turn out to be about one of them.
func (i *userImport) lookUp(ctx context.Context) (cloudshellapi.User, error) {
	if accountName.MatchString(i.name) {
		return i.client.FindUser(ctx, i.name)
	}
	users, err := i.client.Users(ctx)
	if err != nil {
		return cloudshellapi.User{}, err
	}
	i.before = users
	for _, user := range users {
		if framework.SameName(user.Username, i.name) {
			return user, nil
		}
	}
	return cloudshellapi.User{}, cloudshellapi.ErrNotFound
}

// adopt refreshes a user who exists from the directory.
func (i *userImport) adopt(ctx context.Context, existing cloudshellapi.User) (imported, error) {
	if !existing.IsImported() {
		return imported{}, problemf("CloudShell has a local user %q, who does not come from the directory. The provider never touches local users. "+
			"Rename or delete that user in CloudShell first, or import another one.", existing.Username)
	}
	if !i.allowUpdate {
		return imported{}, i.existsProblem(existing.Username)
	}
	user, words, err := reimport(ctx, i.client, i.name, existing.ID)
	return imported{user: user, words: words}, err
}

// judge finds out what became of an import of somebody who seemed to be new.
func (i *userImport) judge(ctx context.Context, result cloudshellapi.ImportResult, err error) (imported, error) {
	if err == nil && len(result.Users) > 0 {
		return i.accept(ctx, result)
	}
	if err == nil || errors.Is(err, cloudshellapi.ErrExists) {
		existing, found := i.identify(ctx, result, err)
		switch {
		case found && i.resent: // the first import, whose answer got lost, may have brought him in
			return i.accept(ctx, cloudshellapi.ImportResult{Users: []cloudshellapi.User{existing}})
		case found:
			return i.adopt(ctx, existing)
		}
	}
	words := refusal(result, err)
	switch {
	case errors.Is(err, cloudshellapi.ErrExists), err == nil && strings.Contains(strings.ToLower(words), "already"):
		if !i.allowUpdate {
			return imported{}, i.existsProblem(i.name)
		}
		return imported{}, problemf("%s CloudShell knows the person under a user name that its answer does not tell. "+
			"Give that user name (sAMAccountName or uid) as name.", words)
	case err == nil, errors.Is(err, cloudshellapi.ErrNotFound):
		return imported{}, problemf("%s Nobody was imported. If the name is the cause, check its spelling, and that the person is within "+
			"the part of the directory that CloudShell is set up to search.", words)
	case i.allowUpdate:
		return imported{}, explainAllowUpdate(err)
	default:
		return imported{}, err
	}
}

// accept takes the user out of an answer that holds one or more: somebody new, or somebody who exists already.
func (i *userImport) accept(ctx context.Context, result cloudshellapi.ImportResult) (imported, error) {
	user, err := i.pick(result.Users)
	if err != nil {
		return imported{}, err
	}
	if !user.IsImported() || slices.ContainsFunc(i.before, func(b cloudshellapi.User) bool { return b.ID == user.ID }) {
		return i.adopt(ctx, user)
	}
	looked := i.before != nil || framework.SameName(user.Username, i.name)
	return imported{user: user, created: looked, unsure: !looked, words: wordsOf(result)}, nil
}

// pick chooses the user that was asked for.
func (i *userImport) pick(users []cloudshellapi.User) (cloudshellapi.User, error) {
	if len(users) == 1 {
		return users[0], nil
	}
	names := make([]string, len(users))
	for n, user := range users {
		if framework.SameName(user.Username, i.name) {
			return user, nil
		}
		names[n] = user.Username
	}
	return cloudshellapi.User{}, problemf("CloudShell found several people by that name and imported %s. Give the user name of the one who is meant as name, "+
		"and delete those in CloudShell who are not.", framework.Quoted(names, "and"))
}

// identify finds the user whom an answer says to exist: by the entry's own word, by a user name in what it says, or
// because he appeared under the very name since the look-up.
func (i *userImport) identify(ctx context.Context, result cloudshellapi.ImportResult, err error) (cloudshellapi.User, bool) {
	if i.before == nil {
		user, err := i.client.FindUser(ctx, i.name)
		return user, err == nil
	}
	users, listErr := i.client.Users(ctx)
	if listErr != nil {
		users = i.before
	}
	said := strings.FieldsFunc(refusal(result, err), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`'"<>(),;:`, r) })
	for _, entry := range result.Errors {
		said = append(said, entry.Username())
	}
	for _, user := range users {
		if slices.ContainsFunc(said, func(word string) bool { return framework.SameName(strings.TrimRight(word, "."), user.Username) }) {
			return user, true
		}
	}
	return cloudshellapi.User{}, false
}

// send imports, and when the answer got lost finds out whether it happened. An import can be sent again: at worst the
// server says that the user exists.
func (i *userImport) send(ctx context.Context, allowUpdate bool) (cloudshellapi.ImportResult, error) {
	result, err := i.client.ImportUser(ctx, i.name, cloudshellapi.ImportOptions{AllowUpdate: allowUpdate})
	if !errors.Is(err, transport.ErrAnswerLost) || ctx.Err() != nil {
		return result, err
	}
	if accountName.MatchString(i.name) {
		if user, findErr := i.client.FindUser(ctx, i.name); findErr == nil {
			return cloudshellapi.ImportResult{Users: []cloudshellapi.User{user}}, nil
		}
	}
	i.resent = true
	return i.client.ImportUser(ctx, i.name, cloudshellapi.ImportOptions{AllowUpdate: allowUpdate})
}

func (i *userImport) existsProblem(username string) error {
	return problemf("CloudShell has the user %q already. Set allow_update = true to adopt and refresh the existing user, "+
		"or bring the user into state as is, with: terraform import ADDRESS %s", username, shellQuoted(username))
}

// reimport imports a user of a known id again, with AllowUpdate, and returns him and what the server complained about.
func reimport(ctx context.Context, client *cloudshellapi.Client, name string, id int64) (cloudshellapi.User, string, error) {
	options := cloudshellapi.ImportOptions{AllowUpdate: true}
	result, err := client.ImportUser(ctx, name, options)
	if errors.Is(err, transport.ErrAnswerLost) && ctx.Err() == nil {
		result, err = client.ImportUser(ctx, name, options) // doing it twice is doing it once
	}
	switch {
	case errors.Is(err, cloudshellapi.ErrNotFound), err == nil && len(result.Users) == 0:
		return cloudshellapi.User{}, "", problemf("%s CloudShell refreshed nobody of that name. The person may have left the directory, or have another name there now.",
			refusal(result, err))
	case err != nil:
		return cloudshellapi.User{}, "", explainAllowUpdate(err)
	}
	for _, user := range result.Users {
		if user.ID == id {
			return user, wordsOf(result), nil
		}
	}
	return cloudshellapi.User{}, "", problemf("By that name CloudShell imported the user %q, who is somebody else than the one of id %d. "+
		"The name belongs to another person in the directory now.", result.Users[0].Username, id)
}

// refusal is what the server said about an import that brought nobody in, as a sentence.
func refusal(result cloudshellapi.ImportResult, err error) string {
	if err != nil {
		return framework.Fault(clients.CloudShell, err)
	}
	if words := wordsOf(result); words != "" {
		return "CloudShell answered: " + framework.Sentence(words)
	}
	return "CloudShell answered without a user and without a reason."
}

// wordsOf are the entries of an answer's Errors, in words.
func wordsOf(result cloudshellapi.ImportResult) string {
	words := make([]string, len(result.Errors))
	for i, entry := range result.Errors {
		words[i] = entry.String()
	}
	return strings.Join(words, "; ")
}

// explainAllowUpdate adds to a refusal of the request itself what is known to cause it.
func explainAllowUpdate(err error) error {
	if transport.Status(err) != http.StatusBadRequest {
		return err
	}
	return problemf("%s Releases of CloudShell before 2024.1 do not know AllowUpdate: with them, leave allow_update out "+
		"and bring users who exist into state by terraform import.", framework.Fault(clients.CloudShell, err))
}

// shellQuoted is a name as an argument for a shell.
func shellQuoted(name string) string {
	if accountName.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
