// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// twoGroups are the groups "Lab Engineers" (anna, bert, cleo) and "Lab Operators" (dora), each with settings of its
// own.
func twoGroups(w *world, engineers, operators string) string {
	return groupConfig(w.server, `groups = ["Engineers"]`, engineers) + operatorsBlock(operators)
}

func operatorsBlock(settings string) string {
	block := strings.NewReplacer(labGroup, "Lab Operators", `"test"`,
		`"operators"`).Replace(groupBlock(`groups = ["Guests"]`))
	return strings.TrimSuffix(block, "}\n") + settings + "\n}\n"
}

func retain(groups ...string) string {
	return fmt.Sprintf("retain_members_of = [%q]", strings.Join(groups, `", "`))
}

// A person who leaves one imported group and joins another in the same apply keeps their account, is active and in the
// CloudShell groups of the other, and the next plan is empty.
func TestAccImportedGroup_transfer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		departed string
		retain   bool
	}{
		"keep": {"keep", false}, "deactivate": {"deactivate", true}, "delete": {"delete", true},
	} {
		for _, back := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, back %t", name, back), func(t *testing.T) {
				t.Parallel()
				w := accWorld(t, cloudshell.Options{})
				w.directory.AddMember("Lab Operators", "dora")
				from, to := []string{
					`departed_members = "` + test.departed + `"`,
				}, []string{
					`departed_members = "` + test.departed + `"`,
				}
				if test.retain {
					from, to = append(from, retain("Lab Operators")), append(to, retain(labGroup))
				}
				c := newCLI(t, twoGroups(w, strings.Join(from, "\n"), strings.Join(to, "\n")))
				c.apply()
				account, _ := w.server.User("anna")
				w.directory.RemoveMember(labGroup, "anna")
				w.directory.AddMember("Lab Operators", "anna")
				c.apply()
				w.wantImported("anna bert cleo dora")
				if after, _ := w.server.User("anna"); after.ID != account.ID || !after.InGroup(w.guests) ||
					after.InGroup(w.engineers) != test.retain {
					t.Errorf("anna was user %d and is %v", account.ID, after)
				}
				contains(t, c.plan(), noChanges)
				if back {
					w.directory.AddMember(labGroup, "anna")
					w.directory.RemoveMember("Lab Operators", "anna")
					c.apply()
					w.wantImported("anna bert cleo dora")
					w.wantIn(w.engineers, "anna bert cleo")
					contains(t, c.plan(), noChanges)
				}
			})
		}
	}
}

// Without a way out, a plan that would harm people that another group takes or holds is refused, whichever is planned
// first, and nothing is done to them. A destroy of everything is never refused.
func TestAccImportedGroup_transferRefused(t *testing.T) {
	t.Parallel()
	for _, departed := range []string{"deactivate", "delete"} {
		t.Run(departed, func(t *testing.T) {
			t.Parallel()
			w := accWorld(t, cloudshell.Options{})
			w.directory.AddMember("Lab Operators", "dora")
			setting := `departed_members = "` + departed + `"`
			c := newCLI(t, twoGroups(w, setting, setting))
			c.apply()
			w.directory.RemoveMember(labGroup, "anna")
			w.directory.AddMember("Lab Operators", "anna")
			output, err := c.try("plan", "-no-color")
			if err == nil {
				t.Errorf("the plan is accepted: %s", output)
			}
			contains(t, output, `CloudShell User "anna" Is Held by Another Resource`, "retain_members_of", "retain_users")
			w.wantImported("anna bert cleo dora")
			// The ways out.
			c.write(beforeProvider(t, read(t, c.folder+"/main.tf")) +
				twoGroups(w, setting+"\nretain_users = [\"ANNA\"]", setting))
			c.apply()
			w.wantImported("anna bert cleo dora")
			w.wantIn(w.guests, "anna dora")
			contains(t, c.plan(), noChanges)
			c.run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// Groups that share people and do not retain them give a warning as soon as they are planned together.
func TestAccImportedGroup_sharedPeopleAreWarnedOf(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	w.directory.AddMember("Lab Operators", "anna", "dora")
	c := newCLI(t, twoGroups(w, "", ""))
	contains(t, c.plan(), "People Held by Several Resources", `"anna"`, `imported group "Lab`)
	c.apply()
	contains(t, c.plan(), "People Held by Several Resources", noChanges)
	if shown := c.run("show", "-no-color"); strings.Count(shown, `created_members = { "anna"`) != 1 {
		t.Errorf("anna was not created by one of the groups alone: %s", shown)
	}
	// The destroy of one of them would deactivate a person of the other.
	output, err := c.try("destroy", "-no-color", "-auto-approve", "-target="+groupAddress)
	if err != nil {
		t.Fatal(output)
	}
	c.run("destroy", "-no-color", "-auto-approve")
	c.write(beforeProvider(t, read(t, c.folder+"/main.tf")) + twoGroups(w,
		retain("Lab Operators"), retain(labGroup)))
	if shown := c.plan(); strings.Contains(shown, "People Held by") {
		t.Errorf("groups that retain each other's people are warned of: %s", shown)
	}
}

// Two resources for one directory group share all its people.
func TestTwoImportedGroupsForOneGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	one, other := w.group(object{}), w.group(object{"allow_update": true})
	one.apply()
	other.rerun()
	other.apply()
	one.rerun()
	other.moveTo(w.provider)
	if _, warned := one.plan(); strings.Contains(warned, "Held by Several") {
		t.Errorf("one resource: %s", warned)
	}
	_, warned := other.plan()
	contains(t, warned, "People Held by Several Resources", `imported group "Lab Engineers" share 3 people`, "Keep one")
}

// A member of a group that does not change is seen at plan, although Terraform does not call that group at apply.
func TestAccImportedGroup_unchangedGroupProtectsItsMembers(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	w.directory.AddMember("Lab Operators", "anna", "dora")
	setting := `departed_members = "delete"`
	c := newCLI(t, twoGroups(w, setting, setting))
	c.apply("-target=" + groupAddress) // so that this one creates anna
	c.apply()
	w.directory.RemoveMember(labGroup, "anna")
	output, err := c.try("apply", "-no-color", "-auto-approve")
	if err == nil {
		t.Error("the apply is accepted")
	}
	contains(t, output, `CloudShell User "anna" Is Held by Another Resource`, `"anna"`)
	w.wantImported("anna bert cleo dora")
	// Nor may the removal of one group from the configuration harm the other's members.
	w.directory.AddMember(labGroup, "anna")
	config := read(t, c.folder+"/main.tf")
	c.write(beforeProvider(t, config) + acctest.CloudShellProvider(w.server.URL()) + operatorsBlock(setting))
	output, err = c.try("apply", "-no-color", "-auto-approve")
	if err == nil {
		t.Error("the apply is accepted")
	}
	contains(t, output, `CloudShell User "anna" Is Held by Another Resource`, `"anna"`)
	w.wantImported("anna bert cleo dora")
}

func annasBlock(settings ...string) string {
	return "resource \"directory_cloudshell_imported_user\" \"anna\" {\n  name = \"anna\"\n  " + strings.Join(settings,
		"\n  ") + "\n}\n"
}

// Of a group and a user resource that import the same new person in one apply, one has created them. Removing the
// group does not touch the person.
func TestAccImportedGroup_besideItsMembersUser(t *testing.T) {
	t.Parallel()
	for run := range 6 {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			t.Parallel()
			w := accWorld(t, cloudshell.Options{})
			group := groupBlock(`departed_members = "delete"`, `deletion_policy = "delete"`, `retain_users = ["anna"]`)
			c := newCLI(t, acctest.CloudShellProvider(w.server.URL())+group+annasBlock())
			head, _, _ := strings.Cut(read(t, c.folder+"/main.tf"), "provider ")
			c.apply()
			contains(t, c.plan(), noChanges)
			shown := c.run("show", "-no-color")
			if byGroup, byUser := strings.Contains(shown, `created_members = { "anna"`), strings.Contains(shown, "created = "+
				"true"); byGroup == byUser {
				t.Errorf("created by the group %t, by the user %t: %s", byGroup, byUser, shown)
			}
			c.write(head + acctest.CloudShellProvider(w.server.URL()) + annasBlock())
			c.apply()
			w.wantImported("anna")
			contains(t, c.plan(), noChanges)
		})
	}
}

// A user resource that does not change keeps its person from being harmed by a group that they leave.
func TestAccImportedGroup_leaverHasAUserResource(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	w.existing("anna")
	group := groupBlock(`departed_members = "deactivate"`, `groups = ["Engineers"]`)
	c := newCLI(t, acctest.CloudShellProvider(w.server.URL())+group)
	head, _, _ := strings.Cut(read(t, c.folder+"/main.tf"), "provider ")
	c.apply()
	c.write(head + acctest.CloudShellProvider(w.server.URL()) + group + annasBlock("allow_update = true"))
	c.apply()
	w.directory.RemoveMember(labGroup, "anna")
	output, err := c.try("apply", "-no-color", "-auto-approve")
	if err == nil {
		t.Errorf("the apply is accepted: %s", output)
	}
	contains(t, output, "retain_users", "anna")
	w.wantImported("anna bert cleo")
	c.write(head + acctest.CloudShellProvider(w.server.URL()) +
		groupBlock(`departed_members = "deactivate"`, `groups = ["Engineers"]`,
			`retain_users = ["Anna"]`) + annasBlock("allow_update = true"))
	c.apply()
	w.wantImported("anna bert cleo")
	contains(t, c.plan(), noChanges)
}

// beforeProvider is what a configuration has before its provider block.
func beforeProvider(t *testing.T, config string) string {
	t.Helper()
	head, _, found := strings.Cut(config, "provider ")
	if !found {
		t.Fatal("the configuration has no provider block")
	}
	return head
}

// People who move from one imported group to another leave the CloudShell groups of the first in one request, however
// many they are.
func TestImportedGroupRemovesAllWhoMovedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	moved := []string{"anna", "bert", "cleo"}
	w.directory.AddMember("Lab Operators", "dora")
	from := w.group(object{"name": labGroup, "groups": []any{"Engineers"}, "allow_empty": true})
	to := w.group(object{"name": "Lab Operators", "groups": []any{"Guests"}})
	apply := func(g *group) {
		t.Helper()
		if text := acctest.Errors(g.Apply(g.config)); text != "" {
			t.Fatal(text)
		}
	}
	apply(from)
	apply(to)
	w.directory.RemoveMember(labGroup, moved...)
	w.directory.AddMember("Lab Operators", moved...)
	from.rerun()
	to.moveTo(w.provider)
	from.refresh()
	to.refresh()
	apply(to)
	w.server.ResetRequests()
	apply(from)
	if n := w.server.Count("DELETE", "/api/v1/groups/*/Users"); n != 1 {
		t.Errorf("%d requests removed %d people from one CloudShell group", n, len(moved))
	}
	w.wantIn(w.engineers, "")
	w.wantIn(w.guests, "anna bert cleo dora")
}

// A user resource that gives a CloudShell group in the apply in which an imported group lets the person go keeps it.
func TestAccImportedGroup_groupGivenByAnUpdateStays(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	group := groupConfig(w.server, `groups = ["Engineers"]`, `departed_members = "keep"`)
	c := newCLI(t, group)
	c.apply()
	head := beforeProvider(t, read(t, c.folder+"/main.tf"))
	c.write(head + group + annasBlock("allow_update = true"))
	c.apply()
	c.write(head + group + annasBlock("allow_update = true", `groups = ["Engineers"]`))
	w.directory.RemoveMember(labGroup, "anna")
	c.apply()
	w.wantIn(w.engineers, "anna bert cleo")
	contains(t, c.plan(), noChanges)
}

// Imported groups that share a person and swap their CloudShell groups in one apply leave the person in both.
func TestAccImportedGroup_swapsCloudShellGroups(t *testing.T) {
	t.Parallel()
	for _, parallelism := range []string{"1", "2", "10"} {
		t.Run(parallelism, func(t *testing.T) {
			t.Parallel()
			w := accWorld(t, cloudshell.Options{})
			w.directory.AddMember("Lab Operators", "anna", "dora")
			c := newCLI(t, twoGroups(w, "", ""))
			c.apply()
			swap := strings.NewReplacer(`["Engineers"]`, `["Guests"]`, `["Guests"]`, `["Engineers"]`)
			c.write(swap.Replace(read(t, c.folder+"/main.tf")))
			c.apply("-parallelism=" + parallelism)
			w.wantIn(w.guests, "anna bert cleo")
			w.wantIn(w.engineers, "anna dora")
			contains(t, c.plan(), noChanges)
		})
	}
}

// A CloudShell group that an imported group drops, and that a user resource gives from the same apply on, stays.
func TestAccImportedGroup_droppedGroupGivenByAnUpdateStays(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	both := groupConfig(w.server, `groups = ["Engineers", "Guests"]`)
	c := newCLI(t, both)
	c.apply()
	head := beforeProvider(t, read(t, c.folder+"/main.tf"))
	c.write(head + both + annasBlock("allow_update = true"))
	c.apply()
	c.write(head + groupConfig(w.server, `groups = ["Engineers"]`) +
		annasBlock("allow_update = true", `groups = ["Engineers", "Guests"]`))
	c.apply()
	w.wantIn(w.guests, "anna")
	w.wantIn(w.engineers, "anna bert cleo")
	contains(t, c.plan(), noChanges)
}

// The people of a group are computed: a configuration of them is refused on the attribute, known or not.
func TestAccImportedGroup_membersAreReadOnly(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	for _, members := range []string{`members = { a = timestamp() }`, `members = { a = "x" }`} {
		c := newCLI(t, groupConfig(w.server, members))
		output, err := c.try("validate", "-no-color")
		if err == nil {
			t.Errorf("%s is accepted", members)
		}
		contains(t, output, "Read-Only Attribute", "members")
	}
}
