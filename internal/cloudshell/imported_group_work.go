package cloudshell

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// groupWork is one apply of an imported group: what it knows of CloudShell, kept up to date with what it does there, and what
// went wrong.
type groupWork struct {
	client      *cloudshellapi.Client
	run         *clients.CloudShellRun
	group       string // the directory's
	allowUpdate bool
	timeout     time.Duration // of the import

	mu     sync.Mutex // guards the book where several users are changed at a time
	book   *roster.Book
	before map[int64]bool // the users who were there before the import
	people []cloudshellapi.ExternalUser
	// accounts are those noted at the last refresh, for people of whom the directory was not asked again.
	accounts roster.Accounts
	persons  map[string]cloudshellapi.ExternalUser // people, by folded name

	// answered are the users that imports of single people brought, by folded name: the user's own name may be another.
	answered map[string]cloudshellapi.User
	// reasons are why people were not imported, by folded name; reason is why the whole import failed.
	reasons map[string]string
	reason  string
	// pending are people, by folded name, whose import was never answered: the server may still be at it.
	pending map[string]bool
}

func newGroupWork(client *cloudshellapi.Client, run *clients.CloudShellRun, model importedGroupModel, users []cloudshellapi.User) *groupWork {
	w := &groupWork{
		client: client, run: run, group: model.Name.ValueString(), allowUpdate: model.AllowUpdate.ValueBool(), timeout: importTimeout,
		book: roster.NewBook(users), before: make(map[int64]bool, len(users)),
		answered: map[string]cloudshellapi.User{}, reasons: map[string]string{}, pending: map[string]bool{},
	}
	for _, user := range users {
		w.before[user.ID] = true
	}
	return w
}

// see takes note of who is in the directory group.
func (w *groupWork) see(people []cloudshellapi.ExternalUser) {
	w.people, w.persons = people, make(map[string]cloudshellapi.ExternalUser, len(people))
	for _, person := range people {
		w.persons[framework.FoldName(person.Username)] = person
	}
}

// person is somebody of the directory; of one who is not in the group any more only the name is known.
func (w *groupWork) person(name string) cloudshellapi.ExternalUser {
	if person, ok := w.persons[framework.FoldName(name)]; ok {
		return person
	}
	return cloudshellapi.ExternalUser{Username: name}
}

// find returns somebody's imported CloudShell user.
func (w *groupWork) find(name string) (cloudshellapi.User, bool) {
	if _, seen := w.persons[framework.FoldName(name)]; !seen {
		if account, noted := w.accounts.Of(name); noted {
			return w.book.Still(account)
		}
	}
	if user, ok := w.book.Find(w.person(name)); ok {
		return user, true
	}
	user, ok := w.answered[framework.FoldName(name)]
	return user, ok
}

// lacking returns those of the names whom CloudShell does not have.
func (w *groupWork) lacking(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, ok := w.find(name)
		return ok
	})
}

// cameIn reports whether a user was not there before this work, and tells the other resources of the run.
func (w *groupWork) cameIn(user cloudshellapi.User) bool {
	if w.before[user.ID] {
		return false
	}
	w.run.NoteBroughtIn(user.ID)
	return true
}

// why is the reason that somebody was not imported, for people.
func (w *groupWork) why(name string) string {
	reason, ok := w.reasons[framework.FoldName(name)]
	switch {
	case ok:
		return reason
	case w.reason != "":
		return w.reason
	default:
		return "CloudShell gave no reason; often the directory does not know the name"
	}
}

// whys lists people with the reasons. A reason that all of them share is told once.
func (w *groupWork) whys(names []string) string {
	byReason := map[string][]string{}
	for _, name := range names {
		reason := strings.TrimRight(w.why(name), ". ")
		byReason[reason] = append(byReason[reason], name)
	}
	if len(byReason) < len(names) {
		texts := make([]string, 0, len(byReason))
		for _, reason := range slices.Sorted(maps.Keys(byReason)) {
			texts = append(texts, fmt.Sprintf("%s (%s)", roster.List(byReason[reason]), reason))
		}
		return strings.Join(texts, "; ")
	}
	texts := make([]string, 0, len(names))
	for _, name := range names {
		texts = append(texts, fmt.Sprintf("%q (%s)", name, strings.TrimRight(w.why(name), ". ")))
	}
	return roster.Enumerate(texts)
}

// setActive makes a user active or inactive by read-change-write. It reports whether that changed anything.
func (w *groupWork) setActive(ctx context.Context, id int64, active bool) (bool, error) {
	user, err := w.client.User(ctx, id)
	if err != nil {
		return false, err
	}
	if user.IsActive == active {
		return false, nil
	}
	user.IsActive = active
	if err := w.client.UpdateUser(ctx, user); err != nil {
		return false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.book.Put(user)
	return true, nil
}
