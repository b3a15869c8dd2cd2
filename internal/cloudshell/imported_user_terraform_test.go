// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// workspace is a workspace whose resources can be rewritten between two runs.
type workspace struct {
	t *testing.T
	*acctest.Workspace
}

// newTerraform makes a workspace with the provider for the server.
func newTerraform(t *testing.T, server *cloudshell.Server, resources string) workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	w := workspace{t, acctest.NewWorkspace(t, acctest.CloudShellProvider(server.URL()))}
	w.rewrite(resources)
	return w
}

// toReplace are the arguments of an apply that replaces a resource: as they ask for it, or because it is tainted.
func (w workspace) toReplace(address string, taint bool) []string {
	w.t.Helper()
	if taint {
		w.ok("taint", address)
		return []string{"apply", "-auto-approve"}
	}
	return []string{"apply", "-auto-approve", "-replace=" + address}
}

func (w workspace) rewrite(resources string) {
	w.t.Helper()
	w.Write("resources.tf", resources)
}

// ok runs a command that must succeed.
func (w workspace) ok(args ...string) string {
	w.t.Helper()
	run := w.Terraform(args...)
	if run.Code != 0 {
		w.t.Fatalf("terraform %s: exit code %d\n%s", strings.Join(args, " "), run.Code, run.Output)
	}
	return run.Output
}

func (w workspace) apply(args ...string) string {
	w.t.Helper()
	return w.ok(append([]string{"apply", "-auto-approve"}, args...)...)
}

// planEmpty asserts that the next plan is empty.
func (w workspace) planEmpty() {
	w.t.Helper()
	if run := w.Terraform("plan", "-detailed-exitcode"); run.Code != 0 {
		w.t.Errorf("the next plan: exit code %d\n%s", run.Code, run.Output)
	}
}

// fails runs a command that must fail with these words, whatever the lines they are broken into.
func (w workspace) fails(words []string, args ...string) {
	w.t.Helper()
	run := w.Terraform(args...)
	if run.Code == 0 {
		w.t.Fatalf("terraform %s succeeds, want an error with %q\n%s", strings.Join(args, " "), words, run.Output)
	}
	for _, text := range words {
		if !phrase(text).MatchString(run.Output) {
			w.t.Errorf("terraform %s: %q is not in\n%s", strings.Join(args, " "), text, run.Output)
		}
	}
}

// userBlock is a resource with these lines.
func userBlock(name string, lines ...string) string {
	return fmt.Sprintf(`resource "directory_cloudshell_imported_user" %q {
  %s
}
`, name, strings.Join(lines, "\n  "))
}

func unchanged(t *testing.T, server *cloudshell.Server, before string) {
	t.Helper()
	if after := fmt.Sprint(server.Users()); after != before {
		t.Errorf("users were\n%s\nand are\n%s", before, after)
	}
}

// importedUsers are the names of all users from the directory.
func importedUsers(server *cloudshell.Server) []string {
	var imported []string
	for _, user := range server.Users() {
		if user.IsImported() {
			imported = append(imported, user.Username)
		}
	}
	return imported
}

// races is how often a race is run: more often when asked for.
func races() int {
	if n, err := strconv.Atoi(os.Getenv("TEST_RACES")); err == nil {
		return n
	}
	return 2
}
