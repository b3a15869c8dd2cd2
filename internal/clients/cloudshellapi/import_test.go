// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const importPath = "/api/v1/integrations/IdentityManagement/users"

func TestImportUser(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	result, err := client.ImportUser(t.Context(), "James Porter", cloudshellapi.ImportOptions{})
	if err != nil || len(result.Errors) != 0 || len(result.Users) != 1 || result.Users[0].Username != "jporter" {
		t.Fatalf("%+v, %v", result, err)
	}
	if !result.Users[0].IsImported() {
		t.Error("an imported user looks local")
	}
	if _, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{AllowUpdate: true}); err != nil {
		t.Error(err)
	}
	var bodies []string
	for _, request := range server.Requests() {
		if request.Method == http.MethodPost {
			bodies = append(bodies, request.Body+" "+request.Header.Get("Content-Type"))
		}
	}
	want := []string{
		`{"UserName":"James Porter"} application/json`, `{"AllowUpdate":true,"UserName":"jporter"} application/json`,
	}
	if !slices.Equal(bodies, want) {
		t.Errorf("sent %q\nwant %q", bodies, want)
	}
}

// Without a name the server would import all people of the directory: nothing must be sent.
func TestImportWithoutName(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	for _, name := range []string{"", "  \t"} {
		if _, err := client.ImportUser(t.Context(), name, cloudshellapi.ImportOptions{}); err == nil {
			t.Errorf("user %q was imported", name)
		}
		if _, err := client.ImportGroup(t.Context(), name, cloudshellapi.ImportOptions{}); err == nil {
			t.Errorf("group %q was imported", name)
		}
		_, err := client.ExternalGroupUsers(t.Context(), name)
		mustBe(t, err, cloudshellapi.ErrNotFound)
	}
	if got := len(server.Requests()); got != 0 {
		t.Errorf("%d requests", got)
	}
}

func TestImportGroup(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	result, err := client.ImportGroup(t.Context(), "Azure_DevOps_Cloud_Admins", cloudshellapi.ImportOptions{})
	if err != nil || len(result.Users) != 3 {
		t.Errorf("%+v, %v", result, err)
	}
	server.RefuseImport("cmendez", "no licence left")
	result, err = client.ImportGroup(t.Context(), "Lab Operators", cloudshellapi.ImportOptions{})
	if err != nil || len(result.Users) != 1 || len(result.Errors) != 1 ||
		!strings.Contains(result.Errors[0].String(), "no licence left") {
		t.Errorf("%+v, %v", result, err)
	}
}

// Each form of "exists already" and "unknown" is told apart, and each entry of Errors can be read.
func TestFormsOfRefusal(t *testing.T) {
	t.Parallel()
	for _, shape := range []cloudshell.ErrorShape{
		cloudshell.ErrorsStrings, cloudshell.ErrorsObjects, cloudshell.ErrorsNested, cloudshell.ErrorsNameless,
	} {
		for _, exists := range []cloudshell.ExistsAnswer{
			cloudshell.ExistsConflict, cloudshell.ExistsError, cloudshell.ExistsPartial, cloudshell.ExistsUnchanged,
		} {
			client, server := start(t, cloudshell.Options{Errors: shape, Exists: exists})
			server.AddImportedUser(people.User{Username: "jporter", ID: "S-1"})
			result, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{})
			switch exists {
			case cloudshell.ExistsConflict:
				mustBe(t, err, cloudshellapi.ErrExists)
			case cloudshell.ExistsUnchanged:
				if err != nil || len(result.Users) != 1 {
					t.Errorf("%+v, %v", result, err)
				}
			default:
				if err != nil || len(result.Errors) != 1 || len(result.Users) != 0 {
					t.Fatalf("%+v, %v", result, err)
				}
				checkEntry(t, result.Errors[0], "jporter", "User 'jporter' already exists")
			}
		}
		for _, unknown := range []cloudshell.UnknownAnswer{
			cloudshell.UnknownNotFound, cloudshell.UnknownEmpty, cloudshell.UnknownError,
		} {
			client, _ := start(t, cloudshell.Options{Errors: shape, Unknown: unknown})
			result, err := client.ImportUser(t.Context(), "absent", cloudshellapi.ImportOptions{})
			switch unknown {
			case cloudshell.UnknownNotFound:
				mustBe(t, err, cloudshellapi.ErrNotFound)
			case cloudshell.UnknownEmpty:
				if err != nil || len(result.Users)+len(result.Errors) != 0 {
					t.Errorf("%+v, %v", result, err)
				}
			default:
				if err != nil || len(result.Errors) != 1 {
					t.Fatalf("%+v, %v", result, err)
				}
				checkEntry(t, result.Errors[0], "absent", "The user 'absent' was not found in the directory")
			}
			_, err = client.ExternalGroupUsers(t.Context(), "Nobodies")
			if unknown != cloudshell.UnknownEmpty {
				mustBe(t, err, cloudshellapi.ErrNotFound)
			}
		}
	}
}

func checkEntry(t *testing.T, entry cloudshellapi.ImportError, username, said string) {
	t.Helper()
	if entry.String() != said || entry.Username() != username {
		t.Errorf("%s\nreads %q about %q\nwant  %q about %q", entry.Raw, entry, entry.Username(), said, username)
	}
}

func TestImportError(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("c", 600)
	tests := map[string]struct{ said, username string }{
		`"User jporter already exists"`: {"User jporter already exists", ""},
		`"User 'Anna O'Hara' already exists."`: {
			"User 'Anna O'Hara' already exists.",
			"Anna O'Hara",
		},
		`"Failed to import user: \"j porter\"  (disabled)"`: {
			`Failed to import user: "j porter" (disabled)`,
			"j porter",
		},
		`{"UserName":"jporter","Message":"exists"}`:                              {"jporter: exists", "jporter"},
		`{"Name":"jporter","Error":"exists"}`:                                    {"jporter: exists", "jporter"},
		`{"user":{"username":"jporter"},"errors":["a","b"]}`:                     {"jporter: a; b", "jporter"},
		`{"Username":"jporter","Error":{"Code":409,"Message":"exists already"}}`: {"jporter: exists already", "jporter"},
		`{"Username":"jporter","Reason":"jporter is there"}`:                     {"jporter is there", "jporter"},
		`{"Username":"jporter"}`:                                                 {"jporter: no reason given", "jporter"},
		`{"Id":17,"Message":"no mail"}`:                                          {"17: no mail", "17"},
		`{"Username":"jporter","Code":17,"Token":"hush"}`:                        {"jporter: Code: 17", "jporter"},
		`{"Code":17,"Fatal":false}`:                                              {"Code: 17, Fatal: false", ""},
		`{}`:                                                                     {"no reason given", ""},
		`null`:                                                                   {"no reason given", ""},
		`17`:                                                                     {"17", ""},
		`["a",{"Message":"b"},null]`:                                             {"a; b", ""},
		`broken {`:                                                               {"broken {", ""},
	}
	tests[`{"Code":"`+long+`"}`] = struct{ said, username string }{"Code: " + long[:494] + "…", ""}
	for raw, want := range tests {
		entry := cloudshellapi.ImportError{Raw: json.RawMessage(raw)}
		checkEntry(t, entry, want.username, want.said)
	}
}

func TestFormsOfImportAnswer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		users, errors int
	}{
		`{"Users":[{"Id":"7","Username":"a"}],"Errors":[]}`:               {1, 0},
		`{"Users":[{"Id":7,"Username":"a"}],"Errors":null}`:               {1, 0},
		`{"Users":{"Id":7,"Username":"a"}}`:                               {1, 0},
		`{"Users":null,"Errors":"it failed"}`:                             {0, 1},
		`{"Errors":{"Message":"it failed"}}`:                              {0, 1},
		`{"users":[],"errors":[null,{},""]}`:                              {0, 0},
		`{"Users":[{"Id":7,"Username":"a"}],"Errors":[{"b":"failed"},1]}`: {1, 2},
		`{}`: {0, 0},
	} {
		for _, status := range []int{200, 201, 202} {
			client, _ := play(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			})
			result, err := client.ImportUser(t.Context(), "a", cloudshellapi.ImportOptions{})
			if err != nil || len(result.Users) != want.users || len(result.Errors) != want.errors {
				t.Errorf("%d %s: %+v, %v", status, body, result, err)
			}
		}
	}
}

// An import whose answer is lost is not repeated: the caller has to look whether it happened.
func TestImportAnswerLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault    faults.Fault
		imported bool
	}{
		"cut before acting": {faults.CutBefore(), false},
		"cut after acting":  {faults.CutAfter(), true},
		"truncated":         {faults.Truncate(), true},
		"garbled":           {faults.Garble(), true},
	} {
		client, server := start(t, cloudshell.Options{})
		server.Faults().Add(faults.Rule{Method: "POST", Fault: test.fault})
		_, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{})
		mustBe(t, err, transport.ErrAnswerLost)
		if got := server.Count("POST", importPath); got != 1 {
			t.Errorf("%s: sent %d times", name, got)
		}
		if _, err := client.FindUser(t.Context(), "jporter"); (err == nil) != test.imported {
			t.Errorf("%s: looking whether it happened: %v", name, err)
		}
	}
	// Where the server says that it has done nothing, the import is sent again.
	client, server := start(t, cloudshell.Options{})
	server.Faults().Add(faults.Rule{Method: "POST", Fault: faults.Busy(429, 0)})
	if _, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{}); err != nil {
		t.Error(err)
	}
	// 503 says nothing of the kind, whatever it asks for.
	server.ResetRequests()
	server.Faults().Add(faults.Rule{Method: "POST", Fault: faults.Busy(503, 0)})
	if _, err := client.ImportUser(t.Context(), "asmith", cloudshellapi.ImportOptions{}); transport.Status(err) != 503 ||
		server.Count("POST", importPath) != 1 {
		t.Errorf("sent %d times, %v", server.Count("POST", importPath), err)
	}
}

func TestImportTimeout(t *testing.T) {
	t.Parallel()
	_, server := start(t, cloudshell.Options{ImportDelay: 4 * time.Second})
	config := configFor(server)
	config.HTTP.RequestTimeout = 2 * time.Second
	client := newClient(t, config)
	_, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{})
	mustBe(t, err, transport.ErrTimeout)
	mustBe(t, err, transport.ErrAnswerLost)
	patient := cloudshellapi.ImportOptions{Timeout: 30 * time.Second}
	if _, err := client.ImportUser(t.Context(), "asmith", patient); err != nil {
		t.Errorf("an import may take longer than other requests: %v", err)
	}
}

func TestExternalGroups(t *testing.T) {
	t.Parallel()
	for _, form := range []cloudshell.CursorForm{cloudshell.CursorBase64, cloudshell.CursorNumber} {
		directory := mockldap.NewDirectory()
		directory.AddUser(people.People(600)...)
		names := make([]string, 600)
		for i, person := range people.People(600) {
			names[i] = person.Username
			directory.AddGroup(people.Group{Name: fmt.Sprintf("group %d", i)})
		}
		directory.AddGroup(people.Group{Name: "All The Others"}, names...)
		client, server := start(t, cloudshell.Options{Directory: directory, Cursor: form})
		groups, err := client.ExternalGroups(t.Context())
		if err != nil || len(groups) != 601 || groups[0].Name == "" || groups[0].DistinguishedName == "" {
			t.Errorf("%d groups, %v", len(groups), err)
		}
		users, err := client.ExternalGroupUsers(t.Context(), "All The Others")
		if err != nil || len(users) != 600 {
			t.Fatalf("%d users, %v", len(users), err)
		}
		if user := users[0]; user.ID == "" || user.Username != "user0001" || user.DisplayName != "User 0001" ||
			user.Email != "user0001@lab.example" ||
			user.DistinguishedName == "" {
			t.Errorf("%+v", user)
		}
		if got := server.CountWork(); got != 6 {
			t.Errorf("%d requests for 2 lists of 3 pages", got)
		}
	}
}
