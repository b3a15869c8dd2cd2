// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const syncAction = "directory_vcd_sync_directory"

func TestSyncDirectory(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{OrgsWithoutLDAP: []string{"globex"}})
	p := configured(t, providerBlock(server))
	apply(t, p.Instance(userType), user("anna", acctest.Object{"org": "acme"}))
	person, _, _ := server.People().FindUser(t.Context(), "anna")
	person.DisplayName = "Anna Stein"
	server.People().AddUser(person)

	progress, diagnostics := p.Invoke(syncAction, acctest.Object{"org": "acme"})
	if text := acctest.Errors(diagnostics); text != "" || len(progress) != 2 || !strings.Contains(progress[0], "acme") {
		t.Errorf("progress %q, %s", progress, text)
	}
	if u := serverUser(t, server, "acme", "anna"); u.FullName != "Anna Stein" {
		t.Errorf("after the synchronization: %+v", u)
	}

	_, diagnostics = configured(t, tenantBlock(server, "acme")).Invoke(syncAction, nil) // a block without config
	if text := acctest.Errors(diagnostics); text != "" {
		t.Error(text)
	}

	_, diagnostics = p.Invoke(syncAction, acctest.Object{"org": "globex"})
	wantError(t, "without LDAP", diagnostics, "org: ", "This operation is denied")

	old := startServer(t, mockvcd.Options{Version: "35.0"})
	_, diagnostics = configured(t, tenantBlock(old, "acme")).Invoke(syncAction, acctest.Object{})
	wantError(t, "before 36.0", diagnostics, "36.0")
}
