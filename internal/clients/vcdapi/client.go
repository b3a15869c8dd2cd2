// Package vcdapi imports users and groups into VMware Cloud Director and VCF Automation, through CloudAPI (JSON) where groups can
// be written through it (36.0 and later) and through the XML interface elsewhere.
package vcdapi

import (
	"context"
	"errors"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// Config says where the server is and who logs in: by Username and Password, by Token, or by APIToken.
type Config struct {
	URL        string // https://vcd.example.com, with or without /api
	Org        string // login organization; System for a provider administrator
	Username   string
	Password   string
	Token      string // bearer token of an existing session
	APIToken   string // API token of a user or service account; reads only
	APIVersion string // used instead of negotiating; 33.0 is the lowest
	Interface  string // auto (or ""), cloudapi, xml
	HTTP       transport.Config
}

// Client talks to one server as one account. It is safe for concurrent use.
type Client struct{ config Config }

// New checks the configuration without a request. Errors are a [*ConfigError].
func New(config Config) (*Client, error) { return &Client{config: config}, nil }

// Org is the login organization.
func (c *Client) Org() string { return c.config.Org }

// Tenant is the organization of that name; "" is the login organization. The first call negotiates the version and logs in.
// ErrOrgNotFound means that there is no such organization, and nothing about users in it.
func (c *Client) Tenant(ctx context.Context, org string) (*Tenant, error) {
	return nil, errors.New("not built yet")
}
