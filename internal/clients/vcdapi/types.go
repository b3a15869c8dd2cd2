// SPDX-License-Identifier: MPL-2.0

package vcdapi

import "encoding/json"

// Provider types as CloudAPI spells them. The XML interface says INTEGRATED for [ProviderLDAP]; this package
// translates.
const (
	ProviderLocal = "LOCAL"
	ProviderLDAP  = "LDAP"
	ProviderSAML  = "SAML"
	ProviderOAuth = "OAUTH"
)

// SystemOrg is the name of the organization of provider administrators.
const SystemOrg = "System"

// The two interfaces of Cloud Director, as in [Config.Interface] and [Capabilities.Interface].
const (
	InterfaceAuto     = "auto"
	InterfaceCloudAPI = "cloudapi"
	InterfaceXML      = "xml"
)

// maxRoles is how many roles VCF Automation takes for a user or group.
const maxRoles = 128

// Reference names another entity: a role, a group, a user, an organization.
type Reference struct {
	ID   string `json:"id,omitempty"`   // URN, such as urn:vcloud:role:13a69c14-…
	Name string `json:"name,omitempty"` // may be missing from an answer of the XML interface
}

// User is a user of an organization. Pointers are nil where the interface or the version does not have the property.
type User struct {
	ID                string      // URN: urn:vcloud:user:…
	Username          string      // as the server stores it, usually folded to lower case
	FullName          string      // from the directory
	Email             string      // from the directory
	Telephone         *string     // from the directory; XML only
	Description       string      //
	NameInSource      string      // the directory's own identifier, in the server's encoding
	ProviderType      string      // LOCAL, LDAP, SAML or OAUTH; "" in a list if the account may not see it (ErrHidden)
	Enabled           bool        // false if the account may not see it
	Locked            *bool       // XML, and CloudAPI 37.2 and later
	Stranded          *bool       // gone from the directory; CloudAPI 37.2 and later
	Roles             []Reference // exactly one, except in VCF Automation
	GroupRole         *bool       // the role comes from a group; not in VCF Automation
	InheritGroupRoles *bool       // VCF Automation only
	DeployedVMQuota   *int64      // 0 = unlimited; XML, and CloudAPI before 37.0
	StoredVMQuota     *int64      // 0 = unlimited; XML, and CloudAPI before 37.0
	Groups            []Reference // XML only, nil elsewhere: see [Tenant.UserGroups]

	// raw is the whole CloudAPI object, so that what this package does not know is sent back as it was.
	raw json.RawMessage
	// xml holds what the XML interface must get back and this package does not show.
	xml *xmlUser
}

// Imported reports whether the user is known to come from an identity provider: not a local account.
func (u User) Imported() bool { return u.ProviderType != ProviderLocal && !u.HidesDetails() }

// HidesDetails reports whether the account may not see where the user comes from, and most other details.
func (u User) HidesDetails() bool { return u.ProviderType == "" }

// HasRolesOfGroups reports whether the user has roles because they are in groups.
func (u User) HasRolesOfGroups() bool {
	return u.GroupRole != nil && *u.GroupRole || u.InheritGroupRoles != nil && *u.InheritGroupRoles
}

// orUnlimited is a quota as the server shows it, where it has quotas: one that is left out is unlimited.
func orUnlimited(quota *int64) *int64 {
	if quota == nil {
		return new(int64)
	}
	return quota
}

// Group is a group imported from an identity provider.
type Group struct {
	ID           string // URN: urn:vcloud:group:…
	Name         string
	Description  string
	ProviderType string // LDAP, SAML or OAUTH
	NameInSource string
	Roles        []Reference // exactly one, except in VCF Automation

	raw json.RawMessage
	xml *xmlGroup
}

// Role is a role of an organization that users and groups may be given.
type Role struct {
	ID   string // URN: urn:vcloud:role:…
	Name string
}

// DirectoryUser is a person that the organization's LDAP service knows, imported or not.
type DirectoryUser struct {
	Username     string
	FullName     string
	Email        string
	Telephone    string
	NameInSource string
}

// DirectoryGroup is a group that the organization's LDAP service knows, imported or not.
type DirectoryGroup struct {
	Name         string
	Description  string
	NameInSource string
}

// Capabilities is what the server offers at the version and interface in use.
type Capabilities struct {
	Interface         string // cloudapi or xml
	Version           string // API version in use, such as 37.2
	DirectorySearch   bool   // SearchDirectoryUsers, SearchDirectoryGroups and SyncDirectory: 36.0 and later
	MultipleRoles     bool   // more than one role for a user or group: VCF Automation
	VMQuotas          bool   // DeployedVMQuota and StoredVMQuota
	InheritGroupRoles bool   // VCF Automation
	TakeOwnership     bool   // TakeOwnership
	ReadOnly          bool   // logged in with an API token, which may not write: see ErrAPITokenReadOnly
	ExactNames        bool   // names match in their exact spelling: VCF Automation. See [Tenant.SameName]
	WriteGroups       bool   // CreateGroup, UpdateGroup and DeleteGroup: not through CloudAPI before 36.0
	Remap             bool   // Tenant.Remap: CloudAPI 37.1 and later
	Unlock            bool   // Tenant.Unlock: CloudAPI 37.2 and later
	MaxRoles          int    // how many roles a user or group may have: 1, or 128 in VCF Automation
}
