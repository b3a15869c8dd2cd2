// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// oddLDIF has two suffixes and entries that careless code gets wrong.
const oddLDIF = `dn: dc=lab,dc=example
objectClass: domain
dc: lab

dn: o=other
objectClass: organization
o: other

dn: uid=ada,dc=lab,dc=example
objectClass: inetOrgPerson
objectClass: person
uid: ada
cn: Ada

dn: uid=eve,o=other
objectClass: inetOrgPerson
objectClass: person
uid: eve
cn: Eve

dn: uid=hal,dc=lab,dc=example
objectClass: inetOrgPerson
objectClass: person
uid: harald
uid: HAL
cn: Harald

# These names are stored decomposed.
dn: ou=Kö,dc=lab,dc=example
objectClass: organizationalUnit
ou: Kö

dn: uid=zoe,ou=Kö,dc=lab,dc=example
objectClass: inetOrgPerson
objectClass: person
uid: zoe
cn: Zoë

dn: cn=hen,dc=lab,dc=example
objectClass: alias
cn: hen
aliasedObjectName: cn=egg,dc=lab,dc=example

dn: cn=egg,dc=lab,dc=example
objectClass: alias
cn: egg
aliasedObjectName: cn=hen,dc=lab,dc=example

dn: cn=self,dc=lab,dc=example
objectClass: alias
cn: self
aliasedObjectName: cn=self,dc=lab,dc=example

dn: cn=also ada,dc=lab,dc=example
objectClass: alias
cn: also ada
aliasedObjectName: uid=ada,dc=lab,dc=example

dn: cn=team,dc=lab,dc=example
objectClass: groupOfNames
cn: team
member: uid=ada,dc=lab,dc=example
member: cn=also ada,dc=lab,dc=example
member: cn=hen,dc=lab,dc=example
member: cn=self,dc=lab,dc=example

dn: cn=others,o=other
objectClass: groupOfNames
cn: others
member: uid=ada,dc=lab,dc=example
`

// decomposed is the LDIF with its letters as some servers store them.
var decomposed = strings.NewReplacer("ö", "o\u0308", "ë", "e\u0308")

func odd(t *testing.T, options mockldap.Options, change func(*directory.Config)) *directory.Client {
	t.Helper()
	options.LDIF, options.Schema = decomposed.Replace(oddLDIF), mockldap.SchemaRFC2307bis
	client, _ := start(t, options, change)
	return client
}

// TestRepeatedEntries: a server may send an entry twice, since an alias leads to it or since it changed between two
// pages. That makes no two people.
func TestRepeatedEntries(t *testing.T) {
	t.Parallel()
	client := odd(t, mockldap.Options{Misbehave: mockldap.RepeatedEntries}, func(c *directory.Config) {
		c.BaseDN = "dc=lab,dc=example"
	})
	if users, err := client.FindUsers(t.Context(), "ada"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %q, %v; want one", usernames(users), err)
	}
	if users, err := client.Users(t.Context(), "", ""); err != nil || len(users) != 3 {
		t.Errorf("Users = %q, %v; want three", usernames(users), err)
	}
	if groups, err := client.FindGroups(t.Context(), "team"); err != nil || len(groups) != 1 {
		t.Errorf("FindGroups = %v, %v; want one", groups, err)
	}
}

// TestForbiddenContext: an account that may not read another naming context can exclude it by base_dn.
func TestForbiddenContext(t *testing.T) {
	t.Parallel()
	client := odd(t, mockldap.Options{Forbidden: "o=other"}, func(c *directory.Config) { c.BaseDN = "dc=lab,dc=example" })
	user, err := client.User(t.Context(), "uid=ada,dc=lab,dc=example")
	if err != nil || !slices.Contains(user.Groups, "cn=team,dc=lab,dc=example") {
		t.Errorf("groups = %q, %v; want the team among them", user.Groups, err)
	}
	client = odd(t, mockldap.Options{Forbidden: "o=other"}, nil)
	_, err = client.FindUsers(t.Context(), "ada")
	if !errors.Is(err, directory.ErrForbidden) || !strings.Contains(err.Error(), "set ldap.base_dn") {
		t.Errorf("without a base DN: %v; want ErrForbidden and the way out", err)
	}
}

// TestForbiddenContextOfGroup: members by login are looked for below the base DN where the account may not read what is
// above it.
func TestForbiddenContextOfGroup(t *testing.T) {
	t.Parallel()
	const group = "cn=unix,ou=unit,dc=lab,dc=example"
	ldif := oddLDIF + `
dn: ou=unit,dc=lab,dc=example
objectClass: organizationalUnit
ou: unit

dn: uid=kim,ou=unit,dc=lab,dc=example
objectClass: person
uid: kim
cn: Kim

dn: ` + group + `
objectClass: posixGroup
cn: unix
memberUid: kim
memberUid: ada
`
	for forbidden, want := range map[string][]string{"": {"ada", "kim"}, "dc=lab,dc=example": {"kim"}} {
		options := mockldap.Options{LDIF: ldif, Schema: mockldap.SchemaRFC2307bis, Forbidden: forbidden}
		client, _ := start(t, options, func(c *directory.Config) { c.BaseDN = "ou=unit,dc=lab,dc=example" })
		members, err := client.Members(t.Context(), group, directory.MemberOptions{Nested: true})
		if got := usernames(members.People); err != nil || !slices.Equal(got, want) {
			t.Errorf("forbidden %q: members = %q, %v; want %q", forbidden, got, err, want)
		}
	}
}

// TestAliasLoops: an alias that leads to no entry is an unresolved member, and one that leads to a person is none.
func TestAliasLoops(t *testing.T) {
	t.Parallel()
	members, err := odd(t, mockldap.Options{}, nil).Members(t.Context(), "cn=team,dc=lab,dc=example",
		directory.MemberOptions{Nested: true})
	if got := usernames(members.People); err != nil || !slices.Equal(got, []string{"ada"}) {
		t.Errorf("members = %q, %v; want ada", got, err)
	}
	want := []string{"cn=hen,dc=lab,dc=example", "cn=self,dc=lab,dc=example"}
	if !slices.Equal(members.Unresolved, want) {
		t.Errorf("unresolved = %q, want %q", members.Unresolved, want)
	}
}

// TestFiltersInBothForms: Terraform composes all letters. Each comparison of a filter finds decomposed ones too, beside
// what others find.
func TestFiltersInBothForms(t *testing.T) {
	t.Parallel()
	client := odd(t, mockldap.Options{}, nil)
	for filter, want := range map[string][]string{
		"(cn=Zo\u00eb)":                               {"zoe"},
		"(|(cn=Zo\u00eb)(uid=ada))":                   {"ada", "zoe"},
		`(|(cn=` + "Zo" + `\c3\ab)(uid=ada))`:         {"ada", "zoe"},
		"(&(uid=*)(!(cn=Zo\u00eb))(!(cn=Harald)))":    {"ada", "eve"},
		"(|(cn=*\u00eb*)(cn=Zoe\u0308)(cn=Zo\u00eb))": {"zoe"},
	} {
		users, err := client.Users(t.Context(), filter, "")
		if got := usernames(users); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s = %q, %v; want %q", filter, got, err, want)
		}
	}
}

// TestFilterOnSeveralLines: white space between the parts of a filter does not count, and in values it does.
func TestFilterOnSeveralLines(t *testing.T) {
	t.Parallel()
	client := odd(t, mockldap.Options{}, nil)
	for filter, want := range map[string][]string{
		"\n(&\n  (uid=*)\n  (|\n    (cn=Ada)\n\t(uid=eve)\n  )\n  ( ! (cn=Harald) )\n)\n": {"ada", "eve"},
		"(cn=Ad a)":  {},
		"(cn= Ada )": {},
	} {
		users, err := client.Users(t.Context(), filter, "")
		if got := usernames(users); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q = %q, %v; want %q", filter, got, err, want)
		}
	}
}

// TestBaseDNInBothForms: the same goes for the entry to search below.
func TestBaseDNInBothForms(t *testing.T) {
	t.Parallel()
	const composed = "ou=K\u00f6,dc=lab,dc=example"
	client := odd(t, mockldap.Options{}, nil)
	if users, err := client.Users(t.Context(), "", composed); err != nil || len(users) != 1 {
		t.Errorf("Users = %q, %v; want zoe", usernames(users), err)
	}
	if err := client.Exists(t.Context(), composed); err != nil {
		t.Error(err)
	}
	client = odd(t, mockldap.Options{}, func(c *directory.Config) { c.BaseDN = composed })
	if users, err := client.FindUsers(t.Context(), "zoe"); err != nil || len(users) != 1 {
		t.Errorf("FindUsers = %q, %v; want zoe", usernames(users), err)
	}
}

// TestLoginInDN: of several logins the one in the DN counts, in whatever case.
func TestLoginInDN(t *testing.T) {
	t.Parallel()
	users, err := odd(t, mockldap.Options{}, nil).FindUsers(t.Context(), "harald")
	if err != nil || len(users) != 1 || users[0].Username != "HAL" {
		t.Errorf("FindUsers = %q, %v; want HAL", usernames(users), err)
	}
}

// TestWhoIsDisabled has what directories say about accounts in every form.
func TestWhoIsDisabled(t *testing.T) {
	t.Parallel()
	disabled, enabled := true, false
	for _, c := range []struct {
		attribute, value string
		want             *bool // nil = the entry says nothing
	}{
		{"accountExpires", "0", &enabled},
		{"accountExpires", "9223372036854775807", &enabled},
		{"accountExpires", "9223372036854775806", &enabled}, // in the year 30828
		{"accountExpires", "9223372036854775808", nil},
		{"accountExpires", "-1", nil},
		{"accountExpires", "1", &disabled},
		{"accountExpires", "132539328000000000", &disabled}, // in 2021
		{"shadowExpire", "-1", &enabled},
		{"shadowExpire", "", nil},
		{"shadowExpire", "never", nil},
		{"shadowExpire", "99999999999", nil},
		{"shadowExpire", "99999", &enabled}, // in 2243
		{"shadowExpire", "0", &disabled},    // as pam_unix reads it
		{"shadowExpire", " 12345 ", &disabled},
		{"pwdAccountLockedTime", "000001010000Z", &disabled},
		{"pwdAccountLockedTime", "00000101000000Z", &disabled},
		{"pwdAccountLockedTime", "20200101000000Z", &enabled}, // passes by itself
		{"pwdEndTime", "20200101000000Z", &disabled},
		{"pwdEndTime", "22000101000000Z", &enabled},
		{"nsAccountLock", "TRUE", &disabled},
		{"nsAccountLock", "true", &disabled},
		{"nsAccountLock", "false", &enabled},
		{"nsAccountLock", "1", &enabled}, // 389 Directory Server locks at "true" alone
		{"accountUnlockTime", "19700101000000Z", &disabled},
		{"accountUnlockTime", "20200101000000Z", &enabled}, // passed by itself
		{"loginExpirationTime", "20200101000000Z", &disabled},
		{"loginExpirationTime", "202001010000-0800", &disabled},
		{"krbPrincipalExpiration", "20200101000000.5Z", &disabled},
		{"krbPrincipalExpiration", "soon", nil},
		{"userAccountControl", "514", &disabled},
		{"userAccountControl", "-2147483134", &disabled},
		{"userAccountControl", "512", &enabled},
		{"userAccountControl", "NORMAL", nil},
	} {
		ldif := strings.Replace(oddLDIF, "cn: Ada\n", "cn: Ada\n"+c.attribute+": "+c.value+"\n", 1)
		client, _ := start(t, mockldap.Options{LDIF: ldif, Schema: mockldap.SchemaRFC2307bis}, nil)
		users, err := client.FindUsers(t.Context(), "ada")
		if err != nil || len(users) != 1 {
			t.Fatalf("%s %q: %v, %v", c.attribute, c.value, users, err)
		}
		got := users[0].Disabled
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s %q: %+v", c.attribute, c.value, users[0])
		}
	}
}

// TestGroupsOutsideBaseDN: base_dn says where people are looked up. Groups list them from anywhere on the server.
func TestGroupsOutsideBaseDN(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, func(c *directory.Config) { c.BaseDN = "OU=People,DC=lab,DC=example" })
	user, err := client.User(t.Context(), "CN=James Porter,OU=People,DC=lab,DC=example")
	if err != nil || !slices.Contains(user.Groups, "CN=Domain Users,CN=Users,DC=lab,DC=example") {
		t.Errorf("groups = %q, %v; want the primary group among them", user.Groups, err)
	}
	unit := decomposed.Replace("ou=Kö,dc=lab,dc=example")
	client = odd(t, mockldap.Options{}, func(c *directory.Config) { c.BaseDN = unit })
	user, err = client.User(t.Context(), "uid=ada,dc=lab,dc=example")
	if want := []string{"cn=others,o=other", "cn=team,dc=lab,dc=example"}; err != nil || !slices.Equal(user.Groups, want) {
		t.Errorf("groups = %q, %v; want %q", user.Groups, err, want)
	}
}

// TestMemberURLs: who is a member by a search is told the same way from the group and from the person.
func TestMemberURLs(t *testing.T) {
	t.Parallel()
	needIPv6(t)
	const member, none, unresolved = "member", "none", "unresolved"
	for url, want := range map[string]string{
		"ldap:///dc=lab,dc=example??sub?(uid=ada)":                      member,
		"LDAP:///DC=Lab,DC=Example??SUB?uid=ada":                        member,
		"ldap:///??sub?(uid=ada)":                                       member,
		"ldap:///dc=lab,dc=example??one?(uid=ada)":                      member,
		"ldap:///??one?(uid=ada)":                                       member, // below a naming context
		"ldap:///uid=ada,dc=lab,dc=example???":                          member,
		"ldap:///dc=lab,dc=example???(uid=ada)":                         none, // the scope is the base alone
		"ldap:///dc=example??sub?(uid=ada)":                             unresolved,
		"ldap:///dc=lab,dc=example??sub?(uid=ada)?bindname=cn=x":        member,
		"ldap:///dc=lab,dc=example??sub?(uid=ada)?!bindname=cn=x":       unresolved,
		"ldap:///dc=lab,dc=example??sub?(uid=ada)?x-a=b,!bindname=cn=x": unresolved,
		"ldap://[::1]/dc=lab,dc=example??sub?(uid=ada)":                 member,
		"ldap://elsewhere.example/dc=lab,dc=example??sub?(uid=ada)":     unresolved,
		"ldap:///dc=lab,dc=example??sub?(uid=ada":                       unresolved,
		"http:///dc=lab,dc=example??sub?(uid=ada)":                      unresolved,
	} {
		ldif := oddLDIF + "\ndn: cn=dynamic,o=other\nobjectClass: groupOfURLs\ncn: dynamic\nmemberURL: " + url + "\n"
		client, _ := start(t, mockldap.Options{LDIF: ldif, Schema: mockldap.SchemaRFC2307bis, Addr: "[::1]:0"}, nil)
		members, err := client.Members(t.Context(), "cn=dynamic,o=other", directory.MemberOptions{})
		if got := usernames(members.People); err != nil || slices.Contains(got, "ada") != (want == member) ||
			(len(members.Unresolved) > 0) != (want == unresolved) {
			t.Errorf("%s: members = %q, unresolved %q, %v; want %s", url, got, members.Unresolved, err, want)
		}
		user, err := client.User(t.Context(), "uid=ada,dc=lab,dc=example")
		if got := slices.Contains(user.Groups, "cn=dynamic,o=other"); err != nil || got != (want == member) {
			t.Errorf("%s: groups = %q, %v; want %s", url, user.Groups, err, want)
		}
	}
}
