// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

func TestBadConfiguration(t *testing.T) {
	t.Parallel()
	good := directory.Config{URL: "ldap://dc1.example.com", BindDN: "cn=reader", BindPassword: "secret"}
	for name, c := range map[string]struct {
		change func(*directory.Config)
		field  string
	}{
		"no address":          {func(c *directory.Config) { c.URL = " , " }, "url"},
		"wrong scheme":        {func(c *directory.Config) { c.URL = "https://dc1.example.com" }, "url"},
		"no scheme":           {func(c *directory.Config) { c.URL = "dc1.example.com:389" }, "url"},
		"no host":             {func(c *directory.Config) { c.URL = "ldap:///dc=example" }, "url"},
		"a DN in the address": {func(c *directory.Config) { c.URL = "ldap://dc1.example.com/dc=example" }, "url"},
		"password in address": {func(c *directory.Config) { c.URL = "ldap://reader:secret@dc1.example.com" }, "url"},
		"second one is wrong": {func(c *directory.Config) { c.URL = "ldap://dc1.example.com,http://dc2.example.com" },
			"url"},
		"StartTLS over LDAPS": {func(c *directory.Config) { c.URL, c.StartTLS = "ldaps://dc1.example.com", true },
			"start_tls"},
		"unknown schema":        {func(c *directory.Config) { c.Schema = "novell" }, "schema"},
		"no password":           {func(c *directory.Config) { c.BindPassword = "" }, "bind_password"},
		"no account to bind as": {func(c *directory.Config) { c.BindDN = "" }, "bind_dn"},
		"base is no DN":         {func(c *directory.Config) { c.BaseDN = "example.com" }, "base_dn"},
		"certificate is no PEM": {func(c *directory.Config) { c.TLS.CACertificate = "MII..." }, "ca_certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			config := good
			c.change(&config)
			_, err := directory.New(config)
			var fault *setting.Error
			if !errors.As(err, &fault) || fault.Attribute != c.field {
				t.Fatalf("New: %v, want a *setting.Error of %s", err, c.field)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the message holds the password: %v", err)
			}
		})
	}
	if _, err := directory.New(good); err != nil {
		t.Errorf("New with a good configuration: %v", err)
	}
}

// TestFaults provokes what can go wrong: each message names the attribute and the way out, and never the password.
func TestFaults(t *testing.T) {
	t.Parallel()
	const wrong = "wr0ng-Passw0rd"
	posix := mockldap.SchemaRFC2307bis
	for name, c := range map[string]struct {
		options   mockldap.Options
		change    func(*directory.Config)
		kind      error
		attribute string
		words     string
	}{
		"wrong password": {mockldap.Options{}, func(c *directory.Config) { c.BindPassword = wrong },
			directory.ErrCredentials, "bind_password", "ldap.bind_dn or ldap.bind_password is wrong (the password is wrong)"},
		"wrong account": {mockldap.Options{Schema: posix, LDIF: posixLDIF},
			func(c *directory.Config) { c.BindDN = "cn=absent" },
			directory.ErrCredentials, "bind_password", "ldap.bind_dn or ldap.bind_password is wrong"},
		"anonymous refused by Active Directory": {mockldap.Options{}, anonymous, directory.ErrAnonymousRefused, "bind_dn",
			"Set ldap.bind_dn and ldap.bind_password"},
		"anonymous refused by OpenLDAP": {mockldap.Options{Schema: posix, LDIF: posixLDIF}, anonymous,
			directory.ErrAnonymousRefused, "bind_dn", "Set ldap.bind_dn and ldap.bind_password"},
		"password without encryption": {mockldap.Options{RequireTLS: true}, nil,
			directory.ErrTLSRequired, "url", "does not accept a password over an unencrypted connection. Use an ldaps:// " +
				"address in ldap.url, or set ldap.start_tls = true"},
		"StartTLS refused": {mockldap.Options{}, func(c *directory.Config) { c.StartTLS = true },
			directory.ErrStartTLSRefused, "start_tls", "Use an ldaps:// address in ldap.url and leave ldap.start_tls out"},
		"untrusted by StartTLS": {mockldap.Options{StartTLS: true}, func(c *directory.Config) { c.TLS.CACertificate = "" },
			directory.ErrUntrustedCertificate, "ca_certificate", "Set ldap.ca_certificate to the PEM text"},
		"untrusted LDAPS": {mockldap.Options{TLS: true}, func(c *directory.Config) { c.TLS.CACertificate = "" },
			directory.ErrUntrustedCertificate, "ca_certificate", "Set ldap.ca_certificate to the PEM text"},
		"LDAPS to a plain port": {mockldap.Options{}, func(c *directory.Config) {
			c.URL = strings.Replace(c.URL, "ldap:",
				"ldaps:", 1)
		},
			directory.ErrUnreachable, "url", "A TLS connection to ldaps://"},
		"base not there": {mockldap.Options{}, func(c *directory.Config) { c.BaseDN = "dc=other,dc=example" },
			directory.ErrBaseNotFound, "base_dn", `no entry "dc=other,dc=example"`},
		"size limit": {mockldap.Options{TotalLimit: 10}, nil, directory.ErrSizeLimit, "filter", "Narrow filter or " +
			"base_dn, or raise the limit of ldap.bind_dn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := start(t, c.options, c.change)
			_, err := client.Users(t.Context(), "", "")
			var fault *directory.Error
			if !errors.Is(err, c.kind) || !errors.As(err, &fault) {
				t.Fatalf("Users: %v, want %v", err, c.kind)
			}
			if fault.Attribute != c.attribute || !strings.Contains(err.Error(), c.words) {
				t.Errorf("attribute %q, message %q; want %q and %q", fault.Attribute, err, c.attribute, c.words)
			}
			for _, secret := range []string{wrong, server.BindPassword()} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the message holds the password: %v", err)
				}
			}
		})
	}
}

func anonymous(c *directory.Config) { c.BindDN, c.BindPassword = "", "" }

func TestAnonymousAllowed(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{AllowAnonymous: true}, anonymous)
	if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}

func TestInsecure(t *testing.T) {
	t.Parallel()
	client, _ := start(
		t,
		mockldap.Options{TLS: true},
		func(c *directory.Config) { c.TLS.CACertificate, c.TLS.Insecure = "", true },
	)
	if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}

func TestBadFilters(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, nil)
	for _, filter := range []string{"cn=James", "(cn=James", "(cn=James))", "(cn=a)(cn=b)", "()", "(cn)", `(cn=\zz)`,
		"(&(cn=a)", strings.Repeat("(", 70000)} {
		_, err := client.Users(t.Context(), filter, "")
		if !errors.Is(err, directory.ErrBadFilter) {
			t.Errorf("Users with %.40q: %v, want ErrBadFilter", filter, err)
		}
	}
	if users, err := client.Users(t.Context(), " (department=Research) ", ""); err != nil || len(users) != 7 {
		t.Errorf("Users with a good filter = %d, %v; want 7", len(users), err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "ldap://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	client := connect(t, directory.Config{URL: url + "," + url})
	_, err = client.FindUsers(t.Context(), "jporter")
	if !errors.Is(err, directory.ErrUnreachable) ||
		!strings.Contains(err.Error(), "None of the servers in ldap.url could be used") {
		t.Errorf("FindUsers: %v, want ErrUnreachable and a word on all servers", err)
	}
}
