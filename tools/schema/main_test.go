// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/provider"
)

// TestAgreesWithTerraform compares the document with the one that the installed Terraform or OpenTofu prints, in all
// sections that this one knows.
func TestAgreesWithTerraform(t *testing.T) {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv("TF_ACC") == "" || cli == "" {
		t.Skip("runs Terraform: set TF_ACC=1 and TF_ACC_TERRAFORM_PATH, as `make test` does")
	}

	ours, err := describe(t.Context(), provider.NewServer("test"))
	if err != nil {
		t.Fatal(err)
	}
	want := terraformsDocument(t, cli)
	for section, theirs := range want {
		mine := decoded(t, ours.Providers[address])[section]
		if !reflect.DeepEqual(mine, theirs) {
			t.Errorf("%s differs from what %s prints\nours:   %s\ntheirs: %s",
				section, cli, encoded(t, mine), encoded(t, theirs))
		}
	}
	if len(want) < 3 {
		t.Errorf("%s printed %d sections, which proves little", cli, len(want))
	}
}

// terraformsDocument builds the provider and has Terraform describe it.
func terraformsDocument(t *testing.T, cli string) map[string]any {
	t.Helper()
	directory := t.TempDir()
	run(t, "go", "build", "-o", filepath.Join(directory, "terraform-provider-directory"),
		"github.com/external-directory/terraform-provider-directory")

	settings := filepath.Join(directory, "terraformrc")
	write(t, settings, `provider_installation {
  dev_overrides { "example.test/external-directory/directory" = "`+directory+`" }
  direct {}
}`)
	write(t, filepath.Join(directory, "main.tf"), `terraform {
  required_providers { directory = { source = "example.test/external-directory/directory" } }
}`)
	t.Setenv("TF_CLI_CONFIG_FILE", settings)
	output := run(t, cli, "-chdir="+directory, "providers", "schema", "-json")

	var all struct {
		Providers map[string]map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal(output, &all); err != nil {
		t.Fatalf("%v in %s", err, output)
	}
	return all.Providers["example.test/external-directory/directory"]
}

func run(t *testing.T, name string, arguments ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return output
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// decoded returns a value as what its JSON decodes to without a type.
func decoded(t *testing.T, value any) map[string]any {
	t.Helper()
	var generic map[string]any
	if err := json.Unmarshal(encoded(t, value), &generic); err != nil {
		t.Fatal(err)
	}
	return generic
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
