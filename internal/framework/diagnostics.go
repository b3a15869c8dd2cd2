// SPDX-License-Identifier: MPL-2.0

// Package framework holds what the wings share on Terraform's side: attributes, validators, import IDs, diagnostics for
// what clients answer.
package framework

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// Fault turns what a client answered into the detail of a diagnostic: what the server said, what that means, and what
// to do next. More sentences of the caller's own, about what follows, can be added.
func Fault(platform clients.Platform, err error, more ...string) string {
	if login, ok := errors.AsType[*setting.LoginError](err); ok {
		said := login.Account + " cannot log in: " + said(platform, login.Err)
		return strings.Join(append([]string{Sentence(said), login.Advice}, more...), " ")
	}
	sentences := []string{Sentence(said(platform, err))}
	if advice := advice(platform, err); advice != "" {
		sentences = append(sentences, advice)
	}
	return strings.Join(append(sentences, more...), " ")
}

// AddFault adds an error with the given summary, such as `Unable to Import CloudShell User "jporter"`, for what a
// client answered.
func AddFault(diags *diag.Diagnostics, platform clients.Platform, summary string, err error, more ...string) {
	diags.AddError(summaryOf(platform, summary, err), Fault(platform, err, more...))
}

// AddAttributeFault is AddFault for an error that an attribute of the configuration is the cause of.
func AddAttributeFault(
	diags *diag.Diagnostics,
	at path.Path,
	platform clients.Platform,
	summary string,
	err error,
	more ...string,
) {
	if isProviderFault(err) {
		AddFault(diags, platform, summary, err, more...)
		return
	}
	diags.AddAttributeError(at, summary, Fault(platform, err, more...))
}

// summaryOf is the summary for an error. A failed login and a platform that is not configured have summaries of their
// own, whichever request met them first.
func summaryOf(platform clients.Platform, summary string, err error) string {
	switch {
	case isLoginFailure(err) && platform == clients.LDAP:
		return "Unable to Log In to the LDAP Directory"
	case isLoginFailure(err):
		return "Unable to Log In to " + platform.Title()
	case isNotConfigured(err) && platform == clients.LDAP:
		return "The LDAP Directory Is Not Configured"
	case isNotConfigured(err):
		return platform.Title() + " Is Not Configured"
	default:
		return summary
	}
}

// isProviderFault reports whether the provider's configuration is the cause, and no attribute of a resource.
func isProviderFault(err error) bool { return isLoginFailure(err) || isNotConfigured(err) }

func isLoginFailure(err error) bool {
	var login *setting.LoginError
	return errors.As(err, &login) || errors.Is(err, directory.ErrCredentials)
}

func isNotConfigured(err error) bool {
	var missing *clients.NotConfiguredError
	return errors.As(err, &missing)
}

// IsPassing reports whether a failure says nothing about what was asked: the server was down, slow or busy. A check at
// plan is then a warning, and the apply asks again.
func IsPassing(err error) bool {
	status := transport.Status(err)
	return !errors.Is(err, transport.ErrNoTLS) && errors.Is(err, transport.ErrUnreachable) ||
		errors.Is(err, transport.ErrTimeout) ||
		errors.Is(err, transport.ErrAnswerLost) || errors.Is(err, context.DeadlineExceeded) ||
		status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// IsUnknownConfiguration reports whether a client is missing only because Terraform does not know the provider's
// configuration yet. Reads then keep state and warn, checks are skipped.
func IsUnknownConfiguration(err error) bool {
	var unknown *clients.UnknownConfigurationError
	return errors.As(err, &unknown)
}

// AddIfNotConfigured adds an error when a client is missing since neither block nor environment configures its
// platform, and reports whether it did. The plan of a create calls it, so that the error comes before the apply.
func AddIfNotConfigured(diags *diag.Diagnostics, err error) bool {
	var missing *clients.NotConfiguredError
	if !errors.As(err, &missing) {
		return false
	}
	AddFault(diags, missing.Platform, "", err)
	return true
}

// WarnStateKept is the warning of a Read that could not ask the platform because its configuration is not known yet.
func WarnStateKept(diags *diag.Diagnostics, subject string, err error) {
	diags.AddWarning(SummaryNotRefreshed, Sentence(err.Error())+" The state of "+subject+" stays as it was.")
}

// Sentence makes a text end as a sentence does and start with a capital letter.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	if word, _, _ := strings.Cut(text, " "); !strings.ContainsAny(word, "._") { // not a name such as ldap.url
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if last, _ := utf8.DecodeLastRuneInString(text); !strings.ContainsRune(".!?", last) {
		text += "."
	}
	return text
}

// said is what the server, or the attempt to reach it, said.
func said(platform clients.Platform, err error) string {
	var answer *transport.Error
	if errors.As(err, &answer) && answer.Status != 0 {
		words := strings.TrimSpace(answer.Words)
		if words == "" {
			words = "no further words"
		}
		return fmt.Sprintf(
			"%s answered %s to %s %s: %s",
			platform.Title(),
			statusText(answer.Status),
			answer.Method,
			answer.Path,
			words,
		)
	}
	return err.Error()
}

// advice is what the error means and what to do next, or "" where the error itself says that.
func advice(platform clients.Platform, err error) string {
	block := string(platform)
	switch {
	case errors.Is(err, context.Canceled):
		return "The work was interrupted."
	case errors.Is(err, transport.ErrUntrustedCertificate):
		return fmt.Sprintf(
			"The certificate of the server is not trusted. Set %s.ca_certificate to the PEM text of the authority that "+
				"issued it "+
				"(or, for a test only, %s.insecure = true), and check that the host in %s.url is the one that the certificate "+
				"names.",
			block,
			block,
			block,
		)
	case errors.Is(err, transport.ErrUnreadableCertificate):
		return setting.UnreadableAdvice
	case errors.Is(err, transport.ErrCertificateRefused):
		return fmt.Sprintf(
			"The server demands a certificate of the client, or does not trust the one that it got. Set "+
				"%s.client_certificate and "+
				"%s.client_key to the PEM text of a certificate whose authority the server trusts, and check that it has not "+
				"expired. If the server asks for no certificates, it offers no TLS cipher suite that the provider takes for "+
				"safe.",
			block,
			block,
		)
	case errors.Is(err, transport.ErrNoTLS):
		return fmt.Sprintf("Check the port in %s.url. If the server is meant to be used without encryption, write http:// "+
			"in place of https://.", block)
	case errors.Is(err, transport.ErrUnreachable):
		return fmt.Sprintf(
			"The server cannot be reached. Check host and port in %s.url, and firewalls and proxies on the way.",
			block,
		)
	case errors.Is(err, transport.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return "The server took too long. Raise request_timeout of the provider if it is slow but well."
	case errors.Is(err, transport.ErrTooLarge): // before ErrAnswerLost, which it is too
		return fmt.Sprintf("The answer is larger than the provider accepts, which no answer of this API should be. Check "+
			"%s.url, and proxies on the way.", block)
	case errors.Is(err, transport.ErrAnswerLost): // or one came that cannot be read
		return "No whole answer of the API came back, so the server may or may not have done what was asked."
	case transport.Status(err) == http.StatusTooManyRequests:
		return "The server asks for fewer requests. Lower max_concurrent_requests of the provider."
	case transport.Status(err) >= http.StatusInternalServerError:
		return "The server failed. Its log tells why; apply again when it is well."
	default:
		return ""
	}
}
