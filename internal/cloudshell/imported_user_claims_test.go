// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// A person that others deleted is created again, also where a group holds them, and a destroy succeeds without them.
func TestAccImportedUser_deletedByOthersWhileAGroupHoldsThem(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`)+`
resource "directory_cloudshell_imported_group" "test" {
  name            = "Azure_DevOps_Cloud_Admins"
  deletion_policy = "delete"
  retain_users    = ["jporter"]
  depends_on      = [directory_cloudshell_imported_user.test]
}
`)
	w.apply()
	server.RemoveUser("jporter")
	w.apply()
	w.planEmpty()
	server.RemoveUser("jporter")
	w.ok("destroy", "-auto-approve")
	if left := importedUsers(server); len(left) > 0 {
		t.Errorf("after the destroy there are %v", left)
	}
}

// A group and a user in one apply mean the same new person: one of them created the account, never both.
func TestAccImportedUser_andGroupCreateTheSamePerson(t *testing.T) {
	t.Parallel()
	for range races() {
		server := start(t, cloudshell.Options{})
		w := newTerraform(t, server, userBlock("test", `name = "jporter"`)+`
resource "directory_cloudshell_imported_group" "test" {
  name            = "Azure_DevOps_Cloud_Admins"
  deletion_policy = "delete"
  retain_users    = ["jporter"]
}
`)
		w.apply()
		creators := 0
		for _, instance := range w.Instances() {
			if created, ok := instance.Attributes["created"].(bool); ok && created {
				creators++
			}
			if people, ok := instance.Attributes["created_members"].(map[string]any); ok && people["jporter"] != nil {
				creators++
			}
		}
		if creators > 1 {
			t.Errorf("%d resources claim to have created the person", creators)
		}
		w.rewrite(userBlock("test", `name = "jporter"`))
		w.apply()
		if user, there := server.User("jporter"); !there || !user.IsActive {
			t.Errorf("removing the group took the user's person along: %v", there)
		}
		w.planEmpty()
	}
}

// One person destroyed at one address and created at another is reported at plan, whichever is planned first.
func TestAccImportedUser_changedKey(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `for_each = { a = "jporter", b = "asmith" }`, `name = each.value`))
	w.apply()
	before := fmt.Sprint(server.Users())
	changed := userBlock("test", `for_each = { james = "jporter", b = "asmith" }`, `name = each.value`)
	w.rewrite(changed)
	const address = "directory_cloudshell_imported_user"
	for range races() {
		output := w.Terraform("plan").Output
		oneError(t, output)
		// The new key may be planned before the old one is refreshed: then it tells of the account alone.
		blocks := []string{
			"moved {\n  from = " + address + ".OLD\n  to   = " + address + ".NEW\n}",
			"import {\n  to = " + address + ".NAME\n  id = \"jporter\"\n}", "terraform untaint ADDRESS", "changed for_each key",
		}
		if phrase("Is Held by Another Resource").MatchString(output) {
			blocks = append(blocks, "removed {\n  from = "+address+".OLD\n  lifecycle {\n    destroy = false\n  }\n}")
		}
		for _, block := range blocks {
			if !phrase(block).MatchString(output) {
				t.Errorf("%q is not in\n%s", block, output)
			}
		}
	}
	unchanged(t, server, before)
	w.rewrite(
		changed + `moved {
  from = directory_cloudshell_imported_user.test["a"]
  to = directory_cloudshell_imported_user.test["james"]
}
`,
	)
	w.apply()
	w.planEmpty()
	unchanged(t, server, before)
	w.ok("destroy", "-auto-approve")
	if left := importedUsers(server); len(left) > 0 {
		t.Errorf("after the destroy there are %v", left)
	}
}

func TestAccImportedUser_shortenedCountList(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	list := func(names string) string {
		return "locals {\n  people = [" + names + "]\n}\n" + userBlock(
			"test",
			`count = length(local.people)`, `name = local.people[count.index]`,
		)
	}
	w := newTerraform(t, server, list(`"jporter", "asmith", "bkhan"`))
	w.apply()
	before := fmt.Sprint(server.Users())
	w.rewrite(list(`"asmith", "bkhan"`))
	for range races() {
		output := w.Terraform("plan").Output
		if n := strings.Count(output, "Error: "); n > 2 { // two people are meant by two resources each
			t.Errorf("%d errors for 2 people:\n%s", n, output)
		}
	}
	w.fails([]string{"shortened count list", "moved {"}, "apply", "-auto-approve")
	unchanged(t, server, before)
}

// Two resources of one new name: the plan warns. One creates, the other adopts without further consent, and the account
// lives until both are gone.
func TestAccImportedUser_twoOfOneNewName(t *testing.T) {
	t.Parallel()
	for range races() {
		server := start(t, cloudshell.Options{})
		w := newTerraform(t, server, userBlock("one", `name = "jporter"`)+userBlock("two", `name = "JPorter"`))
		contains(t, oneLine(w.ok("plan")), "People Held by Several Resources", "Remove one of the two", "moved {",
			"terraform untaint ADDRESS")
		w.apply()
		creators := map[bool]string{}
		for _, instance := range w.Instances() {
			created, _ := instance.Attributes["created"].(bool)
			creators[created] = instance.Name
		}
		if len(creators) != 2 {
			t.Fatalf("creators and adopters are %v", creators)
		}
		w.planEmpty()
		w.rewrite(userBlock(creators[false], `name = "jporter"`))
		w.fails([]string{"Is Held by Another Resource"}, "plan")
		w.rewrite(userBlock(creators[true], `name = "jporter"`))
		w.apply()
		if _, there := server.User("jporter"); !there {
			t.Error("the removal of the resource that adopted the user deleted them")
		}
		w.planEmpty()
	}
}

// A second resource for a person that another one has: an error without consent, and only one, whichever is planned
// first; with it a warning.
func TestAccImportedUser_secondResourceForOnePerson(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	one := userBlock("one", `name = "jporter"`)
	w := newTerraform(t, server, one)
	w.apply()
	before := fmt.Sprint(server.Users())
	w.rewrite(one + userBlock("two", `name = "JPorter"`))
	for range races() {
		oneError(t, w.Terraform("plan").Output)
	}
	unchanged(t, server, before)
	w.rewrite(one + userBlock("two", `name = "JPorter"`, `allow_update = true`))
	contains(t, oneLine(w.apply()), "People Held by Several Resources")
	for _, instance := range w.Instances() {
		if instance.Attributes["created"] != (instance.Name == "one") {
			t.Errorf("%s: created is %v", instance.Name, instance.Attributes["created"])
		}
	}
}

// oneError asserts that Terraform shows one error.
func oneError(t *testing.T, output string) {
	t.Helper()
	if n := strings.Count(output, "Error: "); n != 1 {
		t.Errorf("%d errors, want 1:\n%s", n, output)
	}
}

// Two keys of a for_each change places: one error for each person, and the label of the other resource tells which
// person it has now.
func TestAccImportedUser_swappedKeys(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	keys := func(a, b string) string {
		return userBlock("test", fmt.Sprintf(`for_each = { a = %q, b = %q }`, a, b), `name = each.value`)
	}
	w := newTerraform(t, server, keys("jporter", "asmith"))
	w.apply()
	w.rewrite(keys("asmith", "jporter"))
	for range races() {
		output := w.Terraform("plan").Output
		if n := strings.Count(output, "Error: "); n > 2 {
			t.Errorf("%d errors for 2 people:\n%s", n, output)
		}
		if !phrase(`imported user "asmith", which has "jporter" now`).MatchString(output) &&
			!phrase(`imported user "jporter", which has "asmith" now`).MatchString(output) {
			t.Errorf("no label tells who has whose place:\n%s", output)
		}
	}
}

// An adopted user is replaced without consent, since the destroy of the same run leaves the account in place.
func TestAccImportedUser_replaceOfAnAdoptedUser(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	before := addPerson(t, server, "jporter")
	adopt := userBlock("test", `name = "jporter"`)
	w := newTerraform(t, server, adopt+`import {
  to = directory_cloudshell_imported_user.test
  id = "jporter"
}
`)
	w.apply()
	w.rewrite(adopt)
	w.apply("-replace=" + userAddress)
	w.planEmpty()
	w.ok("taint", userAddress)
	w.apply()
	w.planEmpty()
	if after, there := server.User("jporter"); !there || after.ID != before.ID || !after.IsActive {
		t.Errorf("the account is %+v, want that of before", after)
	}
	w.ok("destroy", "-auto-approve")
	if _, there := server.User("jporter"); !there {
		t.Error("an adopted user was deleted")
	}
}

// A created user is replaced by a new account, also after a taint: what private state proved survives it.
func TestAccImportedUser_replaceOfACreatedUser(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
	w.apply()
	for _, taint := range []bool{false, true} {
		before, _ := server.User("jporter")
		if taint {
			w.ok("taint", userAddress)
			w.apply()
		} else {
			w.apply("-replace=" + userAddress)
		}
		after, there := server.User("jporter")
		if !there || after.ID == before.ID || !after.IsActive {
			t.Errorf("taint %v: the account is %+v, was %+v", taint, after, before)
		}
		w.planEmpty()
	}
	w.ok("destroy", "-auto-approve")
	if _, there := server.User("jporter"); there {
		t.Error("the created user is still there")
	}
}

// With create_before_destroy the account exists when the create begins: without consent nothing is changed, with it the
// destroy of the old instance leaves the account to the new one.
func TestAccImportedUser_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	for _, taint := range []bool{false, true} {
		for _, allow := range []bool{false, true} {
			t.Run(fmt.Sprintf("taint %v, consent %v", taint, allow), func(t *testing.T) {
				t.Parallel()
				server := start(t, cloudshell.Options{})
				w := newTerraform(t, server, userBlock("test",
					`name = "jporter"`, fmt.Sprint("allow_update = ", allow), `lifecycle { create_before_destroy = true }`))
				w.apply()
				before := fmt.Sprint(server.Users())
				args := w.toReplace(userAddress, taint)
				if !allow {
					w.fails([]string{`CloudShell User "jporter" Already Exists`}, args...)
					unchanged(t, server, before)
					if len(w.Instances()) != 1 {
						t.Errorf("state: %v", w.Instances())
					}
					return
				}
				w.ok(args...)
				unchanged(t, server, before)
				w.planEmpty()
			})
		}
	}
}

// A taint without a refresh is no silent create.
func TestAccImportedUser_taintWithoutRefresh(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
	w.apply()
	before := fmt.Sprint(server.Users())
	w.ok("taint", userAddress)
	w.fails(
		[]string{`CloudShell User "jporter" Already Exists`, "`terraform untaint ADDRESS` keeps it"},
		"apply",
		"-auto-approve",
		"-refresh=false",
	)
	unchanged(t, server, before)
	w.ok("untaint", userAddress)
	w.planEmpty()
}

// A full destroy is never blocked, and ends with no one left.
func TestAccImportedUser_destroyWithAGroup(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(
		t,
		server,
		userBlock(
			"test",
			`for_each = toset(["jporter", "asmith", "bkhan"])`, `name = each.key`, `deletion_policy = "delete"`,
		)+`
resource "directory_cloudshell_imported_group" "test" {
  name            = "Azure_DevOps_Cloud_Admins"
  deletion_policy = "delete"
  depends_on      = [directory_cloudshell_imported_user.test]
}
`,
	)
	w.apply()
	w.planEmpty()
	w.ok("destroy", "-auto-approve")
	if left := importedUsers(server); len(left) > 0 {
		t.Errorf("after the destroy there are %v", left)
	}
}

// Destroying many users while a group pages through all of them leaves no one behind.
func TestAccImportedUser_destroyManyBesideAGroup(t *testing.T) {
	t.Parallel()
	for range (races() + 4) / 5 {
		directory := mockldap.NewDirectory()
		persons := people.People(380)
		directory.AddUser(persons...)
		directory.AddGroup(people.Group{Name: "Everyone of Lab"}, usernames(persons[60:])...)
		server := start(t, cloudshell.Options{Directory: directory})
		w := newTerraform(
			t,
			server,
			userBlock("test", `count = 60`, "name = "+acctest.Value(usernames(persons[:60]))+"[count.index]")+`
resource "directory_cloudshell_imported_group" "test" {
  name            = "Everyone of Lab"
  deletion_policy = "delete"
}
`,
		)
		w.apply()
		w.ok("destroy", "-auto-approve")
		if left := importedUsers(server); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// A thousand new users: one paged list says who exists.
func TestAccImportedUser_planOfManyNewUsers(t *testing.T) {
	t.Parallel()
	directory := mockldap.NewDirectory()
	persons := people.People(300)
	directory.AddUser(persons...)
	server := start(t, cloudshell.Options{Directory: directory})
	w := newTerraform(
		t,
		server,
		userBlock("test", `count = 300`, "name = "+acctest.Value(usernames(persons))+"[count.index]"),
	)
	w.ok("plan")
	if n := server.CountWork(); n > 14 {
		t.Errorf("the plan of 300 new users took %d requests", n)
	}
}

// An update of a user keeps the CloudShell groups that a group of the same apply gives.
func TestAccImportedUser_updateBesideAGroup(t *testing.T) {
	t.Parallel()
	for range races() {
		server := start(t, cloudshell.Options{})
		lab := server.AddGroup("Lab")
		group := func(groups string) string {
			return fmt.Sprintf(`resource "directory_cloudshell_imported_group" "test" {
  name         = "Azure_DevOps_Cloud_Admins"
  retain_users = ["jporter"]
  %s
}
`, groups)
		}
		w := newTerraform(t, server, userBlock("test", `name = "jporter"`)+group(""))
		w.apply()
		// The user's write is under way while the group puts its members into Lab.
		server.Faults().Add(faults.Rule{Method: "GET", Path: anyUserPath, Rate: 0.5, Fault: faults.Delay(50e6)})
		w.rewrite(userBlock("test", `name = "jporter"`, `max_saved_sandboxes = 4`) + group(`groups = ["Lab"]`))
		w.apply()
		server.Faults().Clear()
		if user, _ := server.User("jporter"); !user.InGroup(lab.ID) || *user.MaxSaved != 4 {
			t.Errorf("groups %v", user.GroupIDs)
		}
		w.planEmpty()
	}
}

// A list that cannot be read hides no change of address: the plan still fails, since the person would be deleted.
func TestAccImportedUser_changedAddressWhileTheListIsDown(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("old", `name = "jporter"`))
	w.Setenv("DIRECTORY_MAX_RETRIES", "0")
	w.apply()
	before := fmt.Sprint(server.Users())
	w.rewrite(userBlock("new", `name = "jporter"`, `allow_update = true`))
	server.Faults().Add(faults.Rule{
		Method: "GET", Path: "/api/v1/users", Times: faults.Always, Fault: faults.Status(http.StatusServiceUnavailable),
	})
	w.fails([]string{"Is Held by Another Resource"}, "plan")
	unchanged(t, server, before)
}
