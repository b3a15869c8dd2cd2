// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const (
	userType    = "directory_cloudshell_imported_user"
	importPath  = "/api/v1/integrations/IdentityManagement/users"
	anyUserPath = "/api/v1/users/*"
)

type object = acctest.Object

// newUser serves a provider for the server and returns a user that does not exist yet.
func newUser(t *testing.T, server *cloudshell.Server) *acctest.Instance {
	t.Helper()
	return acctest.Configured(t, providerObject(server)).Instance(userType)
}

func providerObject(server *cloudshell.Server) object {
	return object{
		"cloudshell":      object{"url": server.URL(), "username": server.Username(), "password": server.Password()},
		"request_timeout": "5s", "max_retries": int64(0),
	}
}

func mustApply(t *testing.T, user *acctest.Instance, config object) {
	t.Helper()
	if text := acctest.Errors(user.Apply(config)); text != "" {
		t.Fatal(text)
	}
}

func mustRefresh(t *testing.T, user *acctest.Instance) {
	t.Helper()
	if text := acctest.Errors(user.Refresh()); text != "" {
		t.Fatal(text)
	}
}

// nextRun is the user in the next run of Terraform, refreshed.
func nextRun(t *testing.T, server *cloudshell.Server, user *acctest.Instance) *acctest.Instance {
	t.Helper()
	user = user.In(acctest.Configured(t, providerObject(server)))
	mustRefresh(t, user)
	return user
}

// mustPlanEmpty asserts that a refresh and a plan of the same configuration change nothing.
func mustPlanEmpty(t *testing.T, user *acctest.Instance, config object) {
	t.Helper()
	mustRefresh(t, user)
	if changes := changes(t, user, config); changes != "" {
		t.Errorf("a second plan changes %s", changes)
	}
}

// changes names the attributes that a plan of the configuration changes.
func changes(t *testing.T, user *acctest.Instance, config object) string {
	t.Helper()
	resp, planned := user.Plan(config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Fatal(text)
	}
	var names []string
	for name, value := range planned {
		if fmt.Sprint(value) != fmt.Sprint(user.State[name]) {
			names = append(names, fmt.Sprintf("%s: %v -> %v", name, user.State[name], value))
		}
	}
	return strings.Join(names, ", ")
}

func wants(t *testing.T, user *acctest.Instance, want object) {
	t.Helper()
	for name, value := range want {
		if fmt.Sprint(user.State[name]) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v", name, user.State[name], value)
		}
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
}

func TestImportedUserCreateCostsFewRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		config object
		most   int
	}{
		{"bare", object{"name": "jporter"}, 3},
		{"by display name", object{"name": "James Porter"}, 3},
		{"settings and groups", object{"name": "jporter", "groups": []any{"Engineers"}, "active": false,
			"max_saved_sandboxes": int64(2)}, 6},
		{"settings as they are", object{"name": "jporter", "active": true}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := start(t, cloudshell.Options{})
			server.AddGroup("Engineers")
			user := newUser(t, server)
			mustApply(t, user, c.config)
			if got := server.CountWork(); got > c.most {
				t.Errorf("%d requests, want at most %d", got, c.most)
			}
			if server.Count("PUT", "/Api/Auth/Login") != 1 {
				t.Error("more than one login")
			}
			mustPlanEmpty(t, user, c.config)
		})
	}
}

// Every form in which a server may say that the user exists ends in the same message.
func TestImportedUserExists(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jporter", "JPorter", "James Porter"} {
		for _, options := range existsForms() {
			t.Run(fmt.Sprintf("%s %d %d %d", name, options.Exists, options.Errors, options.ErrorBody), func(t *testing.T) {
				t.Parallel()
				server := start(t, options)
				before := addPerson(t, server, "jporter")
				user := newUser(t, server)
				text := acctest.Errors(user.Apply(object{"name": name}))
				if name == "James Porter" && options.ErrorBody == cloudshell.ErrorBodyEmpty &&
					options.Exists == cloudshell.ExistsConflict {
					contains(t, text, "under a user name that its answer does not tell")
				} else {
					contains(
						t,
						text,
						"name: ",
						`CloudShell has the user "jporter" already`,
						"import {\n",
						`id = "jporter"`,
						"allow_update = true",
					)
				}
				if user.State != nil {
					t.Error("a user who was refused is in state")
				}
				if after, _ := server.User("jporter"); fmt.Sprint(after) != fmt.Sprint(before) {
					t.Error("the existing user was changed")
				}
			})
		}
	}
}

func existsForms() []cloudshell.Options {
	var forms []cloudshell.Options
	for _, exists := range []cloudshell.ExistsAnswer{cloudshell.ExistsError, cloudshell.ExistsPartial} {
		for _, shape := range []cloudshell.ErrorShape{cloudshell.ErrorsStrings, cloudshell.ErrorsObjects,
			cloudshell.ErrorsNested, cloudshell.ErrorsNameless} {
			forms = append(forms, cloudshell.Options{Exists: exists, Errors: shape})
		}
	}
	for _, body := range []cloudshell.ErrorBody{cloudshell.ErrorBodyMessage, cloudshell.ErrorBodyString,
		cloudshell.ErrorBodyHTML, cloudshell.ErrorBodyEmpty} {
		forms = append(forms, cloudshell.Options{Exists: cloudshell.ExistsConflict, ErrorBody: body})
	}
	return append(forms, cloudshell.Options{Exists: cloudshell.ExistsUnchanged})
}

func addPerson(t *testing.T, server *cloudshell.Server, username string) cloudshell.User {
	t.Helper()
	person, found, err := mockldap.Lab().FindUser(t.Context(), username)
	if err != nil || !found {
		t.Fatal("the lab has no such person", err)
	}
	return server.AddImportedUser(person)
}

// With allow_update an existing user is adopted, whatever the server says of them, and left alone at destroy.
func TestImportedUserAdopts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jporter", "James Porter"} {
		for _, options := range existsForms() {
			if name == "James Porter" && options.Exists == cloudshell.ExistsConflict &&
				options.ErrorBody == cloudshell.ErrorBodyEmpty {
				continue // see TestImportedUserThatTheServerDoesNotName
			}
			t.Run(fmt.Sprintf("%s %d %d %d", name, options.Exists, options.Errors, options.ErrorBody), func(t *testing.T) {
				t.Parallel()
				server := start(t, options)
				addPerson(t, server, "jporter")
				server.ChangeUser("jporter", func(u *cloudshell.User) { u.Email = "old@lab.example" })
				user := newUser(t, server)
				config := object{"name": name, "allow_update": true}
				mustApply(t, user, config)
				wants(t, user, object{"username": "jporter", "created": false, "email": "jporter@lab.example"})
				mustPlanEmpty(t, user, config)
				user = user.In(acctest.Configured(t, providerObject(server))) // another run, whose plan tells
				diagnostics := user.Apply(nil)
				contains(t, acctest.Warnings(diagnostics), `Account or Group Left in Place: The CloudShell user "jporter" stays.`)
				if _, found := server.User("jporter"); !found {
					t.Error("an adopted user was deleted")
				}
			})
		}
	}
}

func TestImportedUserThatTheServerDoesNotName(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{ErrorBody: cloudshell.ErrorBodyEmpty})
	addPerson(t, server, "jporter")
	text := acctest.Errors(newUser(t, server).Apply(object{"name": "James Porter", "allow_update": true}))
	contains(t, text, "409 Conflict", "under a user name that its answer does not tell", "Give that user name")
}

// A display name that looks like an account name: whether its user was there before cannot be told, so they are left
// alone.
func TestImportedUserWhoMayHaveBeenThere(t *testing.T) {
	t.Parallel()
	directory := mockldap.Lab()
	directory.AddUser(people.User{Username: "mciccone", DisplayName: "Madonna"})
	server := start(t, cloudshell.Options{Directory: directory})
	user := newUser(t, server)
	config := object{"name": "Madonna"}
	contains(t, acctest.Warnings(user.Apply(config)), "name: Person Imported Under Another Name",
		`CloudShell imported "Madonna" as user "mciccone"`)
	wants(t, user, object{"username": "mciccone", "created": false})
	mustPlanEmpty(t, user, config)
	mustPlanEmpty(t, user, object{"name": "mciccone"})
	mustApply(t, user, nil)
	if _, found := server.User("mciccone"); !found {
		t.Error("a user who may have been there before was deleted")
	}
}

// Every form in which a server may say that it does not know the name ends in the same message.
func TestImportedUserUnknownName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"noone", "No Body (Ops)/50%"} {
		for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty,
			cloudshell.UnknownError} {
			for _, shape := range []cloudshell.ErrorShape{cloudshell.ErrorsStrings, cloudshell.ErrorsNested} {
				t.Run(fmt.Sprintf("%s %d %d", name, unknown, shape), func(t *testing.T) {
					t.Parallel()
					server := start(t, cloudshell.Options{Unknown: unknown, Errors: shape})
					user := newUser(t, server)
					text := acctest.Errors(user.Apply(object{"name": name, "allow_update": true}))
					contains(
						t,
						text,
						"name: "+fmt.Sprintf("Unable to Import CloudShell User %q", name),
						"No one was imported. If the name is the cause, check its spelling",
					)
					if user.State != nil {
						t.Error("a person who does not exist is in state")
					}
				})
			}
		}
	}
}

// The server's own reason reaches the person in whatever form it comes.
func TestImportedUserRefused(t *testing.T) {
	t.Parallel()
	for _, options := range []cloudshell.Options{
		{Errors: cloudshell.ErrorsStrings}, {Errors: cloudshell.ErrorsObjects}, {Errors: cloudshell.ErrorsNested},
		{Errors: cloudshell.ErrorsNameless},
		{RefusedStatus: 202}, {RefusedStatus: 400}, {RefusedStatus: 403}, {RefusedStatus: 500},
	} {
		server := start(t, options)
		server.RefuseImport("jporter", "No licence is left for this user")
		text := acctest.Errors(newUser(t, server).Apply(object{"name": "jporter"}))
		contains(t, text, `Unable to Import CloudShell User "jporter"`, "No licence is left for this user")
	}
}

func TestImportedUserAnswersLost(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"jporter", "James Porter"} {
		for _, exists := range []cloudshell.ExistsAnswer{cloudshell.ExistsConflict, cloudshell.ExistsError,
			cloudshell.ExistsUnchanged} {
			for fault, lost := range map[string]faults.Fault{"cut before": faults.CutBefore(), "cut after": faults.CutAfter(),
				"truncated": faults.Truncate()} {
				t.Run(fmt.Sprintf("%s %d %s", name, exists, fault), func(t *testing.T) {
					t.Parallel()
					server := start(t, cloudshell.Options{Exists: exists})
					server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Fault: lost})
					user := newUser(t, server)
					config := object{"name": name}
					mustApply(t, user, config)
					wants(t, user, object{"username": "jporter", "created": true})
					mustPlanEmpty(t, user, config)
					server.Faults().Add(faults.Rule{Method: "DELETE", Path: anyUserPath, Fault: lost})
					for range 2 { // a second destroy finds them gone
						if text := acctest.Errors(user.Apply(nil)); text == "" {
							break
						}
					}
					if _, found := server.User("jporter"); found || user.State != nil {
						t.Error("the user was not deleted")
					}
				})
			}
		}
	}
}

func TestImportedUserOldReleases(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{NoAllowUpdate: true})
	addPerson(t, server, "asmith")
	mustApply(t, newUser(t, server), object{"name": "jporter"})
	for _, name := range []string{"asmith", "bkhan"} {
		text := acctest.Errors(newUser(t, server).Apply(object{"name": name, "allow_update": true}))
		if name == "bkhan" { // new, so AllowUpdate is not sent
			if text != "" {
				t.Error(text)
			}
			continue
		}
		contains(t, text, "400", "before 2024.1 may not know AllowUpdate")
	}
}

func TestImportedUserIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{Match: cloudshell.MatchBySid})
	user := newUser(t, server)
	config := object{"name": "jporter"}
	mustApply(t, user, config)
	identity := func(want string) {
		t.Helper()
		if got := user.Identity["username"]; got != want {
			t.Errorf("the identity is %v, want %s", got, want)
		}
	}
	identity("jporter")
	mustRefresh(t, user)
	identity("jporter")
	mustApply(t, user, object{"name": "jporter", "active": false})
	identity("jporter")

	user.Identity = nil // state from before there were identities
	mustRefresh(t, user)
	identity("jporter")

	byIdentity := newUser(t, server)
	if text := acctest.Errors(byIdentity.Import("", object{"username": "JPORTER"})); text != "" {
		t.Fatal(text)
	}
	mustRefresh(t, byIdentity)
	if byIdentity.Identity["username"] != "JPORTER" || byIdentity.State["username"] != "jporter" ||
		byIdentity.State["name"] != "jporter" {
		t.Errorf("imported by identity: %v %v", byIdentity.Identity, byIdentity.State)
	}
	contains(t, acctest.Errors(byIdentity.Import("jportre", nil)), `Did you mean "jporter"?`)
	contains(t, acctest.Errors(byIdentity.Import(" ", nil)), "must not be empty or blank")

	user.Identity = nil // and the user is gone by now
	server.RemoveUser("jporter")
	user = nextRun(t, server, user)
	if user.State != nil {
		t.Error("a user who is gone stays in state")
	}
}

func TestImportedUserWithUnknownConfiguration(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter"})
	unknown := acctest.Configured(
		t,
		object{"cloudshell": object{"url": server.URL(), "username": "admin", "password": acctest.Unknown}},
	)
	again := user.In(unknown)
	diagnostics := again.Refresh()
	contains(t, acctest.Warnings(diagnostics), "State Not Refreshed", `CloudShell User "jporter"`, "cloudshell.password")
	if acctest.Errors(diagnostics) != "" || again.State == nil {
		t.Error("an unknown configuration is no reason to fail or to forget")
	}
	resp, _ := again.Plan(object{"name": "jporter", "groups": []any{"Engineers"}})
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Error(text)
	}
}

func TestImportedUserDefaultsOfLimits(t *testing.T) {
	t.Parallel()
	for _, form := range []cloudshell.LimitForm{cloudshell.LimitsDefault, cloudshell.LimitsMinusOne} {
		server := start(t, cloudshell.Options{Limits: form})
		user := newUser(t, server)
		config := object{"name": "jporter", "max_concurrent_reservations": int64(-1), "max_owned_blueprints": int64(4)}
		mustApply(t, user, config)
		wants(t, user, object{"max_concurrent_reservations": -1, "max_owned_blueprints": 4})
		mustPlanEmpty(t, user, config)

		server.ChangeUser("jporter", func(u *cloudshell.User) {
			three := int64(3)
			u.MaxReserved = &three
		})
		user = nextRun(t, server, user)
		contains(t, changes(t, user, config), "max_concurrent_reservations: 3 -> -1")
		mustApply(t, user, config)
		mustPlanEmpty(t, user, config)

		// A number that another client sets after the refresh is drift too, although the apply writes other settings.
		server.ChangeUser("jporter", func(u *cloudshell.User) {
			five := int64(5)
			u.MaxReserved = &five
		})
		config["max_owned_blueprints"] = int64(6)
		mustApply(t, user, config)
		user = nextRun(t, server, user)
		contains(t, changes(t, user, config), "max_concurrent_reservations: 5 -> -1")
	}
}

func TestImportedUserNotesStayReadable(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	user := newUser(t, server)
	mustApply(t, user, object{"name": "jporter", "groups": []any{}})
	var private map[string]string // framework: key -> base64
	if err := json.Unmarshal(user.Private, &private); err != nil || len(private) != 1 {
		t.Errorf("private state holds %v, %v", private, err)
	}
}
