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
