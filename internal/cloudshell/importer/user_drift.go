// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Difference is a detail of a user that CloudShell and the directory do not agree on.
type Difference struct {
	Detail     string `json:"detail"`
	CloudShell string `json:"cloudshell"`
	Directory  string `json:"directory"`
}

// The details of a user that are compared with the directory's.
const (
	DetailEmail = "e-mail"
	DetailSID   = "SID"
)

// Differences compares a user with the directory. There are none for a person who left it, or whose name is not unique.
func Differences(ctx context.Context, client *directory.Client, user cloudshellapi.User) ([]Difference, error) {
	found, err := client.FindUsers(ctx, user.Username)
	if err != nil {
		return nil, err
	}
	person, ok := samePerson(found, user)
	if !ok {
		return nil, nil
	}
	var differences []Difference
	if email := textOf(user.Email); person.Email != "" && !names.Same(person.Email, email) {
		differences = append(differences, Difference{DetailEmail, email, person.Email})
	}
	if sid := textOf(user.ImportedSid); person.SID != "" && person.SID != sid {
		differences = append(differences, Difference{DetailSID, sid, person.SID})
	}
	return differences, nil
}

// samePerson finds the user among people of the directory: by the directory's id, else by the account name.
func samePerson(found []directory.User, user cloudshellapi.User) (directory.User, bool) {
	var named []directory.User
	for _, person := range found {
		if person.SID != "" && person.SID == textOf(user.ImportedSid) {
			return person, true
		}
		if names.Same(person.Username, user.Username) {
			named = append(named, person)
		}
	}
	if len(named) != 1 {
		return directory.User{}, false
	}
	return named[0], true
}

// IsNamed reports whether the directory knows the user by that name: whether the name is a new one of the same person.
func IsNamed(ctx context.Context, client *directory.Client, user cloudshellapi.User, name string) (bool, error) {
	found, err := client.FindUsers(ctx, name)
	if err != nil || len(found) != 1 {
		return false, err
	}
	sid := textOf(user.ImportedSid)
	return sid != "" && (found[0].SID == sid || found[0].SID == "" && names.Same(found[0].Username, sid)), nil
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
