// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

func TestSchemaIsDetected(t *testing.T) {
	onEach(t, func(t *testing.T, server *realdirectory.Server, client *directory.Client) {
		want := directory.SchemaRFC2307bis
		if server.ActiveDirectory {
			want = directory.SchemaActiveDirectory
		}
		if got, err := client.Schema(t.Context()); err != nil || got != want {
			t.Errorf("Schema = %q, %v; want %q", got, err, want)
		}
		if got, err := client.BaseDNs(t.Context()); err != nil || len(got) != 1 ||
			!strings.EqualFold(got[0], realdirectory.BaseDN) {
			t.Errorf("BaseDN = %q, %v", got, err)
		}
	})
}

func TestAllPeopleAreRead(t *testing.T) {
	onEach(t, func(t *testing.T, server *realdirectory.Server, client *directory.Client) {
		users, err := client.Users(t.Context(), "", realdirectory.PeopleDN)
		if err != nil {
			t.Fatal(err)
		}
		if len(users) != realdirectory.People {
			t.Fatalf("%d people read, want %d", len(users), realdirectory.People)
		}
		byUsername := map[string]directory.User{}
		for _, u := range users {
			byUsername[u.Username] = u
		}
		for _, want := range data.People {
			checkPerson(t, server, want, byUsername[want.Username])
		}
	})
}

// checkPerson compares what the directory says of a person with what was put in.
func checkPerson(t *testing.T, server *realdirectory.Server, want realdirectory.Person, got directory.User) {
	t.Helper()
	if got.Username != want.Username || got.DisplayName != want.DisplayName || got.Email != want.Email ||
		got.Telephone != want.Telephone {
		t.Errorf("got %+v, want %+v", got, want)
	}
	switch {
	case !server.ActiveDirectory && (got.Disabled != nil || got.SID != ""):
		t.Errorf("%s: disabled %v, SID %q; want neither", want.Username, got.Disabled, got.SID)
	case server.ActiveDirectory && (got.Disabled == nil || *got.Disabled != want.Disabled):
		t.Errorf("%s: disabled = %v, want %v", want.Username, got.Disabled, want.Disabled)
	case server.ActiveDirectory && !strings.HasPrefix(got.SID, "S-1-5-21-"):
		t.Errorf("%s: SID = %q", want.Username, got.SID)
	}
	if len(got.GUID) != 36 {
		t.Errorf("%s: GUID = %q", want.Username, got.GUID)
	}
}

func TestMembers(t *testing.T) {
	onEach(t, func(t *testing.T, server *realdirectory.Server, client *directory.Client) {
		for _, group := range data.Groups {
			for _, o := range []directory.MemberOptions{{}, {Nested: true}, {IncludeDisabled: true}, {Nested: true,
				IncludeDisabled: true}} {
				dn := groupDN(t, client, group.Name)
				members, err := client.Members(t.Context(), dn, o)
				if err != nil {
					t.Fatalf("%s: %v", group.Name, err)
				}
				want := data.Members(group.Name, o.Nested, server.ActiveDirectory && !o.IncludeDisabled)
				if got := usernames(members.People); !slices.Equal(got, want) {
					t.Errorf("%s with %+v: %d members, want %d", group.Name, o, len(got), len(want))
				}
			}
		}
	})
}

func groupDN(t *testing.T, client *directory.Client, name string) string {
	t.Helper()
	groups, err := client.FindGroups(t.Context(), name)
	if err != nil || len(groups) != 1 {
		t.Fatalf("FindGroups(%q) = %v, %v; want one", name, groups, err)
	}
	return groups[0].DN
}

func usernames(users []directory.User) []string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = u.Username
	}
	slices.Sort(names)
	return names
}

func TestGroupsOfAPerson(t *testing.T) {
	onEach(t, func(t *testing.T, server *realdirectory.Server, client *directory.Client) {
		const username = "user0155" // in both teams and in the big group
		found, err := client.FindUsers(t.Context(), strings.ToUpper(username))
		if err != nil || len(found) != 1 {
			t.Fatalf("FindUsers = %v, %v", found, err)
		}
		user, err := client.User(t.Context(), found[0].DN)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, dn := range user.Groups {
			parsed, err := directory.ParseDN(dn)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, parsed.RDNs[0].Parts[0].Value)
		}
		want := data.GroupsOf(username)
		if server.ActiveDirectory && server.SecureURL != "" { // the mock's dataset has no group for the primary one
			want = append(want, "Domain Users")
		} else if !server.ActiveDirectory {
			want = append(want, realdirectory.PosixGroup)
		}
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			t.Errorf("groups = %q, want %q", names, want)
		}
	})
}

func TestFindUsersIsExact(t *testing.T) {
	onEach(t, func(t *testing.T, _ *realdirectory.Server, client *directory.Client) {
		for _, person := range data.People[:20] {
			for _, name := range []string{person.Username, person.DisplayName, person.Email} {
				users, err := client.FindUsers(t.Context(), name)
				if err != nil {
					t.Fatalf("%q: %v", name, err)
				}
				want := 1
				if name == "John Twin" {
					want = 2
				}
				if len(users) != want {
					t.Errorf("FindUsers(%q) found %q, want %d", name, usernames(users), want)
				}
			}
		}
		for _, name := range []string{"absent", "", " ", "user01", "Person 0100 ", "Person  0100"} {
			if users, err := client.FindUsers(t.Context(), name); err != nil || len(users) != 0 {
				t.Errorf("FindUsers(%q) = %q, %v; want none", name, usernames(users), err)
			}
		}
	})
}

// TestHostileNamesNeverWiden asks for names that would select many people if a part of them got into the filter.
func TestHostileNamesNeverWiden(t *testing.T) {
	names := []string{
		"*", "**", "user*", "*)(objectClass=*", "user0100)(|(uid=*", "x)(|(cn=*)(cn=x", `\2a`, `\`, `\28`, "(", ")", "&",
		"|", "!", "(&)", "(|)",
		")(sAMAccountType=805306368", "\x00", "user0100\x00", "user0100)", "cn=*", "objectClass=*", `user0100\29\28cn=\2a`,
		"*анна*", "\u202euser0100",
	}
	onEach(t, func(t *testing.T, _ *realdirectory.Server, client *directory.Client) {
		for _, name := range names {
			if users, err := client.FindUsers(t.Context(), name); err != nil || len(users) != 0 {
				t.Errorf("FindUsers(%q) = %q, %v; want none", name, usernames(users), err)
			}
			if groups, err := client.FindGroups(t.Context(), name); err != nil || len(groups) != 0 {
				t.Errorf("FindGroups(%q) = %v, %v; want none", name, groups, err)
			}
			users, err := client.Users(t.Context(), "(cn="+directory.EscapeFilter(name)+")", "")
			if err != nil || len(users) != 0 {
				t.Errorf("the filter with %q found %q, %v; want none", name, usernames(users), err)
			}
			if _, err := client.User(t.Context(), "CN="+directory.EscapeDN(name)+","+realdirectory.PeopleDN); !errors.Is(
				err,
				directory.ErrNotFound,
			) {
				t.Errorf("User of %q: %v, want ErrNotFound", name, err)
			}
			if _, err := client.SimilarUsers(t.Context(), name); err != nil {
				t.Errorf("SimilarUsers(%q): %v", name, err)
			}
		}
	})
}

func TestDNsOfHostileNames(t *testing.T) {
	onEach(t, func(t *testing.T, _ *realdirectory.Server, client *directory.Client) {
		for _, person := range data.People[:20] {
			dn := "cn=" + directory.EscapeDN(person.CommonName) + ",ou=people,dc=lab,dc=example"
			user, err := client.User(t.Context(), dn)
			if err != nil || user.Username != person.Username {
				t.Errorf("User(%q) = %q, %v; want %q", dn, user.Username, err, person.Username)
			}
		}
	})
}

func TestFilters(t *testing.T) {
	onEach(t, func(t *testing.T, _ *realdirectory.Server, client *directory.Client) {
		for filter, want := range map[string]int{
			"(cn=Person 01*)":                                100,
			"(cn=*son 0*99)":                                 10,
			"(&(cn=Person 01*)(!(cn=*5)))":                   90,
			"(|(mail=user0100@lab.example)(cn=Person 0101))": 2,
			"(displayName=*)":                                realdirectory.People,
			"(cn=All \\2a Stars)":                            1,
			"(telephoneNumber=*)":                            realdirectory.People - 14,
			"(&(objectClass=person)(cn=Person 0200))":        1,
		} {
			users, err := client.Users(t.Context(), filter, realdirectory.PeopleDN)
			if err != nil || len(users) != want {
				t.Errorf("%s selected %d, %v; want %d", filter, len(users), err, want)
			}
		}
	})
}

func TestSimilarUsers(t *testing.T) {
	onEach(t, func(t *testing.T, _ *realdirectory.Server, client *directory.Client) {
		for name, want := range map[string]string{"usr0100": "user0100", "Person 010O": "user0100", "o'brian": "o'brien",
			"jmuller": "jmüller"} {
			near, err := client.SimilarUsers(t.Context(), name)
			if err != nil || !slices.Contains(near, want) {
				t.Errorf("SimilarUsers(%q) = %q, %v; want %q among them", name, near, err, want)
			}
		}
	})
}
