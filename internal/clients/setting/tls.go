// SPDX-License-Identifier: MPL-2.0

package setting

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// TLS is how a client and a server prove to each other who they are. All values but Insecure are PEM text.
type TLS struct {
	// CACertificate holds certificates to trust in addition to the system's.
	CACertificate string
	// ClientCertificate, with the certificates between it and its authority, and ClientKey are what the client shows to a
	// server that asks for a certificate.
	ClientCertificate, ClientKey string
	// Insecure switches the verification of the server's certificate off.
	Insecure bool
}

// Config is the configuration for crypto/tls. Its error is an *Error about ca_certificate, client_certificate or
// client_key, and holds nothing of the key.
func (t TLS) Config() (*tls.Config, error) {
	//nolint:gosec // G402: only if the configuration asks for it, for lab systems whose certificate cannot be verified.
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.Insecure}
	if t.CACertificate != "" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		if problem := CertificateProblem(t.CACertificate); problem != "" {
			return nil, &Error{"ca_certificate", problem}
		}
		roots.AppendCertsFromPEM([]byte(t.CACertificate))
		config.RootCAs = roots
	}
	certificate, err := t.clientCertificate()
	if certificate != nil {
		config.Certificates = []tls.Certificate{*certificate}
	}
	return config, err
}

// clientCertificate is nil where there is none.
func (t TLS) clientCertificate() (*tls.Certificate, error) {
	switch {
	case t.ClientCertificate == "" && t.ClientKey == "":
		return nil, nil
	case t.ClientKey == "":
		return nil, &Error{"client_key", "is missing: a client certificate is of no use without its private key"}
	case t.ClientCertificate == "":
		return nil, &Error{"client_certificate", "is missing: client_key is the private key of a certificate"}
	}
	if problem := CertificateProblem(t.ClientCertificate); problem != "" {
		return nil, &Error{"client_certificate", problem}
	}
	if problem := KeyProblem(t.ClientKey); problem != "" {
		return nil, &Error{"client_key", problem}
	}
	certificate, err := tls.X509KeyPair([]byte(t.ClientCertificate), []byte(t.ClientKey))
	if err != nil { // both parse, so they do not belong together
		return nil, &Error{"client_key", "does not fit client_certificate: it is the private key of another certificate. " +
			"In a file with several certificates, the client's own must come first"}
	}
	return &certificate, nil
}

// CertificateProblem says what is wrong with PEM text that must hold one or more certificates, or "". It is the rest
// of a sentence, or a sentence that starts with "a".
func CertificateProblem(text string) string {
	found, keys := 0, 0
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			keys++
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Sprintf("a certificate cannot be read: %v", err)
		}
		found++
	}
	switch {
	case found > 0:
		return ""
	case keys > 0:
		return "holds no certificate, but another kind of PEM text (a key?). " + pemHint("CERTIFICATE", "cert.pem")
	default:
		return "holds no certificate. " + pemHint("CERTIFICATE", "cert.pem")
	}
}

// KeyProblem says what is wrong with PEM text that must hold a private key, or "". It is the rest of a sentence, and
// holds nothing of the text.
func KeyProblem(text string) string {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return "holds no private key. " + pemHint("PRIVATE KEY", "key.pem")
		}
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return "is encrypted with a passphrase, which the provider cannot ask for. Decrypt it first: " +
				"openssl pkey -in key.pem -out plain.pem"
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return derKeyProblem(block.Bytes)
		}
	}
}

func derKeyProblem(der []byte) string {
	if _, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return ""
	}
	if _, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return ""
	}
	if _, err := x509.ParseECPrivateKey(der); err == nil {
		return ""
	}
	return "holds a private key that cannot be read. RSA, ECDSA and Ed25519 keys in PKCS #1, PKCS #8 or SEC 1 form can"
}

func pemHint(kind, file string) string {
	return fmt.Sprintf("It must be the text of a PEM file (-----BEGIN %s-----…), not its path: use file(%q)", kind, file)
}

// CertificateRefused reports whether a server ended a TLS connection, most likely because of the client's
// certificate: there was none, or the server does not trust it. Since TLS 1.3 this shows only when the client reads
// its first answer. crypto/tls has a type for such alerts and hides it, and go-ldap passes on their text only.
func CertificateRefused(err error) bool {
	if err == nil {
		return false
	}
	_, alert, found := strings.Cut(err.Error(), "remote error: tls: ")
	return found && (strings.Contains(alert, "certificate") || strings.Contains(alert, "access denied") ||
		strings.HasPrefix(alert, "handshake failure")) // the last is what OpenSSL says in TLS 1.2 if there is none
}

// UnreadableAdvice says what a certificate that Go does not parse means, and the way out.
const UnreadableAdvice = "The server's certificate breaks the rules for certificates (RFC 5280) so that the provider " +
	"cannot read it, not even with insecure. Have a new certificate issued for the server; `openssl x509 -text` " +
	"shows what is odd about the present one."

// CertificateUnreadable reports whether the TLS connection failed since Go does not parse the server's certificate,
// which happens before any verification. crypto/tls and go-ldap pass on only the text of such an error.
func CertificateUnreadable(err error) bool {
	return err != nil && strings.Contains(err.Error(), "failed to parse certificate from server")
}
