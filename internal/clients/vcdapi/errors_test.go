// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestDuplicatesAreRecognisedInAnyForm(t *testing.T) {
	t.Parallel()
	forms := []mockvcd.DuplicateAnswer{
		mockvcd.Duplicate400, mockvcd.Duplicate409, mockvcd.DuplicateBadWords, mockvcd.Duplicate403, mockvcd.Duplicate500,
		mockvcd.DuplicateObjExists,
	}
	for _, form := range forms {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			eachFlavour(t, mockvcd.Options{Duplicate: form}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
				author := role(t, tenant, mockvcd.RoleVAppAuthor)
				server.AddUser("acme", mockvcd.User{Username: "anna"})
				if _, err := tenant.CreateUser(t.Context(), newUser(spelled(tenant, "anna", "Anna"), author)); !errors.Is(err,
					vcdapi.ErrExists) {
					t.Errorf("user: %v", err)
				}
				server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
				group := vcdapi.Group{Name: "Lab Engineers", ProviderType: vcdapi.ProviderLDAP, Roles: []vcdapi.Reference{author}}
				if _, err := tenant.CreateGroup(t.Context(), group); !errors.Is(err, vcdapi.ErrExists) {
					t.Errorf("group: %v", err)
				}
			})
		})
	}
}

func TestRefusedImportsKeepTheServersWords(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, _ *mockvcd.Server, tenant *vcdapi.Tenant) {
		_, err := tenant.CreateUser(t.Context(), newUser("absent", role(t, tenant, mockvcd.RoleVAppAuthor)))
		var answer *vcdapi.Error
		if !errors.As(err, &answer) || answer.Status != 400 || answer.Code != "BAD_REQUEST" ||
			answer.Message != `Could not find user "absent" in LDAP.` {
			t.Errorf("%#v", err)
		}
		want := `the server answered 400 Bad Request: Could not find user "absent" in LDAP. (BAD_REQUEST)`
		if err.Error() != want {
			t.Errorf("reads %q, want %q", err, want)
		}
		if errors.Is(err, vcdapi.ErrExists) || errors.Is(err, vcdapi.ErrNotFound) || transport.Status(err) != 400 {
			t.Errorf("means the wrong thing: %v", err)
		}
	})
}

func TestOrganizationWithoutLDAP(t *testing.T) {
	t.Parallel()
	for _, form := range []mockvcd.NoLDAPAnswer{mockvcd.NoLDAPDenied, mockvcd.NoLDAPRightInMessage,
		mockvcd.NoLDAPRightAsCode} {
		options := mockvcd.Options{OrgsWithoutLDAP: []string{"acme"}, NoLDAP: form}
		eachFlavour(t, options, func(t *testing.T, _ *mockvcd.Server, tenant *vcdapi.Tenant) {
			for what, err := range importsAndSearches(t, tenant) {
				if !errors.Is(err, vcdapi.ErrNoLDAP) || !strings.Contains(err.Error(), "403") {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

// Where the settings cannot be read, both meanings are named.
func TestMissingRightOrIdentityProvider(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]faults.Fault{
		"forbidden": faults.Status(http.StatusForbidden), "other words": faults.Answer(200, "application/json", `{"a":{}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := mockvcd.Options{Version: "40.0", OrgsWithoutLDAP: []string{"acme"}, NoLDAP: mockvcd.NoLDAPRightInMessage}
			server := start(t, options)
			server.Faults().Add(faults.Rule{Path: "/api/admin/org/*/settings/ldap", Times: faults.Always, Fault: fault})
			for what, err := range importsAndSearches(t, open(t, connect(t, server.URL()))) {
				if !errors.Is(err, vcdapi.ErrRightOrProvider) || !errors.Is(err, vcdapi.ErrForbidden) ||
					errors.Is(err, vcdapi.ErrNoLDAP) {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

func TestUnifiedVersionsKeepLDAPSettingsElsewhere(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "9.1.0", OrgsWithoutLDAP: []string{"acme"},
		NoLDAP: mockvcd.NoLDAPRightAsCode, NoXML: true})
	tenant := open(t, connect(t, server.URL()))
	for what, err := range importsAndSearches(t, tenant) {
		if !errors.Is(err, vcdapi.ErrNoLDAP) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := server.Count("GET", "/cloudapi/v1/orgSettings/ldap"); n != 1 {
		t.Errorf("the settings were read %d times", n)
	}
}

// A refusal is a missing right where the settings say that there is an LDAP service.
func TestDeniedAlthoughLDAPIsSetUp(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{NoDirectorySearch: true})
	_, err := open(t, connect(t, server.URL())).SearchDirectoryUsers(t.Context(), "anna")
	if !errors.Is(err, vcdapi.ErrForbidden) || errors.Is(err, vcdapi.ErrNoLDAP) {
		t.Error(err)
	}
}

// importsAndSearches tries everything that needs an identity provider.
func importsAndSearches(t *testing.T, tenant *vcdapi.Tenant) map[string]error {
	t.Helper()
	ctx, author := t.Context(), role(t, tenant, mockvcd.RoleVAppAuthor)
	_, userErr := tenant.CreateUser(ctx, newUser("anna", author))
	_, groupErr := tenant.CreateGroup(ctx, vcdapi.Group{Name: "x", ProviderType: vcdapi.ProviderLDAP,
		Roles: []vcdapi.Reference{author}})
	failures := map[string]error{"user": userErr, "group": groupErr}
	if tenant.Capabilities().DirectorySearch {
		_, failures["search"] = tenant.SearchDirectoryUsers(ctx, "a")
		failures["sync"] = tenant.SyncDirectory(ctx)
	}
	return failures
}

func TestLockedUser(t *testing.T) {
	t.Parallel()
	for _, form := range []mockvcd.LockedAnswer{mockvcd.Locked400, mockvcd.Locked403} {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			eachFlavour(t, mockvcd.Options{Locked: form}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
				server.AddUser("acme", mockvcd.User{Username: "anna", Locked: true})
				u := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", ""))
				_, err := tenant.UpdateUser(t.Context(), u)
				silent := form == mockvcd.Locked403 && u.Locked == nil // neither the user nor the server says so
				if errors.Is(err, vcdapi.ErrLocked) == silent || err == nil {
					t.Errorf("locked = %v: %v", u.Locked, err)
				}
			})
		})
	}
}

// Whatever a server answers for what is not there, only a list makes it gone.
func TestAbsenceIsProvedByAList(t *testing.T) {
	t.Parallel()
	for _, form := range []mockvcd.MissingAnswer{mockvcd.Missing403, mockvcd.Missing404} {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			eachFlavour(t, mockvcd.Options{Missing: form}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
				server.AddUser("acme", mockvcd.User{Username: "anna"})
				u := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", ""))
				gone := "urn:vcloud:user:00000000-0000-4000-8000-000000000000"
				if _, err := tenant.User(t.Context(), gone); !errors.Is(err, vcdapi.ErrNotFound) {
					t.Errorf("who is not there: %v", err)
				}
				group := strings.Replace(gone, "user", "group", 1)
				if _, err := tenant.Group(t.Context(), group); !errors.Is(err, vcdapi.ErrNotFound) {
					t.Errorf("a group that is not there: %v", err)
				}
				if _, err := tenant.User(t.Context(), u.ID); err != nil {
					t.Errorf("who is there: %v", err)
				}
			})
		})
	}
}

// Every single read is forbidden, while the list shows that the user is there: a right is missing, not the user.
func TestForbiddenIsNotGone(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		server.AddUser("acme", mockvcd.User{Username: "anna"})
		u := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", ""))
		forbidden := faults.Answer(http.StatusForbidden, "application/json",
			`{"minorErrorCode":"ACCESS_TO_RESOURCE_IS_FORBIDDEN","message":"no right"}`)
		server.Faults().Add(
			faults.Rule{Path: "/cloudapi/1.0.0/users/*", Times: faults.Always, Fault: forbidden},
			faults.Rule{Path: "/api/admin/user/**", Times: faults.Always, Fault: forbidden},
		)
		_, err := tenant.User(t.Context(), u.ID)
		if !errors.Is(err, vcdapi.ErrForbidden) || errors.Is(err, vcdapi.ErrNotFound) ||
			!strings.Contains(err.Error(), "no right") {
			t.Errorf("read: %v", err)
		}
		if err := tenant.DeleteUser(t.Context(), u.ID); !errors.Is(err, vcdapi.ErrForbidden) ||
			errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("delete: %v", err)
		}
	})
}

// A list that cannot be had proves nothing.
func TestFailedListProvesNothing(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"35.0", "37.2"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := start(t, mockvcd.Options{Version: version})
			tenant := open(t, connect(t, server.URL()))
			fails := faults.Status(http.StatusInternalServerError)
			server.Faults().Add(
				faults.Rule{Path: "/cloudapi/1.0.0/users", Times: faults.Always, Fault: fails},
				faults.Rule{Path: "/api/admin/org/*", Times: faults.Always, Fault: fails},
			)
			_, err := tenant.User(t.Context(), "urn:vcloud:user:00000000-0000-4000-8000-000000000000")
			if err == nil || errors.Is(err, vcdapi.ErrNotFound) {
				t.Errorf("without a list: %v", err)
			}
		})
	}
}

func TestDeletionWaitsForItsTask(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options mockvcd.Options
		busy    bool
		words   string // "" = success
	}{
		"task":    {mockvcd.Options{TaskPolls: 2}, false, ""},
		"at once": {mockvcd.Options{Deletion: mockvcd.DeletionAtOnce}, false, ""},
		"task fails": {mockvcd.Options{Deletion: mockvcd.DeletionTaskFails, TaskPolls: 1}, false, "Contact your cloud " +
			"administrator"},
		"busy":         {mockvcd.Options{}, true, "running VMs"},
		"busy in task": {mockvcd.Options{Busy: mockvcd.BusyInTask, TaskPolls: 1}, true, "running VMs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, c.options)
			tenant := open(t, connect(t, server.URL()))
			server.AddUser("acme", mockvcd.User{Username: "anna"})
			if c.busy {
				server.Change("acme", "anna", func(u *mockvcd.User) { u.RunningVMs = []string{"vm"} })
			}
			u := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", ""))
			err := tenant.DeleteUser(t.Context(), u.ID)
			if c.words == "" && err != nil || c.words != "" && (err == nil || !strings.Contains(err.Error(), c.words)) {
				t.Errorf("got %v, want %q", err, c.words)
			}
			if _, there := server.User("acme", "anna"); there != (c.words != "") {
				t.Errorf("when the deletion was reported, anna was there = %t", there)
			}
		})
	}
}

// An id out of state or an import never addresses the whole collection, nor anything else.
func TestIDsStayInTheirPath(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		must[[]vcdapi.Role](t)(tenant.Roles(t.Context()))
		for _, id := range []string{"", "urn:vcloud:user:", "a/../b/", "a?b=c", "a#b", "a%2fb"} {
			server.ResetRequests()
			if err := tenant.DeleteUser(t.Context(), id); err == nil {
				t.Errorf("%q was deleted", id)
			}
			for _, r := range server.Requests() {
				if r.Method == http.MethodDelete && strings.Count(r.Path, "/") != 4 || r.Method == http.MethodDelete &&
					len(r.Query) > 0 {
					t.Errorf("%q was sent as %s %v", id, r.Path, r.Query)
				}
			}
		}
	})
}

// A refusal for another reason is not taken for a lock.
func TestRefusedChangeOfWhoIsNotLocked(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		server.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
		u := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", ""))
		server.Faults().Add(faults.Rule{Method: http.MethodPut, Fault: faults.Answer(http.StatusBadRequest,
			"application/json", `{"minorErrorCode":"BAD_REQUEST","message":"The request is blocked by a policy."}`)})
		if _, err := tenant.UpdateUser(t.Context(), u); err == nil || errors.Is(err, vcdapi.ErrLocked) {
			t.Errorf("%v", err)
		}
	})
}
