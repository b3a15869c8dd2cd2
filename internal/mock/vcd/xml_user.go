// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// userSequence is the order in which the schema requires the elements of a User.
var userSequence = []string{
	"Link", "Description", "Tasks", "FullName", "EmailAddress", "Telephone", "IsEnabled", "IsLocked", "IM", "NameInSource",
	"IsAlertEnabled", "AlertEmailPrefix", "AlertEmail", "IsExternal", "IsDefaultCached", "ProviderType", "IsGroupRole",
	"StoredVmQuota", "DeployedVmQuota", "Role", "Password", "GroupReferences",
}

const userMediaType = "vnd.vmware.admin.user"

func (s *Server) userHref(u *User) string {
	return s.URL() + "/api/admin/user/" + strings.TrimPrefix(u.ID, "urn:vcloud:user:")
}

func (s *Server) userElement(o *organization, u *User, roleName bool) string {
	var b strings.Builder
	href := s.userHref(u)
	fmt.Fprintf(&b, `<User xmlns="%s" name="%s" id="%s" href="%s" type="application/%s+xml">`, xmlNamespace,
		escape(u.Username), u.ID, href, userMediaType)
	fmt.Fprintf(&b, `<Link rel="edit" type="application/%s+xml" href="%s"/>`, userMediaType, href)
	b.WriteString(optional("Description", u.Description) + optional("FullName", u.FullName) +
		optional("EmailAddress", u.Email) + optional("Telephone", u.Telephone))
	fmt.Fprintf(&b, `<IsEnabled>%t</IsEnabled><IsLocked>%t</IsLocked>`, u.Enabled, u.Locked)
	b.WriteString(optional("IM", u.Alerts.IM) + optional("NameInSource", u.NameInSource))
	fmt.Fprintf(&b, `<IsAlertEnabled>%t</IsAlertEnabled>%s%s`,
		u.Alerts.Enabled, optional("AlertEmailPrefix", u.Alerts.Prefix), optional("AlertEmail", u.Alerts.Email))
	fmt.Fprintf(&b, `<IsExternal>%t</IsExternal><IsDefaultCached>false</IsDefaultCached>`, u.ProviderType != TypeLocal)
	fmt.Fprintf(&b, `<ProviderType>%s</ProviderType><IsGroupRole>%t</IsGroupRole>`, xmlProviderType(u.ProviderType),
		u.GroupRole)
	b.WriteString(s.quota("StoredVmQuota", u.StoredVMQuota) + s.quota("DeployedVmQuota", u.DeployedVMQuota))
	b.WriteString(s.xmlRoleReference(o, u.Roles, roleName))
	b.WriteString(`<GroupReferences>`)
	for _, g := range o.groupsOf(u) {
		fmt.Fprintf(&b, `<GroupReference type="application/%s+xml" name="%s" href="%s"/>`, groupMediaType, escape(g.Name),
			s.groupHref(g))
	}
	b.WriteString(`</GroupReferences></User>`)
	return b.String()
}

// quota renders a quota, of which 0 is no limit.
func (s *Server) quota(name string, limit int) string {
	if limit == 0 && s.opts.OmitUnlimited {
		return ""
	}
	return fmt.Sprintf("<%s>%d</%s>", name, limit, name)
}

// locateUser finds a user by the UUID of the path: in the caller's organization, or anywhere for a provider without
// context.
func (s *Server) locateUser(c *caller, r *http.Request) (*organization, *User, *fault) {
	id := "urn:vcloud:user:" + r.PathValue("id")
	for _, o := range s.reachable(c) {
		if u := o.byID[id]; u != nil {
			return o, u, nil
		}
	}
	return nil, nil, s.missing(id)
}

func (s *Server) reachable(c *caller) []*organization {
	if c.session.provider() && c.org == c.session.org {
		return s.orgs
	}
	return []*organization{c.org}
}

func (s *Server) xmlCreateUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	e, err := readXML(r, "User", userMediaType, userSequence)
	if err != nil {
		return err
	}
	user, err := userFromXML(c.org, e)
	if err != nil {
		return err
	}
	user.Username = e.attributes["name"]
	if user.Username == "" {
		return badRequest("validation error: cvc-complex-type.4: Attribute 'name' must appear on element 'User'.")
	}
	user.ProviderType = importType(e)
	if user.ProviderType != TypeLocal && e.child("Password") != nil {
		return badRequest("A password cannot be set for an external user.")
	}
	u, err := s.importUser(r.Context(), c.org, user)
	if err != nil {
		return err
	}
	writeXML(w, c.version, http.StatusCreated, userMediaType, s.userElement(c.org, u, s.opts.RoleNameInXMLCreate))
	return nil
}

// importType reads which identity provider a new user comes from: ProviderType, or IsExternal alone for LDAP.
func importType(e *element) string {
	if t := e.childText("ProviderType"); t != "" {
		return fromXMLProviderType(t)
	}
	if e.childText("IsExternal") == "true" {
		return TypeLDAP
	}
	return TypeLocal
}

// userFromXML reads what can be written. An absent IsEnabled makes the user disabled, an absent quota unlimited.
func userFromXML(o *organization, e *element) (User, *fault) {
	r, err := xmlRole(o, e)
	if err != nil {
		return User{}, err
	}
	u := User{Description: e.childText("Description"), Enabled: e.childText("IsEnabled") == "true",
		Roles: []string{r.name}}
	u.Alerts = Alerts{
		Enabled: e.childText("IsAlertEnabled") == "true", Prefix: e.childText("AlertEmailPrefix"),
		Email: e.childText("AlertEmail"), IM: e.childText("IM"),
	}
	for name, quota := range map[string]*int{"StoredVmQuota": &u.StoredVMQuota, "DeployedVmQuota": &u.DeployedVMQuota} {
		text := e.childText(name)
		if text == "" {
			continue
		}
		number, convErr := strconv.Atoi(text)
		if convErr != nil {
			return User{}, badRequest("validation error: cvc-datatype-valid.1.2.1: '%s' is not a valid value for 'integer'.",
				text)
		}
		*quota = number
	}
	return u, nil
}

func (s *Server) xmlGetUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	o, u, err := s.locateUser(c, r)
	if err != nil {
		return err
	}
	writeXML(w, c.version, http.StatusOK, userMediaType, s.userElement(o, u, true))
	return nil
}

func (s *Server) xmlPutUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	o, u, err := s.locateUser(c, r)
	if err != nil {
		return err
	}
	e, err := readXML(r, "User", userMediaType, userSequence)
	if err != nil {
		return err
	}
	if u.Locked {
		if !s.opts.XMLUnlocks || e.childText("IsLocked") != "false" {
			return s.refuseLocked(u)
		}
		u.Locked = false
	}
	if !s.sameName(e.attributes["name"], u.Username) {
		return badRequest("The name of a user cannot be changed.")
	}
	if u.ProviderType != TypeLocal && e.child("Password") != nil {
		return badRequest("A password cannot be set for an external user.")
	}
	changed, err := userFromXML(o, e)
	if err != nil {
		return err
	}
	u.Description, u.Enabled, u.Roles = changed.Description, changed.Enabled, changed.Roles
	u.StoredVMQuota, u.DeployedVMQuota, u.Alerts = changed.StoredVMQuota, changed.DeployedVMQuota, changed.Alerts
	writeXML(w, c.version, http.StatusOK, userMediaType, s.userElement(o, u, true))
	return nil
}

func (s *Server) xmlDeleteUser(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	o, u, err := s.locateUser(c, r)
	if err != nil {
		return err
	}
	if busy := refuseBusyOwner(u); busy != nil {
		return busy
	}
	if u == c.session.user {
		return badRequest("You cannot delete your own account.")
	}
	s.destroyUser(o, u)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) xmlTakeOwnership(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	_, u, err := s.locateUser(c, r)
	if err != nil {
		return err
	}
	if err := s.takeOwnership(c, u); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
