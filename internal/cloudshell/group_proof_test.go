// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"net/http"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// The group appears between the plan and the request, and the server says so in every form.
func TestGroupTakenMeanwhile(t *testing.T) {
	t.Parallel()
	for _, taken := range []cloudshell.TakenName{cloudshell.TakenConflict, cloudshell.TakenError} {
		for _, allowed := range []bool{false, true} {
			server := labServer(t, cloudshell.Options{Groups: cloudshell.GroupOptions{Taken: taken}})
			server.Faults().
				Add(faults.Rule{Method: "POST", Path: groupsPath, Times: 1, Fault: faults.Call(func() { server.AddGroup("Team") })})
			group := newGroup(t, server)
			text := acctest.Errors(group.Apply(object{"name": "Team", "allow_update": allowed}))
			if allowed {
				wants(t, group, object{"created": false})
				continue
			}
			contains(t, text, `name: Unable to Create CloudShell Group "Team"`, "has a group of this name by now", "import {")
			if group.State != nil {
				t.Error("a group that others made is in state")
			}
		}
	}
}

func TestGroupAnswersLost(t *testing.T) {
	t.Parallel()
	for fault, lost := range map[string]faults.Fault{
		"cut before": faults.CutBefore(), "cut after": faults.CutAfter(), "truncated": faults.Truncate(),
		"gateway": faults.HTML(http.StatusBadGateway),
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			server := labServer(t, cloudshell.Options{})
			server.Faults().Add(faults.Rule{Method: "POST", Path: groupsPath, Times: 1, Fault: lost})
			group := newGroup(t, server)
			config := object{"name": "Team", "domains": domains("Lab", "full")}
			if text := acctest.Errors(group.Apply(config)); text != "" {
				contains(t, text, "CloudShell does not have the group", "the next plan says that the group exists")
				if _, found := groupNamed(server, "Team"); found {
					t.Error("the group is there, and not in state")
				}
				group = newGroup(t, server)
				mustApply(t, group, config)
			}
			wants(t, group, object{"created": true})
			mustPlanEmpty(t, group, config)

			changed := object{"name": "Team 2", "domains": domains("Lab", "view_only")}
			for _, path := range []string{groupsPath + "/*", "/api/v1/domains/*/groups"} {
				server.Faults().Add(faults.Rule{Method: "PUT", Path: path, Times: 1, Fault: lost})
				server.Faults().Add(faults.Rule{Method: "POST", Path: path, Times: 1, Fault: lost})
			}
			for range 3 {
				if acctest.Errors(group.Apply(changed)) == "" {
					break
				}
				mustRefresh(t, group)
			}
			mustPlanEmpty(t, group, changed)
			mustHaveAccess(t, server, "Team 2", "Lab", "view_only")

			server.Faults().Add(faults.Rule{Method: "DELETE", Path: groupsPath + "/*", Times: 1, Fault: lost})
			for range 2 {
				if acctest.Errors(group.Apply(nil)) == "" {
					break
				}
			}
			if _, found := groupNamed(server, "Team 2"); found || group.State != nil {
				t.Error("the group was not deleted")
			}
		})
	}
}

func TestGroupRefusedInAnySuccess(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, http.StatusOK, http.StatusAccepted, http.StatusBadRequest, http.StatusForbidden} {
		for _, shape := range []cloudshell.ErrorShape{
			cloudshell.ErrorsStrings, cloudshell.ErrorsObjects, cloudshell.ErrorsNested, cloudshell.ErrorsNameless,
		} {
			server := labServer(t, cloudshell.Options{Errors: shape, Groups: cloudshell.GroupOptions{RefusedStatus: status}})
			server.RefuseGroup("Team", "No more groups are licensed")
			group := newGroup(t, server)
			contains(
				t,
				acctest.Errors(group.Apply(object{"name": "Team"})),
				`Unable to Create CloudShell Group "Team"`,
				"No more groups are licensed",
			)
			if group.State != nil {
				t.Error("a refused group is in state")
			}
		}
	}
}

func TestGroupDeletedByHand(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	group := newGroup(t, server)
	config := object{"name": "Team", "description": "x"}
	mustApply(t, group, config)
	server.RemoveGroup("Team")
	contains(
		t,
		acctest.Errors(group.Apply(object{"name": "Team", "description": "y"})),
		`Unable to Update CloudShell Group "Team"`,
		"deleted in CloudShell since the plan",
	)
	group = nextRun(t, server, group)
	if group.State != nil {
		t.Fatal("a group that is gone stays in state")
	}
	mustApply(t, group, config)
	server.RemoveGroup("Team")
	if text := acctest.Errors(group.Apply(nil)); text != "" {
		t.Error("destroying what is gone: " + text)
	}
}

// A list that lacks the group proves nothing: pages shift while others write.
func TestGroupMissingFromTheList(t *testing.T) {
	t.Parallel()
	server := labServer(t, cloudshell.Options{})
	group := newGroup(t, server)
	config := object{"name": "Team"}
	mustApply(t, group, config)
	server.Faults().
		Add(faults.Rule{Method: "GET", Path: groupsPath, Times: faults.Always,
			Fault: faults.Answer(http.StatusOK, "application/json",
				`{"Groups":[{"Id":1,"Name":"Everyone","groupType":"BuiltIn"}],"Cursor":null}`)})
	group = nextRun(t, server, group)
	if group.State == nil {
		t.Fatal("a group that the server has was forgotten")
	}
	for _, status := range []int{http.StatusInternalServerError, http.StatusForbidden} {
		server.Faults().Add(faults.Rule{Method: "GET", Path: groupsPath + "/*", Times: 1, Fault: faults.Status(status)})
		again := group.In(acctest.Configured(t, providerObject(server)))
		if acctest.Errors(again.Refresh()) == "" || again.State == nil {
			t.Errorf("%d is taken for absence", status)
		}
	}
	// A 400 may mean that there is no such group; a second list says that there is.
	server.Faults().Clear()
	server.Faults().Add(
		faults.Rule{Method: "GET", Path: groupsPath, Fault: faults.Answer(http.StatusOK, "application/json",
			`{"Groups":[{"Id":1,"Name":"Everyone","groupType":"BuiltIn"}],"Cursor":null}`)},
		faults.Rule{Method: "GET", Path: groupsPath + "/*", Fault: faults.Status(http.StatusBadRequest)},
	)
	if again := nextRun(t, server, group); again.State == nil {
		t.Error("a group that the second list has was forgotten")
	}
}
