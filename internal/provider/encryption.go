// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// warnUnencrypted warns of a password or token that leaves this machine over a connection without encryption. The
// scheme is the one that has none; url may hold several addresses.
func (c *configuration) warnUnencrypted(s *settings, addresses, scheme string) {
	for address := range strings.SplitSeq(addresses, ",") {
		parsed, err := url.Parse(strings.TrimSpace(address))
		if err != nil || parsed.Scheme != scheme || isLoopback(parsed.Hostname()) {
			continue
		}
		c.diags.AddAttributeWarning(s.place("url"), "Connection Without Encryption", fmt.Sprintf(
			"Anyone between this machine and %s can read the credentials. %s", parsed.Hostname(), encryptionHint(scheme)))
		return
	}
}

func encryptionHint(scheme string) string {
	if scheme == "ldap" {
		return "Use an ldaps:// address, or set start_tls = true where the server offers StartTLS."
	}
	return "Use https:// where the server offers it."
}

func isLoopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
