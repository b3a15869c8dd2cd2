// SPDX-License-Identifier: MPL-2.0

package setting_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// pair is a certificate and its key as PEM text.
type pair struct{ certificate, key string }

func newPair(t *testing.T) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pair{asPEM("CERTIFICATE", der), asPEM("PRIVATE KEY", pkcs8(t, key))}
}

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func asPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestConfig(t *testing.T) {
	t.Parallel()
	mine, other := newPair(t), newPair(t)
	broken := asPEM("CERTIFICATE", []byte("secret"))
	encrypted := string(pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: []byte("secret"),
	}))
	for name, c := range map[string]struct {
		tls              setting.TLS
		attribute, words string // "" = good
	}{
		"nothing": {setting.TLS{}, "", ""},
		"pair":    {setting.TLS{ClientCertificate: mine.certificate, ClientKey: mine.key}, "", ""},
		"pair in one file": {
			setting.TLS{ClientCertificate: mine.key + mine.certificate, ClientKey: mine.certificate + mine.key}, "", "",
		},
		"chain": {
			setting.TLS{ClientCertificate: mine.certificate + other.certificate, ClientKey: mine.key}, "", "",
		},
		"no key":         {setting.TLS{ClientCertificate: mine.certificate}, "client_key", "is missing"},
		"no certificate": {setting.TLS{ClientKey: mine.key}, "client_certificate", "is missing"},
		"another key": {
			setting.TLS{ClientCertificate: mine.certificate, ClientKey: other.key}, "client_key", "does not fit",
		},
		"chain upside down": {
			setting.TLS{ClientCertificate: other.certificate + mine.certificate, ClientKey: mine.key}, "client_key",
			"must come first",
		},
		"path of a certificate": {
			setting.TLS{ClientCertificate: "/etc/cert.pem", ClientKey: mine.key}, "client_certificate", `use file("cert.pem")`,
		},
		"path of a key": {
			setting.TLS{ClientCertificate: mine.certificate, ClientKey: "/etc/key.pem"}, "client_key", `use file("key.pem")`,
		},
		"key as certificate": {
			setting.TLS{ClientCertificate: mine.key, ClientKey: mine.key}, "client_certificate", "a key?",
		},
		"certificate as key": {
			setting.TLS{ClientCertificate: mine.certificate, ClientKey: mine.certificate}, "client_key", "holds no private key",
		},
		"encrypted key": {
			setting.TLS{ClientCertificate: mine.certificate, ClientKey: encrypted}, "client_key", "openssl pkey",
		},
		"encrypted PKCS #8": {
			setting.TLS{ClientCertificate: mine.certificate, ClientKey: asPEM("ENCRYPTED PRIVATE KEY", nil)}, "client_key",
			"passphrase",
		},
		"broken key": {
			setting.TLS{ClientCertificate: mine.certificate, ClientKey: asPEM("PRIVATE KEY", []byte("secret"))}, "client_key",
			"cannot be read",
		},
		"broken certificate": {
			setting.TLS{ClientCertificate: broken, ClientKey: mine.key}, "client_certificate", "cannot be read",
		},
		"broken authority": {
			setting.TLS{CACertificate: mine.certificate + broken}, "ca_certificate", "cannot be read",
		},
		"path of an authority":     {setting.TLS{CACertificate: "secret.pem"}, "ca_certificate", "file("},
		"authority is not a chain": {setting.TLS{CACertificate: mine.certificate, Insecure: true}, "", ""},
	} {
		config, err := c.tls.Config()
		if c.attribute == "" {
			if err != nil || config.InsecureSkipVerify != c.tls.Insecure {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var wrong *setting.Error
		if !errors.As(err, &wrong) || wrong.Attribute != c.attribute || !strings.Contains(wrong.Problem, c.words) {
			t.Errorf("%s: %v, want %q about %s", name, err, c.words, c.attribute)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the value is repeated: %v", name, err)
		}
	}
}

func TestKeyProblemKnowsEveryForm(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ecKey)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"PKCS #1": asPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)),
		"PKCS #8": asPEM("PRIVATE KEY", pkcs8(t, rsaKey)),
		"SEC 1":   asPEM("EC PARAMETERS", []byte{6, 5, 43, 129, 4, 0, 34}) + asPEM("EC PRIVATE KEY", sec1),
		"Ed25519": asPEM("PRIVATE KEY", pkcs8(t, edKey)),
	} {
		if problem := setting.KeyProblem(text); problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

func TestCertificateRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"remote error: tls: certificate required":                            true,
		"LDAP Result Code 200 \"\": remote error: tls: bad certificate":      true,
		"remote error: tls: unknown certificate authority":                   true,
		"remote error: tls: handshake failure":                               true,
		"remote error: tls: protocol version not supported":                  false,
		"tls: failed to verify certificate: x509: certificate has expired":   false,
		"read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer.": false,
	} {
		if got := setting.CertificateRefused(errors.New(text)); got != want {
			t.Errorf("CertificateRefused(%q) = %v", text, got)
		}
	}
	if setting.CertificateRefused(nil) {
		t.Error("no error is a refusal")
	}
}
