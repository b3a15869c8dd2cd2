// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// inEachDomain runs the test over the servers of Active Directory.
func inEachDomain(t *testing.T, test func(t *testing.T, client *directory.Client)) {
	t.Helper()
	onEach(t, func(t *testing.T, server *realdirectory.Server, client *directory.Client) {
		if server.ActiveDirectory {
			test(t, client)
		}
	})
}

// TestKindsOfActiveDirectory: computers and contacts are no people, expired accounts are disabled.
func TestKindsOfActiveDirectory(t *testing.T) {
	inEachDomain(t, func(t *testing.T, client *directory.Client) {
		dn := groupDN(t, client, realdirectory.KindsGroup)
		for _, nested := range []bool{false, true} {
			members, err := client.Members(t.Context(), dn, directory.MemberOptions{Nested: nested, IncludeDisabled: true})
			if want := []string{"kindexpired", "kindperson", "kindweiss1", "kindweiss2", "kindzoe"}; err != nil ||
				!slices.Equal(usernames(members.People), want) {
				t.Errorf("nested %v: members = %q, %v; want %q", nested, usernames(members.People), err, want)
			}
			want := []string{"CN=Kind Contact,OU=Kinds,DC=lab,DC=example", "CN=kindpc,OU=Kinds,DC=lab,DC=example"}
			if !slices.EqualFunc(members.Unresolved, want, strings.EqualFold) {
				t.Errorf("nested %v: unresolved = %q, want %q", nested, members.Unresolved, want)
			}
			for _, person := range members.People {
				if person.Disabled == nil || *person.Disabled != (person.Username == "kindexpired") {
					t.Errorf("%s: disabled = %v", person.Username, person.Disabled)
				}
				if person.Username == "kindexpired" &&
					person.DisabledReason != "accountExpires is 2021-01-01T00:00:00Z, which is past" {
					t.Errorf("disabled_reason = %q", person.DisabledReason)
				}
			}
			if able, err := client.Members(t.Context(), dn, directory.MemberOptions{Nested: nested}); err != nil ||
				len(able.People) != 4 {
				t.Errorf("nested %v: %q can log in, %v; want four", nested, usernames(able.People), err)
			}
		}
	})
}

// TestDecomposedNames: Terraform hands over composed characters, and the directory holds decomposed ones.
func TestDecomposedNames(t *testing.T) {
	inEachDomain(t, func(t *testing.T, client *directory.Client) {
		const composed = "Zo\u00eb Kind"
		if users, err := client.FindUsers(t.Context(), composed); err != nil || len(users) != 1 ||
			users[0].Username != "kindzoe" {
			t.Errorf("FindUsers = %q, %v; want kindzoe", usernames(users), err)
		}
		if user, err := client.User(t.Context(), "CN="+composed+",OU=Kinds,DC=lab,DC=example"); err != nil ||
			user.Username != "kindzoe" {
			t.Errorf("User = %q, %v; want kindzoe", user.Username, err)
		}
		if users, err := client.Users(t.Context(), "(cn="+directory.EscapeFilter(composed)+")", ""); err != nil ||
			len(users) != 1 {
			t.Errorf("Users = %q, %v; want kindzoe", usernames(users), err)
		}
	})
}

// TestForeignPrincipals: Samba's group Users lists well-known principals, which are no people.
func TestForeignPrincipals(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	client := connect(t, server, nil)
	members, err := client.Members(t.Context(), groupDN(t, client, "Users"), directory.MemberOptions{Nested: true})
	if err != nil || len(members.Unresolved) == 0 ||
		!strings.Contains(strings.ToLower(members.Unresolved[0]), "cn=foreignsecurityprincipals") {
		t.Errorf("unresolved = %q, %v; want foreign principals", members.Unresolved, err)
	}
}
