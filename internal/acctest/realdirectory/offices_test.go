// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// offices are servers of the offices' directory, started by the first test that needs them.
var offices = []struct {
	name  string
	start func() (*realdirectory.Server, error)
}{
	{"mock", sync.OnceValues(func() (*realdirectory.Server, error) {
		return startMock(mockldap.Options{LDIF: realdirectory.OfficesLDIF, Schema: mockldap.SchemaRFC2307bis, StartTLS: true})
	})},
	{"OpenLDAP", sync.OnceValues(func() (*realdirectory.Server, error) {
		return realdirectory.StartOffices(realdirectory.OfficesOptions{})
	})},
	{"OpenLDAP that expands dynamic groups", sync.OnceValues(func() (*realdirectory.Server, error) {
		return realdirectory.StartOffices(realdirectory.OfficesOptions{Expand: true})
	})},
	{"OpenLDAP that refuses pages", sync.OnceValues(func() (*realdirectory.Server, error) {
		return realdirectory.StartOffices(realdirectory.OfficesOptions{RefusePages: true})
	})},
}

// inEachOffice runs the test over every server, without a base DN and with that of the first suffix.
func inEachOffice(t *testing.T, test func(t *testing.T, client *directory.Client)) {
	t.Helper()
	for _, office := range offices {
		for _, base := range []string{"", realdirectory.WorksDN} {
			t.Run(office.name+" "+base, func(t *testing.T) {
				server, err := office.start()
				if err != nil {
					realdirectory.Skip(t, "OpenLDAP", err)
				}
				test(t, connect(t, server, func(c *directory.Config) { c.BaseDN = base }))
			})
		}
	}
}

// officeGroup is the DN of a group of the first suffix.
func officeGroup(name string) string { return "cn=" + name + ",ou=groups," + realdirectory.WorksDN }

func TestOfficeGroups(t *testing.T) {
	all := directory.MemberOptions{Nested: true, IncludeDisabled: true}
	for name, c := range map[string]struct {
		options directory.MemberOptions
		members []string
	}{
		"accounts":        {directory.MemberOptions{}, []string{"ada", "eva", "gil"}},
		"both":            {all, []string{"ada", "kim", "xenia", "yan"}},
		"unresolved":      {all, []string{"ada"}},
		"dynamic":         {all, []string{"ada", "ben"}},
		"foreign dynamic": {all, []string{"gil"}},
		"nests dynamic":   {all, []string{"ada", "ben", "gil", "hal", "ito", "kim"}},
		"unique":          {all, []string{"ada", "ben", "gil", "hal", "ito", "kim"}},
		"unix":            {all, []string{"gil", "hal", "kim"}},
		"role":            {all, []string{"kim"}},
		"plain":           {all, []string{"Jana Jahn"}},
		"by alias":        {all, []string{"ada"}},
		"sharp":           {all, []string{"Karl Weiss", "Karl Weiß"}},
	} {
		t.Run(name, func(t *testing.T) {
			inEachOffice(t, func(t *testing.T, client *directory.Client) {
				members, err := client.Members(t.Context(), officeGroup(name), c.options)
				if got := usernames(members.People); err != nil || !slices.Equal(got, c.members) {
					t.Errorf("members = %q, %v; want %q", got, err, c.members)
				}
			})
		})
	}
}

func TestUnresolvedMembers(t *testing.T) {
	for name, want := range map[string][]string{
		"both": {},
		"unresolved": {
			"cn=printer,ou=people,dc=works,dc=example",
			"uid=gone,ou=people,dc=works,dc=example", // which the alias leads to as well
			"uid=other,dc=elsewhere,dc=example",
		},
		"unix":            {"absent"},
		"sharp":           {"cn=hen,ou=alumni,dc=works,dc=example"}, // an alias that leads back to itself
		"foreign dynamic": {"ldap://other.example/ou=people,dc=works,dc=example??sub?(uid=ada)"},
	} {
		t.Run(name, func(t *testing.T) {
			inEachOffice(t, func(t *testing.T, client *directory.Client) {
				members, err := client.Members(t.Context(), officeGroup(name), directory.MemberOptions{Nested: true})
				got := members.Unresolved
				if err != nil || !slices.Equal(got, want) && len(got)+len(want) > 0 {
					t.Errorf("unresolved = %q, %v; want %q", got, err, want)
				}
			})
		})
	}
}

func TestWhoCannotLogIn(t *testing.T) {
	reasons := map[string]string{
		"ben": "nsAccountLock is ", "cem": "loginDisabled is TRUE", "dora": "pwdAccountLockedTime is 000001010000Z",
		"fay": "shadowExpire is 2003-10-20T00:00:00Z, which is past",
	}
	inEachOffice(t, func(t *testing.T, client *directory.Client) {
		members, err := client.Members(t.Context(), officeGroup("accounts"), directory.MemberOptions{IncludeDisabled: true})
		if err != nil || len(members.People) != 7 {
			t.Fatalf("%d members, %v; want 7", len(members.People), err)
		}
		for _, person := range members.People {
			reason, disabled := reasons[person.Username]
			switch {
			case person.Username == "ada" && person.Disabled != nil:
				t.Errorf("ada: disabled = %v; the entry says nothing", *person.Disabled)
			case person.Username == "ada":
			case person.Disabled == nil || *person.Disabled != disabled || !strings.HasPrefix(person.DisabledReason, reason):
				t.Errorf("%s: %+v; want disabled = %v, %q", person.Username, person, disabled, reason)
			}
		}
	})
}

func TestEveryValueCounts(t *testing.T) {
	inEachOffice(t, func(t *testing.T, client *directory.Client) {
		for name, want := range map[string]string{
			"harald": "hal", "HAL": "hal", "Harald Hansen": "hal", "lovelace@works.example": "ada",
			"Jun Ito": "ito", "伊藤": "ito",
			"Zo\u00eb Zimt": "zoe", "Zoe\u0308 Zimt": "zoe", "Jana Jahn": "Jana Jahn",
		} {
			users, err := client.FindUsers(t.Context(), name)
			if err != nil || len(users) != 1 || users[0].Username != want {
				t.Errorf("FindUsers(%q) = %+v, %v; want %s", name, users, err, want)
			}
		}
		users, err := client.FindUsers(t.Context(), "ito")
		if err != nil || len(users) != 1 || users[0].DisplayName != "Jun Ito" {
			t.Errorf("FindUsers(ito) = %+v, %v", users, err)
		}
		if groups, err := client.FindGroups(t.Context(), "plain folk"); err != nil || len(groups) != 1 ||
			groups[0].Name != "plain" {
			t.Errorf("FindGroups = %+v, %v; want plain", groups, err)
		}
	})
}

func TestGroupsUnderEverySuffix(t *testing.T) {
	inEachOffice(t, func(t *testing.T, client *directory.Client) {
		for dn, want := range map[string][]string{
			"uid=yan,o=suppliers":                   {officeGroup("both"), "cn=far,o=suppliers", "cn=twin,o=suppliers"},
			"uid=kim,ou=people,dc=works,dc=example": {"cn=far,o=suppliers", officeGroup("role"), officeGroup("unix")},
			"uid=hal,ou=people,dc=works,dc=example": {officeGroup("nests dynamic"), officeGroup("unix")},
			"uid=gil,ou=people,dc=works,dc=example": {officeGroup("accounts"), officeGroup("foreign dynamic"),
				officeGroup("unix")},
			"uid=ben,ou=people,dc=works,dc=example": {officeGroup("accounts"), officeGroup("dynamic")},
			"cn=ada,ou=alumni,dc=works,dc=example": {officeGroup("accounts"), officeGroup("both"), officeGroup("dynamic"),
				officeGroup("twin"), officeGroup("unresolved")},
			"uid=GIL, ou=people,dc=works,dc=EXAMPLE": {officeGroup("accounts"), officeGroup("foreign dynamic"),
				officeGroup("unix")},
		} {
			user, err := client.User(t.Context(), dn)
			slices.Sort(want)
			slices.Sort(user.Groups)
			if err != nil || !slices.Equal(user.Groups, want) {
				t.Errorf("%s: groups = %q, %v; want %q", dn, user.Groups, err, want)
			}
		}
	})
}

// TestGroupsOutsideBaseDN: base_dn says where people are looked up. Groups list them from anywhere on the server.
func TestGroupsOutsideBaseDN(t *testing.T) {
	for _, office := range offices {
		t.Run(office.name, func(t *testing.T) {
			server, err := office.start()
			if err != nil {
				realdirectory.Skip(t, "OpenLDAP", err)
			}
			client := connect(t, server, func(c *directory.Config) { c.BaseDN = "ou=people," + realdirectory.WorksDN })
			for uid, want := range map[string][]string{
				"kim": {"cn=far,o=suppliers", officeGroup("role"), officeGroup("unix")},
				"ben": {officeGroup("accounts"), officeGroup("dynamic")},
			} {
				user, err := client.User(t.Context(), "uid="+uid+",ou=people,"+realdirectory.WorksDN)
				slices.Sort(user.Groups)
				if err != nil || !slices.Equal(user.Groups, want) {
					t.Errorf("%s: groups = %q, %v; want %q", uid, user.Groups, err, want)
				}
			}
		})
	}
}

// TestNamesUnderEverySuffix: without a base DN all suffixes are searched, and a name may then be ambiguous.
func TestNamesUnderEverySuffix(t *testing.T) {
	inEachOffice(t, func(t *testing.T, client *directory.Client) {
		suffixes := 2
		if client.ConfiguredBaseDN() != "" {
			suffixes = 1
		}
		if users, err := client.FindUsers(t.Context(), "ada"); err != nil || len(users) != suffixes {
			t.Errorf("FindUsers(ada) = %+v, %v; want %d", users, err, suffixes)
		}
		if groups, err := client.FindGroups(t.Context(), "twin"); err != nil || len(groups) != suffixes {
			t.Errorf("FindGroups(twin) = %+v, %v; want %d", groups, err, suffixes)
		}
		if bases, err := client.BaseDNs(t.Context()); err != nil || len(bases) != suffixes {
			t.Errorf("BaseDNs = %q, %v; want %d", bases, err, suffixes)
		}
		near, err := client.SimilarGroups(t.Context(), "nest dynamics")
		if err != nil || !slices.Contains(near, "nests dynamic") {
			t.Errorf("SimilarGroups = %q, %v", near, err)
		}
	})
}

// TestDemandedCertificate binds as the subject of a certificate that slapd demands: only the reader sees the alumni.
func TestDemandedCertificate(t *testing.T) {
	server, err := realdirectory.StartOffices(realdirectory.OfficesOptions{DemandCertificate: true})
	if err != nil {
		realdirectory.Skip(t, "OpenLDAP", err)
	}
	defer server.Close()
	for name, change := range map[string]func(*directory.Config){
		"StartTLS": func(*directory.Config) {},
		"LDAPS":    func(c *directory.Config) { c.URL, c.StartTLS = server.SecureURL, false },
	} {
		t.Run(name, func(t *testing.T) {
			with := func(certificate, key string) error {
				client := connect(t, server, func(c *directory.Config) {
					change(c)
					c.BindDN, c.BindPassword = "", ""
					c.TLS.ClientCertificate, c.TLS.ClientKey = certificate, key
				})
				return client.Exists(t.Context(), "ou=alumni,"+realdirectory.WorksDN)
			}
			if err := with(server.ClientCertificate, server.ClientKey); err != nil {
				t.Errorf("as the certificate's subject: %v", err)
			}
			stranger, err := mockldap.NewAuthority()
			if err != nil {
				t.Fatal(err)
			}
			for name, err := range map[string]error{"none": with("", ""), "a stranger's": with(stranger.Certificate,
				stranger.Key)} {
				if err == nil || !strings.Contains(err.Error(), "ldap.client_certificate") {
					t.Errorf("with %s: %v; want advice about ldap.client_certificate", name, err)
				}
			}
		})
	}
	t.Run("and a password", func(t *testing.T) {
		client := connect(t, server, func(c *directory.Config) {
			c.TLS.ClientCertificate, c.TLS.ClientKey = server.ClientCertificate, server.ClientKey
		})
		if err := client.Exists(t.Context(), "ou=alumni,"+realdirectory.WorksDN); err != nil {
			t.Error(err)
		}
	})
}

func TestIPv6(t *testing.T) {
	server, err := offices[1].start()
	if err != nil {
		realdirectory.Skip(t, "OpenLDAP", err)
	}
	if server.IPv6URL == "" {
		t.Skip("this machine has no IPv6")
	}
	client := connect(t, server, func(c *directory.Config) { c.URL = server.IPv6URL })
	if users, err := client.FindUsers(t.Context(), "kim"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %v, %v; want one", users, err)
	}
}

// TestLargeGroup reads 20,000 people, of two suffixes, off one group.
func TestLargeGroup(t *testing.T) {
	const size = 20_000
	server, err := realdirectory.StartOffices(realdirectory.OfficesOptions{Large: size})
	if err != nil {
		realdirectory.Skip(t, "OpenLDAP", err)
	}
	defer server.Close()
	client := connect(t, server, nil)
	started := time.Now()
	members, err := client.Members(
		t.Context(),
		officeGroup(realdirectory.LargeGroup),
		directory.MemberOptions{Nested: true},
	)
	if err != nil || len(members.People) != size || len(members.Unresolved) != 0 {
		t.Fatalf("%d members, %d unresolved, %v; want %d", len(members.People), len(members.Unresolved), err, size)
	}
	t.Logf("%d members took %s", size, time.Since(started))
}
