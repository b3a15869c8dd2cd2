package vcd

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

// Request is one request as the server received it.
type Request struct {
	Method, Path string // Path as sent, escaped
	Query        url.Values
	Header       http.Header
	Body         string
	Status       int // 0: no answer yet, or the connection was cut without one
}

// recorder keeps every request, also those that met a fault.
type recorder struct {
	mu       sync.Mutex
	requests []*Request
}

func (rec *recorder) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		request := &Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(), Header: r.Header.Clone(), Body: string(body)}
		rec.mu.Lock()
		rec.requests = append(rec.requests, request)
		rec.mu.Unlock()
		next.ServeHTTP(&statusWriter{ResponseWriter: w, note: func(status int) {
			rec.mu.Lock()
			defer rec.mu.Unlock()
			if request.Status == 0 {
				request.Status = status
			}
		}}, r)
	})
}

func (rec *recorder) all() []Request {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	all := make([]Request, 0, len(rec.requests))
	for _, r := range rec.requests {
		all = append(all, *r)
	}
	return all
}

func (rec *recorder) reset() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.requests = nil
}

func (rec *recorder) count(method, pattern string) int {
	return len(slices.DeleteFunc(rec.all(), func(r Request) bool {
		return method != "" && method != r.Method || !faults.MatchPath(pattern, r.Path)
	}))
}

// statusWriter notes the status when the answer begins.
type statusWriter struct {
	http.ResponseWriter
	note func(status int)
}

func (w *statusWriter) WriteHeader(status int) {
	w.note(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.note(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real writer.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
