// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// notices are warnings about the provider as a whole that come up at a request, such as about the login: whichever
// resource or data source needed that request carries them to Terraform. It is safe for concurrent use.
type notices struct {
	mu      sync.Mutex
	waiting []*tfprotov6.Diagnostic
}

func (n *notices) warn(summary, detail string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting = append(n.waiting, &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary, Detail: detail,
	})
}

// take returns each warning once.
func (n *notices) take() []*tfprotov6.Diagnostic {
	n.mu.Lock()
	defer n.mu.Unlock()
	waiting := n.waiting
	n.waiting = nil
	return waiting
}

// warnSpentAPIToken tells that api_token is of no use to the next run.
func (n *notices) warnSpentAPIToken() {
	n.warn(
		"API Token Is Spent",
		"Cloud Director replaced vcd.api_token at the login, as it does with the tokens of service accounts. "+
			"This run works with the new token, which is not stored anywhere; the next run cannot log in. Have a new token "+
			"made, "+
			"write it to a file that only you can read, and give its path as vcd.api_token_file: the provider keeps that "+
			"file up to date.",
	)
}
