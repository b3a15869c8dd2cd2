// SPDX-License-Identifier: MPL-2.0

package faults_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
)

const body = `{"answer": "the whole truth"}`

// site is a server that counts how often it acted, behind an injector.
type site struct {
	url   string
	acted atomic.Int32
	*faults.Injector
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Injector: faults.New(1)}
	server := httptest.NewServer(s.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.acted.Add(1)
		w.Header().Set("X-Real", "yes")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, body)
	})))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// send returns the status and body of the answer; the error is the transport's.
func (s *site) send(t *testing.T, method, path string) (*http.Response, string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response, string(text), err
}

func TestKindsOfFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  faults.Fault
		status int // 0: the answer is lost
		acted  int32
		body   string // a part of it
	}{
		"status":       {faults.Status(500), 500, 0, "Internal Server Error"},
		"busy":         {faults.Busy(429, 2), 429, 0, ""},
		"status after": {faults.StatusAfter(502), 502, 1, "Bad Gateway"},
		"rewrite": {faults.Rewrite("x", func(status int, body []byte) (int, []byte) { return status + 1, body[:9] }),
			202, 1, `{"answer"`},
		"late":         {faults.Late(504, time.Hour), 504, 0, ""},
		"busy after":   {faults.BusyAfter(503, 0), 503, 1, ""},
		"html":         {faults.HTML(502), 502, 0, "<h1>Bad Gateway</h1>"},
		"answer":       {faults.Answer(200, "text/plain", "hello"), 200, 0, "hello"},
		"answer after": {faults.AnswerAfter(502, "text/plain", "hello"), 502, 1, "hello"},
		"cut before":   {faults.CutBefore(), 0, 0, ""},
		"cut after":    {faults.CutAfter(), 0, 1, ""},
		"truncate":     {faults.Truncate(), 0, 1, ""},
		"garble":       {faults.Garble(), 201, 1, body[:len(body)/2]},
		"delay":        {faults.Delay(time.Millisecond), 201, 1, body},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.Add(faults.Rule{Fault: test.fault})
			response, text, err := s.send(t, "POST", "/x")
			switch {
			case test.status == 0 && err == nil:
				t.Errorf("an answer came: %d %q", response.StatusCode, text)
			case test.status != 0 && (err != nil || response.StatusCode != test.status || !strings.Contains(text, test.body)):
				t.Errorf("%v %q %v, want %d with %q", response, text, err, test.status, test.body)
			}
			if n := s.acted.Load(); n != test.acted {
				t.Errorf("the server acted %d times, want %d", n, test.acted)
			}
			if response, text, err := s.send(t, "POST", "/x"); err != nil || response.StatusCode != 201 || text != body {
				t.Errorf("after the fault: %v %q %v, want the real answer", response, text, err)
			}
		})
	}
}

func TestBusySaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Add(faults.Rule{Fault: faults.Busy(503, 7)})
	response, _, err := s.send(t, "GET", "/x")
	if err != nil || response.Header.Get("Retry-After") != "7" {
		t.Errorf("%v %v, want Retry-After 7", response, err)
	}
}

func TestTruncatedAnswersBegin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Add(faults.Rule{Fault: faults.Truncate()})
	response, text, err := s.send(t, "GET", "/x")
	if !errors.Is(err, io.ErrUnexpectedEOF) || response.StatusCode != 201 || text != body[:len(body)/2] {
		t.Errorf("%v %q %v, want half of the answer", response, text, err)
	}
}

func TestCallsBeforeAndAfter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var before, after int32 = -1, -1
	s.Add(
		faults.Rule{Fault: faults.Call(func() { before = s.acted.Load() })},
		faults.Rule{Fault: faults.CallAfter(func() { after = s.acted.Load() })},
	)
	response, text, err := s.send(t, "GET", "/x")
	if err != nil || text != body || response.StatusCode != 201 || response.Header.Get("X-Real") != "yes" {
		t.Errorf("%v %q %v, want the real answer", response, text, err)
	}
	if before != 0 || after != 1 {
		t.Errorf("called at %d and %d, want before and after the server acted", before, after)
	}
}

func TestTheThirdPostToOnePath(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Add(faults.Rule{Method: "POST", Path: "/users/*", Skip: 2, Times: 2, Fault: faults.Status(500)})
	var got []int
	for _, request := range []string{
		"POST /users/1", "GET /users/1", "POST /users", "POST /users/2", "POST /users/a%2Fb", "POST /users/4",
		"POST /users/5",
	} {
		method, path, _ := strings.Cut(request, " ")
		response, _, err := s.send(t, method, path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, response.StatusCode)
	}
	for i, want := range []int{201, 201, 201, 201, 500, 500, 201} {
		if got[i] != want {
			t.Fatalf("statuses %v, want the third and fourth POST below /users refused", got)
		}
	}
	if injected := s.Injected(); len(injected) != 2 || injected[0] != (faults.Injected{Method: "POST",
		Path: "/users/a/b", Fault: "answer 500"}) {
		t.Errorf("injected %v", injected)
	}
	s.Clear()
	if n := len(s.Injected()); n != 0 {
		t.Errorf("%d injected after Clear", n)
	}
}

func TestFaultsByRate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Add(faults.Rule{Rate: 0.2, Fault: faults.Status(503)})
	var failed atomic.Int32
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for range 50 {
				if response, _, err := s.send(t, "GET", "/x"); err != nil || response.StatusCode == 503 {
					failed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if n := failed.Load(); n < 60 || n > 140 {
		t.Errorf("%d of 500 failed, want about 100", n)
	}
	if failed.Load()+s.acted.Load() != 500 {
		t.Errorf("%d failed and %d acted, want 500 together", failed.Load(), s.acted.Load())
	}
}

func TestAlwaysLastsUntilCleared(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Add(faults.Rule{Times: faults.Always, Fault: faults.CutBefore()})
	for range 5 {
		if _, _, err := s.send(t, "POST", "/x"); err == nil {
			t.Fatal("an answer came")
		}
	}
	s.Clear()
	if _, _, err := s.send(t, "POST", "/x"); err != nil {
		t.Errorf("after Clear: %v", err)
	}
}

func TestMatchPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"", "/anything/at/all", true},
		{"/api/v1/users", "/api/v1/users", true},
		{"/api/v1/users", "/API/V1/Users/", true},
		{"/api/v1/users", "/api/v1/users/1", false},
		{"/api/v1/users/*", "/api/v1/users/1", true},
		{"/api/v1/users/*", "/api/v1/users", false},
		{"/api/*/users", "/api/v1/users", true},
		{"/groups/*/users", "/groups/a%2Fb/users", true},
		{"/groups/*/users", "/groups/a/b/users", false},
		{"/groups/50%25/users", "/groups/50%25/users", true},
		{"/api/**", "/api/v1/users/1", true},
		{"/api/**", "/api", true},
		{"/api/**", "/other", false},
		{"/**", "/", true},
	} {
		if got := faults.MatchPath(test.pattern, test.path); got != test.want {
			t.Errorf("MatchPath(%q, %q) = %v", test.pattern, test.path, got)
		}
	}
}
