// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestAnotherWriterTouchesWhatItMay(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{Order: cloudshell.OrderByName})
	for _, name := range []string{"bkhan", "cmendez", "dlee"} {
		person, _ := c.server.People().User(name)
		c.server.AddImportedUser(person)
	}
	stop := c.server.AnotherWriter(cloudshell.Writer{
		Seed: 3, Rate: 1, Bystanders: 4, Import: []string{"asmith"}, Delete: []string{"cmendez"}, Rename: []string{"dlee"},
		Members: map[string][]string{"Lab Operators": {"bkhan"}},
	})
	left := 0
	for range 200 {
		c.do(http.MethodGet, "/api/v1/users", "")
		if !c.server.People().HasMember("Lab Operators", "bkhan") {
			left++
		}
	}
	history := stop()
	if left < 20 || left > 180 {
		t.Errorf("bkhan was no member %d times of 200", left)
	}
	for what, want := range map[string]int{
		"added": 5, "renamed": 5, "deleted": 5, "imported asmith": 1, "deleted cmendez": 1, "renamed dlee": 1,
	} {
		if got := strings.Count(strings.Join(history, "\n"), what); got < want {
			t.Errorf("%q %d times", what, got)
		}
	}
	for name, want := range map[string]bool{
		"admin": true, "operator": true, "bkhan": true, "asmith": true, "dlee": true, "cmendez": false,
	} {
		if _, exists := c.server.User(name); exists != want {
			t.Errorf("%s exists: %t", name, exists)
		}
	}
	c.do(http.MethodGet, "/api/v1/users", "")
	if again := stop(); len(again) != len(history) {
		t.Error("the writer went on")
	}
}

func TestAnotherWriterIsRepeatable(t *testing.T) {
	t.Parallel()
	var histories [2][]string
	for at := range histories {
		c := start(t, cloudshell.Options{})
		stop := c.server.AnotherWriter(cloudshell.Writer{Seed: 9, Bystanders: 3})
		for range 50 {
			c.do(http.MethodGet, "/api/v1/users", "")
		}
		histories[at] = stop()
	}
	if len(histories[0]) == 0 || !slices.Equal(histories[0], histories[1]) {
		t.Errorf("%q\nis not\n%q", histories[0], histories[1])
	}
}

// A deletion between two pages hides a user who stays, where rows shift.
func TestDeletionsShiftRows(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{Cursor: cloudshell.CursorNumber})
	for _, person := range people.People(6) {
		c.server.AddImportedUser(person)
	}
	c.server.Faults().
		Add(faults.Rule{Path: "/api/v1/users", Skip: 1, Fault: faults.Call(func() { c.server.RemoveUser("user0001") })})
	first := c.do(http.MethodGet, "/api/v1/users?paginationProperties.limit=4", "")
	second := c.do(http.MethodGet, "/api/v1/users?paginationProperties.limit=4&paginationProperties.cursor=4", "")
	if both := first.body + second.body; strings.Contains(both, `"user0003"`) || !strings.Contains(both, `"user0004"`) {
		t.Errorf("the pages are\n%s\n%s", first.body, second.body)
	}
}

func TestPartialLists(t *testing.T) {
	t.Parallel()
	for _, form := range cloudshell.PartialForms {
		c := start(t, cloudshell.Options{})
		c.server.Faults().Add(faults.Rule{Path: "/api/v1/users", Fault: cloudshell.Partial(form)})
		partial, whole := c.do(http.MethodGet, "/api/v1/users", ""), c.do(http.MethodGet, "/api/v1/users", "")
		if len(partial.body) >= len(whole.body) || !json.Valid([]byte(partial.body)) {
			t.Errorf("form %d: %s", form, partial.body)
		}
		if !strings.Contains(whole.body, `"operator"`) {
			t.Errorf("form %d: the second answer is %s", form, whole.body)
		}
	}
}

func TestOptionsOfAbsence(t *testing.T) {
	t.Parallel()
	c := start(
		t,
		cloudshell.Options{Missing: cloudshell.MissingBadRequest, Unknown: cloudshell.UnknownBadRequest, Totals: true},
	)
	if got := c.do(http.MethodGet, "/api/v1/users/99", ""); got.status != http.StatusBadRequest {
		t.Errorf("an id without a user: %d", got.status)
	}
	const unknown = "/api/v1/integrations/IdentityManagement/groups/none/users"
	if got := c.do(http.MethodGet, unknown, ""); got.status != http.StatusBadRequest {
		t.Errorf("an unknown group: %d", got.status)
	}
	if got := c.do(http.MethodPost, importPath, `{"UserName":"none"}`); got.status != http.StatusBadRequest {
		t.Errorf("an unknown user: %d", got.status)
	}
	for list, want := range map[string]int{
		"/users": 2, "/users?paginationProperties.filter=oper": 1, "/integrations/IdentityManagement/groups": 2,
	} {
		total := fmt.Sprintf(`"TotalCount":%d`, want)
		if got := c.do(http.MethodGet, "/api/v1"+list, ""); !strings.Contains(got.body, total) {
			t.Errorf("%s: %s", list, got.body)
		}
	}
}

func TestNamesFoldByFullRules(t *testing.T) {
	t.Parallel()
	directory := ldap.Lab()
	directory.AddUser(
		people.User{Username: "großmann"},
		people.User{Username: "ju\u0308rgen"},
		people.User{Username: "erin.mixed", DisplayName: "Erin"},
	)
	directory.AddGroup(people.Group{Name: "Straße"}, "GROSSMANN")
	directory.AddContact("STRASSE", "A Contact")
	c := start(t, cloudshell.Options{Directory: directory})
	for name, want := range map[string]string{"GROSSMANN": "großmann", "jürgen": "ju\u0308rgen", "Erin": "erin.mixed"} {
		if got := c.do(http.MethodPost, importPath, `{"UserName":"`+name+`"}`); !strings.Contains(got.body, want) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	got := c.do(http.MethodGet, "/api/v1/integrations/IdentityManagement/groups/strasse/users", "")
	if !strings.Contains(got.body, "großmann") || !strings.Contains(got.body, "A Contact") {
		t.Errorf("the group's users: %s", got.body)
	}
	if got := c.do(http.MethodPost, importPath, `{"GroupName":"strasse"}`); got.status != http.StatusOK ||
		strings.Contains(got.body, "Contact") {
		t.Errorf("the group's import: %d %s", got.status, got.body)
	}
}

// The client sees a failure, and the import comes true afterwards.
func TestLateImport(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.server.Faults().
		Add(faults.Rule{Method: http.MethodPost, Fault: faults.Late(http.StatusGatewayTimeout, time.Second)})
	got := c.do(http.MethodPost, importPath, `{"UserName":"jporter"}`)
	if _, exists := c.server.User("jporter"); got.status != http.StatusGatewayTimeout || exists {
		t.Errorf("at once: %d, %t", got.status, exists)
	}
	for range 2000 {
		if _, exists := c.server.User("jporter"); exists {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the import never came true")
}
