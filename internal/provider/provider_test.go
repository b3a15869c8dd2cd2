// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

type object = acctest.Object

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
}

// with returns a working block of that platform, changed. A nil value leaves the attribute out.
func with(platform string, changes object) object {
	blocks := map[string]object{
		"cloudshell": {"url": "https://cloudshell.example.com:9000", "username": "admin", "password": "very-secret"},
		"vcd":        {"url": "https://vcd.example.com", "org": "acme", "username": "admin", "password": "very-secret"},
		"ldap":       {"url": "ldaps://dc1.example.com", "bind_dn": "CN=reader", "bind_password": "very-secret"},
	}
	block := blocks[platform]
	maps.Copy(block, changes)
	return object{platform: block}
}

// errorsOf is what validation and, if that passes, Configure say.
func errorsOf(t *testing.T, config object) string {
	t.Helper()
	p := acctest.NewProtocol(t)
	if text := acctest.Errors(p.Validate(config)); text != "" {
		return text
	}
	return acctest.Errors(p.Configure(config))
}

func TestConfigurationThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config object
		at     string
		words  string
	}{
		"no URL": {with("cloudshell", object{"url": nil}), "cloudshell.url", "CLOUDSHELL_URL"},
		"URL without scheme": {
			with("cloudshell", object{"url": "cloudshell.example.com:9000"}), "cloudshell.url",
			"must start with http:// or https://",
		},
		"URL without host": {with("cloudshell", object{"url": "https://"}), "cloudshell.url", "name a host"},
		"URL with password": {
			with("cloudshell", object{"url": "https://admin:very-secret@host"}), "cloudshell.url", "user name or password",
		},
		"no user name": {with("cloudshell", object{"username": nil}), "cloudshell.username", "CLOUDSHELL_USERNAME"},
		"no password":  {with("cloudshell", object{"password": nil}), "cloudshell.password", "CLOUDSHELL_PASSWORD"},
		"blank user name": {
			with("cloudshell", object{"username": " \t"}), "cloudshell.username", "must not be empty or blank",
		},
		"token and password": {
			with("cloudshell", object{"token": "t"}), "cloudshell",
			"Conflicting Credentials: cloudshell.password and cloudshell.token exclude each other",
		},
		"unknown scheme": {with("cloudshell", object{"auth_scheme": "digest"}), "cloudshell.auth_scheme", `"bearer"`},
		"PEM is a path": {
			with("cloudshell", object{"ca_certificate": "/etc/ca.pem"}), "cloudshell.ca_certificate", "file(",
		},
		"PEM of a key": {
			with("vcd", object{"ca_certificate": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}),
			"vcd.ca_certificate", "no certificate",
		},
		"broken certificate": {
			with("vcd", object{"ca_certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}),
			"vcd.ca_certificate", "cannot be read",
		},
		"no org":          {with("vcd", object{"org": nil}), "vcd.org", "VCD_ORG"},
		"vCD no URL":      {with("vcd", object{"url": nil}), "vcd.url", "VCD_URL"},
		"vCD no password": {with("vcd", object{"password": nil}), "vcd.password", "VCD_PASSWORD"},
		"vCD token and file": {
			with("vcd", object{"username": nil, "password": nil, "api_token": "a", "api_token_file": "b"}), "vcd.api_token_file",
			"exclude each other",
		},
		"vCD two tokens": {
			with("vcd", object{"username": nil, "password": nil, "token": "a", "api_token": "b"}), "vcd",
			"vcd.token and vcd.api_token exclude each other",
		},
		"unknown interface": {with("vcd", object{"interface": "soap"}), "vcd.interface", `"cloudapi"`},
		"bad API version":   {with("vcd", object{"api_version": "new"}), "vcd.api_version", "37.2"},
		"old API version":   {with("vcd", object{"api_version": "32.0"}), "vcd.api_version", "33.0"},
		"LDAP no URL":       {with("ldap", object{"url": nil}), "ldap.url", "LDAP_URL"},
		"LDAP over http":    {with("ldap", object{"url": "https://dc1.example.com"}), "ldap.url", "ldap:// or ldaps://"},
		"one of two bad": {
			with("ldap", object{"url": "ldaps://dc1.example.com, dc2.example.com"}), "ldap.url", "dc2.example.com",
		},
		"unknown schema":    {with("ldap", object{"schema": "novell"}), "ldap.schema", `"rfc2307bis"`},
		"unknown check":     {object{"check_names": "maybe"}, "check_names", `"warn"`},
		"no bind password":  {with("ldap", object{"bind_password": nil}), "ldap.bind_password", "LDAP_BIND_PASSWORD"},
		"start_tls and TLS": {with("ldap", object{"start_tls": true}), "ldap.start_tls", "ldaps://"},
		"bad duration":      {object{"request_timeout": "30"}, "request_timeout", "30s"},
		"negative duration": {object{"request_timeout": "-5s"}, "request_timeout", "above zero"},
		"negative retries":  {object{"max_retries": int64(-1)}, "max_retries", "-1"},
		"no request at all": {object{"max_concurrent_requests": int64(0)}, "max_concurrent_requests", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := errorsOf(t, c.config)
			contains(t, text, c.at+": ", c.words)
			if strings.Count(text, "\n") != 0 {
				t.Errorf("more than one error: %s", text)
			}
			if strings.Contains(text, "very-secret") {
				t.Errorf("a password is in: %s", text)
			}
		})
	}
}

func TestConfigurationThatIsAccepted(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]object{
		"nothing": {},
		"each platform": {
			"cloudshell": with("cloudshell", nil)["cloudshell"], "vcd": with("vcd", nil)["vcd"],
			"ldap": with("ldap", nil)["ldap"],
		},
		"a token":      with("cloudshell", object{"username": nil, "password": nil, "token": "t"}),
		"a token file": with("vcd", object{"username": nil, "password": nil, "api_token_file": "token.json"}),
		"an API token": with("vcd", object{"username": nil, "password": nil, "api_token": "t"}),
		"servers":      with("ldap", object{"url": "ldaps://dc1.example.com, ldaps://[::1]:636"}),
		"anonymous":    with("ldap", object{"bind_dn": nil, "bind_password": nil}),
		"general":      {"request_timeout": "1m30s", "max_retries": int64(0), "max_concurrent_requests": int64(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if text := errorsOf(t, config); text != "" {
				t.Error(text)
			}
		})
	}
}

// A password that leaves the machine without encryption is worth a warning.
func TestConnectionWithoutEncryption(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config object
		warned string // the attribute, "" = none
	}{
		"http":            {with("cloudshell", object{"url": "http://cloudshell.example.com:9000"}), "cloudshell.url"},
		"http to vCD":     {with("vcd", object{"url": "http://vcd.example.com"}), "vcd.url"},
		"http by address": {with("cloudshell", object{"url": "http://10.0.0.1"}), "cloudshell.url"},
		"https":           {with("cloudshell", object{"url": "https://cloudshell.example.com"}), ""},
		"localhost":       {with("cloudshell", object{"url": "http://localhost:9000"}), ""},
		"below localhost": {with("cloudshell", object{"url": "http://shell.localhost:9000"}), ""},
		"IPv4 loopback":   {with("cloudshell", object{"url": "http://127.0.0.1:9000"}), ""},
		"IPv6 loopback":   {with("cloudshell", object{"url": "http://[::1]:9000"}), ""},
		"ldap":            {with("ldap", object{"url": "ldap://dc1.example.com"}), "ldap.url"},
		"second server":   {with("ldap", object{"url": "ldaps://dc1.example.com, ldap://dc2.example.com"}), "ldap.url"},
		"ldaps":           {with("ldap", object{"url": "ldaps://dc1.example.com"}), ""},
		"StartTLS":        {with("ldap", object{"url": "ldap://dc1.example.com", "start_tls": true}), ""},
		"anonymous": {
			with("ldap", object{"url": "ldap://dc1.example.com", "bind_dn": nil, "bind_password": nil}), "",
		},
		"ldap to localhost": {with("ldap", object{"url": "ldap://localhost:3890"}), ""},
	} {
		text := acctest.Warnings(acctest.NewProtocol(t).Configure(c.config))
		if c.warned == "" {
			if text != "" {
				t.Errorf("%s: %s", name, text)
			}
			continue
		}
		if !strings.HasPrefix(text, c.warned+": Connection Without Encryption: Anyone between") ||
			strings.Count(text, "\n") != 0 {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// secretAttributes are all secrets of the provider's configuration but keys, with their environment variables.
var secretAttributes = map[string]string{
	"cloudshell.password": "CLOUDSHELL_PASSWORD", "cloudshell.token": "CLOUDSHELL_TOKEN",
	"vcd.password": "VCD_PASSWORD", "vcd.token": "VCD_TOKEN", "vcd.api_token": "VCD_API_TOKEN",
	"ldap.bind_password": "LDAP_BIND_PASSWORD",
}

// withSecret returns a working block that logs in by that attribute alone; a nil value leaves it out.
func withSecret(attribute string, value any) object {
	platform, name, _ := strings.Cut(attribute, ".")
	changes := object{"password": nil}
	if platform == "ldap" {
		changes = object{}
	}
	changes[name] = value
	return with(platform, changes)
}

// A secret from a file often has a line break at its end. Servers would take it for a wrong one, and lock the account.
func TestSecretsWithWhiteSpace(t *testing.T) {
	for attribute, variable := range secretAttributes {
		for _, secret := range []string{"very-secret\n", " very-secret", "very-secret\r\n", "\u00a0very-secret"} {
			text := errorsOf(t, withSecret(attribute, secret))
			contains(
				t,
				text,
				"Invalid Value of "+attribute+": ",
				"begins or ends with white space",
				"trimspace(",
				"chomp(",
				"line break",
			)
			if strings.Contains(text, "very-secret") || strings.Contains(text, "\n") {
				t.Errorf("%s: %q", attribute, text)
			}
			t.Setenv(variable, secret)
			text = errorsOf(t, withSecret(attribute, nil))
			contains(t, text, "Invalid Value of "+attribute+": ", "begins or ends with white space", variable)
			if strings.Contains(text, "very-secret") {
				t.Errorf("%s: %q", variable, text)
			}
			t.Setenv(variable, "")
		}
		t.Setenv(variable, " ")
		contains(t, errorsOf(t, withSecret(attribute, nil)), "Invalid Value of "+attribute+": ", "must not be empty or blank")
		t.Setenv(variable, "")
	}
}

// Whatever is wrong with an address, the secret that came in it is not repeated.
func TestSecretsInAddresses(t *testing.T) {
	for platform, variable := range map[string]string{
		"cloudshell": "CLOUDSHELL_URL", "vcd": "VCD_URL", "ldap": "LDAP_URL",
	} {
		for _, address := range []string{
			"https://admin:very-secret@host", "https://admin:very-secret@ho st/%zz", "https://admin:very-secret%40host",
			"admin:very-secret@host", "ldaps://admin:very-secret@host", "ldap://host?very-secret",
			"ldap://a:very-secret,b@host", "https://host:very-secret", "very-secret://host:x", "https://[very-secret",
			"https://host/%zz?token=very-secret",
		} {
			texts := []string{errorsOf(t, with(platform, object{"url": address}))}
			t.Setenv(variable, address)
			texts = append(texts, errorsOf(t, with(platform, object{"url": nil})))
			t.Setenv(variable, "")
			for _, text := range texts {
				if text == "" || strings.Contains(text, "very-secret") {
					t.Errorf("%s of %s: %q", address, platform, text)
				}
			}
		}
	}
}

func TestPlatformThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	p := acctest.Configured(t, object{})
	for name, words := range map[string][]string{
		"directory_cloudshell_users": {"CloudShell is not configured", "`cloudshell { url = … }`", "CLOUDSHELL_URL"},
		"directory_ldap_users":       {"not configured", "LDAP_URL"},
	} {
		config := object{}
		if name == "directory_ldap_users" {
			config["filter"] = "(uid=*)"
		}
		_, diagnostics := p.ReadData(name, config)
		contains(t, acctest.Errors(diagnostics), words...)
	}
}

// What would be created is refused when it is planned, not when it is half applied.
func TestPlanForPlatformThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	p := acctest.Configured(t, object{})
	for name, c := range map[string]struct {
		config object
		words  string
	}{
		"directory_cloudshell_imported_user":  {object{"name": "jporter"}, "CLOUDSHELL_URL"},
		"directory_cloudshell_imported_group": {object{"name": "Lab Engineers"}, "CLOUDSHELL_URL"},
		"directory_vcd_imported_user":         {object{"name": "jporter", "roles": []any{"vApp Author"}}, "VCD_URL"},
		"directory_vcd_imported_group":        {object{"name": "Lab Engineers", "roles": []any{"vApp Author"}}, "VCD_URL"},
	} {
		planned, _ := p.Instance(name).Plan(c.config)
		contains(t, acctest.Errors(planned.Diagnostics), "is not configured", c.words)
	}
}

// An unknown value is not a null one: the environment is no substitute, and what needs the platform says why it cannot.
func TestUnknownConfiguration(t *testing.T) {
	t.Setenv("CLOUDSHELL_PASSWORD", "another")
	for attribute, config := range map[string]object{
		"cloudshell.password": with("cloudshell", object{"password": acctest.Unknown}),
		"cloudshell.url":      with("cloudshell", object{"url": acctest.Unknown}),
		"cloudshell.insecure": with("cloudshell", object{"insecure": acctest.Unknown}),
		"cloudshell depends":  {"cloudshell": acctest.Unknown},
		"request_timeout":     {"cloudshell": with("cloudshell", nil)["cloudshell"], "request_timeout": acctest.Unknown},
	} {
		_, diagnostics := acctest.Configured(t, config).ReadData("directory_cloudshell_users", object{})
		contains(t, acctest.Errors(diagnostics), "cannot be asked before apply", attribute)
	}
}

func TestConfigurationFromTheEnvironment(t *testing.T) {
	server := acctest.CloudShell(t, cloudshell.Options{})
	t.Setenv("CLOUDSHELL_URL", server.URL())
	t.Setenv("CLOUDSHELL_USERNAME", "absent")
	t.Setenv("CLOUDSHELL_PASSWORD", server.Password())
	t.Setenv("CLOUDSHELL_TOKEN", "")
	t.Setenv("DIRECTORY_MAX_RETRIES", "0")

	// The configuration beats the environment, attribute by attribute.
	p := acctest.Configured(t, object{"cloudshell": object{"username": server.Username()}})
	if _, diagnostics := p.ReadData("directory_cloudshell_users", object{}); acctest.Errors(diagnostics) != "" {
		t.Error(acctest.Errors(diagnostics))
	}
	// A token in the configuration beats a password in the environment, and the other way round.
	p = acctest.Configured(t, object{"cloudshell": object{"token": server.IssueToken("admin")}})
	if _, diagnostics := p.ReadData("directory_cloudshell_users", object{}); acctest.Errors(diagnostics) != "" {
		t.Error(acctest.Errors(diagnostics))
	}
	t.Setenv("CLOUDSHELL_TOKEN", "stale")
	contains(
		t,
		acctest.Errors(acctest.NewProtocol(t).Configure(object{})),
		"CLOUDSHELL_PASSWORD and CLOUDSHELL_TOKEN exclude each other",
	)
	p = acctest.Configured(t, object{"cloudshell": object{"username": server.Username(), "password": server.Password()}})
	if _, diagnostics := p.ReadData("directory_cloudshell_users", object{}); acctest.Errors(diagnostics) != "" {
		t.Error(acctest.Errors(diagnostics))
	}

	for variable, value := range map[string]string{
		"CLOUDSHELL_URL": "cloudshell:9000", "CLOUDSHELL_CA_CERTIFICATE": "ca.pem",
		"CLOUDSHELL_INSECURE": "perhaps", "CLOUDSHELL_AUTH_SCHEME": "digest",
		"DIRECTORY_REQUEST_TIMEOUT": "soon", "DIRECTORY_MAX_RETRIES": "-2",
		"DIRECTORY_MAX_CONCURRENT_REQUESTS": "many",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv("CLOUDSHELL_TOKEN", "")
			t.Setenv(variable, value)
			contains(t, acctest.Errors(acctest.NewProtocol(t).Configure(object{})), variable)
		})
	}
}

// Each thing that can be wrong with a server ends in one clear message, within request_timeout.
func TestServersThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	secure := acctest.CloudShell(t, cloudshell.Options{TLS: true})
	portal := acctest.CloudShell(t, cloudshell.Options{Login: cloudshell.LoginHTML})
	refusing := acctest.CloudShell(t, cloudshell.Options{})
	release := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() { close(release); silent.Close() })
	for name, c := range map[string]struct {
		block object
		words []string
	}{
		"wrong password": {
			object{"url": refusing.URL(), "password": "wrong-secret"},
			[]string{"Unable to Log In to CloudShell", "cloudshell.password"},
		},
		"unreachable": {
			object{"url": "http://127.0.0.1:" + closedPort(t)}, []string{"cannot be reached", "cloudshell.url"},
		},
		"untrusted": {
			object{"url": secure.URL()},
			[]string{"certificate", "not trusted", "cloudshell.ca_certificate", "cloudshell.insecure"},
		},
		"another authority": {
			object{"url": secure.URL(), "ca_certificate": newCertificate(t)},
			[]string{"certificate", "not trusted", "cloudshell.ca_certificate"},
		},
		"HTML": {
			object{"url": portal.URL()}, []string{"not CloudShell's Administration API", "cloudshell.url", "9000"},
		},
		"silent": {object{"url": silent.URL}, []string{"took too long", "request_timeout"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := object{"username": "admin", "password": "admin"}
			maps.Copy(block, c.block)
			p := acctest.Configured(t, object{"cloudshell": block, "request_timeout": "1s", "max_retries": int64(20)})
			began := time.Now()
			_, diagnostics := p.ReadData("directory_cloudshell_users", object{})
			if took := time.Since(began); took > 10*time.Second { // 21 attempts of a second each would take longer
				t.Errorf("it took %s", took)
			}
			text := acctest.Errors(diagnostics)
			contains(t, text, c.words...)
			if strings.Contains(text, "wrong-secret") || len(diagnostics) != 1 {
				t.Errorf("%d diagnostics: %s", len(diagnostics), text)
			}
		})
	}
	trusting := acctest.Configured(t, object{"cloudshell": object{
		"url": secure.URL(), "username": "admin", "password": "admin", "ca_certificate": secure.CACertificate(),
	}})
	if _, diagnostics := trusting.ReadData("directory_cloudshell_users", object{}); acctest.Errors(diagnostics) != "" {
		t.Error(acctest.Errors(diagnostics))
	}
}

// closedPort is a port without a listener.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// newCertificate is the PEM text of a certificate that no server uses.
func newCertificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	server := acctest.CloudShell(t, cloudshell.Options{})
	p := acctest.Configured(t, object{"cloudshell": object{"url": server.URL(), "username": "admin", "password": "admin"}})
	if server.Count("", "") != 0 {
		t.Error("Configure asked the server")
	}
	p.ReadData("directory_cloudshell_users", object{})
	for _, request := range server.Requests() {
		contains(t, request.Header.Get("User-Agent"), "terraform-provider-directory/test", "Terraform/1.14.0")
	}
}

// What the provider offers, by name: nothing appears or disappears by accident.
func TestInventory(t *testing.T) {
	t.Parallel()
	p := acctest.NewProtocol(t)
	metadata, err := p.Server.GetMetadata(context.Background(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range metadata.Resources {
		names = append(names, r.TypeName)
	}
	for _, d := range metadata.DataSources {
		names = append(names, "data."+d.TypeName)
	}
	for _, f := range metadata.Functions {
		names = append(names, f.Name+"()")
	}
	for _, want := range []string{
		"directory_cloudshell_imported_group", "directory_cloudshell_imported_user",
		"directory_vcd_imported_group", "directory_vcd_imported_user",
		"data.directory_cloudshell_external_group", "data.directory_cloudshell_external_groups",
		"data.directory_cloudshell_group", "data.directory_cloudshell_user", "data.directory_cloudshell_users",
		"data.directory_ldap_group", "data.directory_ldap_user", "data.directory_ldap_users",
		"data.directory_vcd_directory_groups", "data.directory_vcd_directory_users", "data.directory_vcd_group",
		"data.directory_vcd_roles", "data.directory_vcd_user",
		"escape_dn()", "escape_filter()", "parse_dn()", "sid_to_string()",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("the provider offers no %s", want)
		}
	}
}
