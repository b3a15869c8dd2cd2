// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) cloudAPIRoutes(mux *http.ServeMux) {
	const base = "/cloudapi/1.0.0"
	mux.HandleFunc("GET "+base+"/users", s.json(since(35, 0), false, s.listUsers))
	mux.HandleFunc("POST "+base+"/users", s.json(since(35, 0), true, s.createUser))
	mux.HandleFunc("GET "+base+"/users/{id}", s.json(since(35, 0), false, s.getUser))
	mux.HandleFunc("PUT "+base+"/users/{id}", s.json(since(35, 0), true, s.putUser))
	mux.HandleFunc("DELETE "+base+"/users/{id}", s.json(since(35, 0), true, s.deleteUser))
	mux.HandleFunc("POST "+base+"/users/{id}/takeOwnership", s.json(since(37, 1), true, s.postTakeOwnership))
	mux.HandleFunc("GET "+base+"/users/{id}/groups", s.json(since(35, 0), false, s.listUserGroups))
	mux.HandleFunc("GET "+base+"/groups", s.json(since(35, 0), false, s.listGroups))
	mux.HandleFunc("POST "+base+"/groups", s.json(since(36, 0), true, s.createGroup))
	mux.HandleFunc("GET "+base+"/groups/{id}", s.json(since(35, 0), false, s.getGroup))
	mux.HandleFunc("PUT "+base+"/groups/{id}", s.json(since(36, 0), true, s.putGroup))
	mux.HandleFunc("DELETE "+base+"/groups/{id}", s.json(since(36, 0), true, s.deleteGroup))
	mux.HandleFunc("GET "+base+"/groups/{id}/users", s.json(since(35, 0), false, s.listGroupUsers))
	mux.HandleFunc("GET "+base+"/roles", s.json(since(31, 0), false, s.listRoles))
	mux.HandleFunc("GET "+base+"/roles/{id}", s.json(since(31, 0), false, s.getRole))
	mux.HandleFunc("GET "+base+"/orgs", s.json(since(33, 0), false, s.listOrgs))
	mux.HandleFunc("GET "+base+"/orgs/{id}", s.json(since(33, 0), false, s.getOrg))
	mux.HandleFunc("GET "+base+"/ldap/search/user", s.json(since(36, 0), false, s.searchUsers))
	mux.HandleFunc("GET "+base+"/ldap/search/group", s.json(since(36, 0), false, s.searchGroups))
	mux.HandleFunc("GET /cloudapi/v1/orgSettings/ldap", s.json(since(40, 0), false, s.unifiedLDAPSettings))
	mux.HandleFunc("POST "+base+"/ldap/sync", s.json(since(36, 0), true, s.syncDirectory))
}

// userBody is a user as CloudAPI takes it. Read-only properties are accepted and ignored, since a PUT sends them back.
type userBody struct {
	Username          string          `json:"username"`
	FullName          string          `json:"fullName"`
	Description       string          `json:"description"`
	ID                string          `json:"id"`
	RoleEntityRefs    []reference     `json:"roleEntityRefs"`
	OrgEntityRef      *reference      `json:"orgEntityRef"`
	Password          string          `json:"password"`
	Email             string          `json:"email"`
	NameInSource      string          `json:"nameInSource"`
	Enabled           bool            `json:"enabled"`
	ProviderType      string          `json:"providerType"`
	Locked            json.RawMessage `json:"locked"`
	Stranded          json.RawMessage `json:"stranded"`
	IsGroupRole       json.RawMessage `json:"isGroupRole"`
	DeployedVMQuota   *int            `json:"deployedVmQuota"`
	StoredVMQuota     *int            `json:"storedVmQuota"`
	InheritGroupRoles *bool           `json:"inheritGroupRoles"`
	GivenName         string          `json:"givenName"`
	FamilyName        string          `json:"familyName"`
	EffectiveRoles    []reference     `json:"effectiveRoleEntityRefs"`
}

// userFields tells which properties a user has at a version.
func userFields(v version) []string {
	fields := []string{
		"username", "fullName", "description", "id", "roleEntityRefs", "orgEntityRef", "password", "email", "nameInSource",
		"enabled", "providerType",
	}
	if v.atLeast(37, 2) {
		fields = append(fields, "locked", "stranded")
	}
	if !v.atLeast(37, 0) {
		fields = append(fields, "deployedVmQuota", "storedVmQuota")
	}
	if v.atLeast(40, 0) {
		return append(fields, "inheritGroupRoles", "givenName", "familyName", "effectiveRoleEntityRefs")
	}
	return append(fields, "isGroupRole")
}

func userJSON(c *caller, o *organization, u *User) map[string]any {
	given, family, _ := strings.Cut(u.FullName, " ")
	all := map[string]any{
		"username": u.Username, "fullName": u.FullName, "description": u.Description, "id": u.ID,
		"roleEntityRefs": roleReferences(o, u.Roles), "orgEntityRef": orgReference(o),
		"email": u.Email, "nameInSource": u.NameInSource, "enabled": u.Enabled, "providerType": u.ProviderType,
		"locked": u.Locked, "stranded": u.Stranded, "isGroupRole": u.GroupRole,
		"deployedVmQuota": u.DeployedVMQuota, "storedVmQuota": u.StoredVMQuota,
		"inheritGroupRoles": u.InheritGroupRoles, "givenName": given, "familyName": family,
		"effectiveRoleEntityRefs": roleReferences(o, u.Roles),
	}
	shown := map[string]any{}
	for _, field := range userFields(c.version) {
		if value, ok := all[field]; ok && !(c.hidesDetails && slices.Contains(restrictedFields, field)) &&
			!(c.omitsUnlimited && value == 0) {
			shown[field] = value
		}
	}
	return shown
}

// restrictedFields need the right "View Group / User".
var restrictedFields = []string{
	"deployedVmQuota", "storedVmQuota", "email", "nameInSource", "enabled", "isGroupRole", "providerType", "locked",
	"stranded",
}

func orgReference(o *organization) reference {
	return reference{Name: o.name, ID: "urn:vcloud:org:" + o.uuid}
}

// readUser decodes and checks what a POST and a PUT have in common.
func readUser(c *caller, r *http.Request) (userBody, map[string]json.RawMessage, *fault) {
	var body userBody
	raw, err := readStrict(r, &body)
	if err != nil {
		return body, nil, err
	}
	for field := range raw {
		if !slices.Contains(userFields(c.version), field) {
			return body, nil, badRequest("Unrecognized property %q at version %s.", field, c.version)
		}
	}
	if body.Username == "" || raw["roleEntityRefs"] == nil {
		return body, nil, badRequest("username and roleEntityRefs are required.")
	}
	if raw["password"] != nil && body.ProviderType != TypeLocal {
		return body, nil, badRequest("A password cannot be set for an external user.")
	}
	if body.OrgEntityRef != nil && body.OrgEntityRef.ID != "urn:vcloud:org:"+c.org.uuid {
		return body, nil, badRequest("orgEntityRef is not the organization of this session.")
	}
	return body, raw, nil
}

func (s *Server) createUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	body, raw, err := readUser(c, r)
	if err != nil {
		return err
	}
	roles, err := roleNames(c, body.RoleEntityRefs)
	if err != nil {
		return err
	}
	user := User{
		Username: body.Username, Description: body.Description, ProviderType: body.ProviderType, Roles: roles,
		Enabled: body.Enabled || raw["enabled"] == nil, // enabled unless the body says otherwise
	}
	applyOptional(&user, body)
	u, err := s.importUser(r.Context(), c.org, user)
	if err != nil {
		return err
	}
	writeJSON(w, c.version, http.StatusCreated, userJSON(c, c.org, u))
	return nil
}

func applyOptional(u *User, body userBody) {
	if body.DeployedVMQuota != nil {
		u.DeployedVMQuota = *body.DeployedVMQuota
	}
	if body.StoredVMQuota != nil {
		u.StoredVMQuota = *body.StoredVMQuota
	}
	if body.InheritGroupRoles != nil {
		u.InheritGroupRoles = *body.InheritGroupRoles
	}
}

func (s *Server) getUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	u := c.org.byID[r.PathValue("id")]
	if u == nil {
		return s.missing(r.PathValue("id"))
	}
	writeJSON(w, c.version, http.StatusOK, userJSON(c, c.org, u))
	return nil
}

func (s *Server) putUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	u := c.org.byID[r.PathValue("id")]
	if u == nil {
		return s.missing(r.PathValue("id"))
	}
	body, raw, err := readUser(c, r)
	if err != nil {
		return err
	}
	roles, err := roleNames(c, body.RoleEntityRefs)
	if err != nil {
		return err
	}
	switch {
	case body.ID != "" && body.ID != u.ID:
		return badRequest("The id does not match the URL.")
	case u.ProviderType != TypeLocal && raw["nameInSource"] == nil:
		return badRequest("nameInSource is required to update an external user.")
	}
	if err := s.unlock(u, body, roles); err != nil {
		return err
	}
	if err := s.remap(r.Context(), c, u, body); err != nil {
		return err
	}
	u.Description, u.Enabled, u.Roles = body.Description, body.Enabled, roles
	applyOptional(u, body)
	if u.ProviderType == TypeLocal {
		u.FullName, u.Email = body.FullName, body.Email
	}
	writeJSON(w, c.version, http.StatusOK, userJSON(c, c.org, u))
	return nil
}

func (s *Server) listUsers(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	conditions, err := s.filter(r, "username", "fullName", "description", "id", "email", "nameInSource", "enabled",
		"providerType", "locked", "stranded")
	if err != nil {
		return err
	}
	var found []*User
	for _, u := range c.org.users {
		if s.matches(conditions, func(field string) string { return userField(u, field) }) {
			found = append(found, u)
		}
	}
	if r.URL.Query().Get("sortAsc") == "username" {
		slices.SortStableFunc(found, func(a, b *User) int { return strings.Compare(a.Username, b.Username) })
	}
	return writePageOf(s, c, w, r, found, func(u *User) any { return userJSON(c, c.org, u) })
}

func userField(u *User, field string) string {
	switch field {
	case "username":
		return u.Username
	case "fullName":
		return u.FullName
	case "description":
		return u.Description
	case "email":
		return u.Email
	case "nameInSource":
		return u.NameInSource
	case "providerType":
		return u.ProviderType
	case "enabled":
		return strconv.FormatBool(u.Enabled)
	case "locked":
		return strconv.FormatBool(u.Locked)
	case "stranded":
		return strconv.FormatBool(u.Stranded)
	default:
		return u.ID
	}
}

func (s *Server) listUserGroups(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	u := c.org.byID[r.PathValue("id")]
	if u == nil {
		return s.missing(r.PathValue("id"))
	}
	return writePageOf(s, c, w, r, c.org.groupsOf(u), func(g *Group) any { return reference{Name: g.Name, ID: g.ID} })
}

func (s *Server) deleteUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	u := c.org.byID[r.PathValue("id")]
	if u == nil {
		return s.missing(r.PathValue("id"))
	}
	return s.startDeletion(c, w, u)
}

func (s *Server) postTakeOwnership(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	u := c.org.byID[r.PathValue("id")]
	if u == nil {
		return s.missing(r.PathValue("id"))
	}
	if err := s.takeOwnership(c, u); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// syncDirectory reads the imported users from the directory again; who is not there any more is stranded.
func (s *Server) syncDirectory(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	if !c.org.ldap {
		return s.noLDAP()
	}
	for _, u := range c.org.users {
		if u.ProviderType == TypeLDAP {
			s.syncUser(r.Context(), u)
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
