// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// teamBlock is a CloudShell group with these lines.
func teamBlock(lines ...string) string {
	return fmt.Sprintf("resource \"directory_cloudshell_group\" \"team\" {\n  %s\n}\n", strings.Join(lines, "\n  "))
}

// A failed setup of an adopted group does not cost its members: the replacement that Terraform plans then leaves the
// group in place, although a destroy would delete it.
func TestAccGroup_adoptedAndNotSetUp(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	server.AddDomain("Lab")
	before := server.AddGroup("Trainers")
	server.ChangeUser("operator", func(u *cloudshell.User) { u.GroupIDs = append(u.GroupIDs, before.ID) })
	w := newTerraform(t, server, teamBlock(`name = "Trainers"`, `allow_update = true`, `deletion_policy = "delete"`,
		`domains = { Lab = "full" }`))
	server.Faults().Add(faults.Rule{
		Method: "POST", Path: "/api/v1/domains/*/groups", Fault: faults.Status(http.StatusBadRequest),
	})
	w.fails([]string{`Unable to Set Up CloudShell Group "Trainers"`, "stays in CloudShell with its members"},
		"apply", "-auto-approve")
	w.apply()
	after, there := groupNamed(server, "Trainers")
	if operator, _ := server.User("operator"); !there || after.ID != before.ID || !operator.InGroup(before.ID) {
		t.Errorf("the group was %+v and is %+v, with the members %v", before, after, server.Users())
	}
	for _, instance := range w.Instances() {
		if instance.Attributes["created"] != false || instance.Attributes["deletion_policy"] != "delete" {
			t.Errorf("state has %v", instance.Attributes)
		}
	}
	w.planEmpty()
	w.ok("destroy", "-auto-approve")
	if _, there := groupNamed(server, "Trainers"); there {
		t.Error("the destroy left the group, against its deletion policy")
	}
}

// A new group whose setup failed is replaced, whatever the deletion policy.
func TestAccGroup_createdAndNotSetUp(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	server.AddDomain("Lab")
	w := newTerraform(t, server, teamBlock(`name = "Team"`, `deletion_policy = "abandon"`, `domains = { Lab = "full" }`))
	server.Faults().Add(faults.Rule{
		Method: "POST", Path: "/api/v1/domains/*/groups", Times: 2, Fault: faults.Status(http.StatusBadRequest),
	})
	w.fails([]string{`Unable to Set Up CloudShell Group "Team"`}, "apply", "-auto-approve")
	w.apply()
	for _, instance := range w.Instances() {
		if instance.Attributes["created"] != true || instance.Attributes["deletion_policy"] != "abandon" {
			t.Errorf("state has %v", instance.Attributes)
		}
	}
	w.planEmpty()
}

// With create_before_destroy the group exists when the create begins: without consent nothing is changed, with it the
// new resource adopts the group, and the destruction of the old one leaves the group to it.
func TestAccGroup_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	for _, taint := range []bool{false, true} {
		for _, allow := range []bool{false, true} {
			t.Run(fmt.Sprintf("taint %v, consent %v", taint, allow), func(t *testing.T) {
				t.Parallel()
				server := start(t, cloudshell.Options{})
				w := newTerraform(t, server, teamBlock(
					`name = "Team"`, fmt.Sprint("allow_update = ", allow), `lifecycle { create_before_destroy = true }`))
				w.apply()
				before := fmt.Sprint(server.Groups())
				args := w.toReplace("directory_cloudshell_group.team", taint)
				if allow {
					w.ok(args...)
					w.planEmpty()
				} else {
					w.fails([]string{`CloudShell Group "Team" Already Exists`}, args...)
				}
				if after := fmt.Sprint(server.Groups()); after != before {
					t.Errorf("the groups were %s and are %s", before, after)
				}
			})
		}
	}
}

// A domain that was archived since the group got it can be configured when the group is adopted, as it is.
func TestGroupAdoptedWithAnArchivedDomain(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Team")
	server.SetAccess("Team", "Lab", "full")
	server.SetAccess("Team", "Training", "full")
	server.ArchiveDomain("Lab")
	group := newGroup(t, server)
	config := object{
		"name": "Team", "allow_update": true, "domains": domains("Lab", "full", "Training", "view_only"),
	}
	mustApply(t, group, config)
	mustHaveAccess(t, server, "Team", "Lab", "full", "Training", "view_only")
	mustPlanEmpty(t, group, config)
	config["domains"] = domains("Lab", "view_only")
	contains(t, acctest.Errors(newGroup(t, server).Apply(config)), `domains.Lab: CloudShell Domain "Lab" Is Archived`)
	mustHaveAccess(t, server, "Team", "Lab", "full", "Training", "view_only")
}

// What a plan does not know yet, it does not announce as a change.
func TestGroupAdoptedWithAnUnknownRole(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Team")
	planned, _ := newGroup(t, server).Plan(object{"name": "Team", "allow_update": true, "role": acctest.Unknown})
	contains(t, acctest.Warnings(planned.Diagnostics), "It is as configured, so nothing changes.")
}

// A consent that is not known yet is no refusal: the apply decides.
func TestGroupAdoptedWithAnUnknownConsent(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Team")
	planned, _ := newGroup(t, server).Plan(object{"name": "Team", "allow_update": acctest.Unknown})
	if text := acctest.Errors(planned.Diagnostics); text != "" {
		t.Error(text)
	}
	contains(t, acctest.Warnings(planned.Diagnostics), `Existing CloudShell Group "Team" Will Be Adopted`)
	contains(t, acctest.Errors(newGroup(t, server).Apply(object{"name": "Team"})), "Already Exists")
}

// Another group gets the name just before the request, whose answer is lost: that group was not created here.
func TestGroupOfAnotherNameBefore(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddGroup("Other")
	server.Faults().Add(
		faults.Rule{Method: "POST", Path: groupsPath, Fault: faults.Call(func() {
			server.ChangeGroup("Other", func(g *cloudshell.UserGroup) { g.Name = "Team" })
		})},
		faults.Rule{Method: "POST", Path: groupsPath, Fault: faults.Status(http.StatusInternalServerError)},
	)
	group := newGroup(t, server)
	contains(t, acctest.Errors(group.Apply(object{"name": "Team"})), "CloudShell has a group of this name by now")
	if group.State != nil {
		t.Errorf("another group is in state: %v", group.State)
	}
}

// A group that is imported at a new address, and renamed there, is still the one that the old address deletes.
func TestGroupImportedAndRenamedAtAnotherAddress(t *testing.T) {
	t.Parallel()
	for _, destroyFirst := range []bool{true, false} {
		server := labServer(t, cloudshell.Options{})
		group := newGroup(t, server)
		mustApply(t, group, object{"name": "Team"})
		p := acctest.Configured(t, providerObject(server))
		old, imported := group.In(p), p.Instance(cloudshellGroupType)
		mustRefresh(t, old)
		if text := acctest.Errors(imported.Import("Team", nil)); text != "" {
			t.Fatal(text)
		}
		mustRefresh(t, imported)
		first, second, config := old, imported, []object{nil, {"name": "Crew"}}
		if !destroyFirst {
			first, second, config = imported, old, []object{{"name": "Crew"}, nil}
		}
		first.Plan(config[0])
		planned, _ := second.Plan(config[1])
		contains(t, acctest.Errors(planned.Diagnostics), "Is Held by Another Resource", "moved {")
	}
}

// A built-in group is refused at plan under another name too.
func TestBuiltInGroupOfAnotherName(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	server.ChangeGroup("Everyone", func(g *cloudshell.UserGroup) { g.Name = "Jeder" })
	server.ChangeGroup("System Administrators", func(g *cloudshell.UserGroup) { g.Name = "Administratoren" })
	for name, words := range map[string]string{
		"jeder": "Every user is in the group", "Administratoren": `The attribute "admin"`,
	} {
		planned, _ := newUser(t, server).Plan(object{"name": "jporter", "groups": []any{name}})
		contains(t, acctest.Errors(planned.Diagnostics), "groups: Built-In CloudShell Group", words)
	}
}

// Where CloudShell has two groups whose names differ in case only, each name stands for the group of that spelling.
func TestGroupsOfTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Testers", "TESTERS"} {
		w := newWorld(t, cloudshell.Options{})
		ids := map[string]int64{"Testers": w.server.AddGroup("Testers").ID, "TESTERS": w.server.AddGroup("TESTERS").ID}
		state, diagnostics := w.provider.ReadData(cloudshellGroupType, object{"name": name})
		if text := acctest.Errors(diagnostics); text != "" || state["id"] != ids[name] {
			t.Errorf("the data source of %s reads group %v %s", name, state["id"], text)
		}
		imported := w.provider.Instance(cloudshellGroupType)
		if text := acctest.Errors(imported.Import(name, nil)); text != "" || imported.State["id"] != ids[name] {
			t.Errorf("%s is imported as group %v %s", name, imported.State["id"], text)
		}
		user := w.provider.Instance(userType)
		config := object{"name": "dora", "groups": []any{name}}
		mustApply(t, user, config)
		mustPlanEmpty(t, user, config)
		g := w.group(object{"groups": []any{name}})
		g.apply()
		g.planEmpty()
		for spelling, id := range ids {
			members := map[bool]string{true: "anna bert cleo dora"}[spelling == name]
			w.wantIn(id, members)
		}
	}
}

// Ctrl-C while the group is created, and while its domains are given: the group is in state as created, and the next
// apply finishes it.
func TestAccGroup_interrupted(t *testing.T) {
	t.Parallel()
	for _, path := range []string{groupsPath, "/api/v1/domains/*/groups"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			server := start(t, cloudshell.Options{})
			server.AddDomain("Lab")
			w := newTerraform(t, server, teamBlock(`name = "Team"`, `domains = { Lab = "full" }`))
			sent := make(chan struct{})
			server.Faults().Add(
				faults.Rule{Method: "POST", Path: path, Fault: faults.Call(func() { close(sent) })},
				faults.Rule{Method: "POST", Path: path, Fault: faults.CallAfter(func() { time.Sleep(time.Second) })},
			)
			run := w.Start("apply", "-auto-approve")
			select {
			case <-sent:
			case <-time.After(time.Minute):
				t.Error("nothing was sent")
			}
			run.Interrupt()
			interrupted := run.Wait()
			w.apply()
			w.planEmpty()
			for _, instance := range w.Instances() {
				if instance.Attributes["created"] != true {
					t.Errorf("state has %v after\n%s", instance.Attributes, interrupted.Output)
				}
			}
			w.ok("destroy", "-auto-approve")
			if _, there := groupNamed(server, "Team"); there {
				t.Error("the group is left after the destroy")
			}
		})
	}
}
