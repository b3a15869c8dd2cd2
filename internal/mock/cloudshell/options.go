// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"cmp"
	"net/http"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// Options chooses how the server behaves. The zero value of every choice is the form that the vendor's pages show, or
// the likeliest one where they show nothing; the other values model what real servers may do instead.
type Options struct {
	Directory people.Directory // of the people who can be imported; nil: that of ldap.Lab

	Addr    string        // listen address; empty: a free port on 127.0.0.1
	TLS     bool          // serve HTTPS with a certificate of its own, see Server.CACertificate
	Latency time.Duration // before every answer

	Username, Password, Domain string        // of the built-in administrator; default admin and admin in Global
	LoginRefused               int           // status for a wrong password; default 401
	LockAfter                  int           // failed logins after which even the right password is refused; 0: never
	TokenLifetime              time.Duration // default 300 minutes, the vendor's default

	Login       LoginAnswer
	Auth        AuthScheme
	Exists      ExistsAnswer
	GroupExists GroupExistsAnswer
	Unknown     UnknownAnswer
	Missing     MissingAnswer
	Order       UserOrder // with CursorNumber, rows shift between two pages
	Errors      ErrorShape
	ErrorBody   ErrorBody
	Local       LocalConflict
	Match       MatchBy
	Disabled    DisabledAccounts
	Put         PutMode
	Cursor      CursorForm
	Email       EmptyEmail
	IDs         IDForm
	Limits      LimitForm
	Sandboxes   SandboxOwners
	Groups      GroupOptions

	ExactGroups   bool              // groups of the directory are found by the exact spelling of their names only
	Reactivate    bool              // an import with AllowUpdate makes an inactive user active again (undocumented)
	NoAllowUpdate bool              // releases before 2024.1: AllowUpdate is an unknown field
	Totals        bool              // lists carry TotalCount
	ImportDelay   time.Duration     // an import takes this long; it goes on although the client has gone
	RefusedStatus int               // for a single import of a person in RefuseImport; default: 200 and Errors
	ExtraFields   map[string]string // string fields of newer releases, unknown to clients; returned, and accepted by PUT
}

// LoginAnswer is the body of a successful login.
type LoginAnswer int

const (
	LoginJSONString LoginAnswer = iota // "token" in quotes, as documented
	LoginPlainText                     // token without quotes
	LoginHTML                          // 200 and a web page: the URL leads to something else, such as the portal
	LoginEmpty                         // 200 and no token
)

// AuthScheme is what the server accepts in the Authorization header; both words occur in the vendor's own material.
type AuthScheme int

const (
	AuthBoth   AuthScheme = iota
	AuthBearer            // "Bearer <token>" only
	AuthBasic             // "Basic <token>" only, with the raw token
)

// ExistsAnswer is what importing one user answers when they exist and AllowUpdate is off; documented nowhere.
type ExistsAnswer int

const (
	ExistsConflict  ExistsAnswer = iota // 409, as the vendor's table of codes suggests
	ExistsError                         // 200, no users, an entry in Errors
	ExistsPartial                       // 202, no users, an entry in Errors
	ExistsUnchanged                     // 200 with the user as they are
)

// GroupExistsAnswer is what importing a group answers for a member who exists while AllowUpdate is off; documented
// nowhere.
type GroupExistsAnswer int

const (
	GroupExistsListed  GroupExistsAnswer = iota // in Users, unchanged
	GroupExistsOmitted                          // not mentioned
	GroupExistsError                            // 200, an entry in Errors
	GroupExistsPartial                          // 202, an entry in Errors
)

// UnknownAnswer is what an import, or the users of an external group, answers for a name that the directory does not
// know; documented nowhere.
type UnknownAnswer int

const (
	UnknownNotFound   UnknownAnswer = iota // 404
	UnknownEmpty                           // 200 with no users
	UnknownError                           // 200 with an entry in Errors (import); 404 for the users of a group
	UnknownBadRequest                      // 400, as the older interface of CloudShell
)

func (u UnknownAnswer) status() int {
	if u == UnknownBadRequest {
		return http.StatusBadRequest
	}
	return http.StatusNotFound
}

// MissingAnswer is what a request for a user by id answers when there is none.
type MissingAnswer int

const (
	MissingNotFound   MissingAnswer = iota // 404, as the vendor's table of codes says
	MissingBadRequest                      // 400, as the older interface of CloudShell
)

// UserOrder is the order of a list of users.
type UserOrder int

const (
	OrderByID   UserOrder = iota // a new user comes last, a deleted one shifts those after it
	OrderByName                  // a user who comes, goes or is renamed shifts others both ways
)

// ErrorShape is the form of an entry of Errors; documented nowhere.
type ErrorShape int

const (
	ErrorsStrings  ErrorShape = iota // "User jporter already exists"
	ErrorsObjects                    // {"Username", "ErrorMessage"}
	ErrorsNested                     // {"User": {"Username"}, "Error": {"Code", "Message"}}
	ErrorsNameless                   // {"Message"}, the name inside the sentence only
)

// ErrorBody is the body of an answer of 400 and more. The vendor shows none; the product runs on Windows and IIS.
type ErrorBody int

const (
	ErrorBodyMessage ErrorBody = iota // {"Message": "..."}
	ErrorBodyString                   // a JSON string
	ErrorBodyHTML                     // a web page of IIS
	ErrorBodyEmpty
)

// LocalConflict is what an import with AllowUpdate does when a local user has the name; documented nowhere.
type LocalConflict int

const (
	LocalRefused   LocalConflict = iota // as when they exist and AllowUpdate is off
	LocalTakenOver                      // the local user becomes an imported one: what a client must never provoke
)

// MatchBy is how the server finds the user that a directory entry belongs to; it matters after a rename.
type MatchBy int

const (
	MatchByName MatchBy = iota // a renamed person is a new one
	MatchBySid                 // a renamed person is the same user, and AllowUpdate gives them the new name
)

// DisabledAccounts is what the server does with accounts that are disabled in the directory; documented nowhere.
type DisabledAccounts int

const (
	DisabledImported DisabledAccounts = iota // like any other
	DisabledInactive                         // imported with IsActive false
	DisabledRefused                          // listed, but refused by the import
	DisabledHidden                           // neither listed nor imported
)

// PutMode is what PUT of a user does with fields that are not sent; documented nowhere.
type PutMode int

const (
	PutMerges   PutMode = iota // they stay
	PutReplaces                // they fall back to their zero values
)

// CursorForm is the form of the cursor of a list.
type CursorForm int

const (
	CursorBase64   CursorForm = iota // opaque, with characters that a URL must escape; names the last item sent
	CursorNumber                     // a JSON number: how many items were sent
	CursorRepeated                   // broken: the same cursor forever
	CursorEndless                    // broken: a new cursor and the same page forever
)

// EmptyEmail is how a user without e-mail looks.
type EmptyEmail int

const (
	EmailNull EmptyEmail = iota
	EmailBlank
)

// IDForm is the form of user and group ids: the pages document strings and show numbers.
type IDForm int

const (
	IDsNumbers IDForm = iota
	IDsStrings
)

// LimitForm is how a limit that was set to -1 (the default) reads back.
type LimitForm int

const (
	LimitsDefault  LimitForm = iota // as the server's default
	LimitsMinusOne                  // as -1
)

// SandboxOwners says when a user who owns sandboxes can be deleted; see Server.OwnSandbox.
type SandboxOwners int

const (
	SandboxOwnersInactive SandboxOwners = iota // once they are inactive
	SandboxOwnersNever                         // not before the sandboxes are gone
)

func (o Options) withDefaults() Options {
	if o.Directory == nil {
		o.Directory = ldap.Lab()
	}
	o.Addr = cmp.Or(o.Addr, "127.0.0.1:0")
	o.Username = cmp.Or(o.Username, "admin")
	o.Password = cmp.Or(o.Password, "admin")
	o.Domain = cmp.Or(o.Domain, "Global")
	o.LoginRefused = cmp.Or(o.LoginRefused, http.StatusUnauthorized)
	o.TokenLifetime = cmp.Or(o.TokenLifetime, 300*time.Minute)
	return o
}
