// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// reimports counts the imports with AllowUpdate.
func reimports(server *cloudshell.Server) int {
	count := 0
	for _, request := range server.Requests() {
		if request.Path == importPath && strings.Contains(request.Body, `"AllowUpdate":true`) {
			count++
		}
	}
	return count
}

func TestImportedUserImportsAgain(t *testing.T) {
	t.Parallel()
	directory := mockldap.Lab()
	server := start(
		t,
		cloudshell.Options{Directory: directory, Put: cloudshell.PutReplaces, ExtraFields: map[string]string{"Phone": "1"}},
	)
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter", "max_saved_sandboxes": int64(5)})
	directory.SetEmail("jporter", "james@lab.example")

	// Nothing but bookkeeping: no request.
	server.ResetRequests()
	mustApply(t, user, object{"name": "jporter", "max_saved_sandboxes": int64(5), "deletion_policy": "delete"})
	if got := server.CountWork(); got != 0 {
		t.Errorf("%d requests for a change that CloudShell knows nothing of", got)
	}
	wants(t, user, object{"email": "jporter@lab.example"})

	for i, config := range []object{
		{"name": "jporter", "allow_update": true},
		{"name": "jporter", "allow_update": true, "triggers": object{"season": "summer"}},
		{"name": "jporter", "allow_update": true, "triggers": object{"season": "winter"}, "max_saved_sandboxes": int64(6)},
		{"name": "jporter", "allow_update": true, "max_saved_sandboxes": int64(6)},
	} {
		mustApply(t, user, config)
		if got := reimports(server); got != i+1 {
			t.Errorf("change %d: %d imports, want %d", i, got, i+1)
		}
		mustPlanEmpty(t, user, config)
	}
	wants(t, user, object{"email": "james@lab.example", "created": true, "max_saved_sandboxes": 6})
	mustApply(t, user, object{"name": "jporter", "allow_update": false, "active": false})
	if held, _ := server.User(
		"jporter",
	); reimports(server) != 4 || held.IsActive || held.Extra["Phone"] != "1" ||
		*held.MaxSaved != 6 {
		t.Errorf("after a change of settings: %d imports, %+v", reimports(server), held)
	}
}

func TestImportedUserGroupsDrift(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	engineers, trainers := server.AddGroup("Engineers"), server.AddGroup("Trainers")
	user := newUser(t, server)
	config := object{"name": "jporter", "groups": []any{"ENGINEERS"}, "admin": true}
	mustApply(t, user, config)
	wants(t, user, object{"groups": "[ENGINEERS]"})
	mustPlanEmpty(t, user, config)

	server.ChangeUser("jporter", func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, trainers.ID) })
	user = nextRun(t, server, user)
	contains(t, changes(t, user, config), "groups: [ENGINEERS Trainers] -> [ENGINEERS]")
	mustApply(t, user, config)
	mustPlanEmpty(t, user, config)
	if held, _ := server.User("jporter"); fmt.Sprint(held.GroupIDs) != fmt.Sprint([]int64{-1, 1, engineers.ID}) {
		t.Errorf("groups are %v", held.GroupIDs)
	}

	server.RemoveGroup("Engineers")
	user = nextRun(t, server, user)
	wants(t, user, object{"groups": "[]"})
	resp, _ := user.Plan(object{"name": "jporter", "groups": []any{"Engineers"}})
	contains(
		t,
		acctest.Warnings(resp.Diagnostics),
		`groups: Unknown CloudShell Group "Engineers"`,
		`CloudShell has "Trainers".`,
	)
	resp, _ = user.Plan(nil)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Error("a group that is gone blocks a destroy:", text)
	}
}

func TestImportedUserUnknownGroupIsFoundBeforeAnythingChanges(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	server.AddGroup("Engineers")
	user := newUser(t, server)
	text := acctest.Errors(user.Apply(object{"name": "jporter", "groups": []any{"Enginers"}}))
	contains(t, text, `groups: Unknown CloudShell Group "Enginers"`, `Did you mean "Engineers"?`)
	if _, found := server.User("jporter"); found || server.Count("POST", "") != 0 {
		t.Error("something was changed")
	}
}

// A person that the server has renamed is followed by id, and stays in place when the configuration follows.
func TestImportedUserRenames(t *testing.T) {
	t.Parallel()
	directory := mockldap.Lab()
	server := start(t, cloudshell.Options{Directory: directory, Match: cloudshell.MatchBySid})
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter", "allow_update": true})
	directory.RenameUser("jporter", "jsmith")
	// The old name is never sent for the person under another one.
	text := acctest.Errors(
		user.Apply(object{"name": "jporter", "allow_update": true, "triggers": object{"renamed": "yes"}}),
	)
	contains(t, text, "have another name there now: then write that name as name")
	// Others have CloudShell import the person by the new name.
	acctest.Configured(t, providerObject(server))
	mustApply(t, newUser(t, server), object{"name": "jsmith", "allow_update": true})
	user = nextRun(t, server, user)
	config := object{"name": "jsmith", "allow_update": true}
	if got := changes(t, user, config); got != "" {
		t.Errorf("the plan changes %s", got)
	}
	mustApply(t, user, config)
	wants(t, user, object{"username": "jsmith", "name": "jporter", "created": true})
	if user.Identity["username"] != "jsmith" {
		t.Errorf("the identity is %v", user.Identity)
	}
	mustPlanEmpty(t, user, config)
	mustApply(t, user, nil)
	if _, found := server.User("jsmith"); found {
		t.Error("the renamed user was not deleted")
	}
}

// The id of a user who is gone may belong to another person later.
func TestImportedUserWhosePlaceIsTaken(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter", "deletion_policy": "delete"})
	other := addPerson(t, server, "asmith")
	user.State["id"] = other.ID
	mustApply(t, user, nil)
	if _, found := server.User("asmith"); !found {
		t.Error("another person was deleted")
	}
}

func TestImportedUserSandboxOwner(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{Sandboxes: cloudshell.SandboxOwnersNever})
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter"})
	server.OwnSandbox("jporter", 2)
	text := acctest.Errors(user.Apply(nil))
	contains(t, text, `Unable to Delete CloudShell User "jporter"`, "sandbox", `deletion_policy = "deactivate"`)
	if held, _ := server.User("jporter"); held.IsActive || user.State == nil {
		t.Error("the user should be inactive, and in state")
	}
	server.OwnSandbox("jporter", 0)
	mustApply(t, user, nil)
}

// The second step of a create fails: the user is in state, not orphaned, and a replacement heals it under each policy.
func TestImportedUserHalfCreated(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"auto", "delete", "deactivate", "abandon"} {
		for _, existed := range []bool{false, true} {
			for _, failing := range []faults.Rule{
				{Method: "PUT", Path: anyUserPath, Fault: faults.Status(500)},
				{Method: "GET", Path: anyUserPath, Fault: faults.HTML(502)},
				{Method: "PUT", Path: anyUserPath, Fault: faults.Status(403)},
			} {
				server := start(t, cloudshell.Options{})
				if existed {
					addPerson(t, server, "jporter")
				}
				config := object{
					"name":                "jporter",
					"max_saved_sandboxes": int64(3),
					"deletion_policy":     policy,
					"allow_update":        existed,
				}
				user := newUser(t, server)
				server.Faults().Add(failing)
				text := acctest.Errors(user.Apply(config))
				contains(t, text, `Unable to Set Up CloudShell User "jporter"`, "is imported and in state")
				wants(t, user, object{"username": "jporter", "created": !existed, "active": true})
				server.Faults().Clear()

				// Terraform has tainted the resource: it destroys, without the private state, and creates.
				user.Private = nil
				user = nextRun(t, server, user)
				mustApply(t, user, nil)
				if _, found := server.User("jporter"); found != existed {
					t.Errorf("policy %s, existed %v: found %v after the replacement's destroy", policy, existed, found)
				}
				mustApply(t, user, config)
				wants(t, user, object{"created": !existed, "active": true, "max_saved_sandboxes": 3})
				mustPlanEmpty(t, user, config)
			}
		}
	}
}

func TestImportedUserUpdateFails(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter", "allow_update": true, "triggers": object{"a": "1"}})
	config := object{"name": "jporter", "allow_update": true, "triggers": object{"a": "2"}, "active": false}
	server.Faults().Add(faults.Rule{Method: "PUT", Path: anyUserPath, Fault: faults.Status(500)})
	contains(
		t,
		acctest.Errors(user.Apply(config)),
		`Unable to Update CloudShell User "jporter"`,
		"500 Internal Server Error",
	)
	wants(t, user, object{"active": true, "triggers": "map[a:1]"})
	mustApply(t, user, config)
	mustPlanEmpty(t, user, config)
}

func TestImportedUserDeletionPolicies(t *testing.T) {
	t.Parallel()
	for _, existed := range []bool{false, true} {
		for policy, want := range map[string]string{"auto": "gone", "delete": "gone", "deactivate": "inactive",
			"abandon": "active"} {
			if existed && policy == "auto" {
				want = "active"
			}
			server := start(t, cloudshell.Options{})
			if existed {
				addPerson(t, server, "jporter")
			}
			user := newUser(t, server)
			mustApply(t, user, object{"name": "jporter", "deletion_policy": policy, "allow_update": existed})
			mustApply(t, user, nil)
			held, found := server.User("jporter")
			got := map[bool]string{true: "active", false: "inactive"}[held.IsActive]
			if !found {
				got = "gone"
			}
			if got != want {
				t.Errorf("policy %s, existed %v: %s, want %s", policy, existed, got, want)
			}
		}
	}
}

func TestImportedUserHostileNames(t *testing.T) {
	t.Parallel()
	directory := mockldap.NewDirectory()
	names := []string{
		"Anna (Ops) O'Hara",
		"50% Off/Team",
		`back\slash`,
		"a&b=c#d?e",
		"Иван Петров",
		"山田 太郎",
		"${var.x} %{if}",
		`"quoted"`,
		"a+b;c,d",
		"ß-straße",
		strings.Repeat("long ", 39) + "name!",
		"İstanbul",
	}
	for _, name := range names {
		directory.AddUser(people.User{Username: name, DisplayName: "The " + name})
	}
	server := start(t, cloudshell.Options{Directory: directory})
	group := server.AddGroup("R&D / 100% (日本)")
	for _, name := range names {
		user := newUser(t, server)
		config := object{"name": name, "groups": []any{group.Name}}
		mustApply(t, user, config)
		wants(t, user, object{"name": name, "username": name, "created": true})
		mustPlanEmpty(t, user, config)
		mustApply(t, user, object{"name": name, "groups": []any{group.Name}, "active": false})
		byID := newUser(t, server)
		if text := acctest.Errors(byID.Import(name, nil)); text != "" || byID.State["username"] != name {
			t.Errorf("import of %q: %s", name, text)
		}
		mustApply(t, user, nil)
		if _, found := server.User(name); found {
			t.Errorf("%q was not deleted", name)
		}
	}
}
