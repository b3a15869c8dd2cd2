// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// Authority is a certificate authority made for one server, and the certificate it signed, all as PEM text.
type Authority struct{ CA, Certificate, Key string }

// NewAuthority makes an authority and a certificate for localhost, dc1.lab.example and the addresses, of a server or
// a client, good for a day.
func NewAuthority(addresses ...net.IP) (Authority, error) { return newAuthority("", addresses) }

// newAuthority makes the certificate odd, unless oddity is "".
func newAuthority(oddity string, addresses []net.IP) (Authority, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Authority{}, err
	}
	ca := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Lab Directory CA"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return Authority{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Authority{}, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(leafSerial),
		Subject:      pkix.Name{CommonName: "dc1.lab.example"},
		NotBefore:    ca.NotBefore,
		NotAfter:     ca.NotAfter,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:     []string{"localhost", "dc1.lab.example"},
		IPAddresses:  addresses,
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	if err != nil {
		return Authority{}, err
	}
	if leafDER, err = makeOdd(leafDER, oddity, caKey); err != nil {
		return Authority{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Authority{}, err
	}
	return Authority{
		CA:          asPEM("CERTIFICATE", caDER),
		Certificate: asPEM("CERTIFICATE", leafDER),
		Key:         asPEM("PRIVATE KEY", keyDER),
	}, nil
}

func asPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// serverConfig is what a TLS listener with the certificate needs. It does not read the certificate, which may be odd.
func (a Authority) serverConfig() (*tls.Config, error) {
	block, _ := pem.Decode([]byte(a.Key))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	certificate, _ := pem.Decode([]byte(a.Certificate))
	own := tls.Certificate{Certificate: [][]byte{certificate.Bytes}, PrivateKey: key}
	return &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}, nil
}
