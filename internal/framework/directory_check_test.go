// SPDX-License-Identifier: MPL-2.0

package framework_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// labSet is a set whose directory is the lab.
func labSet(t *testing.T, checkNames string) (*clients.Set, *mockldap.Server) {
	t.Helper()
	server, err := mockldap.Start(mockldap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return setOf(
		t,
		checkNames,
		directory.Config{URL: server.URL(), BindDN: server.BindDN(), BindPassword: server.BindPassword()},
	), server
}

func setOf(t *testing.T, checkNames string, config directory.Config) *clients.Set {
	t.Helper()
	client, err := directory.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return clients.NewSet(clients.Options{LDAP: client, CheckNames: checkNames})
}

func TestCheckDirectoryName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, checkNames string
		severity         diag.Severity // 0 = nothing is said
		words            string
	}{
		{"jporter", "error", 0, ""},
		{"JPORTER", "error", 0, ""},
		{"jporter@lab.example", "error", 0, ""},
		{"James Porter", "error", 0, ""},
		{
			"jportr", "error", diag.SeverityError,
			`Unknown Directory User "jportr": The directory has no person of the name "jportr" (login, mail and display ` +
				`name were compared). Did you mean "jporter"? To plan`,
		},
		{"jportr", "warn", diag.SeverityWarning, `Did you mean "jporter"?`},
		{"jportr", "off", 0, ""},
		{
			`LAB\jporter`, "error", diag.SeverityError,
			`were compared). Write the user name without the domain in front of it: "jporter".`,
		},
		{"*", "error", diag.SeverityError, `Unknown Directory User "*"`},
		{"zzzzzz", "error", diag.SeverityError, `were compared). To plan`},
		{
			"John Smith", "error", diag.SeverityError,
			`2 people in the directory have the name "John Smith": "jsmith" (CN=John Smith,OU=People,DC=lab,DC=example) and ` +
				`"jsmith2" (CN=`,
		},
		{"John Smith", "warn", diag.SeverityWarning, `Use the login name of the person you mean`},
		{"vcontractor", "error", diag.SeverityWarning, `Account That Cannot Log In: The account`},
		{"vcontractor", "off", 0, ""},
	} {
		t.Run(c.name+" "+c.checkNames, func(t *testing.T) {
			t.Parallel()
			set, _ := labSet(t, c.checkNames)
			diags := framework.CheckDirectoryName(t.Context(), set, c.name, path.Root("name"))
			if c.severity == 0 {
				if len(diags) != 0 {
					t.Errorf("said %v, want nothing", diags)
				}
				return
			}
			if len(diags) != 1 || diags[0].Severity() != c.severity {
				t.Fatalf("said %v, want one of severity %v", diags, c.severity)
			}
			if text := diags[0].Summary() + ": " + diags[0].Detail(); !strings.Contains(text, c.words) {
				t.Errorf("said %q, want %q in it", text, c.words)
			}
			if at, ok := diags[0].(diag.DiagnosticWithPath); !ok || !at.Path().Equal(path.Root("name")) {
				t.Errorf("said it at another place: %v", diags[0])
			}
		})
	}
}

// TestAmbiguousNameHasBase: the base DN that tells the people apart is written so that it can be copied.
func TestAmbiguousNameHasBase(t *testing.T) {
	t.Parallel()
	set, server := labSet(t, "error")
	server.People().AddUser(
		people.User{Username: "twin1", DisplayName: "Twin", DN: `CN=Twin,OU=Köln\, West,DC=lab,DC=example`},
		people.User{Username: "twin2", DisplayName: "Twin", DN: "CN=Twin,OU=People,DC=lab,DC=example"},
	)
	diags := framework.CheckDirectoryName(t.Context(), set, "Twin", path.Root("name"))
	want := `such as "OU=Köln\\, West,DC=lab,DC=example".`
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), want) {
		t.Errorf("said %v, want %s", diags, want)
	}
}

func TestCheckDirectoryNameWithoutDirectory(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]*clients.Set{
		"provider not configured": nil,
		"ldap not configured":     clients.NewSet(clients.Options{}),
		"ldap not known yet": clients.NewSet(clients.Options{
			Unknown: map[clients.Platform]string{clients.LDAP: "ldap.bind_password"},
		}),
	} {
		if diags := framework.CheckDirectoryName(t.Context(), set, "absent", path.Root("name")); len(diags) != 0 {
			t.Errorf("%s: said %v, want nothing", name, diags)
		}
	}
}

// TestCheckDirectoryNameUnreachable checks many names at once, as a plan does, against a server that is not there, and
// against one that does not take the password.
func TestCheckDirectoryNameUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := "ldap://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, server := labSet(t, "error")
	wrongPassword := directory.Config{URL: server.URL(), BindDN: server.BindDN(), BindPassword: "wrong"}
	for _, c := range []struct {
		name, checkNames string
		config           directory.Config
		severity         diag.Severity
	}{
		{"unreachable", "error", directory.Config{URL: nowhere}, diag.SeverityWarning},
		{"wrong password", "error", wrongPassword, diag.SeverityError},
		{"wrong password, warned of", "warn", wrongPassword, diag.SeverityWarning},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := setOf(t, c.checkNames, c.config)
			var mu sync.Mutex
			var said diag.Diagnostics
			var done sync.WaitGroup
			for i := range 50 {
				done.Go(func() {
					diags := framework.CheckDirectoryName(t.Context(), set, fmt.Sprintf("user%d", i), path.Root("name"))
					mu.Lock()
					defer mu.Unlock()
					said = append(said, diags...) // not Append, which leaves out repeated ones
				})
			}
			done.Wait()
			if len(said) != 1 || said[0].Severity() != c.severity || said[0].Summary() != framework.SummaryNotChecked {
				t.Errorf("said %v, want it once with severity %v", said, c.severity)
			}
		})
	}
	if server.Binds() != 2 {
		t.Errorf("%d binds with the wrong password, want 1 a run", server.Binds())
	}
}
