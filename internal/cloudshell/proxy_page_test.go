// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"net/http"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// proxyPage answers a method on a path with a proxy's page of 404, which says nothing about users and groups.
func proxyPage(method, path string) faults.Rule {
	return faults.Rule{
		Method: method, Path: path, Times: faults.Always,
		Fault: faults.Answer(http.StatusNotFound, "text/html", "<html>not here</html>"),
	}
}

func TestAProxysPageIsNoProofThatAUserIsGone(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"delete", "deactivate"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			user := w.provider.Instance(userType)
			mustApply(t, user, object{"name": "anna", "deletion_policy": policy})
			w.server.Faults().Add(proxyPage(http.MethodPut, "/api/v1/users/*"))
			if acctest.Errors(user.Apply(nil)) == "" || user.State == nil {
				t.Error("a user who is there leaves state")
			}
			w.wantImported("anna")
		})
	}
}

func TestAProxysPageIsNoProofThatMembersAreGone(t *testing.T) {
	t.Parallel()
	for path, departed := range map[string]string{"/api/v1/users/*": "delete", "/api/v1/groups/*/users": "keep"} {
		t.Run(departed, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, cloudshell.Options{})
			g := w.group(object{"departed_members": departed, "groups": []any{"Engineers"}})
			g.apply()
			w.directory.RemoveMember(labGroup, "anna")
			w.server.Faults().Add(proxyPage(http.MethodDelete, path))
			g.plan()
			failed, _ := g.try()
			if failed == "" {
				t.Error("nothing is said")
			}
			w.server.Faults().Clear()
			g.apply()
			switch departed {
			case "delete":
				w.wantImported("bert cleo")
			default:
				w.wantImported("anna bert cleo")
				w.wantIn(w.engineers, "bert cleo")
			}
		})
	}
}
