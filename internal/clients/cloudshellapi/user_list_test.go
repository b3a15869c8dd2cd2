// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// Whatever form ids, cursors and empty fields have, the same users are read.
func TestFormsOfLists(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]cloudshell.Options{
		"as documented":    {},
		"cursor as number": {Cursor: cursorNumber},
		"ids as strings":   {IDs: cloudshell.IDsStrings},
		"blank e-mail":     {Email: cloudshell.EmailBlank},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server, ids := crowd(t, 600, options)
			users, err := client.Users(t.Context())
			if err != nil || len(users) != 602 { // admin and operator too
				t.Fatalf("%d users, %v", len(users), err)
			}
			if got := server.Count("GET", "/api/v1/users"); got != 3 {
				t.Errorf("%d pages for 602 users", got)
			}
			if got, err := client.User(t.Context(), ids[599]); err != nil || got.Username != "user0600" || got.GroupIDs[0] != 1 {
				t.Errorf("%+v, %v", got, err)
			}
			if got := server.CountWork(); got != 3 {
				t.Error("a user was read again although the list was there")
			}
		})
	}
}

const cursorNumber = cloudshell.CursorNumber

func TestBrokenCursors(t *testing.T) {
	t.Parallel()
	for _, form := range []cloudshell.CursorForm{cloudshell.CursorRepeated, cloudshell.CursorEndless} {
		client, server, ids := crowd(t, 300, cloudshell.Options{Cursor: form})
		for name, list := range map[string]func() error{
			"Users":              func() error { _, err := client.Users(t.Context()); return err },
			"SearchUsers":        func() error { _, err := client.SearchUsers(t.Context(), "user"); return err },
			"GroupUsers":         func() error { _, err := client.GroupUsers(t.Context(), 1); return err },
			"Groups":             func() error { _, err := client.Groups(t.Context()); return err },
			"ExternalGroups":     func() error { _, err := client.ExternalGroups(t.Context()); return err },
			"ExternalGroupUsers": func() error { _, err := client.ExternalGroupUsers(t.Context(), "Lab Operators"); return err },
		} {
			if err := list(); err == nil || !strings.Contains(err.Error(), "does not end") {
				t.Errorf("form %d, %s: %v", form, name, err)
			}
		}
		if got := server.CountWork(); got > 20 {
			t.Errorf("%d requests", got)
		}
		// Single reads do not need the list.
		together(t, 50, func(t *testing.T, number int) {
			if _, err := client.User(t.Context(), ids[number]); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestManyReadsShareOneList(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 1000, cloudshell.Options{})
	work := make(chan int64)
	go func() {
		defer close(work)
		for _, id := range ids {
			work <- id
		}
	}()
	together(t, 10, func(t *testing.T, _ int) {
		for id := range work {
			if got, err := client.User(t.Context(), id); err != nil || got.ID != id {
				t.Errorf("%d: %+v, %v", id, got, err)
			}
		}
	})
	// 1,002 users, with admin and operator: a fifth page.
	if got := server.CountWork(); got > 12 {
		t.Errorf("%d requests for 1,000 users, %d of them pages", got, server.Count("GET", "/api/v1/users"))
	}
}

// A user that the list lacks because it moved while its pages were read must not count as gone.
func TestSlippedThroughTheList(t *testing.T) {
	t.Parallel()
	client, server := play(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/v1/users" && r.URL.Query().Get("paginationProperties.cursor") == "":
			_, _ = io.WriteString(w, `{"Users":[{"Id":1,"Username":"a"}],"Cursor":"next"}`)
		case r.URL.Path == "/api/v1/users":
			_, _ = io.WriteString(w, `{"Users":[{"Id":3,"Username":"c"}],"Cursor":null}`)
		case r.URL.Path == "/api/v1/users/2":
			_, _ = io.WriteString(w, `{"Id":2,"Username":"b"}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	if _, err := client.Users(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := client.User(t.Context(), 2); err != nil || got.Username != "b" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err := client.User(t.Context(), 4)
	mustBe(t, err, cloudshellapi.ErrNotFound)
	if got := server.work.Load(); got != 5 {
		t.Errorf("%d requests, want 2 pages, 2 confirmations, and a look whether this is CloudShell", got)
	}
}

// Who needs a few reads no more pages than those few are on.
func TestListsAreReadAsFarAsNeeded(t *testing.T) {
	t.Parallel()
	client, server, _ := crowd(t, 900, cloudshell.Options{})
	for want, stop := range map[int]string{1: "user0010", 2: "user0300", 4: "absent"} {
		server.ResetRequests()
		for user, err := range client.EachUser(t.Context(), "user") {
			if err != nil {
				t.Fatal(err)
			}
			if user.Username == stop {
				break
			}
		}
		if got := server.Count("GET", "/api/v1/users"); got != want {
			t.Errorf("%d pages read until %s, want %d", got, stop, want)
		}
	}
	server.Faults().Add(faults.Rule{Path: "/api/v1/users", Skip: 1, Fault: faults.Status(http.StatusForbidden)})
	var last error
	users := 0
	for _, err := range client.EachUser(t.Context(), "user") {
		if last = err; err == nil {
			users++
		}
	}
	if mustBe(t, last, cloudshellapi.ErrForbidden); users == 0 || users > 250 {
		t.Errorf("%d users before the page that failed", users)
	}
}

// A server that does not know the filter lists all users; one that does may find more than asked for.
func TestFilterIsIgnored(t *testing.T) {
	t.Parallel()
	client, _ := play(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"Users":[{"Id":1,"Username":"jporter2"},{"Id":"2","Username":"JPorter"}],"Cursor":null}`)
	})
	if got, err := client.FindUser(t.Context(), "jporter"); err != nil || got.ID != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := client.SearchUsers(t.Context(), "r2"); err != nil || len(got) != 1 || got[0].ID != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// 10,000 users as a real server tells of them, in less than 150 MB at the peak.
func TestMemory(t *testing.T) {
	const size = 10000
	client, _ := play(t, func(w http.ResponseWriter, r *http.Request) {
		first := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("paginationProperties.cursor"), &first)
		_, _ = io.WriteString(w, `{"Users":[`)
		for i := first; i < first+250; i++ {
			if i > first {
				_, _ = io.WriteString(w, ",")
			}
			_, _ = fmt.Fprintf(
				w,
				`{"Id":%d,"Sid":"750ad20a-ccf7-4185-a1d9-9202bd10%04d","Username":"person.number%d",
"Email":"person.number%d@corp.example.com",
				"IsActive":true,"IsAdmin":false,"GroupIds":[1,17,23],"TimeZoneInfoId":null,"MaxReservationDuration":1440,
				"MaxConcurrentReservations":10,
				"MaxScheduledSandboxes":10,"MaxOwnedBlueprints":10,"MaxSavedSandboxes":null,
				"DomainRoles":[{"DomainId":"dbaf480c-09f7-46d3-a2e2-e35d3e374a16","role":"Regular"}],
				"DomainName":"QUALISYSTEMS","ImportedSid":"S-1-5-21-1487810946-2753822684-3978873285-%d"}`,
				i+1,
				i,
				i,
				i,
				i,
			)
		}
		next := "null"
		if first+250 < size {
			next = fmt.Sprint(first + 250)
		}
		_, _ = io.WriteString(w, `],"Cursor":`+next+`}`)
	})
	heap := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before := heap()
	users, err := client.Users(t.Context())
	if err != nil || len(users) != size {
		t.Fatalf("%d users, %v", len(users), err)
	}
	used := heap() - before
	t.Logf("%d users take %d kB", size, used>>10)
	if used > 50<<20 {
		t.Errorf("%d users take %d MB", size, used>>20)
	}
	runtime.KeepAlive(users)
}
