// SPDX-License-Identifier: MPL-2.0

package cloudshell

import "net/http"

// GroupOptions choose how the server behaves where the vendor's pages about CloudShell groups and domains leave it
// open.
type GroupOptions struct {
	Deletion DeletionPath
	Occupied OccupiedGroup
	Taken    TakenName
	Paths    DomainPaths
	Again    DomainAgain
	Archived ArchivedDomains

	RefusedStatus int // for the names in RefuseGroup: 201 (default) or 202 with an entry in Errors, or a status from 400
	WrongPath     int // for a path that the server does not have: default 404, or 405
}

// DeletionPath is the path that deletes a group; the documented one looks like a slip.
type DeletionPath int

const (
	DeletionBoth DeletionPath = iota
	DeletionPlural
	DeletionSingular
)

// OccupiedGroup is what deleting a group answers while it has members; documented nowhere.
type OccupiedGroup int

const (
	OccupiedDeleted OccupiedGroup = iota // its members leave it
	OccupiedRefused                      // 400
	OccupiedError                        // 202 and an entry in Errors, and the group stays
)

// TakenName is what creating a group answers when the name is in use; documented nowhere.
type TakenName int

const (
	TakenConflict TakenName = iota // 409
	TakenError                     // 200, no groups, an entry in Errors
	TakenReturned                  // 201 with the group that has the name
)

// DomainPaths are the paths that give a domain to a group or take it away. Both forms are documented.
type DomainPaths int

const (
	PathsBoth     DomainPaths = iota
	PathsByDomain             // POST and DELETE /domains/{id}/groups
	PathsByGroup              // POST /groups/{id}/domain, DELETE /groups/{id}/domains
)

// DomainAgain is what giving a domain answers that the group has already, in another mode; documented nowhere.
type DomainAgain int

const (
	AgainReplaces DomainAgain = iota // the new mode counts
	AgainRefused                     // 409
	AgainError                       // 200 and an entry in Errors
	AgainIgnored                     // 200, and the old mode stays
)

// ArchivedDomains says whether the domains of a group show those that were archived; documented nowhere.
type ArchivedDomains int

const (
	ArchivedShown ArchivedDomains = iota
	ArchivedHidden
)

func (o GroupOptions) wrongPath() int {
	if o.WrongPath == 0 {
		return http.StatusNotFound
	}
	return o.WrongPath
}
