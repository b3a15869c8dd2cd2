// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// Answers that want to fill the memory or to take forever end in an error, soon.
func TestHostileAnswers(t *testing.T) {
	const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">` +
		`<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">` +
		`<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>` +
		`<User xmlns="http://www.vmware.com/vcloud/v1.5" name="&lol3;"><FullName>&lol3;</FullName></User>`
	const deep = 500_000
	bodies := map[string]func(http.ResponseWriter, *http.Request){
		"billion laughs": text(http.StatusOK, "application/xml", laughs),
		"deep XML": text(http.StatusOK, "application/xml", strings.Repeat("<User>", deep)+strings.Repeat("</User>",
			deep)),
		"deep JSON": text(http.StatusOK, "application/json", strings.Repeat(`{"values":[`, deep)+strings.Repeat("]}",
			deep)),
		"a gigabyte": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			block := bytes.Repeat([]byte(" "), 1<<20)
			for range 1024 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		},
		"a gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			zip := gzip.NewWriter(w)
			block := make([]byte, 1<<20)
			for range 256 {
				if _, err := zip.Write(block); err != nil {
					return
				}
			}
			_ = zip.Close()
		},
	}
	for name, answer := range bodies {
		for _, version := range []string{"35.0", "37.2"} {
			t.Run(name+" "+version, func(t *testing.T) {
				server := newStub(t, version, map[string]func(http.ResponseWriter, *http.Request){
					"GET /cloudapi/1.0.0/users/urn:vcloud:user:7": answer, "GET /cloudapi/1.0.0/users": answer,
					"GET /api/admin/user/7": answer, "GET /api/query": answer, "GET /api/admin/org/26": answer,
				})
				tenant := open(t, connect(t, server.URL, func(c *vcdapi.Config) { c.HTTP.MaxRetries = 0 }))
				before, began := heap(), time.Now()
				_, oneErr := tenant.FreshUser(t.Context(), "urn:vcloud:user:7")
				_, listErr := tenant.Users(t.Context())
				if oneErr == nil || listErr == nil {
					t.Fatalf("one: %v, list: %v", oneErr, listErr)
				}
				if took := time.Since(began); took > time.Minute {
					t.Errorf("took %s", took)
				}
				if grown := int64(heap()) - int64(before); grown > 64<<20 {
					t.Errorf("holds %d MB more than before", grown>>20)
				}
				if len(listErr.Error()) > 1000 || len(oneErr.Error()) > 1000 {
					t.Errorf("the errors have %d and %d characters", len(oneErr.Error()), len(listErr.Error()))
				}
			})
		}
	}
	t.Run("versions", func(t *testing.T) {
		server := newStub(t, "", map[string]func(http.ResponseWriter,
			*http.Request){"GET /api/versions": text(http.StatusOK, "text/xml", laughs)})
		_, err := connect(t, server.URL).Tenant(t.Context(), "")
		if err == nil || !strings.Contains(err.Error(), "hardly Cloud Director") {
			t.Error(err)
		}
	})
	t.Run("task without an end of its address", func(t *testing.T) {
		server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
			"DELETE /cloudapi/1.0.0/users/urn:vcloud:user:7": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.example/api/task/1")
				w.WriteHeader(http.StatusAccepted)
			},
			"GET /api/task/1": func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `<Task status="success"/>`)
			},
		})
		if err := open(t, connect(t, server.URL)).DeleteUser(t.Context(), "urn:vcloud:user:7"); err != nil ||
			len(server.sent("GET", "/api/task/1")) != 1 {
			t.Errorf("the token must go to the configured server alone: %v", err)
		}
	})
}

// What a server says is on one line of bounded length, and repeats no token.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(`x\u001b[31m\n`, 100_000)
	code := strings.Repeat("C", 100_000)
	status := http.StatusInternalServerError
	const users = "GET /cloudapi/1.0.0/users/urn:vcloud:user:"
	server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
		users + "1": text(status, "application/json", `{"minorErrorCode":"X","message":"no `+long+`"}`),
		users + "2": text(status, "application/json", `{"minorErrorCode":"X","message":"no stub-token"}`),
		users + "3": text(status, "application/xml", `<Error message="stub-token" minorErrorCode="`+code+`"/>`),
		users + "4": text(http.StatusOK, "application/json", `{"id":"a","deployedVmQuota":`+strings.Repeat("1", 100_000)+`}`),
		users + "5": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `"stub-token `+long+`"`)
		},
		"DELETE /cloudapi/1.0.0/users/urn:vcloud:user:6": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/api/task/1")
			w.WriteHeader(http.StatusAccepted)
		},
		"GET /api/task/1": text(http.StatusOK, "application/json", `{"status":"error","error":{"message":"`+long+`"}}`),
	})
	tenant := open(t, connect(t, server.URL, func(c *vcdapi.Config) { c.HTTP.MaxRetries = 0 }))
	failures := []error{tenant.DeleteUser(t.Context(), "urn:vcloud:user:6")}
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		_, err := tenant.FreshUser(t.Context(), "urn:vcloud:user:"+id)
		failures = append(failures, err)
	}
	for _, err := range failures {
		if err == nil {
			t.Error("no error")
			continue
		}
		said := err.Error()
		if len(said) > 1000 || strings.Contains(said, "stub-token") || strings.ContainsFunc(said, unicode.IsControl) {
			t.Errorf("%d bytes: %.200q", len(said), said)
		}
	}
}

// The address of a task cannot lead to another server, and one that cannot be used is no task that has ended.
func TestTaskAddresses(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"@localhost/x", ".example/x", "0/x", "@127.0.0.1:1/x", "mailto:x", "http://[::1"} {
		server := newStub(t, "37.2", map[string]func(http.ResponseWriter, *http.Request){
			"DELETE /cloudapi/1.0.0/users/urn:vcloud:user:7": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(http.StatusAccepted)
			},
		})
		err := open(t, connect(t, server.URL)).DeleteUser(t.Context(), "urn:vcloud:user:7")
		if err == nil || !strings.Contains(err.Error(), "address of its task") {
			t.Errorf("%s: %v", location, err)
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
