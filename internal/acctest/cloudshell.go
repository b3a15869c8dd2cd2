// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// CloudShell starts a mock CloudShell for the time of the test. Its account is what CloudShellBlock logs in with.
func CloudShell(t testing.TB, options cloudshell.Options) *cloudshell.Server {
	t.Helper()
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}
