// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// bomb is a gzip body of a few hundred kilobytes that unpacks to many gigabytes: members follow one another.
func bomb(t *testing.T) []byte {
	t.Helper()
	var member bytes.Buffer
	packed := gzip.NewWriter(&member)
	if _, err := io.CopyN(packed, zeros{}, 64<<20); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.Repeat(member.Bytes(), 64)
}

// Not in parallel with others: it measures memory.
func TestHostileBodies(t *testing.T) {
	packed := bomb(t)
	for name, answer := range map[string]func(w http.ResponseWriter){
		"a gigabyte": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1073741824")
			_, _ = io.CopyN(w, zeros{}, 1<<30)
		},
		"a length that is a lie": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "9223372036854775807")
			_, _ = io.CopyN(w, zeros{}, 1<<30)
		},
		"no length": func(w http.ResponseWriter) { _, _ = io.CopyN(w, zeros{}, 1<<30) },
		"gzip bomb": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
		},
		"gigabyte of an error": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.CopyN(w, zeros{}, 1<<30)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) { answer(w) })
			client := newClient(t, transport.Config{MaxRetries: 4})
			before, begun := allocated(), time.Now()
			_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
			mustBe(t, err, transport.ErrTooLarge)
			if used := allocated() - before; used > 320<<20 { // the race detector lets a buffer that grows allocate twice
				t.Errorf("%d MB were allocated", used>>20)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
			if requests := s.count.Load(); requests != 1 {
				t.Errorf("%d requests", requests)
			}
		})
	}
}

// allocated counts what was allocated since the start, freed or not.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// A server that trickles its answer is given up on after the request's time, whatever part of the answer it is in.
func TestSlowAnswers(t *testing.T) {
	t.Parallel()
	trickle := func(w http.ResponseWriter, r *http.Request, text string) {
		connection, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer connection.Close()
		for at := 0; r.Context().Err() == nil; at++ {
			if buffer.WriteByte(text[min(at, len(text)-1)]) != nil || buffer.Flush() != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n"
	for name, text := range map[string]string{"head": head + "X: y", "body": head + "\r\n{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int32) { trickle(w, r, text) })
			begun := time.Now()
			client := newClient(t, transport.Config{MaxRetries: 4, RequestTimeout: 1500 * time.Millisecond})
			_, err := client.Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
			if mustBe(t, err, transport.ErrTimeout, transport.ErrAnswerLost); time.Since(begun) > 10*time.Second {
				t.Errorf("took %s", time.Since(begun))
			}
			// An end of the caller's context ends the wait at once.
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			begun = time.Now()
			_, err = newClient(t, transport.Config{MaxRetries: 4}).Do(ctx, transport.Request{Method: "GET", URL: s.URL})
			if mustBe(t, err, context.Canceled); time.Since(begun) > 2*time.Second {
				t.Errorf("came back %s after Ctrl-C", time.Since(begun))
			}
		})
	}
}

func TestHugeHead(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
		for range 100 {
			w.Header().Add("X-Long", strings.Repeat("x", 64<<10))
		}
	})
	_, err := newClient(t, transport.Config{}).Do(t.Context(), transport.Request{Method: "POST", URL: s.URL})
	if mustBe(t, err, transport.ErrAnswerLost); err == nil || len(err.Error()) > 1000 {
		t.Errorf("error %.200v", err)
	}
}

// Credentials stay with the host that they are for: another port, scheme or name is another host.
func TestRedirectsKeepCredentials(t *testing.T) {
	t.Parallel()
	leaked := make(chan string, 10)
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request, _ int32) {
		body, _ := io.ReadAll(r.Body)
		leaked <- r.Header.Get("Authorization") + string(body)
	})
	for name, target := range map[string]string{
		"another port": elsewhere.URL,
		"another name": strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1),
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int32) { http.Redirect(w, r, target+"/x", status) })
			for _, method := range []string{"GET", "PUT", "POST"} {
				_, err := newClient(t, transport.Config{MaxRetries: 2}).Do(t.Context(), transport.Request{
					Method: method, URL: s.URL, Body: []byte("secret"), Header: http.Header{"Authorization": {"Bearer secret"}},
					Login: true,
				})
				if transport.Status(err) != status || !strings.Contains(err.Error(), "redirects to "+target) {
					t.Errorf("%s, %s, %d: %v", name, method, status, err)
				}
			}
		}
	}
	if len(leaked) > 0 {
		t.Errorf("the other host got %q", <-leaked)
	}
}

// A redirect that never ends, and one to nowhere.
func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, number int32) {
		http.Redirect(w, r, "/"+strings.Repeat("x", int(number)), http.StatusFound)
	})
	_, err := newClient(t, transport.Config{MaxRetries: 4}).Do(t.Context(), transport.Request{Method: "GET", URL: s.URL})
	if requests := s.count.Load(); transport.Status(err) != http.StatusFound || requests > 7 {
		t.Errorf("%d requests, %v", requests, err)
	}
	broken := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int32) {
		w.Header().Set("Location", "http://[::1]:x/?token=secret")
		w.WriteHeader(http.StatusFound)
	})
	_, err = newClient(t, transport.Config{}).Do(t.Context(), transport.Request{Method: "GET", URL: broken.URL})
	if err == nil || errors.Is(err, transport.ErrUnreachable) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}
