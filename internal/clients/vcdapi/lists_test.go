// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Pages may be shorter than what was asked for, whether the answer says so or not.
func TestListsInShortPages(t *testing.T) {
	t.Parallel()
	for _, hidden := range []bool{false, true} {
		eachFlavour(t, mockvcd.Options{PageCap: 32, PageCapHidden: hidden},
			func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
				for i := range 100 {
					server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("user%03d", i)})
					server.AddGroup("acme", mockvcd.Group{Name: fmt.Sprintf("group%03d", i)})
					server.AddRole("acme", fmt.Sprintf("role%03d", i))
				}
				if users := must[[]vcdapi.User](t)(tenant.Users(t.Context())); len(users) != 101 {
					t.Errorf("%d users, want 101", len(users))
				}
				if groups := must[[]vcdapi.Group](t)(tenant.Groups(t.Context())); len(groups) != 100 {
					t.Errorf("%d groups, want 100", len(groups))
				}
				if roles := must[[]vcdapi.Role](t)(tenant.Roles(t.Context())); len(roles) != 105 {
					t.Errorf("%d roles, want 105", len(roles))
				}
			})
	}
}

func TestOrganizationsInShortPages(t *testing.T) {
	t.Parallel()
	orgs := []string{"acme"}
	for i := range 99 {
		orgs = append(orgs, fmt.Sprintf("Org, %02d", i)) // which no filter takes
	}
	server := start(t, mockvcd.Options{Orgs: orgs, PageCap: 32})
	client := connect(t, server.URL(), provider)
	for _, name := range []string{"Org, 98", "org, 00", "acme"} {
		if tenant, err := client.Tenant(t.Context(), name); err != nil || !strings.EqualFold(tenant.Name(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// provider logs in as the provider's administrator.
func provider(c *vcdapi.Config) { c.Org, c.Username = vcdapi.SystemOrg, mockvcd.ProviderUsername }

// partialLists are answers that hold less than the list.
var partialLists = map[string]string{
	"fewer than the total": `{"resultTotal":3,"pageCount":1,"page":1,"pageSize":128,"values":[]}`,
	"no values":            `{"resultTotal":3,"pageCount":1,"page":1,"pageSize":128}`,
	"empty object":         `{}`,
	"null":                 `null`,
	"a message":            `{"message":"try again later"}`,
}

func TestPartialListsAreReadAgain(t *testing.T) {
	t.Parallel()
	for name, body := range partialLists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, times := range []int{1, 3, faults.Always} {
				server := start(t, mockvcd.Options{})
				server.AddUser("acme", mockvcd.User{Username: "anna"})
				tenant := open(t, connect(t, server.URL()))
				server.Faults().Add(
					faults.Rule{Path: "/cloudapi/1.0.0/users", Times: times, Fault: faults.Answer(200, "application/json", body)},
					faults.Rule{Path: "/cloudapi/1.0.0/roles", Times: times, Fault: faults.Answer(200, "application/json", body)})
				users, userErr := tenant.Users(t.Context())
				roles, roleErr := tenant.Roles(t.Context())
				switch lasting := times == faults.Always; {
				case lasting && (userErr == nil || roleErr == nil || !strings.Contains(userErr.Error(), "incomplete")):
					t.Errorf("always: %d users, %v; %d roles, %v", len(users), userErr, len(roles), roleErr)
				case !lasting && (userErr != nil || roleErr != nil || len(users) != 2 || len(roles) != 5):
					t.Errorf("%d times: %d users, %v; %d roles, %v", times, len(users), userErr, len(roles), roleErr)
				case lasting && server.Count("GET", "/cloudapi/1.0.0/users") != 4:
					t.Errorf("%d requests, want four attempts", server.Count("GET", "/cloudapi/1.0.0/users"))
				}
			}
		})
	}
}

func TestPartialXMLIsReadAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ path, body string }{
		"fewer than the total": {"/api/query", `<QueryResultRecords xmlns="http://www.vmware.com/vcloud/v1.5" total="3"/>`},
		"no total":             {"/api/query", `<QueryResultRecords xmlns="http://www.vmware.com/vcloud/v1.5"/>`},
		"an organization":      {"/api/admin/org/*", `<AdminOrg xmlns="http://www.vmware.com/vcloud/v1.5"/>`},
	} {
		for _, times := range []int{1, 3, faults.Always} {
			server := start(t, mockvcd.Options{Version: "35.0"})
			tenant := open(t, connect(t, server.URL()))
			server.Faults().Add(faults.Rule{Path: c.path, Times: times, Fault: faults.Answer(200, "application/xml", c.body)})
			users, err := tenant.Users(t.Context())
			if lasting := times == faults.Always; lasting != (err != nil) || !lasting && len(users) != 1 {
				t.Errorf("%s, %d times: %d users, %v", name, times, len(users), err)
			}
			if times != faults.Always {
				continue
			}
			if _, err := tenant.User(t.Context(), "urn:vcloud:user:gone"); err == nil || errors.Is(err, vcdapi.ErrNotFound) &&
				c.path != "/api/query" {
				t.Errorf("%s proves an absence: %v", name, err)
			}
		}
	}
}

// An answer that is no user is none, through the XML interface too.
func TestXMLThatIsNoUser(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`<User xmlns="http://www.vmware.com/vcloud/v1.5"/>`, `<Other/>`} {
		server := newStub(t, "35.0", map[string]func(http.ResponseWriter, *http.Request){
			"GET /api/admin/user/7":  text(http.StatusOK, "application/xml", body),
			"GET /api/admin/group/7": text(http.StatusOK, "application/xml", body),
		})
		tenant := open(t, connect(t, server.URL))
		u, userErr := tenant.User(t.Context(), "urn:vcloud:user:7")
		g, groupErr := tenant.Group(t.Context(), "urn:vcloud:group:7")
		if userErr == nil || groupErr == nil || errors.Is(userErr, vcdapi.ErrNotFound) {
			t.Errorf("%s: %+v, %v; %+v, %v", body, u, userErr, g, groupErr)
		}
	}
}

// Another client deletes a user between two pages, and everyone behind moves up: who stood at the boundary is on
// neither page. Such a list is read again.
func TestNoOneSlipsBetweenPages(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"35.0", "39.1"} {
		server := start(t, mockvcd.Options{Version: version})
		for i := range 300 {
			server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("user%03d", i)})
			server.AddRole("acme", fmt.Sprintf("role%03d", i))
		}
		tenant := open(t, connect(t, server.URL()))
		for _, path := range []string{"/cloudapi/1.0.0/users", "/api/query"} {
			server.Faults().Add(faults.Rule{Path: path, Skip: 1, Fault: faults.Call(func() {
				server.RemoveUser("acme",
					"user000")
			})})
		}
		listed := must[[]vcdapi.User](t)(tenant.Users(t.Context()))
		if n := len(server.Faults().Injected()); n != 1 || len(listed) != 300 {
			t.Errorf("%s: %d faults, %d users", version, n, len(listed))
		}
		for _, u := range server.Users("acme") {
			if !slices.ContainsFunc(listed, func(l vcdapi.User) bool { return l.ID == u.ID }) {
				t.Errorf("%s: %s slipped through", version, u.Username)
			}
		}
	}
}

// An organization that never rests is not read forever.
func TestListsOfABusyOrganization(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{})
	for i := range 300 {
		server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("m%03d", i)})
	}
	tenant := open(t, connect(t, server.URL()))
	var made atomic.Int64
	server.Faults().Add(faults.Rule{Path: "/cloudapi/1.0.0/users", Times: faults.Always, Fault: faults.Call(func() {
		server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("z%d", made.Add(1))})
	})})
	for range 3 {
		if users, err := tenant.Users(t.Context()); err != nil || len(users) < 301 {
			t.Errorf("%d users, %v", len(users), err)
		}
	}
	if n := server.Count("GET", "/cloudapi/1.0.0/users"); n > 12 {
		t.Errorf("%d requests, want four readings of three pages for all", n)
	}
}

// A 403 is no proof that a user is gone. A list is, if it began after the doubt.
func TestAbsenceNeedsAListOfItsOwn(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{})
	server.AddUser("acme", mockvcd.User{Username: "anna"}, mockvcd.User{Username: "jporter"})
	anna, _ := server.User("acme", "anna")
	jporter, _ := server.User("acme", "jporter")
	tenant := open(t, connect(t, server.URL()))
	must[[]vcdapi.User](t)(tenant.Users(t.Context()))
	server.RemoveUser("acme", "anna")
	one := "/cloudapi/1.0.0/users/" + jporter.ID
	server.Faults().Add(faults.Rule{Path: one, Times: faults.Always,
		Fault: faults.Answer(http.StatusForbidden, "application/json",
			`{"minorErrorCode":"ACCESS_TO_RESOURCE_IS_FORBIDDEN","message":"no"}`)})
	if _, err := tenant.FreshUser(t.Context(), anna.ID); !errors.Is(err, vcdapi.ErrNotFound) {
		t.Errorf("a user who is gone, although an older list has them: %v", err)
	}
	if _, err := tenant.FreshUser(t.Context(), jporter.ID); !errors.Is(err, vcdapi.ErrForbidden) ||
		errors.Is(err, vcdapi.ErrNotFound) {
		t.Errorf("a user who is there: %v", err)
	}
	server.RemoveUser("acme", "jporter")
	if _, err := tenant.FreshUser(t.Context(), jporter.ID); !errors.Is(err, vcdapi.ErrNotFound) {
		t.Errorf("a user who went after the list was read: %v", err)
	}
}

// Lists without an end stop, in bounded time and memory.
func TestEndlessLists(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	fresh := func(total string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			n := pages.Add(1)
			page := r.URL.Query().Get("page")
			_, _ = fmt.Fprintf(w, `{%s"page":%s,"values":[{"id":"urn:vcloud:user:%d","username":"u%d","name":"u%d"}]}`, total,
				page, n, n, n)
		}
	}
	same := text(http.StatusOK, "application/json",
		`{"resultTotal":1000000000,"values":[{"id":"urn:vcloud:user:1","username":"u","name":"u"}]}`)
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"fresh pages, a total": fresh(`"resultTotal":1000000000,`), "fresh pages, no total": fresh(""), "the same page": same,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
				"GET /cloudapi/1.0.0/users": answer, "GET /cloudapi/1.0.0/roles": answer,
			})
			tenant := open(t, connect(t, server.URL))
			if _, err := tenant.Users(t.Context()); err == nil || !strings.Contains(err.Error(), "does not end") {
				t.Errorf("users: %v", err)
			}
			if _, err := tenant.Roles(t.Context()); err == nil || !strings.Contains(err.Error(), "does not end") {
				t.Errorf("roles: %v", err)
			}
			if n := len(server.sent("GET", "/cloudapi/1.0.0/users")); n > 4001 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// Another client works all the time, and every user of this test is found all the same.
func TestReadingBesideAnotherWriter(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			server := start(t, mockvcd.Options{})
			for i := range 300 {
				server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("m%03d", i)})
			}
			mine := server.Users("acme")
			server.AnotherWriter("acme", seed, 0.5)
			tenant := open(t, connect(t, server.URL()))
			readMany(t, tenant, mine)
			if _, err := tenant.FindUser(t.Context(), "m299", ""); err != nil {
				t.Error(err)
			}
		})
	}
}
