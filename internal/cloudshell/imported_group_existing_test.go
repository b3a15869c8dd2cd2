// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// The plan says that people who exist already are put into CloudShell groups: on create without a newcomer, when they
// join later, and when groups lists another one.
func TestImportedGroupSaysWhoOfTheExistingGetsGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo", "dora")
	g := w.group(object{"groups": []any{"Engineers"}})
	_, warned := g.plan()
	contains(t, warned, "members: Existing People Will Be Members", `"anna", "bert" and "cleo"`,
		`listed in groups: "Engineers"`, "They are not imported")
	g.apply()
	w.wantIn(w.engineers, "anna bert cleo")
	if _, warned := g.plan(); warned != "" {
		t.Errorf("a plan without changes warns: %s", warned)
	}

	w.directory.AddMember(labGroup, "dora", "emil")
	_, warned = g.plan()
	contains(t, warned, "Existing People Will Be Members", `"dora"`, `listed in groups: "Engineers"`)
	if strings.Contains(warned, "emil") {
		t.Errorf("a newcomer is said to exist: %s", warned)
	}
	g.apply()
	g.config["groups"] = []any{"Engineers", "Guests"}
	_, warned = g.plan()
	contains(t, warned, "groups: Existing People Will Be Put Into CloudShell Groups", `"Guests"`,
		`"anna", "bert", "cleo" and "dora"`)
	g.apply()
	w.wantIn(w.guests, "anna bert cleo dora emil")
}

// Another name of the directory group: the same is said of its people.
func TestImportedGroupSaysWhoOfAnotherGroupGetsGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("dora")
	w.directory.AddMember("Lab Operators", "dora", "emil")
	g := w.group(object{"groups": []any{"Engineers"}})
	g.apply()
	g.config["name"] = "Lab Operators"
	_, warned := g.plan()
	contains(t, warned, `Imported Group Follows "Lab Operators"`, "Existing People Will Be Members", `"dora"`,
		`listed in groups: "Engineers"`)
}
