// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// A failed login is called one on both platforms, whichever request needed it first, and says which settings to check.
func TestFailedLogin(t *testing.T) {
	t.Parallel()
	shell := object{"url": acctest.CloudShell(t, cloudshell.Options{}).URL()}
	cloud := object{"url": acctest.VCD(t, mockvcd.Options{}).URL(), "org": "acme"}
	for name, c := range map[string]struct {
		platform string
		block    object
		login    object
		words    []string
	}{
		"CloudShell password": {"cloudshell", shell, object{"username": "admin", "password": "very-secret"},
			[]string{"Unable to Log In to CloudShell: ", `User "admin" of domain "Global" cannot log in: CloudShell ` +
				`answered 401`, "Check cloudshell.username", "locks accounts"}},
		"CloudShell DOMAIN": {"cloudshell", shell, object{"username": `LAB\admin`, "password": "very-secret"},
			[]string{"Unable to Log In to CloudShell: ", `without the domain in front of it: "admin"`}},
		"CloudShell token": {"cloudshell", shell, object{"token": "very-secret"},
			[]string{"Unable to Log In to CloudShell: ", "The session token cannot log in", "Check cloudshell.token"}},
		"vCD password": {"vcd", cloud, object{"username": "admin", "password": "very-secret"},
			[]string{"Unable to Log In to Cloud Director: ", `User "admin" of organization "acme" cannot log in: Cloud ` +
				`Director answered 401`, "Check vcd.username", "locks accounts"}},
		"vCD DOMAIN": {"vcd", cloud, object{"username": `LAB\admin`, "password": "very-secret"},
			[]string{"Unable to Log In to Cloud Director: ", `without the domain in front of it: "admin"`}},
		"vCD token": {"vcd", cloud, object{"token": "very-secret"},
			[]string{"Unable to Log In to Cloud Director: ", "The bearer token cannot log in", "Check vcd.token"}},
		"vCD API token": {"vcd", cloud, object{"api_token": "very-secret"},
			[]string{"Unable to Log In to Cloud Director: ", "The API token cannot log in", "api_token_file"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := maps.Clone(c.block)
			maps.Copy(block, c.login)
			for what, text := range firstRequests(t, c.platform, object{c.platform: block}) {
				contains(t, what+": "+text, c.words...)
				if strings.Contains(text, "very-secret") || strings.Contains(text, "\n") {
					t.Errorf("%s: %s", what, text)
				}
			}
		})
	}
}

// firstRequests returns the errors of several operations, each of which is the first to need the login.
func firstRequests(t *testing.T, platform string, config object) map[string]string {
	t.Helper()
	texts := map[string]string{}
	data := map[string]object{"directory_cloudshell_users": {}, "directory_cloudshell_user": {"username": "jporter"}}
	resources := map[string]object{
		"directory_cloudshell_imported_user":  {"name": "jporter"},
		"directory_cloudshell_imported_group": {"name": "Lab Engineers"},
	}
	if platform == "vcd" {
		data = map[string]object{"directory_vcd_roles": {}, "directory_vcd_user": {"name": "jporter"}}
		resources = map[string]object{
			"directory_vcd_imported_user":  {"name": "jporter", "roles": []any{"vApp Author"}},
			"directory_vcd_imported_group": {"name": "Lab Engineers", "roles": []any{"vApp Author"}},
		}
	}
	for name, attributes := range data {
		_, diagnostics := acctest.Configured(t, config).ReadData(name, attributes)
		texts[name] = acctest.Errors(diagnostics)
	}
	for name, attributes := range resources {
		texts["apply of "+name] = acctest.Errors(acctest.Configured(t, config).Instance(name).Apply(attributes))
	}
	return texts
}
