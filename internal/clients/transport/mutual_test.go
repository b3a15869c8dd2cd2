// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// A server may demand a certificate of the client. One that it does not get, or does not trust, is a clear and final
// error.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	authority, stranger := newAuthority(t), newAuthority(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		clients := x509.NewCertPool()
		clients.AppendCertsFromPEM([]byte(authority.CA))
		s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients, MaxVersion: version}
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)

		request := transport.Request{Method: http.MethodPost, URL: s.URL, Body: []byte("{}")}
		good := setting.TLS{Insecure: true, ClientCertificate: authority.Certificate, ClientKey: authority.Key}
		if _, err := newClient(t, transport.Config{TLS: good}).Do(t.Context(), request); err != nil {
			t.Errorf("TLS %x: %v", version, err)
		}
		for name, refused := range map[string]setting.TLS{
			"none":          {Insecure: true},
			"a stranger's":  {Insecure: true, ClientCertificate: stranger.Certificate, ClientKey: stranger.Key},
			"a server's CA": {Insecure: true, CACertificate: authority.CA},
		} {
			_, err := newClient(t, transport.Config{TLS: refused, MaxRetries: 4}).Do(t.Context(), request)
			mustBe(t, err, transport.ErrCertificateRefused)
			mustNotBe(t, err, transport.ErrAnswerLost)
			if t.Failed() {
				t.Fatalf("TLS %x with %s: %v", version, name, err)
			}
		}
	}
}

func newAuthority(t *testing.T) mockldap.Authority {
	t.Helper()
	authority, err := mockldap.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	return authority
}
