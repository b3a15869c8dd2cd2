// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// writePageOf renders items only of the page that is asked for.
func writePageOf[T any](s *Server, c *caller, w http.ResponseWriter, r *http.Request, items []T,
	render func(T) any) *fault {
	lazy := make([]json.Marshaler, len(items))
	for i, item := range items {
		lazy[i] = marshalFunc(func() ([]byte, error) { return json.Marshal(render(item)) })
	}
	return writePage(s, c, w, r, lazy)
}

type marshalFunc func() ([]byte, error)

func (f marshalFunc) MarshalJSON() ([]byte, error) { return f() }

// groupBody is a group as CloudAPI takes it: a single role in Cloud Director, several in VCF Automation.
type groupBody struct {
	Name           string      `json:"name"`
	ID             string      `json:"id"`
	Description    string      `json:"description"`
	OrgEntityRef   *reference  `json:"orgEntityRef"`
	RoleEntityRef  *reference  `json:"roleEntityRef"`
	RoleEntityRefs []reference `json:"roleEntityRefs"`
	NameInSource   string      `json:"nameInSource"`
	ProviderType   string      `json:"providerType"`
}

func groupJSON(c *caller, g *Group) map[string]any {
	shown := map[string]any{
		"name": g.Name, "id": g.ID, "description": g.Description, "orgEntityRef": orgReference(c.org),
		"nameInSource": g.NameInSource, "providerType": g.ProviderType,
	}
	roles := roleReferences(c.org, g.Roles)
	if c.vcfa() {
		shown["roleEntityRefs"] = roles
	} else if len(roles) > 0 {
		shown["roleEntityRef"] = roles[0]
	}
	return shown
}

// readGroup decodes and checks what a POST and a PUT have in common, and returns the names of the roles.
func readGroup(c *caller, r *http.Request) (groupBody, map[string]json.RawMessage, []string, *fault) {
	var body groupBody
	raw, err := readStrict(r, &body)
	if err != nil {
		return body, nil, nil, err
	}
	required, foreign := []string{"name", "description", "orgEntityRef", "providerType", "roleEntityRef"}, "roleEntityRefs"
	if c.vcfa() {
		required, foreign = []string{"name", "providerType", "roleEntityRefs"}, "roleEntityRef"
	}
	for _, field := range required {
		if raw[field] == nil {
			return body, nil, nil, badRequest("%s is required.", field)
		}
	}
	if raw[foreign] != nil {
		return body, nil, nil, badRequest("Unrecognized property %q at version %s.", foreign, c.version)
	}
	if body.OrgEntityRef != nil && body.OrgEntityRef.ID != "urn:vcloud:org:"+c.org.uuid {
		return body, nil, nil, badRequest("orgEntityRef is not the organization of this session.")
	}
	references := body.RoleEntityRefs
	if body.RoleEntityRef != nil {
		references = []reference{*body.RoleEntityRef}
	}
	roles, err := roleNames(c, references)
	return body, raw, roles, err
}

func (s *Server) createGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	body, _, roles, err := readGroup(c, r)
	if err != nil {
		return err
	}
	g, err := s.importGroup(r.Context(), c.org, Group{
		Name: body.Name, Description: body.Description, ProviderType: body.ProviderType, Roles: roles,
	})
	if err != nil {
		return err
	}
	writeJSON(w, c.version, http.StatusCreated, groupJSON(c, g))
	return nil
}

func (s *Server) getGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	g, ok := c.org.group(r.PathValue("id"))
	if !ok {
		return s.missing(r.PathValue("id"))
	}
	writeJSON(w, c.version, http.StatusOK, groupJSON(c, g))
	return nil
}

func (s *Server) putGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	g, ok := c.org.group(r.PathValue("id"))
	if !ok {
		return s.missing(r.PathValue("id"))
	}
	body, raw, roles, err := readGroup(c, r)
	if err != nil {
		return err
	}
	switch {
	case body.Name != g.Name:
		return badRequest("The name of a group cannot be changed.")
	case body.ProviderType != g.ProviderType:
		return badRequest("The provider type of a group cannot be changed.")
	case raw["nameInSource"] == nil:
		return badRequest("nameInSource is required to update a group.")
	}
	g.Description = s.keptDescription(g, body.Description)
	c.org.giveRoles(g, roles)
	writeJSON(w, c.version, http.StatusOK, groupJSON(c, g))
	return nil
}

func (s *Server) deleteGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	g, ok := c.org.group(r.PathValue("id"))
	if !ok {
		return s.missing(r.PathValue("id"))
	}
	c.org.removeGroup(g)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) listGroups(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	conditions, err := s.filter(r, "name", "id", "description", "nameInSource", "providerType")
	if err != nil {
		return err
	}
	var found []*Group
	for _, g := range c.org.groups {
		fields := map[string]string{
			"name": g.Name, "id": g.ID, "description": g.Description, "nameInSource": g.NameInSource,
			"providerType": g.ProviderType,
		}
		if s.matches(conditions, func(field string) string { return fields[field] }) {
			found = append(found, g)
		}
	}
	return writePageOf(s, c, w, r, found, func(g *Group) any { return groupJSON(c, g) })
}

func (s *Server) listGroupUsers(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	g, ok := c.org.group(r.PathValue("id"))
	if !ok {
		return s.missing(r.PathValue("id"))
	}
	return writePageOf(s, c, w, r, g.Members, func(id string) any {
		return reference{Name: c.org.byID[id].Username,
			ID: id}
	})
}

func roleJSON(r role) map[string]any {
	return map[string]any{"name": r.name, "id": "urn:vcloud:role:" + r.uuid, "description": "",
		"bundleKey": "com.vmware.vcloud.undefined.key", "readOnly": true}
}

func (s *Server) listRoles(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	conditions, err := s.filter(r, "name", "id")
	if err != nil {
		return err
	}
	var found []role
	for _, known := range c.org.roles {
		fields := map[string]string{"name": known.name, "id": "urn:vcloud:role:" + known.uuid}
		if s.matches(conditions, func(field string) string { return fields[field] }) {
			found = append(found, known)
		}
	}
	return writePageOf(s, c, w, r, found, func(known role) any { return roleJSON(known) })
}

func (s *Server) getRole(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	known, ok := c.org.roleByUUID(strings.TrimPrefix(r.PathValue("id"), "urn:vcloud:role:"))
	if !ok {
		return s.missing(r.PathValue("id"))
	}
	writeJSON(w, c.version, http.StatusOK, roleJSON(known))
	return nil
}

// visibleOrgs are the organizations that a session sees: all for a provider administrator, their own for others.
func (s *Server) visibleOrgs(c *caller) []*organization {
	if c.session.provider() {
		return s.orgs
	}
	return []*organization{c.session.org}
}

func orgJSON(o *organization) map[string]any {
	return map[string]any{
		"name": o.name, "id": "urn:vcloud:org:" + o.uuid, "displayName": o.name, "description": "", "isEnabled": true,
		"userCount": len(o.users),
	}
}

func (s *Server) listOrgs(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	if s.opts.NoOrgList {
		return forbidden()
	}
	conditions, err := s.filter(r, "name", "id", "displayName")
	if err != nil {
		return err
	}
	var found []*organization
	for _, o := range s.visibleOrgs(c) {
		fields := map[string]string{"name": o.name, "displayName": o.name, "id": "urn:vcloud:org:" + o.uuid}
		if s.matches(conditions, func(field string) string { return fields[field] }) {
			found = append(found, o)
		}
	}
	return writePageOf(s, c, w, r, found, func(o *organization) any { return orgJSON(o) })
}

func (s *Server) getOrg(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	for _, o := range s.visibleOrgs(c) {
		if "urn:vcloud:org:"+o.uuid == r.PathValue("id") && !s.opts.NoOrgList {
			writeJSON(w, c.version, http.StatusOK, orgJSON(o))
			return nil
		}
	}
	return s.missing(r.PathValue("id"))
}

// searchUsers answers the directory's people whose name contains q, whether they were imported or not: a bare array.
func (s *Server) searchUsers(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	if s.opts.NoDirectorySearch {
		return denied()
	}
	if !c.org.ldap {
		return s.noLDAP()
	}
	found, err := s.opts.Directory.SearchUsers(r.Context(), r.URL.Query().Get("q"))
	if err != nil {
		return refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "The LDAP server cannot be reached: %v", err)
	}
	answer := []map[string]any{}
	for _, u := range found {
		answer = append(answer, map[string]any{
			"username": u.Username, "fullname": u.DisplayName, "email": u.Email, "phoneNumber": u.Telephone,
			"external": true, "nameInSource": escapedBytes(u.ID), "enabled": true, "inSync": true,
		})
	}
	writeJSON(w, c.version, http.StatusOK, answer)
	return nil
}

func (s *Server) searchGroups(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	if s.opts.NoDirectorySearch {
		return denied()
	}
	if !c.org.ldap {
		return s.noLDAP()
	}
	q := r.URL.Query().Get("q")
	found, err := s.directoryGroups(r.Context(), func(g people.Group) bool { return containsFolded(g.Name, q) })
	if err != nil {
		return err
	}
	answer := []map[string]any{}
	for _, g := range found {
		answer = append(answer, map[string]any{
			"name": g.Name, "description": g.Description, "nameInSource": escapedBytes(g.ID), "providerType": TypeLDAP,
		})
	}
	writeJSON(w, c.version, http.StatusOK, answer)
	return nil
}
