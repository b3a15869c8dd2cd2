// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"fmt"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
)

// Subject is what a message is about: a user or a group on a platform. Its words are the same in all wings.
type Subject struct {
	Platform clients.Platform
	Kind     string // "User", "Group", "Role", "Organization"
	Name     string // as people wrote it
}

// String reads like: CloudShell User "jporter".
func (s Subject) String() string { return fmt.Sprintf("%s %s %q", s.system(), s.Kind, s.Name) }

// inSentence reads like: CloudShell user "jporter".
func (s Subject) inSentence() string {
	return fmt.Sprintf("%s %s %q", s.system(), strings.ToLower(s.Kind), s.Name)
}

// system is the platform's name in front of a noun.
func (s Subject) system() string {
	if s.Platform == clients.LDAP {
		return "Directory"
	}
	return s.Platform.Title()
}

// The summaries of what concerns one user or group. The same event has the same summary on every platform.

// UnableTo is the summary of a failed operation, such as: Unable to Import CloudShell User "jporter".
func UnableTo(verb string, s Subject) string { return "Unable to " + verb + " " + s.String() }

// AlreadyExists is the summary where allow_update would be needed to take over what exists.
func AlreadyExists(s Subject) string { return s.String() + " Already Exists" }

// WillBeAdopted is the summary of the warning about what allow_update consents to. It holds the name, so that Terraform
// does not fold it.
func WillBeAdopted(s Subject) string { return "Existing " + s.String() + " Will Be Adopted" }

// Adopted is the summary of the warning that an apply took over what existed.
func Adopted(s Subject) string { return "Existing " + s.String() + " Adopted" }

// IsLocal is the summary where a user who did not come from the directory has the name.
func IsLocal(s Subject) string { return s.String() + " Is Local" }

// IsOwnAccount is the summary where a change would harm the account that the provider logs in with.
func IsOwnAccount(s Subject) string { return s.String() + " Is the Provider's Own Account" }

// IsHeldElsewhere is the summary where another resource of the configuration holds the person.
func IsHeldElsewhere(s Subject) string { return s.String() + " Is Held by Another Resource" }

// AreHeldElsewhere is IsHeldElsewhere for several people, whose names the detail lists.
func AreHeldElsewhere(platform clients.Platform) string {
	return platform.Title() + " Users Are Held by Another Resource"
}

// IsUnknown is the summary where a name does not exist.
func IsUnknown(s Subject) string { return "Unknown " + s.String() }

// IsAmbiguous is the summary where several entries have the name.
func IsAmbiguous(s Subject) string { return "Ambiguous " + s.String() }

// Summaries of warnings that can come many times. They are constant, so that Terraform folds them; the detail holds the
// name.
const (
	// SummaryLeftInPlace: a resource was destroyed, and the account or group stays on the platform.
	SummaryLeftInPlace = "Account or Group Left in Place"
	// SummaryCannotLogIn: an account is inactive, disabled or locked, on the platform or in the directory.
	SummaryCannotLogIn = "Account That Cannot Log In"
	// SummaryRenamed: the platform has another name for the person or group than the configuration.
	SummaryRenamed = "Renamed on the Server"
	// SummaryNotRefreshed: a read could not ask the platform, and state stays as it was.
	SummaryNotRefreshed = "State Not Refreshed"
	// SummaryNotChecked: names were not checked at plan, since what knows them could not be asked.
	SummaryNotChecked = "Names Not Checked"
	// SummaryInDoubt: the answer to a change was lost, and whether it was done is not known yet.
	SummaryInDoubt = "Outcome in Doubt"
	// SummaryIgnored: the server accepted settings, and does not have them afterwards.
	SummaryIgnored = "Setting Ignored by the Server"
	// SummaryRefreshes: an account is imported again, since its details differ from the directory's.
	SummaryRefreshes = "Person Will Be Imported Again"
	// SummaryComplaint: the server did what was asked, and said that something is wrong.
	SummaryComplaint = "Server Reported a Problem"
	// SummaryShared: several resources hold the same people.
	SummaryShared = "People Held by Several Resources"
)
