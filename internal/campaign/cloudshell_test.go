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
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const (
	userCount  = 60 // imported users
	groupSize  = 20 // members of each imported group; half of them are imported users too
	othersName = "other-"
)

var groupNames = []string{"Alpha", "Beta", "Gamma"}

// cloudShell is a CloudShell with 60 imported users and three imported groups that share people.
type cloudShell struct {
	server    *cloudshell.Server
	directory *mockldap.Directory
	engineers int64
	users     []string
	members   map[string][]string // of the directory's groups
	hired     int
	others    atomic.Int64 // accounts that others made
}

func newCloudShell(t *testing.T, seed uint64) platform {
	random := rand.New(rand.NewPCG(seed, 3))
	p := &cloudShell{directory: mockldap.NewDirectory(), members: map[string][]string{}}
	p.server = acctest.CloudShell(t, cloudshell.Options{
		Directory: p.directory, Local: cloudshell.LocalTakenOver,
		Exists: cloudshell.ExistsAnswer(random.IntN(4)), GroupExists: cloudshell.GroupExistsAnswer(random.IntN(4)),
		Errors: cloudshell.ErrorShape(random.IntN(4)),
	})
	p.engineers = p.server.AddGroup("Engineers").ID
	for range userCount {
		p.users = append(p.users, p.hire())
	}
	for _, group := range groupNames {
		p.directory.AddGroup(people.Group{Name: group})
		for range groupSize / 4 {
			p.join(group, p.hire())
		}
	}
	for _, group := range groupNames { // some people are in two groups, and some are imported users too
		for range groupSize / 4 {
			p.join(group, p.members[groupNames[random.IntN(len(groupNames))]][random.IntN(groupSize/4)])
		}
		for range groupSize / 2 {
			p.join(group, p.users[random.IntN(userCount)])
		}
	}
	for _, person := range p.everyone() {
		if random.IntN(3) == 0 {
			user, _, _ := p.directory.FindUser(t.Context(), person)
			p.server.AddImportedUser(user)
		}
	}
	return p
}

func (p *cloudShell) hire() string {
	p.hired++
	name := fmt.Sprintf("p%03d", p.hired)
	p.directory.AddUser(people.User{
		Username: name, DisplayName: fmt.Sprintf("Person %03d", p.hired), Email: name + "@lab.example", Domain: "LAB",
	})
	return name
}

func (p *cloudShell) join(group, name string) {
	if !slices.Contains(p.members[group], name) {
		p.members[group] = append(p.members[group], name)
		p.directory.AddMember(group, name)
	}
}

func (p *cloudShell) everyone() []string {
	all := slices.Clone(p.users)
	for _, members := range p.members {
		all = append(all, members...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (p *cloudShell) inAnyGroup(name string) bool { return p.memberships(name) > 0 }

func (p *cloudShell) memberships(name string) int {
	count := 0
	for _, members := range p.members {
		if slices.Contains(members, name) {
			count++
		}
	}
	return count
}

func (p *cloudShell) config() string {
	var text strings.Builder
	text.WriteString("variable \"users\" { type = set(string) }\n")
	block := acctest.CloudShellBlock(p.server.URL())
	text.WriteString(acctest.DefaultProvider(map[string]acctest.Block{"cloudshell": block}))
	text.WriteString(`
resource "directory_cloudshell_imported_user" "user" {
  for_each                 = var.users
  name                     = each.key
  allow_update             = true
  max_reservation_duration = 480
}
`)
	for _, group := range groupNames {
		fmt.Fprintf(&text, `
resource "directory_cloudshell_imported_group" %q {
  name             = %q
  allow_update     = true
  groups           = ["Engineers"]
  departed_members = "delete"
  deletion_policy  = "delete"
  retain_users     = var.users
  depends_on       = [directory_cloudshell_imported_user.user]
}
`, strings.ToLower(group), group)
	}
	return text.String()
}

func (p *cloudShell) variables() string {
	content, _ := json.Marshal(map[string]any{"users": p.users}) // strings cannot fail
	return string(content)
}

func (p *cloudShell) faults() *faults.Injector { return p.server.Faults() }

// change hires a user and a member, and takes out a user and a member who are in no other place.
func (p *cloudShell) change(random *rand.Rand) []string {
	user, member := p.hire(), p.hire()
	group := groupNames[random.IntN(len(groupNames))]
	p.users = append(p.users, user)
	p.join(group, member)
	notes := []string{"new user " + user, "new member of " + group + " " + member}
	for at, name := range p.users {
		if at != len(p.users)-1 && !p.inAnyGroup(name) {
			p.users = slices.Delete(p.users, at, at+1)
			notes = append(notes, "user "+name+" taken out of the configuration")
			break
		}
	}
	for _, name := range p.members[group] {
		if p.memberships(name) > 1 {
			continue // the plan would refuse to take out a person that another group holds
		}
		p.members[group] = slices.DeleteFunc(p.members[group], func(member string) bool { return member == name })
		p.directory.RemoveMember(group, name)
		notes = append(notes, name+" left "+group)
		break
	}
	return notes
}

// write adds and removes people that the configuration does not know, so that the rows of lists shift.
func (p *cloudShell) write(random *rand.Rand) {
	if made := p.others.Load(); made > 0 && random.IntN(2) == 0 {
		p.server.RemoveUser(fmt.Sprintf("%s%d", othersName, 1+random.Int64N(made)))
		return
	}
	name := fmt.Sprintf("%s%d", othersName, p.others.Add(1))
	p.server.AddImportedUser(people.User{ID: "S-1-5-21-1-2-3-" + name, Username: name})
}

func (p *cloudShell) accounts() map[string]string {
	accounts := map[string]string{}
	for _, user := range p.server.Users() {
		if user.IsImported() && !strings.HasPrefix(user.Username, othersName) {
			accounts[user.Username] = fmt.Sprint(user.ID)
		}
	}
	return accounts
}

func (p *cloudShell) claimed(instances []acctest.StateInstance) map[string]bool {
	claimed := map[string]bool{}
	for _, instance := range instances {
		if name, ok := instance.Attributes["username"].(string); ok {
			created, _ := instance.Attributes["created"].(bool)
			claimed[name] = claimed[name] || created
		}
		members, _ := instance.Attributes["members"].(map[string]any)
		created, _ := instance.Attributes["created_members"].(map[string]any)
		for name := range members {
			_, brought := created[name]
			claimed[name] = claimed[name] || brought
		}
	}
	return claimed
}

func (p *cloudShell) problems(before map[string]string, orphans map[string]bool) []string {
	var problems []string
	wanted := p.everyone()
	for _, name := range wanted {
		user, there := p.server.User(name)
		switch {
		case !there:
			problems = append(problems, name+" is missing")
		case !user.IsActive:
			problems = append(problems, name+" is not active")
		case p.inAnyGroup(name) && !user.InGroup(p.engineers):
			problems = append(problems, name+" is not in Engineers")
		case slices.Contains(p.users, name) && (user.MaxDuration == nil || *user.MaxDuration != 480):
			problems = append(problems, name+" has no setting")
		}
	}
	for name := range p.accounts() {
		if _, there := before[name]; !there && !slices.Contains(wanted, name) && !orphans[name] {
			problems = append(problems, name+" is there, was created, and is in no configuration")
		}
	}
	return problems
}

func (p *cloudShell) harm(before map[string]string) []string {
	var harmed []string
	for name, id := range before {
		user, there := p.server.User(name)
		switch {
		case !there:
			harmed = append(harmed, name+" was deleted")
		case fmt.Sprint(user.ID) != id:
			harmed = append(harmed, name+" has another account")
		case !user.IsActive && slices.Contains(p.everyone(), name):
			harmed = append(harmed, name+" was deactivated")
		}
	}
	return harmed
}
