// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/asn1"
	"fmt"
	"net"
)

// How a server's certificate can be odd, see [Options.Certificate].
const (
	// NegativeSerial has a serial number below zero, as Samba's own certificates can have.
	NegativeSerial = "negative serial number"
	// Unreadable claims a version of X.509 that there is not.
	Unreadable = "unreadable"
)

// leafSerial is encoded in one byte, of which a negative number differs in one bit.
const leafSerial = 0x7a

// NewOddAuthority makes an authority, and what a TLS server with an odd certificate of it needs.
func NewOddAuthority(oddity string, addresses ...net.IP) (Authority, *tls.Config, error) {
	authority, err := newAuthority(oddity, addresses)
	if err != nil {
		return Authority{}, nil, err
	}
	config, err := authority.serverConfig()
	return authority, config, err
}

// makeOdd changes what Go would not write, and signs the certificate again.
func makeOdd(der []byte, oddity string, authority *ecdsa.PrivateKey) ([]byte, error) {
	changes := map[string][2][]byte{
		NegativeSerial: {{2, 1, leafSerial}, {2, 1, leafSerial | 0x80}},
		Unreadable:     {{0xa0, 3, 2, 1, 2}, {0xa0, 3, 2, 1, 9}},
	}
	if oddity == "" {
		return der, nil
	}
	change, known := changes[oddity]
	if !known {
		return nil, fmt.Errorf("no certificate is called %q", oddity)
	}
	var certificate struct {
		Body, Algorithm asn1.RawValue
		Signature       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &certificate); err != nil {
		return nil, err
	}
	body := bytes.Replace(certificate.Body.FullBytes, change[0], change[1], 1)
	sum := sha256.Sum256(body)
	signature, err := ecdsa.SignASN1(rand.Reader, authority, sum[:])
	if err != nil {
		return nil, err
	}
	certificate.Body = asn1.RawValue{FullBytes: body}
	certificate.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	return asn1.Marshal(certificate)
}
