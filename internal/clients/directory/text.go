// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
)

// EscapeFilter makes text safe as a value in a search filter (RFC 4515 section 3).
func EscapeFilter(text string) string { return ldap.EscapeFilter(text) }

// EscapeDN makes text safe as an attribute value in a distinguished name (RFC 4514 section 2.4). The equals sign is
// escaped too: the standard allows it both ways, and Samba takes it only so.
func EscapeDN(text string) string { return strings.ReplaceAll(ldap.EscapeDN(text), "=", `\=`) }

// DN is a distinguished name, split into its parts, the entry's own name first.
type DN struct {
	RDNs []RDN
}

// RDN is one step of a DN; it has more than one part only where the DN joins them by "+".
type RDN struct {
	Parts []NamePart
}

// NamePart is an attribute type, as it was spelled, and its value without escapes.
type NamePart struct{ Type, Value string }

// attributeType is a name or a dotted number (RFC 4512 section 1.4).
var attributeType = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*|[0-9]+(\.[0-9]+)*)$`)

// ParseDN splits a distinguished name (RFC 4514, and the quoted values of RFC 1779). The error is ErrBadDN.
func ParseDN(text string) (DN, error) {
	parsed, err := parseDN(text)
	if err != nil {
		return DN{}, fmt.Errorf("%w: %w", ErrBadDN, err)
	}
	if len(parsed.RDNs) == 0 {
		return DN{}, fmt.Errorf("%w: it is empty", ErrBadDN)
	}
	dn := DN{RDNs: make([]RDN, len(parsed.RDNs))}
	for i, rdn := range parsed.RDNs {
		for _, a := range rdn.Attributes {
			if !attributeType.MatchString(a.Type) {
				return DN{}, fmt.Errorf("%w: %q is not the name of an attribute", ErrBadDN, a.Type)
			}
			if !utf8.ValidString(a.Value) {
				return DN{}, fmt.Errorf("%w: the value of %q is not text", ErrBadDN, a.Type)
			}
			dn.RDNs[i].Parts = append(dn.RDNs[i].Parts, NamePart{a.Type, a.Value})
		}
	}
	return dn, nil
}

// String writes the DN with the escapes that it needs.
func (dn DN) String() string {
	rdns := make([]string, len(dn.RDNs))
	for i, rdn := range dn.RDNs {
		parts := make([]string, len(rdn.Parts))
		for j, part := range rdn.Parts {
			parts[j] = part.Type + "=" + EscapeDN(part.Value)
		}
		rdns[i] = strings.Join(parts, "+")
	}
	return strings.Join(rdns, ",")
}

// Parent is the DN of the entry above; of a DN with one step, it is empty.
func (dn DN) Parent() DN {
	if len(dn.RDNs) == 0 {
		return dn
	}
	return DN{RDNs: dn.RDNs[1:]}
}

// Domain joins the domain components: lab.example for cn=James Porter,dc=lab,dc=example; empty without any.
func (dn DN) Domain() string {
	var labels []string
	for _, rdn := range dn.RDNs {
		for _, part := range rdn.Parts {
			if strings.EqualFold(part.Type, "dc") {
				labels = append(labels, part.Value)
			}
		}
	}
	return strings.Join(labels, ".")
}

// IsBelow reports whether the entry is the ancestor itself or below it, without regard to case and escapes.
func IsBelow(dn, ancestor string) bool { return isBelow(dn, ancestor) }
