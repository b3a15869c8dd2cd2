// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// What the vendor does not document, one form at a time: import, adopt, change, import into state and destroy work
// with each.
func TestImportedUserOverUndocumentedForms(t *testing.T) {
	t.Parallel()
	forms := map[string]func(*mockvcd.Options){
		"no directory search":        func(o *mockvcd.Options) { o.NoDirectorySearch = true },
		"no list of organizations":   func(o *mockvcd.Options) { o.NoOrgList = true },
		"no Link header":             func(o *mockvcd.Options) { o.NoLinkHeader = true },
		"any filter value":           func(o *mockvcd.Options) { o.AnyFilterValue = true },
		"filters that fold case":     func(o *mockvcd.Options) { o.FilterFoldsCase = true },
		"names kept in case":         func(o *mockvcd.Options) { o.KeepCase = true },
		"a name per provider type":   func(o *mockvcd.Options) { o.NamesPerProviderType = true },
		"role names in XML's answer": func(o *mockvcd.Options) { o.RoleNameInXMLCreate = true },
		"deletion at once":           func(o *mockvcd.Options) { o.Deletion = mockvcd.DeletionAtOnce },
		"deletion by a slow task":    func(o *mockvcd.Options) { o.TaskPolls = 1 },
		"404 for what is missing":    func(o *mockvcd.Options) { o.Missing = mockvcd.Missing404 },
		"odd versions": func(o *mockvcd.Options) {
			if o.Version == "40.0" {
				o.Versions = []string{"39.2", "40.0", "41.0.0-alpha"}
			}
		},
	}
	for form, set := range forms {
		for _, f := range flavours() {
			t.Run(form+" "+f.name, func(t *testing.T) {
				t.Parallel()
				set(&f.options)
				server := startServer(t, f.options)
				server.AddUser("acme", mockvcd.User{Username: "bkhan", PoweredOffVMs: []string{"vm"}})
				if f.options.NamesPerProviderType {
					server.AddUser("acme", mockvcd.User{Username: "anna (ops) o'hara", ProviderType: mockvcd.TypeLocal})
				}
				protocol := configured(t, providerBlock(server))
				acme := acctest.Object{"org": "acme", "allow_update": true}
				for _, name := range []string{"Anna (Ops) O'Hara", "bkhan"} {
					instance := protocol.Instance(userType)
					apply(t, instance, user(name, acme))
					wantEmptyPlan(t, instance, user(name, acme))
					apply(t, instance, user(name, acme, acctest.Object{"enabled": false, "deletion_policy": "delete"}))
					imported := protocol.Instance(userType)
					if text := acctest.Errors(imported.Import("acme/"+name, nil)); text != "" {
						t.Fatalf("import into state: %s", text)
					}
					if imported.State["id"] != instance.State["id"] {
						t.Errorf("imported %v, want %v", imported.State["id"], instance.State["id"])
					}
					apply(t, instance, nil)
				}
				if got := len(deleted(server)); got != 2 {
					t.Errorf("%d users were deleted, want 2", got)
				}
				wantNoLoss(t, server)
			})
		}
	}
}
