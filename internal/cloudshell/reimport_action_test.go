// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

const (
	reimportUser  = "directory_cloudshell_reimport_user"
	reimportGroup = "directory_cloudshell_reimport_group"
)

// invoke runs an action and returns what it told on the way, its errors and its warnings.
func (w *world) invoke(action, name string) (told, failed, warned string) {
	w.t.Helper()
	progress, diagnostics := w.provider.Invoke(action, object{"name": name})
	return strings.Join(progress, "\n"), acctest.Errors(diagnostics), acctest.Warnings(diagnostics)
}

func (w *world) email(name string) string {
	user, _ := w.server.User(name)
	return user.Email
}

func TestReimportUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna")
	w.directory.SetEmail("anna", "anna@new.example")
	told, failed, _ := w.invoke(reimportUser, "ANNA")
	if failed != "" || w.email("anna") != "anna@new.example" {
		t.Errorf("e-mail %s, %s", w.email("anna"), failed)
	}
	contains(t, told, `CloudShell imports the user "anna" again`, `e-mail "anna@lab.example" -> "anna@new.example"`)
	told, _, _ = w.invoke(reimportUser, "anna")
	contains(t, told, "nothing changed")
}

// A re-import creates no one, and no local user is touched, whatever the server would do with their name.
func TestReimportUser_createsNoOne(t *testing.T) {
	t.Parallel()
	for _, options := range []cloudshell.Options{{}, {Local: cloudshell.LocalTakenOver}} {
		w := newWorld(t, options)
		w.existing("anna")
		w.server.AddLocalUser("bert")
		before := fmt.Sprint(w.server.Users())
		for name, want := range map[string]string{
			"cleo": "CloudShell has no user of that name.", "Anna Lab": "the one that the user has in CloudShell",
			"ana":  `Did you mean "anna"?`,
			"bert": "The provider never touches local users.",
		} {
			_, failed, _ := w.invoke(reimportUser, name)
			contains(t, failed, fmt.Sprintf("name: Unable to Import CloudShell User %q Again: ", name), want)
		}
		if after := fmt.Sprint(w.server.Users()); after != before {
			t.Errorf("users were\n%s\nand are\n%s", before, after)
		}
		if n := w.server.Count("POST", importPath); n != 0 {
			t.Errorf("%d imports", n)
		}
	}
}

func TestReimportUser_failures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{NoAllowUpdate: true})
	w.existing("anna")
	_, failed, _ := w.invoke(reimportUser, "anna")
	contains(t, failed, "Releases of CloudShell before 2024.1 may not know AllowUpdate")

	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty,
		cloudshell.UnknownError} {
		w := newWorld(t, cloudshell.Options{Unknown: unknown})
		w.existing("anna")
		w.directory.RemoveUser("anna")
		_, failed, _ := w.invoke(reimportUser, "anna")
		contains(t, failed, "The person may have left the directory")
	}

	// An answer that is lost is asked for again.
	w = newWorld(t, cloudshell.Options{})
	w.existing("anna")
	w.directory.SetEmail("anna", "anna@new.example")
	w.onImport(faults.CutAfter())
	if _, failed, _ := w.invoke(reimportUser, "anna"); failed != "" || w.email("anna") != "anna@new.example" {
		t.Errorf("e-mail %s, %s", w.email("anna"), failed)
	}

	_, diagnostics := acctest.Configured(t, object{}).Invoke(reimportUser, object{"name": "anna"})
	contains(t, acctest.Errors(diagnostics), "CLOUDSHELL_URL")
}

// A group whose people are all there is imported by its name, in one import.
func TestReimportGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo", "dora")
	for _, name := range []string{"anna", "dora"} {
		w.directory.SetEmail(name, name+"@new.example")
	}
	told, failed, warned := w.invoke(reimportGroup, "lab engineers")
	if failed+warned != "" || w.email("anna") != "anna@new.example" || w.email("dora") != "dora@lab.example" {
		t.Errorf("e-mails %s, %s; %s%s", w.email("anna"), w.email("dora"), failed, warned)
	}
	contains(
		t,
		told,
		"has 3 people, and CloudShell imported 3 of them before",
		`3 people imported again: the details changed of "anna"`,
	)
	if n := w.server.Count("POST", importPath); n != 1 {
		t.Errorf("%d imports", n)
	}
	told, _, _ = w.invoke(reimportGroup, labGroup)
	contains(t, told, "nothing changed")
}

// A member who is inactive is made active again, and told if that fails.
func TestReimportGroup_makesActiveAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo")
	w.server.ChangeUser("anna", func(u *cloudshell.User) { u.IsActive = false })
	w.server.Faults().Add(faults.Rule{Method: "PUT", Path: anyUserPath, Fault: faults.Status(400)})
	_, failed, _ := w.invoke(reimportGroup, labGroup)
	contains(t, failed, `Imported again, but still inactive: "anna"`, "400")
	told, failed, _ := w.invoke(reimportGroup, labGroup)
	if user, _ := w.server.User("anna"); failed != "" || !user.IsActive {
		t.Errorf("anna is active: %t; %s", user.IsActive, failed)
	}
	contains(t, told, `the details changed of "anna"`)
}

// A person who is not in CloudShell stays out, a local user stays as they are, and a renamed person is not created
// twice.
func TestReimportGroup_createsNoOne(t *testing.T) {
	t.Parallel()
	for _, options := range []cloudshell.Options{{}, {Local: cloudshell.LocalTakenOver}, {Match: cloudshell.MatchBySid}} {
		w := newWorld(t, options)
		w.existing("anna", "cleo")
		w.server.AddLocalUser("bert")
		local, _ := w.server.User("bert")
		w.directory.AddMember(labGroup, "dora")
		w.directory.RenameUser("cleo", "cleopatra")
		w.directory.SetEmail("anna", "anna@new.example")

		told, failed, _ := w.invoke(reimportGroup, labGroup)
		if failed != "" || w.email("anna") != "anna@new.example" {
			t.Errorf("e-mail %s, %s", w.email("anna"), failed)
		}
		contains(
			t,
			told,
			"has 4 people, and CloudShell imported 1 of them before",
			`has not imported them: "bert" and "dora"`,
			`under another name still: "cleopatra"`,
			`1 person imported again: the details changed of "anna"`,
		)
		w.wantImported("anna cleo")
		if after, _ := w.server.User("bert"); fmt.Sprint(after) != fmt.Sprint(local) {
			t.Errorf("the local user was %v and is %v", local, after)
		}
	}
}

// The action tells of people who join the directory group during the import, since the import creates them.
func TestReimportGroup_someoneJoinsMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo")
	w.onImport(faults.Call(func() { w.directory.AddMember(labGroup, "dora") }))
	_, failed, warned := w.invoke(reimportGroup, labGroup)
	contains(t, warned, "name: Import Created People", `"dora"`)
	if failed != "" {
		t.Error(failed)
	}
	w.wantImported("anna bert cleo dora")
}

func TestReimportGroup_failures(t *testing.T) {
	t.Parallel()
	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty} {
		w := newWorld(t, cloudshell.Options{Unknown: unknown})
		_, failed, _ := w.invoke(reimportGroup, "Lab Enginers")
		contains(t, failed, `name: Unknown Directory Group "Lab Enginers": `, `Did you mean "Lab Engineers"?`)
		told, failed, _ := w.invoke(reimportGroup, "Lab Operators")
		contains(t, told+failed, "There is no one to import again")
	}

	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo")
	w.server.RefuseImport("bert", "User 'bert' has no licence")
	told, failed, _ := w.invoke(reimportGroup, labGroup)
	contains(t, told, "2 people imported again")
	contains(t, failed, `Not imported again: "bert" (User 'bert' has no licence). Everyone else was.`)

	// A server that will not import a group of people who exist is asked for one after the other.
	w.server.RefuseImport("bert", "")
	w.directory.SetEmail("anna", "anna@new.example")
	w.onImport(faults.Status(409))
	if _, failed, _ = w.invoke(reimportGroup, labGroup); failed != "" || w.email("anna") != "anna@new.example" {
		t.Errorf("e-mail %s, %s", w.email("anna"), failed)
	}

	w.onImport(faults.Status(500))
	_, failed, _ = w.invoke(reimportGroup, labGroup)
	contains(t, failed, "500", "The server failed")

	w.server.Faults().Add(faults.Rule{Method: "GET", Path: externalGroupURL, Fault: faults.Status(500)})
	_, failed, _ = w.invoke(reimportGroup, labGroup)
	contains(t, failed, "500")

	_, diagnostics := acctest.Configured(t, object{}).Invoke(reimportGroup, object{"name": labGroup})
	contains(t, acctest.Errors(diagnostics), "CLOUDSHELL_URL")
}
