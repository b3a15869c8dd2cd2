// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/go-ldap/ldap/v3/gssapi"
	krb5 "github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
)

// errSecurityLayer says that the server wants everything after the bind signed or encrypted by Kerberos.
var errSecurityLayer = errors.New("the server insists on signing or encrypting by Kerberos")

// The bits of the token in which a server says what it can do after the bind (RFC 4752 section 3.3).
const noSecurityLayer = 1

// securityContext is go-ldap's, with a last step that servers over MIT Kerberos (OpenLDAP, 389 Directory Server) take
// too: their tokens are not rotated, and they want "no security layer" chosen and not just nothing.
type securityContext struct{ *gssapi.Client }

// NegotiateSaslAuth implements ldap.GSSAPIClient.
func (c securityContext) NegotiateSaslAuth(input []byte, authorization string) ([]byte, error) {
	var offer krb5.WrapToken
	if err := offer.Unmarshal(unrotated(input), true); err != nil {
		return nil, err
	}
	const acceptorSubkey = 0b100
	if offer.Flags&acceptorSubkey == 0 {
		return c.Client.NegotiateSaslAuth(input, authorization) // only the library knows the key
	}
	if _, err := offer.Verify(c.Subkey, keyusage.GSSAPI_ACCEPTOR_SEAL); err != nil {
		return nil, err
	}
	if len(offer.Payload) != 4 || offer.Payload[0]&noSecurityLayer == 0 {
		return nil, errSecurityLayer
	}
	choice := krb5.WrapToken{
		Flags: acceptorSubkey, EC: offer.EC, SndSeqNum: 1,
		Payload: append([]byte{noSecurityLayer, 0, 0, 0}, authorization...),
	}
	if err := choice.SetCheckSum(c.Subkey, keyusage.GSSAPI_INITIATOR_SEAL); err != nil {
		return nil, err
	}
	return choice.Marshal()
}

// unrotated is the token with what follows its header in the order of payload and checksum (RFC 4121 section 4.2.5).
func unrotated(token []byte) []byte {
	if len(token) <= krb5.HdrLen {
		return token
	}
	header, body := token[:krb5.HdrLen], token[krb5.HdrLen:]
	by := int(binary.BigEndian.Uint16(header[6:8])) % len(body)
	return slices.Concat(header, body[by:], body[:by])
}
