// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// A replacement deletes the old user before the import of the new name can fail. Without ldap nothing knows better at
// plan.
func TestAccImportedUser_replacedByAWrongName(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs TF_ACC=1")
	}
	server := acctest.CloudShell(t, cloudshell.Options{})
	w := acctest.NewWorkspace(t, acctest.CloudShellProvider(server.URL()))
	write := func(name string) {
		w.Write("user.tf", fmt.Sprintf(`resource "directory_cloudshell_imported_user" "it" {
  name = %s
}
`,
			acctest.Quote(name)))
	}
	write("jporter")
	if run := w.Terraform("apply", "-auto-approve"); run.Code != 0 {
		t.Fatal(run.Output)
	}
	write("asmtih")
	contains(t, oneLine(w.Terraform("plan").Output), "New Name Not Checked Before the Replacement",
		`removes the CloudShell user "jporter" before it imports "asmtih"`)
	write(`LAB\asmith`)
	contains(t, oneLine(w.Terraform("plan").Output), "New Name Not Checked Before the Replacement", `try "asmith"`)
	if _, there := server.User("jporter"); !there {
		t.Error("a plan removed the user")
	}
}

// oneLine undoes the wrapping of Terraform's output.
func oneLine(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

func TestImportedGroupNamesThoseItUpdates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("anna", "bert", "cleo")
	w.server.ChangeUser("bert", func(user *cloudshell.User) { user.IsActive = false })
	_, warned := w.group(object{"groups": []any{"Engineers"}, "allow_update": true}).plan()
	contains(t, warned, "Existing People Will Be Updated", `"anna", "bert" and "cleo"`,
		`cannot log in now and will be active: "bert"`, `listed in groups: "Engineers"`)
}
