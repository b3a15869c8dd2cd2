// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

func TestGroupCost(t *testing.T) {
	t.Parallel()
	for given := range 4 {
		server := labServer(t, cloudshell.Options{})
		server.AddDomain("Extra")
		group := newGroup(t, server)
		config := object{"name": "Team"}
		all := []string{"Lab", "Training", "Extra"}
		value := object{}
		for _, name := range all[:given] {
			value[name] = "full"
		}
		if given > 0 {
			config["domains"] = value
		}
		mustApply(t, group, config)
		if got := server.CountWork(); got > 3+given {
			t.Errorf("a group with %d domains took %d requests, want at most %d: %v", given, got, 3+given, server.Requests())
		}
		server.ResetRequests()
		mustApply(t, group, nil)
		// Members, group, deletion, and two looks that prove that it is gone: by id, and in a list.
		if got := server.CountWork(); got > 5 {
			t.Errorf("destroying took %d requests: %v", got, server.Requests())
		}
	}
}

func TestGroupRefreshCost(t *testing.T) {
	t.Parallel()
	const count = 50
	server := labServer(t, cloudshell.Options{})
	first := newGroup(t, server)
	mustApply(t, first, object{"name": "Team 0", "domains": domains("Lab", "full")})
	groups := []*acctest.Instance{first}
	for i := 1; i < count; i++ {
		made := server.AddGroup(fmt.Sprintf("Team %d", i))
		server.SetAccess(made.Name, "Lab", "full")
		other := *first // another group in the same state
		other.State = maps.Clone(first.State)
		other.State["id"], other.State["name"], other.State["sid"], other.Private = made.ID, made.Name, made.Sid, nil
		other.Identity = nil
		groups = append(groups, &other)
	}
	next := acctest.Configured(t, providerObject(server))
	server.ResetRequests()
	var all sync.WaitGroup
	for _, group := range groups {
		all.Go(func() {
			again := group.In(next)
			if text := acctest.Errors(again.Refresh()); text != "" || again.State == nil {
				t.Errorf("state %v, %s", again.State, text)
			}
		})
	}
	all.Wait()
	lists := server.Count("GET", groupsPath)
	if got := server.CountWork() - lists; got > count+1 || lists > 1 {
		t.Errorf("refreshing %d groups took %d lists and %d other requests", count, lists, got)
	}
}
