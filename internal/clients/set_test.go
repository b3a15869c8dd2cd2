// SPDX-License-Identifier: MPL-2.0

package clients_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
)

func TestSetOfNothing(t *testing.T) {
	t.Parallel()
	set := clients.NewSet(clients.Options{})
	_, cloudShell := set.CloudShell()
	_, vcd := set.VCD()
	_, ldap := set.LDAP()
	for platform, err := range map[clients.Platform]error{
		clients.CloudShell: cloudShell, clients.VCD: vcd, clients.LDAP: ldap,
	} {
		var missing *clients.NotConfiguredError
		if !errors.As(err, &missing) || missing.Platform != platform {
			t.Errorf("%s: %v", platform, err)
			continue
		}
		for _, part := range []string{platform.URLVariable(), "`" + string(platform) + " { url", "not configured"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q is not in: %v", part, err)
			}
		}
	}
	if set.CheckNames() != clients.CheckNamesError {
		t.Errorf("names are checked as %q", set.CheckNames())
	}
}

func TestSetWithUnknownConfiguration(t *testing.T) {
	t.Parallel()
	client, err := cloudshellapi.New(cloudshellapi.Config{URL: "https://cloudshell.example.com", Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	set := clients.NewSet(clients.Options{
		CloudShell: client,
		Unknown:    map[clients.Platform]string{clients.VCD: "vcd.password"},
	})
	if got, err := set.CloudShell(); err != nil || got != client {
		t.Errorf("%v, %v", got, err)
	}
	var unknown *clients.UnknownConfigurationError
	if _, err := set.VCD(); !errors.As(err, &unknown) || unknown.Attribute != "vcd.password" ||
		!strings.Contains(err.Error(), "vcd.password") {
		t.Errorf("%v", err)
	}
}
