// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// office returns a provider that reads the offices' directory, whole or below a base DN.
func office(t *testing.T, base any) *acctest.Protocol {
	t.Helper()
	_, server := lab(t, mockldap.Options{LDIF: realdirectory.OfficesLDIF, Schema: mockldap.SchemaRFC2307bis})
	return acctest.Configured(t, acctest.Object{"ldap": acctest.Object{
		"url": server.URL(), "bind_dn": server.BindDN(), "bind_password": server.BindPassword(), "base_dn": base,
	}})
}

func texts(t *testing.T, from any) []string {
	t.Helper()
	list, ok := from.([]any)
	if !ok {
		t.Fatalf("%v is no list", from)
	}
	all := make([]string, len(list))
	for i, text := range list {
		all[i] = text.(string)
	}
	return all
}

// TestUnresolvedMembers: what is not in the list is counted, in a warning whose summary Terraform folds.
func TestUnresolvedMembers(t *testing.T) {
	t.Parallel()
	p := office(t, realdirectory.WorksDN)
	group, diagnostics := p.ReadData("directory_ldap_group", acctest.Object{"name": "unresolved"})
	if got := texts(t, group["usernames"]); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("usernames = %q", got)
	}
	if got := texts(t, group["unresolved_members"]); len(got) != 3 {
		t.Errorf("unresolved_members = %q; want three", got)
	}
	contains(
		t,
		acctest.Warnings(diagnostics),
		"Unresolved Members of a Directory Group",
		`3 members of "cn=unresolved,`,
		"every for_each",
	)
	_, diagnostics = p.ReadData("directory_ldap_users", acctest.Object{"group": "unresolved"})
	contains(t, acctest.Warnings(diagnostics), "Unresolved Members of a Directory Group")

	group, diagnostics = p.ReadData("directory_ldap_group", acctest.Object{"name": "both"})
	if got := texts(t, group["usernames"]); !slices.Equal(got, []string{"ada", "kim", "xenia", "yan"}) ||
		acctest.Warnings(diagnostics) != "" {
		t.Errorf("usernames = %q, %s", got, acctest.Warnings(diagnostics))
	}
}

// TestGroupAndBaseDN: base_dn narrows the members of a group, and a mistyped one is an error, not an empty list.
func TestGroupAndBaseDN(t *testing.T) {
	t.Parallel()
	p := office(t, nil)
	users, diagnostics := p.ReadData("directory_ldap_users", acctest.Object{"group": "both", "base_dn": "O=Suppliers"})
	if got := texts(t, users["usernames"]); !slices.Equal(got, []string{"xenia", "yan"}) {
		t.Errorf("usernames = %q, %s", got, acctest.Errors(diagnostics))
	}
	for _, more := range []acctest.Object{{"group": "both"}, {"filter": "(cn=*)"}, {}} {
		more["base_dn"] = "o=supliers"
		_, diagnostics = p.ReadData("directory_ldap_users", more)
		contains(t, acctest.Errors(diagnostics), "base_dn: ", `The directory has no entry "o=supliers"`)
	}
}

func TestDisabledReason(t *testing.T) {
	t.Parallel()
	accounts := acctest.Object{"name": "accounts", "include_disabled": true}
	group, _ := office(t, nil).ReadData("directory_ldap_group", accounts)
	reasons := map[string]any{}
	for _, member := range group["members"].([]any) {
		reasons[member.(acctest.Object)["username"].(string)] = member.(acctest.Object)["disabled_reason"]
	}
	for name, want := range map[string]string{"ben": "nsAccountLock", "cem": "loginDisabled",
		"dora": "pwdAccountLockedTime", "fay": "shadowExpire"} {
		if reason, _ := reasons[name].(string); !strings.HasPrefix(reason, want+" is ") {
			t.Errorf("%s: disabled_reason = %v", name, reasons[name])
		}
	}
	if reasons["ada"] != nil || reasons["eva"] != nil {
		t.Errorf("disabled_reason of people who can log in: %v", reasons)
	}
}

// TestNamesThatAreNoOnes: an ambiguous name lists the DNs, and an unknown one near names and where it was looked for.
func TestNamesThatAreNoOnes(t *testing.T) {
	t.Parallel()
	whole, works := office(t, nil), office(t, realdirectory.WorksDN)
	for _, c := range []struct {
		provider *acctest.Protocol
		source   string
		config   acctest.Object
		words    []string
	}{
		{whole, "directory_ldap_user", acctest.Object{"username": "ada"},
			[]string{`username: Ambiguous Directory User "ada"`, "2 people have the name",
				"uid=ada,o=suppliers", "uid=ada,ou=people,dc=works",
				"set ldap.base_dn"}},
		{whole, "directory_ldap_group", acctest.Object{"name": "twin"}, []string{
			`name: Ambiguous Directory Group "twin"`, "2 groups have the name",
			"cn=twin,o=suppliers", "set ldap.base_dn"}},
		{whole, "directory_ldap_group", acctest.Object{"name": "nest dynamics"}, []string{
			`name: Unknown Directory Group "nest dynamics"`, `Did you mean "nests dynamic"`}},
		{whole, "directory_ldap_users", acctest.Object{"group": "acounts"}, []string{
			`group: Unknown Directory Group "acounts"`, `Did you mean "accounts"`}},
		{works, "directory_ldap_user", acctest.Object{"username": "yan"}, []string{
			`Unknown Directory User "yan"`, "Only entries below ldap.base_dn",
			realdirectory.WorksDN}},
		{whole, "directory_ldap_user", acctest.Object{"dn": "uid=absent,o=suppliers"},
			[]string{`dn: Unknown Directory User "uid=absent,o=suppliers"`}},
		{works, "directory_ldap_group", acctest.Object{"name": "far"}, []string{"Only entries below ldap.base_dn"}},
	} {
		_, diagnostics := c.provider.ReadData(c.source, c.config)
		contains(t, acctest.Errors(diagnostics), c.words...)
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
}

// TestAccLogin: the name that was looked up stays as it is written, and login is what the directory has.
func TestAccLogin(t *testing.T) {
	t.Parallel()
	config, _ := lab(t, mockldap.Options{LDIF: realdirectory.OfficesLDIF, Schema: mockldap.SchemaRFC2307bis})
	const it, dn = "data.directory_ldap_user.it", "data.directory_ldap_user.dn"
	run(t, config+`
data "directory_ldap_user" "it" { username = "Harald" }
data "directory_ldap_user" "dn" { dn = "cn=Jana Jahn,ou=people,dc=works,dc=example" }`,
		value(it, "username", knownvalue.StringExact("Harald")),
		value(it, "login", knownvalue.StringExact("hal")),
		value(it, "dn", knownvalue.StringExact("uid=hal,ou=people,dc=works,dc=example")),
		value(dn, "login", knownvalue.StringExact("Jana Jahn")))
}

// TestValuesThatAreNoText: a directory may hold Latin-1 where the standard wants UTF-8. Terraform gets UTF-8 alone.
func TestValuesThatAreNoText(t *testing.T) {
	t.Parallel()
	ldif := strings.Replace(realdirectory.OfficesLDIF, "mail: ada@works.example\n", "telephoneNumber: 7 \xfc\n"+
		"mail: j\xfcrgen@works.example\n", 1)
	ldif = strings.Replace(ldif, "member: uid=other,dc=elsewhere,dc=example\n", "member: cn=\xfc,dc=elsewhere\n", 1)
	_, server := lab(t, mockldap.Options{LDIF: ldif, Schema: mockldap.SchemaRFC2307bis})
	p := acctest.Configured(t, acctest.Object{"ldap": acctest.Object{
		"url": server.URL(), "bind_dn": server.BindDN(), "bind_password": server.BindPassword(),
	}})
	group, diagnostics := p.ReadData("directory_ldap_group", acctest.Object{"name": "unresolved"})
	if text := acctest.Errors(diagnostics); text != "" {
		t.Fatal(text)
	}
	member := group["members"].([]any)[0].(acctest.Object)
	if member["email"] != "j\ufffdrgen@works.example" || member["telephone"] != "7 \ufffd" {
		t.Errorf("email = %q, telephone = %q", member["email"], member["telephone"])
	}
	if got := texts(t, group["unresolved_members"]); !slices.Contains(got, "cn=\ufffd,dc=elsewhere") {
		t.Errorf("unresolved_members = %q", got)
	}
}

// TestGroupsOutsideBaseDN: the groups of a person are read from anywhere on the server, also with a narrow base_dn.
func TestGroupsOutsideBaseDN(t *testing.T) {
	t.Parallel()
	user, diagnostics := office(t, "ou=people,"+realdirectory.WorksDN).
		ReadData("directory_ldap_user", acctest.Object{"username": "kim"})
	if text := acctest.Errors(diagnostics); text != "" {
		t.Fatal(text)
	}
	got := texts(t, user["groups"])
	slices.Sort(got)
	want := []string{
		"cn=far,o=suppliers", "cn=role,ou=groups," + realdirectory.WorksDN, "cn=unix,ou=groups," + realdirectory.WorksDN,
	}
	if !slices.Equal(got, want) {
		t.Errorf("groups = %q, want %q", got, want)
	}
}
