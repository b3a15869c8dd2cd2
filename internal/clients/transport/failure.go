// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// failure is an attempt that brought no whole answer.
type failure struct {
	method, path string
	text         string
	// is holds what errors.Is finds: sentinels and the cause.
	is []error
}

// Error reads like "GET /api/v1/users: cannot connect: dial tcp 127.0.0.1:9000: connect: connection refused".
func (f *failure) Error() string { return f.method + " " + f.path + ": " + f.text }

func (f *failure) Unwrap() []error { return f.is }

// newFailure finds out what an error of net/http means. connected = the server may have seen the request.
func newFailure(ctx context.Context, call *call, path string, err error, connected bool) *failure {
	failed := &failure{method: call.request.Method, path: path}
	seen, missing := ErrUnreachable, "no connection"
	if connected {
		seen, missing = ErrAnswerLost, "no answer"
	}
	switch {
	case errors.Is(context.Cause(ctx), ErrTimeout):
		failed.is = []error{ErrTimeout, seen}
		failed.text = fmt.Sprintf("%s within %s", missing, call.limit.length)
	case ctx.Err() != nil: // net/http may report a closed connection instead
		failed.is = []error{ended(ctx.Err())}
		if connected {
			failed.is = append(failed.is, ErrAnswerLost)
		}
		failed.text = ctx.Err().Error()
	case untrusted(err):
		failed.is = []error{ErrUntrustedCertificate, err}
		failed.text = ErrUntrustedCertificate.Error() + ": " + err.Error()
	case setting.CertificateUnreadable(err):
		failed.is = []error{ErrUnreadableCertificate, err}
		failed.text = ErrUnreadableCertificate.Error() + ": " + err.Error()
	case setting.CertificateRefused(err):
		failed.is = []error{ErrCertificateRefused, err}
		failed.text = ErrCertificateRefused.Error() + ": " + err.Error()
	case errors.Is(err, http.ErrSchemeMismatch):
		failed.is = []error{ErrNoTLS, ErrUnreachable, err}
		failed.text = ErrNoTLS.Error()
	case errors.Is(err, ErrTooLarge):
		failed.is = []error{err, seen}
		failed.text = err.Error()
	case errors.Is(err, io.EOF):
		failed.is = []error{seen, err}
		failed.text = seen.Error() + ": the server closed the connection"
	default:
		failed.is = []error{seen, err}
		failed.text = seen.Error() + ": " + withoutWord(err.Error())
	}
	failed.text = call.secrets.mask(failed.text) // net/http quotes a head that it cannot read
	return failed
}

// withoutWord drops the word that net/http quotes from a first line that it cannot read: it may be a part of a secret.
func withoutWord(text string) string {
	for _, problem := range []string{"malformed HTTP status code", "malformed HTTP version"} {
		if before, _, found := strings.Cut(text, problem); found {
			return before + problem
		}
	}
	return text
}

// ended marks the caller's own deadline as ErrTimeout too.
func ended(contextError error) error {
	if errors.Is(contextError, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTimeout, contextError)
	}
	return contextError
}

func untrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

// mayPass reports whether the same request may succeed later.
func (f *failure) mayPass() bool {
	for _, lasting := range []error{
		ErrUntrustedCertificate, ErrUnreadableCertificate, ErrCertificateRefused, ErrTooLarge, ErrTimeout,
	} {
		if errors.Is(f, lasting) {
			return false
		}
	}
	var lookup *net.DNSError
	unknownHost := errors.As(f, &lookup) && lookup.IsNotFound
	return !unknownHost && !errors.Is(f, http.ErrSchemeMismatch)
}
