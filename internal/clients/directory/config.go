// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// The values of [Config.Schema].
const (
	SchemaAuto            = "auto"
	SchemaActiveDirectory = "active_directory"
	SchemaRFC2307bis      = "rfc2307bis"
	SchemaRFC2307         = "rfc2307"
)

const (
	// defaultTimeout bounds connecting, binding and every single request.
	defaultTimeout = 30 * time.Second
	// longestTimeout keeps multiples of a timeout in the range of time.Duration, and its seconds in that of LDAP.
	longestTimeout = 24 * time.Hour
)

// Config says where the directory is and how to read it.
type Config struct {
	// URL is one address or several, comma separated, that are tried in turn: ldap://host[:389] or ldaps://host[:636].
	URL string
	// BindDN is who reads: a DN, or for Active Directory also user@domain or DOMAIN\user. Empty = anonymous.
	BindDN, BindPassword string
	// Kerberos binds by a ticket instead; nil = does not.
	Kerberos *Kerberos
	// BaseDN is the entry below which people and groups are looked up. Empty = the server's naming context.
	BaseDN string
	// StartTLS secures an ldap:// connection before anything else is sent.
	StartTLS bool
	// Schema is one of the Schema constants; empty = SchemaAuto.
	Schema string
	// TLS is how client and server prove to each other who they are.
	TLS setting.TLS
	// Timeout bounds connecting and every single request; 0 = 30 s. More than a day counts as a day.
	Timeout time.Duration
	// NoCache asks the server again for every look-up, for callers that outlive a Terraform run.
	NoCache bool
}

// endpoint is one server to try.
type endpoint struct {
	url     string
	address string // host:port
	host    string
	secure  bool // TLS from the first byte
}

func parseEndpoints(text string) ([]endpoint, error) {
	if strings.Contains(text, "@") { // cut at its commas, a password would end up in messages
		return nil, setting.Errorf("url", "must not hold credentials; use bind_dn and bind_password")
	}
	var endpoints []endpoint
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		e, err := parseEndpoint(part)
		if err != nil {
			return nil, err
		}
		endpoints = append(endpoints, e)
	}
	if len(endpoints) == 0 {
		return nil, setting.Errorf("url", "is empty; give an address such as ldaps://dc1.example.com")
	}
	return endpoints, nil
}

func parseEndpoint(text string) (endpoint, error) {
	if strings.ContainsFunc(text, unicode.IsSpace) {
		return endpoint{}, setting.Errorf("url", "has white space in it; separate several addresses by commas")
	}
	u, err := url.Parse(text)
	if err != nil {
		// err repeats the text with any password in it.
		return endpoint{}, setting.Errorf("url", "is not an address%s", shown(text))
	}
	e := endpoint{url: text, host: u.Hostname(), secure: strings.EqualFold(u.Scheme, "ldaps")}
	port := ldap.DefaultLdapPort
	switch {
	case e.secure:
		port = ldap.DefaultLdapsPort
	case !strings.EqualFold(u.Scheme, "ldap"):
		return endpoint{}, setting.Errorf("url", "must start with ldap:// or ldaps://%s", shown(text))
	}
	if e.host == "" {
		return endpoint{}, setting.Errorf("url", "names no host%s", shown(text))
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return endpoint{}, setting.Errorf(
			"url",
			"must end after the host and port; the place to search is base_dn%s",
			shown(text),
		)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	e.address = net.JoinHostPort(e.host, port)
	return e, nil
}

// shown is the address at fault in brackets, since url may hold several, or "" if it may hold a secret.
func shown(text string) string {
	if address := setting.Shown(text); address != "" {
		return fmt.Sprintf(" (%q)", address)
	}
	return ""
}

// check finds what cannot work.
func (c Config) check(endpoints []endpoint) error {
	for _, e := range endpoints {
		if e.secure && c.StartTLS {
			return setting.Errorf(
				"start_tls",
				"does not go with an ldaps:// address, which is encrypted from the start; use ldap:// or leave start_tls out",
			)
		}
	}
	switch c.Schema {
	case SchemaAuto, SchemaActiveDirectory, SchemaRFC2307bis, SchemaRFC2307:
	default:
		return setting.Errorf("schema", "%q is none of auto, active_directory, rfc2307bis, rfc2307", c.Schema)
	}
	switch {
	case c.BindDN != "" && c.Kerberos != nil:
		return setting.Errorf("bind_dn", "does not go with kerberos, which is another way to bind. Set one of them")
	case c.BindDN != "" && c.BindPassword == "":
		return setting.Errorf(
			"bind_password",
			"is missing; servers take a bind without a password for an anonymous one. Set it, or leave bind_dn out to read "+
				"anonymously",
		)
	case c.BindDN == "" && c.BindPassword != "":
		return setting.Errorf("bind_dn", "is missing; bind_password is of no use without it")
	case c.TLS.ClientCertificate != "" && !c.StartTLS && slices.ContainsFunc(endpoints,
		func(e endpoint) bool { return !e.secure }):
		return setting.Errorf("client_certificate", "does not go with an ldap:// address, since it is shown in TLS only; "+
			"use ldaps:// or set start_tls = true")
	}
	if _, err := parseDN(c.BaseDN); err != nil {
		return setting.Errorf("base_dn", "%q is not a distinguished name: %v", c.BaseDN, err)
	}
	if c.Timeout < 0 {
		return setting.Errorf("request_timeout", "must not be negative")
	}
	return nil
}
