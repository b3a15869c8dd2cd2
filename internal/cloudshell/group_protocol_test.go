// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

const (
	cloudshellGroupType = "directory_cloudshell_group"
	groupsPath          = "/api/v1/groups"
)

// newGroup serves a provider for the server and returns a CloudShell group that does not exist yet.
func newGroup(t *testing.T, server *cloudshell.Server) *acctest.Instance {
	t.Helper()
	return acctest.Configured(t, providerObject(server)).Instance(cloudshellGroupType)
}

func groupNamed(server *cloudshell.Server, name string) (cloudshell.UserGroup, bool) {
	for _, group := range server.Groups() {
		if group.Name == name {
			return group, true
		}
	}
	return cloudshell.UserGroup{}, false
}

func labServer(t *testing.T, options cloudshell.Options) *cloudshell.Server {
	t.Helper()
	server := start(t, options)
	server.AddDomain("Lab")
	server.AddDomain("Training")
	return server
}

// The forms in which a server may have the paths of domains and of deletion.
func pathForms() []cloudshell.GroupOptions {
	var forms []cloudshell.GroupOptions
	for _, paths := range []cloudshell.DomainPaths{
		cloudshell.PathsBoth, cloudshell.PathsByDomain, cloudshell.PathsByGroup,
	} {
		for _, deletion := range []cloudshell.DeletionPath{cloudshell.DeletionPlural, cloudshell.DeletionSingular} {
			for _, wrong := range []int{http.StatusNotFound, http.StatusMethodNotAllowed} {
				forms = append(forms, cloudshell.GroupOptions{Paths: paths, Deletion: deletion, WrongPath: wrong})
			}
		}
	}
	return forms
}

func TestGroupLifecycleOnEveryForm(t *testing.T) {
	t.Parallel()
	for _, form := range pathForms() {
		for _, again := range []cloudshell.DomainAgain{
			cloudshell.AgainReplaces, cloudshell.AgainRefused, cloudshell.AgainError, cloudshell.AgainIgnored,
		} {
			for _, ids := range []cloudshell.IDForm{cloudshell.IDsNumbers, cloudshell.IDsStrings} {
				form.Again = again
				t.Run(fmt.Sprintf("%+v %d", form, ids), func(t *testing.T) {
					t.Parallel()
					server := labServer(t, cloudshell.Options{Groups: form, IDs: ids})
					group := newGroup(t, server)
					config := object{
						"name":        "Lab Team",
						"description": "People of the lab",
						"role":        "External",
						"domains":     domains("Lab", "full", "global", "view_only"),
					}
					mustApply(t, group, config)
					wants(
						t,
						group,
						object{"created": true, "role": "External", "description": "People of the lab", "type": "UserDefined"},
					)
					mustHaveAccess(t, server, "Lab Team", "Lab", "full", "Global", "view_only")
					mustPlanEmpty(t, group, config)

					id := group.State["id"]
					config = object{
						"name":    "Lab People",
						"role":    "DomainAdmin",
						"domains": domains("Lab", "view_only", "Training", "full"),
					}
					mustApply(t, group, config)
					wants(t, group, object{"id": id, "name": "Lab People", "description": "People of the lab", "role": "DomainAdmin"})
					mustHaveAccess(t, server, "Lab People", "Lab", "view_only", "Training", "full")
					mustPlanEmpty(t, group, config)
					if group.Identity["name"] != "Lab People" {
						t.Errorf("identity %v", group.Identity)
					}

					config["domains"] = domains()
					mustApply(t, group, config)
					mustHaveAccess(t, server, "Lab People")
					mustPlanEmpty(t, group, config)
					mustApply(t, group, nil)
					if _, found := groupNamed(server, "Lab People"); found || group.State != nil {
						t.Error("the group is still there")
					}
				})
			}
		}
	}
}

func TestGroupThatExists(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Lab Team")
	server.ChangeGroup("Lab Team", func(g *cloudshell.UserGroup) { g.Description, g.Role = "Old", "External" })
	server.SetAccess("Lab Team", "Training", "full")
	group := newGroup(t, server)

	refused, _ := newGroup(t, server).Plan(object{"name": "lab team"})
	contains(
		t,
		acctest.Errors(refused.Diagnostics),
		`name: CloudShell Group "Lab Team" Already Exists`,
		"import {",
		`id = "Lab Team"`,
		"allow_update = true",
		"moved",
	)
	if server.Count("POST", "") != 0 {
		t.Error("a plan changed something")
	}

	config := object{"name": "lab team", "allow_update": true, "domains": domains("lab", "view_only")}
	planned, _ := newGroup(t, server).Plan(config)
	contains(
		t,
		acctest.Warnings(planned.Diagnostics),
		`Existing CloudShell Group "Lab Team" Will Be Adopted`,
		"the role becomes Regular (it is External)",
		`the group gets the domains "Lab" (view_only)`,
		`the group loses the domains "Training"`,
	)
	mustApply(t, group, config)
	wants(t, group, object{"created": false, "name": "lab team", "description": "Old", "role": "Regular"})
	mustHaveAccess(t, server, "Lab Team", "Lab", "view_only")
	mustPlanEmpty(t, group, config)
	mustPlanEmpty(t, group, object{"name": "LAB TEAM", "allow_update": true, "domains": domains("LAB", "view_only")})
	if _, kept := groupNamed(server, "Lab Team"); !kept {
		t.Error("a spelling renamed the group")
	}

	group = nextRun(t, server, group)
	destroyed, _ := group.Plan(nil)
	contains(t, acctest.Warnings(destroyed.Diagnostics), `The CloudShell group "lab team" stays.`, `"abandon"`)
	if warned := acctest.Warnings(group.Apply(nil)); strings.Count(warned, "Account or Group Left in Place") != 1 {
		t.Errorf("a plan and its apply warn: %s", warned)
	}
	if _, kept := groupNamed(server, "Lab Team"); !kept {
		t.Error("an adopted group was deleted")
	}
}

// A group that others delete and make again is another group, which is not taken over unasked.
func TestGroupMadeAgainByOthers(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	group := newGroup(t, server)
	config := object{"name": "Team"}
	mustApply(t, group, config)
	server.RemoveGroup("Team")
	server.AddGroup("Team")
	group = nextRun(t, server, group)
	planned, _ := group.Plan(config)
	contains(t, acctest.Errors(planned.Diagnostics), `CloudShell Group "Team" Already Exists`)
}

func TestGroupWithMembersOfOthers(t *testing.T) {
	t.Parallel()
	for _, occupied := range []cloudshell.OccupiedGroup{
		cloudshell.OccupiedDeleted, cloudshell.OccupiedRefused, cloudshell.OccupiedError,
	} {
		server := labServer(t, cloudshell.Options{Groups: cloudshell.GroupOptions{Occupied: occupied}})
		group := newGroup(t, server)
		mustApply(t, group, object{"name": "Team"})
		made, _ := groupNamed(server, "Team")
		for i := range 25 {
			name := fmt.Sprintf("local%02d", i)
			server.AddLocalUser(name)
			server.ChangeUser(name, func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, made.ID) })
		}
		group = nextRun(t, server, group)
		planned, _ := group.Plan(nil)
		contains(
			t,
			acctest.Warnings(planned.Diagnostics),
			`CloudShell Group "Team" Has Members That Others Put There`,
			"25 people",
			`"local00", "local01"`,
			"5 more",
		)
		mustApply(t, group, nil)
		if _, found := groupNamed(server, "Team"); found {
			t.Errorf("the group is still there (%d)", occupied)
		}
		if user, found := server.User("local00"); !found || user.InGroup(made.ID) {
			t.Error("the member is gone or still in the group")
		}
	}
}

func TestGroupBadInput(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	group := newGroup(t, server)
	for words, config := range map[string]object{
		"name: Built-In CloudShell Group":         {"name": "everyone"},
		`is built in and cannot be managed`:       {"name": "System Administrators"},
		"role: Role Cannot Be Given to a Group":   {"name": "Team", "role": "SystemAdmin"},
		`role: Unknown Group Role "Reglar"`:       {"name": "Team", "role": "Reglar"},
		`Did you mean "Regular"?`:                 {"name": "Team", "role": "regular"},
		"domains.Lab: Missing Access to a Domain": {"name": "Team", "domains": object{"Lab": nil}},
		"domains: Domain Named More Than Once":    {"name": "Team", "domains": domains("Lab", "full", "LAB", "full")},
		`"LAB" and "Lab" are spellings`: {
			"name": "Team", "domains": object{"Lab": acctest.Unknown, "LAB": "full"},
		},
		"domains.Lab: Invalid Attribute Value Match":     {"name": "Team", "domains": domains("Lab", "none")},
		"deletion_policy: Invalid Attribute Value Match": {"name": "Team", "deletion_policy": "deactivate"},
		"A name must not be empty or blank":              {"name": " "},
		`The name "Team " begins or ends with a space`:   {"name": "Team "},
		`"LAB" and "Lab" are spellings of the same ` +
			`domain`: {"name": "Team", "domains": domains("Lab", "full", "LAB", "full")},
		`with admin = true of directory_cloudshell_imported_user`: {"name": "Team", "role": "systemadmin"},
	} {
		contains(t, acctest.Errors(group.Validate(config)), words)
	}
}

func TestGroupRenameToATakenName(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	group := newGroup(t, server)
	mustApply(t, group, object{"name": "Team"})
	server.AddGroup("Other")
	group = nextRun(t, server, group)
	planned, _ := group.Plan(object{"name": "other"})
	contains(
		t,
		acctest.Errors(planned.Diagnostics),
		`name: CloudShell Group "Other" Already Exists`,
		`The group "Team" cannot be renamed to it`,
	)
	// Taken after the plan: nothing is changed, and state stays.
	server.Faults().
		Add(faults.Rule{
			Method: "PUT", Path: groupsPath + "/*", Times: 1, Fault: faults.Call(func() { server.AddGroup("New") }),
		})
	contains(
		t,
		acctest.Errors(group.Apply(object{"name": "New"})),
		`Unable to Update CloudShell Group "Team"`,
		"409 Conflict",
		`Another group has the name "New" by now`,
	)
	wants(t, group, object{"name": "Team"})
}

func TestGroupImport(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Lab Team")
	server.SetAccess("Lab Team", "Lab", "full")
	for _, byIdentity := range []bool{false, true} {
		group := newGroup(t, server)
		var diagnostics string
		if byIdentity {
			diagnostics = acctest.Errors(group.Import("", object{"name": "LAB TEAM"}))
		} else {
			diagnostics = acctest.Errors(group.Import("lab team", nil))
		}
		if diagnostics != "" {
			t.Fatal(diagnostics)
		}
		mustRefresh(t, group)
		wants(
			t,
			group,
			object{"name": "Lab Team", "created": false, "domains": nil, "role": "Regular", "deletion_policy": "auto"},
		)
		mustPlanEmpty(t, group, object{"name": "Lab Team"})
	}
	group := newGroup(t, server)
	contains(t, acctest.Errors(group.Import("Lab Taem", nil)), `Did you mean "Lab Team"?`)
	contains(t, acctest.Errors(group.Import("everyone", nil)), "is built in")
	contains(t, acctest.Errors(group.Import(" ", nil)), "must not be empty or blank")
}

func TestGroupList(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Lab Team")
	server.AddGroup("Lab Operators")
	server.AddGroup("Trainers")
	p := acctest.Configured(t, providerObject(server))
	var got []string
	for _, listed := range p.List(cloudshellGroupType, object{"name_contains": "LAB"}, true, 0) {
		got = append(got, fmt.Sprintf("%s %v %v", listed.DisplayName, listed.Identity["name"], listed.Resource["id"]))
	}
	if text := strings.Join(got, ", "); text != "Lab Team Lab Team 2, Lab Operators Lab Operators 3" {
		t.Error(text)
	}
	if all := p.List(cloudshellGroupType, object{}, false, 2); len(all) != 2 {
		t.Errorf("a limit of 2 gives %d", len(all))
	}
}

// Two resources for one group, and a group that is destroyed at one address and created at another, show at plan.
func TestGroupOfTwoResources(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	p := acctest.Configured(t, providerObject(server))
	first, second := p.Instance(cloudshellGroupType), p.Instance(cloudshellGroupType)
	first.Plan(object{"name": "Team"})
	both, _ := second.Plan(object{"name": "team"})
	contains(t, acctest.Errors(both.Diagnostics), `name: CloudShell Group "team" Is Held by Another Resource`)

	group := newGroup(t, server)
	mustApply(t, group, object{"name": "Team"})
	for _, destroyFirst := range []bool{true, false} {
		p := acctest.Configured(t, providerObject(server))
		old, moved := group.In(p), p.Instance(cloudshellGroupType)
		mustRefresh(t, old)
		config := object{"name": "Team", "allow_update": true}
		var text string
		if destroyFirst {
			old.Plan(nil)
			planned, _ := moved.Plan(config)
			text = acctest.Errors(planned.Diagnostics)
		} else {
			moved.Plan(config)
			planned, _ := old.Plan(nil)
			text = acctest.Errors(planned.Diagnostics)
		}
		contains(t, text, `CloudShell Group "Team" Is Held by Another Resource`, "moved {")
	}
	// A tainted group is refreshed, and then planned as if it were new.
	p = acctest.Configured(t, providerObject(server))
	tainted := group.In(p)
	mustRefresh(t, tainted)
	planned, _ := p.Instance(cloudshellGroupType).Plan(object{"name": "Team"})
	if text := acctest.Errors(planned.Diagnostics); text != "" {
		t.Error("a tainted group cannot be planned: " + text)
	}
}
