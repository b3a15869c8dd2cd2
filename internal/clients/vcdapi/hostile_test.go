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

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// Answers that want to fill the memory or to take for ever end in an error, soon.
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

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
