// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// Those who read a whole list have the next page on its way while they decode one. Those who may stop early pay for no
// page that they do not need.
func TestNextPageIsAskedForAhead(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[bool]int32{true: 2, false: 1} {
		var pages atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != usersPath {
				fmt.Fprint(w, `"token-of-the-script"`)
				return
			}
			page := pages.Add(1)
			fmt.Fprintf(w, `{"Users":[{"Id":%d,"Username":"u%d"}],"Cursor":"%d"}`, page, page, page)
		}))
		t.Cleanup(server.Close)
		client, err := New(Config{URL: server.URL, Username: "admin", Password: "secret"})
		if err != nil {
			t.Fatal(err)
		}
		for page, err := range pagesInTurn(t.Context(), client, usersNamed(""), ahead) {
			if err != nil || len(page.items) != 1 {
				t.Fatalf("%+v, %v", page, err)
			}
			deadline := time.Now().Add(5 * time.Second)
			for pages.Load() < want && time.Now().Before(deadline) {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond)
			break
		}
		if got := pages.Load(); got != want {
			t.Errorf("ahead %t: %d pages asked for while the first is decoded, want %d", ahead, got, want)
		}
	}
}
