// SPDX-License-Identifier: MPL-2.0

// Package cloudshellapi is a client of Quali CloudShell's Administration REST API: users, CloudShell groups, the
// external groups and users of the directory behind CloudShell, and the import of the latter. The facts come from the
// vendor's published help for the versions 2023.2 to 2024.1 and newer; what is documented nowhere is accepted in every
// plausible form.
package cloudshellapi

import (
	"errors"
	"net/url"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// Config says where CloudShell is and who logs in.
type Config struct {
	// URL of the Quali Server, usually port 9000, with or without a trailing /api.
	URL string
	// Username and Password of a system administrator; Domain is "Global" when empty.
	Username, Password, Domain string
	// Token is a session token that replaces username and password. It cannot be renewed when it expires. A token of
	// another interface of CloudShell will do, too: a login exchanges it.
	Token string
	// AuthScheme is "auto" (or empty), "bearer" or "basic". The vendor's documents name both; auto tries Bearer first.
	AuthScheme string
	HTTP       transport.Config
}

// What can be asked of an error by errors.Is. The *transport.Error is behind it where there was an answer.
var (
	// ErrNotFound: the server has no such user or group (404).
	ErrNotFound = errors.New("not found")
	// ErrExists: there is one already (409).
	ErrExists = errors.New("exists already")
	// ErrUnauthorized: the login was refused, or a token is not accepted (any more).
	ErrUnauthorized = errors.New("not logged in")
	// ErrForbidden: the account lacks the permission (403).
	ErrForbidden = errors.New("forbidden")
	// ErrNotCloudShell: a login was answered by something that is no token, or the server lacks a list that every
	// CloudShell has, so the URL leads elsewhere. It is never an ErrNotFound.
	ErrNotCloudShell = errors.New("not CloudShell's Administration API")
)

// Client talks to one CloudShell. It logs in at the first request and is safe for concurrent use.
type Client struct {
	base    string // without /api and without a slash at the end
	account string
	http    *transport.Client
	session *session
	users   *sharedread.Reader[User]
	groups  *sharedread.Reader[Group]
	domains *sharedread.Reader[Domain]

	// When the first page of the latest list was asked for, in Unix nanoseconds.
	groupsBegun, domainsBegun atomic.Int64
	// Which of two documented paths this server has; false until it is known.
	deletesBySingular, domainsByGroup atomic.Bool
}

// New checks the configuration and sends nothing. Its error is a *setting.Error.
func New(config Config) (*Client, error) {
	base, err := baseURL(config.URL)
	if err != nil {
		return nil, err
	}
	if err := config.checkCredentials(); err != nil {
		return nil, err
	}
	sender, err := transport.New(config.HTTP)
	if err != nil {
		return nil, err
	}
	session, err := newSession(config, base, sender)
	if err != nil {
		return nil, err
	}
	client := &Client{base: base, http: sender, session: session, account: config.Username}
	client.users = client.newUserReader()
	client.groups = client.newGroupReader()
	client.domains = client.newDomainReader()
	return client, nil
}

// Account is the name that the client logs in with; with a token, "" unless the configuration names it. That user must
// never be deactivated, deleted or demoted.
func (c *Client) Account() string { return c.account }

// baseURL checks the URL and cuts off what people copy along with it: slashes, and the /api of the documented
// addresses.
func baseURL(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", setting.Errorf("url", "the URL of CloudShell is missing")
	}
	if !strings.Contains(text, "://") {
		return "", noScheme(text)
	}
	parsed, err := url.Parse(text)
	if err != nil {
		return "", setting.Errorf("url", "the value is not a URL") // its text may hold a password, so it is not repeated
	}
	switch {
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return "", setting.Errorf("url", "the scheme must be https or http, not %q", parsed.Scheme)
	case parsed.Hostname() == "":
		return "", setting.Errorf("url", "the URL names no host")
	case parsed.User != nil:
		return "", setting.Errorf("url", "the URL holds a user name; use username and password")
	case parsed.RawQuery != "" || parsed.Fragment != "":
		return "", setting.Errorf("url", "the URL must not have a query or a fragment")
	}
	path := strings.TrimRight(parsed.EscapedPath(), "/")
	if at := len(path) - len("/api"); at >= 0 && strings.EqualFold(path[at:], "/api") {
		path = path[:at]
	}
	return parsed.Scheme + "://" + parsed.Host + strings.TrimRight(path, "/"), nil
}

// noScheme shows how to write an address that has no scheme, unless that could give away a secret.
func noScheme(text string) error {
	shown := setting.Shown(text)
	if shown == "" {
		return setting.Errorf("url", "the URL must start with https:// or http:// and name a host")
	}
	return setting.Errorf("url", "the URL has no scheme; write https://%s or http://%s", shown, shown)
}

func (config Config) checkCredentials() error {
	if config.Token != "" {
		if strings.ContainsFunc(config.Token, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
			return setting.Errorf("token", "the token holds a space or a line break")
		}
		return nil
	}
	if strings.TrimSpace(config.Username) == "" {
		return setting.Errorf("username", "a user name, or a token instead, is missing")
	}
	if config.Password == "" {
		return setting.Errorf("password", "the password is missing")
	}
	return nil
}
