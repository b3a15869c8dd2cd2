// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// A user who exists is an error at plan, with the block to paste. With consent the plan says what changes.
func TestImportedUserConsentAtPlan(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	addPerson(t, server, "jporter")
	server.ChangeUser("jporter", func(u *cloudshell.User) { u.IsActive = false })
	resp, _ := newUser(t, server).Plan(object{"name": "JPorter"})
	contains(
		t,
		acctest.Errors(resp.Diagnostics),
		`name: CloudShell User "jporter" Already Exists`,
		`import {
    to = directory_cloudshell_imported_user.NAME
    id = "jporter"
  }`,
		"allow_update = true",
		"terraform untaint",
	)

	resp, _ = newUser(
		t,
		server,
	).Plan(object{"name": "jporter", "allow_update": true, "admin": true, "max_saved_sandboxes": int64(3)})
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Error(text)
	}
	contains(
		t,
		acctest.Warnings(resp.Diagnostics),
		`name: Existing CloudShell User "jporter" Will Be Adopted`,
		"admin: false -> true",
		"max_saved_sandboxes: none -> 3",
		"inactive, cannot log in, and stays so unless active = true",
	)
	resp, _ = newUser(t, server).Plan(object{"name": "jporter", "allow_update": true, "active": true})
	contains(t, acctest.Warnings(resp.Diagnostics), "active: false -> true")

	user := newUser(t, server)
	config := object{"name": "jporter", "allow_update": true}
	contains(
		t,
		acctest.Warnings(user.Apply(config)),
		`Account That Cannot Log In: The CloudShell user "jporter" is inactive`,
	)
	mustPlanEmpty(t, user, config)
	imported := newUser(t, server)
	contains(t, acctest.Warnings(imported.Import("jporter", nil)), `Account That Cannot Log In`, "Set active = true")

	server.AddLocalUser("asmith")
	resp, _ = newUser(t, server).Plan(object{"name": "asmith", "allow_update": true})
	contains(t, acctest.Errors(resp.Diagnostics), `name: CloudShell User "asmith" Is Local`)
}

// A consent that is not known yet leaves open what an import may change, so that the apply contradicts nothing.
func TestAccImportedUser_consentKnownAtApply(t *testing.T) {
	server := start(t, cloudshell.Options{})
	t.Parallel()
	w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
	w.apply()
	server.People().SetEmail("jporter", "new@lab.example")
	w.rewrite(`resource "terraform_data" "consent" {
  input = true
}
` +
		userBlock("test", `name = "jporter"`, `allow_update = terraform_data.consent.output`, `triggers = var.triggers`) +
		`variable "triggers" {
  type = map(string)
  default = null
}
`)
	w.ok("validate")
	w.apply()
	w.planEmpty()
	if user, _ := server.User("jporter"); user.Email != "new@lab.example" {
		t.Errorf("the e-mail is %s", user.Email)
	}
}

// What is remembered from an earlier apply puts no one back into groups that they have left.
func TestImportedUserUpdateDoesWhatThePlanShows(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	engineers, trainers := server.AddGroup("Engineers"), server.AddGroup("Trainers")
	user := newUser(t, server)
	config := object{"name": "jporter", "groups": []any{"Engineers"}, "active": true}
	mustApply(t, user, config)
	user = nextRun(t, server, user)
	server.ChangeUser("jporter", func(u *cloudshell.User) { // after the refresh
		u.GroupIDs, u.IsActive = []int64{1, trainers.ID}, false
	})
	config["max_saved_sandboxes"] = int64(4)
	contains(t, changes(t, user, config), "max_saved_sandboxes")
	mustApply(t, user, config)
	held, _ := server.User("jporter")
	if held.InGroup(engineers.ID) || !held.InGroup(trainers.ID) || held.IsActive || *held.MaxSaved != 4 {
		t.Errorf("the server has %+v", held)
	}
	user = nextRun(t, server, user)
	contains(t, changes(t, user, config), "groups: [Trainers] -> [Engineers]", "active: false -> true")
	mustApply(t, user, config)
	mustPlanEmpty(t, user, config)
}

func TestImportedUserNoticesARenamedGroup(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	server.AddGroup("Engineers")
	user := newUser(t, server)
	config := object{"name": "jporter", "groups": []any{"Engineers"}}
	mustApply(t, user, config)
	server.ChangeGroup("Engineers", func(g *cloudshell.UserGroup) { g.Name = "Builders" })
	user = nextRun(t, server, user)
	wants(t, user, object{"groups": "[Builders]"})
	mustPlanEmpty(t, user, object{"name": "jporter", "groups": []any{"BUILDERS"}})
}

// A token does not tell whose it is: without a name no administrator is harmed, with it the account of that name.
func TestImportedUserAdministratorsAndTokens(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "admin", "JPORTER"} {
		server := start(t, cloudshell.Options{})
		addPerson(t, server, "jporter")
		server.ChangeUser("jporter", func(u *cloudshell.User) { u.IsAdmin = true })
		login := object{"url": server.URL(), "token": server.IssueToken("jporter")}
		if name != "" {
			login["username"] = name
		}
		if name == "admin" {
			login["token"] = server.IssueToken("admin")
		}
		instance := func() *acctest.Instance { return acctest.Configured(t, object{"cloudshell": login}).Instance(userType) }
		user := instance()
		mustApply(t, user, object{"name": "jporter", "allow_update": true, "deletion_policy": "delete"})
		diagnostics := user.In(acctest.Configured(t, object{"cloudshell": login})).Apply(nil)
		held, there := server.User("jporter")
		switch name {
		case "":
			contains(
				t,
				acctest.Errors(diagnostics),
				"a token does not tell which account the provider uses",
				"Set cloudshell.username",
			)
			demoted := acctest.Errors(user.Apply(object{"name": "jporter", "allow_update": true, "admin": false}))
			contains(t, demoted, "Set cloudshell.username")
		case "JPORTER":
			contains(t, acctest.Warnings(diagnostics), "The provider logs in to CloudShell as this user")
		default:
			if text := acctest.Errors(diagnostics); text != "" || there {
				t.Errorf("an administrator of another name: there %v, %s", there, text)
			}
			continue
		}
		if !there || !held.IsActive || !held.IsAdmin {
			t.Errorf("username %q: the account is %+v", name, held)
		}
	}
}

// The user name in the environment belongs to the password there, not to a token in the configuration.
func TestImportedUserTokenBesideAnotherLogin(t *testing.T) {
	server := start(t, cloudshell.Options{})
	addPerson(t, server, "jporter")
	server.ChangeUser("jporter", func(u *cloudshell.User) { u.IsAdmin = true })
	t.Setenv("CLOUDSHELL_USERNAME", server.Username())
	t.Setenv("CLOUDSHELL_PASSWORD", server.Password())
	login := object{"url": server.URL(), "token": server.IssueToken("jporter")}
	user := acctest.Configured(t, object{"cloudshell": login}).Instance(userType)
	mustApply(t, user, object{"name": "jporter", "allow_update": true, "deletion_policy": "delete"})
	text := acctest.Errors(user.In(acctest.Configured(t, object{"cloudshell": login})).Apply(nil))
	contains(t, text, "a token does not tell which account the provider uses")
	if held, there := server.User("jporter"); !there || !held.IsActive {
		t.Errorf("the provider's own account: there %v, %+v", there, held)
	}
}

// One person in two encodings is one person.
func TestImportedUserNamesInTwoEncodings(t *testing.T) {
	t.Parallel()
	composed, decomposed := "jos\u00e9", "jose\u0301"
	directory := mockldap.NewDirectory()
	directory.AddUser(people.User{Username: decomposed, DisplayName: "José"})
	server := start(t, cloudshell.Options{Directory: directory})
	server.AddGroup("Caf\u0065\u0301")
	user := newUser(t, server)
	config := object{"name": composed, "groups": []any{"CAF\u00c9"}}
	mustApply(t, user, config)
	mustPlanEmpty(t, user, config)
	user = nextRun(t, server, user)
	if got := changes(t, user, config); got != "" {
		t.Errorf("the second plan changes %s", got)
	}
	mustApply(t, user, nil)
	if left := importedUsers(server); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Ctrl-C during a create: the account that comes of it is in state.
func TestAccImportedUser_interrupted(t *testing.T) {
	server := start(t, cloudshell.Options{ImportDelay: 2 * time.Second})
	t.Parallel()
	for range races() {
		w := newTerraform(t, server, userBlock("test", `name = "jporter"`))
		process := w.Start("apply", "-auto-approve")
		for server.Count("POST", importPath) == 0 {
			time.Sleep(20 * time.Millisecond)
		}
		process.Interrupt()
		run := process.Wait()
		_, there := server.User("jporter")
		if inState := len(w.Instances()) == 1; inState != there {
			t.Errorf("in state %v, in CloudShell %v\n%s", inState, there, run.Output)
		}
		w.apply()
		w.planEmpty()
		w.ok("destroy", "-auto-approve")
		if left := importedUsers(server); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		server.ResetRequests()
	}
}

// Two lost answers in a row end with state, with Terraform's own process.
func TestAccImportedUser_answersLostTwice(t *testing.T) {
	server := start(t, cloudshell.Options{})
	t.Parallel()
	w := newTerraform(t, server, userBlock("test", `name = "James Porter"`))
	server.Faults().
		Add(faults.Rule{Method: "POST", Path: importPath, Times: 2,
			Fault: faults.AnswerAfter(502, "text/html", "Bad Gateway")})
	w.apply()
	w.planEmpty()
	if got := w.Instances(); len(got) != 1 || got[0].Attributes["created"] != true {
		t.Errorf("state: %v", got)
	}
}

// A CloudShell group that is made in the same apply is found.
func TestAccImportedUser_groupOfTheSameRun(t *testing.T) {
	server := start(t, cloudshell.Options{})
	t.Parallel()
	server.AddGroup("Trainers")
	w := newTerraform(t, server, `resource "directory_cloudshell_group" "lab" {
  name = "Lab"
}
`+
		userBlock("one", `name = "jporter"`, `groups = ["Trainers"]`)+
		userBlock(
			"two",
			`name = "asmith"`, `groups = ["Lab", "Trainers"]`, `depends_on = [directory_cloudshell_group.lab]`,
		))
	w.apply()
	w.planEmpty()
	w.rewrite(userBlock("one", `name = "jporter"`, `groups = ["Trainerz"]`))
	w.fails([]string{`Unknown CloudShell Group "Trainerz"`, `Did you mean "Trainers"?`}, "plan")
}

// A new name of the same person is an update in place, when the directory tells that it is.
func TestImportedUserRenamedInTheDirectory(t *testing.T) {
	t.Parallel()
	ldap, server, provider := overLDAP(t)
	user := acctest.Configured(t, provider).Instance(userType)
	config := object{"name": "jporter", "allow_update": true}
	mustApply(t, user, config)
	id := user.State["id"]
	sid := fmt.Sprint(user.State["imported_sid"])
	ldap.People().SetUserAttribute("jporter", "sAMAccountName", "jnewton")
	config["name"] = "jnewton"
	user = user.In(acctest.Configured(t, provider))
	mustRefresh(t, user)
	resp, planned := user.Plan(config)
	if len(resp.RequiresReplace) > 0 || planned["id"] != id || planned["name"] != "jnewton" {
		t.Fatalf(
			"planned %v, replaced for %v, errors %s, SID %s",
			planned,
			resp.RequiresReplace,
			acctest.Errors(resp.Diagnostics),
			sid,
		)
	}
	_ = server
}

// A group that holds the person, and is planned later, is not what a new resource for the person replaces.
func TestImportedUserBesideARefreshedGroup(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	group := acctest.Configured(t, providerObject(server)).Instance("directory_cloudshell_imported_group")
	if text := acctest.Errors(group.Apply(object{"name": "Azure_DevOps_Cloud_Admins"})); text != "" {
		t.Fatal(text)
	}
	next := acctest.Configured(t, providerObject(server))
	group = group.In(next)
	mustRefresh(t, group)
	resp, _ := next.Instance(userType).Plan(object{"name": "jporter"})
	contains(t, acctest.Errors(resp.Diagnostics), `CloudShell User "jporter" Already Exists`)
}
