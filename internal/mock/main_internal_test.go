// SPDX-License-Identifier: MPL-2.0

package main // a command has no exported side to test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serving runs the command on free ports until the test ends, and points commands to it. It returns the environment
// that the command wrote.
func serving(t *testing.T, flags ...string) map[string]string {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "environment")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"--free-ports", "--ready-file", ready}, flags...), io.Discard)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the command ended with: %v", err)
		}
	})
	environment := map[string]string{}
	for line := range strings.Lines(waitFor(t, ready)) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		environment[name] = strings.Trim(value, "'")
	}
	t.Setenv(controlVariable, environment[controlVariable])
	return environment
}

func waitFor(t *testing.T, path string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if text, err := os.ReadFile(path); err == nil {
			return string(text)
		}
	}
	t.Fatal("the command did not get ready")
	return ""
}

// commandLine runs a command and returns what it printed.
func commandLine(t *testing.T, arguments ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(t.Context(), arguments, &out); err != nil {
		t.Fatalf("%q: %v", arguments, err)
	}
	return out.String()
}

func TestCommandsChangeTheRunningDirectory(t *testing.T) {
	environment := serving(t, "--cloudshell-option", "exists=partial", "--latency", "1ms")
	for _, step := range []struct {
		arguments []string
		want      string // a line of the list of groups
	}{
		{[]string{"add-group", "Night Shift"}, "Night Shift: \n"},
		{[]string{"add-member", "Night Shift", "jporter", "dchen"}, "Night Shift: dchen, jporter\n"},
		{[]string{"add-user", "znew", "Zoe New", "znew@lab.example"}, "Night Shift: dchen, jporter\n"},
		{[]string{"add-member", "Night Shift", "znew"}, "Night Shift: dchen, jporter, znew\n"},
		{[]string{"rename-user", "jporter", "james.porter"}, "Night Shift: dchen, james.porter, znew\n"},
		{[]string{"set-email", "znew", "zoe@lab.example"}, "Night Shift: dchen, james.porter, znew\n"},
		{[]string{"remove-member", "Night Shift", "dchen"}, "Night Shift: james.porter, znew\n"},
		{[]string{"delete-user", "znew"}, "Night Shift: james.porter\n"},
	} {
		commandLine(t, step.arguments...)
		if groups := commandLine(t, "groups"); !strings.Contains(groups, step.want) {
			t.Errorf("after %q the groups lack %q:\n%s", step.arguments, step.want, groups)
		}
	}
	commandLine(t, "delete-group", "Night Shift")
	if groups := commandLine(t, "groups"); strings.Contains(groups, "Night Shift") {
		t.Errorf("the deleted group is still there:\n%s", groups)
	}
	const admin = "CloudShell: admin (local, active) in System Administrators, Everyone\n"
	if users := commandLine(t, "users"); !strings.Contains(users, admin) {
		t.Errorf("users:\n%s", users)
	}
	response, err := http.Get(environment["CLOUDSHELL_URL"] + "/api/v1/users")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if requests := commandLine(t, "requests"); !strings.Contains(requests, "CloudShell: GET /api/v1/users -> 401\n") {
		t.Errorf("requests:\n%s", requests)
	}
}

func TestWrongCommandsAreExplained(t *testing.T) {
	serving(t)
	for want, arguments := range map[string][]string{
		"unknown command":          {"dance"},
		"usage: add-member GROUP":  {"add-member", "Lab Operators"},
		"lacks one of these":       {"add-member", "Lab Operators", "absent"},
		"exists=conflict|error":    {"--cloudshell-option", "exists=perhaps"},
		"between 0 and 1":          {"--faults", "2"},
		"flag provided but":        {"--no-such-flag"},
		"unexpected \"something\"": {"--nested", "something"},
	} {
		if err := run(t.Context(), arguments, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", arguments, err, want)
		}
	}
	t.Setenv(controlVariable, "http://127.0.0.1:1")
	if err := run(t.Context(), []string{"users"}, io.Discard); err == nil ||
		!strings.Contains(err.Error(), "go run ./internal/mock") {
		t.Errorf("without a mock: %v, want a hint how to start one", err)
	}
}

func TestARealDirectoryIsReadAndNeverChanged(t *testing.T) {
	first := serving(t)
	serving(t, "--ldap-url", first["LDAP_URL"], "--nested",
		"--bind-dn", first["LDAP_BIND_DN"], "--bind-password", first["LDAP_BIND_PASSWORD"])
	if groups := commandLine(t, "groups"); !strings.Contains(groups, "Lab Operators: ") {
		t.Errorf("groups:\n%s", groups)
	}
	if err := run(t.Context(), []string{"delete-user", "jporter"}, io.Discard); err == nil ||
		!strings.Contains(err.Error(), "own tools") {
		t.Errorf("deleting from a real directory: %v", err)
	}
}

func TestControlRefusesWhatABrowserCanSend(t *testing.T) {
	environment := serving(t)
	response, err := http.Post(environment[controlVariable], "text/plain", strings.NewReader(`["delete-user", "jporter"]`))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("a text/plain command: %d, want 400", response.StatusCode)
	}
	if groups := commandLine(t, "groups"); !strings.Contains(groups, "jporter") {
		t.Error("the command was run")
	}
}
