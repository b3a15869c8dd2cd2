// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// What can go wrong, to be found by errors.Is. Errors that carry an answer of the server are an [*Error] as well, with
// the server's words.
var (
	// ErrNotFound means that the user or group does not exist, and that a list has proved it.
	ErrNotFound = errors.New("not found")
	// ErrExists means that the name is taken in the organization.
	ErrExists = errors.New("already exists")
	// ErrUnauthorized means that the login or the token was refused. A refused login is not tried again.
	ErrUnauthorized = errors.New("login refused")
	// ErrForbidden means that the account lacks a right for the request.
	ErrForbidden = errors.New("forbidden")
	// ErrHidden means that the server leaves out whether a user is local or imported, and enabled or disabled. It is an
	// ErrForbidden.
	ErrHidden = fmt.Errorf("%w: the server does not show where users come from and whether they are enabled; the account "+
		"lacks the right \"View Group / User\"", ErrForbidden)
	// ErrOrgNotFound means that the organization does not exist or that the login cannot reach it. It says nothing about
	// users in it.
	ErrOrgNotFound = errors.New("organization not found")
	// ErrNoLDAP means that the organization has no identity provider of the kind asked for.
	ErrNoLDAP = errors.New("the organization has no such identity provider (LDAP, SAML) set up to import from")
	// ErrAPITokenReadOnly means that a change was asked for while logged in with an API token.
	ErrAPITokenReadOnly = errors.New("API tokens and service accounts cannot create, change or delete users, groups or " +
		"roles" +
		" in Cloud Director (they have view rights only); log in with username and password, or with a bearer token of such" +
		" a login (token), instead of api_token")
	// ErrLocked means that the user is locked, and therefore cannot be changed until they are unlocked.
	ErrLocked = errors.New("the user is locked")
	// ErrTokenFile means that the file of the API token cannot be used: it is missing, not writable, or holds no token.
	ErrTokenFile = errors.New("no API token to log in with")
	// ErrUnsupported means that the interface or version in use lacks the operation.
	ErrUnsupported = errors.New("not offered by this server")
)

// Error is an answer of the server that says no.
type Error struct {
	Status  int
	Code    string // minorErrorCode, such as ACCESS_TO_RESOURCE_IS_FORBIDDEN; may be empty
	Message string // the server's words; may be empty

	meaning error // one of the sentinels above, or nil
	cause   error // the transport's error
}

// Error reads like "the server answered 400 Bad Request: The name is taken (DUPLICATE_NAME)".
func (e *Error) Error() string {
	text := fmt.Sprintf("the server answered %d %s", e.Status, http.StatusText(e.Status))
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	return text
}

// Unwrap makes the meaning and the transport's error visible to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.meaning == nil {
		return []error{e.cause}
	}
	return []error{e.meaning, e.cause}
}

// answerError turns the transport's error for an answer into an *Error; other errors stay as they are.
func answerError(err error) error {
	var answer *transport.Error
	if !errors.As(err, &answer) {
		return err
	}
	e := &Error{Status: answer.Status, Code: errorCode(answer.Body), Message: answer.Words, cause: err}
	switch answer.Status {
	case http.StatusUnauthorized:
		e.meaning = ErrUnauthorized
	case http.StatusForbidden:
		e.meaning = ErrForbidden
	}
	return e
}

// longestCode is far more than any code of the server has, in bytes.
const longestCode = 100

// errorCode reads the minorErrorCode of the error forms of CloudAPI and of the XML interface; "" if there is none.
func errorCode(body []byte) string {
	var answer struct {
		XMLName xml.Name `json:"-" xml:"Error"`
		Code    string   `json:"minorErrorCode" xml:"minorErrorCode,attr"`
	}
	if json.Unmarshal(body, &answer) != nil && xml.Unmarshal(body, &answer) != nil {
		return ""
	}
	return plainCode(answer.Code)
}

// plainCode is the code, or "" where a server sent something else in its place.
func plainCode(code string) string {
	if len(code) > longestCode || strings.ContainsFunc(code, unicode.IsControl) {
		return ""
	}
	return code
}

// meaning returns err with a sentinel that the caller has found out about, in place of the one that it had.
func meaning(err, sentinel error) error {
	var e *Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%w: %w", sentinel, err)
	}
	with := *e
	with.meaning = sentinel
	return &with
}

// maybeMissing reports whether err may mean that the object is not there: vCD answers 403 for both missing objects and
// rights.
func maybeMissing(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Status {
	case http.StatusForbidden, http.StatusNotFound:
		return true
	default:
		return e.Status == http.StatusBadRequest && e.Code == "INVALID_REFERENCE"
	}
}

// saysDuplicate reports whether the server itself says that a name is taken.
func saysDuplicate(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusConflict {
		return false
	}
	words := strings.ToUpper(e.Code + " " + e.Message)
	return strings.Contains(words, "DUPLICATE") || strings.Contains(words, "ALREADY_EXISTS") ||
		strings.Contains(words, "ALREADY EXISTS")
}
