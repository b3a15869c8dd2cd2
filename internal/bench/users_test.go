// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// Page sizes that the platforms allow at most.
const (
	cloudShellPage = 250
	vcdPage        = 128
)

// vAppUser is the setting of roles that all users of Cloud Director have here.
const vAppUser = `  roles = ["` + mockvcd.RoleVAppUser + `"]`

func pages(items, size int) int { return (items + size - 1) / size }

// platform is a mock platform with many imported users. Terraform manages the first of them.
type platform struct {
	*workspace
	name     string
	users    int // in the platform, its own administrator included
	pageSize int
	requests func() int
	reset    func()
}

// cloudShellUsers starts a CloudShell with so many imported users, and a workspace whose state holds the first of them.
func cloudShellUsers(t *testing.T, managed, of int, latency time.Duration) *platform {
	t.Helper()
	server := acctest.CloudShell(t, cloudshell.Options{Directory: mockldap.NewDirectory(), Latency: latency})
	var users []cloudshell.User
	for i, person := range people.People(of) {
		person.ID = fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 2000+i)
		users = append(users, server.AddImportedUser(person))
	}
	w := newWorkspace(t, acctest.CloudShellProvider(server.URL())+
		manyUsers("directory_cloudshell_imported_user", managed, ""))
	w.writeState("directory_cloudshell_imported_user", managed, func(i int) map[string]any {
		return map[string]any{
			"id": users[i].ID, "name": users[i].Username, "username": users[i].Username, "imported_sid": users[i].ImportedSid,
			"allow_update": false, "deletion_policy": "auto", "created": true,
		}
	})
	return &platform{
		workspace: w, name: "CloudShell", users: len(server.Users()), pageSize: cloudShellPage,
		requests: func() int { return len(server.Requests()) }, reset: server.ResetRequests,
	}
}

// vcdUsers is the same for a Cloud Director.
func vcdUsers(t *testing.T, managed, of int, latency time.Duration) *platform {
	t.Helper()
	server := acctest.VCD(t, mockvcd.Options{Latency: latency})
	for _, person := range people.People(of) {
		server.AddUser("acme", mockvcd.User{
			Username: person.Username, FullName: person.DisplayName, Email: person.Email, Enabled: true,
		})
	}
	users := server.Users("acme")
	first := len(users) - of
	w := newWorkspace(t, vcdProvider(server)+manyUsers("directory_vcd_imported_user", managed, vAppUser))
	w.writeState("directory_vcd_imported_user", managed, func(i int) map[string]any {
		user := users[first+i]
		return map[string]any{
			"org": "acme", "id": user.ID, "name": user.Username, "roles": user.Roles, "provider_type": "LDAP", "description": "",
			"enabled": true, "take_ownership": true, "deletion_policy": "auto", "created": true, "allow_update": false,
		}
	})
	return &platform{
		workspace: w, name: "vCD", users: len(users), pageSize: vcdPage,
		requests: func() int { return len(server.Requests()) }, reset: server.ResetRequests,
	}
}

func vcdProvider(server *mockvcd.Server) string {
	return acctest.Provider(map[string]acctest.Block{"vcd": acctest.VCDBlock(server.URL(), "acme")})
}

// manyUsers is a resource with n instances, named as people.People names them. It uses count because Terraform
// evaluates for_each again for every instance, which takes quadratic time by itself.
func manyUsers(typeName string, n int, settings string) string {
	return fmt.Sprintf(`resource %q "user" {
  count = %d
  name  = format("user%%04d", count.index + 1)
%s
}
`,
		typeName, n, settings)
}

func names(n int) []string {
	names := make([]string, 0, n)
	for _, person := range people.People(n) {
		names = append(names, person.Username)
	}
	return names
}
