// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// binarySID turns S-1-5-21-… into the bytes of objectSid (MS-DTYP 2.4.2.2). Anything else is returned as it is, so
// that LDIF may hold either form.
func binarySID(text string) string {
	parts := strings.Split(text, "-")
	if len(parts) < 4 || !strings.EqualFold(parts[0], "S") || parts[1] != "1" {
		return text
	}
	authority, err := strconv.ParseUint(parts[2], 10, 48)
	if err != nil {
		return text
	}
	sid := make([]byte, 8, 8+4*(len(parts)-3))
	binary.BigEndian.PutUint64(sid, authority) // the authority's six bytes end here ...
	sid[0], sid[1] = 1, byte(len(parts)-3)     // ... and the first two are the revision and the count
	for _, part := range parts[3:] {
		sub, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return text
		}
		sid = binary.LittleEndian.AppendUint32(sid, uint32(sub))
	}
	return string(sid)
}

// uniqueBytes are 16 bytes that differ between seeds and are the same in every run.
func uniqueBytes(seed string) [16]byte {
	sum := sha256.Sum256([]byte(seed))
	return [16]byte(sum[:16])
}

// uuidText is the form of entryUUID (RFC 4530).
func uuidText(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// sidText is the inverse of binarySID.
func sidText(sid string) string {
	if len(sid) < 8 || sid[0] != 1 || len(sid) != 8+4*int(sid[1]) {
		return sid
	}
	authority := binary.BigEndian.Uint64([]byte("\x00\x00" + sid[2:8]))
	var text strings.Builder
	fmt.Fprintf(&text, "S-1-%d", authority)
	for rest := []byte(sid[8:]); len(rest) > 0; rest = rest[4:] {
		fmt.Fprintf(&text, "-%d", binary.LittleEndian.Uint32(rest))
	}
	return text.String()
}
