// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"net"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// answering serves LDAP: every request gets an entry with these attributes, "name: value" a line, then the raw bytes,
// and success.
func answering(t *testing.T, dn, attributes string, raw []byte) string {
	t.Helper()
	return listen(t, func(conn net.Conn) {
		answerAll(conn, func(id int64, _ *ber.Packet) []byte {
			entry, done := entryPacket(dn, attributes), resultPacket(ldap.ApplicationSearchResultDone, 0, "")
			return slices.Concat(envelope(id, entry), raw, envelope(id, done))
		})
	})
}

// FuzzSearchAnswers: whatever a server answers, the client returns, with people or with an error, and people have
// valid text.
func FuzzSearchAnswers(f *testing.F) {
	const root = "namingContexts: dc=x\n"
	for _, attributes := range []string{
		root + "objectClass: person\nuid: ada\ncn: Ada\n",
		root + "objectClass: person\nuid: ada\ncn: Ad\xff\nmail: \xff@x\ntelephoneNumber: \xff\nentryUUID: \xff\n",
		root + "objectClass: groupOfNames\nmember: uid=a,dc=x\nmember: \x00\n",
		root + "member;range=0-0: uid=a,dc=x\n", root + "member;range=0-: x\nmember;range=9-0: y\n",
		root + "memberURL: ldap:///dc=x??sub?(a=b)\n",
		root + "memberURL: ldap:///%zz??sub\n", root + "objectClass: alias\naliasedObjectName: cn=x,dc=x\n",
		root + "cn;lang-: x\n;: y\n: z\n",
		root + "shadowExpire: -9223372036854775808\naccountExpires: 1\npwdAccountLockedTime: 0\nobjectClass: person\n",
		root + "supportedCapabilities: 1.2.840.113556.1.4.800\nobjectSid: \x01\x05\nprimaryGroupID: 513\nsAMAccountType: " +
			"805306368\n",
	} {
		f.Add("cn=x,dc=x", attributes, []byte{})
	}
	f.Add("no DN", "", []byte("\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00"))
	f.Add("", root, []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, dn, attributes string, raw []byte) {
		if len(attributes)+len(raw) > 1<<12 {
			t.Skip("long answers take time and show nothing else")
		}
		client, err := directory.New(
			directory.Config{URL: answering(t, dn, attributes, raw), Timeout: 200 * time.Millisecond, NoCache: true},
		)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = client.Close() }()
		members, _ := client.Members(t.Context(), "cn=x,dc=x", directory.MemberOptions{Nested: true, IncludeDisabled: true})
		users, _ := client.FindUsers(t.Context(), "ada")
		user, _ := client.User(t.Context(), "cn=x,dc=x")
		for _, u := range append(append(members.People, users...), user) {
			if !utf8.ValidString(u.Username + u.DisplayName + u.Email + u.Telephone + u.GUID + u.DisabledReason) {
				t.Errorf("text that is none: %+v", u)
			}
		}
	})
}
