// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

func TestImportByDisplayNameAnswersTheUsername(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	got := c.want(200, "POST", importPath, `{"UserName": "James Porter"}`)

	imported := got["Users"].([]any)[0].(map[string]any)
	if imported["Username"] != "jporter" || imported["Email"] != "jporter@lab.example" || imported["DomainName"] != "LAB" {
		t.Errorf("imported %v", imported)
	}
	if sid, _ := imported["ImportedSid"].(string); !strings.HasPrefix(sid, "S-1-5-21-") {
		t.Errorf("ImportedSid %v", imported["ImportedSid"])
	}
	if groups := fmt.Sprint(imported["GroupIds"]); groups != "[1]" {
		t.Errorf("GroupIds %s, want Everyone alone", groups)
	}
	if failed := got["Errors"].([]any); len(failed) != 0 {
		t.Errorf("Errors %v", failed)
	}
}

func TestEveryFormOfExists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		form          cloudshell.ExistsAnswer
		status        int
		users, failed int
	}{
		{cloudshell.ExistsConflict, 409, -1, -1},
		{cloudshell.ExistsError, 200, 0, 1},
		{cloudshell.ExistsPartial, 202, 0, 1},
		{cloudshell.ExistsUnchanged, 200, 1, 0},
	} {
		directory := ldap.Lab()
		c := start(t, cloudshell.Options{Exists: test.form, Directory: directory})
		c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
		directory.SetEmail("jporter", "new@lab.example")
		got := c.want(test.status, "POST", importPath, `{"UserName": "JPORTER"}`)
		if test.users >= 0 && (len(got["Users"].([]any)) != test.users || len(got["Errors"].([]any)) != test.failed) {
			t.Errorf("form %d: %v", test.form, got)
		}
		if u, _ := c.server.User("jporter"); u.Email != "jporter@lab.example" {
			t.Errorf("form %d: refreshed without AllowUpdate: %q", test.form, u.Email)
		}
		c.want(200, "POST", importPath, `{"UserName": "jporter", "AllowUpdate": true}`)
		if u, _ := c.server.User("jporter"); u.Email != "new@lab.example" {
			t.Errorf("form %d: not refreshed with AllowUpdate: %q", test.form, u.Email)
		}
	}
}

func TestEveryFormOfUnknownName(t *testing.T) {
	t.Parallel()
	for form, want := range map[cloudshell.UnknownAnswer][2]int{
		cloudshell.UnknownNotFound: {404, 404}, cloudshell.UnknownEmpty: {200, 200}, cloudshell.UnknownError: {200, 404},
	} {
		c := start(t, cloudshell.Options{Unknown: form})
		for _, body := range []string{`{"UserName": "absent"}`, `{"GroupName": "No Such Group"}`} {
			got := c.want(want[0], "POST", importPath, body)
			if form == cloudshell.UnknownError && len(got["Errors"].([]any)) != 1 {
				t.Errorf("%s: %v, want an entry in Errors", body, got)
			}
		}
		c.want(want[1], "GET", "/api/v1/integrations/IdentityManagement/groups/No%20Such%20Group/users", "")
		if n := len(c.server.Users()); n != 2 {
			t.Errorf("form %d: %d users, want the two local ones", form, n)
		}
	}
}

func TestGroupImportWithExistingAndRefusedMembers(t *testing.T) {
	t.Parallel()
	for form, want := range map[cloudshell.GroupExistsAnswer]struct {
		status, users, failed int
	}{
		cloudshell.GroupExistsListed: {202, 2, 1}, cloudshell.GroupExistsOmitted: {202, 1, 1},
		cloudshell.GroupExistsError: {202, 1, 2}, cloudshell.GroupExistsPartial: {202, 1, 2},
	} {
		c := start(t, cloudshell.Options{GroupExists: form, Errors: cloudshell.ErrorsNested})
		c.want(200, "POST", importPath, `{"UserName": "asmith"}`)
		c.server.RefuseImport("bkhan", "License exceeded")
		got := c.want(want.status, "POST", importPath, `{"GroupName": "Azure_DevOps_Cloud_Admins"}`)
		if users, failed := len(got["Users"].([]any)), len(got["Errors"].([]any)); users != want.users ||
			failed != want.failed {
			t.Errorf("form %d: %d users, %d errors, want %d and %d", form, users, failed, want.users, want.failed)
		}
		if _, ok := c.server.User("bkhan"); ok {
			t.Error("the refused person was imported")
		}
		c.server.RefuseImport("bkhan", "")
		c.want(200, "POST", importPath, `{"UserName": "bkhan"}`)
	}
}

func TestLocalUsersAreNotTakenOverUnlessAsked(t *testing.T) {
	t.Parallel()
	for conflict, taken := range map[cloudshell.LocalConflict]bool{
		cloudshell.LocalRefused: false, cloudshell.LocalTakenOver: true,
	} {
		c := start(t, cloudshell.Options{Local: conflict})
		c.server.AddLocalUser("jporter")
		c.do("POST", importPath, `{"UserName": "jporter", "AllowUpdate": true}`)
		if u, _ := c.server.User("jporter"); u.IsImported() != taken {
			t.Errorf("conflict %d: imported = %v, want %v", conflict, u.IsImported(), taken)
		}
	}
}

func TestRenameByNameAndBySid(t *testing.T) {
	t.Parallel()
	for match, users := range map[cloudshell.MatchBy]int{cloudshell.MatchByName: 4, cloudshell.MatchBySid: 3} {
		directory := ldap.Lab()
		c := start(t, cloudshell.Options{Match: match, Directory: directory})
		c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
		directory.RenameUser("jporter", "james")
		c.want(200, "POST", importPath, `{"UserName": "james", "AllowUpdate": true}`)
		if n := len(c.server.Users()); n != users {
			t.Errorf("match %d: %d users, want %d", match, n, users)
		}
	}
}

func TestDisabledAccounts(t *testing.T) {
	t.Parallel()
	for form, want := range map[cloudshell.DisabledAccounts]struct {
		listed, imported, active bool
	}{
		cloudshell.DisabledImported: {true, true, true}, cloudshell.DisabledInactive: {true, true, false},
		cloudshell.DisabledRefused: {true, false, false}, cloudshell.DisabledHidden: {false, false, false},
	} {
		directory := ldap.Lab()
		directory.SetDisabled("asmith", true)
		c := start(t, cloudshell.Options{Directory: directory, Disabled: form})
		list := c.want(200, "GET", "/api/v1/integrations/IdentityManagement/groups/Azure_DevOps_Cloud_Admins/users", "")
		if listed := len(list["Users"].([]any)) == 3; listed != want.listed {
			t.Errorf("form %d: listed %v", form, listed)
		}
		c.do("POST", importPath, `{"GroupName": "Azure_DevOps_Cloud_Admins"}`)
		if u, imported := c.server.User("asmith"); imported != want.imported || u.IsActive != want.active {
			t.Errorf("form %d: imported %v, active %v", form, imported, u.IsActive)
		}
	}
}

func TestImportGoesOnWhenTheClientHasGone(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{ImportDelay: time.Second})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	c.server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Fault: faults.Call(leave)})
	request, err := http.NewRequestWithContext(
		ctx,
		"POST",
		c.server.URL()+importPath,
		strings.NewReader(`{"UserName":"jporter"}`),
	)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", c.auth)
	request.Header.Set("Content-Type", "application/json")
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
		t.Fatal("the answer came at once")
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, ok := c.server.User("jporter"); ok {
			return
		}
	}
	t.Error("the import was not finished")
}
