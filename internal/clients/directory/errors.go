// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// What can go wrong, for errors.Is. The error itself names the attribute of the configuration and the way out.
var (
	ErrNotFound             = errors.New("not in the directory")
	ErrUnreachable          = errors.New("directory cannot be reached")
	ErrUntrustedCertificate = errors.New("certificate is not trusted")
	ErrStartTLSRefused      = errors.New("StartTLS refused")
	ErrTLSRequired          = errors.New("encryption required")
	ErrCredentials          = errors.New("bind refused")
	ErrAnonymousRefused     = errors.New("anonymous access refused")
	ErrForbidden            = errors.New("access denied")
	ErrBaseNotFound         = errors.New("base DN not found")
	ErrSizeLimit            = errors.New("size limit exceeded")
	ErrTimeout              = errors.New("directory took too long")
	ErrBadFilter            = errors.New("filter does not parse")
	ErrBadDN                = errors.New("not a distinguished name")
	ErrEndless              = errors.New("directory does not end a search")
	ErrUnexpected           = errors.New("directory cannot answer")
)

// Error is a failure that the user can correct by a setting.
type Error struct {
	// Kind is one of the sentinels above.
	Kind error
	// Attribute is the setting to look at first, by its name in HCL: one of the ldap block, or a data source's filter,
	// base_dn or dn.
	Attribute string
	// Message says in whole sentences what happened, what it means and what to do.
	Message string
	// Cause is what the server or the network said.
	Cause error
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// fault makes an Error; the message ends with what the server or the network said.
func fault(kind error, attribute string, cause error, format string, args ...any) *Error {
	return &Error{
		Kind:      kind,
		Attribute: attribute,
		Message:   fmt.Sprintf(format, args...) + causeSentence(cause),
		Cause:     cause,
	}
}

// causeSentence quotes the result code and the diagnostic message of an answer, or the text of any other error.
func causeSentence(err error) string {
	if err == nil {
		return ""
	}
	var answer *ldap.Error
	if !errors.As(err, &answer) {
		return " The cause: " + setting.OneLine(err.Error())
	}
	words := setting.OneLine(answer.Err.Error()) // Active Directory ends its messages with a zero byte
	if answer.ResultCode >= ldap.ErrorNetwork {  // go-ldap's own codes
		return " The cause: " + words
	}
	said := fmt.Sprintf(" The server said: %s (code %d)", ldap.LDAPResultCodeMap[answer.ResultCode], answer.ResultCode)
	if words != "" && words != "<nil>" {
		said += ": " + words
	}
	return said
}

// isNetwork reports whether the connection failed, so that a new connection may succeed. An answer of the server is no
// such failure.
func isNetwork(err error) bool {
	if err == nil || isCancelled(err) {
		return false
	}
	if answer, ok := errors.AsType[*ldap.Error](err); ok {
		return answer.ResultCode == ldap.ErrorNetwork || isOverloaded(err)
	}
	return true // go-ldap reports broken connections as plain errors
}

// isOverloaded reports whether the server says that it cannot answer now. Another server, or another attempt, may.
func isOverloaded(err error) bool {
	return ldap.IsErrorAnyOf(err, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable)
}

// explainBind turns a failed bind into advice.
func (c *Client) explainBind(e endpoint, err error) error {
	switch {
	case setting.CertificateRefused(err):
		return explainCertificateRefused(e.url, err)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired):
		return fault(
			ErrTLSRequired,
			"url",
			err,
			"%s does not accept a password over an unencrypted connection. Use an ldaps:// address in ldap.url, or set "+
				"ldap.start_tls = true.",
			e.url,
		)
	case ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials):
		return fault(
			ErrCredentials,
			"bind_password",
			err,
			"%s refused the bind as %q: ldap.bind_dn or ldap.bind_password is wrong%s. The bind is not repeated, so that "+
				"the account is not locked.",
			e.url,
			c.config.BindDN,
			activeDirectoryReason(err),
		)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultInvalidDNSyntax, ldap.LDAPResultNoSuchObject):
		return fault(
			ErrCredentials,
			"bind_dn",
			err,
			"%s does not know ldap.bind_dn %q. It must be the account's full distinguished name, or for Active Directory "+
				"user@domain.",
			e.url,
			c.config.BindDN,
		)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultAuthMethodNotSupported,
		ldap.LDAPResultUnwillingToPerform):
		return fault(
			ErrCredentials,
			"bind_dn",
			err,
			"%s does not let %q bind with a password. Choose another account in ldap.bind_dn.",
			e.url,
			c.config.BindDN,
		)
	default:
		return fault(ErrUnreachable, "url", err, "%s could not be used.%s", e.url, c.hangUpHint())
	}
}

// hangUpHint is for servers that close the connection without a TLS alert when the client shows no certificate, as
// slapd with GnuTLS does.
func (c *Client) hangUpHint() string {
	if !c.config.StartTLS && !slices.ContainsFunc(c.endpoints, func(e endpoint) bool { return e.secure }) {
		return ""
	}
	return " If the server demands a certificate of its clients, or does not trust this one, set " +
		"ldap.client_certificate and ldap.client_key."
}

// activeDirectoryReason reads the reason out of "... AcceptSecurityContext error, data 52e, ...".
func activeDirectoryReason(err error) string {
	reasons := map[string]string{
		"data 525": "there is no such account", "data 52e": "the password is wrong", "data 530": "the account may not " +
			"log in at this hour",
		"data 531": "the account may not log in from here", "data 532": "the password has expired", "data 533": "the " +
			"account is disabled",
		"data 701": "the account has expired", "data 773": "the password must be changed first", "data 775": "the " +
			"account is locked",
	}
	for data, reason := range reasons {
		if strings.Contains(err.Error(), data+",") {
			return " (" + reason + ")"
		}
	}
	return ""
}

// explainSearch turns a failed search into advice; what failed before the search is explained already.
func (c *Client) explainSearch(err error, base string) error {
	var explained *Error
	switch {
	case err == nil, isCancelled(err), errors.As(err, &explained):
		return err
	case ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject):
		return fault(
			ErrBaseNotFound,
			"base_dn",
			err,
			"The directory has no entry %q, or ldap.bind_dn may not see it. Check base_dn. Left out, it is the server's "+
				"naming contexts.",
			base,
		)
	case ldap.IsErrorWithCode(err, ldap.LDAPResultReferral):
		return fault(
			ErrBaseNotFound,
			"base_dn",
			err,
			"The server does not hold %q and refers to another one. The provider does not follow referrals: name that server "+
				"in ldap.url, or correct base_dn.",
			base,
		)
	case ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidDNSyntax):
		return fault(ErrBadDN, "base_dn", err, "%q is not a distinguished name to the server.", base)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultAdminLimitExceeded):
		return fault(ErrSizeLimit, "filter", err,
			"The server gives this account no more entries, not even page by page, so the result would be incomplete. Narrow "+
				"filter or base_dn, or raise the limit of ldap.bind_dn (OpenLDAP: olcLimits with size.prtotal=unlimited).")
	case ldap.IsErrorWithCode(err, ldap.LDAPResultTimeLimitExceeded):
		return fault(
			ErrTimeout,
			"filter",
			err,
			"The search took longer than the server allows. Narrow filter or base_dn, or raise request_timeout.",
		)
	case c.describeAccount() == "" && ldap.IsErrorWithCode(err,
		ldap.LDAPResultUnwillingToPerform): // OpenLDAP that requires a bind
		return c.explainDenied(err, base)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultOperationsError, ldap.LDAPResultInappropriateAuthentication,
		ldap.LDAPResultInsufficientAccessRights, ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultAuthorizationDenied):
		return c.explainDenied(err, base)
	case ldap.IsErrorAnyOf(err, ldap.ErrorFilterCompile, ldap.LDAPResultFilterError, ldap.LDAPResultProtocolError,
		ldap.LDAPResultInappropriateMatching):
		return fault(ErrBadFilter, "filter", err, "The server does not accept the filter.")
	case isTimeout(err):
		return fault(
			ErrTimeout,
			"request_timeout",
			err,
			"The directory took longer than %s. Narrow filter or base_dn, or raise request_timeout.",
			c.config.Timeout,
		)
	case setting.CertificateRefused(err):
		return explainCertificateRefused(c.config.URL, err)
	case isOverloaded(err):
		return fault(
			ErrUnreachable,
			"url",
			err,
			"The directory is too busy to answer, or not available at the moment. Try again later, or add another server to "+
				"ldap.url.",
		)
	case isNetwork(err):
		return fault(
			ErrUnreachable,
			"url",
			err,
			"The connection to the directory broke, and a second connection broke too.%s",
			c.hangUpHint(),
		)
	default:
		return fault(
			ErrUnexpected,
			"",
			err,
			"The directory cannot answer the search below %q. Its log may say more.",
			base,
		)
	}
}

func (c *Client) explainDenied(err error, base string) error {
	if account := c.describeAccount(); account != "" {
		return fault(
			ErrForbidden,
			"bind_dn",
			err,
			"%q may not search %q. Grant it read access, bind as another account, or set ldap.base_dn to an entry that it "+
				"may search.",
			account,
			base,
		)
	}
	return fault(ErrAnonymousRefused, "bind_dn", err,
		"The directory does not answer anonymous requests. Set ldap.bind_dn and ldap.bind_password to an account that may "+
			"read it.")
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout() || strings.Contains(err.Error(), "connection timed out")
}
