// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestRemapKeepsIDAndProperty(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		server.AddUser("acme", mockvcd.User{Username: "anna.berg", ProviderType: mockvcd.TypeSAML, Description: "kept",
			PoweredOffVMs: []string{"vm1"}})
		before, _ := server.User("acme", "anna.berg")
		remapped, err := tenant.Remap(t.Context(), before.ID, "anna", vcdapi.ProviderLDAP)
		if !tenant.Capabilities().Remap {
			if now, _ := server.User("acme", "anna.berg"); !errors.Is(err, vcdapi.ErrUnsupported) ||
				now.ProviderType != mockvcd.TypeSAML {
				t.Errorf("%v, and the server holds %+v", err, now)
			}
			return
		}
		if err != nil || remapped.ID != before.ID || remapped.Username != "anna" ||
			remapped.ProviderType != vcdapi.ProviderLDAP || remapped.FullName != "Anna Berg" {
			t.Errorf("remapped %+v, %v", remapped, err)
		}
		now, _ := server.User("acme", "anna")
		if now.ID != before.ID || now.Description != "kept" || len(now.PoweredOffVMs) != 1 ||
			now.NameInSource == before.NameInSource {
			t.Errorf("the server holds %+v", now)
		}
		server.ResetRequests()
		if _, err := tenant.Remap(t.Context(), before.ID, "anna", vcdapi.ProviderLDAP); err != nil ||
			server.Count("PUT", "") > 0 {
			t.Errorf("a second time: %v, %d changes", err, server.Count("PUT", ""))
		}
	})
}

func TestRemapRefusals(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{NamesPerProviderType: true}, func(t *testing.T, server *mockvcd.Server,
		tenant *vcdapi.Tenant) {
		if !tenant.Capabilities().Remap {
			return
		}
		server.AddUser("acme", mockvcd.User{Username: "anna"}, mockvcd.User{Username: "jporter",
			ProviderType: mockvcd.TypeSAML})
		before, _ := server.User("acme", "anna")
		for what, c := range map[string]struct {
			name, providerType string
			want               error
		}{
			"local":               {"anna", vcdapi.ProviderLocal, vcdapi.ErrUnsupported},
			"another user's name": {"jporter", vcdapi.ProviderLDAP, vcdapi.ErrExists},
			// although the server would allow it by provider type
			"the administrator's":         {mockvcd.Username, vcdapi.ProviderLDAP, vcdapi.ErrExists},
			"a name the directory lacks ": {"absent", vcdapi.ProviderLDAP, nil},
		} {
			_, err := tenant.Remap(t.Context(), before.ID, c.name, c.providerType)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if now, _ := server.User("acme", "anna"); now.Username != "anna" || now.ProviderType != mockvcd.TypeLDAP {
			t.Errorf("the server holds %+v", now)
		}
		if _, err := tenant.Remap(t.Context(), "urn:vcloud:user:gone", "anna", vcdapi.ProviderSAML); !errors.Is(err,
			vcdapi.ErrNotFound) {
			t.Errorf("a user who is gone: %v", err)
		}
	})
}

// A wrong spelling locks people out of VCF Automation. The remedy is a remap to another spelling of the same name.
func TestRemapRepairsTheSpelling(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "40.0"})
	tenant := open(t, connect(t, server.URL()))
	created := must[vcdapi.User](t)(tenant.CreateUser(t.Context(),
		newUser("JPorter", role(t, tenant, mockvcd.RoleVAppUser))))
	if held, _ := server.User("acme", "JPorter"); !held.WrongSpelling {
		t.Fatalf("the mock holds %+v", held)
	}
	if tenant.SameName("JPorter", "jporter") {
		t.Error("two spellings are one name")
	}
	must[vcdapi.User](t)(tenant.Remap(t.Context(), created.ID, "jporter", vcdapi.ProviderLDAP))
	if held, ok := server.User("acme", "jporter"); !ok || held.ID != created.ID || held.WrongSpelling ||
		held.Username != "jporter" {
		t.Errorf("the server holds %+v", held)
	}
}

func TestExactNames(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "40.0"})
	tenant := open(t, connect(t, server.URL()))
	server.AddUser("acme", mockvcd.User{Username: "JPorter"}, mockvcd.User{Username: "Ju\u0308rgen"})
	server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
	_, userErr := tenant.FindUser(t.Context(), "jporter", "")
	_, groupErr := tenant.FindGroup(t.Context(), "lab engineers", "")
	for want, err := range map[string]error{"JPorter": userErr, "Lab Engineers": groupErr} {
		var spelling *vcdapi.SpellingError
		if !errors.As(err, &spelling) || spelling.Name != want || spelling.ID == "" || !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("%v, want a free name and a hint at %q", err, want)
		}
	}
	if found, err := tenant.FindUser(t.Context(), "JPorter", ""); err != nil || found.Username != "JPorter" {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := tenant.FindUser(t.Context(), "Jürgen", ""); err != nil || found.Username != "Ju\u0308rgen" {
		t.Errorf("another encoding of one spelling: %+v, %v", found, err)
	}
	if _, err := tenant.LookForUser(t.Context(), "jporter", ""); !errors.Is(err, vcdapi.ErrNotFound) {
		t.Errorf("look: %v", err)
	}
}

func TestNamesFoldByFullRulesBelow40(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		if tenant.Capabilities().ExactNames {
			return
		}
		for _, name := range []string{"İpek", "GROẞ", "Jürgen", "plain"} {
			wanted := newUser(name, role(t, tenant, mockvcd.RoleVAppUser))
			wanted.ProviderType = vcdapi.ProviderSAML
			created := must[vcdapi.User](t)(tenant.CreateUser(t.Context(), wanted))
			if found, err := tenant.FindUser(t.Context(), name, ""); err != nil || found.ID != created.ID ||
				!tenant.SameName(name, found.Username) {
				t.Errorf("%q, kept as %q: found %+v, %v", name, created.Username, found, err)
			}
			if found, err := tenant.LookForUser(t.Context(), name, ""); err != nil || found.ID != created.ID {
				t.Errorf("%q, kept as %q: a look found %+v, %v", name, created.Username, found, err)
			}
		}
	})
}

// A look costs one request for an ordinary name, and sees what another client did a moment ago.
func TestLooksAreFreshAndCheap(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		ctx := t.Context()
		if _, err := tenant.FindUser(ctx, "anna", ""); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Fatal(err)
		}
		server.AddUser("acme", mockvcd.User{Username: "anna"})
		server.AddGroup("acme", mockvcd.Group{Name: "staff"})
		if found, err := tenant.LookForUser(ctx, "anna", ""); err != nil || found.Username != "anna" {
			t.Errorf("%+v, %v", found, err)
		}
		if found, err := tenant.LookForGroup(ctx, "staff", ""); err != nil || found.Name != "staff" {
			t.Errorf("%+v, %v", found, err)
		}
		server.ResetRequests()
		if _, err := tenant.LookForUser(ctx, "jporter", ""); !errors.Is(err, vcdapi.ErrNotFound) ||
			len(server.Requests()) != 1 {
			t.Errorf("%v with %d requests", err, len(server.Requests()))
		}
	})
}

// Many lookups by name share one list, as a plan of many new users needs them.
func TestFindingManyUsersSharesOneList(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		server.ResetRequests()
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			if _, err := tenant.FindUser(t.Context(), name, ""); !errors.Is(err, vcdapi.ErrNotFound) {
				t.Error(err)
			}
		}
		if n := len(server.Requests()); n > 2 {
			t.Errorf("%d requests for six names", n)
		}
	})
}

func TestLostAnswersOfARemapAreLookedUp(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		fault faults.Fault
		done  bool
	}{
		"cut after":    {faults.CutAfter(), true},
		"502 after":    {faults.AnswerAfter(http.StatusBadGateway, "text/html", "<h1>Bad Gateway</h1>"), true},
		"500 before":   {faults.Status(http.StatusInternalServerError), false},
		"broken after": {faults.Garble(), true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			server := start(t, mockvcd.Options{})
			tenant := open(t, connect(t, server.URL()))
			server.AddUser("acme", mockvcd.User{Username: "anna.berg", ProviderType: mockvcd.TypeSAML})
			before, _ := server.User("acme", "anna.berg")
			server.Faults().Add(faults.Rule{Method: "PUT", Times: faults.Always, Fault: c.fault})
			remapped, err := tenant.Remap(t.Context(), before.ID, "anna", vcdapi.ProviderLDAP)
			if done := err == nil && remapped.ID == before.ID && remapped.Username == "anna"; done != c.done {
				t.Errorf("%+v, %v", remapped, err)
			}
			if now, _ := server.User("acme", "anna"); (now.ID == before.ID) != c.done {
				t.Errorf("the server holds %+v", now)
			}
		})
	}
}

func TestUnlockAndDisable(t *testing.T) {
	t.Parallel()
	for _, unlock := range []mockvcd.UnlockAnswer{mockvcd.UnlockWithChanges, mockvcd.UnlockAlone} {
		for _, refusal := range []mockvcd.LockedAnswer{mockvcd.Locked400, mockvcd.Locked403} {
			eachFlavour(t, mockvcd.Options{Unlock: unlock, Locked: refusal, XMLUnlocks: unlock == mockvcd.UnlockWithChanges},
				func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
					server.AddUser("acme",
						mockvcd.User{Username: "anna", Enabled: true, Locked: true, Description: "kept"},
						mockvcd.User{Username: "jporter", Enabled: true, Locked: true})
					anna, _ := server.User("acme", "anna")
					jporter, _ := server.User("acme", "jporter")
					offered := tenant.Capabilities()
					unlocked, err := tenant.Unlock(t.Context(), anna.ID)
					now, _ := server.User("acme", "anna")
					if offered.Unlock && (err != nil || unlocked.ID != anna.ID || now.Locked || !now.Enabled ||
						now.Description != "kept") ||
						!offered.Unlock && (!errors.Is(err, vcdapi.ErrUnsupported) || !now.Locked) {
						t.Errorf("unlocked %+v, %v, and the server holds %+v", unlocked, err, now)
					}
					_, err = tenant.Disable(t.Context(), jporter.ID)
					now, _ = server.User("acme", "jporter")
					possible := offered.Unlock || offered.Interface == vcdapi.InterfaceXML && unlock == mockvcd.UnlockWithChanges
					hidden := offered.Version == "36.0" // which says nothing of locks
					refused := errors.Is(err, vcdapi.ErrLocked) || hidden && err != nil
					if possible && (err != nil || now.Enabled) || !possible && (!refused || !now.Enabled) {
						t.Errorf("disabled: %v, and the server holds %+v", err, now)
					}
				})
		}
	}
}
