// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// TestNegativeSerialNumbers: Go refuses such certificates unless it is told not to, which go.mod and main.go do.
func TestNegativeSerialNumbers(t *testing.T) {
	t.Parallel()
	for _, options := range []mockldap.Options{
		{Certificate: mockldap.NegativeSerial, TLS: true}, {Certificate: mockldap.NegativeSerial, StartTLS: true},
	} {
		for name, change := range map[string]func(*directory.Config){
			"trusted":  nil,
			"insecure": func(c *directory.Config) { c.TLS.CACertificate, c.TLS.Insecure = "", true },
		} {
			client, _ := start(t, options, change)
			if users, err := client.FindUsers(t.Context(), "jporter"); err != nil || len(users) != 1 {
				t.Errorf("%s, TLS %v: FindUsers = %v, %v; want one", name, options.TLS, users, err)
			}
		}
	}
}

// TestUnreadableCertificate: trusting an authority does not help, and the message must not say so.
func TestUnreadableCertificate(t *testing.T) {
	t.Parallel()
	for _, options := range []mockldap.Options{
		{Certificate: mockldap.Unreadable, TLS: true}, {Certificate: mockldap.Unreadable, StartTLS: true},
	} {
		client, _ := start(t, options, func(c *directory.Config) { c.TLS.Insecure = true })
		_, err := client.FindUsers(t.Context(), "jporter")
		if !errors.Is(err, directory.ErrUntrustedCertificate) || !strings.Contains(err.Error(), "new certificate issued") ||
			!strings.Contains(err.Error(), "x509: invalid version") || strings.Contains(err.Error(), "ca_certificate") {
			t.Errorf("FindUsers: %v; want what is wrong with the certificate", err)
		}
	}
}
