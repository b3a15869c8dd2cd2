// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// An ldap block can bind in three ways. What does not go together is told where it stands, before anything is sent.
func TestLDAPBindsThatAreRefused(t *testing.T) {
	t.Parallel()
	authority, other := newAuthority(t), newAuthority(t)
	config := filepath.Join(t.TempDir(), "krb5.conf")
	if err := os.WriteFile(config, []byte(`[libdefaults]
  dns_lookup_kdc = false
`), 0o600); err != nil {
		t.Fatal(err)
	}
	kerberos := func(block object) object {
		block["krb5_conf"] = config
		return with("ldap", object{"bind_dn": nil, "bind_password": nil, "kerberos": block})
	}
	for name, c := range map[string]struct {
		config    object
		at, words string
	}{
		"no client key": {
			with("ldap", object{"client_certificate": authority.Certificate}),
			"ldap.client_key", "is missing",
		},
		"another key": {
			with("ldap", object{"client_certificate": authority.Certificate, "client_key": other.Key}),
			"ldap.client_key", "does not fit",
		},
		"certificate without TLS": {
			with("ldap", object{
				"url":                "ldap://dc1.example.com",
				"client_certificate": authority.Certificate, "client_key": authority.Key,
			}),
			"ldap.client_certificate", "use ldaps:// or set start_tls = true",
		},
		"kerberos and bind_dn": {
			with("ldap", object{"kerberos": object{"username": "u", "password": "very-secret"}}),
			"ldap.bind_dn", "does not go with kerberos",
		},
		"no proof": {
			kerberos(object{"username": "u"}),
			"ldap.kerberos", "Set one of password, keytab and ccache",
		},
		"two proofs": {
			kerberos(object{"username": "u", "password": "very-secret", "keytab": "/x"}),
			"ldap.kerberos", "several proofs",
		},
		"no user name": {
			kerberos(object{"password": "very-secret"}),
			"ldap.kerberos.username", "is missing",
		},
		"realm in the name": {
			kerberos(object{"username": "u@X", "password": "very-secret"}),
			"ldap.kerberos.username", "kerberos.realm",
		},
		"no realm": {
			kerberos(object{"username": "u", "password": "very-secret"}),
			"ldap.kerberos.realm", "no default realm",
		},
		"no such keytab": {
			kerberos(object{"username": "u", "realm": "X", "keytab": "/no/such/file"}),
			"ldap.kerberos.keytab", "no such file",
		},
		"no such cache": {
			kerberos(object{"realm": "X", "ccache": "/no/such/file"}),
			"ldap.kerberos.ccache", "no such file",
		},
		"cache in the kernel": {
			kerberos(object{"realm": "X", "ccache": "KEYRING:persistent:0"}),
			"ldap.kerberos.ccache", "must be a file",
		},
		"no such krb5.conf": {
			with("ldap", object{
				"bind_dn": nil, "bind_password": nil,
				"kerberos": object{"username": "u", "password": "very-secret", "krb5_conf": "/no/such"},
			}),
			"ldap.kerberos.krb5_conf", "/no/such",
		},
		"line break after the password": {
			kerberos(object{"username": "u", "realm": "X", "password": "very-secret\n"}),
			"ldap.kerberos.password", "white space",
		},
		"password in the address": {
			with("ldap", object{"url": "ldap://reader:very-secret@dc1.example.com"}),
			"ldap.url", "",
		},
		"password with a comma in it": {
			with("ldap", object{"url": "ldap://reader:a,very-secret,b@dc1.example.com"}),
			"ldap.url", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := errorsOf(t, c.config)
			contains(t, text, c.at+": ", c.words)
			if strings.Contains(text, "very-secret") {
				t.Error("a secret is shown: " + text)
			}
		})
	}
}

// A secret in the environment's address is not shown either.
func TestSecretInLDAPURL(t *testing.T) {
	for _, address := range []string{
		"ldap://reader:very-secret@dc1", "ldap://reader:a,very-secret,b@dc1",
		"ldap://dc1????X-BINDPW=very-secret", "ldap://%zzvery-secret",
	} {
		t.Setenv("LDAP_URL", address)
		text := errorsOf(t, object{})
		contains(t, text, "ldap.url: ")
		if strings.Contains(text, "very-secret") {
			t.Errorf("%s: %s", address, text)
		}
	}
}

// The environment's client certificate binds; the environment's account does not stand against a kerberos block.
func TestLDAPBindFromTheEnvironment(t *testing.T) {
	authority := newAuthority(t)
	server, err := mockldap.Start(mockldap.Options{StartTLS: true, AllowAnonymous: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	t.Setenv("LDAP_URL", server.URL())
	t.Setenv("LDAP_START_TLS", "true")
	t.Setenv("LDAP_CA_CERTIFICATE", server.CACertificate())
	t.Setenv("LDAP_CLIENT_CERTIFICATE", authority.Certificate)
	t.Setenv("LDAP_CLIENT_KEY", authority.Key)
	_, diagnostics := acctest.Configured(t, object{}).ReadData("directory_ldap_user", object{"username": "jporter"})
	contains(t, acctest.Errors(diagnostics), "ldap.client_certificate") // the mock knows no SASL EXTERNAL and hangs up

	t.Setenv("LDAP_BIND_DN", server.BindDN())
	t.Setenv("LDAP_BIND_PASSWORD", server.BindPassword())
	_, diagnostics = acctest.Configured(t, object{}).ReadData("directory_ldap_user", object{"username": "jporter"})
	if text := acctest.Errors(diagnostics); text != "" {
		t.Error(text)
	}
	kerberos := object{"username": "u", "keytab": "/no/such/file", "realm": "X"}
	text := errorsOf(t, object{"ldap": object{"kerberos": kerberos}})
	contains(t, text, "ldap.kerberos.keytab: ")
}
