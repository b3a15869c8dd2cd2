// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// suffixesLDIF is a group of size people, the last share of them under a second suffix.
func suffixesLDIF(size, elsewhere int) string {
	var people, group strings.Builder
	people.WriteString(
		"dn: dc=lab,dc=example\nobjectClass: domain\ndc: lab\n\ndn: o=other\nobjectClass: organization\no: other\n\n",
	)
	group.WriteString("dn: cn=all,dc=lab,dc=example\nobjectClass: groupOfNames\ncn: all\n")
	for i := range size {
		suffix := "dc=lab,dc=example"
		if i >= size-elsewhere {
			suffix = "o=other"
		}
		dn := fmt.Sprintf("uid=user%04d,%s", i, suffix)
		fmt.Fprintf(&people, "dn: %s\nobjectClass: inetOrgPerson\nuid: user%04d\ncn: User %d\n\n", dn, i, i)
		fmt.Fprintf(&group, "member: %s\n", dn)
	}
	return people.String() + group.String()
}

// TestSearchesOfTwoSuffixes: members of two suffixes cost one search more than as many of one.
func TestSearchesOfTwoSuffixes(t *testing.T) {
	t.Parallel()
	searches := func(elsewhere int) int {
		const size = 1000
		client, server := start(
			t,
			mockldap.Options{LDIF: suffixesLDIF(size, elsewhere), Schema: mockldap.SchemaRFC2307bis},
			nil,
		)
		members, err := client.Members(t.Context(), "cn=all,dc=lab,dc=example", directory.MemberOptions{Nested: true})
		if err != nil || len(members.People) != size || len(members.Unresolved) != 0 {
			t.Fatalf("%d members, %d unresolved, %v; want %d", len(members.People), len(members.Unresolved), err, size)
		}
		return server.Searches()
	}
	one, two := searches(0), searches(150)
	if one > 12 || two > one+1 { // the root DSE, the group, and ten batches
		t.Errorf("%d searches for one suffix and %d for two", one, two)
	}
}

// TestBatchWithOneHit: what is found of a batch does not stand for the rest.
func TestBatchWithOneHit(t *testing.T) {
	t.Parallel()
	ldif := suffixesLDIF(50, 49) + "member: uid=gone,dc=lab,dc=example\nmember: uid=gone,dc=elsewhere\n"
	client, _ := start(
		t,
		mockldap.Options{LDIF: ldif, Schema: mockldap.SchemaRFC2307bis},
		func(c *directory.Config) { c.BaseDN = "dc=lab,dc=example" },
	)
	members, err := client.Members(t.Context(), "cn=all,dc=lab,dc=example", directory.MemberOptions{})
	if err != nil || len(members.People) != 50 {
		t.Errorf("%d members, %v; want 50", len(members.People), err)
	}
	if want := []string{"uid=gone,dc=elsewhere", "uid=gone,dc=lab,dc=example"}; !slices.Equal(members.Unresolved, want) {
		t.Errorf("unresolved = %q, want %q", members.Unresolved, want)
	}
}

// TestMissingBase: a base DN that is not there is an error, not an empty answer.
func TestMissingBase(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, nil)
	for _, base := range []string{"ou=nowhere,dc=lab,dc=example", "o=nowhere"} {
		if err := client.Exists(t.Context(), base); !errors.Is(err, directory.ErrBaseNotFound) {
			t.Errorf("Exists(%q): %v; want ErrBaseNotFound", base, err)
		}
	}
	if err := client.Exists(t.Context(), "ou=people,dc=lab,dc=example"); err != nil {
		t.Error(err)
	}
}

// catalogLDIF is a global catalog of two domains: both have a primary group with the same relative ID.
const catalogLDIF = `dn: DC=lab,DC=example
objectClass: domain
dc: lab

dn: DC=child,DC=lab,DC=example
objectClass: domain
dc: child

dn: CN=Domain Users,DC=lab,DC=example
objectClass: group
cn: Domain Users
sAMAccountName: Domain Users
objectSid: S-1-5-21-1-1-1-513

dn: CN=Domain Users,DC=child,DC=lab,DC=example
objectClass: group
cn: Domain Users
sAMAccountName: Domain Users
objectSid: S-1-5-21-2-2-2-513

dn: CN=Ann,DC=lab,DC=example
objectClass: person
objectClass: user
cn: Ann
sAMAccountName: ann
objectSid: S-1-5-21-1-1-1-1001
primaryGroupID: 513

dn: CN=Bea,DC=child,DC=lab,DC=example
objectClass: person
objectClass: user
cn: Bea
sAMAccountName: bea
objectSid: S-1-5-21-2-2-2-1001
primaryGroupID: 513

dn: CN=Everyone,DC=lab,DC=example
objectClass: group
cn: Everyone
sAMAccountName: Everyone
objectSid: S-1-5-21-1-1-1-600
member: CN=Domain Users,DC=lab,DC=example
`

// TestPrimaryGroupsOfAGlobalCatalog: a primary group counts within its own domain.
func TestPrimaryGroupsOfAGlobalCatalog(t *testing.T) {
	t.Parallel()
	for _, inChain := range []bool{true, false} {
		client, _ := start(t, mockldap.Options{LDIF: catalogLDIF, NoMatchingRuleInChain: !inChain},
			func(c *directory.Config) { c.Schema = directory.SchemaActiveDirectory })
		for dn, want := range map[string]string{
			"CN=Domain Users,DC=lab,DC=example": "ann", "CN=Domain " +
				"Users,DC=child,DC=lab,DC=example": "bea", "CN=Everyone,DC=lab,DC=example": "ann",
		} {
			members, err := client.Members(t.Context(), dn, directory.MemberOptions{Nested: true})
			if got := usernames(members.People); err != nil || !slices.Equal(got, []string{want}) {
				t.Errorf("in chain %v: %s = %q, %v; want %s", inChain, dn, got, err, want)
			}
		}
		user, err := client.User(t.Context(), "CN=Bea,DC=child,DC=lab,DC=example")
		if want := []string{"CN=Domain Users,DC=child,DC=lab,DC=example"}; err != nil || !slices.Equal(user.Groups, want) {
			t.Errorf("in chain %v: groups = %q, %v; want %q", inChain, user.Groups, err, want)
		}
	}
}
