// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// Options say how the mock behaves. The zero value is a vCD 10.6 (API 39.1) with two organizations, "acme" and
// "globex", over an empty directory in memory. Every field of an ...Answer type stands for something that the vendor
// does not document: clients have to live with each of its values.
type Options struct {
	// Addr is where to listen, by default a free port on 127.0.0.1.
	Addr string
	// Directory is what organizations import from. Default: an empty one in memory, which Server.People returns.
	Directory people.Directory
	// Version is the newest API version served, default "39.1". 40.0 and later makes it a VCF Automation: plural roles on
	// groups, effectiveRoleEntityRefs, inheritGroupRoles, no quotas.
	Version string
	// Versions overrides what /api/versions publishes, for the odd strings that were seen ("39.2", "41.0.0-alpha",
	// "9.1.0").
	Versions []string
	// Orgs are the organizations besides System. Default: acme and globex.
	Orgs []string
	// OrgsWithoutLDAP are those of Orgs that have no LDAP service configured: imports and searches get 403 "This operation
	// is denied.".
	OrgsWithoutLDAP []string
	// NoXML takes /api away except for versions, tasks, organizations and their LDAP settings, as VCF Automation may have
	// it.
	NoXML bool
	// NoDirectorySearch makes /ldap/search answer 403 "This operation is denied.", as for an account without the right to
	// search.
	NoDirectorySearch bool
	// NoOrgList makes the CloudAPI's /orgs answer 403, as for an organization administrator on some releases.
	NoOrgList bool
	// PageOptional lets a list be asked for without page, which the published contract requires and the vendor's SDK
	// leaves out.
	PageOptional bool
	// NoLinkHeader leaves out the Link header of lists, as some endpoints do.
	NoLinkHeader bool
	// AnyFilterValue lets filter values hold , ; space + and *, which some releases refuse even when they are encoded.
	AnyFilterValue bool
	// FilterFoldsCase compares names in filters without regard to case; otherwise a filter has to have the stored
	// spelling.
	FilterFoldsCase bool
	// KeepCase keeps the spelling of an imported name instead of folding it to lower case. Names compare without regard to
	// case either way. VCF Automation keeps the spelling always, and compares exactly.
	KeepCase bool
	// NamesPerProviderType lets one name exist once per provider type instead of once per organization.
	NamesPerProviderType bool
	// RoleNameInXMLCreate puts Role/@name into the XML answer to a POST, where it may be absent.
	RoleNameInXMLCreate bool
	// PageCap is the most entries that a page of a list holds, below what is asked for; PageCapHidden says the size asked
	// for in the answer all the same.
	PageCap       int
	PageCapHidden bool
	// IgnoreSAMLDescription takes the description of a group that is not from LDAP, and does not keep it.
	IgnoreSAMLDescription bool
	// XMLUnlocks lets a PUT through the XML interface unlock a user.
	XMLUnlocks bool
	// HideUserDetails leaves out of CloudAPI's users what an account without the right "View Group / User" may not see.
	HideUserDetails bool
	// OmitUnlimited leaves out quotas of 0, which are no limit.
	OmitUnlimited bool
	// TaskPolls is how many times a task of a deletion answers "running" before it is done; the user is there until then.
	TaskPolls int
	// SessionRequests ends every session after that many requests (0 = never): the token expires in mid-run.
	SessionRequests int
	// RotateAPITokens replaces the API token at every login with it, as servers do for service accounts: see
	// Server.APIToken.
	RotateAPITokens bool
	// Latency is waited before every answer.
	Latency time.Duration

	Deletion  DeletionAnswer
	Duplicate DuplicateAnswer
	Unknown   UnknownNameAnswer
	Missing   MissingAnswer
	Locked    LockedAnswer
	Ownership OwnershipAnswer
	Busy      BusyAnswer
	NoLDAP    NoLDAPAnswer
	Unlock    UnlockAnswer
}

// NoLDAPAnswer is what an organization without an LDAP service answers to an import or a search.
type NoLDAPAnswer int

// Forms of NoLDAPAnswer.
const (
	NoLDAPDenied         NoLDAPAnswer = iota // 403 "This operation is denied."
	NoLDAPRightInMessage                     // 403 that names GROUP_USER_MANAGE in its message, as VCF Automation does
	NoLDAPRightAsCode                        // 403 with the code GROUP_USER_MANAGE
)

// UnlockAnswer is what else a PUT may change that unlocks a user.
type UnlockAnswer int

// Forms of UnlockAnswer.
const (
	UnlockWithChanges UnlockAnswer = iota // everything
	UnlockAlone                           // nothing: 400
)

// DeletionAnswer is what CloudAPI's DELETE of a user answers.
type DeletionAnswer int

// Forms of DeletionAnswer.
const (
	DeletionByTask    DeletionAnswer = iota // 202 and the task in Location, as documented
	DeletionAtOnce                          // 204, as some servers do
	DeletionTaskFails                       // 202, and a task that ends in an error; the user stays
)

// DuplicateAnswer is what importing a name that exists already answers.
type DuplicateAnswer int

// Forms of DuplicateAnswer.
const (
	Duplicate400       DuplicateAnswer = iota // 400 DUPLICATE_NAME
	Duplicate409                              // 409 DUPLICATE_NAME
	DuplicateBadWords                         // 400 BAD_REQUEST, only the message tells
	Duplicate403                              // 403 ACCESS_TO_RESOURCE_IS_FORBIDDEN, which tells nothing
	Duplicate500                              // 500 INTERNAL_SERVER_ERROR, a constraint violation
	DuplicateObjExists                        // 400 OBJECT_ALREADY_EXISTS
)

// UnknownNameAnswer is what importing a name that the directory does not know answers.
type UnknownNameAnswer int

// Forms of UnknownNameAnswer.
const (
	Unknown400      UnknownNameAnswer = iota // 400 BAD_REQUEST "Could not find user ... in LDAP"
	Unknown404                               // 404 NOT_FOUND
	Unknown403                               // 403 ACCESS_TO_RESOURCE_IS_FORBIDDEN
	Unknown500                               // 500 INTERNAL_SERVER_ERROR
	UnknownImported                          // 201: the user is imported without details and stranded
)

// MissingAnswer is what asking for an object that is not there answers.
type MissingAnswer int

// Forms of MissingAnswer.
const (
	Missing403 MissingAnswer = iota // 403 ACCESS_TO_RESOURCE_IS_FORBIDDEN, the same as forbidden
	Missing404                      // 404 NOT_FOUND
)

// LockedAnswer is what an update of a locked user answers.
type LockedAnswer int

// Forms of LockedAnswer.
const (
	Locked400 LockedAnswer = iota // 400 BAD_REQUEST, the message says that the user is locked
	Locked403                     // 403 "This operation is denied."
)

// OwnershipAnswer is what takeOwnership answers.
type OwnershipAnswer int

// Forms of OwnershipAnswer.
const (
	OwnershipTaken      OwnershipAnswer = iota // 204, what the user owned is the caller's
	OwnershipRefused                           // 403
	OwnershipNoEndpoint                        // 404, neither interface has the action
	OwnershipFails                             // 500
)

// BusyAnswer is when the deletion of a user who owns running VMs or catalogs is refused.
type BusyAnswer int

// Forms of BusyAnswer.
const (
	BusyAtOnce BusyAnswer = iota // 400 to the DELETE
	BusyInTask                   // 202, and a task that fails
)
