// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// flavour is one combination of server and interface.
type flavour struct {
	version, forced string // of the server; interface of the client
	want            vcdapi.Capabilities
}

var flavours = map[string]flavour{
	"XML 33.0": {"33.0", "", vcdapi.Capabilities{Interface: "xml", Version: "33.0", VMQuotas: true, TakeOwnership: true,
		WriteGroups: true, MaxRoles: 1}},
	"XML 35.0": {"35.0", "", vcdapi.Capabilities{Interface: "xml", Version: "35.0", VMQuotas: true, TakeOwnership: true,
		WriteGroups: true, MaxRoles: 1}},
	"XML forced on 37.2": {"37.2", "xml", vcdapi.Capabilities{
		Interface: "xml", Version: "37.2", VMQuotas: true, TakeOwnership: true, WriteGroups: true, DirectorySearch: true,
		MaxRoles: 1,
	}},
	"CloudAPI 36.0": {"36.0", "", vcdapi.Capabilities{
		Interface: "cloudapi", Version: "36.0", VMQuotas: true, TakeOwnership: true, WriteGroups: true, DirectorySearch: true,
		MaxRoles: 1,
	}},
	"CloudAPI 37.2": {"37.2", "auto", vcdapi.Capabilities{
		Interface: "cloudapi", Version: "37.2", TakeOwnership: true, WriteGroups: true, DirectorySearch: true, Remap: true,
		Unlock: true, MaxRoles: 1,
	}},
	"CloudAPI 39.1": {"39.1", "cloudapi", vcdapi.Capabilities{
		Interface: "cloudapi", Version: "39.1", TakeOwnership: true, WriteGroups: true, DirectorySearch: true, Remap: true,
		Unlock: true, MaxRoles: 1,
	}},
	"VCF Automation": {"41.0", "", vcdapi.Capabilities{
		Interface: "cloudapi", Version: "41.0", TakeOwnership: true, WriteGroups: true, DirectorySearch: true,
		MultipleRoles: true, InheritGroupRoles: true,
		ExactNames: true, Remap: true, Unlock: true, MaxRoles: 128,
	}},
}

// eachFlavour runs a test over every combination of server and interface.
func eachFlavour(t *testing.T, options mockvcd.Options, test func(t *testing.T, server *mockvcd.Server,
	tenant *vcdapi.Tenant)) {
	for name, f := range flavours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := options
			options.Version = f.version
			server := start(t, options)
			test(t, server, open(t, connect(t, server.URL(), func(c *vcdapi.Config) { c.Interface = f.forced })))
		})
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	for name, f := range flavours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, mockvcd.Options{Version: f.version})
			tenant := open(t, connect(t, server.URL(), func(c *vcdapi.Config) { c.Interface = f.forced }))
			if got := tenant.Capabilities(); got != f.want {
				t.Errorf("capabilities %+v, want %+v", got, f.want)
			}
			if tenant.Name() != "acme" || tenant.ID() != "urn:vcloud:org:"+server.OrgUUID("acme") {
				t.Errorf("organization %s %s", tenant.Name(), tenant.ID())
			}
		})
	}
}

func TestUserLifecycle(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{TaskPolls: 2}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		ctx := t.Context()
		author, user := role(t, tenant, mockvcd.RoleVAppAuthor), role(t, tenant, mockvcd.RoleVAppUser)
		if _, err := tenant.FindUser(ctx, spelled(tenant, "jporter", "JPorter"), vcdapi.ProviderLDAP); !errors.Is(err,
			vcdapi.ErrNotFound) {
			t.Fatalf("before the import: %v", err)
		}
		wanted := newUser(spelled(tenant, "jporter", "JPorter"), author)
		wanted.Description = "one"
		created := must[vcdapi.User](t)(tenant.CreateUser(ctx, wanted))
		if created.Username != "jporter" || created.FullName != "James Porter" || created.Email != "jporter@lab.example" ||
			!created.Enabled ||
			created.ProviderType != vcdapi.ProviderLDAP || created.NameInSource == "" || created.Description != "one" ||
			!slices.Equal(created.Roles, []vcdapi.Reference{author}) || !created.Imported() {
			t.Errorf("created %+v", created)
		}

		read := must[vcdapi.User](t)(tenant.User(ctx, created.ID))
		if read.ID != created.ID || read.Description != "one" || !slices.Equal(read.Roles, created.Roles) {
			t.Errorf("read %+v", read)
		}
		if xml := tenant.Capabilities().Interface == vcdapi.InterfaceXML; xml != (read.Telephone != nil) || xml &&
			*read.Telephone != "+1 555 0100" {
			t.Errorf("telephone %v", read.Telephone)
		}

		read.Roles, read.Enabled, read.Description = []vcdapi.Reference{user}, false, ""
		if tenant.Capabilities().VMQuotas {
			quota := int64(7)
			read.StoredVMQuota = &quota
		}
		if tenant.Capabilities().InheritGroupRoles {
			inherit := true
			read.InheritGroupRoles = &inherit
		}
		updated := must[vcdapi.User](t)(tenant.UpdateUser(ctx, read))
		if updated.Enabled || updated.Description != "" || !slices.Equal(updated.Roles, []vcdapi.Reference{user}) {
			t.Errorf("updated %+v", updated)
		}
		held, _ := server.User("acme", "jporter")
		if held.Enabled || held.Description != "" || !slices.Equal(held.Roles, []string{mockvcd.RoleVAppUser}) ||
			held.FullName != "James Porter" {
			t.Errorf("the server holds %+v", held)
		}
		if tenant.Capabilities().VMQuotas && held.StoredVMQuota != 7 || tenant.Capabilities().InheritGroupRoles &&
			!held.InheritGroupRoles {
			t.Errorf("the server holds %+v", held)
		}

		found := must[vcdapi.User](t)(tenant.FindUser(ctx, spelled(tenant, "jporter", "JPORTER"), ""))
		if found.ID != created.ID || found.Enabled {
			t.Errorf("found %+v", found)
		}
		all := must[[]vcdapi.User](t)(tenant.Users(ctx))
		if len(all) != 2 || !slices.ContainsFunc(all, func(u vcdapi.User) bool {
			return u.ID == created.ID &&
				u.ProviderType == vcdapi.ProviderLDAP
		}) ||
			!slices.ContainsFunc(all, func(u vcdapi.User) bool {
				return tenant.IsLoginAccount(u) &&
					u.ProviderType == vcdapi.ProviderLocal
			}) {
			t.Errorf("all users %+v", all)
		}

		server.Change("acme", "jporter", func(u *mockvcd.User) { u.PoweredOffVMs = []string{"vm1"} })
		if err := tenant.TakeOwnership(ctx, created.ID); err != nil {
			t.Fatal(err)
		}
		if err := tenant.DeleteUser(ctx, created.ID); err != nil {
			t.Fatal(err)
		}
		if deletions := server.Deletions(); len(deletions) != 1 || !deletions[0].OwnershipTaken ||
			len(deletions[0].LostVMs) > 0 {
			t.Errorf("deletions %+v", deletions)
		}
		if _, err := tenant.User(ctx, created.ID); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("reading the deleted user: %v", err)
		}
		if err := tenant.DeleteUser(ctx, created.ID); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("deleting the deleted user: %v", err)
		}
		if err := tenant.TakeOwnership(ctx, created.ID); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("taking ownership from the deleted user: %v", err)
		}
		if _, err := tenant.UpdateUser(ctx, updated); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("updating the deleted user: %v", err)
		}
	})
}

func TestGroupLifecycle(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		ctx := t.Context()
		author, user := role(t, tenant, mockvcd.RoleVAppAuthor), role(t, tenant, mockvcd.RoleVAppUser)
		if _, err := tenant.FindGroup(ctx, spelled(tenant, "Lab Engineers", "lab engineers"),
			vcdapi.ProviderLDAP); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Fatalf("before the import: %v", err)
		}
		wanted := vcdapi.Group{Name: "Lab Engineers", ProviderType: vcdapi.ProviderLDAP, Roles: []vcdapi.Reference{author},
			Description: "one"}
		created := must[vcdapi.Group](t)(tenant.CreateGroup(ctx, wanted))
		if created.Name != "Lab Engineers" || created.ProviderType != vcdapi.ProviderLDAP || created.NameInSource == "" ||
			created.Description != "one" ||
			!slices.Equal(created.Roles, []vcdapi.Reference{author}) {
			t.Errorf("created %+v", created)
		}
		member := must[vcdapi.User](t)(tenant.CreateUser(ctx, newUser("jporter", author)))
		if users := must[[]vcdapi.Reference](t)(tenant.GroupUsers(ctx, created.ID)); !slices.Equal(users,
			[]vcdapi.Reference{{ID: member.ID, Name: "jporter"}}) {
			t.Errorf("users %v", users)
		}
		if groups := must[[]vcdapi.Reference](t)(tenant.UserGroups(ctx, member.ID)); !slices.Equal(groups,
			[]vcdapi.Reference{{ID: created.ID, Name: "Lab Engineers"}}) {
			t.Errorf("groups %v", groups)
		}

		read := must[vcdapi.Group](t)(tenant.Group(ctx, created.ID))
		read.Roles, read.Description = []vcdapi.Reference{user}, ""
		if tenant.Capabilities().MultipleRoles {
			read.Roles = append(read.Roles, author)
		}
		updated := must[vcdapi.Group](t)(tenant.UpdateGroup(ctx, read))
		if updated.Description != "" || !slices.Equal(updated.Roles, read.Roles) ||
			updated.NameInSource != created.NameInSource {
			t.Errorf("updated %+v", updated)
		}
		if held := server.Groups("acme")[0]; held.Description != "" || len(held.Roles) != len(read.Roles) ||
			len(held.Members) != 1 {
			t.Errorf("the server holds %+v", held)
		}
		found := must[vcdapi.Group](t)(tenant.FindGroup(ctx, spelled(tenant, "Lab Engineers", "LAB ENGINEERS"), ""))
		if found.ID != created.ID {
			t.Errorf("found %+v", found)
		}
		all := must[[]vcdapi.Group](t)(tenant.Groups(ctx))
		if len(all) != 1 || all[0].ID != created.ID || all[0].ProviderType != vcdapi.ProviderLDAP ||
			len(all[0].Roles) != len(read.Roles) {
			t.Errorf("all groups %+v", all)
		}

		if err := tenant.DeleteGroup(ctx, created.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := tenant.Group(ctx, created.ID); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("reading the deleted group: %v", err)
		}
		if err := tenant.DeleteGroup(ctx, created.ID); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("deleting the deleted group: %v", err)
		}
		if _, err := tenant.GroupUsers(ctx, created.ID); !errors.Is(err, vcdapi.ErrNotFound) {
			t.Errorf("users of the deleted group: %v", err)
		}
	})
}

// Names that a filter cannot hold, and names in another case than the server's, are found all the same.
func TestUsersAreFoundByAnyName(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{KeepCase: true}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		author := role(t, tenant, mockvcd.RoleVAppAuthor)
		for given, search := range map[string]string{"jporter": "JPORTER", "O'Hara, Anna": "o'hara, anna", "юлия": "ЮЛИЯ",
			"Anna": "Anna"} {
			created := must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser(given, author)))
			found := must[vcdapi.User](t)(tenant.FindUser(t.Context(), spelled(tenant, given, search), vcdapi.ProviderLDAP))
			if found.ID != created.ID {
				t.Errorf("%q found %+v", search, found)
			}
		}
		for _, free := range []string{"absent", "not, there", "*"} {
			if _, err := tenant.FindUser(t.Context(), free, ""); !errors.Is(err, vcdapi.ErrNotFound) {
				t.Errorf("%q: %v", free, err)
			}
		}
	})
}

func TestFindPrefersTheProviderType(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{NamesPerProviderType: true}, func(t *testing.T, server *mockvcd.Server,
		tenant *vcdapi.Tenant) {
		server.AddUser("acme", mockvcd.User{Username: "anna", ProviderType: mockvcd.TypeSAML},
			mockvcd.User{Username: "anna", ProviderType: mockvcd.TypeLDAP})
		for _, kind := range []string{vcdapi.ProviderLDAP, vcdapi.ProviderSAML} {
			if found := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna", kind)); found.ProviderType != kind {
				t.Errorf("looked for %s, found %s", kind, found.ProviderType)
			}
		}
		if found := must[vcdapi.User](t)(tenant.FindUser(t.Context(), "anna",
			vcdapi.ProviderOAuth)); found.ProviderType == vcdapi.ProviderOAuth {
			t.Errorf("found %+v", found)
		}
	})
}

func TestDirectorySearchAndSync(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		ctx := t.Context()
		users, err := tenant.SearchDirectoryUsers(ctx, "port")
		if !tenant.Capabilities().DirectorySearch {
			if !errors.Is(err, vcdapi.ErrUnsupported) || !errors.Is(tenant.SyncDirectory(ctx), vcdapi.ErrUnsupported) ||
				!strings.Contains(err.Error(), "36.0") {
				t.Errorf("without a search: %v", err)
			}
			return
		}
		if err != nil || len(users) != 1 || users[0].Username != "jporter" || users[0].FullName != "James Porter" ||
			users[0].Telephone != "+1 555 0100" {
			t.Errorf("users %+v, %v", users, err)
		}
		if groups := must[[]vcdapi.DirectoryGroup](t)(tenant.SearchDirectoryGroups(ctx, "engin")); len(groups) != 1 ||
			groups[0].Name != "Lab Engineers" {
			t.Errorf("groups %+v", groups)
		}
		created := must[vcdapi.User](t)(tenant.CreateUser(ctx, newUser("jporter", role(t, tenant, mockvcd.RoleVAppUser))))
		person, _, _ := server.People().FindUser(ctx, "jporter")
		person.DisplayName = "James P. Porter"
		server.People().AddUser(person)
		if err := tenant.SyncDirectory(ctx); err != nil {
			t.Fatal(err)
		}
		if read := must[vcdapi.User](t)(tenant.User(ctx, created.ID)); read.FullName != "James P. Porter" {
			t.Errorf("after the sync: %+v", read)
		}
	})
}

func TestOtherIdentityProviders(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{OrgsWithoutLDAP: []string{"acme"}},
		func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
			for _, kind := range []string{vcdapi.ProviderSAML, vcdapi.ProviderOAuth} {
				wanted := newUser("Someone@"+kind, role(t, tenant, mockvcd.RoleVAppUser))
				wanted.ProviderType = kind
				created := must[vcdapi.User](t)(tenant.CreateUser(t.Context(), wanted))
				if created.ProviderType != kind {
					t.Errorf("created %+v", created)
				}
				created.Description = "changed"
				if updated := must[vcdapi.User](t)(tenant.UpdateUser(t.Context(), created)); updated.ProviderType != kind ||
					updated.Description != "changed" {
					t.Errorf("updated %+v", updated)
				}
				group := vcdapi.Group{Name: "Staff " + kind, ProviderType: kind, Roles: wanted.Roles}
				if g := must[vcdapi.Group](t)(tenant.CreateGroup(t.Context(), group)); g.ProviderType != kind {
					t.Errorf("created %+v", g)
				}
			}
		})
}

func TestListsOfManyPages(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{NoLinkHeader: true}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		for i := range 300 {
			server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("user%03d", i)})
			server.AddGroup("acme", mockvcd.Group{Name: fmt.Sprintf("group%03d", i)})
		}
		if users := must[[]vcdapi.User](t)(tenant.Users(t.Context())); len(users) != 301 {
			t.Errorf("%d users, want 301", len(users))
		}
		if groups := must[[]vcdapi.Group](t)(tenant.Groups(t.Context())); len(groups) != 300 {
			t.Errorf("%d groups, want 300", len(groups))
		}
	})
}
