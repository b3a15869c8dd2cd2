// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestImportedUserList(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddUser("acme",
			mockvcd.User{Username: "jporter", FullName: "James Porter", Email: "jporter@lab.example", Enabled: true},
			mockvcd.User{Username: "local", ProviderType: mockvcd.TypeLocal},
			mockvcd.User{Username: "anna", ProviderType: mockvcd.TypeSAML})
		protocol := configured(t, providerBlock(server))
		names := func(config acctest.Object, limit int64) string {
			var found []string
			for _, listed := range protocol.List(userType, config, false, limit) {
				if text := acctest.Errors(listed.Diagnostics); text != "" {
					t.Error(text)
				}
				found = append(found, listed.DisplayName+" = "+fmt.Sprint(listed.Identity["org"], "/", listed.Identity["name"]))
			}
			slices.Sort(found)
			return fmt.Sprint(found)
		}
		acme := acctest.Object{"org": "acme"}
		if got, want := names(acme, 0), "[acme/anna = acme/anna acme/jporter (James Porter) = acme/jporter]"; got != want {
			t.Errorf("listed %s, want %s: imported users, no local ones", got, want)
		}
		if got, want := names(acctest.Object{"org": "acme", "name_contains": "PORT"}, 0), "[acme/jporter (James Porter) = "+
			"acme/jporter]"; got != want {
			t.Errorf("listed %s, want %s", got, want)
		}
		if n := len(protocol.List(userType, acme, false, 1)); n != 1 {
			t.Errorf("%d results, want the limit of 1", n)
		}

		for _, listed := range protocol.List(userType, acctest.Object{"org": "acme", "name_contains": "jporter"}, true, 0) {
			instance := protocol.Instance(userType)
			if text := acctest.Errors(instance.Import("", listed.Identity)); text != "" {
				t.Fatal(text)
			}
			if got, want := fmt.Sprint(listed.Resource), fmt.Sprint(instance.State); got != want {
				t.Errorf("the listed resource is\n%s\nand imports as\n%s", got, want)
			}
		}
		for _, listed := range protocol.List(userType, acctest.Object{"org": "nowhere"}, false, 0) {
			wantError(t, "an organization that does not exist", listed.Diagnostics, "nowhere")
		}
	})
}

// A user or group who is deleted after the list was read is no error of the list.
func TestListsLeaveOutWhatIsGone(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddUser("acme", mockvcd.User{Username: "anna"}, mockvcd.User{Username: "bkhan"})
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Operators"})
		paths := map[string]string{groupType: "/cloudapi/1.0.0/groups/*/users"}
		if f.xml {
			paths = map[string]string{userType: "/api/admin/user/*", groupType: "/api/admin/group/*"}
		}
		for kind, path := range paths {
			server.Faults().Add(faults.Rule{Method: http.MethodGet, Path: path, Fault: faults.Call(func() {
				server.RemoveUser("acme", "anna")
				server.RemoveGroup("acme", "Lab Engineers")
			})})
			listed := configured(t, tenantBlock(server, "acme")).List(kind, acctest.Object{}, true, 0)
			if len(listed) != 1 || acctest.Errors(listed[0].Diagnostics) != "" {
				t.Errorf("%s: %+v", kind, listed)
			}
			server.AddUser("acme", mockvcd.User{Username: "anna"})
			server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
		}
	})
}
