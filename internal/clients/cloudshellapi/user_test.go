// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// crowd is a server with many imported users; it returns their ids.
func crowd(t *testing.T, size int, options cloudshell.Options) (*cloudshellapi.Client, *cloudshell.Server, []int64) {
	t.Helper()
	client, server := start(t, options)
	ids := make([]int64, 0, size)
	for i, person := range people.People(size) {
		person.ID = fmt.Sprintf("S-1-5-21-%d", i)
		ids = append(ids, server.AddImportedUser(person).ID)
	}
	return client, server, ids
}

func TestUser(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 1, cloudshell.Options{})
	zone, minutes := "Israel Standard Time", int64(60)
	server.ChangeUser("user0001", func(u *cloudshell.User) {
		u.TimeZone, u.MaxDuration, u.MaxSaved = &zone, &minutes, nil
		u.DomainRoles = []cloudshell.DomainRole{{DomainID: "dbaf480c", Role: "Regular"}}
		u.DomainName = "LAB"
	})
	got, err := client.User(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	want, _ := server.User("user0001")
	if got.ID != want.ID || got.Sid != want.Sid || got.Username != "user0001" || *got.Email != want.Email ||
		!got.IsActive || got.IsAdmin ||
		!slices.Equal(got.GroupIDs, []int64{cloudshellapi.GroupEveryone}) || *got.TimeZoneInfoID != zone ||
		*got.MaxReservationDuration != 60 ||
		*got.MaxOwnedBlueprints != *want.MaxOwned || got.MaxSavedSandboxes != nil || *got.DomainName != "LAB" ||
		!slices.Equal(got.DomainRoles, []cloudshellapi.DomainRole{{DomainID: "dbaf480c", Role: "Regular"}}) ||
		*got.ImportedSid != want.ImportedSid ||
		!got.IsImported() {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if operator, err := client.FindUser(t.Context(), "operator"); err != nil || operator.IsImported() ||
		operator.Email != nil {
		t.Errorf("a local user: %+v, %v", operator, err)
	}
	_, err = client.User(t.Context(), 4711)
	mustBe(t, err, cloudshellapi.ErrNotFound)
}

func TestFindUser(t *testing.T) {
	t.Parallel()
	client, server, _ := crowd(t, 400, cloudshell.Options{})
	for _, name := range []string{
		"a", "porter", "jporter2", "50% Off/Team", "Iwan Иванов", "o'hara & sons", "a+b=c?", "USER0399x",
	} {
		server.AddImportedUser(people.User{Username: name, ID: "id of " + name})
	}
	for _, name := range []string{
		"a", "A", "porter", "PORTER", "50% Off/Team", "iwan иванов", "o'hara & sons", "a+b=c?", "User0399",
	} {
		server.ResetRequests()
		got, err := client.FindUser(t.Context(), name)
		if err != nil || !strings.EqualFold(got.Username, name) {
			t.Errorf("%q: %+v, %v", name, got, err)
		}
		if requests := server.CountWork(); requests != 1 {
			t.Errorf("%q: %d requests", name, requests)
		}
	}
	for _, name := range []string{"", "jporter", "porte", "user", "user0399xx"} {
		_, err := client.FindUser(t.Context(), name)
		mustBe(t, err, cloudshellapi.ErrNotFound)
	}
}

func TestSearchUsers(t *testing.T) {
	t.Parallel()
	client, _, _ := crowd(t, 400, cloudshell.Options{})
	for contains, want := range map[string]int{"": 402, "user": 400, "USER00": 99, "user040": 1, "absent": 0} {
		if got, err := client.SearchUsers(t.Context(), contains); err != nil || len(got) != want {
			t.Errorf("%q: %d users, %v, want %d", contains, len(got), err, want)
		}
	}
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]cloudshell.Options{
		"merging":           {Put: cloudshell.PutMerges},
		"replacing":         {Put: cloudshell.PutReplaces},
		"with newer fields": {Put: cloudshell.PutReplaces, ExtraFields: map[string]string{"Shoe": "44"}},
		"ids as strings":    {IDs: cloudshell.IDsStrings},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server, ids := crowd(t, 1, options)
			group := server.AddGroup("Engineers").ID
			server.ChangeUser("user0001", func(u *cloudshell.User) {
				u.DomainRoles = []cloudshell.DomainRole{{DomainID: "dbaf480c", Role: "Regular"}}
			})
			before, _ := server.User("user0001")
			user, err := client.User(t.Context(), ids[0])
			if err != nil {
				t.Fatal(err)
			}
			minutes, zone := int64(90), "UTC"
			user.IsActive, user.MaxReservationDuration, user.TimeZoneInfoID = false, &minutes, &zone
			user.MaxOwnedBlueprints = nil
			user.GroupIDs = append(user.GroupIDs, group)
			if err := client.UpdateUser(t.Context(), user); err != nil {
				t.Fatal(err)
			}
			want := before
			want.IsActive, want.MaxDuration, want.TimeZone, want.MaxOwned = false, &minutes, &zone, nil
			want.GroupIDs = []int64{1, group}
			got, _ := server.User("user0001")
			if len(got.Extra) == 0 {
				got.Extra, want.Extra = nil, nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			// Read back, not from what was shared.
			if got, err := client.User(t.Context(), ids[0]); err != nil || got.IsActive ||
				!slices.Contains(got.GroupIDs, group) {
				t.Errorf("read back %+v, %v", got, err)
			}
		})
	}
}

// What is sent back is what came, but for what was changed, the way that the server spells it, and no password ever.
func TestUpdateUserBody(t *testing.T) {
	t.Parallel()
	var sent map[string]any
	client, _ := play(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(
				w,
				`{"id":"7","username":"jporter","email":"","groupIds":["1","3"],"isActive":"true","isAdmin":null,
				"MaxReservationDuration":1440.0,"domainRoles":null,"password":"x","Newer":{"a":[1,2]},"DomainName":7}`,
			)
			return
		}
		if r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("content type %q", r.Header.Get("Content-Type"))
		}
		sent = nil
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
	})
	user, err := client.User(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if user.ID != 7 || !user.IsActive || user.IsAdmin || *user.Email != "" || *user.MaxReservationDuration != 1440 ||
		*user.DomainName != "7" ||
		!slices.Equal(user.GroupIDs, []int64{1, 3}) ||
		user.ImportedSid != nil ||
		user.IsImported() {
		t.Errorf("read %+v", user)
	}
	want := map[string]any{
		"id": "7", "username": "jporter", "email": "", "groupIds": []any{"1", "3"}, "isActive": "true", "isAdmin": nil,
		"MaxReservationDuration": 1440.0, "domainRoles": nil, "Newer": map[string]any{"a": []any{1.0, 2.0}},
		"DomainName": 7.0,
	}
	if err := client.UpdateUser(t.Context(), user); err != nil || !reflect.DeepEqual(sent, want) {
		t.Errorf("unchanged: sent %v, %v\nwant %v", sent, err, want)
	}
	user.GroupIDs, user.IsActive = []int64{1}, false
	want["groupIds"], want["isActive"] = []any{"1"}, false
	if err := client.UpdateUser(t.Context(), user); err != nil || !reflect.DeepEqual(sent, want) {
		t.Errorf("changed: sent %v, %v\nwant %v", sent, err, want)
	}
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 2, cloudshell.Options{})
	if err := client.DeleteUser(t.Context(), ids[0]); err != nil {
		t.Error(err)
	}
	if _, ok := server.User("user0001"); ok {
		t.Error("the user is still there")
	}
	mustBe(t, client.DeleteUser(t.Context(), ids[0]), cloudshellapi.ErrNotFound)
	server.OwnSandbox("user0002", 1)
	err := client.DeleteUser(t.Context(), ids[1])
	if transport.Status(err) != 400 || !strings.Contains(err.Error(), "owns sandboxes") {
		t.Errorf("error %v", err)
	}
}

// Every write drops what was read before, successful or not.
func TestWritesDropWhatWasRead(t *testing.T) {
	t.Parallel()
	writes := map[string]func(*cloudshellapi.Client, cloudshellapi.User) error{
		"UpdateUser": func(c *cloudshellapi.Client, u cloudshellapi.User) error { return c.UpdateUser(t.Context(), u) },
		"DeleteUser": func(c *cloudshellapi.Client, u cloudshellapi.User) error { return c.DeleteUser(t.Context(), u.ID) },
		"ImportUser": func(c *cloudshellapi.Client, u cloudshellapi.User) error {
			_, err := c.ImportUser(t.Context(), u.Username, cloudshellapi.ImportOptions{AllowUpdate: true})
			return err
		},
		"ImportGroup": func(c *cloudshellapi.Client, _ cloudshellapi.User) error {
			_, err := c.ImportGroup(t.Context(), "Lab Operators", cloudshellapi.ImportOptions{})
			return err
		},
		"AddUsersToGroup": func(c *cloudshellapi.Client, u cloudshellapi.User) error {
			return c.AddUsersToGroup(t.Context(), -1, []int64{u.ID})
		},
		"RemoveUsersFromGroup": func(c *cloudshellapi.Client, u cloudshellapi.User) error {
			return c.RemoveUsersFromGroup(t.Context(), -1, []int64{u.ID})
		},
	}
	for name, write := range writes {
		for _, fails := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s fails=%t", name, fails), func(t *testing.T) {
				t.Parallel()
				checkDrop(t, write, fails)
			})
		}
	}
}

func checkDrop(t *testing.T, write func(*cloudshellapi.Client, cloudshellapi.User) error, fails bool) {
	t.Helper()
	client, server := start(t, cloudshell.Options{})
	if _, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	users, err := client.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	user := users[slices.IndexFunc(users, func(u cloudshellapi.User) bool { return u.Username == "jporter" })]
	if fails {
		for _, method := range []string{"PUT", "POST", "DELETE"} {
			server.Faults().Add(faults.Rule{Method: method, Times: faults.Always, Fault: faults.CutAfter()})
		}
	}
	if err := write(client, user); (err != nil) != fails {
		t.Errorf("error %v", err)
	}
	before := server.Count("GET", "/api/v1/users")
	if _, err := client.Users(t.Context()); err != nil || server.Count("GET", "/api/v1/users") == before {
		t.Errorf("the old list was served again (%v)", err)
	}
}

func TestUsersAreNotShared(t *testing.T) {
	t.Parallel()
	client, _, ids := crowd(t, 1, cloudshell.Options{})
	first, err := client.User(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	first.GroupIDs[0] = 99
	if second, err := client.User(t.Context(), ids[0]); err != nil || second.GroupIDs[0] != 1 {
		t.Errorf("a caller changed what others read: %+v, %v", second, err)
	}
}

func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	for body, said := range map[string]string{
		"":                                "an empty body",
		"<html><body>Proxy</body></html>": `a web page ("Proxy")`,
		`{"Users":`:                       "something that is no JSON",
		`{"Users":[{"Username":"x"}]}`:    "without Id",
		`[1,2]`:                           "other JSON",
	} {
		client, _ := play(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		_, err := client.Users(t.Context())
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%s\nerror %v", body, err)
		}
		_, err = client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{})
		mustBe(t, err, transport.ErrAnswerLost) // the server may have imported
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for status, target := range map[int]error{
		403: cloudshellapi.ErrForbidden, 404: cloudshellapi.ErrNotFound, 409: cloudshellapi.ErrExists,
	} {
		client, _ := play(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"Message":"server's words"}`)
		})
		_, err := client.ImportUser(t.Context(), "jporter", cloudshellapi.ImportOptions{})
		mustBe(t, err, target)
		if transport.Status(err) != status || !strings.Contains(err.Error(), "server's words") {
			t.Errorf("error %v", err)
		}
	}
}

func TestPathsAreEncoded(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Lab Operators", "R&D/Ops", "50% Off/Team", "Отдел разработки", "開発部", "a+b (c)", "x?y#z", strings.Repeat("ü", 200),
	} {
		directory := mockldap.NewDirectory()
		directory.AddUser(people.User{Username: "jporter"})
		directory.AddGroup(people.Group{Name: name}, "jporter")
		client, server := start(t, cloudshell.Options{Directory: directory})
		users, err := client.ExternalGroupUsers(t.Context(), name)
		if err != nil || len(users) != 1 || users[0].Username != "jporter" {
			t.Errorf("%q: %+v, %v", name, users, err)
		}
		requests := server.Requests()
		want := "/api/v1/integrations/IdentityManagement/groups/" + url.PathEscape(name) + "/users"
		if got := requests[len(requests)-1].RawPath; got != want {
			t.Errorf("path %s\nwant %s", got, want)
		}
		if result, err := client.ImportGroup(t.Context(), name, cloudshellapi.ImportOptions{}); err != nil ||
			len(result.Users) != 1 {
			t.Errorf("importing %q: %+v, %v", name, result, err)
		}
	}
}
