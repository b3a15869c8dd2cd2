// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// TestFaults provokes on real servers what people run into: the words are the servers' own, the advice must be the
// same.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*directory.Config)
		kind   error
		words  string
	}{
		"wrong password": {func(c *directory.Config) { c.BindPassword = "wrong" }, directory.ErrCredentials,
			"ldap.bind_dn or ldap.bind_password is wrong"},
		"untrusted certificate": {func(c *directory.Config) { c.TLS.CACertificate = "" },
			directory.ErrUntrustedCertificate, "Set ldap.ca_certificate"},
		"anonymous": {func(c *directory.Config) { c.BindDN, c.BindPassword = "", "" },
			directory.ErrAnonymousRefused, "Set ldap.bind_dn and ldap.bind_password"},
		"base not there": {func(c *directory.Config) { c.BaseDN = "ou=nowhere,dc=lab,dc=example" },
			directory.ErrBaseNotFound, "base_dn"},
		"base elsewhere": {func(c *directory.Config) { c.BaseDN = "dc=other,dc=test" }, directory.ErrBaseNotFound,
			"base_dn"},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, server *realdirectory.Server, _ *directory.Client) {
				_, err := connect(t, server, c.change).Users(t.Context(), "(cn=Person 0100)", "")
				if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.words) {
					t.Errorf("Users: %v; want %v", err, c.kind)
				}
			})
		})
	}
}

func TestSambaRequiresEncryption(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	_, err = connect(t, server, func(c *directory.Config) { c.StartTLS = false }).FindUsers(t.Context(), "user0100")
	if !errors.Is(err, directory.ErrTLSRequired) ||
		!strings.Contains(err.Error(), "Use an ldaps:// address in ldap.url, or set ldap.start_tls = true") {
		t.Errorf("FindUsers without encryption: %v; want ErrTLSRequired", err)
	}
}

func TestLDAPS(t *testing.T) {
	for name, start := range map[string]func() (*realdirectory.Server, error){"OpenLDAP": openldap, "Samba": samba} {
		t.Run(name, func(t *testing.T) {
			server, err := start()
			if err != nil {
				realdirectory.Skip(t, name, err)
			}
			client := connect(t, server, func(c *directory.Config) { c.URL, c.StartTLS = server.SecureURL, false })
			if users, err := client.FindUsers(t.Context(), "user0100"); err != nil || len(users) != 1 {
				t.Errorf("FindUsers = %v, %v; want one", users, err)
			}
		})
	}
}

func TestOpenLDAPSizeLimit(t *testing.T) {
	server, err := openldap()
	if err != nil {
		realdirectory.Skip(t, "OpenLDAP", err)
	}
	client := connect(t, server, func(c *directory.Config) { c.BindDN = realdirectory.LimitedBindDN })
	if users, err := client.Users(t.Context(), "", ""); !errors.Is(err, directory.ErrSizeLimit) {
		t.Errorf("Users of a limited account: %d, %v; want ErrSizeLimit", len(users), err)
	}
	if users, err := client.FindUsers(t.Context(), "user0100"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}

func TestPosixGroups(t *testing.T) {
	for name, start := range map[string]func() (*realdirectory.Server, error){"mock": mockPosix, "OpenLDAP": openldap} {
		for _, schema := range []string{directory.SchemaAuto, directory.SchemaRFC2307} {
			t.Run(name+" "+schema, func(t *testing.T) {
				server, err := start()
				if err != nil {
					realdirectory.Skip(t, name, err)
				}
				client := connect(t, server, func(c *directory.Config) { c.Schema = schema })
				for group, want := range map[string]int{realdirectory.PosixGroup: 60,
					realdirectory.PosixPrimaryGroup: realdirectory.PosixPrimaryCount} {
					users, err := client.Members(t.Context(), groupDN(t, client, group), directory.MemberOptions{})
					if err != nil || len(users.People) != want {
						t.Errorf("%s: %d members, %v; want %d", group, len(users.People), err, want)
					}
				}
			})
		}
	}
}

func TestPrimaryGroupOfSamba(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	client := connect(t, server, nil)
	users, err := client.Members(
		t.Context(),
		groupDN(t, client, "Domain Users"),
		directory.MemberOptions{IncludeDisabled: true},
	)
	if err != nil || len(users.People) < realdirectory.People {
		t.Errorf("Domain Users: %d members, %v; want %d and Samba's own", len(users.People), err, realdirectory.People)
	}
	// Users, a group of the system, holds Domain Users as a group.
	users, err = client.Members(
		t.Context(),
		groupDN(t, client, "Users"),
		directory.MemberOptions{Nested: true, IncludeDisabled: true},
	)
	if err != nil || len(users.People) < realdirectory.People {
		t.Errorf("Users: %d members, %v; want %d and Samba's own", len(users.People), err, realdirectory.People)
	}
}

// TestParallelPagedReads has more searches under way than connections. OpenLDAP forgets a paged search when another
// one starts on the same connection.
func TestParallelPagedReads(t *testing.T) {
	onEach(t, func(t *testing.T, server *realdirectory.Server, _ *directory.Client) {
		client := connect(t, server, func(c *directory.Config) { c.NoCache = true })
		var done sync.WaitGroup
		for range 5 {
			done.Go(func() {
				if users, err := client.Users(t.Context(), "", realdirectory.PeopleDN); err != nil ||
					len(users) != realdirectory.People {
					t.Errorf("%d people, %v; want %d", len(users), err, realdirectory.People)
				}
			})
		}
		done.Wait()
	})
}
