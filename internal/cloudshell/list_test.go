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

// shown are the results of a list as "display name = identity", and its errors.
func shown(listed []acctest.Listed) string {
	var lines []string
	for _, result := range listed {
		if text := acctest.Errors(result.Diagnostics); text != "" {
			lines = append(lines, text)
			continue
		}
		for _, name := range result.Identity {
			lines = append(lines, fmt.Sprint(result.DisplayName, " = ", name))
		}
	}
	return strings.Join(lines, ", ")
}

// mustBeAsImported asserts that a listed resource is what importing by its identity and a refresh make of it.
func mustBeAsImported(t *testing.T, instance *acctest.Instance, listed acctest.Listed) {
	t.Helper()
	if text := acctest.Errors(listed.Diagnostics) + acctest.Errors(instance.Import("", listed.Identity)); text != "" {
		t.Fatal(text)
	}
	if mustRefresh(t, instance); fmt.Sprint(instance.State) != fmt.Sprint(listed.Resource) {
		t.Errorf("the listed resource is\n%v\nand imports as\n%v", listed.Resource, instance.State)
	}
}

func TestListImportedUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert")
	w.server.AddLocalUser("hannah")
	w.server.AddImportedUser(people.User{Username: "Joanna", ID: "S-1-5-21-9"}) // without an e-mail address

	if got, want := shown(
		w.provider.List(userType, object{}, false, 0),
	), "anna (anna@lab.example) = anna, bert (bert@lab.example) = bert, Joanna = Joanna"; got != want {
		t.Errorf("listed %s, want %s: imported users, no local ones", got, want)
	}
	if got, want := shown(
		w.provider.List(userType, object{"name_contains": "ANNA"}, false, 0),
	), "anna (anna@lab.example) = anna, Joanna = Joanna"; got != want {
		t.Errorf("listed %s, want %s", got, want)
	}
	for _, listed := range w.provider.List(userType, object{}, false, 0) {
		if listed.Resource != nil {
			t.Errorf("%s comes with a resource that was not asked for", listed.DisplayName)
		}
	}
	w.server.ResetRequests()
	whole := w.provider.List(userType, object{}, true, 0)
	if got := w.server.CountWork(); got != 1 || len(whole) != 3 {
		t.Errorf("%d requests for %d users of one page", got, len(whole))
	}
	for _, listed := range whole {
		mustBeAsImported(t, w.provider.Instance(userType), listed)
	}
}

func TestListImportedGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna")
	w.directory.AddGroup(people.Group{Name: "Accounting"})

	if got, want := shown(
		w.provider.List(groupType, object{}, false, 0),
	), "Lab Engineers = Lab Engineers, Lab Operators = Lab Operators, Accounting = Accounting"; got != want {
		t.Errorf("listed %s, want %s", got, want)
	}
	w.server.ResetRequests()
	if got, want := shown(
		w.provider.List(groupType, object{"name_contains": "lab"}, false, 1),
	), "Lab Engineers = Lab Engineers"; got != want {
		t.Errorf("listed %s, want %s", got, want)
	}
	if got := w.server.CountWork(); got != 1 {
		t.Errorf("%d requests for names alone", got)
	}
	whole := w.provider.List(groupType, object{"name_contains": "lab"}, true, 0)
	if len(whole) != 2 {
		t.Fatalf("listed %s", shown(whole))
	}
	if got := names(
		whole[0].Resource,
		"directory_members",
	) + ", " + names(
		whole[0].Resource,
		"members",
	); got != "anna bert cleo, anna" {
		t.Errorf("listed with %s", got)
	}
	for _, listed := range whole {
		mustBeAsImported(t, w.provider.Instance(groupType), listed)
	}
}

// A name that several groups share is one resource, since CloudShell knows groups by name alone.
func TestListImportedGroups_sharedName(t *testing.T) {
	t.Parallel()
	directory := lab()
	directory.AddGroup(people.Group{Name: "lab engineers", DN: "CN=lab engineers,OU=Other,DC=lab,DC=example"})
	w := newWorld(t, cloudshell.Options{Directory: directory})
	if got := len(w.provider.List(groupType, object{"name_contains": "engineers"}, false, 0)); got != 1 {
		t.Errorf("%d results", got)
	}
}

func TestListStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	directory := mockldap.NewDirectory()
	crowd := people.People(600)
	directory.AddUser(crowd...)
	for _, person := range crowd {
		directory.AddGroup(people.Group{Name: "Group of " + person.Username})
	}
	w := newWorld(t, cloudshell.Options{Directory: directory})
	for i, person := range crowd {
		person.ID = fmt.Sprintf("S-1-5-21-%d", i)
		w.server.AddImportedUser(person)
	}
	for _, typeName := range []string{userType, groupType} {
		for limit, pages := range map[int64]int{100: 1, 248: 1, 300: 2, 600: 3} {
			w.server.ResetRequests()
			listed := w.provider.List(typeName, object{}, false, limit)
			if got := w.server.CountWork(); len(listed) != int(limit) || got != pages {
				t.Errorf("%s: %d results by %d requests, want %d by %d", typeName, len(listed), got, limit, pages)
			}
		}
	}
}

// What fails on the way is a result, after those that were read before.
func TestListErrorsAreResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna")
	w.server.Faults().Add(faults.Rule{Method: "GET", Path: "/api/v1/users", Fault: faults.Status(403)},
		faults.Rule{Method: "GET", Path: "/api/v1/integrations/IdentityManagement/groups", Fault: faults.Status(500)})
	contains(
		t,
		shown(w.provider.List(userType, object{}, false, 0)),
		"Unable to List CloudShell Users: ",
		"403",
		"system administrator",
	)
	contains(t, shown(w.provider.List(groupType, object{}, false, 0)), "Unable to List the Directory's Groups: ", "500")

	w.server.Faults().Add(faults.Rule{Method: "GET", Path: externalGroupURL, Fault: faults.Status(500)})
	contains(
		t,
		shown(w.provider.List(groupType, object{"name_contains": "operators"}, true, 0)),
		`Unable to Read CloudShell Group "Lab Operators": `,
		"500",
	)

	unconfigured := acctest.Configured(t, object{})
	contains(t, shown(unconfigured.List(userType, object{}, false, 0)), "CLOUDSHELL_URL")
	contains(t, shown(unconfigured.List(groupType, object{}, false, 0)), "CLOUDSHELL_URL")
}
