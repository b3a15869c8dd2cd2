// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// An account without the right "View Group / User" does not see who is local and who is disabled. Nothing is concluded
// from what it does not see.
func TestDetailsThatTheAccountMayNotSee(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"37.2", "39.1", "40.0"} {
		open := startServer(t, mockvcd.Options{Version: version})
		hiding := startServer(t, mockvcd.Options{Version: version, HideUserDetails: true})
		open.AddUser("acme", mockvcd.User{Username: "anna", Enabled: true})
		hiding.AddUser("acme", serverUser(t, open, "acme", "anna"),
			mockvcd.User{Username: "local", ProviderType: mockvcd.TypeLocal, Enabled: true})
		p := configured(t, tenantBlock(hiding, "acme"))
		const right = "View Group / User"

		for _, name := range []string{"anna", "local"} {
			wantError(t, "import of "+name, p.Instance(userType).Import("acme/"+name, nil), right)
			wantError(t, "adoption of "+name, p.Instance(userType).Apply(user(name, acctest.Object{"allow_update": true,
				"provider_type": "SAML"})), right)
		}
		if listed := p.List(userType, acctest.Object{}, false, 0); len(listed) != 1 {
			t.Errorf("listed %+v", listed)
		} else {
			wantError(t, "list", listed[0].Diagnostics, right)
		}
		instance := configured(t, tenantBlock(open, "acme")).Instance(userType)
		if text := acctest.Errors(instance.Import("acme/anna", nil)); text != "" {
			t.Fatal(text)
		}
		again := instance.In(p)
		wantError(t, "refresh", again.Refresh(), right)
		if again.State == nil || again.State["enabled"] != true {
			t.Errorf("state %v", again.State)
		}

		users, diagnostics := p.ReadData("directory_vcd_users", acctest.Object{})
		if text := acctest.Errors(diagnostics); text != "" || fmt.Sprint(users["usernames"]) != "[anna local orgadmin]" {
			t.Errorf("users %v %s", users["usernames"], text)
		}
		for _, u := range users["users"].([]any) {
			if u := u.(acctest.Object); u["enabled"] != nil || u["provider_type"] != nil {
				t.Errorf("made up: %v", u)
			}
		}
		for _, narrowed := range []acctest.Object{{"imported_only": true}, {"provider_type": "LDAP"}} {
			_, diagnostics = p.ReadData("directory_vcd_users", narrowed)
			wantError(t, fmt.Sprint(narrowed), diagnostics, right)
		}
	}
}
