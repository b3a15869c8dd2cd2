// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// accepted answers 202 and the address of a task, on a host that is known inside the server's network alone.
func accepted(path string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://cell-1.internal"+path)
		w.WriteHeader(http.StatusAccepted)
	}
}

// ends is a task that runs when it is looked at first, and then has ended.
func ends(status, reason string) func(http.ResponseWriter, *http.Request) {
	var looks atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		now := "running"
		if looks.Add(1) > 1 {
			now = status
		}
		asked := r.Header.Get("Accept")
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/") && strings.HasPrefix(asked, "application/*+xml"):
			_, _ = fmt.Fprintf(w, `<Task xmlns="http://www.vmware.com/vcloud/v1.5" status="%s">`+
				`<Error minorErrorCode="BUSY" message="%s"/></Task>`, now, reason)
		case strings.HasPrefix(r.URL.Path, "/cloudapi/") && strings.HasPrefix(asked, "application/json"):
			_, _ = fmt.Fprintf(w, `{"status":%q,"error":{"minorErrorCode":"BUSY","message":%q}}`,
				strings.ToUpper(now), reason)
		default:
			w.WriteHeader(http.StatusNotAcceptable)
		}
	}
}

// Whatever a server answers 202 to has happened only when its task has ended well.
func TestTasksAreFollowed(t *testing.T) {
	t.Parallel()
	deleteUser := func(ctx context.Context, in *vcdapi.Tenant) error { return in.DeleteUser(ctx, "urn:vcloud:user:7") }
	deleteGroup := func(ctx context.Context, in *vcdapi.Tenant) error { return in.DeleteGroup(ctx, "urn:vcloud:group:7") }
	synchronize := func(ctx context.Context, in *vcdapi.Tenant) error { return in.SyncDirectory(ctx) }
	works := map[string]struct {
		version, request string
		do               func(context.Context, *vcdapi.Tenant) error
	}{
		"delete user":              {"37.2", "DELETE /cloudapi/1.0.0/users/urn:vcloud:user:7", deleteUser},
		"delete group":             {"37.2", "DELETE /cloudapi/1.0.0/groups/urn:vcloud:group:7", deleteGroup},
		"synchronize":              {"37.2", "POST /cloudapi/1.0.0/ldap/sync", synchronize},
		"delete user through XML":  {"35.0", "DELETE /api/admin/user/7", deleteUser},
		"delete group through XML": {"35.0", "DELETE /api/admin/group/7", deleteGroup},
	}
	for name, work := range works {
		for _, path := range []string{"/api/task/5", "/cloudapi/1.0.0/tasks/5"} {
			for _, status := range []string{"success", "error", "aborted", "canceled"} {
				t.Run(name+" "+path+" "+status, func(t *testing.T) {
					t.Parallel()
					server := newStub(t, work.version, map[string]func(http.ResponseWriter, *http.Request){
						work.request: accepted(path), "GET " + path: ends(status, "the directory is busy"),
					})
					err := work.do(t.Context(), open(t, connect(t, server.URL)))
					switch {
					case status == "success" && err != nil:
						t.Error(err)
					case status != "success" && (err == nil || !strings.Contains(err.Error(), "the directory is busy")):
						t.Errorf("the task ended with %s: %v", status, err)
					}
					if n := len(server.sent("GET", path)); n != 2 {
						t.Errorf("%d looks at the task, want 2", n)
					}
				})
			}
		}
	}
}

// What was read before a synchronization is read again after it.
func TestSyncForgetsWhatWasRead(t *testing.T) {
	t.Parallel()
	for _, forced := range []string{"cloudapi", "xml"} {
		server := start(t, mockvcd.Options{Version: "37.2"})
		tenant := open(t, connect(t, server.URL(), func(c *vcdapi.Config) { c.Interface = forced }))
		created := must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser("jporter",
			role(t, tenant, mockvcd.RoleVAppUser))))
		must[[]vcdapi.User](t)(tenant.Users(t.Context()))
		person, _, _ := server.People().FindUser(t.Context(), "jporter")
		person.DisplayName = "James P. Porter"
		server.People().AddUser(person)
		if err := tenant.SyncDirectory(t.Context()); err != nil {
			t.Fatal(err)
		}
		if read := must[vcdapi.User](t)(tenant.User(t.Context(), created.ID)); read.FullName != person.DisplayName {
			t.Errorf("%s: %q after the synchronization", forced, read.FullName)
		}
	}
}
