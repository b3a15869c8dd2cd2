// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

const xmlNamespace = "http://www.vmware.com/vcloud/v1.5"

func (s *Server) xmlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/org", s.xml(false, s.xmlOrgList))
	mux.HandleFunc("GET /api/task/{id}", s.xml(false, s.getTask))
	mux.HandleFunc("GET /api/admin/org/{org}/settings/ldap", s.xmlInOrg(false, s.ldapSettings))
	if s.opts.NoXML {
		return
	}
	mux.HandleFunc("GET /api/admin/org/{org}", s.xmlInOrg(false, s.xmlAdminOrg))
	mux.HandleFunc("GET /api/admin/org/{org}/role/{id}", s.xmlInOrg(false, s.xmlGetRole))
	mux.HandleFunc("POST /api/admin/org/{org}/users", s.xmlInOrg(true, s.xmlCreateUser))
	mux.HandleFunc("GET /api/admin/user/{id}", s.xml(false, s.xmlGetUser))
	mux.HandleFunc("PUT /api/admin/user/{id}", s.xml(true, s.xmlPutUser))
	mux.HandleFunc("DELETE /api/admin/user/{id}", s.xml(true, s.xmlDeleteUser))
	mux.HandleFunc("POST /api/admin/user/{id}/action/takeOwnership", s.xml(true, s.xmlTakeOwnership))
	mux.HandleFunc("POST /api/admin/org/{org}/groups", s.xmlInOrg(true, s.xmlCreateGroup))
	mux.HandleFunc("GET /api/admin/group/{id}", s.xml(false, s.xmlGetGroup))
	mux.HandleFunc("PUT /api/admin/group/{id}", s.xml(true, s.xmlPutGroup))
	mux.HandleFunc("DELETE /api/admin/group/{id}", s.xml(true, s.xmlDeleteGroup))
	mux.HandleFunc("GET /api/query", s.xml(false, s.xmlQuery))
}

// xml wraps a handler of the XML interface: version, session, tenant context, rights and errors.
func (s *Server) xml(writes bool, handle func(*caller, http.ResponseWriter, *http.Request) *fault) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.requested(r)
		if err != nil {
			writeXMLFault(w, s.version.String(), err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		c, err := s.authenticate(r, v)
		if err == nil && writes {
			err = c.mayWrite()
		}
		if err == nil {
			err = handle(c, w, r)
		}
		if err != nil {
			writeXMLFault(w, v.String(), err)
		}
	}
}

// xmlInOrg wraps a handler whose path names the organization: the caller acts in it, if they may.
func (s *Server) xmlInOrg(writes bool, handle func(*caller, http.ResponseWriter,
	*http.Request) *fault) http.HandlerFunc {
	return s.xml(writes, func(c *caller, w http.ResponseWriter, r *http.Request) *fault {
		o := s.orgByUUID(r.PathValue("org"))
		if o == nil || !c.session.provider() && o != c.session.org {
			return s.missing("org " + r.PathValue("org"))
		}
		c.org = o
		return handle(c, w, r)
	})
}

func writeXML(w http.ResponseWriter, v version, status int, mediaType, body string) {
	w.Header().Set("Content-Type", fmt.Sprintf("application/%s+xml;version=%s", mediaType, v))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+body)
}

func writeXMLFault(w http.ResponseWriter, v string, f *fault) {
	w.Header().Set("Content-Type", "application/vnd.vmware.vcloud.error+xml;version="+v)
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+errorElement(f.status, f.code,
		f.message, true))
}

func errorElement(status int, code, message string, root bool) string {
	namespace := ""
	if root {
		namespace = ` xmlns="` + xmlNamespace + `"`
	}
	return fmt.Sprintf(`<Error%s majorErrorCode="%d" minorErrorCode="%s" message="%s"/>`, namespace, status, escape(code),
		escape(message))
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

// optional renders an element unless its text is empty.
func optional(name, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("<%s>%s</%s>", name, escape(text), name)
}

// element is a parsed XML element.
type element struct {
	name       xml.Name
	attributes map[string]string
	children   []*element
	text       string
}

func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name.Local == name {
			return c
		}
	}
	return nil
}

func (e *element) childText(name string) string {
	if c := e.child(name); c != nil {
		return strings.TrimSpace(c.text)
	}
	return ""
}

// readXML parses a body and validates it as the server's schema does: media type, namespace, and the elements in order.
func readXML(r *http.Request, root, mediaType string, sequence []string) (*element, *fault) {
	sent, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(sent) != "application/"+mediaType+"+xml" {
		return nil, refuse(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The Content-Type %q is not "+
			"supported here.", sent)
	}
	e, err := parseXML(r.Body)
	if err != nil {
		return nil, badRequest("validation error : EXCEPTION %v", err)
	}
	if e.name.Local != root || e.name.Space != xmlNamespace {
		return nil, badRequest("validation error on field root: cvc-elt.1.a: Cannot find the declaration of element '%s'.",
			e.name.Local)
	}
	return e, checkSequence(e, sequence)
}

// checkSequence enforces the order of a schema's sequence, in which every element but Link comes at most once.
func checkSequence(e *element, sequence []string) *fault {
	next := 0
	for _, c := range e.children {
		at := slices.Index(sequence[next:], c.name.Local)
		if at < 0 {
			return badRequest("[ %s ] validation error on field element : EXCEPTION cvc-complex-type.2.4.a: Invalid content "+
				"was found "+
				"starting with element '%s'. One of '{%s}' is expected.", newUUID(), c.name.Local,
				strings.Join(sequence[next:], ", "))
		}
		next += at
		if c.name.Local != "Link" {
			next++
		}
	}
	return nil
}

func parseXML(body io.Reader) (*element, error) {
	decoder := xml.NewDecoder(body)
	var stack []*element
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name, attributes: map[string]string{}}
			for _, a := range t.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			if len(stack) > 0 {
				parent := stack[len(stack)-1]
				parent.children = append(parent.children, e)
			}
			stack = append(stack, e)
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(t)
			}
		case xml.EndElement:
			if len(stack) == 0 {
				return nil, errors.New("unbalanced element")
			}
			if len(stack) == 1 {
				return stack[0], nil
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// xmlRole resolves the Role element of a body, which is a reference by href.
func xmlRole(o *organization, e *element) (role, *fault) {
	ref := e.child("Role")
	if ref == nil {
		return role{}, badRequest("validation error: Role is required.")
	}
	href := ref.attributes["href"]
	found, ok := o.roleByUUID(href[strings.LastIndex(href, "/")+1:])
	if !ok {
		return role{}, refuse(http.StatusBadRequest, "INVALID_REFERENCE", "The reference %q is not a role of this "+
			"organization.", href)
	}
	return found, nil
}

func (s *Server) xmlRoleReference(o *organization, names []string, named bool) string {
	if len(names) == 0 {
		return ""
	}
	r, ok := o.role(names[0])
	if !ok {
		return ""
	}
	name := ""
	if named {
		name = fmt.Sprintf(` name="%s"`, escape(r.name))
	}
	return fmt.Sprintf(`<Role type="application/vnd.vmware.admin.role+xml"%s href="%s/api/admin/org/%s/role/%s"/>`, name,
		s.URL(), o.uuid, r.uuid)
}

// xmlProviderType and fromXMLProviderType translate between the two interfaces' words.
func xmlProviderType(t string) string {
	if t == TypeLDAP {
		return "INTEGRATED"
	}
	return t
}

func fromXMLProviderType(t string) string {
	if t == "INTEGRATED" {
		return TypeLDAP
	}
	return t
}
