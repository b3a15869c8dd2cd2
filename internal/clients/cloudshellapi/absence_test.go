// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// partialAnswers are the forms in which a server shows less than the whole list.
var partialAnswers = map[string]faults.Fault{
	"status 202": faults.Answer(http.StatusAccepted, "application/json", `{"Users":[],"Groups":[],"Cursor":null}`),
	"errors": faults.Answer(
		http.StatusOK,
		"application/json",
		`{"Users":[],"Groups":[],"Errors":["one page is missing"]}`,
	),
	"a message": faults.Answer(http.StatusOK, "application/json", `{"Message":"The directory is busy"}`),
	"an object": faults.Answer(http.StatusOK, "application/json", `{}`),
	"null":      faults.Answer(http.StatusOK, "application/json", `null`),
	"too few": faults.Answer(
		http.StatusOK,
		"application/json",
		`{"Users":[],"Groups":[],"Cursor":null,"TotalCount":3}`,
	),
	"a later page": faults.Answer(http.StatusOK, "application/json", `{"Cursor":"next"}`),
}

func listsOf(t *testing.T, client *cloudshellapi.Client) map[string]func() (int, error) {
	t.Helper()
	return map[string]func() (int, error){
		"Users":          func() (int, error) { users, err := client.Users(t.Context()); return len(users), err },
		"SearchUsers":    func() (int, error) { users, err := client.SearchUsers(t.Context(), "a"); return len(users), err },
		"GroupUsers":     func() (int, error) { users, err := client.GroupUsers(t.Context(), 1); return len(users), err },
		"Groups":         func() (int, error) { groups, err := client.Groups(t.Context()); return len(groups), err },
		"ExternalGroups": func() (int, error) { groups, err := client.ExternalGroups(t.Context()); return len(groups), err },
		"ExternalMembers": func() (int, error) {
			members, err := client.ExternalMembers(t.Context(), labGroup)
			return len(members.Users), err
		},
	}
}

const labGroup = "Azure_DevOps_Cloud_Admins"

func TestPartialAnswersAreReadAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range partialAnswers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := start(t, cloudshell.Options{})
			for list, read := range listsOf(t, client) {
				server.Faults().Clear()
				server.Faults().Add(faults.Rule{Method: http.MethodGet, Times: 3, Fault: fault})
				if count, err := read(); err != nil || count < 1 {
					t.Errorf("%s: %d entries, %v", list, count, err)
				}
			}
		})
	}
}

func TestPartialAnswersAreAnError(t *testing.T) {
	t.Parallel()
	for name, fault := range partialAnswers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := start(t, cloudshell.Options{})
			for list, read := range listsOf(t, client) {
				if name != "a message" && list != "Users" {
					continue // each form for one list, and one form for each list
				}
				server.ResetRequests()
				server.Faults().Clear()
				server.Faults().Add(faults.Rule{Method: http.MethodGet, Times: faults.Always, Fault: fault})
				_, err := read()
				mustBe(t, err, cloudshellapi.ErrPartial)
				if requests := server.CountWork(); requests > 5 {
					t.Errorf("%s: %d requests", list, requests)
				}
			}
		})
	}
}

// The provider is logged in as a user, so there is one.
func TestNoUsersAtAllIsPartial(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	server.Faults().Add(faults.Rule{Path: "/api/v1/users", Times: faults.Always,
		Fault: faults.Answer(http.StatusOK, "application/json", `{"Users":[],"Cursor":null}`)})
	_, err := client.Users(t.Context())
	mustBe(t, err, cloudshellapi.ErrPartial)
	_, err = client.FindUser(t.Context(), "jporter") // a search may find no users
	mustBe(t, err, cloudshellapi.ErrNotFound)
}

func TestStillThere(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]cloudshell.Options{
		"404": {}, "404 with a web page": {ErrorBody: cloudshell.ErrorBodyHTML},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server, ids := crowd(t, 300, options)
			for i := range 100 {
				server.RemoveUser(fmt.Sprintf("user%04d", i+1))
			}
			for _, count := range []int{110, 251, 300} {
				server.ResetRequests()
				found, err := client.StillThere(t.Context(), ids[:count])
				if err != nil || len(found) != count-100 || found[ids[100]].Username != "user0101" {
					t.Errorf("%d of %d are there, %v", len(found), count, err)
				}
				limit := count
				if count > 250 {
					limit = 2
				}
				if requests := server.CountWork(); requests > limit+1 {
					t.Errorf("%d requests for %d users", requests, count)
				}
			}
		})
	}
}

func TestStillNamed(t *testing.T) {
	t.Parallel()
	client, server, _ := crowd(t, 300, cloudshell.Options{})
	server.RemoveUser("user0002")
	var named []string
	for i := range 300 {
		named = append(named, fmt.Sprintf("USER%04d", i+1))
	}
	for _, count := range []int{3, 300} {
		found, err := client.StillNamed(t.Context(), named[:count])
		if err != nil || len(found) != count-1 || found["user0001"].ID == 0 {
			t.Errorf("%d of %d are there, %v", len(found), count, err)
		}
	}
	server.Faults().Add(faults.Rule{Times: faults.Always, Fault: faults.Status(http.StatusForbidden)})
	_, err := client.StillNamed(t.Context(), named[:2])
	mustBe(t, err, cloudshellapi.ErrForbidden)
}

// 400 may mean that there is no such user. The list tells.
func TestBadRequestForAnID(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 2, cloudshell.Options{})
	server.Faults().Add(faults.Rule{Path: "/api/v1/users/*", Times: faults.Always,
		Fault: faults.Answer(http.StatusBadRequest, "application/json", `{"message":"User was not found"}`)})
	if user, err := client.User(t.Context(), ids[0]); err != nil || user.Username != "user0001" {
		t.Errorf("%+v, %v", user, err)
	}
	_, err := client.User(t.Context(), 4711)
	mustBe(t, err, cloudshellapi.ErrNotFound)
	mustBe(t, client.DeleteUser(t.Context(), 4711), cloudshellapi.ErrNotFound)
	if err := client.DeleteUser(t.Context(), ids[1]); err == nil || !strings.Contains(err.Error(), "400") {
		t.Errorf("a refused deletion: %v", err)
	}
	server.Faults().
		Add(faults.Rule{Path: "/api/v1/users", Times: faults.Always, Fault: faults.Status(http.StatusForbidden)})
	client = newClient(t, configFor(server)) // which has not read the list yet
	found, err := client.StillThere(t.Context(), []int64{4711})
	if mustBe(t, err, cloudshellapi.ErrForbidden); len(found) != 0 {
		t.Errorf("%v are there", found)
	}
}

// A proxy that has lost CloudShell after the login answers in JSON too. Its 404 proves nothing.
func TestNotFoundOfAProxy(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 300, cloudshell.Options{})
	user, err := client.ReadUser(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	server.Faults().Add(faults.Rule{Path: "/api/v1/**", Times: faults.Always,
		Fault: faults.Answer(http.StatusNotFound, "application/json", `{"message":"no Route matched with those values"}`)})
	for name, ask := range map[string]func() error{
		"User":       func() error { _, err := client.User(t.Context(), ids[1]); return err },
		"ReadUser":   func() error { _, err := client.ReadUser(t.Context(), ids[0]); return err },
		"FindUser":   func() error { _, err := client.FindUser(t.Context(), user.Username); return err },
		"UpdateUser": func() error { return client.UpdateUser(t.Context(), user) },
		"DeleteUser": func() error { return client.DeleteUser(t.Context(), ids[0]) },
		"StillThere": func() error { _, err := client.StillThere(t.Context(), ids[:3]); return err },
		"StillNamed": func() error { _, err := client.StillNamed(t.Context(), []string{user.Username}); return err },
		"ReadGroup":  func() error { _, err := client.ReadGroup(t.Context(), cloudshellapi.GroupEveryone); return err },
	} {
		if err := ask(); err == nil || errors.Is(err, cloudshellapi.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExternalMembers(t *testing.T) {
	t.Parallel()
	for name, unknown := range map[string]cloudshell.UnknownAnswer{
		"404": cloudshell.UnknownNotFound, "200 without users": cloudshell.UnknownEmpty,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := mockldap.Lab()
			directory.AddGroup(people.Group{Name: "No One"})
			client, server := start(t, cloudshell.Options{Directory: directory, Unknown: unknown})
			members, err := client.ExternalMembers(t.Context(), "NO ONE")
			if err != nil || len(members.Users) != 0 {
				t.Errorf("empty: %+v, %v", members, err)
			}
			_, err = client.ExternalMembers(t.Context(), "no such group")
			mustBe(t, err, cloudshellapi.ErrNotFound)
			_, err = client.ExternalMembers(t.Context(), " ")
			mustBe(t, err, cloudshellapi.ErrNotFound)
			if requests := server.CountWork(); requests != 4 {
				t.Errorf("%d requests, want 2 for each group", requests)
			}
			server.Faults().Add(faults.Rule{Path: "/api/v1/integrations/IdentityManagement/groups", Times: faults.Always,
				Fault: faults.Status(http.StatusForbidden)})
			for _, group := range []string{"No One", "no such group"} {
				if _, err = client.ExternalMembers(t.Context(), group); unknown == cloudshell.UnknownEmpty || group != "No One" {
					mustBe(t, err, cloudshellapi.ErrUnreadable)
				}
			}
			if members, err := client.ExternalMembers(t.Context(), labGroup); err != nil || len(members.Users) != 3 {
				t.Errorf("a group with people needs no second request: %+v, %v", members, err)
			}
		})
	}
}

func TestExternalMembersRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusNotFound} {
		client, server := start(t, cloudshell.Options{})
		server.Faults().Add(faults.Rule{Path: "/api/v1/integrations/IdentityManagement/groups/*/users", Times: faults.Always,
			Fault: faults.Status(status)})
		_, err := client.ExternalMembers(t.Context(), labGroup)
		mustBe(t, err, cloudshellapi.ErrUnreadable)
		_, err = client.ExternalMembers(t.Context(), "no such group")
		mustBe(t, err, cloudshellapi.ErrNotFound)
	}
}

func TestEntriesWithoutAccountName(t *testing.T) {
	t.Parallel()
	client, _ := play(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(
			w,
			`{"Users":[{"Id":"1","Username":"a"},{"Id":"2","Username":null,"DisplayName":"A Contact"},{"Id":"3"}]}`,
		)
	})
	members, err := client.ExternalMembers(t.Context(), "Group")
	if err != nil || len(members.Users) != 1 || len(members.Nameless) != 2 ||
		members.Nameless[0].DisplayName != "A Contact" {
		t.Errorf("%+v, %v", members, err)
	}
}

// A name is found in every encoding of its characters, and a part of a name or a display name is no name.
func TestFindUserComparesNames(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	const decomposed = "ju\u0308rgen"
	server.AddImportedUser(people.User{Username: decomposed, ID: "1"})
	server.AddImportedUser(people.User{Username: "erin.mixed", DisplayName: "Erin", ID: "2"})
	for _, name := range []string{"jürgen", "JÜRGEN", decomposed, "JU\u0308RGEN"} {
		if user, err := client.FindUser(t.Context(), name); err != nil || user.Username != decomposed {
			t.Errorf("%+q: %+v, %v", name, user, err)
		}
	}
	_, err := client.FindUser(t.Context(), "Erin")
	mustBe(t, err, cloudshellapi.ErrNotFound)
}

// A search finds a part of a name in every encoding, and each user once.
func TestSearchUsersComparesNames(t *testing.T) {
	t.Parallel()
	client, server := start(t, cloudshell.Options{})
	server.AddImportedUser(people.User{Username: "ju\u0308rgen", ID: "1"})
	server.AddImportedUser(people.User{Username: "j\u00fcrgen.b", ID: "2"})
	for _, text := range []string{"j\u00fcr", "ju\u0308r", "J\u00dcR", "j"} {
		found, err := client.SearchUsers(t.Context(), text)
		if err != nil || len(found) != 2 {
			t.Errorf("%+q finds %+v, %v", text, found, err)
		}
	}
}

// While the pages of a search are read, a deletion moves the user that is searched for to the page before.
func TestAbsenceOnSeveralPagesIsSearchedTwice(t *testing.T) {
	t.Parallel()
	var searches atomic.Int32
	client, _ := play(t, func(w http.ResponseWriter, r *http.Request) {
		first := r.URL.Query().Get("paginationProperties.cursor") == ""
		if first {
			searches.Add(1)
		}
		switch {
		case first && searches.Load() == 1:
			_, _ = io.WriteString(w, `{"Users":[{"Id":1,"Username":"a1"},{"Id":2,"Username":"a2"}],"Cursor":"next"}`)
		case first:
			_, _ = io.WriteString(w, `{"Users":[{"Id":2,"Username":"a2"},{"Id":3,"Username":"a"}],"Cursor":"next"}`)
		default:
			_, _ = io.WriteString(w, `{"Users":[{"Id":4,"Username":"a4"}],"Cursor":null}`)
		}
	})
	if user, err := client.FindUser(t.Context(), "a"); err != nil || user.ID != 3 {
		t.Errorf("%+v, %v", user, err)
	}
	if _, err := client.FindUser(t.Context(), "a5"); err == nil {
		t.Error("found a user who does not exist")
	}
}

// A list that goes on forever, with fresh entries on each page, ends with an error.
func TestEndlessFreshPages(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]string{"no total": "", "a total": `"TotalCount":1000,`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var pages atomic.Int64
			client, _ := play(t, func(w http.ResponseWriter, r *http.Request) {
				page := pages.Add(1)
				entries := make([]string, 250)
				for i := range entries {
					id := page*250 + int64(i)
					entries[i] = fmt.Sprintf(`{"Id":%d,"Username":"u%d","Name":"g%d"}`, id, id, id)
				}
				list := strings.Join(entries, ",")
				_, _ = fmt.Fprintf(w, `{%s"Users":[%s],"Groups":[%s],"Cursor":"%d"}`, total, list, list, page)
			})
			for list, read := range listsOf(t, client) {
				if total == "" && !slices.Contains([]string{"Groups", "ExternalGroups"}, list) {
					continue // one of each kind is enough
				}
				pages.Store(0)
				if _, err := read(); err == nil || !strings.Contains(err.Error(), "does not end") {
					t.Errorf("%s: %v", list, err)
				}
				if got := pages.Load(); got > 405 || total != "" && got > 12 {
					t.Errorf("%s: %d pages", list, got)
				}
			}
		})
	}
}

// A thousand new names cost one list, and none of them is proof.
func TestNamedUser(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 1000, cloudshell.Options{})
	_, listed, err := client.NamedUser(t.Context(), "new")
	if mustBe(t, err, cloudshellapi.ErrNotFound); listed {
		t.Error("a single search is proof")
	}
	together(t, 1000, func(t *testing.T, number int) {
		_, _, err := client.NamedUser(t.Context(), fmt.Sprintf("new%d", number))
		mustBe(t, err, cloudshellapi.ErrNotFound)
	})
	if user, _, err := client.NamedUser(t.Context(), "USER0007"); err != nil || user.ID != ids[6] {
		t.Errorf("%+v, %v", user, err)
	}
	if requests := server.CountWork(); requests > 5+7 {
		t.Errorf("%d requests for 1,000 names and 5 pages", requests)
	}
	if _, listed, err = client.NamedUser(t.Context(), "one more"); err == nil || !listed {
		t.Errorf("a list is no proof: %t, %v", listed, err)
	}
}

// Single deletions of this client do not shift the rows of a list that it reads.
func TestDeletionsAndLists(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 600, cloudshell.Options{Cursor: cursorNumber, Latency: time.Millisecond})
	together(t, 40, func(t *testing.T, number int) {
		if number%4 > 0 {
			if err := client.DeleteUser(t.Context(), ids[number]); err != nil {
				t.Error(err)
			}
			return
		}
		for range 3 {
			users, err := client.Users(t.Context())
			if err != nil {
				t.Error(err)
			}
			listed := map[int64]bool{}
			for _, user := range users {
				listed[user.ID] = true
			}
			for _, id := range ids[40:] {
				if !listed[id] {
					t.Errorf("the list of %d users lacks %d", len(users), id)
				}
			}
		}
	})
	if left := len(server.Users()); left != 572 {
		t.Errorf("%d users are left", left)
	}
}

// Whatever others do between two pages, users who exist all the time are found, and those who never exist are not.
func TestAbsenceBesideAnotherWriter(t *testing.T) {
	t.Parallel()
	for _, order := range []cloudshell.UserOrder{cloudshell.OrderByID, cloudshell.OrderByName} {
		client, server := start(t, cloudshell.Options{Cursor: cursorNumber, Order: order})
		for i := range 200 {
			server.AddLocalUser(fmt.Sprintf("early-%d", i))
		}
		ids := make([]int64, 0, 900)
		for _, person := range people.People(900) {
			ids = append(ids, server.AddImportedUser(person).ID)
		}
		missed := 0
		for seed := range uint64(10) {
			gone := make([]string, 0, 5)
			for i := range 5 {
				gone = append(gone, fmt.Sprintf("early-%d", seed*5+uint64(i)))
			}
			stop := server.AnotherWriter(cloudshell.Writer{Seed: seed, Rate: 0.9, Bystanders: 20, Delete: gone})
			users, err := client.SearchUsers(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			listed := map[int64]bool{}
			for _, user := range users {
				listed[user.ID] = true
			}
			missing := []int64{1 << 40}
			for _, id := range ids {
				if !listed[id] {
					missing = append(missing, id)
				}
			}
			missed += len(missing) - 1
			found, err := client.StillThere(t.Context(), missing)
			if err != nil || len(found) != len(missing)-1 {
				t.Errorf("seed %d: %d of %d are there, %v\n%s", seed, len(found), len(missing)-1, err, strings.Join(stop(), "\n"))
			}
			stop()
		}
		if missed == 0 {
			t.Error("no list ever missed a user: the test shows nothing")
		}
	}
}
