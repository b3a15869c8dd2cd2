// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// backend is what the two interfaces of the server have in common. An error that maybeMissing recognizes may mean that
// the entity does not exist; Tenant finds out.
type backend interface {
	users(ctx context.Context) ([]User, error)
	user(ctx context.Context, id string) (User, error)
	userListed(ctx context.Context, id string) (bool, error) // proves presence or absence by a list
	freshUser(ctx context.Context, id string) (User, error)
	usersNamed(ctx context.Context, name string) ([]User, error)   // in any spelling
	lookForUsers(ctx context.Context, name string) ([]User, error) // the same, whatever was read before
	createUser(ctx context.Context, u User) (User, error)
	updateUser(ctx context.Context, u User) (User, error)
	deleteUser(ctx context.Context, id string) error
	userGroups(ctx context.Context, id string) ([]Reference, error)

	groups(ctx context.Context) ([]Group, error)
	group(ctx context.Context, id string) (Group, error)
	groupListed(ctx context.Context, id string) (bool, error)
	freshGroup(ctx context.Context, id string) (Group, error)
	groupsNamed(ctx context.Context, name string) ([]Group, error)
	lookForGroups(ctx context.Context, name string) ([]Group, error)
	createGroup(ctx context.Context, g Group) (Group, error)
	updateGroup(ctx context.Context, g Group) (Group, error)
	deleteGroup(ctx context.Context, id string) error
	groupUsers(ctx context.Context, id string) ([]Reference, error)

	roles(ctx context.Context) ([]Role, error)
	forget() // what was read of users and groups
}

// Tenant is one organization as the login account sees it. It is safe for concurrent use. Slices that it gives may
// be shared: do not change what is in them.
type Tenant struct {
	scope
	backend      backend
	org          Reference
	login        Reference // the login account
	capabilities Capabilities
	knownRoles   memo[[]Role]
	ldapMode     memo[string]
}

func newTenant(conn *connection, login *session, org Reference, context http.Header) (*Tenant, error) {
	v := login.version
	chosen, err := chooseInterface(conn.config.Interface, v)
	if err != nil {
		return nil, err
	}
	t := &Tenant{scope: scope{conn: conn, version: v, context: context}, org: org, login: login.user}
	cloud := chosen == InterfaceCloudAPI
	t.capabilities = Capabilities{
		Interface:         chosen,
		Version:           v.text,
		DirectorySearch:   v.atLeast(36, 0),
		MultipleRoles:     cloud && v.automation(),
		InheritGroupRoles: cloud && v.automation(),
		VMQuotas:          !cloud || !v.atLeast(37, 0),
		TakeOwnership:     true, // by one action or the other
		ReadOnly:          conn.config.usesAPIToken(),
		ExactNames:        v.exactNames(),
		WriteGroups:       !cloud || v.atLeast(36, 0),
		Remap:             cloud && v.atLeast(37, 1),
		Unlock:            cloud && v.atLeast(37, 2),
		MaxRoles:          1,
	}
	if t.capabilities.MultipleRoles {
		t.capabilities.MaxRoles = maxRoles
	}
	if cloud {
		t.backend = newCloudAPI(t.scope, org)
	} else {
		t.backend = &xmlAPI{scope: t.scope, org: org}
	}
	return t, nil
}

// Name is the organization's name as the server spells it.
func (t *Tenant) Name() string { return t.org.Name }

// ID is the organization's URN.
func (t *Tenant) ID() string { return t.org.ID }

// Capabilities returns what the server offers, without a request.
func (t *Tenant) Capabilities() Capabilities { return t.capabilities }

// IsLoginAccount reports whether the user is the account that this client logs in with. If the session of a token does
// not say whose it is, Config.Username does. Without that, every administrator counts as the login account.
func (t *Tenant) IsLoginAccount(u User) bool {
	switch {
	case t.login.ID != "":
		return bareID(u.ID) == bareID(t.login.ID)
	case t.conn.config.Username != "":
		return names.Same(u.Username, t.conn.config.Username)
	default:
		return slices.ContainsFunc(u.Roles, func(r Reference) bool { return strings.Contains(r.Name, "Administrator") })
	}
}

// Roles lists the organization's roles, asking the server once a run.
func (t *Tenant) Roles(ctx context.Context) ([]Role, error) {
	return t.knownRoles.get(ctx, t.backend.roles)
}

// SearchDirectoryUsers searches the organization's LDAP service; the query matches a whole name or a part of one.
// ErrNoLDAP, ErrUnsupported.
func (t *Tenant) SearchDirectoryUsers(ctx context.Context, query string) ([]DirectoryUser, error) {
	found, err := t.searchUsers(ctx, query)
	return found, t.importError(ctx, ProviderLDAP, err)
}

// SearchDirectoryGroups searches the organization's LDAP service for groups, as SearchDirectoryUsers does.
func (t *Tenant) SearchDirectoryGroups(ctx context.Context, query string) ([]DirectoryGroup, error) {
	found, err := t.searchGroups(ctx, query)
	return found, t.importError(ctx, ProviderLDAP, err)
}

// SyncDirectory makes the server read its imported users and groups from LDAP again. ErrNoLDAP, ErrUnsupported.
func (t *Tenant) SyncDirectory(ctx context.Context) error {
	if err := t.writable(); err != nil {
		return err
	}
	defer t.backend.forget()
	return t.importError(ctx, ProviderLDAP, t.syncDirectory(ctx))
}

// writable refuses changes with an API token before anything is sent, so that nothing is left half done.
func (t *Tenant) writable() error {
	if t.capabilities.ReadOnly {
		return ErrAPITokenReadOnly
	}
	return nil
}

// proved finds out what an error for one entity means: that it is gone is believed only when a list says so too.
func proved(ctx context.Context, err error, kind, id string, listed func(context.Context, string) (bool, error)) error {
	if !maybeMissing(err) {
		return err
	}
	present, listErr := listed(ctx, id)
	switch {
	case listErr != nil:
		return fmt.Errorf("%w (whether the %s is still there cannot be told: %w)", err, kind, listErr)
	case present:
		return err
	default:
		return meaning(err, ErrNotFound)
	}
}

// taken finds out whether a refused import means that the name is in use: the server's status and code for that differ.
func taken(ctx context.Context, err error, look func(context.Context) error) error {
	if !refusal(err) || errors.Is(err, ErrNoLDAP) || errors.Is(err, ErrRightOrProvider) {
		return err
	}
	if saysDuplicate(err) || look(ctx) == nil {
		return meaning(err, ErrExists)
	}
	return err
}

// refusal reports whether the server understood a change and said no to it.
func refusal(err error) bool {
	switch transport.Status(err) {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity,
		http.StatusInternalServerError:
		return true
	default:
		return false
	}
}

// lockedWord is the word of a server that refuses to change a locked user.
var lockedWord = regexp.MustCompile(`(?i)\blocked\b`)

// refusedLock gives a refused change of a locked user its meaning.
func refusedLock(err error, u User) error {
	var e *Error
	if !errors.As(err, &e) || e.Status >= http.StatusInternalServerError {
		return err
	}
	if u.locked() || lockedWord.MatchString(e.Message) {
		return meaning(err, ErrLocked)
	}
	return err
}
