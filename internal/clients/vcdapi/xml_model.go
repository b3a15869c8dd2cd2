// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"encoding/xml"
	"errors"
	"strings"
)

// The namespace and the media types of the XML interface.
const (
	xmlNamespace  = "http://www.vmware.com/vcloud/v1.5"
	xmlUserType   = "application/vnd.vmware.admin.user+xml"
	xmlGroupType  = "application/vnd.vmware.admin.group+xml"
	xmlIntegrated = "INTEGRATED" // LDAP, and local accounts in their own way
)

// xmlReference points to another entity. Its name may be missing.
type xmlReference struct {
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
	Name string `xml:"name,attr,omitempty"`
	ID   string `xml:"id,attr,omitempty"`
}

// xmlUser is what this package reads and writes of a User element, in the order that the server enforces. Pointers and
// omitempty leave out what was not given.
type xmlUser struct {
	XMLName         xml.Name       `xml:"User"`
	Namespace       string         `xml:"xmlns,attr"`
	Name            string         `xml:"name,attr"`
	ID              string         `xml:"id,attr,omitempty"`
	Type            string         `xml:"type,attr,omitempty"`
	Href            string         `xml:"href,attr,omitempty"`
	Description     *string        `xml:"Description"`
	FullName        string         `xml:"FullName,omitempty"`
	EmailAddress    string         `xml:"EmailAddress,omitempty"`
	Telephone       string         `xml:"Telephone,omitempty"`
	IsEnabled       bool           `xml:"IsEnabled"`
	IsLocked        *bool          `xml:"IsLocked"`
	IM              string         `xml:"IM,omitempty"`
	NameInSource    string         `xml:"NameInSource,omitempty"`
	IsExternal      *bool          `xml:"IsExternal"`
	ProviderType    string         `xml:"ProviderType,omitempty"`
	IsGroupRole     *bool          `xml:"IsGroupRole"`
	StoredVMQuota   *int64         `xml:"StoredVmQuota"`
	DeployedVMQuota *int64         `xml:"DeployedVmQuota"`
	Role            *xmlReference  `xml:"Role"`
	Groups          *xmlReferences `xml:"GroupReferences"` // read only
	sent            []byte         // the element as the server wrote it
}

func (x *xmlUser) keep(sent []byte) { x.sent = sent }

// xmlGroup is a Group element, in the order that the server enforces.
type xmlGroup struct {
	XMLName      xml.Name      `xml:"Group"`
	Namespace    string        `xml:"xmlns,attr"`
	Name         string        `xml:"name,attr"`
	ID           string        `xml:"id,attr,omitempty"`
	Type         string        `xml:"type,attr,omitempty"`
	Href         string        `xml:"href,attr,omitempty"`
	Description  *string       `xml:"Description"`
	NameInSource string        `xml:"NameInSource,omitempty"`
	Users        *xmlUsersList `xml:"UsersList"` // read only: sending it back is refused
	ProviderType string        `xml:"ProviderType,omitempty"`
	Role         *xmlReference `xml:"Role"`
	sent         []byte        // the element as the server wrote it
}

func (x *xmlGroup) keep(sent []byte) { x.sent = sent }

type xmlReferences struct {
	Groups []xmlReference `xml:"GroupReference"`
}

type xmlUsersList struct {
	Users []xmlReference `xml:"UserReference"`
}

// user is the element as the rest of this package sees users. A local account has no ProviderType of its own in older
// releases: then it is not external either.
func (x xmlUser) user() User {
	u := User{
		ID: x.ID, Username: x.Name, FullName: x.FullName, Email: x.EmailAddress, Telephone: &x.Telephone,
		NameInSource: x.NameInSource, ProviderType: providerFromXML(x.ProviderType, x.IsExternal, x.NameInSource),
		Enabled: x.IsEnabled, Locked: x.IsLocked, Roles: roleReferences(x.Role), GroupRole: x.IsGroupRole,
		DeployedVMQuota: orUnlimited(x.DeployedVMQuota), StoredVMQuota: orUnlimited(x.StoredVMQuota),
		Groups: []Reference{}, xml: &x,
	}
	if u.ID == "" {
		u.ID = urn("user", x.Href)
	}
	if x.Description != nil {
		u.Description = *x.Description
	}
	if x.Groups != nil {
		u.Groups = references("group", x.Groups.Groups)
	}
	return u
}

// xmlBody is what to send for a user or group: the element, or all that the server sent of it with the element's parts
// in place.
func xmlBody(element any, sent []byte, sequence []string, without string) (any, error) {
	if sent == nil {
		return element, nil
	}
	return sendBackXML(sent, element, sequence, without)
}

// xmlFromUser is the element to send for a user to be imported, or to be changed when they came from the server.
func xmlFromUser(u User, roleHref func(Reference) string) xmlUser {
	var x xmlUser
	if u.xml != nil {
		x = *u.xml
		x.Description = &u.Description
		x.ProviderType = providerToXML(u.ProviderType)
	} else if u.Description != "" {
		x.Description = &u.Description
	}
	if u.ProviderType != ProviderLDAP { // LDAP is what IsExternal means by itself
		x.ProviderType = providerToXML(u.ProviderType)
	}
	external := u.Imported()
	x.Namespace, x.Type, x.Name = xmlNamespace, xmlUserType, u.Username
	x.IsEnabled, x.IsExternal = u.Enabled, &external
	if x.IsLocked != nil && u.Locked != nil {
		x.IsLocked = u.Locked
	}
	x.StoredVMQuota, x.DeployedVMQuota = u.StoredVMQuota, u.DeployedVMQuota
	x.Role = roleToXML(u.Roles, roleHref)
	x.Groups = nil
	return x
}

// readXMLUser is the user that the server sent, or an error where its answer is none.
func readXMLUser(method string, x xmlUser) (User, error) {
	u := x.user()
	if u.ID == "" || u.Username == "" {
		return User{}, unreadable(method, errors.New("the answer is no user: it lacks id or name"))
	}
	return u, nil
}

// readXMLGroup is readXMLUser for a group.
func readXMLGroup(method string, x xmlGroup) (Group, error) {
	g := x.group()
	if g.ID == "" || g.Name == "" {
		return Group{}, unreadable(method, errors.New("the answer is no group: it lacks id or name"))
	}
	return g, nil
}

func (x xmlGroup) group() Group {
	g := Group{
		ID: x.ID, Name: x.Name, ProviderType: groupProviderFromXML(x.ProviderType),
		NameInSource: x.NameInSource, Roles: roleReferences(x.Role), xml: &x,
	}
	if g.ID == "" {
		g.ID = urn("group", x.Href)
	}
	if x.Description != nil {
		g.Description = *x.Description
	}
	return g
}

func xmlFromGroup(g Group, roleHref func(Reference) string) xmlGroup {
	var x xmlGroup
	if g.xml != nil {
		x = *g.xml
		x.Description = &g.Description
	} else if g.Description != "" {
		x.Description = &g.Description
	}
	x.Namespace, x.Type, x.Name = xmlNamespace, xmlGroupType, g.Name
	x.ProviderType = providerToXML(g.ProviderType)
	x.Role = roleToXML(g.Roles, roleHref)
	x.Users = nil
	return x
}

// providerFromXML names the provider type as CloudAPI does. INTEGRATED is LDAP, and the word for local accounts too:
// those have no name in a source, and are marked as not external where the server says so.
func providerFromXML(kind string, external *bool, nameInSource string) string {
	switch strings.ToUpper(kind) {
	case ProviderSAML, ProviderOAuth, ProviderLocal:
		return strings.ToUpper(kind)
	}
	if external != nil && !*external || external == nil && nameInSource == "" {
		return ProviderLocal
	}
	return ProviderLDAP
}

// groupProviderFromXML is the same for groups, of which none are local.
func groupProviderFromXML(kind string) string {
	external := true
	return providerFromXML(kind, &external, "")
}

func providerToXML(kind string) string {
	if kind == ProviderLDAP || kind == ProviderLocal {
		return xmlIntegrated
	}
	return kind
}

func roleReferences(role *xmlReference) []Reference {
	if role == nil {
		return nil
	}
	return references("role", []xmlReference{*role})
}

func roleToXML(roles []Reference, href func(Reference) string) *xmlReference {
	if len(roles) == 0 {
		return nil
	}
	return &xmlReference{Href: href(roles[0])}
}

// references turns hrefs into URNs.
func references(kind string, in []xmlReference) []Reference {
	out := make([]Reference, len(in))
	for i, r := range in {
		out[i] = Reference{ID: urn(kind, r.Href), Name: r.Name}
	}
	return out
}
