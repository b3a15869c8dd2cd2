package vcdapi

import (
	"context"
	"errors"
)

type (
	xmlUser  struct{}
	xmlGroup struct{}
)

var errTODO = errors.New("not built yet")

// Tenant is one organization as the login account sees it. It is safe for concurrent use.
type Tenant struct{}

// Name is the organization's name as the server spells it.
func (t *Tenant) Name() string { return "" }

// ID is the organization's URN.
func (t *Tenant) ID() string { return "" }

// Capabilities tells what the server offers, without a request.
func (t *Tenant) Capabilities() Capabilities { return Capabilities{} }

// IsLoginAccount tells whether the user is the account that this provider logs in with.
func (t *Tenant) IsLoginAccount(u User) bool { return false }

// Users lists every user of the organization. Through the XML interface a listed user has neither e-mail nor source name.
func (t *Tenant) Users(ctx context.Context) ([]User, error) { return nil, errTODO }

// User reads a user by URN, sharing one paged list among many reads. ErrNotFound has been proved by a list.
func (t *Tenant) User(ctx context.Context, id string) (User, error) { return User{}, errTODO }

// FindUser finds a user by name without regard to case: one of the given provider type first ("" = any), else one of another
// type, so look at ProviderType. ErrNotFound when the name is free.
func (t *Tenant) FindUser(ctx context.Context, name, providerType string) (User, error) {
	return User{}, errTODO
}

// CreateUser imports a user: Username, ProviderType, Roles and Enabled are sent, and Description, InheritGroupRoles and quotas
// where set. ErrExists has been proved by a lookup; ErrNoLDAP, ErrAPITokenReadOnly.
func (t *Tenant) CreateUser(ctx context.Context, u User) (User, error) { return User{}, errTODO }

// UpdateUser sends the whole user, who must come from User, FindUser or CreateUser so that nothing is lost. ErrLocked.
func (t *Tenant) UpdateUser(ctx context.Context, u User) (User, error) { return User{}, errTODO }

// DeleteUser deletes a user and waits until he is gone. It does not take ownership: without that, VMs are lost. ErrNotFound.
func (t *Tenant) DeleteUser(ctx context.Context, id string) error { return errTODO }

// TakeOwnership moves whatever the user owns to the login account.
func (t *Tenant) TakeOwnership(ctx context.Context, id string) error { return errTODO }

// UserGroups lists the groups that a user is in: a request of its own, except through the XML interface.
func (t *Tenant) UserGroups(ctx context.Context, id string) ([]Reference, error) { return nil, errTODO }

// Groups lists every imported group of the organization.
func (t *Tenant) Groups(ctx context.Context) ([]Group, error) { return nil, errTODO }

// Group reads a group by URN. ErrNotFound has been proved by a list.
func (t *Tenant) Group(ctx context.Context, id string) (Group, error) { return Group{}, errTODO }

// FindGroup finds a group by name, as FindUser does.
func (t *Tenant) FindGroup(ctx context.Context, name, providerType string) (Group, error) {
	return Group{}, errTODO
}

// CreateGroup imports a group: Name, ProviderType, Roles and Description are sent. Errors as CreateUser's.
func (t *Tenant) CreateGroup(ctx context.Context, g Group) (Group, error) { return Group{}, errTODO }

// UpdateGroup sends the whole group, which must come from Group, FindGroup or CreateGroup.
func (t *Tenant) UpdateGroup(ctx context.Context, g Group) (Group, error) { return Group{}, errTODO }

// DeleteGroup deletes a group; its users stay. ErrNotFound.
func (t *Tenant) DeleteGroup(ctx context.Context, id string) error { return errTODO }

// GroupUsers lists the users known to be in a group: those imported after it, or who have logged in since.
func (t *Tenant) GroupUsers(ctx context.Context, id string) ([]Reference, error) { return nil, errTODO }

// Roles lists the organization's roles, asking the server once a run.
func (t *Tenant) Roles(ctx context.Context) ([]Role, error) { return nil, errTODO }

// SearchDirectoryUsers searches the organization's LDAP service; the query matches a whole name or a part. ErrNoLDAP, ErrUnsupported.
func (t *Tenant) SearchDirectoryUsers(ctx context.Context, query string) ([]DirectoryUser, error) {
	return nil, errTODO
}

// SearchDirectoryGroups searches the organization's LDAP service for groups, as SearchDirectoryUsers does.
func (t *Tenant) SearchDirectoryGroups(ctx context.Context, query string) ([]DirectoryGroup, error) {
	return nil, errTODO
}

// SyncDirectory makes the server read its imported users and groups from LDAP again. ErrNoLDAP, ErrUnsupported.
func (t *Tenant) SyncDirectory(ctx context.Context) error { return errTODO }
