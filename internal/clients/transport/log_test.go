// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// journal keeps what is logged.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) log(_ context.Context, message string, fields map[string]any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf("%s %v", message, fields))
}

func TestLog(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) { fmt.Fprint(w, "12345") })
	var seen journal
	client := newClient(t, transport.Config{Log: seen.log})
	request := transport.Request{Method: "PUT", URL: s.URL + "/Api/x?limit=250&token=hush", Body: []byte("123")}
	if _, err := client.Do(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if len(seen.lines) != 2 {
		t.Fatalf("%d lines: %q", len(seen.lines), seen.lines)
	}
	want := "HTTP request map[method:PUT path:/Api/x query:limit=250&token=%2A%2A%2A request_bytes:3]"
	if seen.lines[0] != want {
		t.Errorf("line %s\nwant %s", seen.lines[0], want)
	}
	for _, want := range []string{"HTTP answer", "answer_bytes:5", "duration_ms:", "status:200", "path:/Api/x"} {
		if !strings.Contains(seen.lines[1], want) {
			t.Errorf("line %s lacks %s", seen.lines[1], want)
		}
	}
}

// A server that repeats whatever it is sent must not bring a secret into an error or the log.
func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int32) {
		body, _ := io.ReadAll(r.Body)
		_, password, _ := r.BasicAuth()
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(
			w,
			"%sno: %s %s %s %s",
			strings.Repeat("x", 380),
			password,
			body,
			r.Header.Get("Authorization"),
			r.Header.Get("X-Vcloud-Token"),
		)
	})
	tests := map[string]transport.Request{
		"Bearer": {Method: "GET", Header: http.Header{"Authorization": {"Bearer hush-hush"}}},
		"Basic": {
			Method: "POST",
			Header: http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("me:hush-hush"))}},
		},
		"raw token":  {Method: "GET", Header: http.Header{"Authorization": {"Basic hush-hush"}}},
		"header":     {Method: "GET", Header: http.Header{"X-Vcloud-Token": {"hush-hush"}}},
		"login":      {Method: "PUT", Secret: true, Body: []byte(`{"Username":"me","Password":"hush-hush"}`)},
		"login form": {Method: "POST", Secret: true, Body: []byte(`grant_type=refresh_token&refresh_token=hush-hush`)},
	}
	for name, request := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen journal
			request.URL = s.URL
			_, err := newClient(t, transport.Config{Log: seen.log}).Do(t.Context(), request)
			if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "***") {
				t.Errorf("error %v", err)
			}
			if all := strings.Join(seen.lines, "\n"); strings.Contains(all, "hush") {
				t.Errorf("log %s", all)
			}
		})
	}
}

// Servers escape what they repeat: a password keeps its place in JSON, HTML and addresses, and in a head that is none.
func TestEscapedSecretsAreMasked(t *testing.T) {
	t.Parallel()
	const secret = `hü"s\h <&'+/ %%hush`
	inJSON, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"JSON":          fmt.Sprintf(`{"message":%s}`, inJSON),
		"other JSON":    `{"message":"h\u00fc\u0022s\\h \u003c\u0026\u0027\u002b\/ %%hush"}`,
		"HTML":          "<p>no " + html.EscapeString(secret) + "</p>",
		"XML":           `<Error message="` + html.EscapeString(secret) + `"/>`,
		"address":       "no ?password=" + url.QueryEscape(secret),
		"other address": "no ?password=h%c3%bc%22s%5ch+%3c%26%27%2b%2f+%25%25hush", // as .NET writes it
		"broken JSON":   `{"message":"h\u00fc\u0022s\\h \u003c\u0026\u0027\u002b\/ %%hush`,
		"redirect":      "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /x/" + url.PathEscape(secret) + "\r\n\r\n",
		"no head":       fmt.Sprintf(`{"Password":%s}`, inJSON) + "\r\n\r\n",
		"half a head":   "HTTP/1.1 200 OK\r\n" + fmt.Sprintf(`{"Password":%s}`, inJSON) + "\r\n\r\n",
		"wrong status":  "HTTP/1.1 " + secret + "\r\n\r\n",
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
				if !strings.HasSuffix(answer, "\r\n\r\n") {
					w.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(w, answer)
					return
				}
				connection, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(connection, answer)
				_ = connection.Close()
			})
			var seen journal
			body := fmt.Appendf(nil, `{"Password":%s}`, inJSON)
			_, err := newClient(t, transport.Config{Log: seen.log}).Do(t.Context(), transport.Request{
				Method: "PUT", URL: s.URL, Secret: true, Body: body,
			})
			if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "hü") {
				t.Errorf("error %v", err)
			}
			if all := strings.Join(seen.lines, "\n"); strings.Contains(all, "hush") {
				t.Errorf("log %s", all)
			}
		})
	}
}

func TestURLThatIsNone(t *testing.T) {
	t.Parallel()
	_, err := newClient(t, transport.Config{}).Do(t.Context(), transport.Request{
		Method: "GET", URL: "http://127.0.0.1:1/?token=hush\n",
	})
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("error %v", err)
	}
}

func TestHeaderWithLineBreak(t *testing.T) {
	t.Parallel()
	_, err := newClient(t, transport.Config{}).Do(t.Context(), transport.Request{
		Method: "GET", URL: "http://127.0.0.1:1", Header: http.Header{"Authorization": {"Bearer hush\n"}},
	})
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "line break") {
		t.Errorf("error %v", err)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		``:                                     "",
		`   `:                                  "",
		`null`:                                 "",
		`{}`:                                   "",
		`"User already exists"`:                "User already exists",
		`{"message":"a"}`:                      "a",
		`{"Message":"a","MessageDetail":"no"}`: "a",
		`{"error":"a"}`:                        "a",
		`{"error":{"message":"a","code":3}}`:   "a",
		`{"Errors":["a","b","a"]}`:             "a; b",
		`{"errors":[{"Message":"a"},{"Error":"b"}]}`:                            "a; b",
		`{"Message":"Invalid.","ModelState":{"User":["empty"],"Group":["no"]}}`: "Invalid.; Group: no; User: empty",
		`{"error":"invalid_grant","error_description":"expired"}`:               "expired",
		`{"Code":17}`:           `{"Code":17}`,
		"plain\n\ttext":         "plain text",
		"\ufeff\"with a mark\"": "with a mark",
		`<?xml version="1.0"?><Error xmlns="x" message="No access" majorErrorCode="403"/>`: "No access",
		`<html><body><h1>404</h1>Not&nbsp;found</body></html>`:                             "404 Not found",
		`<!DOCTYPE html><title>Log in</title>`:                                             "Log in",
		"\xff\xfe\x00":                                                                     "",
	}
	var body string
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, body)
	})
	client := newClient(t, transport.Config{})
	for sent, want := range tests {
		body = sent
		_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
		if want != "" {
			want = ": " + want
		}
		if want = "GET /: 400 Bad Request" + want; err == nil || err.Error() != want {
			t.Errorf("%s\nerror %v\nwant  %s", sent, err, want)
		}
	}
	body = strings.Repeat("ü", 5000)
	if _, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL}); len([]rune(err.Error())) > 600 {
		t.Errorf("an error of %d characters", len([]rune(err.Error())))
	}
}
