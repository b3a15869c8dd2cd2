// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// serveOdd serves HTTPS with an odd certificate.
func serveOdd(t *testing.T, oddity string) (url string, authority mockldap.Authority) {
	t.Helper()
	authority, config, err := mockldap.NewOddAuthority(oddity, net.IPv4(127, 0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Listener = tls.NewListener(s.Listener, config)
	s.Start()
	t.Cleanup(s.Close)
	return "https://" + s.Listener.Addr().String(), authority
}

// Certificates with negative serial numbers are read, whether they are verified or not.
func TestNegativeSerialNumber(t *testing.T) {
	t.Parallel()
	url, authority := serveOdd(t, mockldap.NegativeSerial)
	for _, config := range []setting.TLS{{Insecure: true}, {CACertificate: authority.CA}} {
		request := transport.Request{Method: http.MethodGet, URL: url}
		if _, err := newClient(t, transport.Config{TLS: config}).Do(t.Context(), request); err != nil {
			t.Errorf("insecure %v: %v", config.Insecure, err)
		}
	}
}

// A certificate that Go does not read is a final error of its own: trusting an authority does not help.
func TestUnreadableCertificate(t *testing.T) {
	t.Parallel()
	url, _ := serveOdd(t, mockldap.Unreadable)
	client := newClient(t, transport.Config{TLS: setting.TLS{Insecure: true}, MaxRetries: 4})
	_, err := client.Do(t.Context(), transport.Request{Method: http.MethodGet, URL: url})
	mustBe(t, err, transport.ErrUnreadableCertificate)
	mustNotBe(t, err, transport.ErrUntrustedCertificate)
}
