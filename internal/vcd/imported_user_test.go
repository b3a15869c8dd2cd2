// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const userType = "directory_vcd_imported_user"

// flavour is one of the servers that everything has to work on.
type flavour struct {
	name    string
	options mockvcd.Options
	xml     bool
}

func flavours() []flavour {
	return []flavour{
		{name: "CloudAPI 37.2", options: mockvcd.Options{Version: "37.2"}},
		{name: "CloudAPI 39.1", options: mockvcd.Options{Version: "39.1", Deletion: mockvcd.DeletionAtOnce}},
		{name: "VCF Automation", options: mockvcd.Options{Version: "40.0", NoXML: true}},
		{name: "XML 35.0", options: mockvcd.Options{Version: "35.0"}, xml: true},
	}
}

// eachFlavour runs a test against every flavour of server.
func eachFlavour(t *testing.T, test func(t *testing.T, f flavour, server *mockvcd.Server)) {
	t.Helper()
	for _, f := range flavours() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			test(t, f, startServer(t, f.options))
		})
	}
}

// spelled is a spelling other than the exact one where the server disregards case.
func spelled(server *mockvcd.Server, exact, other string) string {
	if server.VCFA() {
		return exact
	}
	return other
}

// startServer starts a mock whose directory has five people and a group.
func startServer(t *testing.T, options mockvcd.Options) *mockvcd.Server {
	t.Helper()
	server, err := mockvcd.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	server.People().AddUser(
		people.User{Username: "JPorter", DisplayName: "James Porter", Email: "jporter@lab.example", Telephone: "+1 555 0100"},
		people.User{Username: "anna", DisplayName: "Anna Berg", Email: "anna@lab.example"},
		people.User{Username: "mlopez", DisplayName: "Maria López", Email: "mlopez@lab.example"},
		people.User{Username: "bkhan", DisplayName: "Bilal Khan", Email: "bkhan@lab.example"},
		people.User{Username: "Anna (Ops) O'Hara", DisplayName: "Anna O'Hara"},
	)
	server.People().AddGroup(people.Group{Name: "Lab Engineers"}, "jporter", "anna")
	return server
}

// tenantBlock is the provider's vcd block for the administrator of an organization.
func tenantBlock(server *mockvcd.Server, org string) acctest.Object {
	return acctest.Object{"url": server.URL(), "org": org, "username": mockvcd.Username, "password": mockvcd.Password}
}

func providerBlock(server *mockvcd.Server) acctest.Object {
	return acctest.Object{"url": server.URL(), "org": mockvcd.SystemOrg, "username": mockvcd.ProviderUsername,
		"password": mockvcd.Password}
}

// configured serves the provider over its protocol with that vcd block, without retries so that faults show at once.
func configured(t *testing.T, block acctest.Object) *acctest.Protocol {
	t.Helper()
	return acctest.Configured(t, acctest.Object{"vcd": block, "request_timeout": "5s", "max_retries": int64(0)})
}

// user is a configuration of the resource: the defaults that Terraform would fill in are left to the provider.
func user(name string, more ...acctest.Object) acctest.Object {
	config := acctest.Object{"name": name, "roles": []any{mockvcd.RoleVAppUser}}
	for _, m := range more {
		maps.Copy(config, m)
	}
	return config
}

// apply applies a configuration that has to succeed.
func apply(t *testing.T, instance *acctest.Instance, config acctest.Object) []*tfprotov6.Diagnostic {
	t.Helper()
	diagnostics := instance.Apply(config)
	if text := acctest.Errors(diagnostics); text != "" {
		t.Fatalf("apply: %s", text)
	}
	return diagnostics
}

// wantEmptyPlan refreshes and plans, and wants nothing to change.
func wantEmptyPlan(t *testing.T, instance *acctest.Instance, config acctest.Object) {
	t.Helper()
	if text := acctest.Errors(instance.Refresh()); text != "" {
		t.Fatalf("refresh: %s", text)
	}
	if instance.State == nil {
		t.Fatal("refresh removed the resource")
	}
	resp, planned := instance.Plan(config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Fatalf("plan: %s", text)
	}
	for name, value := range planned {
		if fmt.Sprint(value) != fmt.Sprint(instance.State[name]) {
			t.Errorf("%s: planned %v, state %v", name, value, instance.State[name])
		}
	}
	if len(resp.RequiresReplace) > 0 {
		t.Errorf("the plan replaces: %v", resp.RequiresReplace)
	}
}

// wantError wants an error that holds all of the words.
func wantError(t *testing.T, what string, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	t.Helper()
	wantWords(t, what+": error", acctest.Errors(diagnostics), words)
}

func wantWarning(t *testing.T, what string, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	t.Helper()
	wantWords(t, what+": warning", acctest.Warnings(diagnostics), words)
}

func wantWords(t *testing.T, what, text string, words []string) {
	t.Helper()
	if text == "" {
		t.Fatalf("%s: there is none", what)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s lacks %q:\n%s", what, word, text)
		}
	}
}

// serverUser is a user as the server has them.
func serverUser(t *testing.T, server *mockvcd.Server, org, name string) mockvcd.User {
	t.Helper()
	u, ok := server.User(org, name)
	if !ok {
		t.Fatalf("%s has no user %s", org, name)
	}
	return u
}

// wantNoLoss proves that no deletion took a virtual machine along and that ownership had been taken before each.
func wantNoLoss(t *testing.T, server *mockvcd.Server) {
	t.Helper()
	for _, d := range server.Deletions() {
		if !d.OwnershipTaken || len(d.LostVMs) > 0 {
			t.Errorf("user %s was deleted with ownership taken = %t and lost %v", d.Username, d.OwnershipTaken, d.LostVMs)
		}
	}
}

// deleted are the names of the users that were deleted.
func deleted(server *mockvcd.Server) []string {
	var names []string
	for _, d := range server.Deletions() {
		names = append(names, d.Username)
	}
	slices.Sort(names)
	return names
}
