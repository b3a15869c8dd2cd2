// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// Ctrl-C between the create and the destroy of create_before_destroy leaves two instances of one person in state. A
// provider cannot tell the deposed one from another resource, so the plan refuses to destroy it, and names a way out.
func TestAccImportedUser_deposed(t *testing.T) {
	t.Parallel()
	server := start(t, cloudshell.Options{})
	w := newTerraform(t, server, userBlock("test",
		`name = "jporter"`, "allow_update = true", `lifecycle { create_before_destroy = true }`))
	w.apply()
	before := fmt.Sprint(server.Users())

	importing, interrupted := make(chan struct{}), make(chan struct{})
	server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Fault: faults.Call(func() {
		close(importing)
		<-interrupted
		time.Sleep(time.Second) // for Terraform to see it before the create ends
	})})
	process := w.Start(w.toReplace(userAddress, false)...)
	<-importing
	process.Interrupt()
	close(interrupted)
	if run := process.Wait(); len(w.Instances()) != 2 {
		t.Fatalf("%d instances\n%s", len(w.Instances()), run.Output)
	}

	w.fails([]string{`User "jporter" Is Held by Another Resource`, "a deposed object"}, "apply", "-auto-approve")
	unchanged(t, server, before)
	w.ok("state", "rm", userAddress)
	w.ok("import", userAddress, "jporter")
	w.apply()
	unchanged(t, server, before)
	w.planEmpty()
}
