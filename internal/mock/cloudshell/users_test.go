// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

func TestPutMergesOrReplaces(t *testing.T) {
	t.Parallel()
	for mode, active := range map[cloudshell.PutMode]bool{cloudshell.PutMerges: true, cloudshell.PutReplaces: false} {
		c := start(t, cloudshell.Options{Put: mode, ExtraFields: map[string]string{"Language": "en"}})
		c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
		got := c.do(
			"PUT",
			c.path("jporter"),
			`{"Email": null, "MaxOwnedBlueprints": 3, "Language": "de", "MaxSavedSandboxes": -1}`,
		)
		if got.status != 200 || got.body != "" {
			t.Fatalf("PUT: %d %q, want 200 and no body", got.status, got.body)
		}
		read := c.want(200, "GET", c.path("jporter"), "")
		if read["IsActive"] != active || read["Email"] != nil || read["MaxOwnedBlueprints"] != 3.0 ||
			read["Language"] != "de" ||
			read["MaxSavedSandboxes"] != 10.0 {
			t.Errorf("mode %d: %v", mode, read)
		}
	}
}

func TestAdministratorsGoWithTheirGroup(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{Limits: cloudshell.LimitsMinusOne})
	group := c.server.AddGroup("Lab Users")
	c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
	user := c.path("jporter")

	check := func(step string, admin bool, groups string) {
		t.Helper()
		read := c.want(200, "GET", user, "")
		if read["IsAdmin"] != admin || fmt.Sprint(read["GroupIds"]) != groups {
			t.Errorf("%s: IsAdmin %v, GroupIds %v, want %v and %s", step, read["IsAdmin"], read["GroupIds"], admin, groups)
		}
	}
	c.want(200, "PUT", user, `{"IsAdmin": true}`)
	check("IsAdmin alone", true, "[-1 1]")
	c.want(200, "PUT", user, fmt.Sprintf(`{"IsAdmin": true, "GroupIds": [%d]}`, group.ID))
	check("the group taken out, IsAdmin as before", false, fmt.Sprintf("[1 %d]", group.ID))
	c.want(200, "PUT", user, `{"IsAdmin": false, "GroupIds": [-1], "MaxOwnedBlueprints": -1}`)
	check("the group put in, IsAdmin as before", true, "[-1 1]")
	c.want(200, "PUT", user, `{"IsAdmin": false, "GroupIds": [-1, 1]}`)
	check("IsAdmin taken, the group as before", false, "[1]")
	c.want(
		200,
		"POST",
		"/api/v1/groups/-1/Users",
		strings.Replace(`{"Users": [{"Id": ID}]}`, "ID", user[len("/api/v1/users/"):], 1),
	)
	check("by the group's own call", true, "[-1 1]")
	if got := c.want(200, "GET", user, "")["MaxOwnedBlueprints"]; got != -1.0 {
		t.Errorf("MaxOwnedBlueprints %v, want -1", got)
	}
}

func TestMembersOfManyUsersInOneCall(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{IDs: cloudshell.IDsStrings})
	group := c.server.AddGroup("Lab Users")
	c.want(200, "POST", importPath, `{"GroupName": "Azure_DevOps_Cloud_Admins"}`)
	members := fmt.Sprintf("/api/v1/groups/%d/Users", group.ID)
	got := c.want(202, "POST", members, `{"Users": [{"Id": 3}, {"Id": "4"}, {"Id": 99}]}`)
	if len(got["Errors"].([]any)) != 1 {
		t.Errorf("adding: %v, want one entry in Errors", got)
	}
	listed := c.want(200, "GET", members, "")
	if names := usernames(listed["Users"]); fmt.Sprint(names) != "[jporter asmith]" {
		t.Errorf("members %v", names)
	}
	if id := listed["Users"].([]any)[0].(map[string]any)["Id"]; id != "3" {
		t.Errorf("id %#v, want a string", id)
	}
	c.want(200, "DELETE", members, `{"Users": [{"Id": 3}, {"Id": 4}]}`)
	if n := len(c.want(200, "GET", members, "")["Users"].([]any)); n != 0 {
		t.Errorf("%d members left", n)
	}
}

func TestDeleteIsRefusedToOwnersOfSandboxes(t *testing.T) {
	t.Parallel()
	for form, afterDeactivation := range map[cloudshell.SandboxOwners]int{
		cloudshell.SandboxOwnersInactive: 200, cloudshell.SandboxOwnersNever: 400,
	} {
		c := start(t, cloudshell.Options{Sandboxes: form})
		c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
		user := c.path("jporter")
		c.server.OwnSandbox("jporter", 2)
		c.want(400, "DELETE", user, "")
		c.want(200, "PUT", user, `{"IsActive": false}`)
		c.want(afterDeactivation, "DELETE", user, "")
		if form == cloudshell.SandboxOwnersNever {
			c.server.OwnSandbox("jporter", 0)
			c.want(200, "DELETE", user, "")
		}
		c.want(404, "DELETE", user, "")
		c.want(404, "GET", user, "")
	}
}
