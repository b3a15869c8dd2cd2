// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// While CloudShell is down, the plan of a new user warns once that nothing was checked, and the apply fails with the
// reason and changes nothing.
func TestAccImportedUser_planWithoutTheServer(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`, `groups = ["Lab"]`))
	server.Close()
	output := oneLine(w.ok("plan", "-out=saved"))
	contains(t, output, "Names Not Checked", "cannot connect", "The apply asks again")
	w.fails([]string{"Unable to", "cannot connect"}, "apply", "saved")
	if len(w.Instances()) > 0 {
		t.Errorf("state has %v", w.Instances())
	}
}

// A server that says no is no server that is down: the plan of a new user fails.
func TestAccImportedUser_planRefused(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
	server.Faults().Add(faults.Rule{Method: "GET", Path: "/api/v1/users", Fault: faults.Status(403)})
	w.fails([]string{`Unable to Look Up CloudShell User "jporter"`, "403", "system administrator"}, "plan")
}

// A replacement removes a person: while CloudShell cannot tell who has the new name, its plan fails.
func TestAccImportedUser_replacementWithoutTheServer(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
	w.apply()
	w.rewrite(userBlock("test", `name = "asmith"`))
	server.Close()
	w.fails([]string{`Unable to Look Up CloudShell User "asmith"`, "cannot connect"}, "plan", "-refresh=false")
}

// An account that stays is told once in a run: by the plan, also in a replacement.
func TestAccImportedUser_leftInPlaceIsToldOnce(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	addPerson(t, server, "jporter")
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`, `allow_update = true`))
	w.apply()
	w.rewrite(userBlock("test", `name = "asmith"`, `allow_update = true`))
	contains(t, oneLine(w.ok("plan")), "Account or Group Left in Place", `"jporter" stays`,
		`to "delete" or "deactivate"`, `"abandon"`)
	w.rewrite(userBlock("test", `name = "jporter"`, `allow_update = true`))
	output := w.ok("destroy", "-auto-approve")
	if n := strings.Count(output, "Account or Group Left in Place"); n != 1 {
		t.Errorf("told %d times:\n%s", n, output)
	}
	if _, there := server.User("jporter"); !there {
		t.Error("the adopted user is gone")
	}
}

// Of a replacement Terraform shows the warnings of the first plan alone, so the checks of the new user warn there.
func TestAccImportedUser_replacementChecksGroups(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
	w.apply()
	w.rewrite(userBlock("test", `name = "asmith"`, `groups = ["Made Later"]`))
	contains(t, oneLine(w.ok("plan")), "must be replaced", `Unknown CloudShell Group "Made Later"`)
}
