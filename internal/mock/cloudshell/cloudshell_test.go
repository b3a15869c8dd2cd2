package cloudshell_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const importPath = "/api/v1/integrations/IdentityManagement/users"

// client is a small client of its own, so that the mock is tested without the provider's.
type client struct {
	t      *testing.T
	server *cloudshell.Server
	auth   string
}

func start(t *testing.T, options cloudshell.Options) client {
	t.Helper()
	server, err := cloudshell.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	scheme := "Bearer "
	if options.Auth == cloudshell.AuthBasic {
		scheme = "Basic "
	}
	return client{t: t, server: server, auth: scheme + server.IssueToken("admin")}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (c client) do(method, path, body string) answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.auth != "" {
		request.Header.Set("Authorization", c.auth)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(text)}
}

// want fails the test unless the answer has the status, and returns its body as a JSON object.
func (c client) want(status int, method, path, body string) map[string]any {
	c.t.Helper()
	got := c.do(method, path, body)
	if got.status != status {
		c.t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, got.status, got.body, status)
	}
	var parsed map[string]any
	if bytes.HasPrefix([]byte(got.body), []byte("{")) {
		if err := json.Unmarshal([]byte(got.body), &parsed); err != nil {
			c.t.Fatalf("%s: %v", got.body, err)
		}
	}
	return parsed
}

func (c client) path(username string) string {
	c.t.Helper()
	u, ok := c.server.User(username)
	if !ok {
		c.t.Fatalf("no user %q", username)
	}
	return fmt.Sprintf("/api/v1/users/%d", u.ID)
}

func usernames(list any) []string {
	var names []string
	for _, entry := range list.([]any) {
		names = append(names, entry.(map[string]any)["Username"].(string))
	}
	return names
}

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
		directory := people.Lab()
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
		for _, body := range []string{`{"UserName": "nobody"}`, `{"GroupName": "No Such Group"}`} {
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
		if users, failed := len(got["Users"].([]any)), len(got["Errors"].([]any)); users != want.users || failed != want.failed {
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
	for conflict, taken := range map[cloudshell.LocalConflict]bool{cloudshell.LocalRefused: false, cloudshell.LocalTakenOver: true} {
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
		directory := people.Lab()
		c := start(t, cloudshell.Options{Match: match, Directory: directory})
		c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
		directory.RenameUser("jporter", "james")
		c.want(200, "POST", importPath, `{"UserName": "james", "AllowUpdate": true}`)
		if n := len(c.server.Users()); n != users {
			t.Errorf("match %d: %d users, want %d", match, n, users)
		}
	}
}

func TestBadRequestsAreRefused(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
	user := c.path("jporter")
	for _, test := range []struct{ method, path, body string }{
		{"POST", importPath, `{}`},
		{"POST", importPath, `{"UserName": "a", "GroupName": "b"}`},
		{"POST", importPath, `{"UserName": ""}`},
		{"POST", importPath, `{"UserName": "asmith", "AllowUpadte": true}`},
		{"POST", importPath, `{"UserName": "asmith",}`},
		{"POST", importPath, `{"UserName": 5}`},
		{"POST", importPath, `null`},
		{"PUT", user, `{"Password": "secret"}`},
		{"PUT", user, `{"Username": "other"}`},
		{"PUT", user, `{"MaxOwnedBlueprints": -2}`},
		{"PUT", user, `{"TimeZoneInfoId": "Europe/Berlin"}`},
		{"PUT", user, `{"GroupIds": [1, 99]}`},
		{"PUT", user, `{"GroupIds": ["1"]}`},
		{"PUT", user, `{"isActive": false}`},
		{"POST", "/api/v1/groups/1/Users", `{"Users": [12]}`},
		{"DELETE", "/api/v1/groups/1/Users", `{"Users": [{"Id": 3}]}`},
		{"GET", "/api/v1/users?paginationProperties.limit=251", ""},
		{"GET", "/api/v1/users?limitt=5", ""},
		{"GET", "/api/v1/users?paginationProperties.cursor=%21", ""},
	} {
		c.want(400, test.method, test.path, test.body)
	}
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
		request, err := http.NewRequestWithContext(t.Context(), "POST", c.server.URL()+importPath, strings.NewReader(`{"UserName":"asmith"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", c.auth)
		request.Header.Set("Content-Type", contentType)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != 400 {
			t.Errorf("content type %q: %d, want 400", contentType, response.StatusCode)
		}
	}
	if n := len(c.server.Users()); n != 3 {
		t.Errorf("%d users, want 3: a refused request acted", n)
	}
}

func TestPutMergesOrReplaces(t *testing.T) {
	t.Parallel()
	for mode, active := range map[cloudshell.PutMode]bool{cloudshell.PutMerges: true, cloudshell.PutReplaces: false} {
		c := start(t, cloudshell.Options{Put: mode, ExtraFields: map[string]string{"Language": "en"}})
		c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
		got := c.do("PUT", c.path("jporter"), `{"Email": null, "MaxOwnedBlueprints": 3, "Language": "de", "MaxSavedSandboxes": -1}`)
		if got.status != 200 || got.body != "" {
			t.Fatalf("PUT: %d %q, want 200 and no body", got.status, got.body)
		}
		read := c.want(200, "GET", c.path("jporter"), "")
		if read["IsActive"] != active || read["Email"] != nil || read["MaxOwnedBlueprints"] != 3.0 || read["Language"] != "de" || read["MaxSavedSandboxes"] != 10.0 {
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
	c.want(200, "POST", "/api/v1/groups/-1/Users", strings.Replace(`{"Users": [{"Id": ID}]}`, "ID", user[len("/api/v1/users/"):], 1))
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
	if got := c.want(202, "POST", members, `{"Users": [{"Id": 3}, {"Id": "4"}, {"Id": 99}]}`); len(got["Errors"].([]any)) != 1 {
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
	for form, afterDeactivation := range map[cloudshell.SandboxOwners]int{cloudshell.SandboxOwnersInactive: 200, cloudshell.SandboxOwnersNever: 400} {
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

func TestPagesWithEveryCursor(t *testing.T) {
	t.Parallel()
	directory := people.NewStatic()
	directory.AddGroup(people.Group{Name: "All"})
	for _, p := range people.People(600) {
		directory.AddUser(p)
		directory.AddMember("All", p.Username)
	}
	for _, form := range []cloudshell.CursorForm{cloudshell.CursorBase64, cloudshell.CursorNumber} {
		c := start(t, cloudshell.Options{Directory: directory, Cursor: form})
		c.want(200, "POST", importPath, `{"GroupName": "All"}`)
		for path, want := range map[string][2]int{
			"/api/v1/users": {602, 3}, "/api/v1/integrations/IdentityManagement/groups/All/users": {600, 3},
		} {
			seen, pages, cursor := map[string]bool{}, 0, ""
			for {
				page := c.want(200, "GET", path+"?paginationProperties.limit=250&paginationProperties.cursor="+url.QueryEscape(cursor), "")
				pages++
				for _, name := range usernames(page["Users"]) {
					seen[name] = true
				}
				if page["Cursor"] == nil {
					break
				}
				cursor = fmt.Sprint(page["Cursor"])
				if form == cloudshell.CursorBase64 && !strings.ContainsAny(cursor, "+/") {
					t.Errorf("cursor %q needs no escaping", cursor)
				}
			}
			if len(seen) != want[0] || pages != want[1] {
				t.Errorf("%s: %d users on %d pages, want %v", path, len(seen), pages, want)
			}
		}
		if names := usernames(c.want(200, "GET", "/api/v1/users?paginationProperties.filter=USER000", "")["Users"]); len(names) != 9 {
			t.Errorf("filter found %v, want 9 by substring", names)
		}
		if n := len(c.want(200, "GET", "/api/v1/users", "")["Users"].([]any)); n != 50 {
			t.Errorf("default page of %d, want 50", n)
		}
	}
}

func TestBrokenCursors(t *testing.T) {
	t.Parallel()
	repeated := start(t, cloudshell.Options{Cursor: cloudshell.CursorRepeated})
	first := repeated.want(200, "GET", "/api/v1/users", "")["Cursor"]
	if again := repeated.want(200, "GET", "/api/v1/users?paginationProperties.cursor=again", "")["Cursor"]; first != again {
		t.Errorf("cursors %v and %v, want the same", first, again)
	}
	endless := start(t, cloudshell.Options{Cursor: cloudshell.CursorEndless})
	seen, cursor := map[string]bool{}, ""
	for range 5 {
		cursor = fmt.Sprint(endless.want(200, "GET", "/api/v1/users?paginationProperties.cursor="+cursor, "")["Cursor"])
		if seen[cursor] {
			t.Errorf("cursor %s came twice", cursor)
		}
		seen[cursor] = true
	}
}

func TestCursorSurvivesADeletion(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.want(200, "POST", importPath, `{"GroupName": "Azure_DevOps_Cloud_Admins"}`)
	first := c.want(200, "GET", "/api/v1/users?paginationProperties.limit=3", "")
	c.server.RemoveUser("operator")
	rest := c.want(200, "GET", "/api/v1/users?paginationProperties.cursor="+url.QueryEscape(first["Cursor"].(string)), "")
	if names := fmt.Sprint(usernames(rest["Users"])); names != "[asmith bkhan]" {
		t.Errorf("second page %s, want [asmith bkhan]", names)
	}
}

func TestLoginAndTokens(t *testing.T) {
	t.Parallel()
	const login = "/Api/Auth/Login"
	c := start(t, cloudshell.Options{LockAfter: 3})
	c.auth = ""
	right := `{"Username": "admin", "Password": "admin", "Domain": "Global"}`
	var token string
	if got := c.do("PUT", login, right); json.Unmarshal([]byte(got.body), &token) != nil || got.status != 200 {
		t.Fatalf("login: %d %s", got.status, got.body)
	}
	c.want(401, "GET", "/api/v1/users", "")
	c.want(405, "POST", login, right)
	for _, scheme := range []string{"Bearer", "Basic"} {
		c.auth = scheme + " " + token
		c.want(200, "GET", "/api/v1/users", "")
	}
	c.server.ExpireTokens()
	c.want(401, "GET", "/api/v1/users", "")
	c.auth = "Bearer " + c.server.IssueToken("operator")
	c.want(403, "GET", "/api/v1/users", "")
	for range 3 {
		c.want(401, "PUT", login, `{"Username": "admin", "Password": "wrong", "Domain": "Global"}`)
	}
	c.want(401, "PUT", login, right)
}

func TestAuthSchemesAndLifetime(t *testing.T) {
	t.Parallel()
	basic := start(t, cloudshell.Options{Auth: cloudshell.AuthBasic})
	basic.want(200, "GET", "/api/v1/users", "")
	basic.auth = strings.Replace(basic.auth, "Basic", "Bearer", 1)
	basic.want(401, "GET", "/api/v1/users", "")

	short := start(t, cloudshell.Options{TokenLifetime: time.Nanosecond})
	short.want(401, "GET", "/api/v1/users", "")
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for form, begins := range map[cloudshell.ErrorBody]string{
		cloudshell.ErrorBodyMessage: `{"Message":`, cloudshell.ErrorBodyString: `"`, cloudshell.ErrorBodyHTML: "<!DOCTYPE", cloudshell.ErrorBodyEmpty: "",
	} {
		c := start(t, cloudshell.Options{ErrorBody: form})
		got := c.do("GET", "/api/v1/users/99", "")
		if got.status != 404 || !strings.HasPrefix(got.body, begins) || (form == cloudshell.ErrorBodyEmpty && got.body != "") {
			t.Errorf("form %d: %d %q", form, got.status, got.body)
		}
	}
}

func TestGroupNamesAreOneSegment(t *testing.T) {
	t.Parallel()
	directory := people.Lab()
	name := "50% Off/Team (Ops) Ünïcode 研究室"
	directory.AddGroup(people.Group{Name: name}, "jporter")
	c := start(t, cloudshell.Options{Directory: directory})
	got := c.want(200, "GET", "/api/v1/integrations/IdentityManagement/groups/"+url.PathEscape(name)+"/users", "")
	if names := fmt.Sprint(usernames(got["Users"])); names != "[jporter]" {
		t.Errorf("members %s", names)
	}
	if n := c.server.Count("GET", "/api/v1/integrations/IdentityManagement/groups/*/users"); n != 1 {
		t.Errorf("counted %d reads of the group, want 1", n)
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
		directory := people.Lab()
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
	c := start(t, cloudshell.Options{ImportDelay: 100 * time.Millisecond})
	impatient := http.Client{Timeout: 20 * time.Millisecond}
	request, err := http.NewRequestWithContext(t.Context(), "POST", c.server.URL()+importPath, strings.NewReader(`{"UserName":"jporter"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", c.auth)
	request.Header.Set("Content-Type", "application/json")
	if response, err := impatient.Do(request); err == nil {
		_ = response.Body.Close()
		t.Fatal("the answer came at once")
	}
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, ok := c.server.User("jporter"); ok {
			return
		}
	}
	t.Error("the import was not finished")
}

func TestRequestsAreRecorded(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.server.Faults().Add(faults.Rule{Method: "POST", Fault: faults.Status(503)}, faults.Rule{Method: "DELETE", Fault: faults.CutAfter()})
	c.want(503, "POST", importPath, `{"UserName": "jporter"}`)
	c.want(200, "POST", importPath, `{"UserName": "jporter"}`)
	c.want(404, "GET", "/api/v1/integrations/IdentityManagement/groups/a%2Fb/users?paginationProperties.limit=5", "")
	c.want(401, "PUT", "/Api/Auth/Login", `{"Username": "admin", "Password": "wrong"}`)
	request, err := http.NewRequestWithContext(t.Context(), "DELETE", c.server.URL()+c.path("jporter"), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", c.auth)
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
		t.Error("the cut request was answered")
	}
	if _, ok := c.server.User("jporter"); ok {
		t.Error("the server did not act before the connection was cut")
	}

	var got []string
	for _, r := range c.server.Requests() {
		got = append(got, fmt.Sprintf("%s %s %d", r.Method, r.RawPath, r.Status))
	}
	want := []string{
		"POST " + importPath + " 503", "POST " + importPath + " 200",
		"GET /api/v1/integrations/IdentityManagement/groups/a%2Fb/users 404", "PUT /Api/Auth/Login 401", "DELETE /api/v1/users/3 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
	if r := c.server.Requests()[1]; r.Body != `{"UserName": "jporter"}` || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("recorded %+v", r)
	}
	if r := c.server.Requests()[2]; r.Path != "/api/v1/integrations/IdentityManagement/groups/a/b/users" || r.Query.Get("paginationProperties.limit") != "5" {
		t.Errorf("recorded %+v", r)
	}
	if n := c.server.CountWork(); n != 4 {
		t.Errorf("%d requests but logins, want 4", n)
	}
	c.server.ResetRequests()
	if n := len(c.server.Requests()); n != 0 {
		t.Errorf("%d requests after the reset", n)
	}
}

func TestServesTLS(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{TLS: true})
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(c.server.CACertificate())) {
		t.Fatal("no certificate")
	}
	trusting := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	t.Cleanup(trusting.CloseIdleConnections)
	for client, want := range map[*http.Client]bool{&trusting: true, http.DefaultClient: false} {
		response, err := client.Get(c.server.URL() + "/api/v1/users")
		if err == nil {
			_ = response.Body.Close()
		}
		if (err == nil) != want {
			t.Errorf("trusted: %v, want %v", err == nil, want)
		}
	}
}

func TestTenThousandUsers(t *testing.T) {
	t.Parallel()
	directory := people.NewStatic()
	everybody := people.People(10_000)
	directory.AddUser(everybody...)
	usernames := make([]string, len(everybody))
	for i, p := range everybody {
		usernames[i] = p.Username
	}
	directory.AddGroup(people.Group{Name: "All"}, usernames...)
	c := start(t, cloudshell.Options{Directory: directory})
	began := time.Now()
	if n := len(c.want(200, "POST", importPath, `{"GroupName": "All"}`)["Users"].([]any)); n != 10_000 {
		t.Errorf("imported %d", n)
	}
	for range 40 {
		page := c.want(200, "GET", "/api/v1/users?paginationProperties.limit=250&paginationProperties.sort-order=-1", "")
		if n := len(page["Users"].([]any)); n != 250 {
			t.Fatalf("a page of %d, want 250", n)
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("an import and 40 pages took %s", took)
	}
}
