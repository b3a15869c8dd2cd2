// SPDX-License-Identifier: MPL-2.0

package setting

import (
	"fmt"
	"strings"
)

// LoginError says that a login failed permanently: the server refused it, or there is nothing to log in with. It is the
// same on every platform, whichever request needed the login.
type LoginError struct {
	Account string // such as: user "admin" of domain "Global"
	Advice  string // whole sentences: which settings to check
	Err     error  // what the server said
}

func (e *LoginError) Error() string { return e.Account + " cannot log in: " + e.Err.Error() }

func (e *LoginError) Unwrap() error { return e.Err }

// DomainHint is a sentence, with a space in front, for a user name in the form DOMAIN\user, or "".
func DomainHint(username string) string {
	domain, user, found := strings.Cut(username, `\`)
	if !found || domain == "" || user == "" {
		return ""
	}
	return fmt.Sprintf(" Write the user name without the domain in front of it: %q.", user)
}
