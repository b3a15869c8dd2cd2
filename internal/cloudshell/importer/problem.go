// SPDX-License-Identifier: MPL-2.0

package importer

import "github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"

// Kind is a kind of Problem.
type Kind int

// The kinds of problems.
const (
	// NotImported: the server did not import these people.
	NotImported Kind = iota
	// NotConfirmed: the answer to the import was lost, and these people are not there yet.
	NotConfirmed
	// Appeared: these people were to be created and are there already, by another client.
	Appeared
	// Unplanned: the import created these people too, and the plan did not show them.
	Unplanned
	// NotRefreshed: the import left these people's details as they were.
	NotRefreshed
	// NotActivated, NotDeactivated and NotDeleted: one user could not be changed so.
	NotActivated
	NotDeactivated
	NotDeleted
	// NotAdded and NotRemoved: these people could not be added to, or removed from, the CloudShell group.
	NotAdded
	NotRemoved
	// FormerStays: these users of people who were renamed stay, since the import made a second one for the new name.
	// FormerNotRemoved: they could not be removed from the CloudShell group, which no later plan offers again.
	FormerStays
	FormerNotRemoved
	// CameBack: these leavers are in the directory group again and were left alone.
	CameBack
	// Retained: these leavers are in a group of retain_members_of by now and were left alone.
	Retained
	// HeldByOther: these leavers belong to other resources of the run and were left alone.
	HeldByOther
	// NotReadAgain: the directory group, or one of retain_members_of, could not be read again before these leavers left,
	// so they were left alone.
	NotReadAgain
)

// Advisory reports whether everything in the plan was done in spite of the problem, except for what was left undone to
// protect a person.
func (k Kind) Advisory() bool {
	return k == CameBack || k == Retained || k == HeldByOther || k == Unplanned || k == FormerStays
}

// Problem is a deviation from the plan for some of the people.
type Problem struct {
	Kind Kind
	// Names are the people, in the order of names.
	Names []string
	// Group is the CloudShell group of NotAdded, NotRemoved and FormerNotRemoved.
	Group string
	// Err is what the server said; Reasons is what it said of each person, by name.
	Err     error
	Reasons map[string]error
	// Deactivated: the user that could not be deleted is inactive now.
	Deactivated bool
	// Created: the resource created the users of FormerStays.
	Created bool
	// Holders name the other resources of HeldByOther.
	Holders []string
}

// person is a person of the directory, as far as an apply knows them.
type person = cloudshellapi.ExternalUser
