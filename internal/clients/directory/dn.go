package directory

import (
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// dnKey is the DN in a form in which equal DNs are equal strings, for use as a map key. What does not parse is its own key.
func dnKey(dn string) string {
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return dn
	}
	rdns := make([]string, len(parsed.RDNs))
	for i, rdn := range parsed.RDNs {
		parts := make([]string, len(rdn.Attributes))
		for j, a := range rdn.Attributes {
			parts[j] = strings.ToLower(a.Type) + "=" + EscapeDN(strings.ToLower(a.Value))
		}
		slices.Sort(parts)
		rdns[i] = strings.Join(parts, "+")
	}
	return strings.Join(rdns, ",")
}

// isBelow tells whether dn is the ancestor itself or below it. Everything is below the empty DN.
func isBelow(dn, ancestor string) bool {
	child, parent := dnKey(dn), dnKey(ancestor)
	return parent == "" || child == parent || strings.HasSuffix(child, ","+parent)
}
