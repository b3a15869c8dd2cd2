// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

func TestRetries(t *testing.T) {
	t.Parallel()
	status := func(code int, retryAfter string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.WriteHeader(code)
		}
	}
	login := transport.Request{Method: "PUT", Login: true}
	garbage := func(w http.ResponseWriter) { fmt.Fprint(w, `{"Users": [`) }
	checked := func(method string) transport.Request {
		return transport.Request{Method: method, Check: func(answer *transport.Response) error {
			if len(answer.Body) > 0 {
				return errors.New("garbage")
			}
			return nil
		}}
	}
	tests := map[string]struct {
		request  transport.Request
		first    func(http.ResponseWriter)
		requests int32
		status   int
		is       error
	}{
		"GET after 500": {request: transport.Request{Method: "GET"}, first: status(500, ""), requests: 2},
		"GET after 502": {request: transport.Request{Method: "GET"}, first: status(502, ""), requests: 2},
		"GET after a cut": {
			request:  transport.Request{Method: "GET"},
			first:    func(w http.ResponseWriter) { cut(t, w) },
			requests: 2,
		},
		"PUT after a cut": {
			request:  transport.Request{Method: "PUT"},
			first:    func(w http.ResponseWriter) { cut(t, w) },
			requests: 2,
		},
		"DELETE after 503": {request: transport.Request{Method: "DELETE"}, first: status(503, ""), requests: 2},
		"GET not after 501": {
			request:  transport.Request{Method: "GET"},
			first:    status(501, ""),
			requests: 1,
			status:   501,
		},
		"GET not after 404": {
			request:  transport.Request{Method: "GET"},
			first:    status(404, ""),
			requests: 1,
			status:   404,
		},
		"POST after 429": {request: transport.Request{Method: "POST"}, first: status(429, ""), requests: 2},
		"POST not after 503 with a wait": {
			request:  transport.Request{Method: "POST"},
			first:    status(503, "0"),
			requests: 1,
			status:   503,
		},
		"POST not after 503 without": {
			request:  transport.Request{Method: "POST"},
			first:    status(503, ""),
			requests: 1,
			status:   503,
		},
		"POST not after 500": {
			request:  transport.Request{Method: "POST"},
			first:    status(500, ""),
			requests: 1,
			status:   500,
		},
		"POST not after a cut": {
			request:  transport.Request{Method: "POST"},
			first:    func(w http.ResponseWriter) { cut(t, w) },
			requests: 1,
			is:       transport.ErrAnswerLost,
		},
		"POST that is safe, after a cut": {
			request:  transport.Request{Method: "POST", RetrySafe: true},
			first:    func(w http.ResponseWriter) { cut(t, w) },
			requests: 2,
		},
		"login after a cut":         {request: login, first: func(w http.ResponseWriter) { cut(t, w) }, requests: 2},
		"login after 503":           {request: login, first: status(503, ""), requests: 2},
		"login after 502":           {request: login, first: status(502, ""), requests: 2},
		"login after 500":           {request: login, first: status(500, ""), requests: 2},
		"login not after a refusal": {request: login, first: status(401, ""), requests: 1, status: 401},
		"GET that cannot be read":   {request: checked("GET"), first: garbage, requests: 2},
		"POST that cannot be read": {
			request:  checked("POST"),
			first:    garbage,
			requests: 1,
			is:       transport.ErrUnreadable,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request, number int32) {
				if body, _ := io.ReadAll(r.Body); string(body) != "body" {
					t.Errorf("request %d has the body %q", number, body)
				}
				if number == 1 {
					test.first(w)
				}
			})
			test.request.URL, test.request.Body = s.URL, []byte("body")
			_, err := newClient(t, transport.Config{MaxRetries: 3}).Do(t.Context(), test.request)
			if failed := test.status != 0 || test.is != nil; (err != nil) != failed {
				t.Errorf("error %v", err)
			}
			if got := transport.Status(err); got != test.status {
				t.Errorf("status %d, want %d", got, test.status)
			}
			if test.is != nil {
				mustBe(t, err, test.is)
			}
			if got := s.count.Load(); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
}

// Each of these may have been a refusal, and two refusals more may lock an account.
func TestLoginIsRepeatedOnce(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(http.ResponseWriter){
		"cut": func(w http.ResponseWriter) { cut(t, w) },
		"500": func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) { fail(w) })
		request := transport.Request{Method: "PUT", URL: s.URL, Login: true}
		_, err := newClient(t, transport.Config{MaxRetries: 5}).Do(t.Context(), request)
		if got := s.count.Load(); err == nil || got != 2 {
			t.Errorf("%s: %d logins, %v", name, got, err)
		}
	}
}

// A server goes down once it has done what it was asked for: that no connection comes about then proves nothing.
func TestServerGoesDownAfterActing(t *testing.T) {
	t.Parallel()
	for method, lost := range map[string]bool{"PUT": true, "DELETE": true, "GET": false} {
		for name, fail := range map[string]func(http.ResponseWriter){
			"cut": func(w http.ResponseWriter) { cut(t, w) },
			"503": func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		} {
			var s *server
			s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
				_ = s.Listener.Close()
				w.Header().Set("Connection", "close")
				fail(w)
			})
			request := transport.Request{Method: method, URL: s.URL}
			_, err := newClient(t, transport.Config{MaxRetries: 1}).Do(t.Context(), request)
			mustBe(t, err, transport.ErrUnreachable)
			if errors.Is(err, transport.ErrAnswerLost) != lost || s.count.Load() != 1 {
				t.Errorf("%s, %s: %v", method, name, err)
			}
		}
	}
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w, `<html><head><title>502 - Web server received an invalid response</title><style>p{}</style></head>
			<body><script>alert("x")</script><h1>Server Error</h1><p>Bad &amp; broken</p></body></html>`)
	})
	request := transport.Request{Method: "GET", URL: s.URL + "/x?token=secret"}
	_, err := newClient(t, transport.Config{MaxRetries: 1}).Do(t.Context(), request)
	const want = "GET /x: 502 Bad Gateway: 502 - Web server received an invalid response: Server Error Bad & broken"
	if err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
	if got := s.count.Load(); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
	_, err = newClient(t, transport.Config{}).Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
	if got := s.count.Load(); err == nil || got != 3 {
		t.Errorf("without retries: %d requests, error %v", got-2, err)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]func() string{
		"seconds": func() string { return "2" },
		"date":    func() string { return time.Now().Add(3 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		for _, status := range []int{429, 503} {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				t.Parallel()
				s := serve(t, func(w http.ResponseWriter, _ *http.Request, number int32) {
					if number == 1 {
						w.Header().Set("Retry-After", header())
						w.WriteHeader(status)
					}
				})
				// The wait that the server asks for is longer than the time limit: it comes on top.
				client := newClient(t, transport.Config{MaxRetries: 1, RequestTimeout: 1500 * time.Millisecond})
				started := time.Now()
				if _, err := client.Do(t.Context(), transport.Request{Method: "PUT", URL: s.URL}); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(started); took < 1800*time.Millisecond {
					t.Errorf("came back after %s", took)
				}
			})
		}
	}
}

// A server that asks for no wait, or for one that is over, does not make the retries follow one another at once.
func TestRetryAfterWithoutWait(t *testing.T) {
	t.Parallel()
	for _, asked := range []string{
		"0", "-5", "Mon, 02 Jan 2006 15:04:05 GMT", "99999999999999999999", "1e9", "soon",
	} {
		t.Run(asked, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
				w.Header().Set("Retry-After", asked)
				w.WriteHeader(http.StatusTooManyRequests)
			})
			started := time.Now()
			_, err := newClient(t, transport.Config{MaxRetries: 2}).Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
			if transport.Status(err) != http.StatusTooManyRequests || s.count.Load() != 3 {
				t.Errorf("%d requests, %v", s.count.Load(), err)
			}
			if took := time.Since(started); took < 300*time.Millisecond || took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestTimeLimitCoversRetries(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) { w.WriteHeader(http.StatusServiceUnavailable) })
	client := newClient(t, transport.Config{MaxRetries: 100, RequestTimeout: 600 * time.Millisecond})
	for range 10 {
		started := time.Now()
		_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
		if took := time.Since(started); took > 10*time.Second { // 100 retries would take minutes
			t.Fatalf("took %s", took)
		}
		if transport.Status(err) == http.StatusServiceUnavailable {
			return
		}
		if !errors.Is(err, transport.ErrTimeout) { // on a busy machine the limit may end in an attempt
			t.Fatal(err)
		}
	}
	t.Error("the errors of calls that end between two attempts do not tell what the server answered")
}

func TestCallerEndsBackOff(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err := newClient(t, transport.Config{MaxRetries: 1}).Do(ctx, transport.Request{Method: "POST", URL: s.URL})
	mustBe(t, err, context.DeadlineExceeded, transport.ErrTimeout)
	mustNotBe(t, err, transport.ErrAnswerLost)
	if transport.Status(err) != http.StatusTooManyRequests {
		t.Errorf("%v does not tell what the server answered", err)
	}
}
