// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// A user who was imported into state is configured as CloudShell has them already: nothing is written, and nothing
// stays open.
func TestImportedUserConfiguredAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna")
	w.server.ChangeUser("anna", func(user *cloudshell.User) { user.GroupIDs = append(user.GroupIDs, w.engineers) })
	user := w.provider.Instance(userType)
	if text := acctest.Errors(user.Import("", object{"username": "Anna"})); text != "" {
		t.Fatal(text)
	}
	mustRefresh(t, user)
	config := object{"name": "anna", "groups": []any{"Engineers"}, "active": true}
	mustApply(t, user, config)
	for name, value := range user.State {
		if value == acctest.Unknown {
			t.Errorf("%s is unknown after apply", name)
		}
	}
	wants(t, user, object{"groups": []any{"Engineers"}, "group_ids": []any{cloudshell.GroupEveryone, w.engineers}})
	if n := w.server.Count("PUT", anyUserPath); n != 0 {
		t.Errorf("%d writes", n)
	}
	mustPlanEmpty(t, user, config)
}
