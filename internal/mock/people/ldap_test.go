// SPDX-License-Identifier: MPL-2.0

package people_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func names(users []people.User) []string {
	var names []string
	for _, u := range users {
		names = append(names, u.Username)
	}
	return names
}

func TestFromLDAP(t *testing.T) {
	t.Parallel()
	server, err := ldap.Start(ldap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	client, err := directory.New(directory.Config{
		URL: server.URL(), BindDN: server.BindDN(), BindPassword: server.BindPassword(), NoCache: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	d := people.FromLDAP(client)
	ctx := t.Context()

	james, ok, err := d.FindUser(ctx, "JPorter")
	if err != nil || !ok || james.DisplayName != "James Porter" || james.Domain != "LAB" || james.ID[:8] != "S-1-5-21" {
		t.Errorf("FindUser: %+v %v %v", james, ok, err)
	}
	if _, ok, err := d.FindUser(ctx, "James Porter"); ok || err != nil {
		t.Errorf("FindUser by display name: %v %v, want no one", ok, err)
	}
	if found, err := d.SearchUsers(ctx, "mes por"); err != nil || !slices.Equal(names(found), []string{"jporter"}) {
		t.Errorf("SearchUsers: %v %v", names(found), err)
	}
	if groups, err := d.Groups(ctx); err != nil ||
		!slices.ContainsFunc(groups, func(g people.Group) bool { return g.Name == "Lab Engineers" }) {
		t.Errorf("Groups: %v %v", groups, err)
	}
	server.People().AddMember("Lab Operators", "jporter")
	operators, err := d.GroupUsers(ctx, "Lab Operators")
	if err != nil || !slices.Contains(names(operators), "jporter") {
		t.Errorf("GroupUsers after a person joined: %v %v", names(operators), err)
	}
	direct, err := d.GroupUsers(ctx, "Lab Everyone")
	if err != nil || len(direct) != 1 {
		t.Errorf("direct members %v %v, want one", names(direct), err)
	}
	d.Nested = true
	if nested, err := d.GroupUsers(ctx, "Lab Everyone"); err != nil || len(nested) <= len(operators) {
		t.Errorf("nested members %v %v", names(nested), err)
	}
	if _, err := d.GroupUsers(ctx, "No Such Group"); !errors.Is(err, people.ErrNoGroup) {
		t.Errorf("an unknown group: %v, want ErrNoGroup", err)
	}
}
