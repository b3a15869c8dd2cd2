// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

const examplesRoot = "../../examples"

// TestExamples has the installed Terraform or OpenTofu validate everything in examples/, which docs/ show, and plan
// against the mock platforms whatever does not name servers of its own.
func TestExamples(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	bench := newExampleBench(t)
	for _, e := range findExamples(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			bench.check(t, e)
		})
	}
}

// TestImportCommandsOfExamples checks that the shell command of a resource's page imports that resource.
func TestImportCommandsOfExamples(t *testing.T) {
	scripts, err := filepath.Glob(examplesRoot + "/resources/*/import.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no import.sh: %v", err)
	}
	for _, script := range scripts {
		resource := filepath.Base(filepath.Dir(script))
		command := regexp.MustCompile(`(?m)^terraform import ` + regexp.QuoteMeta(resource) + `\.[a-z_]+ ['"]?\S.*$`)
		if text := read(t, script); !command.MatchString(text) {
			t.Errorf("%s imports something else: %s", script, text)
		}
	}
}

// example is a configuration that a page shows.
type example struct {
	name  string
	files []string
}

// identity, actions and queries came with later versions of Terraform, and not to OpenTofu.
var firstTerraform = []struct {
	file  string // base name or its end
	minor int    // 1.minor
}{
	{"import-by-identity.tf", 12},
	{"action.tf", 14},
	{".tfquery.hcl", 14},
}

// findExamples returns one example for each file where pages show files one by one, and one for each other folder.
func findExamples(t *testing.T) []example {
	t.Helper()
	var examples []example
	folders := map[string]int{} // index in examples
	err := filepath.WalkDir(examplesRoot, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".tf", ".hcl", ".tftpl"}, filepath.Ext(path)) {
			return err
		}
		relative, _ := filepath.Rel(examplesRoot, path)
		folder, file := filepath.Split(path)
		kind, _, _ := strings.Cut(relative, string(filepath.Separator))
		switch {
		case !slices.Contains([]string{"resources", "data-sources", "functions", "actions", "list-resources"}, kind):
			if i, seen := folders[folder]; seen {
				examples[i].files = append(examples[i].files, path)
				return nil
			}
			folders[folder] = len(examples)
			examples = append(examples, example{name: filepath.Dir(relative), files: []string{path}})
		case strings.HasPrefix(file, "import-by-"): // imports into the resource that the page shows
			examples = append(examples, example{name: relative, files: []string{path, folder + "resource.tf"}})
		default:
			examples = append(examples, example{name: relative, files: []string{path}})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) < 10 {
		t.Errorf("only %d examples found below %s", len(examples), examplesRoot)
	}
	return examples
}

// versionsTF says which provider an example is for, where the example does not.
const versionsTF = `terraform {
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}
`

// exampleBench is a built provider, a Terraform that uses it, and servers to plan against.
type exampleBench struct {
	cli         string
	minor       int // of Terraform 1.x; 0 = OpenTofu
	environment []string
}

func newExampleBench(t *testing.T) *exampleBench {
	t.Helper()
	return newBenchOver(t, platforms(t))
}

// newBenchOver is newExampleBench for servers that the environment variables lead to.
func newBenchOver(t *testing.T, environment []string) *exampleBench {
	t.Helper()
	b := &exampleBench{cli: os.Getenv("TF_ACC_TERRAFORM_PATH")}
	if b.cli == "" {
		t.Fatal("TF_ACC_TERRAFORM_PATH is not set: run `make test`")
	}

	settings := filepath.Join(t.TempDir(), "terraformrc")
	save(
		t,
		settings,
		fmt.Sprintf(
			`provider_installation {
  dev_overrides {
    "external-directory/directory" = %q
  }
  direct {}
}
`,
			acctest.BuildProvider(t),
		),
	)
	b.environment = append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings, "CHECKPOINT_DISABLE=1")
	b.environment = append(b.environment, environment...)
	b.minor = b.terraformMinor(t)
	return b
}

func (b *exampleBench) terraformMinor(t *testing.T) int {
	t.Helper()
	if name := b.run(t, ".", b.cli, "version"); strings.HasPrefix(name, "OpenTofu") {
		return 0
	}
	var version struct {
		Number string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(b.run(t, ".", b.cli, "version", "-json")), &version); err != nil {
		t.Fatal(err)
	}
	var minor int
	if _, err := fmt.Sscanf(version.Number, "1.%d.", &minor); err != nil {
		t.Fatalf("version %q: %v", version.Number, err)
	}
	return minor
}

func (b *exampleBench) check(t *testing.T, e example) {
	t.Helper()
	for _, first := range firstTerraform {
		if strings.HasSuffix(e.files[0], first.file) && b.minor < first.minor {
			t.Skipf("needs Terraform 1.%d", first.minor)
		}
	}

	folder := t.TempDir()
	var text strings.Builder
	for _, file := range e.files {
		content := useLocalModules(t, read(t, file))
		text.WriteString(content)
		save(t, filepath.Join(folder, filepath.Base(file)), content)
	}
	if !strings.Contains(text.String(), "required_providers") {
		save(t, filepath.Join(folder, "versions.tf"), versionsTF)
	}

	if strings.Contains(text.String(), "module \"") {
		b.run(t, folder, b.cli, "get", "-no-color")
	}
	switch {
	case strings.HasSuffix(e.files[0], ".tfquery.hcl"):
		b.run(t, folder, b.cli, "validate", "-no-color", "-query")
		return
	default:
		b.run(t, folder, b.cli, "validate", "-no-color")
	}
	if strings.Contains(text.String(), `provider "directory"`) ||
		strings.Contains(filepath.Base(e.files[0]), "import-by-") {
		return // names servers, or imports people, who are not there
	}
	b.run(t, folder, b.cli, "plan", "-no-color", "-input=false", "-lock=false")
}

// useLocalModules takes the modules of this repository from the folder that holds them, and not from where it is
// published.
func useLocalModules(t *testing.T, content string) string {
	t.Helper()
	root, err := filepath.Abs(examplesRoot)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(content, "github.com/external-directory/terraform-provider-directory//examples", root)
}

// run returns what a command printed; one that fails ends the test.
func (b *exampleBench) run(t *testing.T, folder, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir, command.Env = folder, b.environment
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
	return string(output)
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func save(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
