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
		{"uid=a,domainComponent=lab", "DC=LAB", true},
		{"2.5.4.11=People,0.9.2342.19200300.100.1.25=lab", "organizationalUnitName=people,dc=lab", true},
		{`CN="Porter, James",DC=lab`, `cn=porter\2c james,dc=lab`, true},
		{"CN=b+UID=a,DC=lab", "uid=a+cn=b,dc=lab", true},
		{"CN=Zo\u00eb,DC=lab", "cn=ZOE\u0308,dc=lab", true},
		{"CN=x\ny,DC=lab", `cn=x\0Ay,dc=lab`, true},
		{"CN=Weiß,DC=lab", "cn=Weiss,dc=lab", false}, // two entries to OpenLDAP and Samba
		{"CN=\xfc,DC=lab", "cn=\xf6,dc=lab", false},
		{`CN=\fc,DC=lab`, "cn=\xfc,dc=lab", true},
		{`CN=\fc,DC=lab`, `cn=\f6,dc=lab`, false},
	} {
		if got := directory.IsBelow(c.dn, c.ancestor); got != c.want {
			t.Errorf("IsBelow(%q, %q) = %v", c.dn, c.ancestor, got)
		}
	}
}

func TestParseDN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`CN="Porter, James" + UID=jp ; DC="a"`: `CN=Porter\, James+UID=jp,DC=a`,
		`cn=a=b,dc=c`:                          `cn=a\=b,dc=c`,
		`cn="=",dc=c`:                          `cn=\=,dc=c`,
		`cn= a,dc=c`:                           `cn=a,dc=c`,
		`cn=#0c0141,dc=c`:                      `cn=A,dc=c`,
		`cn=a="b",dc=c`:                        "", // a quoted value starts after the first equals sign
		`cn=a"b",dc=c`:                         "",
		`cn="a"b,dc=c`:                         "",
		`cn=a,,dc=c`:                           "",
		`cn=\fc,dc=c`:                          "", // no text
	} {
		dn, err := directory.ParseDN(text)
		if got := dn.String(); got != want || errors.Is(err, directory.ErrBadDN) != (want == "") {
			t.Errorf("%s = %q, %v; want %q", text, got, err, want)
		}
	}
}
