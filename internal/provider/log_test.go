// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// The log tells of each request, and never a secret: not even where one got into a place that is logged.
func TestLogWithoutSecrets(t *testing.T) {
	t.Parallel()
	server := acctest.CloudShell(t, cloudshell.Options{Password: "very-secret"})
	p := acctest.Configured(
		t,
		object{"cloudshell": object{"url": server.URL(), "username": "admin", "password": "very-secret"}},
	)
	var log bytes.Buffer
	const name = "directory_cloudshell_external_group"
	resp, err := p.Server.ReadDataSource(tflogtest.RootLogger(t.Context(), &log), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: p.Dynamic(p.Schemas.DataSourceSchemas[name].ValueType(), object{"name": "very-secret"}),
	})
	if err != nil || acctest.Errors(resp.Diagnostics) == "" {
		t.Fatal("the group should not be found", err)
	}
	text := log.String()
	contains(t, text, "/Api/Auth/Login", "IdentityManagement/groups", `"method":"GET"`)
	if strings.Contains(text, "very-secret") {
		t.Error("the log holds the password: " + text)
	}
	for _, request := range server.Requests() {
		if token := strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer "); token != "" &&
			strings.Contains(text, token) {
			t.Error("the log holds the session token")
		}
	}
}
