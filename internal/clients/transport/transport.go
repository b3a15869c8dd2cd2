// SPDX-License-Identifier: MPL-2.0

// Package transport is the HTTP under the platform clients: TLS, time limits, retries with back-off, a cap on
// concurrent requests and on the size of an answer, logs without secrets, and errors that keep what the server said.
package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// Config says how to talk to one platform. The zero value works: system certificates, no retries, the defaults below.
type Config struct {
	// TLS is how client and server prove to each other who they are.
	TLS setting.TLS
	// RequestTimeout bounds one request together with its retries and their back-off; 30 s when zero. Waiting for a free
	// slot (MaxConcurrentRequests) does not count, and waits that the server asks for by Retry-After come on top, capped.
	RequestTimeout time.Duration
	// MaxRetries is how often a request is sent again after a failure that may pass; 0 = never.
	MaxRetries int
	// MaxConcurrentRequests bounds the requests in flight, and so the connections; 8 when zero.
	MaxConcurrentRequests int
	// MaxAnswerBytes bounds the body of one answer, after decompression; 32 MiB when zero.
	MaxAnswerBytes int64
	// UserAgent is sent with each request; empty = Go's own.
	UserAgent string
	// Log receives a line for each request and each answer; nil = silent. Fields hold no headers and no bodies, and
	// secrets in what is left are masked.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// Request is one HTTP request whose body is small enough to be kept for a retry.
type Request struct {
	Method string
	// URL is absolute. Path segments are expected to be escaped by the caller.
	URL    string
	Header http.Header
	Body   []byte
	// ContentType is sent when there is a Body; empty = application/json.
	ContentType string
	// Accept is empty for application/json.
	Accept string
	// Timeout replaces Config.RequestTimeout when not zero.
	Timeout time.Duration
	// RetrySafe allows sending a POST again although the server may have acted. GET, HEAD, PUT and DELETE are safe by
	// default.
	RetrySafe bool
	// Login marks a request that the server may refuse for a wrong password. Each refusal brings the account nearer to
	// being locked, so it is sent again only after what is no refusal (no connection, 429, 502, 503, 504), and once after
	// 500 or a lost answer, which may have been one.
	Login bool
	// Check looks at an answer with a status below 300. An error makes it an answer that cannot be read (ErrUnreadable),
	// which counts as lost: a GET is sent again. nil = every answer will do.
	Check func(*Response) error
	// Secret marks a body that holds credentials: they are masked in the errors as well.
	Secret bool
}

// Response is a whole answer with a status below 300.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	secrets secrets
}
