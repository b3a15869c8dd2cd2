// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

func TestImportedGroupNamesWhoIsRefused(t *testing.T) {
	t.Parallel()
	for shape := cloudshell.ErrorsStrings; shape <= cloudshell.ErrorsNameless; shape++ {
		for exists := cloudshell.GroupExistsListed; exists <= cloudshell.GroupExistsPartial; exists++ {
			t.Run(fmt.Sprintf("errors %d, exists %d", shape, exists), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, cloudshell.Options{Errors: shape, GroupExists: exists})
				w.server.RefuseImport("bert", "User 'bert' has no licence")
				w.existing("cleo")
				g := w.group(object{"groups": []any{"Engineers"}})
				contains(t, g.apply(), "CloudShell Did Not Import Everyone", `"bert"`, "has no licence") // a warning
				w.wantNames(g.State, map[string]string{"members": "anna cleo", "created_members": "anna",
					"directory_members": "anna bert cleo"})

				// An update says it as an error, and does everything else.
				w.directory.AddMember(labGroup, "dora")
				planned, _ := g.plan()
				w.wantNames(planned, map[string]string{"members": "anna bert cleo dora"})
				failed, _ := g.try()
				contains(t, failed, "CloudShell Did Not Import Everyone", `"bert"`, "has no licence")
				if strings.Contains(failed, "anna") || strings.Contains(failed, "dora") {
					t.Errorf("the error names others: %s", failed)
				}
				w.wantNames(g.State, map[string]string{"members": "anna cleo dora", "created_members": "anna dora"})
				w.wantIn(w.engineers, "anna cleo dora")

				// The next plan offers them again, without a refresh as well.
				_, again := g.Plan(g.config)
				w.wantNames(again, map[string]string{"members": "anna bert cleo dora", "created_members": "anna bert dora"})
				w.server.RefuseImport("bert", "")
				g.apply()
				g.planEmpty()
				w.wantIn(w.engineers, "anna bert cleo dora")
			})
		}
	}
}

func TestImportedGroupCreateFailsOnlyWithProofThatNothingWasImported(t *testing.T) {
	t.Parallel()
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, cloudshell.Options{})
		g := w.group(object{})
		w.onImport(faults.Status(403))
		failed, _ := g.try()
		contains(t, failed, `name: Unable to Import CloudShell Group "Lab Engineers"`, `"anna", "bert" and "cleo"`)
		if g.State != nil {
			t.Errorf("there is a state: %v", g.State)
		}
		g.apply()
		g.planEmpty()
	})
	// The server may be at work still: without state, people who come late would belong to no one.
	for name, fault := range map[string]faults.Fault{
		"failed": faults.Status(500), "HTML": faults.HTML(502), "cut before it acted": faults.CutBefore(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			g := w.group(object{"deletion_policy": "delete"})
			w.onImport(fault)
			failed, warned := g.try()
			contains(t, warned, "Import Not Confirmed", `"anna", "bert" and "cleo"`)
			if failed != "" || g.State == nil {
				t.Fatalf("state %v, errors %s", g.State, failed)
			}
			w.wantNames(g.State, map[string]string{"members": "", "created_members": ""})
			w.existing("bert") // the server goes on
			g.apply()
			w.wantNames(g.State, map[string]string{"members": "anna bert cleo", "created_members": "anna bert cleo"})
			g.planEmpty()
			g.destroy()
			w.wantImported("")
		})
	}
	t.Run("all refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, cloudshell.Options{})
		for _, name := range []string{"anna", "bert", "cleo"} {
			w.server.RefuseImport(name, "No licence for "+name)
		}
		failed, _ := w.group(object{}).try()
		contains(t, failed, "No licence for anna", "No licence for bert", "No licence for cleo")
	})
	t.Run("later step", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, cloudshell.Options{})
		g := w.group(object{"groups": []any{"Engineers"}})
		w.server.Faults().Add(faults.Rule{Method: "POST", Path: "/api/v1/groups/*/users", Fault: faults.Status(400)})
		contains(t, g.apply(), `Unable to Add People to CloudShell Group "Engineers"`)
		w.wantNames(g.State, map[string]string{"members": "anna bert cleo", "outdated_members": "anna bert cleo"})
		g.apply()
		g.planEmpty()
		w.wantIn(w.engineers, "anna bert cleo")
	})
}

func TestImportedGroupLooksUpWhatAnUnansweredImportDid(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]faults.Fault{
		"cut": faults.CutAfter(), "truncated": faults.Truncate(), "garbled": faults.Garble(),
		"bad gateway": faults.AnswerAfter(502, "text/html", "<html><title>Bad Gateway</title></html>"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			g := w.group(object{"groups": []any{"Engineers"}})
			w.onImport(fault)
			g.apply()
			w.wantNames(g.State, map[string]string{"members": "anna bert cleo", "created_members": "anna bert cleo"})
			g.planEmpty()
			w.directory.AddMember(labGroup, "dora")
			g.plan()
			w.onImport(fault)
			if failed, _ := g.try(); failed != "" {
				t.Error(failed)
			}
			w.wantNames(g.State, map[string]string{"members": "anna bert cleo dora", "created_members": "anna bert cleo dora"})
			g.planEmpty()
			w.wantIn(w.engineers, "anna bert cleo dora")
		})
	}
}

func TestImportedGroupOwnsWhoComesInAfterItGaveUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"deletion_policy": "delete"})
	g.apply()
	w.directory.AddMember(labGroup, "dora")
	g.plan()
	w.onImport(faults.CutBefore()) // as seen from here, nothing tells that the server has not begun
	failed, _ := g.try()
	contains(t, failed, "Import Not Confirmed", `"dora"`)
	w.existing("dora") // now it is through with it
	g.apply()
	g.planEmpty()
	w.wantNames(g.State, map[string]string{"members": "anna bert cleo dora", "created_members": "anna bert cleo dora"})
	g.destroy()
	w.wantImported("")
}

func TestImportedGroupWaitsForAnImportThatGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{ImportDelay: 8 * time.Second})
	g := w.group(object{"timeouts": object{"create": "5s"}})
	g.apply()
	w.wantNames(g.State, map[string]string{"members": "anna bert cleo", "created_members": "anna bert cleo"})
}

func TestImportedGroupDoesWhatWasPlannedToTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"departed_members": "deactivate", "groups": []any{"Engineers"}})
	g.apply()
	w.directory.AddMember(labGroup, "dora")
	w.directory.RemoveMember(labGroup, "anna")
	planned, _ := g.plan()

	// Between plan and apply another person joins, the leaver comes back, and the joiner leaves.
	w.directory.AddMember(labGroup, "emil", "anna")
	w.directory.RemoveMember(labGroup, "dora")
	g.rerun()
	if failed, _ := g.try(); failed != "" {
		t.Fatal(failed)
	}
	if text := contradictions(planned, g.State); text != "" {
		t.Error(text)
	}
	w.wantImported("anna bert cleo dora") // anna is back, so their user stays as it is
	w.wantIn(w.engineers, "anna bert cleo dora")

	// The next plan shows it.
	planned, _ = g.plan()
	w.wantNames(planned, map[string]string{"members": "anna bert cleo emil"})
	g.apply()
	g.planEmpty()
	w.wantImported("(dora) anna bert cleo emil")
}

func TestImportedGroupReadsAgainWhenTheDirectoryChangedUnderTheCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{})
	w.server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Fault: faults.Call(func() {
		w.directory.AddMember(labGroup, "dora")
		w.directory.RemoveMember(labGroup, "anna")
	})})
	if warned := g.apply(); strings.Contains(warned, "Did Not Import") {
		t.Error(warned)
	}
	w.wantNames(g.State, map[string]string{
		"directory_members": "bert cleo dora", "members": "bert cleo dora", "created_members": "bert cleo dora",
	})
	g.planEmpty()
}

func TestImportedGroupLeavesWhoAppearedByOtherHands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{"deletion_policy": "delete"})
	g.apply()
	w.directory.AddMember(labGroup, "dora", "emil")
	g.plan()
	w.existing("dora")
	g.rerun() // Terraform applies in another process
	failed, _ := g.try()
	contains(t, failed, "People Appeared in CloudShell Since the Plan", `"dora"`)
	w.wantNames(g.State, map[string]string{"members": "anna bert cleo emil", "created_members": "anna bert cleo emil"})

	// The next plan takes them in as a person who was there before, without a refresh as well.
	_, planned := g.Plan(g.config)
	w.wantNames(planned, map[string]string{"members": "anna bert cleo dora emil", "created_members": "anna bert cleo " +
		"emil"})
	g.apply()
	g.planEmpty()
	g.destroy()
	w.wantImported("dora")
}

func TestImportedGroupImportsWhoVanishedFromCloudShell(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("cleo")
	g := w.group(object{"groups": []any{"Engineers"}})
	g.apply()
	w.server.RemoveUser("anna")
	w.directory.AddMember(labGroup, "dora")
	w.existing("dora")
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{"members": "anna bert cleo dora", "created_members": "anna bert"})
	w.server.RemoveUser("dora") // after the plan
	g.rerun()
	if failed, _ := g.try(); failed != "" {
		t.Fatal(failed)
	}
	w.wantImported("anna bert cleo dora")
	w.wantIn(w.engineers, "anna bert cleo dora")
	g.planEmpty()
	w.wantNames(g.State, map[string]string{"created_members": "anna bert dora"})
}

func TestImportedGroupPlansWithUnknownSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{})
	g.apply()
	for name, known := range map[string]any{
		"departed_members": "delete", "allow_update": true, "max_departures": int64(0),
		"retain_members_of": []any{"Lab Operators"}, "groups": []any{"Guests"},
		"allow_empty": true,
	} {
		config := object{"name": labGroup, name: acctest.Unknown}
		resp, planned := g.Plan(config)
		if text := acctest.Errors(resp.Diagnostics); text != "" {
			t.Fatal(text)
		}
		w.wantNames(planned, map[string]string{"members": "anna bert cleo",
			"created_members": "anna bert cleo"}) // no one leaves

		leaving := w.group(config)
		leaving.State, leaving.Private = g.State, g.Private
		w.directory.RemoveMember(labGroup, "anna")
		first, _ := leaving.plan()
		leaving.config = object{"name": labGroup, name: known}
		_, second := leaving.Plan(leaving.config)
		if text := contradictions(first, second); text != "" {
			t.Errorf("%s: inconsistent final plan: %s", name, text)
		}
		w.directory.AddMember(labGroup, "anna")
	}
}

func TestImportedGroupKeepsStateWhenTheProviderIsNotConfiguredYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	g := w.group(object{})
	g.apply()
	before := g.State
	later := acctest.Configured(t, object{"cloudshell": object{"url": w.server.URL(), "username": "admin",
		"password": acctest.Unknown}})
	g.moveTo(later)
	contains(t, g.refresh(), "Not Refreshed", "cloudshell.password")
	if text := differences(before, g.State); text != "" {
		t.Error(text)
	}
	fresh := w.group(object{})
	fresh.Instance = later.Instance(groupType)
	if resp, _ := fresh.Plan(fresh.config); acctest.Errors(resp.Diagnostics) != "" {
		t.Error(acctest.Errors(resp.Diagnostics))
	}
	fresh.Instance = acctest.Configured(t, object{}).Instance(groupType)
	resp, _ := fresh.Plan(fresh.config)
	contains(t, acctest.Errors(resp.Diagnostics), "CLOUDSHELL_URL")
}
