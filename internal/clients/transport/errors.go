// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"errors"
	"fmt"
	"net/http"
)

// What can be asked of an error by errors.Is. Several may hold at once: a POST that ran into its time limit after it
// was sent is both ErrTimeout and ErrAnswerLost.
var (
	// ErrUnreachable: no connection came about (name resolution, refused, timeout while connecting). The server saw
	// nothing, unless the error is an ErrAnswerLost too: then an earlier attempt reached it.
	ErrUnreachable = errors.New("cannot connect")
	// ErrNoTLS: the server answered without TLS on an https:// address. It is ErrUnreachable too, since it saw no request.
	ErrNoTLS = errors.New("the server answers without TLS at this https:// address")
	// ErrUntrustedCertificate: the server's certificate did not pass verification. The server saw nothing.
	ErrUntrustedCertificate = errors.New("the server's certificate is not trusted")
	// ErrUnreadableCertificate: Go does not parse the server's certificate, whether it is to be verified or not.
	ErrUnreadableCertificate = errors.New("the server's certificate cannot be read")
	// ErrCertificateRefused: the server ended the TLS connection, since it demands a certificate of the client, or does
	// not trust the one that it got. The server saw nothing of the request.
	ErrCertificateRefused = errors.New("the server refused the client's certificate")
	// ErrAnswerLost: the request may have reached the server, which may have acted on it, and no whole answer came back.
	ErrAnswerLost = errors.New("no whole answer came back")
	// ErrUnreadable: a whole answer came back that is not what was asked for, see Request.Check. It is ErrAnswerLost too.
	ErrUnreadable = errors.New("the answer cannot be read")
	// ErrTimeout: the time limit of the request, or the caller's deadline, ran out.
	ErrTimeout = errors.New("timed out")
	// ErrTooLarge: the answer is larger than Config.MaxAnswerBytes.
	ErrTooLarge = errors.New("the answer is too large")
)

// Error is an answer with a status of 300 or more (redirects are followed only for GET, and only to the same host).
type Error struct {
	Method string
	// Path is the escaped path of the request, without its query.
	Path   string
	Status int
	// Words is what the server said: the message of a JSON or XML body, the text of an HTML page, or "".
	Words  string
	Header http.Header
	// Body is the raw answer, for callers that know its form. It is not part of the message.
	Body []byte
}

// Error reads like "GET /api/v1/users/3: 404 Not Found: no such user".
func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: %d", e.Method, e.Path, e.Status)
	if name := http.StatusText(e.Status); name != "" {
		text += " " + name
	}
	if e.Words != "" {
		text += ": " + e.Words
	}
	return text
}

// Status is the HTTP status that err carries, or 0 when no HTTP answer is behind it.
func Status(err error) int {
	if answer, ok := errors.AsType[*Error](err); ok {
		return answer.Status
	}
	return 0
}
