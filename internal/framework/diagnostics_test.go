// SPDX-License-Identifier: MPL-2.0

package framework_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

func TestFault(t *testing.T) {
	t.Parallel()
	conflict := &transport.Error{Method: "POST", Path: "/api/v1/x", Status: 409, Words: "User already exists"}
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"the server's words": {
			conflict, []string{"CloudShell answered 409 Conflict to POST /api/v1/x: User already exists."},
		},
		"no words": {
			&transport.Error{Method: "GET", Path: "/", Status: 500},
			[]string{"500 Internal Server Error", "no further words", "Its log tells why"},
		},
		"odd status": {&transport.Error{Method: "GET", Path: "/", Status: 599}, []string{"status 599"}},
		"busy":       {&transport.Error{Method: "GET", Path: "/", Status: 429}, []string{"max_concurrent_requests"}},
		"wrong password": {
			fmt.Errorf("get: %w", &setting.LoginError{
				Account: `user "admin"`, Advice: "Check cloudshell.password.", Err: conflict,
			}),
			[]string{
				`User "admin" cannot log in: CloudShell answered 409 Conflict`,
				"already exists. Check cloudshell.password.",
			},
		},
		"certificate": {
			fmt.Errorf("get: %w", transport.ErrUntrustedCertificate),
			[]string{"cloudshell.ca_certificate", "cloudshell.insecure"},
		},
		"unreachable": {
			errors.Join(transport.ErrUnreachable, transport.ErrTimeout), []string{"cannot be reached", "cloudshell.url"},
		},
		"timeout": {
			errors.Join(transport.ErrTimeout, transport.ErrAnswerLost), []string{"took too long", "request_timeout"},
		},
		"deadline":    {fmt.Errorf("get: %w", context.DeadlineExceeded), []string{"took too long"}},
		"lost":        {fmt.Errorf("post: %w", transport.ErrAnswerLost), []string{"may or may not have done"}},
		"interrupted": {fmt.Errorf("get: %w", context.Canceled), []string{"interrupted"}},
		"too large": {
			errors.Join(transport.ErrTooLarge, transport.ErrAnswerLost), []string{"larger than", "cloudshell.url"},
		},
		"not configured": {
			&clients.NotConfiguredError{Platform: clients.CloudShell}, []string{"`cloudshell { url = … }`", "CLOUDSHELL_URL"},
		},
		"unknown": {
			&clients.UnknownConfigurationError{Platform: clients.CloudShell, Attribute: "cloudshell.password"},
			[]string{"before apply", "cloudshell.password"},
		},
	} {
		detail := framework.Fault(clients.CloudShell, c.err, "And so on.")
		for _, part := range append(c.want, "And so on.") {
			if !strings.Contains(detail, part) {
				t.Errorf("%s: %q is not in: %s", name, part, detail)
			}
		}
	}
}

// A server without a safe cipher suite ends the connection as one does that demands a certificate.
func TestFaultOfAServerWithoutSafeCipherSuites(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{
		MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256},
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := transport.New(transport.Config{TLS: setting.TLS{Insecure: true}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Do(t.Context(), transport.Request{Method: http.MethodGet, URL: server.URL})
	if detail := framework.Fault(clients.CloudShell, err); !strings.Contains(detail, "no TLS cipher suite") {
		t.Error(detail)
	}
}

// A failed login is called one, whichever request needed it first.
func TestFailedLoginHasOneSummary(t *testing.T) {
	t.Parallel()
	login := &setting.LoginError{Account: `user "admin"`, Advice: "Check the password.", Err: errors.New("no")}
	for want, fault := range map[string]struct {
		platform clients.Platform
		err      error
	}{
		"Unable to Log In to CloudShell":         {clients.CloudShell, login},
		"Unable to Log In to Cloud Director":     {clients.VCD, fmt.Errorf("roles: %w", login)},
		"Unable to Log In to the LDAP Directory": {clients.LDAP, fmt.Errorf("search: %w", directory.ErrCredentials)},
		"Unable to Import X":                     {clients.CloudShell, errors.New("no")},
	} {
		var diags diag.Diagnostics
		framework.AddFault(&diags, fault.platform, "Unable to Import X", fault.err)
		framework.AddAttributeFault(&diags, path.Root("name"), fault.platform, "Unable to Import X", fault.err)
		for _, d := range diags {
			if d.Summary() != want {
				t.Errorf("%q, want %q", d.Summary(), want)
			}
		}
		if _, ok := diags[len(diags)-1].(diag.DiagnosticWithPath); ok != (want == "Unable to Import X") {
			t.Errorf("%s: %v", want, diags)
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " no such user ": "No such user.", "Done!": "Done!", "élan": "Élan.", "ldap.url is empty": "ldap.url is " +
			"empty.", "why?": "Why?",
	} {
		if got := framework.Sentence(text); got != want {
			t.Errorf("Sentence(%q) = %q, want %q", text, got, want)
		}
	}
}
