// SPDX-License-Identifier: MPL-2.0

// Package vcdapi imports users and groups into VMware Cloud Director and VCF Automation, through CloudAPI (JSON) where
// groups can be written through it (36.0 and later) and through the XML interface elsewhere.
package vcdapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Config says where the server is and who logs in: by Username and Password, by Token,
// by APIToken, or by APITokenFile.
type Config struct {
	URL      string // https://vcd.example.com, with or without /api
	Org      string // login organization; System for a provider administrator
	Username string
	Password string
	Token    string // bearer token of an existing session
	APIToken string // API token of a user or service account; reads only

	// APITokenFile is the path of a file that holds the API token. It is rewritten if the server replaces the token.
	APITokenFile string
	// OnSpentAPIToken is called, once, if the server replaced APIToken, which is then of no use to the next run; nil =
	// not.
	OnSpentAPIToken func()

	APIVersion string // used instead of negotiating; 33.0 is the lowest
	Interface  string // auto (or ""), cloudapi, xml
	HTTP       transport.Config
}

// Client talks to one server as one account. It is safe for concurrent use.
type Client struct {
	config  Config
	conn    *connection
	flights singleflight.Group // organization lookups under way

	mu      sync.Mutex
	tenants map[string]*Tenant // by names.Key
}

// New checks the configuration without a request. Its error is a [*setting.Error].
func New(config Config) (*Client, error) {
	base, err := baseURL(config.URL)
	if err != nil {
		return nil, err
	}
	pinned, err := config.check()
	if err != nil {
		return nil, err
	}
	sender, err := transport.New(config.HTTP)
	if err != nil {
		return nil, err
	}
	return &Client{
		config:  config,
		conn:    &connection{sender: sender, base: base, config: config, pinned: pinned},
		tenants: map[string]*Tenant{},
	}, nil
}

// Org is the login organization.
func (c *Client) Org() string { return c.config.Org }

// baseURL takes what people copy from their browser or another tool: with /api, /cloudapi or a portal's path at its
// end.
func baseURL(text string) (string, error) {
	bad := func(problem string) (string, error) { return "", setting.Errorf("url", "%s", problem) }
	if strings.TrimSpace(text) == "" {
		return bad("is missing")
	}
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return bad("is no URL") // not err's words, which repeat the URL with any password in it
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return bad("must be of the form https://vcd.example.com")
	}
	if u.User != nil {
		return bad("must not hold a user name or password")
	}
	path := u.EscapedPath()
	for _, part := range []string{"/api", "/cloudapi", "/tenant", "/provider"} {
		if before, _, found := strings.Cut(path+"/", part+"/"); found {
			path = before
		}
	}
	return u.Scheme + "://" + u.Host + strings.TrimRight(path, "/"), nil
}

// check looks for what is missing or contradictory, and returns the pinned version if there is one.
func (c Config) check() (*version, error) {
	bad := func(field, problem string) (*version, error) {
		return nil, setting.Errorf(field, "%s", problem)
	}
	switch {
	case c.Org == "":
		return bad("org", "is missing: it names the organization to log in to")
	case c.Token != "" && c.usesAPIToken():
		return bad("api_token", "cannot be used together with token")
	case c.APIToken != "" && c.APITokenFile != "":
		return bad("api_token_file", "cannot be used together with api_token")
	case c.Token == "" && !c.usesAPIToken() && c.Username == "":
		return bad("username", "is missing: give username and password, or token, or api_token, or api_token_file")
	case c.Token == "" && !c.usesAPIToken() && c.Password == "":
		return bad("password", "is missing")
	}
	switch c.Interface {
	case "", InterfaceAuto, InterfaceCloudAPI, InterfaceXML:
	default:
		return bad("interface", fmt.Sprintf("%q is none of auto, cloudapi, xml", c.Interface))
	}
	if c.APIVersion == "" {
		return nil, nil
	}
	pinned, err := parseVersion(c.APIVersion)
	if err != nil {
		return bad("api_version", err.Error())
	}
	if !pinned.supported() {
		return bad("api_version", c.APIVersion+" is too old: 33.0 is the lowest that works")
	}
	return &pinned, nil
}

// Tenant is the organization of that name; "" is the login organization. The first call negotiates the version and logs
// in. ErrOrgNotFound means that there is no such organization for this login, and says nothing about users in it.
func (c *Client) Tenant(ctx context.Context, org string) (*Tenant, error) {
	if org == "" {
		org = c.config.Org
	}
	key := names.Key(org)
	c.mu.Lock()
	tenant := c.tenants[key]
	c.mu.Unlock()
	if tenant != nil {
		return tenant, nil
	}
	ctx, stop := c.conn.untilStored(ctx)
	defer stop()
	result, err := await(ctx, &c.flights, key, func(ctx context.Context) (*Tenant, error) {
		tenant, err := c.openTenant(ctx, org)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tenants[key] = tenant
		return tenant, nil
	})
	return result, err
}

func (c *Client) openTenant(ctx context.Context, org string) (*Tenant, error) {
	s, err := c.conn.session(ctx)
	if err != nil {
		return nil, err
	}
	if names.Same(org, s.org.Name) {
		return newTenant(c.conn, s, s.org, nil)
	}
	if !s.provider() {
		return nil, fmt.Errorf("%w: %q is not the login organization %q, and only a provider administrator (org = %q) "+
			"reaches others",
			ErrOrgNotFound, org, s.org.Name, SystemOrg)
	}
	found, err := c.conn.findOrg(ctx, s.version, org)
	if err != nil {
		return nil, err
	}
	return newTenant(c.conn, s, found, http.Header{
		"X-VMWARE-VCLOUD-TENANT-CONTEXT": {bareID(found.ID)}, // a URN here is refused
		"X-VMWARE-VCLOUD-AUTH-CONTEXT":   {found.Name},
	})
}

// await runs work once for all who ask for the same key at the same time. A caller who is cancelled stops waiting,
// while the work goes on for the others; the transport's time limits bound it.
func await[T any](ctx context.Context, flights *singleflight.Group, key string,
	work func(context.Context) (T, error)) (T, error) {
	var none T
	done := flights.DoChan(key, func() (any, error) { return work(context.WithoutCancel(ctx)) })
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case result := <-done:
		if result.Err != nil {
			return none, result.Err
		}
		return result.Val.(T), nil
	}
}
