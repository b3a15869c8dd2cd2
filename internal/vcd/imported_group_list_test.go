// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestListImportedGroups(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		for _, name := range []string{"Lab Engineers", "Lab Operators", "Accounting"} {
			server.AddGroup("acme", mockvcd.Group{Name: name, Description: "R&D"})
		}
		p := configured(t, tenantBlock(server, "acme"))

		all := p.List(groupType, acctest.Object{}, false, 0)
		if len(all) != 3 || all[0].Resource != nil {
			t.Fatalf("listed %+v", all)
		}
		if first := p.List(groupType, acctest.Object{}, false, 2); len(first) != 2 {
			t.Errorf("%d results in spite of a limit of 2", len(first))
		}
		some := p.List(groupType, acctest.Object{"name_contains": "lab e"}, true, 100)
		if len(some) != 1 || acctest.Errors(some[0].Diagnostics) != "" {
			t.Fatalf("listed %+v", some)
		}
		got := some[0]
		if got.DisplayName != "acme/Lab Engineers" || fmt.Sprint(got.Identity) != "map[name:Lab Engineers org:acme]" ||
			got.Resource["description"] != "R&D" || fmt.Sprint(got.Resource["roles"]) != "[vApp User]" ||
			got.Resource["created"] != false {
			t.Errorf("listed %+v", got)
		}

		// What is listed can be imported, and is then as a read makes it.
		instance := p.Instance(groupType)
		if text := acctest.Errors(instance.Import("", got.Identity)); text != "" {
			t.Fatal(text)
		}
		if text := acctest.Errors(instance.Refresh()); text != "" || fmt.Sprint(instance.State) != fmt.Sprint(got.Resource) {
			t.Errorf("imported %v, listed %v, %s", instance.State, got.Resource, text)
		}
	})
}

func TestListErrorsAreResults(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	results := configured(t, tenantBlock(server, "acme")).List(groupType, acctest.Object{"org": "nowhere"}, false, 100)
	if len(results) != 1 {
		t.Fatalf("results %+v", results)
	}
	wantError(t, "list", results[0].Diagnostics, "nowhere")
}
