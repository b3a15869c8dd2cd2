// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// An answer that is cut or garbled is asked for again, through both interfaces, and so is a login that met a busy
// server.
func TestReadsSurviveOneBadAnswerEach(t *testing.T) {
	t.Parallel()
	kinds := map[string]faults.Fault{
		"garble": faults.Garble(), "truncate": faults.Truncate(), "web page": faults.HTML(200), "busy": faults.Busy(503, 0),
		"502": faults.HTML(502),
	}
	for kind, fault := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for name, f := range flavours {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					server := start(t, mockvcd.Options{Version: f.version})
					server.AddUser("acme", mockvcd.User{Username: "anna"})
					server.AddGroup("acme", mockvcd.Group{Name: "staff"})
					for _, path := range []string{"/api/versions", "/cloudapi/1.0.0/**", "/api/admin/**", "/api/query"} {
						server.Faults().Add(faults.Rule{Path: path, Fault: fault})
					}
					tenant := open(t, connect(t, server.URL(), func(c *vcdapi.Config) {
						c.Interface, c.HTTP.MaxRetries = f.forced,
							2
					}))
					for _, path := range []string{"/cloudapi/1.0.0/*", "/cloudapi/1.0.0/*/*", "/api/admin/*/*", "/api/query"} {
						server.Faults().Add(faults.Rule{Method: "GET", Path: path, Fault: fault})
					}
					if roles, err := tenant.Roles(t.Context()); err != nil || len(roles) != 5 {
						t.Errorf("roles %v, %v", roles, err)
					}
					users, err := tenant.Users(t.Context())
					if err != nil || len(users) != 2 {
						t.Fatalf("users %v, %v", users, err)
					}
					if u, err := tenant.FreshUser(t.Context(), users[1].ID); err != nil || u.ID != users[1].ID {
						t.Errorf("user %v, %v", u, err)
					}
					if g, err := tenant.FindGroup(t.Context(), "staff", ""); err != nil || g.Name != "staff" {
						t.Errorf("group %v, %v", g, err)
					}
				})
			}
		})
	}
}
