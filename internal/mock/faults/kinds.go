// SPDX-License-Identifier: MPL-2.0

package faults

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Fault is one way to misbehave, made by the functions of this package.
type Fault struct {
	name string
	wrap func(next http.Handler) http.Handler
}

// String names the fault as Injected does.
func (f Fault) String() string { return f.name }

// Status answers with the status and a short JSON body; the server does not act.
func Status(status int) Fault {
	body := fmt.Sprintf(`{"Message":%q}`, "injected: "+http.StatusText(status))
	return Answer(status, "application/json", body)
}

// Busy answers with the status (429 or 503) and asks to come back later; the server does not act. Retry-After knows
// whole seconds only; 0 is allowed.
func Busy(status, retryAfterSeconds int) Fault {
	return handle(fmt.Sprintf("busy %d", status), func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfterSeconds))
		w.WriteHeader(status)
	})
}

// HTML answers with the status and a web page, as a proxy or IIS in front of the platform does; the server does not
// act.
func HTML(status int) Fault {
	text := http.StatusText(status)
	return Answer(status, "text/html; charset=utf-8",
		"<!DOCTYPE html><html><head><title>"+text+"</title></head><body><h1>"+text+"</h1><p>injected fault</p></body></html>")
}

// Answer answers as told; the server does not act.
func Answer(status int, contentType, body string) Fault {
	return handle(fmt.Sprintf("answer %d", status), func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// AnswerAfter lets the server act and then answers something else: the truth is hidden behind, say, a 502.
func AnswerAfter(status int, contentType, body string) Fault {
	return handle(fmt.Sprintf("answer %d after acting", status), func(w http.ResponseWriter, r *http.Request,
		next http.Handler) {
		next.ServeHTTP(newCapture(), r)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// StatusAfter lets the server act, and then answers as Status does.
func StatusAfter(status int) Fault {
	return AnswerAfter(status, "application/json", fmt.Sprintf(`{"Message":%q}`, "injected: "+http.StatusText(status)))
}

// Late answers with the status at once, and lets the server act after the delay: a request that seemed to fail takes
// effect later.
func Late(status int, delay time.Duration) Fault {
	return handle(fmt.Sprintf("answer %d and act later", status), func(w http.ResponseWriter, r *http.Request,
		next http.Handler) {
		body, _ := io.ReadAll(r.Body)
		later := r.Clone(context.WithoutCancel(r.Context()))
		later.Body = io.NopCloser(bytes.NewReader(body))
		time.AfterFunc(delay, func() { next.ServeHTTP(newCapture(), later) })
		w.WriteHeader(status)
	})
}

// Rewrite lets the server act and changes its answer.
func Rewrite(name string, rewrite func(status int, body []byte) (int, []byte)) Fault {
	return handle(name, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := newCapture()
		next.ServeHTTP(answer, r)
		status, body := rewrite(answer.status, answer.body.Bytes())
		answer.copyHeader(w)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}

// BusyAfter lets the server act, and then answers as Busy does: what sounds like a refusal is a lost answer.
func BusyAfter(status, retryAfterSeconds int) Fault {
	return handle(fmt.Sprintf("busy %d after acting", status), func(w http.ResponseWriter, r *http.Request,
		next http.Handler) {
		next.ServeHTTP(newCapture(), r)
		w.Header().Set("Retry-After", strconv.Itoa(retryAfterSeconds))
		w.WriteHeader(status)
	})
}

// CutBefore closes the connection without an answer; the server does not act.
func CutBefore() Fault {
	return handle("cut before", func(http.ResponseWriter, *http.Request, http.Handler) {
		panic(http.ErrAbortHandler)
	})
}

// CutAfter lets the server act and closes the connection without an answer.
func CutAfter() Fault {
	return handle("cut after", func(_ http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(newCapture(), r)
		panic(http.ErrAbortHandler)
	})
}

// Truncate lets the server act, sends half of its answer and closes the connection.
func Truncate() Fault {
	return handle("truncate", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := newCapture()
		next.ServeHTTP(answer, r)
		whole := answer.body.Bytes()
		answer.copyHeader(w)
		w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
		w.WriteHeader(answer.status)
		_, _ = w.Write(whole[:len(whole)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
}

// Garble lets the server act and sends the first half of its answer as if it were all: complete for HTTP, broken as
// JSON or XML.
func Garble() Fault {
	return handle("garble", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := newCapture()
		next.ServeHTTP(answer, r)
		answer.copyHeader(w)
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body.Bytes()[:answer.body.Len()/2])
	})
}

// Delay waits before the server acts, or until the client has gone.
func Delay(d time.Duration) Fault {
	return handle("delay", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
		next.ServeHTTP(w, r)
	})
}

// Call runs f just before the server acts: the world changes between two requests.
func Call(f func()) Fault {
	return handle("call", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		f()
		next.ServeHTTP(w, r)
	})
}

// CallAfter runs f once the server has acted and before its answer goes out.
func CallAfter(f func()) Fault {
	return handle("call after", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		answer := newCapture()
		next.ServeHTTP(answer, r)
		f()
		answer.copyHeader(w)
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body.Bytes())
	})
}

func handle(name string, f func(http.ResponseWriter, *http.Request, http.Handler)) Fault {
	return Fault{name: name, wrap: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f(w, r, next) })
	}}
}

// capture keeps an answer instead of sending it.
type capture struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newCapture() *capture { return &capture{header: http.Header{}, status: http.StatusOK} }

func (c *capture) Header() http.Header         { return c.header }
func (c *capture) WriteHeader(status int)      { c.status = status }
func (c *capture) Write(b []byte) (int, error) { return c.body.Write(b) }

func (c *capture) copyHeader(w http.ResponseWriter) {
	maps.Copy(w.Header(), c.header)
}
