// SPDX-License-Identifier: MPL-2.0

package campaign_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const org = "acme"

// cloudDirector is an organization with 60 imported users, each with a powered-off VM, and three imported groups.
type cloudDirector struct {
	server    *mockvcd.Server
	directory *mockldap.Directory
	random    *rand.Rand
	api       string // the interface: odd seeds use XML
	users     []string
	hired     int
	others    atomic.Int64
}

func newCloudDirector(t *testing.T, seed uint64) platform {
	random := rand.New(rand.NewPCG(seed, 3))
	p := &cloudDirector{directory: mockldap.NewDirectory(), random: random, api: []string{"cloudapi", "xml"}[seed%2]}
	p.server = acctest.VCD(t, mockvcd.Options{
		Directory: p.directory, TaskPolls: random.IntN(3),
		Deletion: mockvcd.DeletionAnswer(random.IntN(2)), Duplicate: mockvcd.DuplicateAnswer(random.IntN(3)),
		Missing: mockvcd.MissingAnswer(random.IntN(2)),
	})
	for range userCount {
		p.users = append(p.users, p.hire())
	}
	for _, name := range p.users {
		if random.IntN(3) == 0 {
			p.server.AddUser(org, mockvcd.User{
				Username: name, Enabled: true, Roles: []string{mockvcd.RoleVAppUser}, PoweredOffVMs: []string{"vm of " + name},
			})
		}
	}
	for i, group := range groupNames {
		p.directory.AddGroup(people.Group{Name: group})
		if i == 0 {
			roles := []string{mockvcd.RoleVAppUser}
			p.server.AddGroup(org, mockvcd.Group{Name: group, ProviderType: mockvcd.TypeLDAP, Roles: roles})
		}
	}
	return p
}

func (p *cloudDirector) hire() string {
	p.hired++
	name := fmt.Sprintf("p%03d", p.hired)
	p.directory.AddUser(people.User{
		Username: name, DisplayName: fmt.Sprintf("Person %03d", p.hired), Email: name + "@lab.example",
	})
	return name
}

func (p *cloudDirector) config() string {
	var text strings.Builder
	text.WriteString("variable \"users\" { type = set(string) }\n")
	block := acctest.VCDBlock(p.server.URL(), org)
	block["interface"] = p.api
	text.WriteString(acctest.DefaultProvider(map[string]acctest.Block{"vcd": block}))
	fmt.Fprintf(&text, `
resource "directory_vcd_imported_user" "user" {
  for_each     = var.users
  name         = each.key
  roles        = [%q]
  description  = "by terraform"
  allow_update = true
}
`, mockvcd.RoleVAppAuthor)
	for _, group := range groupNames {
		fmt.Fprintf(&text, `
resource "directory_vcd_imported_group" %q {
  name         = %q
  roles        = [%q]
  allow_update = true
}
`, strings.ToLower(group), group, mockvcd.RoleVAppAuthor)
	}
	return text.String()
}

func (p *cloudDirector) variables() string {
	content, _ := json.Marshal(map[string]any{"users": p.users}) // strings cannot fail
	return string(content)
}

func (p *cloudDirector) faults() *faults.Injector { return p.server.Faults() }

// change hires a user, takes another one out of the configuration, and gives those who are there VMs.
func (p *cloudDirector) change(random *rand.Rand) []string {
	hired := p.hire()
	at := random.IntN(len(p.users))
	gone := p.users[at]
	p.users = append(slices.Delete(p.users, at, at+1), hired)
	for _, user := range p.server.Users(org) {
		if user.ProviderType != mockvcd.TypeLocal && len(user.PoweredOffVMs) == 0 && !user.OwnershipTaken {
			p.server.Change(org, user.Username, func(u *mockvcd.User) { u.PoweredOffVMs = []string{"vm of " + u.Username} })
		}
	}
	return []string{"new user " + hired, "user " + gone + " taken out of the configuration", "everyone owns a VM"}
}

// write adds and removes users that the configuration does not know, so that the rows of lists shift.
func (p *cloudDirector) write(random *rand.Rand) {
	if made := p.others.Load(); made > 0 && random.IntN(2) == 0 {
		p.server.RemoveUser(org, fmt.Sprintf("%s%d", othersName, 1+random.Int64N(made)))
		return
	}
	p.server.AddUser(org, mockvcd.User{
		Username: fmt.Sprintf("%s%d", othersName, p.others.Add(1)), Enabled: true, Roles: []string{mockvcd.RoleVAppUser},
	})
}

func (p *cloudDirector) accounts() map[string]string {
	accounts := map[string]string{}
	for _, user := range p.server.Users(org) {
		if user.ProviderType != mockvcd.TypeLocal && !strings.HasPrefix(user.Username, othersName) {
			accounts[user.Username] = user.ID
		}
	}
	for _, group := range p.server.Groups(org) {
		accounts[group.Name] = group.ID
	}
	return accounts
}

func (p *cloudDirector) claimed(instances []acctest.StateInstance) map[string]bool {
	claimed := map[string]bool{}
	for _, instance := range instances {
		if name, ok := instance.Attributes["name"].(string); ok {
			claimed[name], _ = instance.Attributes["created"].(bool)
		}
	}
	return claimed
}

func (p *cloudDirector) problems(before map[string]string, orphans map[string]bool) []string {
	var problems []string
	for _, name := range p.users {
		user, there := p.server.User(org, name)
		switch {
		case !there:
			problems = append(problems, name+" is missing")
		case !user.Enabled:
			problems = append(problems, name+" is not enabled")
		case !slices.Equal(user.Roles, []string{mockvcd.RoleVAppAuthor}):
			problems = append(problems, fmt.Sprintf("%s has the roles %q", name, user.Roles))
		case user.Description != "by terraform":
			problems = append(problems, fmt.Sprintf("%s has the description %q", name, user.Description))
		}
	}
	accounts := p.accounts()
	for _, group := range groupNames {
		if _, there := accounts[group]; !there {
			problems = append(problems, "group "+group+" is missing")
		}
	}
	for name := range accounts {
		_, there := before[name]
		if !there && !slices.Contains(p.users, name) && !slices.Contains(groupNames, name) && !orphans[name] {
			problems = append(problems, name+" is there, was created, and is in no configuration")
		}
	}
	return problems
}

func (p *cloudDirector) harm(before map[string]string) []string {
	harmed := p.server.LostVMs()
	accounts := p.accounts()
	for name, id := range before {
		switch now, there := accounts[name]; {
		case !there:
			harmed = append(harmed, name+" was deleted")
		case now != id:
			harmed = append(harmed, name+" has another account")
		}
		if user, there := p.server.User(org, name); there && !user.Enabled {
			harmed = append(harmed, name+" was disabled")
		}
	}
	return harmed
}
