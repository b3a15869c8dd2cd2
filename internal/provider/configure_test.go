// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

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
		"two with a space": {
			with("ldap", object{"url": "ldaps://dc1.example.com ldaps://dc2.example.com"}), "ldap", "addresses by commas",
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
		for _, secret := range []string{"\ufeffvery-secret", "very-secret\u200b", "\x00very-secret"} {
			text := errorsOf(t, withSecret(attribute, secret))
			contains(t, text, "Invalid Value of "+attribute+": ", "begins or ends with an invisible character", "without BOM")
			if strings.Contains(text, "very-secret") {
				t.Errorf("%s: %q", attribute, text)
			}
		}
		t.Setenv(variable, " ")
		contains(t, errorsOf(t, withSecret(attribute, nil)), "Invalid Value of "+attribute+": ", "must not be empty or blank")
		t.Setenv(variable, "")
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

// An unknown credential may turn out to be null, so it contradicts no other one.
func TestUnknownCredentialIsNoConflict(t *testing.T) {
	for name, config := range map[string]object{
		"beside a written one": with("cloudshell", object{"token": acctest.Unknown}),
		"two":                  with("vcd", object{"token": acctest.Unknown, "password": acctest.Unknown}),
	} {
		if text := errorsOf(t, config); text != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
	t.Setenv("VCD_PASSWORD", "one")
	t.Setenv("VCD_TOKEN", "two")
	config := with("vcd", object{"password": nil, "api_token": acctest.Unknown})
	if text := errorsOf(t, config); text != "" {
		t.Error("environment: " + text)
	}
}

// The same of the directory, whose configuration has a block in it.
func TestUnknownDirectoryConfiguration(t *testing.T) {
	t.Setenv("LDAP_BIND_PASSWORD", "another")
	kerberos := func(block any) object {
		return with("ldap", object{"bind_dn": nil, "bind_password": nil, "kerberos": block})
	}
	for attribute, config := range map[string]object{
		"ldap.url":               with("ldap", object{"url": acctest.Unknown}),
		"ldap.bind_password":     with("ldap", object{"bind_password": acctest.Unknown}),
		"ldap.start_tls":         with("ldap", object{"start_tls": acctest.Unknown}),
		"ldap.client_key":        with("ldap", object{"client_key": acctest.Unknown}),
		"ldap.kerberos.password": kerberos(object{"username": "u", "realm": "X", "password": acctest.Unknown}),
		"ldap.kerberos":          kerberos(acctest.Unknown),
		"ldap depends":           {"ldap": acctest.Unknown},
	} {
		_, diagnostics := acctest.Configured(t, config).ReadData("directory_ldap_users", object{})
		contains(t, acctest.Errors(diagnostics), "cannot be asked before apply", attribute)
	}
}

// What a file or a shell puts around a value is not meant.
func TestWhiteSpaceInTheEnvironment(t *testing.T) {
	for variable, value := range map[string]string{
		"DIRECTORY_REQUEST_TIMEOUT": "30s\n", "DIRECTORY_MAX_RETRIES": " 4", "DIRECTORY_MAX_CONCURRENT_REQUESTS": "8\n",
		"DIRECTORY_CHECK_NAMES": " warn\n", "LDAP_URL": " ldaps://dc1.example.com\n", "LDAP_START_TLS": "false\n",
		"LDAP_SCHEMA": "rfc2307\n", "LDAP_BASE_DN": " dc=example\n",
	} {
		t.Setenv(variable, value)
	}
	if text := errorsOf(t, object{}); text != "" {
		t.Error(text)
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
		"CLOUDSHELL_URL": "cloudshell:9000", "CLOUDSHELL_CA_CERTIFICATE": "ca.pem", "LDAP_URL": "ldap://a ldap://b",
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
