package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

const providerAddress = "registry.terraform.io/external-directory/directory"

// realProvider and nullProvider build the two providers, once, and return the folders that they are in.
var (
	realProvider = sync.OnceValues(func() (string, error) { return build("real", "../..") })
	nullProvider = sync.OnceValues(func() (string, error) { return build("null", "./null") })
)

func build(name, source string) (string, error) {
	dir := filepath.Join(scratch, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	output, err := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, "terraform-provider-directory"), source).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", source, err, output)
	}
	return dir, nil
}

// workspace is a folder with a configuration and its state.
type workspace struct {
	t         *testing.T
	dir       string
	terraform string
}

// newWorkspace makes a workspace for a configuration, or skips the test where there is no Terraform.
func newWorkspace(t *testing.T, config string) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" && !*full {
		t.Skip("needs TF_ACC=1")
	}
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		found, err := exec.LookPath("terraform")
		if err != nil {
			t.Skip("needs Terraform or OpenTofu")
		}
		terraform = found
	}
	w := &workspace{t: t, dir: t.TempDir(), terraform: terraform}
	w.write("main.tf", fmt.Sprintf("terraform {\n  required_providers {\n    directory = { source = %q }\n  }\n}\n%s", providerAddress, config))
	return w
}

func (w *workspace) write(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// spent is what a run of Terraform took; cpu is that of Terraform and the provider together.
type spent struct {
	wall, cpu time.Duration
}

// run runs Terraform with the real provider. It must succeed; a plan must also be empty, unless args say -out.
func (w *workspace) run(args ...string) spent {
	w.t.Helper()
	return w.runWith(realProvider, args...)
}

func (w *workspace) runWith(provider func() (string, error), args ...string) spent {
	w.t.Helper()
	dir, err := provider()
	if err != nil {
		w.t.Fatal(err)
	}
	cliConfig := filepath.Base(dir) + ".tfrc"
	w.write(cliConfig, fmt.Sprintf("provider_installation {\n  dev_overrides { %q = %q }\n  direct {}\n}\n", providerAddress, dir))

	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.terraform, slices.Concat(args[:1], []string{"-input=false", "-no-color"}, args[1:])...)
	cmd.Dir = w.dir
	// No other variables: neither Terraform nor the provider is to be tuned by the environment.
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "TMPDIR=" + os.TempDir(),
		"TF_CLI_CONFIG_FILE=" + filepath.Join(w.dir, cliConfig), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
	}
	begun := time.Now()
	output, err := cmd.CombinedOutput()
	took := spent{wall: time.Since(begun)}
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 2 {
			w.t.Fatalf("terraform %v: changes were planned, or the arguments are wrong\n%s", args, tail(output))
		}
		w.t.Fatalf("terraform %v: %v\n%s", args, err, tail(output))
	}
	took.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return took
}

// planEmpty plans and wants nothing to change.
func (w *workspace) planEmpty() spent {
	w.t.Helper()
	return w.run("plan", "-detailed-exitcode")
}

func tail(output []byte) []byte {
	const most = 4000
	return output[max(0, len(output)-most):]
}

// writeState writes a state in which the resource `typeName.user` has n instances. Attributes that are left
// out are null until the next refresh.
func (w *workspace) writeState(typeName string, n int, attributes func(i int) map[string]any) {
	w.t.Helper()
	instances := make([]map[string]any, n)
	for i := range instances {
		instances[i] = map[string]any{"index_key": i, "schema_version": 0, "attributes": attributes(i)}
	}
	content, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "00000000-0000-4000-8000-000000000000",
		"resources": []map[string]any{{
			"mode": "managed", "type": typeName, "name": "user", "each": "list",
			"provider": fmt.Sprintf("provider[%q]", providerAddress), "instances": instances,
		}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.write("terraform.tfstate", string(content))
}
