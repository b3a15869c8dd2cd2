// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// FuzzLDIF: what is read from LDIF is read again from what is written of it; anything else is refused, and nothing
// panics.
func FuzzLDIF(f *testing.F) {
	for _, seed := range []string{
		"", "dn: dc=x\ndc: x\n", "dn:: ZGM9eA==\ncn:: !\n", "version: 1\n\ndn: dc=x\n a\n\n\ncn\n", "# x\n y\ndn: " +
			"a\r\nb: c\r\n", " x", ":", "dn:\nmember;range=0-1: x\n",
		"dn: dc=x\ncn;lang-de: x\nobjectClass: inetOrgPerson\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := parseLDIF(text)
		if err != nil {
			return
		}
		var written strings.Builder
		for _, e := range entries {
			fmt.Fprintf(&written, "dn:: %s\n", base64.StdEncoding.EncodeToString([]byte(e.dn)))
			for _, a := range e.attrs {
				fmt.Fprintf(&written, "%s:: %s\n", a.name, base64.StdEncoding.EncodeToString([]byte(a.value)))
			}
			written.WriteString("\n")
		}
		again, err := parseLDIF(written.String())
		if err != nil || fmt.Sprint(again) != fmt.Sprint(entries) {
			t.Errorf("%q is read as %q, and written and read as %q, %v", text, entries, again, err)
		}
		_, _ = loadDirectory(SchemaRFC2307bis, text) // a DN that is none, or is there already, is refused
	})
}
