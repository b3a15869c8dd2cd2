// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"errors"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// bind authenticates the connection: as an account with its password, as the subject of the client's certificate, or,
// without either, anonymously.
func (c *Client) bind(ctx context.Context, e endpoint, conn *connection) error {
	switch {
	case c.tickets != nil:
		return c.bindKerberos(ctx, e, conn)
	case c.config.BindDN != "":
		if err := c.masked(conn.Bind(c.config.BindDN, c.config.BindPassword)); err != nil {
			return c.explainBind(e, err)
		}
	case len(c.tls.Certificates) > 0:
		if err := conn.ExternalBind(); err != nil {
			return c.explainExternal(e, err)
		}
	}
	return nil // an LDAP connection is anonymous until a client binds
}

// masked hides the bind password in the words of a server that repeats what it was sent.
func (c *Client) masked(err error) error {
	answer, ok := errors.AsType[*ldap.Error](err)
	if !ok || answer.Err == nil {
		return err
	}
	said := answer.Err.Error()
	if masked := setting.Mask(said, c.config.BindPassword); masked != said {
		answer.Err = errors.New(masked)
	}
	return err
}

// explainTLS says what is wrong with the server's certificate, or with the client's, after a failed handshake. go-ldap
// passes on only the text of StartTLS's error.
func explainTLS(e endpoint, err error) error {
	switch {
	case setting.CertificateRefused(err):
		return explainCertificateRefused(e.url, err)
	case setting.CertificateUnreadable(err):
		return fault(ErrUntrustedCertificate, "url", err, "%s cannot be used. %s", e.url, setting.UnreadableAdvice)
	case strings.Contains(err.Error(), "x509:"):
		return fault(
			ErrUntrustedCertificate,
			"ca_certificate",
			err,
			"The certificate of %s is not trusted. Set ldap.ca_certificate to the PEM text of the authority that signed it, "+
				"and name the server in ldap.url as the certificate does.",
			e.url,
		)
	default:
		return fault(
			ErrUnreachable,
			"url",
			err,
			"A TLS connection to %s could not be made. Check that the port in ldap.url is one that speaks TLS.",
			e.url,
		)
	}
}

func explainStartTLS(e endpoint, err error) error {
	var answer *ldap.Error
	if errors.As(err, &answer) && answer.ResultCode < ldap.ErrorNetwork {
		return fault(
			ErrStartTLSRefused,
			"start_tls",
			err,
			"%s does not offer StartTLS. Use an ldaps:// address in ldap.url and leave ldap.start_tls out; nothing was sent "+
				"unencrypted.",
			e.url,
		)
	}
	return explainTLS(e, err)
}

func explainCertificateRefused(address string, err error) error {
	return fault(
		ErrCredentials,
		"client_certificate",
		err,
		"%s demands a certificate of the client, or does not trust the one that it got. Set ldap.client_certificate and "+
			"ldap.client_key "+
			"to the PEM text of a certificate whose authority the server trusts, and check that it has not expired.",
		address,
	)
}

func (c *Client) explainExternal(e endpoint, err error) error {
	if setting.CertificateRefused(err) {
		return explainCertificateRefused(e.url, err)
	}
	if ldap.IsErrorAnyOf(err, ldap.LDAPResultInvalidCredentials, ldap.LDAPResultInappropriateAuthentication,
		ldap.LDAPResultAuthMethodNotSupported, ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultInsufficientAccessRights,
		ldap.LDAPResultProtocolError) {
		return fault(
			ErrCredentials,
			"client_certificate",
			err,
			"%s does not let the client bind as the subject of ldap.client_certificate (SASL EXTERNAL). Have the server ask "+
				"for client "+
				"certificates and map their subjects to accounts, or set ldap.bind_dn and ldap.bind_password.",
			e.url,
		)
	}
	return fault(ErrUnreachable, "url", err, "%s could not be used.%s", e.url, c.hangUpHint())
}
