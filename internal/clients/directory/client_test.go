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
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// start serves a directory and returns a client for it, changed as wanted.
func start(
	t *testing.T,
	options mockldap.Options,
	change func(*directory.Config),
) (*directory.Client, *mockldap.Server) {
	t.Helper()
	server, err := mockldap.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	config := directory.Config{URL: server.URL(), BindDN: server.BindDN(), BindPassword: server.BindPassword()}
	if options.TLS || options.StartTLS {
		config.TLS.CACertificate, config.StartTLS = server.CACertificate(), options.StartTLS
	}
	if change != nil {
		change(&config)
	}
	return connect(t, config), server
}

func connect(t *testing.T, config directory.Config) *directory.Client {
	t.Helper()
	client, err := directory.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return client
}

func usernames(users []directory.User) []string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = u.Username
	}
	return names
}

// members are the usernames of the one group of that name.
func members(t *testing.T, client *directory.Client, group string, o directory.MemberOptions) []string {
	t.Helper()
	groups, err := client.FindGroups(t.Context(), group)
	if err != nil || len(groups) != 1 {
		t.Fatalf("FindGroups(%q) = %v, %v; want one", group, groups, err)
	}
	users, err := client.Members(t.Context(), groups[0].DN, o)
	if err != nil {
		t.Fatalf("Members(%q): %v", group, err)
	}
	return usernames(users.People)
}

func TestUserOfActiveDirectory(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, nil)
	user, err := client.User(t.Context(), "cn=james porter, ou=people, dc=lab, dc=example")
	if err != nil {
		t.Fatal(err)
	}
	disabled := false
	want := directory.User{
		DN: "CN=James Porter,OU=People,DC=lab,DC=example", Username: "jporter", DisplayName: "James Porter",
		Email:     "jporter@lab.example",
		Telephone: "+1 555 0100", SID: "S-1-5-21-3623811015-3361044348-30300820-1101", GUID: user.GUID, Disabled: &disabled,
		Groups: []string{
			"CN=Azure_DevOps_Cloud_Admins,OU=Groups,DC=lab,DC=example", "CN=Domain " +
				"Users,CN=Users,DC=lab,DC=example", "CN=Lab Engineers,OU=Groups,DC=lab,DC=example",
		},
	}
	if user.DN != want.DN || user.Username != want.Username || user.DisplayName != want.DisplayName ||
		user.Email != want.Email ||
		user.Telephone != want.Telephone || user.SID != want.SID || user.Disabled == nil ||
		*user.Disabled ||
		!slices.Equal(user.Groups, want.Groups) {
		t.Errorf("got %+v, want %+v", user, want)
	}
}

func TestLoginBeatsDisplayName(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{}, nil)
	// Another person has the login of James Porter as their display name.
	server.People().AddUser(people.User{Username: "impostor", DisplayName: "jporter"})
	for name, want := range map[string][]string{
		"jporter":             {"jporter"},
		"jporter@lab.example": {"jporter"},
		"James Porter":        {"jporter"},
		"john smith":          {"jsmith", "jsmith2"},
		"jsmith":              {"jsmith"},
		"":                    {},
	} {
		users, err := client.FindUsers(t.Context(), name)
		if got := usernames(users); err != nil || !slices.Equal(got, want) {
			t.Errorf("FindUsers(%q) = %q, %v; want %q", name, got, err, want)
		}
	}
}

// TestFindUsersComparesExactly has a server that compares more loosely than people do, as Active Directory does with
// accents.
func TestFindUsersComparesExactly(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, nil)
	composed, decomposed := "J\u00fcrgen M\u00fcller", "Ju\u0308rgen Mu\u0308ller"
	for name, want := range map[string]int{composed: 1, "JÜRGEN MÜLLER": 1, "Jurgen Muller": 0, decomposed: 1} {
		users, err := client.FindUsers(t.Context(), name)
		if err != nil || len(users) != want {
			t.Errorf("FindUsers(%q) found %d, %v; want %d", name, len(users), err, want)
		}
	}
}

func TestMembersOfActiveDirectory(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]mockldap.Options{
		"in chain":   {},
		"by walking": {Schema: mockldap.SchemaActiveDirectory, NoMatchingRuleInChain: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := start(t, options, func(c *directory.Config) { c.Schema = directory.SchemaActiveDirectory })
			ring := []string{"ahassan", "fweber", "nivanova"}
			if got := members(t, client, "Ring B", directory.MemberOptions{Nested: true}); !slices.Equal(got, ring) {
				t.Errorf("Ring B = %q, want %q", got, ring)
			}
			if got := members(t, client, "Ring B", directory.MemberOptions{}); !slices.Equal(got, []string{"fweber"}) {
				t.Errorf("Ring B itself = %q", got)
			}
			if got := members(t, client, "Empty Group", directory.MemberOptions{Nested: true}); len(got) != 0 {
				t.Errorf("Empty Group = %q", got)
			}
			if got := members(t, client, "Lab Engineers", directory.MemberOptions{}); slices.Contains(got, "vcontractor") {
				t.Error("a disabled account is among the members")
			}
			if got := members(t, client, "Domain Users", directory.MemberOptions{IncludeDisabled: true}); len(got) != 33 {
				t.Errorf("%d have Domain Users as the primary group, want 33", len(got))
			}
		})
	}
}

// TestRangedMembers walks a group whose members come in two ranges.
func TestRangedMembers(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{NoMatchingRuleInChain: true, MaxValues: 40},
		func(c *directory.Config) { c.Schema = directory.SchemaActiveDirectory })
	var want []string
	for i := range 100 {
		name := fmt.Sprintf("ranged%02d", i)
		want = append(want, name)
		server.People().AddUser(people.User{Username: name})
		server.People().AddMember("Empty Group", name)
	}
	if got := members(t, client, "Empty Group", directory.MemberOptions{}); !slices.Equal(got, want) {
		t.Errorf("%d members, want %d: %q", len(got), len(want), got)
	}
}

func TestRangedMemberOf(t *testing.T) {
	t.Parallel()
	client, server := start(t, mockldap.Options{MaxValues: 7}, nil)
	for i := range 20 {
		server.People().AddGroup(people.Group{Name: fmt.Sprintf("Team %02d", i)}, "no.mail")
	}
	user, err := client.User(t.Context(), "CN=Nomail Person,OU=People,DC=lab,DC=example")
	if err != nil || len(user.Groups) != 22 { // and Lab Everyone, and the primary group
		t.Errorf("%d groups, %v; want 22: %q", len(user.Groups), err, user.Groups)
	}
}

// posixLDIF mixes groups of RFC 2307 and RFC 2307bis; one of them lists a person who left.
const posixLDIF = `dn: dc=lab,dc=example
objectClass: top
objectClass: domain
dc: lab

dn: uid=ada,dc=lab,dc=example
objectClass: inetOrgPerson
objectClass: person
objectClass: posixAccount
uid: ada
cn: Ada
gidNumber: 70

dn: uid=bob,dc=lab,dc=example
objectClass: inetOrgPerson
objectClass: person
uid: bob
cn: Bob

dn: uid=b*b,dc=lab,dc=example
objectClass: inetOrgPerson
objectClass: person
uid: b*b
cn: Star

dn: cn=names,dc=lab,dc=example
objectClass: groupOfNames
cn: names
member: uid=bob,dc=lab,dc=example
member: uid=gone,dc=lab,dc=example
member: cn=unique,dc=lab,dc=example

dn: cn=unique,dc=lab,dc=example
objectClass: groupOfUniqueNames
cn: unique
uniqueMember: UID=ada, dc=lab, dc=example
uniqueMember: cn=names,dc=lab,dc=example

dn: cn=posix,dc=lab,dc=example
objectClass: posixGroup
cn: posix
gidNumber: 70
memberUid: b*b
memberUid: gone
`

// The class groupOfNames wants a member. By custom, a group without one lists the empty DN.
func TestEmptyMember(t *testing.T) {
	t.Parallel()
	ldif := strings.Replace(posixLDIF, "member: uid=gone,dc=lab,dc=example\n", "member:\n", 1)
	client, _ := start(t, mockldap.Options{LDIF: ldif, Schema: mockldap.SchemaRFC2307bis}, nil)
	groups, err := client.FindGroups(t.Context(), "names")
	if err != nil || len(groups) != 1 {
		t.Fatalf("%v, %v", groups, err)
	}
	read, err := client.Members(t.Context(), groups[0].DN, directory.MemberOptions{Nested: true})
	if err != nil || len(read.People) != 2 || len(read.Unresolved) != 0 {
		t.Errorf("%d people, unresolved %q, %v", len(read.People), read.Unresolved, err)
	}
}

func TestMembersOfPosixGroups(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		schema, group string
		want          []string // nil = the schema has no such group
	}{
		{directory.SchemaAuto, "names", []string{"ada", "bob"}},
		{directory.SchemaAuto, "unique", []string{"ada", "bob"}},
		{directory.SchemaAuto, "posix", []string{"ada", "b*b"}},
		{directory.SchemaRFC2307bis, "names", []string{"ada", "bob"}},
		{directory.SchemaRFC2307, "posix", []string{"ada", "b*b"}},
		{directory.SchemaRFC2307, "names", nil},
	} {
		t.Run(c.schema+" "+c.group, func(t *testing.T) {
			t.Parallel()
			client, _ := start(t, mockldap.Options{LDIF: posixLDIF, Schema: mockldap.SchemaRFC2307bis},
				func(config *directory.Config) { config.Schema = c.schema })
			if c.want == nil {
				if groups, err := client.FindGroups(t.Context(), c.group); err != nil || len(groups) != 0 {
					t.Errorf("FindGroups = %v, %v; want none", groups, err)
				}
				return
			}
			if got := members(t, client, c.group, directory.MemberOptions{Nested: true}); !slices.Equal(got, c.want) {
				t.Errorf("members = %q, want %q", got, c.want)
			}
		})
	}
}

func TestNarrowBaseDN(t *testing.T) {
	t.Parallel()
	// The groups' unit holds no people: they are members all the same.
	client, _ := start(t, mockldap.Options{}, func(c *directory.Config) { c.BaseDN = "ou=groups,dc=lab,dc=example" })
	if got := members(t, client, "Lab Operators", directory.MemberOptions{}); len(got) != 7 {
		t.Errorf("members = %q, want seven", got)
	}
	if users, err := client.Users(t.Context(), "", ""); err != nil || len(users) != 0 {
		t.Errorf("Users = %q, %v; want none", usernames(users), err)
	}
}

func TestWhatIsGone(t *testing.T) {
	t.Parallel()
	client, _ := start(t, mockldap.Options{}, nil)
	for _, dn := range []string{
		"CN=Absent,OU=People,DC=lab,DC=example",        // no such entry
		"CN=James Porter,OU=Nowhere,DC=lab,DC=example", // no such unit
		"DC=other,DC=example",                          // another server's
		"CN=Lab Operators,OU=Groups,DC=lab,DC=example", // a group
	} {
		if _, err := client.User(t.Context(), dn); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("User(%q): %v, want ErrNotFound", dn, err)
		}
	}
	if _, err := client.Members(t.Context(), "CN=James Porter,OU=People,DC=lab,DC=example",
		directory.MemberOptions{}); !errors.Is(
		err,
		directory.ErrNotFound,
	) {
		t.Errorf("Members of a person: %v, want ErrNotFound", err)
	}
	if _, err := client.Group(t.Context(), "no DN"); !errors.Is(err, directory.ErrBadDN) {
		t.Errorf("Group of what is no DN: %v, want ErrBadDN", err)
	}
}
