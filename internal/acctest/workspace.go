// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ProviderAddress is where configurations in workspaces find the provider.
const ProviderAddress = "registry.terraform.io/external-directory/directory"

// runLimit ends a Terraform that hangs.
const runLimit = 10 * time.Minute

// Workspace is a folder with a configuration and its state. Terraform runs there as people run it: as a process of
// its own, with the provider's binary as another one, so that it can be interrupted and killed.
type Workspace struct {
	t         testing.TB
	dir       string
	terraform string
	variables []string // of the environment
	overrides string   // more providers, as lines of dev_overrides
}

// NewWorkspace makes a workspace for a configuration, or skips the test where there is no Terraform.
func NewWorkspace(t testing.TB, config string) *Workspace {
	t.Helper()
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		found, err := exec.LookPath("terraform")
		if err != nil {
			t.Skip("needs Terraform or OpenTofu")
		}
		terraform = found
	}
	w := &Workspace{t: t, dir: t.TempDir(), terraform: terraform}
	w.Write("main.tf", fmt.Sprintf("terraform {\n  required_providers {\n    directory = { source = %q }\n  }\n}\n%s",
		ProviderAddress, config))
	return w
}

// Write writes a file of the workspace.
func (w *Workspace) Write(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Setenv sets an environment variable for Terraform and the provider.
func (w *Workspace) Setenv(name, value string) { w.variables = append(w.variables, name+"="+value) }

// Override takes another provider's binary from a folder that Build made, instead of from a registry.
func (w *Workspace) Override(address, dir string) {
	w.overrides += fmt.Sprintf("    %q = %q\n", address, dir)
}

// Dir is the workspace's folder.
func (w *Workspace) Dir() string { return w.dir }

// Run is what a run of Terraform came to.
type Run struct {
	Output string
	Code   int           // the exit code; -1: it was killed
	Wall   time.Duration // by the clock
	CPU    time.Duration // of Terraform and the provider together
}

// Terraform runs a command of Terraform with the provider's binary, to its end.
func (w *Workspace) Terraform(args ...string) Run {
	w.t.Helper()
	return w.TerraformWith(BuildProvider(w.t), args...)
}

// TerraformWith is Terraform with the provider whose binary is in that folder.
func (w *Workspace) TerraformWith(providerDir string, args ...string) Run {
	w.t.Helper()
	return w.start(providerDir, args...).Wait()
}

// Start runs Terraform in the background. Wait must be called.
func (w *Workspace) Start(args ...string) *Process {
	w.t.Helper()
	return w.start(BuildProvider(w.t), args...)
}

func (w *Workspace) start(providerDir string, args ...string) *Process {
	w.t.Helper()
	cliConfig := filepath.Join(w.dir, filepath.Base(providerDir)+".tfrc")
	w.Write(filepath.Base(cliConfig), fmt.Sprintf(`provider_installation {
  dev_overrides {
    %q = %q
%s  }
  direct {}
}
`, ProviderAddress, providerDir, w.overrides))

	ctx, cancel := context.WithTimeout(w.t.Context(), runLimit)
	p := &Process{t: w.t, cancel: cancel, begun: time.Now()}
	p.cmd = exec.CommandContext(ctx, w.terraform, args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = w.dir, &p.output, &p.output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the provider can be killed with Terraform
	// No other variables: the environment must tune neither Terraform nor the provider.
	p.cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "TMPDIR=" + os.TempDir(),
		"TF_CLI_CONFIG_FILE=" + cliConfig, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"TF_CLI_ARGS=-no-color", // Terraform puts it after the command, also of two words
	}, w.variables...)
	if err := p.cmd.Start(); err != nil {
		cancel()
		w.t.Fatal(err)
	}
	return p
}

// Process is a Terraform that runs.
type Process struct {
	t      testing.TB
	cmd    *exec.Cmd
	cancel context.CancelFunc
	output bytes.Buffer
	begun  time.Time
}

// Interrupt is Ctrl-C in the terminal: Terraform and the provider both get SIGINT.
func (p *Process) Interrupt() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT) }

// Kill ends Terraform and the provider at once, as a machine that loses power does.
func (p *Process) Kill() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// Wait waits until Terraform has ended.
func (p *Process) Wait() Run {
	p.t.Helper()
	defer p.cancel()
	err := p.cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	state := p.cmd.ProcessState
	return Run{
		Output: p.output.String(), Code: state.ExitCode(),
		Wall: time.Since(p.begun), CPU: state.UserTime() + state.SystemTime(),
	}
}

// StateInstance is a resource instance in the state of a workspace.
type StateInstance struct {
	Type, Name string
	Key        any // of for_each or count; nil without
	Attributes map[string]any
}

// Instances are the managed resource instances in the workspace's state; none when there is no state.
func (w *Workspace) Instances() []StateInstance {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) || err == nil && len(content) == 0 {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct {
				Key        any            `json:"index_key"`
				Attributes map[string]any `json:"attributes"`
			}
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		w.t.Fatalf("terraform.tfstate: %v", err)
	}
	var instances []StateInstance
	for _, resource := range state.Resources {
		if resource.Mode != "managed" {
			continue
		}
		for _, instance := range resource.Instances {
			instances = append(instances, StateInstance{resource.Type, resource.Name, instance.Key, instance.Attributes})
		}
	}
	return instances
}

// RestoreTornState puts Terraform's backup, if there is one, in the place of a state file that Terraform was killed in
// writing, as people do then, and reports whether it did. Terraform writes its state file in place.
func (w *Workspace) RestoreTornState() bool {
	w.t.Helper()
	path := filepath.Join(w.dir, "terraform.tfstate")
	content, err := os.ReadFile(path)
	if err != nil || json.Valid(content) {
		return false
	}
	backup, err := os.ReadFile(path + ".backup")
	if errors.Is(err, os.ErrNotExist) {
		err = os.Remove(path) // there was no state before
	} else if err == nil {
		err = os.WriteFile(path, backup, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return true
}

// BuildProvider builds the provider, once in a test binary, and returns the folder of its binary. It needs Main.
func BuildProvider(t testing.TB) string {
	t.Helper()
	dir, err := buildProvider()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var buildProvider = sync.OnceValues(func() (string, error) {
	return Build("provider", "github.com/external-directory/terraform-provider-directory")
})

// Build builds a provider from a package into a folder of that name below the test binary's scratch folder, which it
// returns. The binary is this provider's, unless the folder has the name of another's. It needs Main.
func Build(name, source string) (string, error) {
	if scratch == "" {
		return "", errors.New("acctest.Build needs acctest.Main in TestMain")
	}
	dir := filepath.Join(scratch, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	binary := "terraform-provider-directory"
	if strings.HasPrefix(name, "terraform-provider-") {
		binary = name
	}
	output, err := exec.Command("go", "build", "-o", filepath.Join(dir, binary), source).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", source, err, output)
	}
	return dir, nil
}
