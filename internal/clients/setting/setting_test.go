// SPDX-License-Identifier: MPL-2.0

package setting_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

func TestShown(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://vcd.example.com":              "https://vcd.example.com",
		"https://vcd.example.com:8443/api?x=1": "https://vcd.example.com:8443",
		"cloudshell:9000":                      "cloudshell:9000",
		"dc2.example.com":                      "dc2.example.com",
		"ldap://[::1]:389/dc=example":          "ldap://[::1]:389",
		"https:/host":                          "https:",
		"https://host/?token=secret":           "https://host",
		"https://host#secret":                  "https://host",
		"https://admin:secret@host":            "",
		"https://admin:secret%40host":          "",
		"https://admin:secret":                 "",
		"admin:secret@host":                    "",
		"https://admin:secret@ho st/%zz":       "",
		"https://host\nsecret":                 "",
		"":                                     "",
	} {
		if got := setting.Shown(address); got != want {
			t.Errorf("Shown(%q) = %q, want %q", address, got, want)
		}
	}
}
