// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// domains is a value of the attribute domains: name, mode, name, mode...
func domains(pairs ...string) object {
	value := object{}
	for i := 0; i < len(pairs); i += 2 {
		value[pairs[i]] = pairs[i+1]
	}
	return value
}

func mustHaveAccess(t *testing.T, server *cloudshell.Server, group string, pairs ...string) {
	t.Helper()
	if got, expected := fmt.Sprint(server.Access(group)), fmt.Sprint(domains(pairs...)); got != expected {
		t.Errorf("the group %s has the domains %s, want %s", group, got, expected)
	}
}

func TestGroupDomainsThatCannotBeGiven(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	server.AddDomain("Attic")
	server.ArchiveDomain("Attic")
	for name, c := range map[string]struct {
		domains object
		words   []string
	}{
		"near": {domains("Traning", "full"), []string{`domains.Traning: Unknown CloudShell Domain "Traning"`, `Did ` +
			`you mean "Training"?`}},
		"archived": {domains("attic", "full"), []string{`domains.attic: CloudShell Domain "attic" Is Archived`}},
	} {
		planned, _ := newGroup(t, server).Plan(object{"name": "Team", "domains": c.domains})
		contains(t, acctest.Errors(planned.Diagnostics), c.words...)
		t.Log(name)
	}
	planned, _ := newGroup(t, server).Plan(object{"name": "Team", "domains": domains("Berlin", "full")})
	if acctest.Errors(planned.Diagnostics) != "" {
		t.Error("a domain that may be made in the same run fails the plan")
	}
	contains(
		t,
		acctest.Warnings(planned.Diagnostics),
		`Unknown CloudShell Domain "Berlin"`,
		`It has "Global", "Lab" and "Training"`,
	)
	contains(
		t,
		acctest.Errors(newGroup(t, server).Apply(object{"name": "Team", "domains": domains("Berlin", "full")})),
		`Unknown CloudShell Domain "Berlin"`,
	)
	if _, found := groupNamed(server, "Team"); found {
		t.Error("a group was created although its domains cannot be given")
	}

	for mode, isError := range map[string]bool{"warn": false, "off": false, "error": true} {
		settings := providerObject(server)
		settings["check_names"] = mode
		planned, _ := acctest.Configured(t, settings).
			Instance(cloudshellGroupType).
			Plan(object{"name": "Team", "domains": domains("Traning", "full")})
		if (acctest.Errors(planned.Diagnostics) != "") != isError ||
			(acctest.Warnings(planned.Diagnostics) != "") != (mode == "warn") {
			t.Errorf(
				"check_names %s: errors %q, warnings %q",
				mode,
				acctest.Errors(planned.Diagnostics),
				acctest.Warnings(planned.Diagnostics),
			)
		}
	}
}

// A domain that is archived later changes nothing, whether the server goes on showing it or not, and can still be left
// out.
func TestGroupWhoseDomainIsArchived(t *testing.T) {
	t.Parallel()
	for _, archived := range []cloudshell.ArchivedDomains{cloudshell.ArchivedShown, cloudshell.ArchivedHidden} {
		server := labServer(t, cloudshell.Options{Groups: cloudshell.GroupOptions{Archived: archived}})
		group := newGroup(t, server)
		config := object{"name": "Team", "domains": domains("Lab", "full", "Training", "full")}
		mustApply(t, group, config)
		server.ArchiveDomain("Lab")
		group = group.In(acctest.Configured(t, providerObject(server)))
		mustPlanEmpty(t, group, config)
		config["domains"] = domains("Lab", "full", "Training", "view_only")
		mustApply(t, group, config)
		mustPlanEmpty(t, group, config)
		config["domains"] = domains("Training", "view_only")
		mustApply(t, group, config)
		mustPlanEmpty(t, group, config)
		mustApply(t, group, nil)
	}
}

func TestGroupDrift(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	group := newGroup(t, server)
	config := object{"name": "Team", "domains": domains("Lab", "full")}
	mustApply(t, group, config)
	server.SetAccess("Team", "Training", "full")
	server.SetAccess("Team", "Lab", "view_only")
	server.ChangeGroup("Team", func(g *cloudshell.UserGroup) { g.Name, g.Role = "Renamed", "External" })
	group = nextRun(t, server, group)
	wants(
		t,
		group,
		object{"name": "Renamed", "role": "External", "domains": domains("Lab", "view_only", "Training", "full")},
	)
	mustApply(t, group, config)
	mustHaveAccess(t, server, "Team", "Lab", "full")
	mustPlanEmpty(t, group, config)

	// Domains that are not managed are left alone.
	server.SetAccess("Team", "Training", "full")
	config = object{"name": "Team"}
	mustApply(t, group, config)
	mustPlanEmpty(t, group, config)
	mustHaveAccess(t, server, "Team", "Lab", "full", "Training", "full")
	// Managed again, the plan says what will go.
	planned, _ := group.Plan(object{"name": "Team", "domains": domains("Lab", "full")})
	contains(
		t,
		acctest.Warnings(planned.Diagnostics),
		`Domains of CloudShell Group "Team" Will Change`,
		`loses the domains "Training"`,
	)
}
