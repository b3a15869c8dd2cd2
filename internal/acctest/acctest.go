// SPDX-License-Identifier: MPL-2.0

// Package acctest is what the acceptance tests of all wings share. Terraform runs for real, against mock platforms that
// listen on loopback; the provider is served from the test's own process.
package acctest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/provider"
)

// ProtoV6ProviderFactories serves the provider to resource.Test.
func ProtoV6ProviderFactories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"directory": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test"), nil },
	}
}

// requireServers is a setting of the tests, not of the provider: with "1", tests that find no OpenLDAP or Samba fail
// instead of being skipped.
const requireServers = "DIRECTORY_REQUIRE_SERVERS"

// Main is for TestMain of packages with acceptance tests: it gives the Terraform CLI an environment of its own and runs
// the tests. Acceptance tests run when TF_ACC is set, as everywhere, and are skipped otherwise.
func Main(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// scratch is a folder for the time of the test binary.
var scratch string

func run(m *testing.M) int {
	home, err := os.MkdirTemp("", "acctest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(home) }()
	scratch = home
	if err := prepareEnvironment(home); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// prepareEnvironment shields the tests from the settings of the person who runs them, and the CLI from the network.
func prepareEnvironment(home string) error {
	cliConfig := filepath.Join(home, "terraform.rc")
	if err := os.WriteFile(cliConfig, []byte("disable_checkpoint = true\n"), 0o600); err != nil {
		return err
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if name == requireServers {
			continue
		}
		if hasAnyPrefix(name, "CLOUDSHELL_", "VCD_", "LDAP_", "DIRECTORY_", "TF_CLI_ARGS", "TF_VAR_") {
			if err := os.Unsetenv(name); err != nil {
				return err
			}
		}
	}
	settings := map[string]string{"TF_CLI_CONFIG_FILE": cliConfig, "CHECKPOINT_DISABLE": "1"}
	if os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		if terraform, err := exec.LookPath("terraform"); err == nil {
			settings["TF_ACC_TERRAFORM_PATH"] = terraform
		}
	}
	if noLogsWanted() {
		// As silenceUnusedLogs in main.go does: unused loggers cost time.
		settings["TF_LOG_SDK"], settings["TF_LOG_SDK_FRAMEWORK"], settings["TF_LOG_SDK_PROTO"] = "off", "off", "off"
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

func noLogsWanted() bool {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "TF_LOG") && value != "" {
			return false
		}
	}
	return true
}

func hasAnyPrefix(text string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}
