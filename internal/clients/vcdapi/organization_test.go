// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestProviderLogsInToSystemInAnySpelling(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{"System", "system", "SYSTEM"} {
		server := start(t, mockvcd.Options{})
		client := connect(t, server.URL(), provider, func(c *vcdapi.Config) { c.Org = spelling })
		for _, org := range []string{"acme", "ACME", "", "sYSTEM"} {
			if _, err := client.Tenant(t.Context(), org); err != nil {
				t.Errorf("%s, %q: %v", spelling, org, err)
			}
		}
	}
}

// An entry of the query service may give its organization by reference alone.
func TestOrganizationOfAUser(t *testing.T) {
	t.Parallel()
	for _, attributes := range []string{
		`orgName="acme"`, `org="https://cell-1.internal/api/org/26"`,
		`orgName="acme" org="https://cell-1.internal/api/org/26"`,
	} {
		server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
			"POST /cloudapi/1.0.0/sessions/provider": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-VMWARE-VCLOUD-ACCESS-TOKEN", "stub-token")
				_, _ = io.WriteString(w, `{"org":{"id":"urn:vcloud:org:1","name":"System"}}`)
			},
			"GET /api/query": text(http.StatusOK, "application/xml", `<QueryResultRecords `+
				`xmlns="http://www.vmware.com/vcloud/v1.5" total="1"><AdminUserRecord `+attributes+`/></QueryResultRecords>`),
			"GET /cloudapi/1.0.0/orgs": text(http.StatusOK, "application/json", `{"resultTotal":2,"values":[`+
				`{"id":"urn:vcloud:org:1","name":"System"},{"id":"urn:vcloud:org:26","name":"acme"}]}`),
		})
		if org, err := connect(t, server.URL, provider).OrgOf(t.Context(), "urn:vcloud:user:7"); err != nil || org != "acme" {
			t.Errorf("%s: %q, %v", attributes, org, err)
		}
	}
}
