// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// tokenHeader carries the bearer token in the answer to a login.
const tokenHeader = "X-VMWARE-VCLOUD-ACCESS-TOKEN" //nolint:gosec // the name of a header, no secret

// longestLogin is longer than a login takes that waits for the lock of a token's file.
const longestLogin = 15 * time.Minute

// connection is the login to one server, shared by all tenants. The first request negotiates the version and logs in; a
// session that expires is renewed once for all who noticed.
type connection struct {
	sender *transport.Client
	base   string
	config Config
	pinned *version

	flight     singleflight.Group
	mu         sync.Mutex
	negotiated *version
	current    *session
	nextToken  string // the API token to use next, where the server replaced the one of the configuration
	refused    error  // the server's no to a login, kept so that it is not tried again: accounts get locked that way

	// down is what the last login said of a server that could not be reached, which is left alone until then.
	down      error
	downUntil time.Time
}

// session is a login. It never changes; a new login is a new session.
type session struct {
	version version
	token   string
	org     Reference
	user    Reference
}

func (s *session) provider() bool { return names.Same(s.org.Name, SystemOrg) }

// session returns the login, which is made if there is none yet.
func (c *connection) session(ctx context.Context) (*session, error) {
	return c.renewed(ctx, nil)
}

// renewed returns a session other than the stale one, made by this call or by another since.
func (c *connection) renewed(ctx context.Context, stale *session) (*session, error) {
	if s, err := c.known(stale); s != nil || err != nil {
		return s, err
	}
	ctx, stop := c.untilStored(ctx)
	defer stop()
	return await(ctx, &c.flight, "login", func(ctx context.Context) (*session, error) {
		if s, err := c.known(stale); s != nil || err != nil {
			return s, err // another flight landed between the look above and this one
		}
		s, err := c.connect(ctx, stale)
		c.mu.Lock()
		defer c.mu.Unlock()
		if errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrTokenFile) {
			err = c.config.loginError(err)
			c.refused = err
		}
		if errors.Is(err, transport.ErrUnreachable) || errors.Is(err, transport.ErrTimeout) {
			c.down = err
			c.downUntil = time.Now().Add(cmp.Or(c.config.HTTP.RequestTimeout, transport.DefaultRequestTimeout))
		}
		if err == nil {
			c.current = s
		}
		return s, err
	})
}

// untilStored is the context to wait for a login with. The server may replace the token of a file, and the next one
// must be stored before the process ends: after Ctrl-C a login under way has 2 seconds for that.
func (c *connection) untilStored(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.config.APITokenFile == "" {
		return context.WithCancel(ctx)
	}
	return transport.Sending(ctx, longestLogin)
}

// known is what can be said without a request: a session other than the stale one, or why there can be none. A server
// that could not be reached is left alone for a while, or a run over a thousand users would wait for it a thousand
// times.
func (c *connection) known(stale *session) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.refused != nil:
		return nil, c.refused
	case c.current != stale:
		return c.current, nil
	case c.down != nil && time.Now().Before(c.downUntil):
		return nil, c.down
	}
	return nil, nil
}

func (c *connection) connect(ctx context.Context, stale *session) (*session, error) {
	v, err := c.version(ctx)
	if err != nil {
		return nil, err
	}
	s, err := c.open(ctx, v, stale)
	if err != nil && c.pinned != nil {
		return nil, c.unknownPin(ctx, err)
	}
	return s, err
}

// unknownPin finds out whether a failed login means that the server lacks the version that the configuration names.
func (c *connection) unknownPin(ctx context.Context, err error) error {
	switch status := transport.Status(err); {
	case status < http.StatusBadRequest, status == http.StatusUnauthorized, status >= http.StatusInternalServerError:
		return err
	}
	body, lookErr := c.readVersions(ctx)
	if lookErr != nil {
		return err
	}
	offered, _, lookErr := offeredVersions(body)
	if lookErr != nil || slices.Contains(offered, c.pinned.text) {
		return err
	}
	return fmt.Errorf("%w: API version %s (api_version); it offers %s. %w", ErrUnsupported, c.pinned.text,
		setting.OneLine(names.Join(offered)), err)
}

func (c *connection) open(ctx context.Context, v version, stale *session) (*session, error) {
	switch {
	case c.config.Token != "" && stale != nil:
		return nil, fmt.Errorf("%w: the server no longer takes the bearer token (token); it has probably expired",
			ErrUnauthorized)
	case c.config.Token != "":
		return c.introspect(ctx, v, c.config.Token)
	case c.config.usesAPIToken():
		token, err := c.exchange(ctx, v)
		if err != nil {
			return nil, err
		}
		return c.introspect(ctx, v, token)
	default:
		return c.login(ctx, v)
	}
}

// version is the pinned API version, or the best of those that the server offers.
func (c *connection) version(ctx context.Context) (version, error) {
	if c.pinned != nil {
		return *c.pinned, nil
	}
	c.mu.Lock()
	known := c.negotiated
	c.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	body, err := c.readVersions(ctx)
	if err != nil {
		return version{}, err
	}
	best, err := bestVersion(body)
	if err != nil {
		return version{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.negotiated = &best
	return best, nil
}

func (c *connection) readVersions(ctx context.Context) ([]byte, error) {
	answer, err := c.sender.Do(ctx, transport.Request{Method: http.MethodGet, URL: c.base + "/api/versions", Accept: "*/*",
		Check: isXML})
	if errors.Is(err, transport.ErrUnreadable) {
		return nil, fmt.Errorf("the answer to /api/versions is no list of versions, so this is hardly Cloud Director: %w",
			err)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot learn the server's API versions: %w", answerError(err))
	}
	return answer.Body, nil
}

// login opens a session by user name and password.
func (c *connection) login(ctx context.Context, v version) (*session, error) {
	path, org := "/cloudapi/1.0.0/sessions", c.config.Org
	if c.loginToProvider() {
		path, org = path+"/provider", SystemOrg // however the configuration spells it
	}
	credentials := base64.StdEncoding.EncodeToString([]byte(c.config.Username + "@" + org + ":" + c.config.Password))
	answer, err := c.sender.Do(ctx, transport.Request{
		Method: http.MethodPost, URL: c.base + path, Secret: true, Login: true, Check: isJSON,
		Accept: "application/*;version=" + v.text,
		Header: http.Header{"Authorization": {"Basic " + credentials}},
	})
	if err != nil {
		return nil, loginError(err)
	}
	token := answer.Header.Get(tokenHeader)
	if token == "" {
		return nil, fmt.Errorf("the answer to the login holds no %s header, so this is hardly Cloud Director", tokenHeader)
	}
	return c.opened(v, token, answer.Body)
}

// introspect learns whose session a token belongs to.
func (c *connection) introspect(ctx context.Context, v version, token string) (*session, error) {
	answer, err := c.sender.Do(ctx, transport.Request{
		Method: http.MethodGet, URL: c.base + "/cloudapi/1.0.0/sessions/current", Check: isJSON,
		Accept: "application/json;version=" + v.text,
		Header: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		return nil, loginError(err)
	}
	return c.opened(v, token, answer.Body)
}

func (c *connection) loginToProvider() bool { return names.Same(c.config.Org, SystemOrg) }

// opened reads the session from the server's answer.
func (c *connection) opened(v version, token string, body []byte) (*session, error) {
	var answer struct {
		User Reference `json:"user"`
		Org  Reference `json:"org"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("the server's answer is no session: %w", err)
	}
	if answer.Org.ID == "" || answer.Org.Name == "" {
		return nil, errors.New("the server's answer is no session: it does not say which organization it belongs to")
	}
	if !names.Same(answer.Org.Name, c.config.Org) {
		return nil, fmt.Errorf("%w: the session belongs to organization %q, but org says %q", ErrUnauthorized,
			answer.Org.Name, c.config.Org)
	}
	return &session{version: v, token: token, org: answer.Org, user: answer.User}, nil
}

// loginError tells a refused login from a server that could not be asked.
func loginError(err error) error {
	if status := transport.Status(err); status == http.StatusForbidden || status == http.StatusUnauthorized {
		return meaning(answerError(err), ErrUnauthorized)
	}
	return fmt.Errorf("login: %w", answerError(err))
}

// loginError says who cannot log in, and what to check.
func (c Config) loginError(err error) error {
	login := &setting.LoginError{Err: err}
	switch {
	case c.Token != "":
		login.Account, login.Advice = "the bearer token", "Check vcd.token, which expires, and vcd.org."
	case c.APITokenFile != "":
		login.Account = fmt.Sprintf("the API token of the file %q", c.APITokenFile)
		login.Advice = "Check vcd.api_token_file and vcd.org. The token of a service account is good for one login, so " +
			"nothing else " +
			"may use it or restore an older copy of the file; if that happened, have a new token made."
	case c.APIToken != "":
		login.Account = "the API token"
		login.Advice = "Check vcd.api_token and vcd.org. The token of a service account is good for one login: give its " +
			"file as " +
			"vcd.api_token_file, which the provider keeps up to date."
	default:
		login.Account = fmt.Sprintf("user %q of organization %q", c.Username, c.Org)
		login.Advice = "Check vcd.username (without @org), vcd.password and vcd.org. The login is not repeated, since " +
			"Cloud Director " +
			"locks accounts." + setting.DomainHint(c.Username)
	}
	return login
}
