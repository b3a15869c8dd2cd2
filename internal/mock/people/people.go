// SPDX-License-Identifier: MPL-2.0

// Package people is what the mock platforms know of the directory that they import users and groups from. Both mocks
// read it through the Directory interface, so that the same people appear on both, whether they live in memory
// (Directory of mock/ldap) or on a real LDAP server (FromLDAP).
package people

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoGroup says that the directory has no group of that name.
var ErrNoGroup = errors.New("no such group in the directory")

// Directory is what a platform asks of the LDAP server that it imports from. Names compare without regard to case.
type Directory interface {
	// Groups lists every group.
	Groups(ctx context.Context) ([]Group, error)
	// GroupUsers lists the users of a group. ErrNoGroup when there is none of that name.
	GroupUsers(ctx context.Context, group string) ([]User, error)
	// FindUser looks up one user by the attribute that the platform was told to match (usually sAMAccountName or uid).
	FindUser(ctx context.Context, username string) (User, bool, error)
	// SearchUsers lists users whose username, display name or e-mail contains the text.
	SearchUsers(ctx context.Context, contains string) ([]User, error)
}

// User is a person as the directory has them.
type User struct {
	// ID identifies the person, also after a rename: the text form of objectSid, or uid where there is none.
	ID          string
	Username    string
	DisplayName string
	// DN is the distinguished name.
	DN        string
	Email     string
	Telephone string
	// Domain is the name of the directory's domain, "" where it has none.
	Domain string
	// Disabled says that the account is switched off in the directory.
	Disabled bool
}

// Group is a group of the directory.
type Group struct {
	// ID identifies the group: the text form of objectSid, or the distinguished name.
	ID          string
	Name        string
	DN          string
	Description string
}

// People makes n users ("user0001" and on) for tests that count.
func People(n int) []User {
	users := make([]User, n)
	for i := range users {
		name := fmt.Sprintf("user%04d", i+1)
		users[i] = User{Username: name, DisplayName: fmt.Sprintf("User %04d", i+1), Email: name + "@lab.example"}
	}
	return users
}
