package vcdapi

import "errors"

// What can go wrong, to be found by errors.Is. Errors that carry an answer of the server are an [*Error] as well, with the server's words.
var (
	// ErrNotFound means that the user, group or role does not exist, and that a list has proved it.
	ErrNotFound = errors.New("not found")
	// ErrExists means that the name is taken in the organization.
	ErrExists = errors.New("already exists")
	// ErrUnauthorized means that the login or the token was refused. A refused login is not tried again.
	ErrUnauthorized = errors.New("login refused")
	// ErrForbidden means that the account lacks a right for the request.
	ErrForbidden = errors.New("forbidden")
	// ErrOrgNotFound means that the organization does not exist or that the login cannot reach it. It says nothing about users in it.
	ErrOrgNotFound = errors.New("organization not found")
	// ErrNoLDAP means that the organization has no identity provider of the kind asked for.
	ErrNoLDAP = errors.New("the organization has no LDAP service (or SAML provider) set up to import from")
	// ErrAPITokenReadOnly means that a change was asked for while logged in with an API token.
	ErrAPITokenReadOnly = errors.New("API tokens and service accounts cannot create, change or delete users, groups or roles in Cloud Director (they have view rights only); log in with username and password, or with a bearer token of such a login (token), instead of api_token")
	// ErrLocked means that the user is locked, and therefore cannot be changed until he is unlocked.
	ErrLocked = errors.New("the user is locked")
	// ErrUnsupported means that the interface or version in use lacks the operation.
	ErrUnsupported = errors.New("not offered by this server")
)

// ConfigError tells which field of the configuration is wrong, by its name in HCL.
type ConfigError struct {
	Field   string // url, org, username, password, token, api_token, api_version, interface
	Problem string
}

func (e *ConfigError) Error() string { return e.Field + ": " + e.Problem }
