package directory

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// The values of [Config.Schema].
const (
	SchemaAuto            = "auto"
	SchemaActiveDirectory = "active_directory"
	SchemaRFC2307bis      = "rfc2307bis"
	SchemaRFC2307         = "rfc2307"
)

// defaultTimeout bounds connecting, binding and every single request.
const defaultTimeout = 30 * time.Second

// Config says where the directory is and how to read it.
type Config struct {
	// URL is one address or several, comma separated, that are tried in turn: ldap://host[:389] or ldaps://host[:636].
	URL string
	// BindDN is who reads: a DN, or for Active Directory also user@domain or DOMAIN\user. Empty = anonymous.
	BindDN, BindPassword string
	// BaseDN is the entry below which people and groups are looked up. Empty = the server's naming context.
	BaseDN string
	// StartTLS secures an ldap:// connection before anything else is sent.
	StartTLS bool
	// Schema is one of the Schema constants; empty = SchemaAuto.
	Schema string
	// CACertificate is PEM text, trusted in addition to the system's authorities.
	CACertificate string
	// Insecure skips the verification of the server's certificate.
	Insecure bool
	// Timeout bounds connecting and every single request; 0 = 30 s.
	Timeout time.Duration
	// NoCache asks the server again for every look-up, for callers that outlive a Terraform run.
	NoCache bool
}

// ConfigError is a setting that cannot work, found before anything is sent. Field is the attribute's name in HCL.
type ConfigError struct{ Field, Problem string }

func (e *ConfigError) Error() string { return e.Field + ": " + e.Problem }

// endpoint is one server to try.
type endpoint struct {
	url     string
	address string // host:port
	host    string
	secure  bool // TLS from the first byte
}

func parseEndpoints(text string) ([]endpoint, error) {
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
		return nil, &ConfigError{"url", "is empty; give an address such as ldaps://dc1.example.com"}
	}
	return endpoints, nil
}

func parseEndpoint(text string) (endpoint, error) {
	u, err := url.Parse(text)
	if err != nil {
		return endpoint{}, &ConfigError{"url", fmt.Sprintf("%q is not an address: %v", text, err)}
	}
	e := endpoint{url: text, host: u.Hostname(), secure: strings.EqualFold(u.Scheme, "ldaps")}
	port := ldap.DefaultLdapPort
	switch {
	case e.secure:
		port = ldap.DefaultLdapsPort
	case !strings.EqualFold(u.Scheme, "ldap"):
		return endpoint{}, &ConfigError{"url", fmt.Sprintf("%q must start with ldap:// or ldaps://", text)}
	}
	if e.host == "" {
		return endpoint{}, &ConfigError{"url", fmt.Sprintf("%q names no host", text)}
	}
	if u.User != nil {
		return endpoint{}, &ConfigError{"url", "must not hold credentials; use bind_dn and bind_password"}
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return endpoint{}, &ConfigError{"url", fmt.Sprintf("%q must end after the host and port; the place to search is base_dn", text)}
	}
	if u.Port() != "" {
		port = u.Port()
	}
	e.address = net.JoinHostPort(e.host, port)
	return e, nil
}

// check finds what cannot work.
func (c Config) check(endpoints []endpoint) error {
	for _, e := range endpoints {
		if e.secure && c.StartTLS {
			return &ConfigError{"start_tls", "does not go with an ldaps:// address, which is encrypted from the start; use ldap:// or leave start_tls out"}
		}
	}
	switch c.Schema {
	case SchemaAuto, SchemaActiveDirectory, SchemaRFC2307bis, SchemaRFC2307:
	default:
		return &ConfigError{"schema", fmt.Sprintf("%q is none of auto, active_directory, rfc2307bis, rfc2307", c.Schema)}
	}
	switch {
	case c.BindDN != "" && c.BindPassword == "":
		return &ConfigError{"bind_password", "is missing; servers take a bind without a password for an anonymous one. Set it, or leave bind_dn out to read anonymously"}
	case c.BindDN == "" && c.BindPassword != "":
		return &ConfigError{"bind_dn", "is missing; bind_password is set and there is nobody to bind as"}
	}
	if _, err := ldap.ParseDN(c.BaseDN); err != nil {
		return &ConfigError{"base_dn", fmt.Sprintf("%q is not a distinguished name: %v", c.BaseDN, err)}
	}
	if c.Timeout < 0 {
		return &ConfigError{"request_timeout", "must not be negative"}
	}
	return nil
}

// tlsConfig is what every endpoint shares; the host to verify is added per connection.
func (c Config) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.Insecure} //nolint:gosec // the user's explicit choice
	if c.CACertificate == "" {
		return config, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM([]byte(c.CACertificate)) {
		return nil, &ConfigError{"ca_certificate", "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"}
	}
	config.RootCAs = pool
	return config, nil
}
