// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

func newClient(t *testing.T, config transport.Config) *transport.Client {
	t.Helper()
	client, err := transport.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// server counts the requests that reach it.
type server struct {
	*httptest.Server
	count atomic.Int32
}

func serve(t *testing.T, handler func(w http.ResponseWriter, r *http.Request, number int32)) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(w, r, s.count.Add(1)) }),
	)
	t.Cleanup(s.Close)
	return s
}

// cut closes the connection below a handler, without an answer.
func cut(t *testing.T, w http.ResponseWriter) {
	t.Helper()
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_ = connection.Close()
}

func mustBe(t *testing.T, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Errorf("%v\nis not: %v", err, target)
		}
	}
}

func mustNotBe(t *testing.T, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if errors.Is(err, target) {
			t.Errorf("%v\nis: %v", err, target)
		}
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int32) {
		body, _ := io.ReadAll(r.Body)
		seen := []string{r.Header.Get("Content-Type"), r.Header.Get("Accept"), r.UserAgent(), r.Header.Get("X-Mine")}
		w.Header().Set("X-Seen", strings.Join(seen, "|"))
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.EscapedPath(), body)
	})
	client := newClient(t, transport.Config{UserAgent: "tester/1"})
	answer, err := client.Do(t.Context(), transport.Request{
		Method: "POST", URL: s.URL + "/a%2Fb%25", Body: []byte(`{}`), Header: http.Header{"X-Mine": {"yes"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(answer.Body); got != "POST /a%2Fb%25 {}" || answer.Status != 202 {
		t.Errorf("answer %d %q", answer.Status, got)
	}
	if got := answer.Header.Get("X-Seen"); got != "application/json|application/json|tester/1|yes" {
		t.Errorf("headers %q", got)
	}
}

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
		"seconds": func() string { return "1" },
		"date":    func() string { return time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat) },
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
				client := newClient(t, transport.Config{MaxRetries: 1, RequestTimeout: 600 * time.Millisecond})
				started := time.Now()
				if _, err := client.Do(t.Context(), transport.Request{Method: "PUT", URL: s.URL}); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(started); took < 900*time.Millisecond {
					t.Errorf("came back after %s", took)
				}
			})
		}
	}
}

func TestTimeLimitCoversRetries(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) { w.WriteHeader(http.StatusServiceUnavailable) })
	client := newClient(t, transport.Config{MaxRetries: 100, RequestTimeout: 600 * time.Millisecond})
	started := time.Now()
	_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
	if took := time.Since(started); took > 10*time.Second { // 100 retries would take minutes
		t.Errorf("took %s", took)
	}
	if transport.Status(err) != 503 {
		t.Errorf("%v does not tell what the server answered", err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	_ = listener.Close()
	for name, url := range map[string]string{
		"refused": closed, "unknown host": "http://nowhere.invalid", "a scheme that is none": "ftp://127.0.0.1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := transport.Request{Method: "POST", URL: url + "/x"}
			_, err := newClient(t, transport.Config{MaxRetries: 1}).Do(t.Context(), request)
			mustBe(t, err, transport.ErrUnreachable)
			mustNotBe(t, err, transport.ErrAnswerLost, transport.ErrTimeout)
		})
	}
}

// A listener that accepts and never says a word.
func blackHole(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = connection.Close() })
		}
	}()
	return listener
}

func TestBlackHole(t *testing.T) {
	t.Parallel()
	address := blackHole(t).Addr().String()
	tests := map[string]struct {
		url   string
		is    []error
		isNot []error
	}{
		"http": {
			"http://" + address,
			[]error{transport.ErrTimeout, transport.ErrAnswerLost},
			[]error{transport.ErrUnreachable, context.Canceled},
		},
		"https": {
			"https://" + address,
			[]error{transport.ErrTimeout, transport.ErrUnreachable},
			[]error{transport.ErrAnswerLost, context.Canceled},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			started := time.Now()
			client := newClient(t, transport.Config{MaxRetries: 20, RequestTimeout: 400 * time.Millisecond})
			_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: test.url})
			if took := time.Since(started); took > 5*time.Second { // 21 attempts would take longer
				t.Errorf("took %s", took)
			}
			mustBe(t, err, test.is...)
			mustNotBe(t, err, test.isNot...)
			if err == nil || !strings.Contains(err.Error(), "within 400ms") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestCallerEnds(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{MaxConcurrentRequests: 1})
	url := "http://" + blackHole(t).Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	sent := make(chan error)
	go func() {
		_, err := client.Do(ctx, transport.Request{Method: "POST", URL: url})
		sent <- err
	}()
	time.Sleep(50 * time.Millisecond)

	// The slot is taken: this one waits for it, and gives up.
	hurried, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := client.Do(hurried, transport.Request{Method: "POST", URL: url})
	mustBe(t, err, context.DeadlineExceeded, transport.ErrTimeout)
	mustNotBe(t, err, transport.ErrAnswerLost)

	cancel()
	err = <-sent
	mustBe(t, err, context.Canceled, transport.ErrAnswerLost)
	mustNotBe(t, err, transport.ErrTimeout)
}

func TestCallerEndsBackOff(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := newClient(t, transport.Config{MaxRetries: 1}).Do(ctx, transport.Request{Method: "POST", URL: s.URL})
	mustBe(t, err, context.DeadlineExceeded, transport.ErrTimeout)
	mustNotBe(t, err, transport.ErrAnswerLost)
	if transport.Status(err) != http.StatusTooManyRequests {
		t.Errorf("%v does not tell what the server answered", err)
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	acted := atomic.Int32{}
	tests := map[string]func(w http.ResponseWriter){
		"cut after acting": func(w http.ResponseWriter) { acted.Add(1); cut(t, w) },
		"truncated": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"Users": [`)
		},
		"cut in a chunk": func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"Users": [`)
			_ = http.NewResponseController(w).Flush()
			cut(t, w)
		},
		"no HTTP": func(w http.ResponseWriter) {
			connection, buffer, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprint(buffer, "220 mail.example.com ESMTP\r\n")
			_ = buffer.Flush()
			_ = connection.Close()
		},
	}
	for name, answer := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) { answer(w) })
			client := newClient(t, transport.Config{MaxRetries: 1})
			_, err := client.Do(t.Context(), transport.Request{Method: "POST", URL: s.URL})
			mustBe(t, err, transport.ErrAnswerLost)
			mustNotBe(t, err, transport.ErrUnreachable)
			if got := s.count.Load(); got != 1 {
				t.Errorf("the POST was sent %d times", got)
			}
			_, err = client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
			mustBe(t, err, transport.ErrAnswerLost)
			if got := s.count.Load(); got != 3 {
				t.Errorf("the GET was sent %d times", got-1)
			}
		})
	}
}

func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int32) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	request := transport.Request{Method: "GET", URL: s.URL}
	_, err := newClient(t, transport.Config{MaxRetries: 3, MaxAnswerBytes: 1 << 20}).Do(t.Context(), request)
	mustBe(t, err, transport.ErrTooLarge)
	if got := s.count.Load(); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	s.Config.ErrorLog = nil
	s.StartTLS()
	t.Cleanup(s.Close)
	own := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))

	_, err := newClient(t, transport.Config{MaxRetries: 4}).Do(t.Context(), transport.Request{Method: "POST", URL: s.URL})
	mustBe(t, err, transport.ErrUntrustedCertificate)
	mustNotBe(t, err, transport.ErrAnswerLost)
	// The certificate of httptest is for 127.0.0.1, not for localhost.
	request := transport.Request{Method: "GET", URL: strings.Replace(s.URL, "127.0.0.1", "localhost", 1)}
	_, err = newClient(t, transport.Config{TLS: setting.TLS{CACertificate: own}}).Do(t.Context(), request)
	mustBe(t, err, transport.ErrUntrustedCertificate)
	if requests.Load() != 0 {
		t.Error("a request reached a server that is not trusted")
	}
	for name, config := range map[string]transport.Config{
		"CA": {TLS: setting.TLS{CACertificate: own}}, "insecure": {TLS: setting.TLS{Insecure: true}},
	} {
		if _, err := newClient(t, config).Do(t.Context(), transport.Request{Method: "GET", URL: s.URL}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = transport.New(transport.Config{TLS: setting.TLS{CACertificate: "-----BEGIN NONSENSE-----"}})
	var wrong *setting.Error
	if !errors.As(err, &wrong) || wrong.Attribute != "ca_certificate" {
		t.Errorf("a bad certificate: %v", err)
	}
}

func TestHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	s := serve(t, func(http.ResponseWriter, *http.Request, int32) {})
	request := transport.Request{Method: "GET", URL: strings.Replace(s.URL, "http:", "https:", 1)}
	_, err := newClient(t, transport.Config{MaxRetries: 4}).Do(t.Context(), request)
	mustBe(t, err, transport.ErrUnreachable)
	mustBe(t, err, transport.ErrNoTLS)
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request, int32) {})
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int32) {
		switch r.URL.Path {
		case "/here":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/elsewhere":
			http.Redirect(w, r, elsewhere.URL+"/login?ticket=secret", http.StatusTemporaryRedirect)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		}
	})
	client := newClient(t, transport.Config{MaxRetries: 1})
	if answer, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL + "/here"}); err != nil ||
		answer.Status != 200 {
		t.Errorf("on the same host: %v", err)
	}
	for _, request := range []transport.Request{
		{Method: "GET", URL: s.URL + "/elsewhere"}, {Method: "POST", URL: s.URL + "/elsewhere"},
	} {
		_, err := client.Do(t.Context(), request)
		want := request.Method + " /elsewhere: 307 Temporary Redirect: the server redirects to " + elsewhere.URL + "/login"
		if err == nil || err.Error() != want {
			t.Errorf("error %v\nwant  %s", err, want)
		}
	}
	if got := elsewhere.count.Load(); got != 0 {
		t.Errorf("the other host got %d requests", got)
	}
	_, err := client.Do(t.Context(), transport.Request{Method: "POST", URL: s.URL + "/here"})
	if transport.Status(err) != http.StatusFound {
		t.Errorf("a redirected POST: %v", err)
	}
	_, err = client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL + "/round"})
	if transport.Status(err) != http.StatusFound {
		t.Errorf("a redirect in a circle: %v", err)
	}
}

func TestConcurrencyIsCapped(t *testing.T) {
	t.Parallel()
	var now, most, connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		flying := now.Add(1)
		defer now.Add(-1)
		for seen := most.Load(); flying > seen; seen = most.Load() {
			most.CompareAndSwap(seen, flying)
		}
		time.Sleep(5 * time.Millisecond)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	client := newClient(t, transport.Config{MaxConcurrentRequests: 3})
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			if _, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := most.Load(); got != 3 {
		t.Errorf("%d requests at once, want 3", got)
	}
	if got := connections.Load(); got > 6 {
		t.Errorf("%d connections for 40 requests", got)
	}
}
