// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"golang.org/x/text/unicode/norm"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestAccDataSources(t *testing.T) {
	server := start(t, cloudshell.Options{})
	group := server.AddGroup("Engineers")
	server.SetAccess("Engineers", "Global", "view_only")
	addPerson(t, server, "jporter")
	server.ChangeUser("jporter", func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, group.ID) })
	const prefix = "data.directory_cloudshell_"
	is := resource.TestCheckResourceAttr
	run(t, apply(
		acctest.CloudShellProvider(server.URL())+`
data "directory_cloudshell_user" "one" { username = "JPorter" }
data "directory_cloudshell_users" "all" {}
data "directory_cloudshell_users" "imported" { imported_only = true }
data "directory_cloudshell_users" "some" { name_contains = "OPER" }
data "directory_cloudshell_group" "one" { name = "engineers" }
data "directory_cloudshell_external_groups" "all" {}
data "directory_cloudshell_external_groups" "some" { name_contains = "operators" }
data "directory_cloudshell_external_group" "one" { name = "Azure_DevOps_Cloud_Admins" }
`,
		is(
			prefix+"user.one",
			"email",
			"jporter@lab.example",
		),
		is(prefix+"user.one", "imported", "true"),
		is(prefix+"user.one", "group_ids.#", "2"),
		is(prefix+"users.all", "users.#", "3"),
		is(prefix+"users.all", "users.0.username", "admin"),
		is(
			prefix+"users.imported",
			"users.#",
			"1",
		),
		is(prefix+"users.imported", "usernames.#", "1"),
		is(prefix+"users.imported", "usernames.0", "jporter"),
		is(prefix+"users.imported", "users.0.username", "jporter"),
		is(
			prefix+"users.some",
			"users.#",
			"1",
		),
		is(prefix+"users.some", "users.0.username", "operator"),
		is(prefix+"users.some", "users.0.imported", "false"),
		is(
			prefix+"group.one",
			"id",
			fmt.Sprint(group.ID),
		),
		is(prefix+"group.one", "usernames.#", "1"),
		is(prefix+"group.one", "role", "Regular"),
		is(
			prefix+"external_groups.all",
			"groups.#",
			"2",
		),
		is(prefix+"external_groups.some", "groups.0.name", "Lab Operators"),
		is(prefix+"external_group.one", "users.#", "3"),
		is(prefix+"external_group.one", "users.0.username", "asmith"),
		is(prefix+"external_group.one", "usernames.#", "3"),
		is(prefix+"external_group.one", "usernames.0", "asmith"),
		is(prefix+"group.one", "domains.Global", "view_only"),
		is(prefix+"external_group.one", "users.0.display_name", "Alice Smith"),
	))
}

func TestDataSourcesOfUnknownNames(t *testing.T) {
	t.Parallel()
	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty} {
		directory := mockldap.Lab()
		directory.AddGroup(people.Group{Name: "R&D / 100% (日本)"})
		server := start(t, cloudshell.Options{Unknown: unknown, Directory: directory})
		server.AddGroup("Engineers")
		addPerson(t, server, "jporter")
		p := acctest.Configured(t, providerObject(server))
		for name, c := range map[string]struct {
			config object
			words  []string
		}{
			"user": {object{"username": "jportre"}, []string{`username: Unknown CloudShell User "jportre"`, `Did ` +
				`you mean "jporter"?`}},
			"group": {object{"name": "Enginers"}, []string{`name: Unknown CloudShell Group "Enginers"`, `Did you ` +
				`mean "Engineers"?`}},
			"external_group": {object{"name": "Lab Operator"}, []string{`name: Unknown Directory Group "Lab Operator"`, `Did ` +
				`you mean "Lab Operators"?`}},
		} {
			_, diagnostics := p.ReadData("directory_cloudshell_"+name, c.config)
			contains(t, acctest.Errors(diagnostics), c.words...)
		}
		state, diagnostics := p.ReadData("directory_cloudshell_external_group", object{"name": "R&D / 100% (日本)"})
		if acctest.Errors(diagnostics) != "" || fmt.Sprint(state["users"]) != "[]" {
			t.Errorf("an empty group: %v %s", state, acctest.Errors(diagnostics))
		}
	}
}

// Another spelling of a directory group's name is the same group, also on a server that tells spellings apart and shows
// an unknown group as an empty one: an empty list would take everyone out of a for_each.
func TestExternalGroupInAnotherSpelling(t *testing.T) {
	t.Parallel()
	for _, unknown := range []cloudshell.UnknownAnswer{cloudshell.UnknownNotFound, cloudshell.UnknownEmpty,
		cloudshell.UnknownBadRequest} {
		directory := mockldap.Lab()
		directory.AddGroup(people.Group{Name: norm.NFD.String("Prüfstände")}, "jporter")
		server := start(t, cloudshell.Options{Unknown: unknown, ExactGroups: true, Directory: directory})
		p := acctest.Configured(t, providerObject(server))
		for name, usernames := range map[string]string{
			"lab operators": "[bkhan cmendez]", "Lab Operators": "[bkhan cmendez]", "Prüfstände": "[jporter]",
		} {
			state, diagnostics := p.ReadData("directory_cloudshell_external_group", object{"name": name})
			if text := acctest.Errors(diagnostics); text != "" || fmt.Sprint(state["usernames"]) != usernames {
				t.Errorf("%s has %v, want %s %s", name, state["usernames"], usernames, text)
			}
		}
	}
}

// While the pages of a big group are read, someone leaves it and the others move up: no one else is missing.
func TestExternalGroupOfSeveralPages(t *testing.T) {
	t.Parallel()
	directory := mockldap.NewDirectory()
	everyone := people.People(300)
	directory.AddUser(everyone...)
	directory.AddGroup(people.Group{Name: "Everyone"}, usernames(everyone)...)
	server := start(t, cloudshell.Options{Directory: directory, Cursor: cloudshell.CursorNumber})
	server.Faults().Add(faults.Rule{Method: "GET", Path: externalGroupURL, Skip: 1, Fault: faults.Call(func() {
		directory.RemoveMember("Everyone", "user0001")
	})})
	p := acctest.Configured(t, providerObject(server))
	state, diagnostics := p.ReadData("directory_cloudshell_external_group", object{"name": "everyone"})
	found, _ := state["usernames"].([]any)
	for _, name := range usernames(everyone)[1:] {
		if !slices.Contains(found, any(name)) {
			t.Errorf("%s is missing %s", name, acctest.Errors(diagnostics))
		}
	}
}

// The same for a CloudShell group that another client takes someone out of.
func TestGroupDataSourceOfSeveralPages(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{Cursor: cloudshell.CursorNumber})
	team := server.AddGroup("Team")
	everyone := usernames(people.People(300))
	for _, name := range everyone {
		server.AddLocalUser(name)
		server.ChangeUser(name, func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, team.ID) })
	}
	server.Faults().Add(faults.Rule{Method: "GET", Path: groupsPath + "/*/Users", Skip: 1, Fault: faults.Call(func() {
		server.ChangeUser(everyone[0], func(u *cloudshell.User) { u.GroupIDs = nil })
	})})
	p := acctest.Configured(t, providerObject(server))
	state, diagnostics := p.ReadData(cloudshellGroupType, object{"name": "Team"})
	found, _ := state["usernames"].([]any)
	for _, name := range everyone[1:] {
		if !slices.Contains(found, any(name)) {
			t.Errorf("%s is missing %s", name, acctest.Errors(diagnostics))
		}
	}
}

// A group that is made after the groups were read is found all the same.
func TestGroupDataSourceOfANewGroup(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	p := acctest.Configured(t, providerObject(server))
	if _, diagnostics := p.ReadData(cloudshellGroupType, object{"name": "Team"}); acctest.Errors(diagnostics) == "" {
		t.Error("a group that does not exist was read")
	}
	made := server.AddGroup("Team")
	state, diagnostics := p.ReadData(cloudshellGroupType, object{"name": "Team"})
	if text := acctest.Errors(diagnostics); text != "" || state["id"] != made.ID {
		t.Errorf("group %v, want %d %s", state["id"], made.ID, text)
	}
}

// A search for part of a name finds it in either encoding of its letters.
func TestUsersByAPartInAnotherEncoding(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	decomposed := norm.NFD.String("zoë")
	server.AddImportedUser(people.User{Username: decomposed, ID: "S-1-5-21-1"})
	p := acctest.Configured(t, providerObject(server))
	state, diagnostics := p.ReadData("directory_cloudshell_users", object{"name_contains": "OË"})
	if text := acctest.Errors(diagnostics); text != "" || fmt.Sprint(state["usernames"]) != "["+decomposed+"]" {
		t.Errorf("found %v %s", state["usernames"], text)
	}
	if listed := p.List(userType, object{"name_contains": "zoë"}, false, 0); len(listed) != 1 {
		t.Errorf("listed %+v", listed)
	}
}

// A test of Terraform's own can mock plain lists, and no nested ones: hashicorp/terraform#37939.
func TestDataSourcesOfPeopleHaveUsernames(t *testing.T) {
	t.Parallel()
	directory := mockldap.Lab()
	directory.AddUser(
		people.User{Username: "Zoë", DisplayName: "Zoë"},
		people.User{Username: "aaron", DisplayName: "Aaron"},
	)
	directory.AddGroup(people.Group{Name: "Mixed"}, "Zoë", "aaron", "jporter")
	server := start(t, cloudshell.Options{Directory: directory})
	p := acctest.Configured(t, providerObject(server))
	state, diagnostics := p.ReadData("directory_cloudshell_external_group", object{"name": "Mixed"})
	if text := acctest.Errors(diagnostics); text != "" || fmt.Sprint(state["usernames"]) != "[aaron jporter Zoë]" {
		t.Errorf("usernames %v %s", state["usernames"], text)
	}
	for name, schema := range p.Schemas.DataSourceSchemas {
		if !strings.HasPrefix(name, "directory_cloudshell_") {
			continue
		}
		if _, listsPeople := attributeNamed(schema.Block.Attributes, "users"); listsPeople {
			if _, has := attributeNamed(schema.Block.Attributes, "usernames"); !has {
				t.Errorf("%s lists people and has no usernames", name)
			}
		}
	}
}

func attributeNamed(attributes []*tfprotov6.SchemaAttribute, name string) (*tfprotov6.SchemaAttribute, bool) {
	at := slices.IndexFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name })
	if at < 0 {
		return nil, false
	}
	return attributes[at], true
}
