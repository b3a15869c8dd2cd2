// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// A group that is replaced or tainted keeps what it created, and its people can log in afterwards.
func TestAccImportedGroup_replacedKeepsOwnership(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		policy  string
		replace func(c *cli)
		after   string // who is there after a destroy
	}{
		"replace, deactivate": {"deactivate", replaced, "(anna) (bert) cleo"},
		"replace, delete":     {"delete", replaced, "cleo"},
		"replace, abandon":    {"abandon", replaced, "anna bert cleo"},
		"taint, deactivate":   {"deactivate", tainted, "(anna) (bert) cleo"},
		"taint, delete":       {"delete", tainted, "cleo"},
		"taint, not refreshed": {"deactivate", func(c *cli) {
			c.run("taint", groupAddress)
			c.apply("-refresh=false")
		}, "(anna) (bert) cleo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accWorld(t, cloudshell.Options{})
			w.existing("cleo")
			c := newCLI(t, groupConfig(w.server, `deletion_policy = "`+test.policy+`"`, `groups = ["Engineers"]`))
			c.apply()
			test.replace(c)
			w.wantImported("anna bert cleo")
			w.wantIn(w.engineers, "anna bert cleo")
			contains(t, c.plan(), noChanges)
			contains(t, c.run("show", "-no-color"), `created_members = { "anna" = "Anna Lab" "bert" = "Bert Lab" }`)
			c.run("destroy", "-no-color", "-auto-approve")
			w.wantImported(test.after)
		})
	}
}

func replaced(c *cli) { c.apply("-replace=" + groupAddress) }

func tainted(c *cli) {
	c.run("taint", groupAddress)
	c.apply()
}

// With create_before_destroy the new resource holds the people when the old one is destroyed: nothing is done to them.
func TestAccImportedGroup_createBeforeDestroyHarmsNoOne(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(*cli){"replace": replaced, "taint": tainted} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accWorld(t, cloudshell.Options{})
			config := groupConfig(w.server, `deletion_policy = "delete"`, `groups = ["Engineers"]`)
			c := newCLI(t, strings.Replace(config, `deletion_policy`, `lifecycle {
  create_before_destroy = true
}
deletion_policy`, 1))
			c.apply()
			replace(c)
			w.wantImported("anna bert cleo")
			w.wantIn(w.engineers, "anna bert cleo")
			contains(t, c.plan(), noChanges)
		})
	}
}

// A group whose replacement would deactivate or delete a person that another group goes on holding is not replaced:
// the plan names the person. Nothing stands in the way of a destroy of everything, and retained people stay.
func TestAccImportedGroup_replacedBesideAnother(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"deactivate", "delete"} {
		for name, options := range map[string][]string{
			"replace": {"-replace=" + groupAddress}, "no refresh": {"-replace=" + groupAddress, "-refresh=false"},
		} {
			t.Run(name+", "+policy, func(t *testing.T) {
				t.Parallel()
				w := accWorld(t, cloudshell.Options{})
				w.directory.AddMember("Lab Operators", "anna", "dora")
				setting := `deletion_policy = "` + policy + `"`
				c := newCLI(t, twoGroups(w, setting, setting))
				head := beforeProvider(t, read(t, c.folder+"/main.tf"))
				c.apply("-target=" + groupAddress) // so that this one creates anna
				c.apply()
				before, _ := w.server.User("anna")
				output, err := c.try(append([]string{"apply", "-no-color", "-auto-approve"}, options...)...)
				if err == nil {
					t.Errorf("the apply is accepted: %s", output)
				}
				contains(t, output, `CloudShell User "anna" Is Held by Another Resource`, "settings of the last apply")
				c.write(head + twoGroups(w, setting+"\n"+retain("Lab Operators"), setting+"\n"+retain(labGroup)))
				c.apply()
				replaced(c)
				if after, _ := w.server.User("anna"); after.ID != before.ID || !after.IsActive || !after.InGroup(w.guests) {
					t.Errorf("anna was user %d and is %v", before.ID, after)
				}
				contains(t, c.plan(), noChanges)
				c.write(head + twoGroups(w, setting, setting))
				c.apply()
				c.run("taint", groupAddress)
				c.run("destroy", "-no-color", "-auto-approve")
			})
		}
	}
}
