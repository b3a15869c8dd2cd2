// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// Provider types as CloudAPI spells them; XML calls LDAP "INTEGRATED".
const (
	TypeLocal = "LOCAL"
	TypeLDAP  = "LDAP"
	TypeSAML  = "SAML"
	TypeOAuth = "OAUTH"
)

// User is a user of an organization. Both interfaces show the same one.
type User struct {
	ID                string // URN; filled in when empty
	Username          string
	FullName          string
	Email             string
	Telephone         string
	Description       string
	NameInSource      string
	ProviderType      string
	Roles             []string // role names
	GroupRole         bool     // the role comes from a group
	Enabled           bool
	Locked            bool
	Stranded          bool
	WrongSpelling     bool // the directory spells the name otherwise, so that the person cannot log in (VCF Automation)
	InheritGroupRoles bool
	DeployedVMQuota   int
	StoredVMQuota     int
	Alerts            Alerts

	// What the user owns. Powered-off VMs are deleted with their owner; the rest forbids the deletion.
	PoweredOffVMs []string
	RunningVMs    []string
	Catalogs      []string

	// OwnershipTaken says that takeOwnership succeeded on this user.
	OwnershipTaken bool
}

// Alerts are settings that the XML interface alone shows, and that a PUT without them resets.
type Alerts struct {
	Enabled       bool
	Prefix, Email string
	IM            string
}

// Group is an imported group of an organization.
type Group struct {
	ID           string
	Name         string
	Description  string
	NameInSource string
	ProviderType string
	Roles        []string
	Members      []string // URNs of users
}

// Deletion is the record of a user's deletion.
type Deletion struct {
	Org, Username  string
	OwnershipTaken bool     // takeOwnership had succeeded before
	LostVMs        []string // VMs that went with the user
}

type organization struct {
	uuid, name string
	ldap       bool
	roles      []role
	users      []*User
	byID       map[string]*User
	byName     map[string]*User // by nameKey
	nameKey    func(providerType, name string) string
	groups     []*Group
}

type role struct{ uuid, name string }

// fault is an error that a handler answers, in the form of its interface.
type fault struct {
	status        int
	code, message string
}

func (f *fault) Error() string { return fmt.Sprintf("%d %s: %s", f.status, f.code, f.message) }

func refuse(status int, code, format string, a ...any) *fault {
	return &fault{status: status, code: code, message: fmt.Sprintf(format, a...)}
}

func badRequest(format string, a ...any) *fault {
	return refuse(http.StatusBadRequest, "BAD_REQUEST", format, a...)
}

func forbidden() *fault {
	return refuse(http.StatusForbidden, "ACCESS_TO_RESOURCE_IS_FORBIDDEN",
		"[ %s ] Either you need some or all of the required rights to perform this operation "+
			"or the target entity is invalid.", newUUID())
}

func denied() *fault {
	return refuse(http.StatusForbidden, "ACCESS_TO_RESOURCE_IS_FORBIDDEN", "This operation is denied.")
}

// noLDAP is the answer where an organization has no LDAP service.
func (s *Server) noLDAP() *fault {
	switch s.opts.NoLDAP {
	case NoLDAPRightInMessage:
		return refuse(http.StatusForbidden, "ACCESS_TO_RESOURCE_IS_FORBIDDEN",
			"[ %s ] Access is forbidden. Missing rights: GROUP_USER_MANAGE", newUUID())
	case NoLDAPRightAsCode:
		return refuse(http.StatusForbidden, "GROUP_USER_MANAGE", "Access is denied.")
	default:
		return denied()
	}
}

func notFound(what string) *fault {
	return refuse(http.StatusNotFound, "NOT_FOUND", "%s was not found.", what)
}

func (s *Server) missing(what string) *fault {
	if s.opts.Missing == Missing404 {
		return notFound(what)
	}
	return forbidden()
}

func (o *organization) role(name string) (role, bool) {
	for _, r := range o.roles {
		if r.name == name {
			return r, true
		}
	}
	return role{}, false
}

func (o *organization) roleByUUID(uuid string) (role, bool) {
	for _, r := range o.roles {
		if r.uuid == uuid {
			return r, true
		}
	}
	return role{}, false
}

func (o *organization) add(u *User) {
	o.users = append(o.users, u)
	o.byID[u.ID] = u
	o.byName[o.nameKey(u.ProviderType, u.Username)] = u
}

func (o *organization) remove(u *User) {
	o.users = slices.DeleteFunc(o.users, func(x *User) bool { return x == u })
	delete(o.byID, u.ID)
	delete(o.byName, o.nameKey(u.ProviderType, u.Username))
	for _, g := range o.groups {
		g.Members = slices.DeleteFunc(g.Members, func(id string) bool { return id == u.ID })
	}
}

func (o *organization) group(id string) (*Group, bool) {
	for _, g := range o.groups {
		if g.ID == id {
			return g, true
		}
	}
	return nil, false
}

// removeGroup removes a group. Members who have their role from it stay, and cannot log in any more.
func (o *organization) removeGroup(g *Group) {
	o.groups = slices.DeleteFunc(o.groups, func(x *Group) bool { return x == g })
	for _, u := range o.dependents(g) {
		u.Stranded = true
	}
}

// giveRoles gives other roles to a group, and so to the members who have theirs from it.
func (o *organization) giveRoles(g *Group, roles []string) {
	g.Roles = roles
	for _, u := range o.dependents(g) {
		u.Roles = roles
	}
}

// dependents are the members of a group who have their role from it.
func (o *organization) dependents(g *Group) []*User {
	var found []*User
	for _, id := range g.Members {
		if u := o.byID[id]; u != nil && u.GroupRole {
			found = append(found, u)
		}
	}
	return found
}

func (o *organization) groupsOf(u *User) []*Group {
	var in []*Group
	for _, g := range o.groups {
		if slices.Contains(g.Members, u.ID) {
			in = append(in, g)
		}
	}
	return in
}

// importUser imports a user, with the details that the directory has.
func (s *Server) importUser(ctx context.Context, o *organization, imported User) (*User, *fault) {
	if err := s.checkProviderType(o, imported.ProviderType); err != nil {
		return nil, err
	}
	if existing := o.byName[o.nameKey(imported.ProviderType, imported.Username)]; existing != nil {
		return nil, s.duplicate("user", imported.Username)
	}
	imported.ID = "urn:vcloud:user:" + newUUID()
	if imported.ProviderType == TypeLDAP { // which is asked for the name as it came
		if err := s.fillFromDirectory(ctx, &imported); err != nil {
			return nil, err
		}
	} else {
		imported.NameInSource = imported.Username
	}
	imported.Username = s.stored(imported.Username)
	u := &imported
	o.add(u)
	s.joinGroups(ctx, o, u)
	return u, nil
}

// checkProviderType refuses local accounts, which the mock does not make, and LDAP where the organization has none.
func (s *Server) checkProviderType(o *organization, providerType string) *fault {
	switch providerType {
	case TypeLDAP:
		if !o.ldap {
			return s.noLDAP()
		}
	case TypeSAML, TypeOAuth:
	default:
		return badRequest("providerType %q: only LDAP, SAML and OAUTH can be imported.", providerType)
	}
	return nil
}

func (s *Server) fillFromDirectory(ctx context.Context, u *User) *fault {
	person, ok, err := s.opts.Directory.FindUser(ctx, u.Username)
	switch {
	case err != nil:
		return refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "The LDAP server cannot be reached: %v", err)
	case ok:
		u.FullName, u.Email, u.Telephone = person.DisplayName, person.Email, person.Telephone
		u.NameInSource = escapedBytes(person.ID)
		u.Stranded, u.WrongSpelling = false, s.exactNames() && !s.sameName(person.Username, u.Username)
		return nil
	case s.opts.Unknown == UnknownImported:
		u.Stranded = true
		return nil
	default:
		return s.unknownName("user", u.Username)
	}
}

func (s *Server) unknownName(kind, name string) *fault {
	switch s.opts.Unknown {
	case Unknown404:
		return notFound(fmt.Sprintf("The %s %q", kind, name))
	case Unknown403:
		return forbidden()
	case Unknown500:
		return refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "[ %s ] Internal Server Error", newUUID())
	default:
		return badRequest("Could not find %s %q in LDAP.", kind, name)
	}
}

func (s *Server) duplicate(kind, name string) *fault {
	words := fmt.Sprintf("The %s %q already exists.", kind, name)
	switch s.opts.Duplicate {
	case Duplicate409:
		return refuse(http.StatusConflict, "DUPLICATE_NAME", "%s", words)
	case DuplicateBadWords:
		return badRequest("%s", words)
	case Duplicate403:
		return forbidden()
	case Duplicate500:
		return refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "could not execute statement; constraint "+
			"[null]")
	case DuplicateObjExists:
		return refuse(http.StatusBadRequest, "OBJECT_ALREADY_EXISTS", "%s", words)
	default:
		return refuse(http.StatusBadRequest, "DUPLICATE_NAME", "%s", words)
	}
}

// importGroup imports a group. Its list of users stays empty until its members are imported or log in.
func (s *Server) importGroup(ctx context.Context, o *organization, imported Group) (*Group, *fault) {
	if err := s.checkProviderType(o, imported.ProviderType); err != nil {
		return nil, err
	}
	for _, g := range o.groups {
		if s.sameName(g.Name, imported.Name) {
			return nil, s.duplicate("group", imported.Name)
		}
	}
	imported.ID = "urn:vcloud:group:" + newUUID()
	imported.NameInSource = imported.Name
	if imported.ProviderType == TypeLDAP {
		found, err := s.directoryGroups(ctx, func(g people.Group) bool { return sameFolded(g.Name, imported.Name) })
		if err != nil {
			return nil, err
		}
		switch {
		case len(found) > 0:
			imported.NameInSource = escapedBytes(found[0].ID)
		case s.opts.Unknown != UnknownImported:
			return nil, s.unknownName("group", imported.Name)
		}
	}
	imported.Description = s.keptDescription(&imported, imported.Description)
	o.groups = append(o.groups, &imported)
	return &imported, nil
}

// keptDescription is what becomes of a description that is sent for a group.
func (s *Server) keptDescription(g *Group, sent string) string {
	if s.opts.IgnoreSAMLDescription && g.ProviderType != TypeLDAP {
		return ""
	}
	return sent
}

func (s *Server) directoryGroups(ctx context.Context, match func(people.Group) bool) ([]people.Group, *fault) {
	groups, err := s.opts.Directory.Groups(ctx)
	if err != nil {
		return nil, refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "The LDAP server cannot be reached: %v",
			err)
	}
	return slices.DeleteFunc(groups, func(g people.Group) bool { return !match(g) }), nil
}

// joinGroups puts a user on the lists of the imported groups that the directory has them in.
func (s *Server) joinGroups(ctx context.Context, o *organization, u *User) {
	if u.ProviderType != TypeLDAP {
		return
	}
	for _, g := range o.groups {
		members, err := s.opts.Directory.GroupUsers(ctx, g.Name)
		if errors.Is(err, people.ErrNoGroup) || err != nil || slices.Contains(g.Members, u.ID) {
			continue
		}
		for _, m := range members {
			if sameFolded(m.Username, u.Username) {
				g.Members = append(g.Members, u.ID)
			}
		}
	}
}

// escapedBytes writes bytes as the server shows a name in the directory's own encoding: \F4\D3\42…
func escapedBytes(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, `\%02X`, c)
	}
	return b.String()
}
