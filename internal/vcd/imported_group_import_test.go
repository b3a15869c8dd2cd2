// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestImportedGroupImport(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		server.AddGroup("acme", mockvcd.Group{Name: "50% Off/Team"})
		name := spelled(server, "50% Off/Team", "50% off/team")
		p := configured(t, tenantBlock(server, "acme"))
		for what, importIt := range map[string]func(*acctest.Instance) string{
			"ID": func(i *acctest.Instance) string { return acctest.Errors(i.Import("ACME/"+name, nil)) },
			"identity": func(i *acctest.Instance) string {
				return acctest.Errors(i.Import("", acctest.Object{"org": "ACME", "name": name}))
			},
		} {
			instance := p.Instance(groupType)
			if text := importIt(instance); text != "" {
				t.Fatalf("%s: %s", what, text)
			}
			wantEmptyPlan(t, instance, groupConfig("50% Off/Team", acctest.Object{"org": "acme"}))
			wantEmptyPlan(t, instance, groupConfig(spelled(server, "50% Off/Team", "50% OFF/TEAM"), nil))
			if fmt.Sprint(instance.Identity) != "map[name:"+name+" org:ACME]" || instance.State["created"] != false {
				t.Errorf("%s: identity %v, state %v", what, instance.Identity, instance.State)
			}
		}
		for id, words := range map[string][]string{
			"acme/nothing":     {`Organization "acme" has no group of that name`},
			"acme/50% of/Team": {`Did you mean "50% Off/Team"?`},
			"nowhere/a":        {"org: ", "nowhere"},
			"50% off":          {"ORG/NAME"},
			"/50% off/team":    {"ORG/NAME"},
			"acme/":            {"ORG/NAME"},
		} {
			wantError(t, id, p.Instance(groupType).Import(id, nil), words...)
		}
	})
}

func TestImportedGroupReplacements(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	server.People().AddGroup(people.Group{Name: "Lab Operators"})
	instance := configured(t, providerBlock(server)).Instance(groupType)
	apply(t, instance, groupConfig("Lab Engineers", acctest.Object{"org": "acme"}))
	for what, c := range map[string]struct {
		config   acctest.Object
		replaces bool
	}{
		"another organization": {groupConfig("Lab Engineers", acctest.Object{"org": "globex"}), true},
		"another name":         {groupConfig("Lab Operators", acctest.Object{"org": "acme"}), true},
		"another provider type": {groupConfig("Lab Engineers", acctest.Object{"org": "acme",
			"provider_type": "SAML"}), true},
		"the organization left out": {groupConfig("Lab Engineers", nil), false},
		"other spelling":            {groupConfig("LAB engineers", acctest.Object{"org": "ACME"}), false},
		"roles, description and policy": {groupConfig("Lab Engineers", acctest.Object{"roles": []any{mockvcd.RoleConsole},
			"description": "x", "deletion_policy": "delete"}), false},
	} {
		resp, _ := instance.Plan(c.config)
		if text := acctest.Errors(resp.Diagnostics); text != "" || (len(resp.RequiresReplace) > 0) != c.replaces {
			t.Errorf("%s: replaces %v; %s", what, resp.RequiresReplace, text)
		}
	}
}

func TestImportedGroupThatVanishes(t *testing.T) {
	t.Parallel()
	eachFlavour(t, func(t *testing.T, _ flavour, server *mockvcd.Server) {
		instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
		apply(t, instance, groupConfig("Lab Engineers", nil))
		server.RemoveGroup("acme", "Lab Engineers")
		wantError(t, "update", instance.Apply(groupConfig("Lab Engineers", acctest.Object{"description": "new"})),
			"Plan again")
		apply(t, instance, nil)
	})
}

func TestImportedGroupCost(t *testing.T) {
	t.Parallel()
	server := startServer(t, mockvcd.Options{})
	instance := configured(t, tenantBlock(server, "acme")).Instance(groupType)
	apply(t, instance, groupConfig("Lab Engineers", nil)) // logs in, plans and looks up roles
	apply(t, instance, nil)

	server.ResetRequests()
	apply(t, instance, groupConfig("Lab Engineers", nil))
	if n := len(server.Requests()); n > 3 { // search, list, import
		t.Errorf("plan and create took %d requests, want 3: %+v", n, server.Requests())
	}
	server.ResetRequests()
	wantEmptyPlan(t, instance, groupConfig("Lab Engineers", nil))
	if n := len(server.Requests()); n > 2 { // group and users
		t.Errorf("refresh and plan took %d requests, want 2: %+v", n, server.Requests())
	}
}
