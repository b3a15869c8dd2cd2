// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// start serves the mock platform in one of its forms, with a client for it.
func start(t *testing.T, options cloudshell.Options) (*cloudshellapi.Client, *cloudshell.Server) {
	t.Helper()
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return newClient(t, configFor(server)), server
}

func configFor(server *cloudshell.Server) cloudshellapi.Config {
	return cloudshellapi.Config{
		URL: server.URL(), Username: server.Username(), Password: server.Password(),
		HTTP: transport.Config{MaxRetries: 2, TLS: setting.TLS{CACertificate: server.CACertificate()}},
	}
}

func newClient(t *testing.T, config cloudshellapi.Config) *cloudshellapi.Client {
	t.Helper()
	client, err := cloudshellapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// script is a server for what the mock does not play: it answers logins with a token, and leaves the rest to a handler.
type script struct {
	*httptest.Server
	logins, work atomic.Int32
}

func play(t *testing.T, handler http.HandlerFunc) (*cloudshellapi.Client, *script) {
	t.Helper()
	s := &script{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/Api/Auth/Login" {
			s.logins.Add(1)
			_, _ = w.Write([]byte(`"token-of-the-script"`))
			return
		}
		s.work.Add(1)
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return newClient(t, cloudshellapi.Config{URL: s.URL, Username: "admin", Password: "secret"}), s
}

func mustBe(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("error %v\nis not: %v", err, target)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	valid := cloudshellapi.Config{URL: "https://cloudshell.example.com:9000", Username: "admin", Password: "hush"}
	tests := map[string]struct {
		change func(*cloudshellapi.Config)
		field  string
	}{
		"complete":       {func(*cloudshellapi.Config) {}, ""},
		"no URL":         {func(c *cloudshellapi.Config) { c.URL = " " }, "url"},
		"no scheme":      {func(c *cloudshellapi.Config) { c.URL = "cloudshell.example.com:9000" }, "url"},
		"another scheme": {func(c *cloudshellapi.Config) { c.URL = "ldap://cloudshell.example.com" }, "url"},
		"no host":        {func(c *cloudshellapi.Config) { c.URL = "https:///api" }, "url"},
		"user in the URL": {
			func(c *cloudshellapi.Config) { c.URL = "https://admin:hush@cloudshell.example.com" },
			"url",
		},
		"query in the URL": {func(c *cloudshellapi.Config) { c.URL = "https://cloudshell.example.com/?x=1" }, "url"},
		"not a URL":        {func(c *cloudshellapi.Config) { c.URL = "https://admin:hush@ho st/%zz" }, "url"},
		"no user":          {func(c *cloudshellapi.Config) { c.Username = "" }, "username"},
		"no password":      {func(c *cloudshellapi.Config) { c.Password = "" }, "password"},
		"token alone": {
			func(c *cloudshellapi.Config) { c.Username, c.Password, c.Token = "", "", "hush-token" },
			"",
		},
		"token with line break":     {func(c *cloudshellapi.Config) { c.Token = "hush-token\n" }, "token"},
		"a scheme of authorization": {func(c *cloudshellapi.Config) { c.AuthScheme = "Basic" }, ""},
		"another one":               {func(c *cloudshellapi.Config) { c.AuthScheme = "digest" }, "auth_scheme"},
		"certificate":               {func(c *cloudshellapi.Config) { c.HTTP.TLS.CACertificate = "hush" }, "ca_certificate"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := valid
			test.change(&config)
			_, err := cloudshellapi.New(config)
			if test.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var wrong *setting.Error
			if !errors.As(err, &wrong) || wrong.Attribute != test.field {
				t.Fatalf("error %v, want one about %s", err, test.field)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("%v repeats a secret", err)
			}
		})
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	config := cloudshellapi.Config{URL: "https://cloudshell.example.com", Username: "admin", Password: "hush"}
	if got := newClient(t, config).Account(); got != "admin" {
		t.Errorf("account %q", got)
	}
	config.Token = "hush"
	if got := newClient(t, config).Account(); got != "admin" {
		t.Errorf("account %q with a token whose account is named", got)
	}
	config.Username = ""
	if got := newClient(t, config).Account(); got != "" {
		t.Errorf("account %q with a token alone", got)
	}
}

func TestFormsOfURL(t *testing.T) {
	t.Parallel()
	_, server := start(t, cloudshell.Options{})
	for _, suffix := range []string{"", "/", "/api", "/Api/", "//"} {
		config := configFor(server)
		config.URL += suffix
		if _, err := newClient(t, config).FindUser(t.Context(), "operator"); err != nil {
			t.Errorf("%q: %v", suffix, err)
		}
	}
	var path string
	behindProxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		_, _ = w.Write([]byte(`"token"`))
	}))
	t.Cleanup(behindProxy.Close)
	config := configFor(server)
	config.URL = behindProxy.URL + "/cloudshell/api/"
	_, _ = newClient(t, config).User(t.Context(), 1)
	if path != "/cloudshell/api/v1/users/1" {
		t.Errorf("the path %q lost the proxy's prefix", path)
	}
}
