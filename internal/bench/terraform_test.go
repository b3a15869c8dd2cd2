// SPDX-License-Identifier: MPL-2.0

package bench_test

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
)

// nullProvider builds the provider that does nothing, once, and returns the folder of its binary.
var nullProvider = sync.OnceValues(func() (string, error) {
	return acctest.Build("null", "github.com/external-directory/terraform-provider-directory/internal/bench/null")
})

// workspace is a folder with a configuration and its state, in which every run of Terraform must succeed.
type workspace struct {
	*acctest.Workspace
	t *testing.T
}

// newWorkspace makes a workspace for a configuration, or skips the test where there is no Terraform.
func newWorkspace(t *testing.T, config string) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" && !*full {
		t.Skip("needs TF_ACC=1")
	}
	return &workspace{Workspace: acctest.NewWorkspace(t, config), t: t}
}

// run runs Terraform with the real provider.
func (w *workspace) run(args ...string) acctest.Run {
	w.t.Helper()
	return w.must(args, w.Terraform(args...))
}

// runNull runs Terraform with the provider that does nothing.
func (w *workspace) runNull(args ...string) acctest.Run {
	w.t.Helper()
	dir, err := nullProvider()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.must(args, w.TerraformWith(dir, args...))
}

func (w *workspace) must(args []string, run acctest.Run) acctest.Run {
	w.t.Helper()
	switch run.Code {
	case 0:
	case 2:
		w.t.Fatalf("terraform %v: changes were planned, or the arguments are wrong\n%s", args, tail(run.Output))
	default:
		w.t.Fatalf("terraform %v: exit code %d\n%s", args, run.Code, tail(run.Output))
	}
	return run
}

// planEmpty plans and fails the test if anything would change.
func (w *workspace) planEmpty() acctest.Run {
	w.t.Helper()
	return w.run("plan", "-detailed-exitcode")
}

func tail(output string) string {
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
			"provider": fmt.Sprintf("provider[%q]", acctest.ProviderAddress), "instances": instances,
		}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Write("terraform.tfstate", string(content))
}
