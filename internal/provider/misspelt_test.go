// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

// Terraform itself refuses misspelt arguments of blocks. Nested attributes would not do: Terraform drops what it does
// not know of them, and `start_tl = true` would bind in clear text.
func TestMisspeltArguments(t *testing.T) {
	t.Parallel()
	for argument, config := range map[string]string{
		"insecur":     `provider "directory" { cloudshell { insecur = true } }`,
		"clint_key":   `provider "directory" { vcd { clint_key = "x" } }`,
		"start_tl":    `provider "directory" { ldap { start_tl = true } }`,
		"check_names": `provider "directory" { ldap { check_names = "off" } }`, // it governs all platforms
		"check_name":  `provider "directory" { check_name = "off" }`,
		"creat": `resource "directory_cloudshell_imported_group" "lab" {
			name = "Lab Engineers"
			timeouts { creat = "1h" }
		}`,
	} {
		run := acctest.NewWorkspace(t, blocks(config)).Terraform("validate")
		if run.Code != 1 {
			t.Errorf("%s: validate ended with %d", argument, run.Code)
		}
		contains(t, run.Output, "Unsupported argument", `An argument named "`+argument+`" is not expected here.`)
	}
	good := `provider "directory" { cloudshell { insecure = true } }`
	if run := acctest.NewWorkspace(t, blocks(good)).Terraform("validate"); run.Code != 0 {
		t.Errorf("validate of what is right: %s", run.Output)
	}
}

// blocks breaks the lines of blocks, since HCL allows nested ones on lines of their own only. Terraform does not look
// at the configuration of a provider that nothing uses.
func blocks(config string) string {
	return strings.NewReplacer("{ ", "{\n", " }", "\n}").
		Replace(config) +
		"\ndata \"directory_cloudshell_users\" \"all\" {}\n"
}
