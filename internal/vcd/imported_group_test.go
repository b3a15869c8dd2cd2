// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const (
	groupType    = "directory_vcd_imported_group"
	groupAddress = groupType + ".this"
)

// groupHCL is a resource with these lines.
func groupHCL(lines ...string) string {
	return fmt.Sprintf(`resource "directory_vcd_imported_group" "this" {
  %s
}
`, strings.Join(lines, "\n  "))
}

// groupConfig is a configuration of the resource over the protocol: the defaults are left to the provider.
func groupConfig(name string, more acctest.Object) acctest.Object {
	config := acctest.Object{"name": name, "roles": []any{mockvcd.RoleVAppUser}}
	maps.Copy(config, more)
	return config
}

func TestAccImportedGroupLifecycle(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		provider, name := tenantHCL(server, "acme"), spelled(server, "Lab Engineers", "lab engineers")
		roles := `["vApp Author"]`
		if server.VCFA() {
			roles = `["vApp Author", "Console Access Only"]`
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			CheckDestroy: func(*terraform.State) error {
				if left := server.Groups("acme"); len(left) > 0 {
					return fmt.Errorf("groups are left: %+v", left)
				}
				return nil
			},
			Steps: []resource.TestStep{
				{
					Config:           provider + groupHCL("name = \""+name+"\"\nroles = [\"vApp User\"]"),
					ConfigPlanChecks: emptyPlan,
					Check: resource.ComposeAggregateTestCheckFunc(
						acctest.Attributes{
							"org": "acme", "name": name, "created": "true", "provider_type": "LDAP", "user_names.#": "0",
						}.At(groupAddress),
						resource.TestCheckResourceAttrSet(groupAddress, "name_in_source"),
						resource.TestCheckResourceAttrSet(groupAddress, "id"),
					),
				},
				{ // another spelling is no change; a user imported after the group shows after a refresh
					Config: provider + groupHCL("name = \"Lab Engineers\"\nroles = "+roles+"\ndescription = \"R&D\"") +
						`resource "directory_vcd_imported_user" "anna" {
  name = "anna"
  roles = ["vApp User"]
}
`,
					ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(groupAddress,
							plancheck.ResourceActionUpdate)},
						PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					},
					Check: func(*terraform.State) error {
						g := server.Groups("acme")[0]
						if got := fmt.Sprint(g.Roles); got != "["+strings.NewReplacer(`"`, "", ",", "", "[", "", "]",
							"").Replace(roles)+"]" && !server.VCFA() {
							return fmt.Errorf("roles %s", got)
						}
						if g.Description != "R&D" || len(g.Members) != 1 {
							return fmt.Errorf("the server has %+v", g)
						}
						return nil
					},
				},
				{
					RefreshState: true,
					Check:        resource.TestCheckResourceAttr(groupAddress, "user_names.0", "anna"),
				},
				{
					ResourceName: groupAddress, ImportState: true, ImportStateId: "acme/" + spelled(server, "Lab Engineers",
						"LAB ENGINEERS"), ImportStateVerify: true,
					ImportStateVerifyIdentifierAttribute: "id",
					ImportStateVerifyIgnore:              []string{"created", "name"},
				},
			},
		})
	})
}

func TestAccImportedGroupByImportBlock(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddGroup("globex", mockvcd.Group{Name: "Lab Engineers"})
		provider := acctest.VCDProvider(server.URL(), mockvcd.SystemOrg, mockvcd.ProviderUsername, mockvcd.Password)
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories(),
			Steps: []resource.TestStep{{
				Config: provider + groupHCL(`org = "globex"`, `name = "Lab Engineers"`, `roles = ["vApp User"]`) +
					"import {\n  to = " + groupAddress + "\n  id = \"globex/Lab Engineers\"\n}\n",
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(groupAddress,
						plancheck.ResourceActionNoop)},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				Check: resource.TestCheckResourceAttr(groupAddress, "created", "false"),
			}},
		})
		if len(server.Groups("globex")) != 1 {
			t.Error("the destroy of an imported resource deleted a group that it had not created")
		}
	})
}

func TestImportedGroupIsAdopted(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", Roles: []string{mockvcd.RoleConsole}})
		name := spelled(server, "Lab Engineers", "lab engineers")
		instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
		wantWarning(t, "adoption", apply(t, instance, groupConfig(name, acctest.Object{"allow_update": true})),
			"Will Be Adopted", "Console Access Only", "deletion_policy")
		if instance.State["created"] != false || fmt.Sprint(instance.Identity) != "map[name:"+name+" org:acme]" {
			t.Errorf("state %v, identity %v", instance.State, instance.Identity)
		}
		if roles := server.Groups("acme")[0].Roles; fmt.Sprint(roles) != "[vApp User]" {
			t.Errorf("roles %v", roles)
		}
		wantEmptyPlan(t, instance, groupConfig(name, acctest.Object{"allow_update": true}))
		instance = instance.In(configured(t, tenantBlock(server, "acme"))) // another run: the plan tells
		wantWarning(t, "destroy", apply(t, instance, nil), "Left in Place")
		if len(server.Groups("acme")) != 1 {
			t.Error("the adopted group was deleted")
		}
	})
}

func TestImportedGroupDeletionPolicies(t *testing.T) {
	t.Parallel()
	for policy, left := range map[string]int{"auto": 0, "delete": 0, "abandon": 1} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, mockvcd.Options{})
			instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
			apply(t, instance, groupConfig("Lab Engineers", nil))
			server.ResetRequests()
			apply(t, instance, groupConfig("Lab Engineers", acctest.Object{"deletion_policy": policy}))
			if n := len(server.Requests()); n > 0 {
				t.Errorf("a new deletion policy took %d requests", n)
			}
			apply(t, instance, nil)
			if got := len(server.Groups("acme")); got != left {
				t.Errorf("%d groups are left, want %d", got, left)
			}
		})
	}
}

func TestImportedGroupPlanChecks(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		p := configured(t, tenantBlock(server, "acme"))
		plan := func(config acctest.Object) string {
			resp, _ := p.Instance(groupType).Plan(config)
			return acctest.Errors(resp.Diagnostics)
		}
		wantWords(t, "unknown role", plan(groupConfig("Lab Engineers", acctest.Object{"roles": []any{"vApp Usr"}})),
			[]string{"roles", `"vApp Usr"`, `Did you mean "vApp User"`, "Organization Administrator"})
		several := plan(groupConfig("Lab Engineers", acctest.Object{"roles": []any{mockvcd.RoleVAppUser,
			mockvcd.RoleConsole}}))
		if server.VCFA() != (several == "") {
			t.Errorf("two roles: %s", several)
		}
		unknown := plan(groupConfig("Lab Enginers", nil))
		if f.xml != (unknown == "") || !f.xml && (!strings.Contains(unknown, `Did you mean "Lab Engineers"`) ||
			!strings.HasPrefix(unknown, "name: ")) {
			t.Errorf("unknown name: %s", unknown)
		}
		if text := plan(groupConfig("Lab Engineers", acctest.Object{"org": "nowhere"})); !strings.HasPrefix(text,
			"org: ") || !strings.Contains(text, `"nowhere"`) {
			t.Errorf("unknown organization: %s", text)
		}
		if text := plan(groupConfig("", acctest.Object{"name": acctest.Unknown, "roles": acctest.Unknown})); text != "" {
			t.Errorf("unknown values: %s", text)
		}
	})
}

// What has left the directory, and a server that is down, do not stand in the way of a plan that needs neither.
func TestImportedGroupPlanNeedsNoServerWithoutNeed(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	first := configured(t, tenantBlock(server, "acme")).Instance(groupType)
	apply(t, first, groupConfig("Lab Engineers", nil))
	instance := configured(t, tenantBlock(server, "acme")).Instance(groupType) // the next run
	instance.State, instance.Private, instance.Identity = first.State, first.Private, first.Identity
	server.Close()
	for what, config := range map[string]acctest.Object{
		"no change":   groupConfig("Lab Engineers", nil),
		"description": groupConfig("Lab Engineers", acctest.Object{"description": "new"}),
		"destroy":     nil,
	} {
		resp, _ := instance.Plan(config)
		if text := acctest.Errors(resp.Diagnostics) + acctest.Warnings(resp.Diagnostics); text != "" {
			t.Errorf("%s: %s", what, text)
		}
	}
	resp, _ := instance.Plan(groupConfig("Lab Engineers", acctest.Object{"roles": []any{mockvcd.RoleConsole}}))
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		t.Errorf("new roles with the server down: %s", text)
	}
	wantWarning(t, "new roles with the server down", resp.Diagnostics, "Not Checked")
}

func TestImportedGroupReadKeepsStateOnDoubt(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		provider := configured(t, providerBlock(server))
		instance := provider.Instance(groupType)
		config := groupConfig("Lab Engineers", acctest.Object{"org": "acme"})
		apply(t, instance, config)

		fresh := configured(t, providerBlock(server)).Instance(groupType)
		fresh.State, fresh.Identity = instance.State, instance.Identity
		server.RemoveGroup("acme", "lab engineers")
		if text := acctest.Errors(fresh.Refresh()); text != "" || fresh.State != nil {
			t.Errorf("a group that is gone: state %v, %s", fresh.State, text)
		}

		lost := configured(t, providerBlock(server)).Instance(groupType)
		lost.State, lost.Identity = instance.State, instance.Identity
		server.RemoveOrg("acme")
		wantError(t, "an organization that is gone", lost.Refresh(), "org: ", "acme")
		if lost.State == nil {
			t.Error("the group left state because its organization was not found")
		}
	})
}

func TestImportedGroupLostAnswerLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		path := "/cloudapi/1.0.0/groups"
		if f.xml {
			path = "/api/admin/org/*/groups"
		}
		server.Faults().Add(faults.Rule{Method: http.MethodPost, Path: path, Fault: faults.CutAfter()})
		instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
		apply(t, instance, groupConfig("Lab Engineers", nil))
		if instance.State["created"] != true || len(server.Groups("acme")) != 1 {
			t.Errorf("state %v, groups %v", instance.State, server.Groups("acme"))
		}
	})
}

func TestImportedGroupErrors(t *testing.T) {
	t.Parallel()
	t.Run("no LDAP", func(t *testing.T) {
		t.Parallel()
		eachFlavour(t, func(t *testing.T, f flavour, _ *mockvcd.Server) {
			options := f.options
			options.OrgsWithoutLDAP = []string{"acme"}
			server := startServer(t, options)
			wantError(t, "create", configured(t, tenantBlock(server,
				"acme")).Instance(groupType).Apply(groupConfig("Lab Engineers", nil)),
				"provider_type: ", "This operation is denied", "set up")
		})
	})
	t.Run("a name that the directory does not know", func(t *testing.T) {
		t.Parallel()
		for _, unknown := range []mockvcd.UnknownNameAnswer{mockvcd.Unknown400, mockvcd.Unknown404} {
			server := startServer(t, mockvcd.Options{Version: "35.0", Unknown: unknown})
			wantError(t, "create", configured(t, tenantBlock(server, "acme")).Instance(groupType).Apply(
				groupConfig("Lab Enginers", nil)), "name: ", "check its spelling", "LDAP settings")
		}
	})
	t.Run("API token", func(t *testing.T) {
		t.Parallel()
		server := startServer(t, mockvcd.Options{})
		block := acctest.Object{"url": server.URL(), "org": "acme", "api_token": mockvcd.APIToken}
		resp, _ := configured(t, block).Instance(groupType).Plan(groupConfig("Lab Engineers", nil))
		wantError(t, "plan", resp.Diagnostics, "API tokens and service accounts cannot", "username and password")
	})
	t.Run("System needs an organization", func(t *testing.T) {
		t.Parallel()
		server := startServer(t, mockvcd.Options{})
		resp, _ := configured(t, providerBlock(server)).Instance(groupType).Plan(groupConfig("Lab Engineers", nil))
		wantError(t, "plan", resp.Diagnostics, "org: ", "System")
	})
	t.Run("another provider type", func(t *testing.T) {
		t.Parallel()
		server := startServer(t, mockvcd.Options{})
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", ProviderType: mockvcd.TypeSAML})
		wantError(t, "create", configured(t, tenantBlock(server,
			"acme")).Instance(groupType).Apply(groupConfig("Lab Engineers", nil)),
			"provider_type: ", "SAML")
	})
}
