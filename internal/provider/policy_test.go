// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const policyRoot = examplesRoot + "/policy"

// judge runs the policy over the JSON of a plan and returns what it said and its exit status.
func judge(t *testing.T, jq, plan, most string) (string, int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), jq, "-r", "--argjson", "most", most, "-f", policyRoot+"/leavers.jq", plan)
	output, err := command.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(output), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(output), 0
}

// The policy counts the leavers of real plans: a start by import block, people who left the directory group, and a
// destroy.
func TestPolicyRefusesManyLeavers(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	jq := findProgram(t, "jq")
	l := newLab(t)
	bench := newBenchOver(t, l.environment())
	folder := bench.workspace(t, guidesRoot+"/review-access-in-pull-requests")
	plan := func(arguments ...string) string {
		bench.run(t, folder, bench.cli, append([]string{"plan", "-no-color", "-input=false", "-out=tfplan"}, arguments...)...)
		path := filepath.Join(folder, "plan.json")
		save(t, path, string(bench.output(t, folder, bench.cli, "show", "-json", "tfplan")))
		return path
	}
	first := plan()
	if said, status := judge(t, jq, first, "0"); status != 0 || !strings.Contains(said, "0 people leave, at most 0 may.") {
		t.Errorf("start by import: %d, %s", status, said)
	}
	// The import block is what makes the plan's JSON name every person: who is there, and who joins.
	everyone := read(t, first)
	for _, person := range []string{"jporter", "mlopez", "akumar"} {
		if !strings.Contains(everyone, `"`+person+`"`) {
			t.Errorf("the JSON of the first plan does not name %s", person)
		}
	}
	bench.run(t, folder, bench.cli, "apply", "-no-color", "-input=false", "tfplan")
	for _, person := range []string{"akumar", "jporter"} {
		l.ldap.People().RemoveMember("Lab Engineers", person)
	}
	departures := plan()
	said, status := judge(t, jq, departures, "1")
	contains(
		t,
		said,
		"akumar leaves directory_cloudshell_imported_group.engineers",
		"jporter leaves",
		"Refused: 2 people leave, and at most 1 may.",
	)
	if status != 1 {
		t.Errorf("2 leavers of 1: %d", status)
	}
	if said, status := judge(t, jq, departures, "2"); status != 0 {
		t.Errorf("2 leavers of 2: %d, %s", status, said)
	}
	if said, status := judge(t, jq, plan("-destroy"), "1"); status != 1 || !strings.Contains(said, "mlopez leaves") {
		t.Errorf("destroy: %d, %s", status, said)
	}
	// The script does all of it.
	command := exec.CommandContext(t.Context(), "sh", filepath.Join(mustAbs(t, policyRoot), "refuse-many-leavers.sh"), "1")
	command.Dir, command.Env = folder, slices.Concat(bench.environment, []string{"TERRAFORM=" + bench.cli})
	if output, err := command.CombinedOutput(); err == nil ||
		!strings.Contains(string(output), "Refused: 2 people leave") {
		t.Errorf("the script let 2 leavers pass: %v\n%s", err, output)
	}
}

// What the policy cannot judge, it refuses.
func TestPolicyFailsClosed(t *testing.T) {
	t.Parallel()
	jq := findProgram(t, "jq")
	const start = `{"format_version": "1.2", "planned_values": {}, "resource_changes": [`
	group := func(change string) string {
		return start + `{"address": "g", "mode": "managed", "type": "directory_cloudshell_imported_group", "change": ` +
			change + `}]}`
	}
	user := func(change string) string {
		return start + `{"address": "u", "mode": "managed", "type": "directory_vcd_imported_user", "change": ` +
			change + `}]}`
	}
	for name, c := range map[string]struct {
		plan   string
		status int
		words  string
	}{
		"a state":          {`{"format_version": "1.0", "values": {}}`, 5, "The input is not a plan"},
		"another document": {`{}`, 5, "The input is not a plan"},
		"an empty plan":    {start + `]}`, 0, "0 people leave"},
		"unknown members": {
			group(`{"actions": ["update"], "before": {"members": {"a": "A"}}, "after": {}, "after_unknown": {"members": ` +
				`true}}`), 5, "does not say who leaves: g",
		},
		"a new group": {
			group(`{"actions": ["create"], "before": null, "after": {}, "after_unknown": {"members": true}}`), 0,
			"0 people leave",
		},
		"another spelling": {
			group(`{"actions": ["update"], "before": {"members": {"Anna": "A"}}, "after": {"members": {"anna": "A"}}, ` +
				`"after_unknown": {}}`), 0, "0 people",
		},
		"a user destroyed": {
			user(`{"actions": ["delete"], "before": {"name": "anna"}, "after": null, "after_unknown": {}}`), 1, "anna leaves u",
		},
		"a user replaced": {
			user(`{"actions": ["delete", "create"], "before": {"name": "anna"}, "after": {"name": "bob"}, "after_unknown": {}}`),
			1, "anna leaves u",
		},
		"the same again": {
			user(`{"actions": ["delete", "create"], "before": {"name": "anna"}, "after": {"name": "anna"}, "after_unknown": ` +
				`{}}`), 0, "0 people",
		},
		"held back": {
			group(`{"actions": ["no-op"], "before": {"members": {"a": "A"}}, "after": {"members": {"a": "A"}}, ` +
				`"after_unknown": {}}`), 0, "0 people",
		},
	} {
		path := filepath.Join(t.TempDir(), "plan.json")
		save(t, path, c.plan)
		if said, status := judge(t, jq, path, "0"); status != c.status || !strings.Contains(said, c.words) {
			t.Errorf("%s: %d, %s", name, status, said)
		}
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}
