// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const base = "DC=lab,DC=example"

func serve(t *testing.T, options mockldap.Options) *mockldap.Server {
	t.Helper()
	server, err := mockldap.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// dial connects with a client that knows nothing of the mock, and binds.
func dial(t *testing.T, server *mockldap.Server) *goldap.Conn {
	t.Helper()
	conn, err := goldap.DialURL(server.URL(), goldap.DialWithTLSConfig(trusting(t, server)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.Bind(server.BindDN(), server.BindPassword()); err != nil {
		t.Fatal(err)
	}
	return conn
}

func trusting(t *testing.T, server *mockldap.Server) *tls.Config {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(server.CACertificate())) {
		t.Fatal("the CA certificate is no PEM")
	}
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

func search(t *testing.T, conn *goldap.Conn, dn string, scope int, filter string, attrs ...string) []*goldap.Entry {
	t.Helper()
	result, err := conn.Search(
		goldap.NewSearchRequest(dn, scope, goldap.NeverDerefAliases, 0, 0, false, filter, attrs, nil),
	)
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	return result.Entries
}

func TestFilters(t *testing.T) {
	t.Parallel()
	conn := dial(t, serve(t, mockldap.Options{}))
	for filter, want := range map[string]int{
		"(sAMAccountName=jporter)":                      1,
		"(SAMACCOUNTNAME=JPorter)":                      1,
		"(sAMAccountName=jporter*)":                     1,
		"(displayName=*Smith)":                          2,
		"(displayName=J*S*h)":                           2,
		"(displayName=*o*a*)":                           10,
		`(displayName=All \2a Stars)`:                   1,
		"(mail=*)":                                      31,
		"(&(objectClass=user)(!(mail=*)))":              2,
		"(|(cn=Maria Lopez)(cn=Luca Rossi)(cn=Absent))": 2,
		"(&)":                       -1, // everything
		"(|)":                       0,
		"(userAccountControl>=514)": 2,
		"(userAccountControl<=514)": 32,
		"(userAccountControl:1.2.840.113556.1.4.803:=2)":                                                      1,
		"(userAccountControl:1.2.840.113556.1.4.804:=65538)":                                                  2,
		"(objectCategory=person)":                                                                             33,
		"(objectSid=S-1-5-21-3623811015-3361044348-30300820-1101)":                                            1,
		"(memberOf=CN=Lab Operators,OU=Groups,DC=lab,DC=example)":                                             7,
		"(memberOf=cn=lab operators, ou=groups, dc=lab, dc=example)":                                          7,
		"(memberOf=*Operators*)":                                                                              0,
		"(distinguishedName=CN=James Porter,OU=People,DC=lab,DC=example)":                                     1,
		"(memberOf:1.2.840.113556.1.4.1941:=CN=Lab Everyone,OU=Groups,DC=lab,DC=example)":                     27,
		"(&(objectClass=group)(memberOf:1.2.840.113556.1.4.1941:=CN=Ring A,OU=Groups,DC=lab,DC=example))":     3,
		"(&(objectClass=group)(member:1.2.840.113556.1.4.1941:=CN=James Porter,OU=People,DC=lab,DC=example))": 3,
		"(cn:1.2.3.4:=James Porter)":                                                                          0,
		// The attribute can be searched for, but answers never contain it.
		"(userPassword=*)":    1,
		"(nosuchattribute=x)": 0,
	} {
		got := len(search(t, conn, base, goldap.ScopeWholeSubtree, filter, "1.1"))
		if want < 0 {
			want = len(search(t, conn, base, goldap.ScopeWholeSubtree, "(objectClass=*)", "1.1"))
		}
		if got != want {
			t.Errorf("%s selects %d, want %d", filter, got, want)
		}
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	conn := dial(t, serve(t, mockldap.Options{}))
	for _, c := range []struct {
		dn    string
		scope int
		want  int
	}{
		{base, goldap.ScopeBaseObject, 1},
		{base, goldap.ScopeSingleLevel, 4},
		{"ou=groups,dc=LAB,dc=example", goldap.ScopeSingleLevel, 11},
		{"ou=groups,dc=LAB,dc=example", goldap.ScopeWholeSubtree, 12},
		{"CN=James Porter,OU=People," + base, goldap.ScopeSingleLevel, 0},
	} {
		if got := len(search(t, conn, c.dn, c.scope, "(objectClass=*)", "1.1")); got != c.want {
			t.Errorf("scope %d of %s holds %d, want %d", c.scope, c.dn, got, c.want)
		}
	}
	_, err := conn.Search(
		goldap.NewSearchRequest("OU=Nowhere,"+base, goldap.ScopeWholeSubtree, 0, 0, 0, false, "(cn=*)", nil, nil),
	)
	var answer *goldap.Error
	if !errors.As(err, &answer) || answer.ResultCode != goldap.LDAPResultNoSuchObject || answer.MatchedDN != base {
		t.Errorf("a base that is not there: %v, want code 32 with the part that is", err)
	}
}

func TestPagesAndLimits(t *testing.T) {
	t.Parallel()
	server := serve(t, mockldap.Options{SizeLimit: 10})
	conn := dial(t, server)
	everyone := func(limit int) *goldap.SearchRequest {
		return goldap.NewSearchRequest(
			base,
			goldap.ScopeWholeSubtree,
			0,
			limit,
			0,
			false,
			"(objectClass=user)",
			[]string{"cn"},
			nil,
		)
	}
	result, err := conn.Search(everyone(0))
	if !goldap.IsErrorWithCode(err, goldap.LDAPResultSizeLimitExceeded) || len(result.Entries) != 10 {
		t.Errorf("without pages: %d entries, %v; want 10 and code 4", len(result.Entries), err)
	}
	result, err = conn.Search(everyone(3))
	if !goldap.IsErrorWithCode(err, goldap.LDAPResultSizeLimitExceeded) || len(result.Entries) != 3 {
		t.Errorf("with the client's limit: %d entries, %v; want 3 and code 4", len(result.Entries), err)
	}
	before := server.Searches()
	result, err = conn.SearchWithPaging(everyone(0), 1000)
	if err != nil || len(result.Entries) != 33 || server.Searches()-before != 4 {
		t.Errorf(
			"with pages: %d entries in %d requests, %v; want 33 in 4",
			len(result.Entries),
			server.Searches()-before,
			err,
		)
	}
	request := everyone(0)
	request.Controls = []goldap.Control{&goldap.ControlPaging{PagingSize: 10, Cookie: []byte("another's")}}
	if _, err := conn.Search(request); !goldap.IsErrorWithCode(err, goldap.LDAPResultUnwillingToPerform) {
		t.Errorf("with a cookie that was not given out: %v, want code 53", err)
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	conn := dial(t, serve(t, mockldap.Options{MaxValues: 4}))
	const dn = "CN=Lab Engineers,OU=Groups," + base // nine members
	for request, want := range map[string]string{
		"member":              "member=0 member;range=0-3=4",
		"*":                   "member=0 member;range=0-3=4",
		"member;range=0-*":    "member=0 member;range=0-3=4",
		"member;range=4-*":    "member=0 member;range=4-7=4",
		"member;range=8-*":    "member=0 member;range=8-*=1",
		"member;range=9-*":    "",
		"description":         "",
		"MEMBER;Range=8-1499": "member=0 member;range=8-*=1",
	} {
		var got []string
		for _, a := range search(t, conn, dn, goldap.ScopeBaseObject, "(objectClass=*)", request)[0].Attributes {
			if strings.HasPrefix(a.Name, "member") && a.Name != "memberOf" {
				got = append(got, fmt.Sprintf("%s=%d", a.Name, len(a.Values)))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s returns %q, want %q", request, got, want)
		}
	}
}

func TestRootDSE(t *testing.T) {
	t.Parallel()
	server := serve(t, mockldap.Options{})
	conn, err := goldap.DialURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	root := search(t, conn, "", goldap.ScopeBaseObject, "(objectClass=*)")[0]
	if root.GetAttributeValue("defaultNamingContext") != base ||
		!slices.Contains(root.GetAttributeValues("supportedCapabilities"), "1.2.840.113556.1.4.800") {
		t.Errorf("root DSE without a bind: %v", root.Attributes)
	}
	_, err = conn.Search(goldap.NewSearchRequest(base, goldap.ScopeWholeSubtree, 0, 0, 0, false, "(cn=*)", nil, nil))
	if !goldap.IsErrorWithCode(err, goldap.LDAPResultOperationsError) {
		t.Errorf("a search without a bind: %v, want code 1 as from Active Directory", err)
	}
}

func TestBind(t *testing.T) {
	t.Parallel()
	server := serve(t, mockldap.Options{StartTLS: true, RequireTLS: true})
	conn, err := goldap.DialURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	err = conn.Bind(server.BindDN(), server.BindPassword())
	if !goldap.IsErrorWithCode(err, goldap.LDAPResultStrongAuthRequired) {
		t.Errorf("a bind without encryption: %v, want code 8", err)
	}
	if err := conn.StartTLS(trusting(t, server)); err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{server.BindDN(): true, "svc-terraform@lab.example": true,
		"cn=james porter,ou=people," + base: false, "absent": false} {
		err := conn.Bind(name, server.BindPassword())
		if good && err != nil || !good && !goldap.IsErrorWithCode(err, goldap.LDAPResultInvalidCredentials) {
			t.Errorf("bind as %s: %v", name, err)
		}
	}
}

func TestPasswordsAreNeverHandedOut(t *testing.T) {
	t.Parallel()
	conn := dial(t, serve(t, mockldap.Options{}))
	for _, entry := range search(t, conn, base, goldap.ScopeWholeSubtree, "(userPassword=*)", "*", "+", "userPassword") {
		if entry.GetAttributeValue("userPassword") != "" {
			t.Errorf("%s shows a password", entry.DN)
		}
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	server := serve(t, mockldap.Options{})
	conn := dial(t, server)
	operators := "(memberOf=CN=Lab Operators,OU=Groups," + base + ")"
	d := server.People()
	add := func(users ...people.User) func() bool {
		return func() bool { d.AddUser(users...); return true }
	}
	steps := []struct {
		what   string
		change func() bool
		filter string
		want   int
	}{
		{
			"add a person",
			add(people.User{Username: "new", DisplayName: "New, Person", Email: "new@lab.example"}),
			"(&(sAMAccountType=805306368)(cn=New, Person))",
			1,
		},
		{
			"add one of the same name",
			add(people.User{Username: "new2", DisplayName: "New, Person"}),
			"(displayName=New, Person)",
			2,
		},
		{"add a member", func() bool { return d.AddMember("Lab Operators", "new") }, operators, 8},
		{"add them again", func() bool { return d.AddMember("lab operators", "NEW") }, operators, 8},
		{
			"rename them",
			func() bool { return d.RenameUser("new", "newer") },
			"(&(sAMAccountName=newer)" + operators + ")",
			1,
		},
		{
			"disable them",
			func() bool { return d.SetDisabled("newer", true) },
			"(&(sAMAccountName=newer)(userAccountControl=514))",
			1,
		},
		{"take their mail", func() bool { return d.SetEmail("newer", "") }, "(mail=new@lab.example)", 0},
		{"remove them", func() bool { return d.RemoveUser("newer") }, operators, 7},
		{"remove a member", func() bool { return d.RemoveMember("Lab Operators", "dchen") }, operators, 6},
		{
			"add a group",
			func() bool { d.AddGroup(people.Group{Name: "Night Shift"}); return true },
			"(&(objectClass=group)(cn=Night Shift)(!(member=*)))",
			1,
		},
		{
			"nest it",
			func() bool { return d.AddMember("Lab Operators", "Night Shift") },
			"(&(objectClass=group)" + operators + ")",
			1,
		},
		{"remove it", func() bool { return d.RemoveGroup("Night Shift") }, "(&(objectClass=group)" + operators + ")", 0},
	}
	for _, step := range steps {
		if !step.change() {
			t.Fatalf("%s: a name is unknown", step.what)
		}
		if got := len(search(t, conn, base, goldap.ScopeWholeSubtree, step.filter, "1.1")); got != step.want {
			t.Errorf("after %q %s selects %d, want %d", step.what, step.filter, got, step.want)
		}
	}
	for what, done := range map[string]bool{
		"remove an unknown user":       d.RemoveUser("absent"),
		"a member of an unknown group": d.AddMember("absent", "jporter"),
		"an unknown member":            d.AddMember("Lab Operators", "absent"),
		"rename an unknown user":       d.RenameUser("absent", "x"),
	} {
		if done {
			t.Errorf("%s: it is done", what)
		}
	}
}

func TestBadLDIF(t *testing.T) {
	t.Parallel()
	for name, ldif := range map[string]string{
		"nothing":            "# nothing\n",
		"no dn":              "cn: x\n",
		"no colon":           "dn: dc=x\nnonsense\n",
		"broken base64":      "dn: dc=x\ncn:: %%%\n",
		"broken DN":          "dn: x\ncn: x\n",
		"the same one twice": "dn: dc=x\ndc: x\n\ndn: DC=X\ndc: x\n",
	} {
		if server, err := mockldap.Start(mockldap.Options{LDIF: ldif}); err == nil {
			server.Close()
			t.Errorf("%s: it starts", name)
		}
	}
}

// TestTenThousand holds the mock to its use in tests of cost: look-ups must not read through all people.
func TestTenThousand(t *testing.T) {
	t.Parallel()
	var ldif strings.Builder
	fmt.Fprintf(&ldif, "dn: %s\nobjectClass: domain\ndc: lab\n\n", base)
	for i := range 10_000 {
		fmt.Fprintf(&ldif, "dn: CN=Person %[1]d,%[2]s\nobjectClass: user\ncn: Person %[1]d\n"+
			"sAMAccountName: user%[1]d\n\n", i, base)
	}
	started := time.Now()
	conn := dial(t, serve(t, mockldap.Options{LDIF: ldif.String()}))
	for i := range 1000 {
		filter := fmt.Sprintf("(&(objectClass=user)(|(sAMAccountName=user%[1]d)(cn=user%[1]d)))", i*10)
		if found := search(t, conn, base, goldap.ScopeWholeSubtree, filter); len(found) != 1 {
			t.Fatalf("user%d: %d entries", i*10, len(found))
		}
	}
	result, err := conn.SearchWithPaging(
		goldap.NewSearchRequest(base, goldap.ScopeWholeSubtree, 0, 0, 0, false, "(objectClass=user)", []string{"cn"}, nil),
		1000,
	)
	if err != nil || len(result.Entries) != 10_000 {
		t.Errorf("everyone: %d entries, %v", len(result.Entries), err)
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
	t.Logf("10,000 people loaded, 1,000 looked up and all listed in %s", time.Since(started))
}
