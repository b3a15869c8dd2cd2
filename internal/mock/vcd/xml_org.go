// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// xmlOrgList answers the organizations that a session sees. An Org has no id there, just its href.
func (s *Server) xmlOrgList(c *caller, w http.ResponseWriter, _ *http.Request) *fault {
	var b strings.Builder
	fmt.Fprintf(&b, `<OrgList xmlns="%s" href="%s/api/org/" type="application/vnd.vmware.vcloud.orgList+xml">`,
		xmlNamespace, s.URL())
	for _, o := range s.visibleOrgs(c) {
		fmt.Fprintf(&b, `<Org href="%s/api/org/%s" name="%s" type="application/vnd.vmware.vcloud.org+xml"/>`, s.URL(), o.uuid,
			escape(o.name))
	}
	b.WriteString(`</OrgList>`)
	writeXML(w, c.version, http.StatusOK, "vnd.vmware.vcloud.orgList", b.String())
	return nil
}

// xmlAdminOrg answers the whole organization: a reference to every user, group and role, unpaged.
func (s *Server) xmlAdminOrg(c *caller, w http.ResponseWriter, _ *http.Request) *fault {
	var b strings.Builder
	o := c.org
	href := s.URL() + "/api/admin/org/" + o.uuid
	fmt.Fprintf(&b, `<AdminOrg xmlns="%s" name="%s" id="urn:vcloud:org:%s" href="%s" `+
		`type="application/vnd.vmware.admin.organization+xml">`, xmlNamespace, escape(o.name), o.uuid, href)
	fmt.Fprintf(&b, `<Description/><FullName>%s</FullName><IsEnabled>true</IsEnabled>`+
		`<Settings href="%s/settings" type="application/vnd.vmware.admin.orgSettings+xml"/>`, escape(o.name), href)
	b.WriteString(`<Users>`)
	for _, u := range o.users {
		fmt.Fprintf(&b, `<UserReference href="%s" name="%s" type="application/%s+xml"/>`, s.userHref(u), escape(u.Username),
			userMediaType)
	}
	b.WriteString(`</Users><Groups>`)
	for _, g := range o.groups {
		fmt.Fprintf(&b, `<GroupReference href="%s" name="%s" type="application/%s+xml"/>`, s.groupHref(g), escape(g.Name),
			groupMediaType)
	}
	b.WriteString(`</Groups><RoleReferences>`)
	for _, r := range o.roles {
		fmt.Fprintf(&b, `<RoleReference href="%s/role/%s" name="%s" type="application/vnd.vmware.admin.role+xml"/>`, href,
			r.uuid, escape(r.name))
	}
	b.WriteString(`</RoleReferences></AdminOrg>`)
	writeXML(w, c.version, http.StatusOK, "vnd.vmware.admin.organization", b.String())
	return nil
}

func (s *Server) xmlGetRole(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	known, ok := c.org.roleByUUID(r.PathValue("id"))
	if !ok {
		return s.missing("role " + r.PathValue("id"))
	}
	writeXML(w, c.version, http.StatusOK, "vnd.vmware.admin.role", fmt.Sprintf(
		`<Role xmlns="%s" name="%s" id="urn:vcloud:role:%s" href="%s/api/admin/org/%s/role/%s" `+
			`type="application/vnd.vmware.admin.role+xml"><Description/></Role>`,
		xmlNamespace, escape(known.name), known.uuid, s.URL(), c.org.uuid, known.uuid))
	return nil
}

// xmlQuery is the query service: records of users, groups, roles or organizations, in pages. A UserRecord has neither
// e-mail nor NameInSource.
func (s *Server) xmlQuery(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	query := r.URL.Query()
	kind := query.Get("type")
	records, err := s.queryRecords(c, r, kind)
	if err != nil {
		return err
	}
	page, size := 1, 25
	for name, value := range map[string]*int{"page": &page, "pageSize": &size} {
		if text := query.Get(name); text != "" {
			number, convErr := strconv.Atoi(text)
			if convErr != nil || number < 1 {
				return badRequest("Bad %s %q.", name, text)
			}
			*value = number
		}
	}
	if size > maxPageSize {
		return badRequest("The page size must not exceed %d.", maxPageSize)
	}
	from, to := min((page-1)*size, len(records)), min(page*size, len(records))
	var b strings.Builder
	fmt.Fprintf(&b, `<QueryResultRecords xmlns="%s" name="%s" total="%d" page="%d" pageSize="%d" `+
		`href="%s%s" type="application/vnd.vmware.vcloud.query.records+xml">`,
		xmlNamespace, escape(kind), len(records), page, size, s.URL(), escape(r.URL.String()))
	if to < len(records) && !s.opts.NoLinkHeader {
		query.Set("page", strconv.Itoa(page+1))
		fmt.Fprintf(&b, `<Link rel="nextPage" href="%s/api/query?%s"/>`, s.URL(), escape(query.Encode()))
	}
	b.WriteString(strings.Join(records[from:to], "") + `</QueryResultRecords>`)
	writeXML(w, c.version, http.StatusOK, "vnd.vmware.vcloud.query.records", b.String())
	return nil
}

func (s *Server) queryRecords(c *caller, r *http.Request, kind string) ([]string, *fault) {
	conditions, err := s.filter(r, "name", "fullName", "isEnabled", "isLdapUser", "isExternal", "isLocked",
		"identityProviderType", "org", "href", "id")
	if err != nil {
		return nil, err
	}
	organizations := []*organization{c.org}
	if strings.HasPrefix(kind, "admin") {
		if !c.session.provider() {
			return nil, forbidden()
		}
		if c.org == c.session.org {
			organizations = s.orgs
		}
	}
	var records []string
	for _, o := range organizations {
		switch kind {
		case "user", "adminUser":
			records = append(records, s.userRecords(o, conditions, kind == "adminUser")...)
		case "group", "adminGroup":
			records = append(records, s.groupRecords(o, conditions, kind == "adminGroup")...)
		default:
			return nil, badRequest("Unknown query type %q.", kind)
		}
	}
	return records, nil
}

func (s *Server) userRecords(o *organization, conditions []condition, admin bool) []string {
	var records []string
	for _, u := range o.users {
		fields := map[string]string{
			"name": u.Username, "fullName": u.FullName, "isEnabled": strconv.FormatBool(u.Enabled),
			"isLocked":             strconv.FormatBool(u.Locked),
			"isLdapUser":           strconv.FormatBool(u.ProviderType == TypeLDAP),
			"isExternal":           strconv.FormatBool(u.ProviderType != TypeLocal),
			"identityProviderType": xmlProviderType(u.ProviderType), "href": s.userHref(u), "id": u.ID, "org": s.URL() +
				"/api/org/" + o.uuid,
		}
		if !s.matches(conditions, func(field string) string { return fields[field] }) {
			continue
		}
		name, org := "UserRecord", ""
		if admin {
			name, org = "AdminUserRecord", fmt.Sprintf(` org="%s" orgName="%s"`, fields["org"], escape(o.name))
		}
		records = append(records, fmt.Sprintf(
			`<%s name="%s" fullName="%s" isEnabled="%s" isLdapUser="%s" isExternal="%s" `+
				`identityProviderType="%s" isLocked="%s" roleNames="%s" `+
				`numberOfDeployedVMs="0" numberOfStoredVMs="0" href="%s"%s/>`,
			name, escape(u.Username), escape(u.FullName), fields["isEnabled"], fields["isLdapUser"], fields["isExternal"],
			fields["identityProviderType"], fields["isLocked"], escape(strings.Join(u.Roles, ",")), fields["href"], org))
	}
	return records
}

func (s *Server) groupRecords(o *organization, conditions []condition, admin bool) []string {
	var records []string
	for _, g := range o.groups {
		fields := map[string]string{
			"name": g.Name, "identityProviderType": xmlProviderType(g.ProviderType), "href": s.groupHref(g), "id": g.ID,
			"org": s.URL() + "/api/org/" + o.uuid,
		}
		if !s.matches(conditions, func(field string) string { return fields[field] }) {
			continue
		}
		name, org := "GroupRecord", ""
		if admin {
			name, org = "AdminGroupRecord", fmt.Sprintf(` org="%s" orgName="%s"`, fields["org"], escape(o.name))
		}
		records = append(records, fmt.Sprintf(`<%s name="%s" identityProviderType="%s" roleName="%s" href="%s"%s/>`,
			name, escape(g.Name), fields["identityProviderType"], escape(strings.Join(g.Roles, ",")), fields["href"], org))
	}
	return records
}
