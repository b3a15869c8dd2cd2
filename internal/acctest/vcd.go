// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"testing"

	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// VCD starts a mock Cloud Director for the time of the test. VCDBlock logs in to its organization acme.
func VCD(t testing.TB, options mockvcd.Options) *mockvcd.Server {
	t.Helper()
	server, err := mockvcd.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// VCDBlock is the provider's block for the login of an organization's administrator.
func VCDBlock(url, org string) Block {
	return Block{"url": url, "org": org, "username": mockvcd.Username, "password": mockvcd.Password}
}
