// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// What platforms read and what LDAP clients read is one directory, whichever it was changed through.
func TestPlatformsAndClientsReadOneDirectory(t *testing.T) {
	t.Parallel()
	directory := mockldap.Lab()
	conn := dial(t, serve(t, mockldap.Options{Directory: directory}))
	directory.AddUser(people.User{Username: "new", DisplayName: "New, Person", Email: "new@lab.example", Disabled: true})
	directory.AddMember("Lab Operators", "new")

	operators, err := directory.GroupUsers(t.Context(), "lab operators")
	if err != nil || !slices.Equal(names(operators), []string{"bkhan", "cmendez", "new"}) {
		t.Fatalf("members %v, %v", names(operators), err)
	}
	person := operators[2]
	if person.Domain != "LAB" || !person.Disabled || person.ID[:8] != "S-1-5-21" {
		t.Errorf("the person is %+v", person)
	}
	found := search(t, conn, person.DN, goldap.ScopeBaseObject, "(userAccountControl=514)", "*", "memberOf")
	if len(found) != 1 || found[0].GetAttributeValue("mail") != person.Email ||
		found[0].GetAttributeValue("memberOf") != "CN=Lab Operators,OU=Groups,"+base {
		t.Errorf("the entry is %+v", found)
	}
}

func TestPersonStaysTheSameAcrossARename(t *testing.T) {
	t.Parallel()
	d := mockldap.NewDirectory()
	d.AddUser(people.User{Username: "JPorter", DisplayName: "James Porter"}, people.User{Username: "anna"})
	d.AddGroup(people.Group{Name: "Lab"}, "jporter", "ANNA")

	before, ok := d.User("jporter")
	if !ok {
		t.Fatal("JPorter is not found")
	}
	d.RenameUser("jporter", "james.porter")
	if after, ok := d.User("James.Porter"); !ok || after.ID != before.ID || after.DN != before.DN {
		t.Errorf("after the rename: found %v, %+v, before %+v", ok, after, before)
	}
	d.RemoveUser("anna")
	d.AddUser(people.User{Username: "anna"}) // another person
	if members, err := d.GroupUsers(t.Context(), "LAB"); err != nil ||
		!slices.Equal(names(members), []string{"james.porter"}) {
		t.Errorf("members %v, %v, want just james.porter", names(members), err)
	}
	if found, _ := d.SearchUsers(t.Context(), "porter"); len(found) != 1 {
		t.Errorf("search found %v", found)
	}
	if _, err := d.GroupUsers(t.Context(), "absent"); !errors.Is(err, people.ErrNoGroup) {
		t.Errorf("unknown group: %v, want ErrNoGroup", err)
	}
}

// The directory keeps people as platforms read them; every change must show at the next reading.
func TestPlatformsReadEveryChange(t *testing.T) {
	t.Parallel()
	d := mockldap.Lab()
	asRead := func() people.User {
		t.Helper()
		members, err := d.GroupUsers(t.Context(), "Lab Operators")
		if err != nil || len(members) == 0 {
			t.Fatal(members, err)
		}
		same := func(found people.User, ok bool, by string) {
			if !ok || found != members[0] {
				t.Errorf("by %s: %+v, as a member: %+v", by, found, members[0])
			}
		}
		found, ok := d.User(members[0].Username)
		same(found, ok, "username")
		matches, err := d.SearchUsers(t.Context(), members[0].Username)
		if err != nil || len(matches) != 1 {
			t.Fatal(matches, err)
		}
		same(matches[0], true, "search")
		return members[0]
	}
	want := asRead()
	for _, change := range []struct {
		name  string
		make  func()
		apply func(*people.User)
	}{
		{"e-mail", func() { d.SetEmail("bkhan", "b@lab.example") }, func(u *people.User) { u.Email = "b@lab.example" }},
		{"disabled", func() { d.SetDisabled("bkhan", true) }, func(u *people.User) { u.Disabled = true }},
		{"enabled", func() { d.SetDisabled("bkhan", false) }, func(u *people.User) { u.Disabled = false }},
		{"attribute", func() { d.SetUserAttribute("bkhan", "telephoneNumber", "1") },
			func(u *people.User) { u.Telephone = "1" }},
		{"attribute removed", func() { d.SetUserAttribute("bkhan", "displayName", "") },
			func(u *people.User) { u.DisplayName = "" }},
		{"username", func() { d.RenameUser("bkhan", "bilal") }, func(u *people.User) { u.Username = "bilal" }},
		{"replaced", func() { d.AddUser(people.User{Username: "bilal", ID: want.ID, DisplayName: "Bilal"}) },
			func(u *people.User) { u.DisplayName, u.Email, u.Telephone = "Bilal", "", "" }},
	} {
		change.make()
		change.apply(&want)
		if read := asRead(); read != want {
			t.Errorf("%s: read %+v, want %+v", change.name, read, want)
		}
	}
	d.SetUserAttribute("bilal", "objectClass", "device")
	members, err := d.GroupUsers(t.Context(), "Lab Operators")
	if err != nil || !slices.Equal(names(members), []string{"cmendez"}) {
		t.Errorf("after the entry stopped being a person: %v, %v", names(members), err)
	}
}

func TestPlatformsReadWhileTheDirectoryChanges(t *testing.T) {
	t.Parallel()
	d := mockldap.Lab()
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 100 {
				members, err := d.GroupUsers(t.Context(), "Lab Operators")
				if err != nil || len(members) != 2 {
					t.Errorf("read %v, %v", members, err)
				}
				if _, ok := d.User("bkhan"); !ok {
					t.Error("bkhan is not found")
				}
			}
		})
	}
	for i := range 100 {
		d.SetEmail("bkhan", fmt.Sprintf("bkhan%d@lab.example", i))
	}
	readers.Wait()
}

func TestGroupThatCannotBeRead(t *testing.T) {
	t.Parallel()
	d := mockldap.Lab()
	broken := errors.New("timed out")
	d.BreakGroup("Lab Operators", broken)
	if _, err := d.GroupUsers(t.Context(), "lab operators"); !errors.Is(err, broken) {
		t.Errorf("a broken group: %v", err)
	}
	d.BreakGroup("Lab Operators", nil)
	if _, err := d.GroupUsers(t.Context(), "Lab Operators"); err != nil {
		t.Errorf("fixed: %v", err)
	}
}

// A group in a group is a member, but no person; the direct members are what a platform reads.
func TestGroupsInGroupsAreNoPeople(t *testing.T) {
	t.Parallel()
	d := mockldap.Lab()
	d.AddMember("Azure_DevOps_Cloud_Admins", "Lab Operators")
	d.AddContact("Azure_DevOps_Cloud_Admins", "A Contact")
	members, err := d.GroupUsers(t.Context(), "Azure_DevOps_Cloud_Admins")
	if err != nil || !slices.Equal(names(members), []string{"jporter", "asmith", "bkhan", ""}) {
		t.Errorf("members %q, %v", names(members), err)
	}
}

// Tests use directories of this size; what they cost is a fraction of a second.
func BenchmarkDirectory(b *testing.B) {
	for b.Loop() {
		d := mockldap.NewDirectory()
		d.AddUser(people.People(20_000)...)
		usernames := make([]string, 20_000)
		for i := range usernames {
			usernames[i] = fmt.Sprintf("user%04d", i+1)
		}
		d.AddGroup(people.Group{Name: "Everyone"}, usernames...)
		for _, name := range usernames[:1000] {
			d.SetEmail(name, "new@lab.example")
			d.User(name)
		}
		d.RemoveMember("Everyone", usernames[:10_000]...)
		if users, err := d.GroupUsers(b.Context(), "Everyone"); err != nil || len(users) != 10_000 {
			b.Fatal(len(users), err)
		}
	}
}

func names(users []people.User) []string {
	names := make([]string, 0, len(users))
	for _, u := range users {
		names = append(names, u.Username)
	}
	return names
}
