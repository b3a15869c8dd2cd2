// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

const groupAddress = groupType + ".test"

// groupConfig is a configuration with the group "Lab Engineers" and the given attributes as HCL lines.
func groupConfig(server *cloudshell.Server, lines ...string) string {
	return acctest.CloudShellProvider(server.URL()) + groupBlock(lines...)
}

func groupBlock(lines ...string) string {
	return "resource \"" + groupType + "\" \"test\" {\n  name = \"" + labGroup + "\"\n  " + strings.Join(lines,
		"\n  ") + "\n}\n"
}

// members checks who is in maps of people: attribute, space-separated names, attribute, names...
func members(pairs ...string) resource.TestCheckFunc {
	var checks []resource.TestCheckFunc
	for i := 0; i < len(pairs); i += 2 {
		wanted := strings.Fields(pairs[i+1])
		checks = append(checks, resource.TestCheckResourceAttr(groupAddress, pairs[i]+".%", fmt.Sprint(len(wanted))))
		for _, name := range wanted {
			checks = append(checks, resource.TestCheckResourceAttrSet(groupAddress, pairs[i]+"."+name))
		}
	}
	return resource.ComposeAggregateTestCheckFunc(checks...)
}

// planCheck is any assertion, or event, between plan and apply.
type planCheck func(plan *tfjson.Plan) error

func (c planCheck) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = c(req.Plan)
}

// planNames asserts who is in the maps of people before and after the change, and that planned_values says the same:
// attribute, names before, names after...
func planNames(triples ...string) plancheck.PlanCheck {
	return planCheck(func(plan *tfjson.Plan) error {
		before, after, planned, err := changeOf(plan)
		if err != nil {
			return err
		}
		var failed []error
		for i := 0; i < len(triples); i += 3 {
			name := triples[i]
			for where, got := range map[string]any{"before": before[name], "after": after[name],
				"in planned_values": planned[name]} {
				want := triples[i+2]
				if where == "before" {
					want = triples[i+1]
				}
				if keys := keysOf(got); keys != want {
					failed = append(failed, fmt.Errorf("%s %s has %q, want %q", name, where, keys, want))
				}
			}
		}
		return errors.Join(failed...)
	})
}

func changeOf(plan *tfjson.Plan) (before, after, planned map[string]any, err error) {
	for _, change := range plan.ResourceChanges {
		if change.Address == groupAddress {
			before, _ = change.Change.Before.(map[string]any)
			after, _ = change.Change.After.(map[string]any)
		}
	}
	for _, r := range plan.PlannedValues.RootModule.Resources {
		if r.Address == groupAddress {
			planned = r.AttributeValues
		}
	}
	if after == nil || planned == nil {
		return nil, nil, nil, fmt.Errorf("the plan says nothing of %s", groupAddress)
	}
	return before, after, planned, nil
}

func keysOf(value any) string {
	names, ok := value.(map[string]any)
	if !ok {
		return fmt.Sprint(value)
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), " ")
}

// meanwhile is something that happens between plan and apply.
func meanwhile(event func()) plancheck.PlanCheck {
	return planCheck(func(*tfjson.Plan) error {
		event()
		return nil
	})
}

func inPlace() plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(groupAddress, plancheck.ResourceActionUpdate)
}

// planned is a step that something happens before, whose plan is checked, and which is applied. plugin-testing checks
// that a second plan is empty.
func planned(
	happens func(), config string, checks []plancheck.PlanCheck, after ...resource.TestCheckFunc,
) resource.TestStep {
	return resource.TestStep{
		PreConfig: happens, Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks},
		Check: resource.ComposeAggregateTestCheckFunc(after...),
	}
}

func (w *world) check(assert func()) resource.TestCheckFunc {
	return check(func() error { assert(); return nil })
}

// accWorld is a world for tests with the Terraform CLI, which serves the provider itself.
func accWorld(t *testing.T, options cloudshell.Options) *world {
	t.Helper()
	directory := lab()
	options.Directory = directory
	w := &world{t: t, directory: directory, server: start(t, options)}
	w.engineers, w.guests = w.server.AddGroup("Engineers").ID, w.server.AddGroup("Guests").ID
	return w
}

func TestAccImportedGroup_namesPeople(t *testing.T) {
	w := accWorld(t, cloudshell.Options{})
	config := groupConfig(w.server, `groups = ["Engineers"]`, `departed_members = "deactivate"`)
	run(t,
		apply(config, members("directory_members", "anna bert cleo", "members", "anna bert cleo", "created_members",
			"anna bert cleo", "outdated_members", ""),
			resource.TestCheckResourceAttr(groupAddress, "members.anna", "Anna Lab"),
			resource.TestCheckResourceAttr(groupAddress, "id", labGroup),
			resource.TestCheckResourceAttr(groupAddress, "distinguished_name", "CN=Lab Engineers,OU=Groups,DC=lab,DC=example")),
		// A person joins.
		planned(func() { w.directory.AddMember(labGroup, "dora") }, config,
			[]plancheck.PlanCheck{inPlace(), planNames("members", "anna bert cleo", "anna bert cleo dora", "created_members",
				"anna bert cleo", "anna bert cleo dora",
				"directory_members", "anna bert cleo dora", "anna bert cleo dora", "outdated_members", "", "")},
			members("members", "anna bert cleo dora"), w.check(func() { w.wantIn(w.engineers, "anna bert cleo dora") })),
		// A person leaves.
		planned(
			func() { w.directory.RemoveMember(labGroup, "anna") },
			config,
			[]plancheck.PlanCheck{inPlace(), planNames("members", "anna bert cleo dora", "bert cleo dora", "created_members",
				"anna bert cleo dora", "anna bert cleo dora")},
			members(
				"members",
				"bert cleo dora",
			),
			w.check(func() { w.wantImported("(anna) bert cleo dora"); w.wantIn(w.engineers, "bert cleo dora") }),
		),
		// Both; who left before comes back.
		planned(func() { w.directory.AddMember(labGroup, "anna", "emil"); w.directory.RemoveMember(labGroup, "bert") },
			config,
			[]plancheck.PlanCheck{inPlace(), planNames("members", "bert cleo dora", "anna cleo dora emil", "created_members",
				"anna bert cleo dora", "anna bert cleo dora emil")},
			members("members", "anna cleo dora emil"), w.check(func() { w.wantImported("(bert) anna cleo dora emil") })),
		// A person is renamed.
		planned(func() { w.directory.RenameUser("cleo", "cleopatra") }, config,
			[]plancheck.PlanCheck{inPlace(), planNames("members", "anna cleo dora emil", "anna cleopatra dora emil",
				"created_members", "anna bert cleo dora emil", "anna bert cleopatra dora emil")},
			members("members", "anna cleopatra dora emil"), held(w.server, "cleo", isActive(true))),
		// Details change: told, and with allow_update repaired.
		resource.TestStep{
			PreConfig: func() { w.directory.SetEmail("anna", "anna@new.example") }, Config: config, PlanOnly: true,
		},
		planned(nil, groupConfig(w.server, `groups = ["Engineers"]`, `departed_members = "deactivate"`,
			`allow_update = true`),
			[]plancheck.PlanCheck{inPlace(), planNames("outdated_members", "anna", "", "members", "anna cleopatra dora emil",
				"anna cleopatra dora emil")},
			members("outdated_members", ""), held(w.server, "anna", func(u cloudshell.User) error {
				if u.Email != "anna@new.example" {
					return fmt.Errorf("e-mail is %s", u.Email)
				}
				return nil
			})),
	)
}

func TestAccImportedGroup_appliesWhatWasPlanned(t *testing.T) {
	w := accWorld(t, cloudshell.Options{})
	config := groupConfig(w.server, `groups = ["Engineers"]`, `departed_members = "delete"`)
	run(t,
		apply(config),
		// Terraform applies a plan file; between plan and apply the directory changes.
		resource.TestStep{
			PreConfig: func() { w.directory.AddMember(labGroup, "dora"); w.directory.RemoveMember(labGroup, "anna") },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				planNames("members", "anna bert cleo", "bert cleo dora", "created_members", "anna bert cleo", "bert cleo dora"),
				meanwhile(func() { w.directory.AddMember(labGroup, "emil"); w.directory.RemoveMember(labGroup, "bert", "dora") }),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(members("members", "bert cleo dora", "directory_members",
				"bert cleo dora"),
				w.check(func() { w.wantImported("bert cleo dora"); w.wantIn(w.engineers, "bert cleo dora") })),
			ExpectNonEmptyPlan: true,
		},
		planned(nil, config, []plancheck.PlanCheck{planNames("members", "bert cleo dora", "cleo emil")},
			w.check(func() { w.wantImported("cleo emil") })),
		// Another name is an update in place: the other group's people join, then those who are not in it leave.
		resource.TestStep{
			PreConfig: func() { w.directory.AddMember("Lab Operators", "cleo", "bert") },
			Config:    strings.ReplaceAll(config, labGroup, "Lab Operators"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				inPlace(),
			}},
			Check: members("members", "bert cleo", "created_members", "bert cleo"),
		},
	)
}

func TestAccImportedGroup_refusedAndGuarded(t *testing.T) {
	w := accWorld(t, cloudshell.Options{})
	w.existing("cleo")
	config := groupConfig(w.server, `max_departures = 1`)
	run(t,
		resource.TestStep{Config: strings.ReplaceAll(config, labGroup, "Lab Enginers"),
			ExpectError: phrase(`Did you mean "Lab Engineers"?`)},
		resource.TestStep{Config: strings.ReplaceAll(config, labGroup, "Lab Operators"),
			ExpectError: phrase(`Set allow_empty = true`)},
		resource.TestStep{
			PreConfig: func() { w.server.RefuseImport("anna", "User 'anna' has no licence") }, Config: config,
			Check: members("directory_members", "anna bert cleo", "members", "bert cleo", "created_members",
				"bert"),
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			PreConfig:   func() { w.directory.AddMember(labGroup, "dora") },
			Config:      config,
			ExpectError: phrase(`"anna" (User 'anna' has no licence)`),
		},
		planned(func() { w.server.RefuseImport("anna", "") }, config,
			[]plancheck.PlanCheck{planNames("members", "bert cleo dora", "anna bert cleo dora")}, members("created_members",
				"anna bert dora")),
		// More leavers than allowed, an empty group, one that vanished: nothing happens, and destroy works.
		resource.TestStep{PreConfig: func() { w.directory.RemoveMember(labGroup, "anna", "bert") }, Config: config,
			PlanOnly: true},
		resource.TestStep{PreConfig: func() { w.directory.RemoveMember(labGroup, "cleo", "dora") }, Config: config,
			PlanOnly: true},
		resource.TestStep{PreConfig: func() { w.directory.RemoveGroup(labGroup) }, Config: config, PlanOnly: true},
	)
	w.wantImported("(anna) (bert) (dora) cleo")
}

func TestAccImportedGroup_import(t *testing.T) {
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo")
	config := groupConfig(w.server, `departed_members = "keep"`)
	run(t,
		resource.TestStep{Config: config, ResourceName: groupAddress, ImportState: true, ImportStateId: labGroup,
			ImportStatePersist: true},
		resource.TestStep{Config: config, PlanOnly: true},
		planned(func() { w.directory.AddMember(labGroup, "dora") }, config,
			[]plancheck.PlanCheck{inPlace(), planNames("members", "anna bert cleo", "anna bert cleo dora", "created_members",
				"", "dora")}),
		resource.TestStep{ResourceName: groupAddress, ImportState: true, ImportStateId: labGroup, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"created_members"}},
	)
	w.wantImported("(dora) anna bert cleo")
}
