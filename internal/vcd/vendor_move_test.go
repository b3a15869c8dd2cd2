// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const (
	vendor        = "registry.terraform.io/vmware/vcd"
	vendorsMirror = "registry.opentofu.org/vmware/vcd"
)

// vendorState is the state of a user of the vendor's provider, with every attribute that it keeps.
func vendorState(u mockvcd.User, org, providerType string, external bool) string {
	return fmt.Sprintf(`{"id":%q,"org":%s,"name":%q,"role":%q,"provider_type":%q,"is_external":%t,
		"description":%q,"full_name":%q,"email_address":%q,"telephone":%q,"enabled":%t,
		"is_locked":false,"is_group_role":false,"deployed_vm_quota":0,"stored_vm_quota":0,
		"take_ownership":false,"password":null,"password_file":null,"instant_messaging":"","group_names":[]}`,
		u.ID, org, u.Username, u.Roles[0], providerType, external,
		u.Description, u.FullName, u.Email, u.Telephone, u.Enabled)
}

// vendorGroupState is the state of group "Lab Engineers" of the vendor's provider. Its org is JSON: a string or null.
func vendorGroupState(id, org string) string {
	return fmt.Sprintf(`{"id":%q,"org":%s,"name":"Lab Engineers","role":"vApp User","provider_type":"INTEGRATED",
		"description":""}`, id, org)
}

func TestMoveFromTheVendorsUser(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddUser("acme",
			mockvcd.User{Username: "jporter", FullName: "James Porter", Email: "jporter@lab.example", Enabled: true,
				Description: "kept"},
			mockvcd.User{Username: "anna@sso", ProviderType: mockvcd.TypeSAML, Roles: []string{mockvcd.RoleConsole}})
		jporter, anna := serverUser(t, server, "acme", "jporter"), serverUser(t, server, "acme", "anna@sso")
		for what, c := range map[string]struct {
			address, state string
			config         acctest.Object
		}{
			"LDAP": {vendor, vendorState(jporter, `"acme"`, "INTEGRATED", true),
				user("jporter", acctest.Object{"description": "kept"})},
			"OpenTofu's registry": {vendorsMirror, vendorState(jporter, `"acme"`, "LDAP", true),
				user("jporter", acctest.Object{"description": "kept"})},
			"the provider's org": {vendor, vendorState(jporter, `null`, "INTEGRATED", true),
				user("jporter", acctest.Object{"description": "kept", "org": "acme"})},
			"an empty org": {vendor, vendorState(jporter, `""`, "INTEGRATED", true),
				user("jporter", acctest.Object{"description": "kept"})},
			"SAML": {vendor, vendorState(anna, `"acme"`, "SAML", true),
				user("anna@sso", acctest.Object{"provider_type": "SAML", "enabled": false, "roles": []any{mockvcd.RoleConsole}})},
			"an old link for id": {vendor, strings.Replace(vendorState(jporter, `"acme"`, "INTEGRATED", true),
				"urn:vcloud:user:", "https://vcd/api/admin/user/", 1), user("jporter", acctest.Object{"description": "kept"})},
		} {
			instance := configured(t, tenantBlock(server, "acme")).Instance(userType)
			server.ResetRequests()
			if text := acctest.Errors(instance.Move(c.address, "vcd_org_user", c.state)); text != "" {
				t.Errorf("%s: %s", what, text)
				continue
			}
			if n := len(server.Requests()); n > 0 {
				t.Errorf("%s: the move sent %d requests", what, n)
			}
			if planned, _ := instance.Plan(c.config); len(planned.RequiresReplace) > 0 ||
				acctest.Errors(planned.Diagnostics) != "" {
				t.Errorf("%s: a plan without a refresh replaces the user: %v", what, planned.RequiresReplace)
			}
			wantEmptyPlan(t, instance, c.config)
			if instance.State["created"] != false || instance.State["org"] != "acme" ||
				instance.State["deletion_policy"] != "auto" ||
				instance.State["take_ownership"] != true || instance.Identity["org"] != "acme" {
				t.Errorf("%s: state %v, identity %v", what, instance.State, instance.Identity)
			}
		}
		if n := server.Count("PUT", "") + server.Count("POST", "") + server.Count("DELETE", ""); n > 1 { // the login is one
			t.Errorf("%d changes", n)
		}
	})
}

func TestMoveFromTheVendorsGroup(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, f flavour, server *mockvcd.Server) {
		server.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", Description: "R&D"})
		group := server.Groups("acme")[0]
		for what, c := range map[string]struct{ address, org, providerType string }{
			"LDAP": {vendor, `"acme"`, "INTEGRATED"}, "no org": {vendorsMirror, `null`, "LDAP"},
		} {
			instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
			state := fmt.Sprintf(`{"id":%q,"org":%s,"name":%q,"role":%q,"provider_type":%q,"description":%q}`,
				group.ID, c.org, group.Name, group.Roles[0], c.providerType, group.Description)
			if text := acctest.Errors(instance.Move(c.address, "vcd_org_group", state)); text != "" {
				t.Errorf("%s: %s", what, text)
				continue
			}
			wantEmptyPlan(t, instance, groupConfig("Lab Engineers", acctest.Object{"description": "R&D"}))
			if instance.State["created"] != false || instance.State["org"] != "acme" {
				t.Errorf("%s: state %v", what, instance.State)
			}
		}
	})
}

// A provider administrator's login organization is System, which is not where the user is.
func TestMoveAsProviderAdministrator(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	server.AddUser("globex", mockvcd.User{Username: "jporter", Enabled: true})
	server.AddGroup("globex", mockvcd.Group{Name: "Lab Engineers"})
	jporter, group := serverUser(t, server, "globex", "jporter"), server.Groups("globex")[0]
	p := configured(t, providerBlock(server))

	moved := p.Instance(userType)
	if text := acctest.Errors(moved.Move(vendor, "vcd_org_user",
		vendorState(jporter, `""`, "INTEGRATED", true))); text != "" {
		t.Fatal(text)
	}
	wantEmptyPlan(t, moved, user("jporter", acctest.Object{"org": "globex"}))

	movedGroup := p.Instance(groupType)
	if text := acctest.Errors(movedGroup.Move(vendor, "vcd_org_group", vendorGroupState(group.ID, `""`))); text != "" {
		t.Fatal(text)
	}
	wantEmptyPlan(t, movedGroup, groupConfig("Lab Engineers", acctest.Object{"org": "globex"}))
	if moved.State["org"] != "globex" || movedGroup.State["org"] != "globex" {
		t.Errorf("organizations %v and %v", moved.State["org"], movedGroup.State["org"])
	}
}

func TestMoveRefusals(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	server.AddUser("acme", mockvcd.User{Username: "local", ProviderType: mockvcd.TypeLocal, Enabled: true})
	local := serverUser(t, server, "acme", "local")
	p := configured(t, tenantBlock(server, "acme"))
	for what, c := range map[string]struct {
		target, address, source, state string
		words                          []string
	}{
		"a local user": {userType, vendor, "vcd_org_user", vendorState(local, `"acme"`, "INTEGRATED", false),
			[]string{"provider_type: ", `"local"`, "local user", "moved block"}},
		"a local user, spelled": {userType, vendor, "vcd_org_user", vendorState(local, `"acme"`, "LOCAL", false),
			[]string{"local user"}},
		"an unknown type": {userType, vendor, "vcd_org_user", vendorState(local, `"acme"`, "KERBEROS", true),
			[]string{`"KERBEROS"`}},
		"another provider": {userType, "registry.terraform.io/acme/vcd", "vcd_org_user", `{}`, []string{"Move"}},
		"another resource": {userType, vendor, "vcd_org_group", `{}`, []string{"Move"}},
		"a group of that type": {groupType, vendor, "vcd_org_group", `{"id":"a","name":"b","provider_type":"LOCAL"}`,
			[]string{`"LOCAL"`}},
		"no state": {groupType, vendor, "vcd_org_group", `[]`, []string{"Unable to Read the State"}},
	} {
		instance := p.Instance(c.target)
		wantError(t, what, instance.Move(c.address, c.source, c.state), c.words...)
		if instance.State != nil {
			t.Errorf("%s: state %v", what, instance.State)
		}
	}
}
