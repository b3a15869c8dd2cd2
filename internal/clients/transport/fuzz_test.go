// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// FuzzWords: whatever the server says, it is one line of bounded length.
func FuzzWords(f *testing.F) {
	for _, body := range []string{
		`{"message":"no such user"}`, `{"Message":"a","Errors":{"UserName":["b","c"]}}`, `["a",{"error":{"message":"b"}}]`,
		`"text"`, `null`,
		`<html><head><title>500</title></head><body><script>x</script><p>a &amp; b</p></body></html>`,
		`<Error message="denied"/>`, `<`, "\xff\xfe",
		"plain\ntext", strings.Repeat(`{"message":`, 100), "\xef\xbb\xbf{}", `<!--`,
		`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x message="&a;"/>`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		said := (&transport.Response{Body: body}).Words()
		if utf8.RuneCountInString(said) > 501 || strings.ContainsFunc(said, unicode.IsControl) {
			t.Errorf("%q", said)
		}
	})
}
