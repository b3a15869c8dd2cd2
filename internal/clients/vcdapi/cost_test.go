// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestCostOfCreatingUsers(t *testing.T) {
	t.Parallel()
	const users = 5
	server := start(t, mockvcd.Options{})
	for _, p := range people.People(users) {
		server.People().AddUser(p)
	}
	tenant := open(t, connect(t, server.URL()))
	for i := range users {
		author := role(t, tenant, mockvcd.RoleVAppAuthor)
		name := fmt.Sprintf("user%04d", i+1)
		must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser(name, author)))
	}
	if n := len(server.Requests()); n > users+3 {
		t.Errorf("%d requests for %d users, want one each and 3 a run", n, users)
	}
}

func TestCostOfRefreshing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ read, of, most int }{
		{1, 10_000, 2}, {10, 10_000, 12}, {1000, 1000, 16}, {1000, 10_000, 2 * 79},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.read, c.of), func(t *testing.T) {
			t.Parallel()
			server := start(t, mockvcd.Options{})
			for i := range c.of - 1 { // the administrator is one
				server.AddUser("acme", mockvcd.User{Username: fmt.Sprintf("user%05d", i), Enabled: true})
			}
			tenant := open(t, connect(t, server.URL()))
			server.ResetRequests()
			readMany(t, tenant, server.Users("acme")[:c.read])
			if n := len(server.Requests()); n > c.most {
				t.Errorf("%d requests, want at most %d", n, c.most)
			}
		})
	}
}

// readMany reads users as Terraform does: ten at a time.
func readMany(t *testing.T, tenant *vcdapi.Tenant, users []mockvcd.User) {
	t.Helper()
	var group sync.WaitGroup
	slots := make(chan struct{}, 10)
	for _, u := range users {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			read, err := tenant.User(t.Context(), u.ID)
			if err != nil || read.ID != u.ID || read.Username != u.Username {
				t.Errorf("%s: %+v, %v", u.Username, read, err)
			}
		})
	}
	group.Wait()
}
