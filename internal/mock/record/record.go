// SPDX-License-Identifier: MPL-2.0

// Package record remembers the requests that a mock platform receives, so that tests can count and read them.
package record

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// Request is one request as the server received it.
type Request struct {
	Method  string
	Path    string // decoded
	RawPath string // as sent
	Query   url.Values
	Header  http.Header
	Body    string
	Status  int // 0: no answer yet, or the connection was cut without one
}

// Recorder keeps every request, also those that met a fault. The zero value is ready; it is safe for concurrent use.
type Recorder struct {
	mu       sync.Mutex
	requests []*Request
}

// Wrap puts the recorder in front of a handler.
func (rec *Recorder) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		entry := &Request{
			Method: r.Method, Path: r.URL.Path, RawPath: r.URL.EscapedPath(), Query: r.URL.Query(), Header: r.Header.Clone(),
			Body: string(body),
		}
		rec.add(entry)
		next.ServeHTTP(&statusWriter{ResponseWriter: w, record: func(status int) { rec.setStatus(entry, status) }}, r)
	})
}

func (rec *Recorder) add(request *Request) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.requests = append(rec.requests, request)
}

func (rec *Recorder) setStatus(request *Request, status int) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	request.Status = status
}

// All returns what was received since the start or the last Reset, in order.
func (rec *Recorder) All() []Request {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	requests := make([]Request, len(rec.requests))
	for i, request := range rec.requests {
		requests[i] = *request
	}
	return requests
}

// Reset forgets the requests received so far.
func (rec *Recorder) Reset() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.requests = nil
}

// Count counts the requests with the method (empty: any) and a path matching the pattern, see faults.MatchPath.
func (rec *Recorder) Count(method, pattern string) int {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	n := 0
	for _, request := range rec.requests {
		if (method == "" || method == request.Method) && faults.MatchPath(pattern, request.RawPath) {
			n++
		}
	}
	return n
}

// statusWriter notes the status when the answer begins.
type statusWriter struct {
	http.ResponseWriter
	record func(int)
	begun  bool
}

func (w *statusWriter) WriteHeader(status int) {
	if !w.begun {
		w.begun = true
		w.record(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real writer.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
