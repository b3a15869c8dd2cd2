// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"strings"
)

// groupSequence is the order in which the schema requires the elements of a Group. UsersList is not among them:
// sending it back is an error.
var groupSequence = []string{"Link", "Description", "Tasks", "NameInSource", "ProviderType", "Role"}

const groupMediaType = "vnd.vmware.admin.group"

func (s *Server) groupHref(g *Group) string {
	return s.URL() + "/api/admin/group/" + strings.TrimPrefix(g.ID, "urn:vcloud:group:")
}

func (s *Server) groupElement(o *organization, g *Group) string {
	var b strings.Builder
	href := s.groupHref(g)
	fmt.Fprintf(&b, `<Group xmlns="%s" name="%s" id="%s" href="%s" type="application/%s+xml">`, xmlNamespace,
		escape(g.Name), g.ID, href, groupMediaType)
	fmt.Fprintf(&b, `<Link rel="edit" type="application/%s+xml" href="%s"/>`, groupMediaType, href)
	b.WriteString(optional("Description", g.Description) + optional("NameInSource", g.NameInSource))
	b.WriteString(`<UsersList>`)
	for _, id := range g.Members {
		u := o.byID[id]
		fmt.Fprintf(&b, `<UserReference type="application/%s+xml" name="%s" href="%s"/>`, userMediaType, escape(u.Username),
			s.userHref(u))
	}
	fmt.Fprintf(&b, `</UsersList><ProviderType>%s</ProviderType>%s</Group>`, xmlProviderType(g.ProviderType),
		s.xmlRoleReference(o, g.Roles, true))
	return b.String()
}

func (s *Server) locateGroup(c *caller, r *http.Request) (*organization, *Group, *fault) {
	id := "urn:vcloud:group:" + r.PathValue("id")
	for _, o := range s.reachable(c) {
		if g, ok := o.group(id); ok {
			return o, g, nil
		}
	}
	return nil, nil, s.missing(id)
}

func (s *Server) xmlCreateGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	e, err := readXML(r, "Group", groupMediaType, groupSequence)
	if err != nil {
		return err
	}
	known, err := xmlRole(c.org, e)
	if err != nil {
		return err
	}
	if e.attributes["name"] == "" || e.child("ProviderType") == nil {
		return badRequest("validation error: name and ProviderType are required.")
	}
	g, err := s.importGroup(r.Context(), c.org, Group{
		Name: e.attributes["name"], Description: e.childText("Description"), Roles: []string{known.name},
		ProviderType: fromXMLProviderType(e.childText("ProviderType")),
	})
	if err != nil {
		return err
	}
	writeXML(w, c.version, http.StatusCreated, groupMediaType, s.groupElement(c.org, g))
	return nil
}

func (s *Server) xmlGetGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	o, g, err := s.locateGroup(c, r)
	if err != nil {
		return err
	}
	writeXML(w, c.version, http.StatusOK, groupMediaType, s.groupElement(o, g))
	return nil
}

func (s *Server) xmlPutGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	o, g, err := s.locateGroup(c, r)
	if err != nil {
		return err
	}
	e, err := readXML(r, "Group", groupMediaType, groupSequence)
	if err != nil {
		return err
	}
	if e.attributes["name"] != g.Name {
		return badRequest("The name of a group cannot be changed.")
	}
	known, err := xmlRole(o, e)
	if err != nil {
		return err
	}
	g.Description = s.keptDescription(g, e.childText("Description"))
	o.giveRoles(g, []string{known.name})
	writeXML(w, c.version, http.StatusOK, groupMediaType, s.groupElement(o, g))
	return nil
}

func (s *Server) xmlDeleteGroup(c *caller, w http.ResponseWriter, r *http.Request) *fault {
	o, g, err := s.locateGroup(c, r)
	if err != nil {
		return err
	}
	o.removeGroup(g)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
