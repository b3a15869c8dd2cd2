// SPDX-License-Identifier: MPL-2.0

package framework_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// problem is what a validator says about a value, "" when it accepts it.
func problem(t *testing.T, v validator.String, value types.String) string {
	t.Helper()
	if v.Description(context.Background()) == "" || v.MarkdownDescription(context.Background()) == "" {
		t.Error("a validator without description")
	}
	var resp validator.StringResponse
	v.ValidateString(context.Background(), validator.StringRequest{Path: path.Root("x"), ConfigValue: value}, &resp)
	if len(resp.Diagnostics) == 0 {
		return ""
	}
	return resp.Diagnostics[0].Detail()
}

func TestValidators(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		validator validator.String
		good, bad []string
	}{
		"not blank": {framework.NotBlank(), []string{"a", " a "}, []string{"", " ", "\t\n", "\u00a0"}},
		"name": {
			framework.Name(), []string{"jporter", "Anna (Ops) O'Hara", "50%/Team", "Иван", "山田", strings.Repeat("é", 1024)},
			[]string{"", " ", " a", "a ", "a\tb", "a\x00b", "a\nb", "\xff", strings.Repeat("é", 1025)},
		},
		"duration": {framework.PositiveDuration(), []string{"1ms", "30s", "1h30m"}, []string{"", "30", "0s", "-1s", "soon"}},
		"url": {
			framework.URL(false, "http", "https"), []string{"https://a", "http://a:9000/", "https://[::1]:1/x"},
			[]string{
				"a", "a:9000", "ftp://a", "https://", "https://:9000", "https://u:p@a", "https://a b", "://a",
				"https://a,https://b:x",
			},
		},
		"urls": {
			framework.URL(true, "ldap", "ldaps"), []string{"ldap://a", "ldap://a, ldaps://b:636"},
			[]string{"ldap://a,", "ldap://a,b", "https://a"},
		},
		"PEM": {
			framework.PEMCertificates(), nil,
			[]string{"", "ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
		},
		"API version": {framework.APIVersion(), []string{"37.2", "40.0"}, []string{"", "37", "v37.2", "new"}},
		"time zone": {
			framework.TimeZone(),
			[]string{
				"UTC", "utc", "W. Europe Standard Time", "w. europe standard time", "Israel Standard Time", "Kamchatka " +
					"Standard Time", "Europe/Berlin",
				"europe/berlin", "America/Indiana/Knox", "Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Etc/GMT+5", "GMT",
			},
			[]string{"", "CET", "GMT+1", "Europe/Berln", "Local", "Factory", "+01:00"},
		},
	} {
		for _, value := range c.good {
			if text := problem(t, c.validator, types.StringValue(value)); text != "" {
				t.Errorf("%s refuses %q: %s", name, value, text)
			}
		}
		for _, value := range c.bad {
			if problem(t, c.validator, types.StringValue(value)) == "" {
				t.Errorf("%s accepts %q", name, value)
			}
		}
		if problem(t, c.validator, types.StringNull()) != "" || problem(t, c.validator, types.StringUnknown()) != "" {
			t.Errorf("%s refuses what is null or unknown", name)
		}
	}
	text := problem(t, framework.URL(false, "https"), types.StringValue("https://admin:geheim@a b"))
	if strings.Contains(text, "geheim") {
		t.Error("a password is repeated: " + text)
	}
}
