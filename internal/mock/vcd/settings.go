// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"strings"
)

// ldapMode tells whether the organization has an LDAP service, in the word of its settings.
func (o *organization) ldapMode() string {
	if o.ldap {
		return "CUSTOM"
	}
	return "NONE"
}

// ldapSettings answers the LDAP settings of an organization: as XML, or as JSON where that is asked for.
func (s *Server) ldapSettings(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	if strings.Contains(r.Header.Get("Accept"), "json") {
		writeJSON(w, c.version, http.StatusOK, map[string]any{"orgLdapMode": c.org.ldapMode(), "customUsersOu": nil,
			"link": []any{}})
		return nil
	}
	writeXML(w, c.version, http.StatusOK, "vnd.vmware.admin.organizationLdapSettings", fmt.Sprintf(
		`<OrgLdapSettings xmlns="%s" href="%s/api/admin/org/%s/settings/ldap">`+
			`<OrgLdapMode>%s</OrgLdapMode></OrgLdapSettings>`,
		xmlNamespace, s.URL(), c.org.uuid, c.org.ldapMode()))
	return nil
}

// unifiedLDAPSettings is where VMware Cloud Foundation keeps the same from 9.1 on.
func (s *Server) unifiedLDAPSettings(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	if !c.version.unified {
		return notFound(r.URL.Path)
	}
	writeJSON(w, c.version, http.StatusOK, map[string]any{"ldapMode": c.org.ldapMode()})
	return nil
}
