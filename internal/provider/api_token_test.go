// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Two Terraforms at once, as in two jobs of a pipeline, share the file of a service account's token: each logs in with
// a token that the other has not spent.
func TestAPITokenFileOfTwoProcesses(t *testing.T) {
	t.Parallel()
	server := acctest.VCD(t, mockvcd.Options{RotateAPITokens: true})
	path := filepath.Join(t.TempDir(), "token.json")
	save(t, path, `{"refresh_token": "`+mockvcd.APIToken+`"}`)
	config := acctest.Provider(
		map[string]acctest.Block{"vcd": {"url": server.URL(), "org": "acme", "api_token_file": path}},
	) +
		`data "directory_vcd_roles" "all" {}
output "roles" { value = data.directory_vcd_roles.all }
`
	var running sync.WaitGroup
	for range 2 {
		workspace := acctest.NewWorkspace(t, config)
		running.Go(func() {
			for range 2 { // the plan and the apply are processes of their own
				if run := workspace.Terraform("apply", "-auto-approve"); run.Code != 0 {
					t.Errorf("apply: %s", run.Output)
				}
			}
		})
	}
	running.Wait()
	text := read(t, path)
	contains(t, text, `"refresh_token": "`+server.APIToken()+`"`)
	if server.Logins() < 4 {
		t.Errorf("%d logins", server.Logins())
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v", info.Mode())
	}
}

func TestAPITokenFileThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	server := acctest.VCD(t, mockvcd.Options{})
	path := filepath.Join(t.TempDir(), "token")
	save(t, path, "very-secret, twice")
	for _, file := range []string{path, path + ".missing"} {
		p := acctest.Configured(t, object{"vcd": object{"url": server.URL(), "org": "acme", "api_token_file": file}})
		_, diagnostics := p.ReadData("directory_vcd_roles", object{})
		text := acctest.Errors(diagnostics)
		contains(t, text, "api_token_file", file)
		if strings.Contains(text, "very-secret") {
			t.Error(text)
		}
	}
}

// An inline token that the server replaced works to the end of this run. One warning says what the next run needs.
func TestInlineAPITokenThatIsReplaced(t *testing.T) {
	t.Parallel()
	server := acctest.VCD(t, mockvcd.Options{RotateAPITokens: true})
	config := object{"vcd": object{"url": server.URL(), "org": "acme", "api_token": mockvcd.APIToken}}
	p := acctest.Configured(t, config)
	var warnings []string
	for range 3 {
		_, diagnostics := p.ReadData("directory_vcd_roles", object{})
		if text := acctest.Errors(diagnostics); text != "" {
			t.Fatal(text)
		}
		if text := acctest.Warnings(diagnostics); text != "" {
			warnings = append(warnings, text)
		}
		server.ExpireSessions()
	}
	if len(warnings) != 1 {
		t.Fatalf("%d warnings: %q", len(warnings), warnings)
	}
	contains(t, warnings[0], "API Token Is Spent", "vcd.api_token_file")
	if strings.Contains(warnings[0], mockvcd.APIToken) || strings.Contains(warnings[0], server.APIToken()) {
		t.Error("a token is shown: " + warnings[0])
	}
	_, diagnostics := acctest.Configured(t, config).ReadData("directory_vcd_roles", object{})
	contains(t, acctest.Errors(diagnostics), "api_token_file")
}

// A query and an action say so too: nothing else in their run would.
func TestInlineAPITokenThatAQueryOrAnActionReplaces(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(p *acctest.Protocol) []*tfprotov6.Diagnostic{
		"query": func(p *acctest.Protocol) (diagnostics []*tfprotov6.Diagnostic) {
			for _, listed := range p.List("directory_vcd_imported_user", object{}, false, 0) {
				diagnostics = append(diagnostics, listed.Diagnostics...)
			}
			return diagnostics
		},
		"action": func(p *acctest.Protocol) []*tfprotov6.Diagnostic {
			_, diagnostics := p.Invoke("directory_vcd_sync_directory", object{})
			return diagnostics
		},
	} {
		server := acctest.VCD(t, mockvcd.Options{RotateAPITokens: true})
		server.AddUser("acme", mockvcd.User{Username: "anna"}, mockvcd.User{Username: "bkhan"})
		p := acctest.Configured(t, object{"vcd": object{"url": server.URL(), "org": "acme", "api_token": mockvcd.APIToken}})
		text := acctest.Warnings(run(p))
		if strings.Count(text, "API Token Is Spent") != 1 {
			t.Errorf("%s: %s", name, text)
		}
	}
}
