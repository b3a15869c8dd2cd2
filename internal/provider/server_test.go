// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/provider"
)

// A provider that manages thousands must not keep anything of a call that is over.
func TestServerLetsGoOfCalls(t *testing.T) {
	t.Parallel()
	server := provider.NewServer("test")
	type key struct{}
	kept := make([]weak.Pointer[[1 << 10]byte], 10)
	for i := range kept {
		held := new([1 << 10]byte)
		kept[i] = weak.Make(held)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, held))
		req := &tfprotov6.ValidateResourceConfigRequest{TypeName: "none"}
		if _, err := server.ValidateResourceConfig(ctx, req); err != nil {
			t.Fatal(err)
		}
		cancel() // as gRPC does
	}
	runtime.GC()
	runtime.GC()
	for i := range kept {
		if kept[i].Value() != nil {
			t.Errorf("the context of call %d is still there", i)
		}
	}
	runtime.KeepAlive(server)
}

// Who interrupts Terraform does not wait for the platform.
func TestServerEndsCalls(t *testing.T) {
	t.Parallel()
	slow := acctest.CloudShell(t, cloudshell.Options{Latency: time.Minute})
	protocol := acctest.Configured(
		t,
		acctest.Object{"cloudshell": acctest.Object{"url": slow.URL(), "username": "admin", "password": "admin"}},
	)
	const name = "directory_cloudshell_user"
	config := protocol.Dynamic(protocol.Schemas.DataSourceSchemas[name].ValueType(), acctest.Object{"username": "jporter"})
	for what, interrupt := range map[string]func(cancel func()){
		"the call is cancelled": func(cancel func()) { cancel() },
		"Terraform says stop": func(func()) {
			if _, err := protocol.Server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
				t.Error(err)
			}
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, func() { interrupt(cancel) })
		begun := time.Now()
		resp, err := protocol.Server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
		cancel()
		if err != nil || acctest.Errors(resp.Diagnostics) == "" || time.Since(begun) > 20*time.Second {
			t.Errorf("%s: %v after %v, want an error diagnostic at once", what, err, time.Since(begun))
		}
	}
}

// Terraform asks for lists and actions by interfaces that a wrapper might hide.
func TestServerOffersEverything(t *testing.T) {
	t.Parallel()
	server := provider.NewServer("test")
	if _, ok := server.(tfprotov6.ListResourceServer); !ok {
		t.Error("no lists")
	}
	if _, ok := server.(tfprotov6.ActionServer); !ok {
		t.Error("no actions")
	}
}

// Terraform has maps where the plugin framework has texts.
func TestServerUnpacksMaps(t *testing.T) {
	t.Parallel()
	protocol := acctest.NewProtocol(t)
	const group = "directory_cloudshell_imported_group"
	kind := protocol.ResourceType(group)
	maps := map[string]bool{}
	for _, attribute := range protocol.Schemas.ResourceSchemas[group].Block.Attributes {
		if attribute.Type.Is(tftypes.Map{ElementType: tftypes.String}) {
			maps[attribute.Name] = true
		}
	}
	for _, name := range []string{
		"directory_members", "members", "outdated_members", "created_members", "held_back", "triggers",
	} {
		if !maps[name] {
			t.Errorf("%s is no map of strings", name)
		}
	}

	upgrade := func(state string) (*tfprotov6.UpgradeResourceStateResponse, error) {
		return protocol.Server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: group, RawState: &tfprotov6.RawState{JSON: []byte(state)},
		})
	}
	resp, err := upgrade(`{"id":"Lab","name":"Lab","members":{"anna":"Anna Lab"},"created_members":{},"was":"dropped"}`)
	if err != nil || acctest.Errors(resp.Diagnostics) != "" {
		t.Fatal(err, acctest.Errors(resp.Diagnostics))
	}
	value, err := resp.UpgradedState.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"members": "anna", "created_members": "", "held_back": "null"} {
		found, _, err := tftypes.WalkAttributePath(value, tftypes.NewAttributePath().WithAttributeName(path))
		if err != nil {
			t.Fatal(err)
		}
		if got := found.(tftypes.Value); got.IsNull() != (want == "null") ||
			want == "anna" && !strings.Contains(got.String(), "Anna Lab") {
			t.Errorf("%s became %s", path, got)
		}
	}
	if _, err := upgrade(`{"id":"Lab","name":"Lab","members":{"anna":1}}`); err == nil {
		t.Error("a state with a number for a name is not refused")
	}
}
