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
			client := newClient(t, transport.Config{MaxRetries: 20, RequestTimeout: 1500 * time.Millisecond})
			_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: test.url})
			if took := time.Since(started); took > 10*time.Second { // 21 attempts would take longer
				t.Errorf("took %s", took)
			}
			mustBe(t, err, test.is...)
			mustNotBe(t, err, test.isNot...)
			if err == nil || !strings.Contains(err.Error(), "within 1.5s") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestCallerEnds(t *testing.T) {
	t.Parallel()
	client := newClient(t, transport.Config{MaxConcurrentRequests: 1})
	taken := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request, _ int32) {
		close(taken)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	sent := make(chan error)
	go func() {
		_, err := client.Do(ctx, transport.Request{Method: "POST", URL: s.URL})
		sent <- err
	}()
	<-taken

	// The slot is taken: this one waits for it, and gives up.
	hurried, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := client.Do(hurried, transport.Request{Method: "POST", URL: s.URL})
	mustBe(t, err, context.DeadlineExceeded, transport.ErrTimeout)
	mustNotBe(t, err, transport.ErrAnswerLost)

	cancel()
	err = <-sent
	mustBe(t, err, context.Canceled, transport.ErrAnswerLost)
	mustNotBe(t, err, transport.ErrTimeout)
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
