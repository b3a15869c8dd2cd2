// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// vendorResource is a resource of the vendor's provider in a state file: instances by the key of for_each, "" for none.
func vendorResource(typeName, name string, instances map[string]string) map[string]any {
	var list []any
	for key, attributes := range instances {
		instance := map[string]any{"schema_version": 0, "attributes": json.RawMessage(attributes),
			"sensitive_attributes": []any{}}
		if key != "" {
			instance["index_key"] = key
		}
		list = append(list, instance)
	}
	return map[string]any{
		"mode": "managed", "type": typeName, "name": name, "provider": fmt.Sprintf("provider[%q]", vendor), "instances": list,
	}
}

// vendorsProvider builds the stand-in for the vendor's provider, once, and returns the folder of its binary.
var vendorsProvider = sync.OnceValues(func() (string, error) {
	return acctest.Build("terraform-provider-vcd",
		"github.com/external-directory/terraform-provider-directory/internal/acctest/vendorvcd")
})

// vendorsWorkspace is a workspace whose state the vendor's provider wrote.
func vendorsWorkspace(t *testing.T, config string, resources ...map[string]any) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, config)
	dir, err := vendorsProvider()
	if err != nil {
		t.Fatal(err)
	}
	w.Override(vendor, dir)
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "a", "outputs": map[string]any{},
		"resources": resources,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Write("terraform.tfstate", string(state))
	return w
}

func TestAccMoveFromTheVendorsProvider(t *testing.T) {
	t.Parallel()
	for _, f := range flavours() {
		if f.options.Version == "40.0" {
			continue // the vendor's provider does not go that far
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, f.options)
			server.AddUser("acme", mockvcd.User{Username: "jporter", Enabled: true},
				mockvcd.User{Username: "anna", Enabled: true})
			server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers"})
			group := server.Groups("acme")[0]
			w := vendorsWorkspace(t, tenantHCL(server, "acme")+`
resource "directory_vcd_imported_user" "people" {
  for_each = toset(["jporter", "anna"])
  name     = each.key
  roles    = ["vApp User"]
}
resource "directory_vcd_imported_group" "lab" {
  name  = "Lab Engineers"
  roles = ["vApp User"]
}
moved {
  from = vcd_org_user.people
  to   = directory_vcd_imported_user.people
}
moved {
  from = vcd_org_group.lab
  to   = directory_vcd_imported_group.lab
}
`,
				vendorResource("vcd_org_user", "people", map[string]string{
					"jporter": vendorState(serverUser(t, server, "acme", "jporter"), `"acme"`, "INTEGRATED", true),
					"anna":    vendorState(serverUser(t, server, "acme", "anna"), `null`, "INTEGRATED", true),
				}),
				vendorResource("vcd_org_group", "lab", map[string]string{
					"": vendorGroupState(group.ID, `null`),
				}))
			plan := w.Terraform("plan")
			if plan.Code != 0 || strings.Count(plan.Output, "has moved to") != 3 ||
				!strings.Contains(plan.Output, "0 to add, 0 to change, 0 to destroy") {
				t.Fatalf("the plan does not just move:\n%s", plan.Output)
			}
			if apply := w.Terraform("apply", "-auto-approve"); apply.Code != 0 || !strings.Contains(apply.Output, "0 added, "+
				"0 changed, 0 destroyed") {
				t.Fatalf("apply:\n%s", apply.Output)
			}
			if again := w.Terraform("plan", "-detailed-exitcode"); again.Code != 0 {
				t.Errorf("the next plan is not empty:\n%s", again.Output)
			}
			for _, instance := range w.Instances() {
				if instance.Attributes["created"] != false || instance.Attributes["org"] != "acme" {
					t.Errorf("%s %v: %v", instance.Type, instance.Key, instance.Attributes)
				}
			}
			if destroy := w.Terraform("destroy", "-auto-approve"); destroy.Code != 0 || len(server.Users("acme")) != 3 ||
				len(server.Groups("acme")) != 1 {
				t.Errorf("destroying what was moved took people away:\n%s", destroy.Output)
			}
		})
	}
}

func TestAccMoveOfALocalUserIsRefused(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	server.AddUser("acme", mockvcd.User{Username: "local", ProviderType: mockvcd.TypeLocal, Enabled: true})
	state := vendorState(serverUser(t, server, "acme", "local"), `"acme"`, "INTEGRATED", false)
	w := vendorsWorkspace(t, tenantHCL(server, "acme")+`
resource "directory_vcd_imported_user" "local" {
  name  = "local"
  roles = ["vApp User"]
}
moved {
  from = vcd_org_user.local
  to   = directory_vcd_imported_user.local
}
`, vendorResource("vcd_org_user", "local", map[string]string{"": state}))
	plan := w.Terraform("plan")
	if plan.Code != 1 || !strings.Contains(plan.Output, `Unable to Move Cloud Director User "local"`) ||
		!strings.Contains(plan.Output, "local user") {
		t.Errorf("%s", plan.Output)
	}
}
