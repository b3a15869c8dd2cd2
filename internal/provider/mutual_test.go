// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"maps"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func newAuthority(t *testing.T) mockldap.Authority {
	t.Helper()
	authority, err := mockldap.NewAuthority(net.IPv4(127, 0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

// demandCertificate serves what is at address to clients that show a certificate of the authority, and returns the URL.
func demandCertificate(t *testing.T, address string, authority mockldap.Authority) string {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	own, err := tls.X509KeyPair([]byte(authority.Certificate), []byte(authority.Key))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM([]byte(authority.CA))
	front := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(target))
	front.TLS = &tls.Config{
		Certificates: []tls.Certificate{own},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    trusted,
	}
	front.Config.ErrorLog = log.New(io.Discard, "", 0)
	front.StartTLS()
	t.Cleanup(front.Close)
	return front.URL
}

// Both platforms can stand behind something that demands a certificate of its clients.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	authority, stranger := newAuthority(t), newAuthority(t)
	shellURL := demandCertificate(t, acctest.CloudShell(t, cloudshell.Options{}).URL(), authority)
	vcdURL := demandCertificate(t, acctest.VCD(t, mockvcd.Options{}).URL(), authority)
	for _, platform := range []struct {
		block, dataSource string
		config            object
	}{
		{"cloudshell", "directory_cloudshell_users", object{"url": shellURL, "username": "admin", "password": "admin"}},
		{
			"vcd", "directory_vcd_roles",
			object{"url": vcdURL, "org": "acme", "username": mockvcd.Username, "password": mockvcd.Password},
		},
	} {
		read := func(client object) string {
			block := maps.Clone(platform.config)
			block["ca_certificate"] = authority.CA
			maps.Copy(block, client)
			p := acctest.Configured(t, object{platform.block: block, "max_retries": int64(4)})
			_, diagnostics := p.ReadData(platform.dataSource, object{})
			return acctest.Errors(diagnostics)
		}
		if text := read(object{"client_certificate": authority.Certificate, "client_key": authority.Key}); text != "" {
			t.Errorf("%s: %s", platform.block, text)
		}
		for name, client := range map[string]object{
			"none": {}, "a stranger's": {"client_certificate": stranger.Certificate, "client_key": stranger.Key},
		} {
			text := read(client)
			contains(t, text, "refused the client's certificate", platform.block+".client_certificate")
			if strings.Contains(text, "reach") || strings.Contains(text, "may or may not") {
				t.Errorf("%s with %s: %s", platform.block, name, text)
			}
		}
	}
}

func TestClientCertificateFromTheEnvironment(t *testing.T) {
	authority := newAuthority(t)
	address := demandCertificate(t, acctest.CloudShell(t, cloudshell.Options{}).URL(), authority)
	t.Setenv("CLOUDSHELL_CA_CERTIFICATE", authority.CA)
	t.Setenv("CLOUDSHELL_CLIENT_CERTIFICATE", authority.Certificate)
	t.Setenv("CLOUDSHELL_CLIENT_KEY", authority.Key)
	config := object{"cloudshell": object{"url": address, "username": "admin", "password": "admin"}}
	_, diagnostics := acctest.Configured(t, config).ReadData("directory_cloudshell_users", object{})
	if text := acctest.Errors(diagnostics); text != "" {
		t.Error(text)
	}
	t.Setenv("CLOUDSHELL_CLIENT_KEY", "/etc/very-secret.pem")
	text := errorsOf(t, config)
	contains(t, text, "cloudshell.client_key", "CLOUDSHELL_CLIENT_KEY", "file(")
	if strings.Contains(text, "very-secret") {
		t.Error("the value is repeated: " + text)
	}
}

// What is wrong with the pair is told where it stands, and never with anything of the key.
func TestClientCertificateThatIsRefused(t *testing.T) {
	t.Parallel()
	authority, other := newAuthority(t), newAuthority(t)
	for name, c := range map[string]struct {
		pair      object
		at, words string
	}{
		"no key":         {object{"client_certificate": authority.Certificate}, "client_key", "is missing"},
		"no certificate": {object{"client_key": authority.Key}, "client_certificate", "is missing"},
		"another key": {
			object{"client_certificate": authority.Certificate, "client_key": other.Key}, "client_key", "does not fit",
		},
		"path": {
			object{"client_certificate": "/etc/cert.pem", "client_key": authority.Key}, "client_certificate", "not its path",
		},
		"path of a key": {
			object{"client_certificate": authority.Certificate, "client_key": "/etc/very-secret.pem"}, "client_key",
			"not its path",
		},
	} {
		for _, platform := range []string{"cloudshell", "vcd"} {
			text := errorsOf(t, with(platform, c.pair))
			contains(t, text, platform+"."+c.at+": ", c.words)
			if strings.Contains(text, "very-secret") || strings.Contains(text, "\n") {
				t.Errorf("%s, %s: %s", platform, name, text)
			}
		}
	}
}
