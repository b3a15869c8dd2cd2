// SPDX-License-Identifier: MPL-2.0

package people_test

import (
	"context"
	"errors"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestStaticKeepsIdentityAcrossARename(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := people.NewStatic()
	s.AddUser(people.User{Username: "JPorter", DisplayName: "James Porter"}, people.User{Username: "anna"})
	s.AddGroup(people.Group{Name: "Lab"}, "jporter", "ANNA")

	before, ok, err := s.FindUser(ctx, "jporter")
	if err != nil || !ok {
		t.Fatalf("FindUser: %v, %v", ok, err)
	}
	s.RenameUser("jporter", "james.porter")
	after, ok, _ := s.FindUser(ctx, "James.Porter")
	if !ok || after.ID != before.ID {
		t.Errorf("after the rename: found %v, ID %q, want %q", ok, after.ID, before.ID)
	}
	s.RemoveUser("anna")
	members, err := s.GroupUsers(ctx, "LAB")
	if err != nil || len(members) != 1 || members[0].Username != "james.porter" {
		t.Errorf("members %v, %v, want just james.porter", members, err)
	}
	if found, _ := s.SearchUsers(ctx, "porter"); len(found) != 1 {
		t.Errorf("search found %v", found)
	}
	if _, err := s.GroupUsers(ctx, "absent"); !errors.Is(err, people.ErrNoGroup) {
		t.Errorf("unknown group: %v, want ErrNoGroup", err)
	}
}
