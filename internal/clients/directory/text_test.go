// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"errors"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

func TestSIDToString(t *testing.T) {
	t.Parallel()
	for want, sid := range map[string]string{
		"S-1-5-18":             "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00",
		"S-1-5-32-544":         "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00",
		"S-1-1":                "\x01\x00\x00\x00\x00\x00\x00\x01",
		"S-1-0x123456789ABC-1": "\x01\x01\x12\x34\x56\x78\x9a\xbc\x01\x00\x00\x00",
		"S-1-5-21-3623811015-3361044348-30300820-1105": "\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00" +
			"\xc7\xf7\xfe\xd7\x7cwU\xc8\x94Z\xce\x01Q\x04\x00\x00",
	} {
		if got, err := directory.SIDToString([]byte(sid)); err != nil || got != want {
			t.Errorf("%x = %q, %v; want %q", sid, got, err, want)
		}
	}
	for _, sid := range []string{"", "\x01", "\x02\x00\x00\x00\x00\x00\x00\x05", "\x01\x10\x00\x00\x00\x00\x00\x05",
		"\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00"} {
		if got, err := directory.SIDToString([]byte(sid)); !errors.Is(err, directory.ErrBadSID) {
			t.Errorf("%x = %q, %v; want ErrBadSID", sid, got, err)
		}
	}
}

func TestIsBelow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dn, ancestor string
		want         bool
	}{
		{"CN=a,OU=People,DC=lab", "ou=people, dc=LAB", true},
		{"OU=People,DC=lab", "ou=people,dc=lab", true},
		{"OU=People,DC=lab", "", true},
		{"DC=lab", "OU=People,DC=lab", false},
		{"OU=More People,DC=lab", "OU=People,DC=lab", false},
		{`CN=x\,OU=People,DC=lab`, "OU=People,DC=lab", false},
		{`CN=\41nna,DC=lab`, "cn=anna,dc=lab", true},
	} {
		if got := directory.IsBelow(c.dn, c.ancestor); got != c.want {
			t.Errorf("IsBelow(%q, %q) = %v", c.dn, c.ancestor, got)
		}
	}
}
