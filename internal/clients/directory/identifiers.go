// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// ErrBadSID says that bytes are not a security identifier.
var ErrBadSID = errors.New("not a security identifier")

// SIDToString writes the bytes of objectSid as S-1-5-21-… (MS-DTYP 2.4.2): a revision of 1, a count of at most 15
// sub-authorities, six bytes of authority in big-endian order, and the sub-authorities, four bytes each in
// little-endian order.
func SIDToString(sid []byte) (string, error) {
	const header, maxSubAuthorities = 8, 15
	switch {
	case len(sid) < header:
		return "", fmt.Errorf("%w: %d bytes are too few", ErrBadSID, len(sid))
	case sid[0] != 1:
		return "", fmt.Errorf("%w: the revision is %d and not 1", ErrBadSID, sid[0])
	case sid[1] > maxSubAuthorities:
		return "", fmt.Errorf(
			"%w: it claims %d sub-authorities, at most %d are allowed",
			ErrBadSID,
			sid[1],
			maxSubAuthorities,
		)
	case len(sid) != header+4*int(sid[1]):
		return "", fmt.Errorf(
			"%w: %d sub-authorities take %d bytes, there are %d",
			ErrBadSID,
			sid[1],
			header+4*int(sid[1]),
			len(sid),
		)
	}
	authority := binary.BigEndian.Uint64(append([]byte{0, 0}, sid[2:header]...))
	var text strings.Builder
	if authority >= 1<<32 {
		fmt.Fprintf(&text, "S-1-0x%012X", authority) // the specification wants large authorities in hexadecimal
	} else {
		fmt.Fprintf(&text, "S-1-%d", authority)
	}
	for rest := sid[header:]; len(rest) > 0; rest = rest[4:] {
		fmt.Fprintf(&text, "-%d", binary.LittleEndian.Uint32(rest))
	}
	return text.String(), nil
}

// guidToString writes the bytes of objectGUID as Active Directory's tools do: the first three groups in little-endian
// order.
func guidToString(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return fmt.Sprintf(
		"%08x-%04x-%04x-%x-%x",
		binary.LittleEndian.Uint32(b),
		binary.LittleEndian.Uint16(b[4:]),
		binary.LittleEndian.Uint16(b[6:]),
		b[8:10],
		b[10:],
	)
}

// sidOf is objectSid as text, or "".
func sidOf(entry *ldap.Entry) string {
	sid, err := SIDToString(entry.GetEqualFoldRawAttributeValue("objectSid"))
	if err != nil {
		return ""
	}
	return sid
}

func (s server) guidOf(entry *ldap.Entry) string {
	if s.isActiveDirectory() {
		return guidToString(entry.GetEqualFoldRawAttributeValue(s.profile.guid))
	}
	return first(entry, s.profile.guid)
}

// splitSID splits the SID of an account or group of a domain: the domain in bytes, and the relative ID, which
// primaryGroupID refers to. Well-known SIDs have no domain.
func splitSID(sid []byte) (domain, relativeID string, ok bool) {
	const header, perNumber = 8, 4
	text, err := SIDToString(sid)
	if err != nil || !strings.HasPrefix(text, "S-1-5-21-") || len(sid) < header+5*perNumber {
		return "", "", false
	}
	at := len(sid) - perNumber
	return string(sid[:at]), strconv.FormatUint(uint64(binary.LittleEndian.Uint32(sid[at:])), 10), true
}

// primaryGroupSID is the SID, in bytes, of the group with that relative ID in the user's domain.
func primaryGroupSID(userSID []byte, rid string) (string, bool) {
	number, err := strconv.ParseUint(rid, 10, 32)
	domain, _, ok := splitSID(userSID)
	if !ok || err != nil {
		return "", false
	}
	return string(binary.LittleEndian.AppendUint32([]byte(domain), uint32(number))), true
}
