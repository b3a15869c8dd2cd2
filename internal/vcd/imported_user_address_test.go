// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// workspace is a Terraform workspace for the organization acme of a server.
func workspace(t *testing.T, server *mockvcd.Server) *acctest.Workspace {
	t.Helper()
	return acctest.NewWorkspace(t, tenantHCL(server, "acme"))
}

// succeed runs Terraform and wants success; it returns the output.
func succeed(t *testing.T, w *acctest.Workspace, args ...string) string {
	t.Helper()
	run := w.Terraform(args...)
	if run.Code != 0 {
		t.Fatalf("terraform %v: exit code %d\n%s", args, run.Code, run.Output)
	}
	return run.Output
}

// refuse runs Terraform and wants an error with all of the words, whatever the line breaks.
func refuse(t *testing.T, w *acctest.Workspace, words []string, args ...string) {
	t.Helper()
	run := w.Terraform(args...)
	if run.Code != 1 {
		t.Fatalf("terraform %v: exit code %d, want an error\n%s", args, run.Code, run.Output)
	}
	wantWords(t, fmt.Sprint(args), unwrapped(run.Output), words)
}

// unwrapped is Terraform's output without the frame and line breaks of its messages.
func unwrapped(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

// emptyPlanOf wants a plan without changes.
func emptyPlanOf(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	if run := w.Terraform("plan", "-detailed-exitcode"); run.Code != 0 {
		t.Errorf("the plan is not empty (exit code %d)\n%s", run.Code, run.Output)
	}
}

// ownsVM gives anna a powered-off virtual machine, which would be deleted with anna.
func ownsVM(server *mockvcd.Server, name string) {
	server.Change("acme", name, func(u *mockvcd.User) { u.PoweredOffVMs = []string{name + "-vm"} })
}

// wantUntouched wants no deletion, and the user with their VM.
func wantUntouched(t *testing.T, server *mockvcd.Server, names ...string) {
	t.Helper()
	if d := server.Deletions(); len(d) != 0 {
		t.Errorf("deletions %+v", d)
	}
	for _, name := range names {
		if u := serverUser(t, server, "acme", name); len(u.PoweredOffVMs) != 1 {
			t.Errorf("%s: %+v", name, u)
		}
	}
}

func forEachHCL(pairs ...string) string {
	var people strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&people, "    %q = %q\n", pairs[i], pairs[i+1])
	}
	return `resource "directory_vcd_imported_user" "team" {
  for_each = {
` + people.String() + `  }
  name  = each.value
  roles = ["vApp User"]
}
`
}

// Another for_each key for the same person: the plan refuses it and names moved, and with moved nothing changes.
func TestAccImportedUserAnotherKey(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		w := workspace(t, server)
		w.Write("users.tf", forEachHCL("ann", "anna", "bilal", "bkhan"))
		succeed(t, w, "apply", "-auto-approve")
		ownsVM(server, "anna")
		id := serverUser(t, server, "acme", "anna").ID

		w.Write("users.tf", forEachHCL("anna", "anna", "bilal", "bkhan"))
		// The new key may be planned before the old one is refreshed: then it tells of the account alone.
		refuse(t, w, []string{`Cloud Director User "anna"`, "moved {", "from = directory_vcd_imported_user.OLD",
			"terraform untaint", `id = "acme/anna"`}, "plan")
		oneError(t, w.Terraform("plan").Output, 1)
		refuse(t, w, []string{"moved {"}, "apply", "-auto-approve")
		wantUntouched(t, server, "anna")

		w.Write("moved.tf", `moved {
  from = directory_vcd_imported_user.team["ann"]
  to   = directory_vcd_imported_user.team["anna"]
}
`)
		succeed(t, w, "apply", "-auto-approve")
		wantUntouched(t, server, "anna")
		if got := serverUser(t, server, "acme", "anna").ID; got != id {
			t.Errorf("id %s, want %s", got, id)
		}
		emptyPlanOf(t, w)
		succeed(t, w, "destroy", "-auto-approve") // two holders that are destroyed do not block each other
		if got := fmt.Sprint(deleted(server)); got != "[anna bkhan]" {
			t.Errorf("deleted %s", got)
		}
		wantNoLoss(t, server)
	})
}

// oneError wants no more than one error for each of so many people.
func oneError(t *testing.T, output string, people int) {
	t.Helper()
	if n := strings.Count(output, "Error: "); n > people {
		t.Errorf("%d errors for %d people:\n%s", n, people, output)
	}
}

// A second resource for a user that another one has: one error without consent, with it a warning.
func TestAccImportedUserSecondResource(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	w := workspace(t, server)
	w.Write("users.tf", forEachHCL("one", "anna"))
	succeed(t, w, "apply", "-auto-approve")
	w.Write("users.tf", forEachHCL("one", "anna", "two", "anna"))
	refuse(t, w, []string{"anna"}, "plan")
	oneError(t, w.Terraform("plan").Output, 1)
	both := forEachHCL("one", "anna", "two", "anna")
	w.Write("users.tf", strings.Replace(both, "name ", "allow_update = true\n  name ", 1))
	wantWords(t, "apply", unwrapped(succeed(t, w, "apply", "-auto-approve")), []string{"People Held by Several Resources"})
	for _, instance := range w.Instances() {
		if instance.Attributes["created"] != (instance.Key == "one") {
			t.Errorf("%v: created is %v", instance.Key, instance.Attributes["created"])
		}
	}
}

// Two keys change places where a remap is not possible: the label of the other resource tells who it has now.
func TestAccImportedUserSwappedKeys(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "37.0"})
	w := workspace(t, server)
	w.Write("users.tf", forEachHCL("a", "anna", "b", "bkhan"))
	succeed(t, w, "apply", "-auto-approve")
	w.Write("users.tf", forEachHCL("a", "bkhan", "b", "anna"))
	run := w.Terraform("plan")
	oneError(t, run.Output, 2)
	if text := unwrapped(run.Output); !strings.Contains(text, `imported user "anna", which has "bkhan" now`) &&
		!strings.Contains(text, `imported user "bkhan", which has "anna" now`) {
		t.Errorf("no label tells who has whose place:\n%s", run.Output)
	}
}

// A person that the resource adopted, at another key: the plan refuses it too, since nothing is taken over unasked.
func TestAccImportedUserAnotherKeyOfAnAdopted(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
	w := workspace(t, server)
	w.Write("users.tf", forEachHCL("ann", "anna"))
	w.Write("import.tf", `import {
  to = directory_vcd_imported_user.team["ann"]
  id = "acme/anna"
}
`)
	succeed(t, w, "apply", "-auto-approve")
	ownsVM(server, "anna")
	w.Write("import.tf", "")
	w.Write("users.tf", forEachHCL("anna", "anna"))
	refuse(t, w, []string{"moved {", "anna"}, "plan")
	wantUntouched(t, server, "anna")
	w.Write("users.tf", forEachHCL("ann", "anna"))
	succeed(t, w, "destroy", "-auto-approve")
	wantUntouched(t, server, "anna")
}

func countHCL(people ...string) string {
	return fmt.Sprintf(`locals {
  people = %s
}

resource "directory_vcd_imported_user" "team" {
  count = length(local.people)
  name  = local.people[count.index]
  roles = ["vApp User"]
}
`, acctest.Value(people))
}

// A count list that loses its first element gives each resource the name of the next: the plan refuses that, where a
// remap would be in place and where it would replace.
func TestAccImportedUserShorterCount(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.0", "39.1", "40.0", "35.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, mockvcd.Options{Version: version})
			w := workspace(t, server)
			w.Write("users.tf", countHCL("anna", "bkhan", "mlopez"))
			succeed(t, w, "apply", "-auto-approve")
			for _, name := range []string{"anna", "bkhan", "mlopez"} {
				ownsVM(server, name)
			}
			w.Write("users.tf", countHCL("bkhan", "mlopez"))
			refuse(t, w, []string{"moved {"}, "plan")
			oneError(t, w.Terraform("plan").Output, 2) // bkhan and mlopez are meant by two resources each
			refuse(t, w, []string{"moved {"}, "apply", "-auto-approve")
			wantUntouched(t, server, "anna", "bkhan", "mlopez")
			if n := server.Count("PUT", ""); n != 0 {
				t.Errorf("%d changes", n)
			}
			w.Write("users.tf", countHCL("anna", "bkhan")) // the last one may go
			succeed(t, w, "apply", "-auto-approve")
			if got := fmt.Sprint(deleted(server)); got != "[mlopez]" {
				t.Errorf("deleted %s", got)
			}
			wantNoLoss(t, server)
		})
	}
}

// -replace and taint make a new account where this resource made the old one, and leave an adopted one in place. With
// create_before_destroy the old account stays, unless there is consent it is an error.
func TestAccImportedUserReplaced(t *testing.T) {
	t.Parallel()
	for _, adopted := range []bool{false, true} {
		for _, taint := range []bool{false, true} {
			for _, before := range []bool{false, true} {
				for _, consent := range []bool{false, true} {
					name := fmt.Sprintf("adopted=%t taint=%t create_before_destroy=%t consent=%t", adopted, taint, before, consent)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						replaceUser(t, adopted, taint, before, consent)
					})
				}
			}
		}
	}
}

func replaceUser(t *testing.T, adopted, taint, before, consent bool) {
	t.Helper()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	w := workspace(t, server)
	w.Write("users.tf", fmt.Sprintf(`resource "directory_vcd_imported_user" "this" {
  name         = "anna"
  roles        = ["vApp User"]
  allow_update = %t
  lifecycle {
    create_before_destroy = %t
  }
}
`, consent, before))
	if adopted {
		server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
		w.Write("import.tf", `import {
  to = directory_vcd_imported_user.this
  id = "acme/anna"
}
`)
	}
	succeed(t, w, "apply", "-auto-approve")
	ownsVM(server, "anna")
	id := serverUser(t, server, "acme", "anna").ID
	if taint {
		succeed(t, w, "taint", "directory_vcd_imported_user.this")
	}
	args := []string{"apply", "-auto-approve"}
	if !taint {
		args = append(args, "-replace=directory_vcd_imported_user.this")
	}
	if before && !consent {
		refuse(t, w, []string{"Already Exists"}, args...)
		wantUntouched(t, server, "anna")
		return
	}
	succeed(t, w, args...)
	wantNoLoss(t, server)
	again := serverUser(t, server, "acme", "anna")
	if stays := adopted || before; (again.ID == id) != stays {
		t.Errorf("the account is the same = %t, want %t", again.ID == id, stays)
	}
	if adopted || before {
		wantUntouched(t, server, "anna")
	}
	created := w.Instances()[0].Attributes["created"]
	if created != !(adopted || before) {
		t.Errorf("created = %v", created)
	}
	emptyPlanOf(t, w)
}

// Two resources of one new name: reported at plan. One creates, the other adopts without further consent, and the
// account lives until both are gone.
func TestAccImportedUserTwice(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		w := workspace(t, server)
		both := forEachHCL("one", "anna", "two", "anna")
		w.Write("users.tf", both)
		wantWords(t, "plan", unwrapped(succeed(t, w, "plan")), []string{"People Held by Several Resources", `user "anna"`})
		succeed(t, w, "apply", "-auto-approve")
		ownsVM(server, "anna")
		created := 0
		var creator string
		for _, instance := range w.Instances() {
			if instance.Attributes["created"] == true {
				created++
				creator = fmt.Sprint(instance.Key)
			}
		}
		if created != 1 || len(server.Users("acme")) != 2 {
			t.Fatalf("%d created, users %+v", created, server.Users("acme"))
		}
		other := map[string]string{"one": "two", "two": "one"}[creator]
		w.Write("users.tf", forEachHCL(other, "anna"))
		refuse(t, w, []string{"Is Held by Another Resource"}, "plan")
		wantUntouched(t, server, "anna")
		w.Write("users.tf", both)
		succeed(t, w, "destroy", "-auto-approve")
		wantNoLoss(t, server)
	})
}

// One resource remaps a user, and a new one takes the name that the user has now: Terraform would carry these out in
// any order, and the new resource could get the user who is remapped.
func TestAccImportedUserTakesARemappedName(t *testing.T) {
	t.Parallel()
	for consent, words := range map[bool][]string{
		true:  {"Is Held by Another Resource", `"bkhan"`, `"anna"`, "Apply the other name first"},
		false: {`Error: Cloud Director User "`}, // if it is planned before the other is refreshed, it exists already
	} {
		t.Run(fmt.Sprintf("consent %t", consent), func(t *testing.T) {
			t.Parallel()
			takeRemappedName(t, consent, words)
		})
	}
}

func takeRemappedName(t *testing.T, consent bool, words []string) {
	t.Helper()
	server := startServer(t, mockvcd.Options{Version: "39.1"})
	w := workspace(t, server)
	w.Write("users.tf", forEachHCL("one", "anna"))
	succeed(t, w, "apply", "-auto-approve")
	ownsVM(server, "anna")
	both := strings.Replace(forEachHCL("one", "bkhan", "two", "anna"), "name ",
		fmt.Sprintf("allow_update = %t\n  name ", consent), 1)
	w.Write("users.tf", both)
	refuse(t, w, words, "apply", "-auto-approve")
	oneError(t, w.Terraform("plan").Output, 1)
	wantUntouched(t, server, "anna")

	w.Write("users.tf", forEachHCL("one", "bkhan"))
	succeed(t, w, "apply", "-auto-approve")
	w.Write("users.tf", both)
	succeed(t, w, "apply", "-auto-approve")
	emptyPlanOf(t, w)
	if bkhan, anna := serverUser(t, server, "acme", "bkhan"), serverUser(t, server, "acme", "anna"); bkhan.ID == anna.ID {
		t.Errorf("two resources have one user: %+v", anna)
	}
}
