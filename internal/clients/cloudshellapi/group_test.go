// SPDX-License-Identifier: MPL-2.0

package cloudshellapi_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	for _, ids := range []cloudshell.IDForm{cloudshell.IDsNumbers, cloudshell.IDsStrings} {
		client, server := start(t, cloudshell.Options{IDs: ids})
		added := server.AddGroup("Engineers")
		for range 3 {
			groups, err := client.Groups(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(groups, func(g cloudshellapi.Group) bool { return g.Name == "Engineers" })
			if at < 0 || groups[at].ID != added.ID || groups[at].Type == "" || groups[at].Role == "" || groups[at].Sid == "" {
				t.Errorf("groups %+v", groups)
			}
			for _, builtin := range []int64{cloudshellapi.GroupEveryone, cloudshellapi.GroupSystemAdministrators} {
				if _, err := client.Group(t.Context(), builtin); err != nil {
					t.Error(err)
				}
			}
		}
		if got := server.CountWork(); got != 1 {
			t.Errorf("%d requests, want one list for the run", got)
		}
	}
	client, _ := start(t, cloudshell.Options{})
	_, err := client.Group(t.Context(), 4711)
	mustBe(t, err, cloudshellapi.ErrNotFound)
}

func TestMembership(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 300, cloudshell.Options{})
	group := server.AddGroup("Engineers").ID
	if err := client.AddUsersToGroup(t.Context(), group, ids); err != nil {
		t.Fatal(err)
	}
	members, err := client.GroupUsers(t.Context(), group)
	if err != nil || len(members) != 300 || !slices.Contains(members[0].GroupIDs, group) {
		t.Errorf("%d members, %v", len(members), err)
	}
	if err := client.RemoveUsersFromGroup(t.Context(), group, ids[:299]); err != nil {
		t.Fatal(err)
	}
	if members, err = client.GroupUsers(t.Context(), group); err != nil || len(members) != 1 || members[0].ID != ids[299] {
		t.Errorf("%d members, %v", len(members), err)
	}
	// Two changes, two pages of 300 members, read twice since people can move between pages, and one page of one member.
	if got := server.CountWork(); got != 7 {
		t.Errorf("%d requests, want 7: a change is one, however many users it is about", got)
	}
	server.ResetRequests()
	if err := client.AddUsersToGroup(t.Context(), group, nil); err != nil || server.CountWork() != 0 {
		t.Errorf("no one to add: %v, %d requests", err, server.CountWork())
	}
	for _, request := range server.Requests() {
		if strings.Contains(request.Body, "Users") && request.Header.Get("Content-Type") != "application/json" {
			t.Error("a change without a content type")
		}
	}
}

func TestMembershipFails(t *testing.T) {
	t.Parallel()
	for _, shape := range []cloudshell.ErrorShape{
		cloudshell.ErrorsStrings, cloudshell.ErrorsObjects, cloudshell.ErrorsNested, cloudshell.ErrorsNameless,
	} {
		client, server, ids := crowd(t, 1, cloudshell.Options{Errors: shape})
		group := server.AddGroup("Engineers").ID
		err := client.AddUsersToGroup(t.Context(), group, append(ids, 4711))
		if err == nil || !strings.Contains(err.Error(), "User with id '4711' was not found") {
			t.Errorf("a user who does not exist: %v", err)
		}
		mustBe(t, client.AddUsersToGroup(t.Context(), 4711, ids), cloudshellapi.ErrNotFound)
		if _, err := client.GroupUsers(t.Context(), 4711); err == nil {
			t.Error("users of a group that does not exist")
		}
	}
	client, _ := play(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"Errors":["a","b","c","d","e","f","g"]}`)
	})
	if err := client.RemoveUsersFromGroup(t.Context(), 3, []int64{1}); err == nil ||
		!strings.Contains(err.Error(), "a; b; c; d; e; and 2 more") {
		t.Errorf("error %v", err)
	}
	client, _ = play(t, func(http.ResponseWriter, *http.Request) {})
	if err := client.AddUsersToGroup(t.Context(), 3, []int64{1}); err != nil {
		t.Errorf("an answer without a body: %v", err)
	}
}

// Adding a user twice does no harm, so it is sent again when its answer is lost.
func TestMembershipAnswerLost(t *testing.T) {
	t.Parallel()
	client, server, ids := crowd(t, 1, cloudshell.Options{})
	group := server.AddGroup("Engineers").ID
	server.Faults().
		Add(faults.Rule{Method: "POST", Fault: faults.CutAfter()}, faults.Rule{Method: "DELETE", Fault: faults.CutAfter()})
	if err := client.AddUsersToGroup(t.Context(), group, ids); err != nil {
		t.Error(err)
	}
	if err := client.RemoveUsersFromGroup(t.Context(), group, ids); err != nil {
		t.Error(err)
	}
}
