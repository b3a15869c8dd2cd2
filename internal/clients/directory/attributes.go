// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// values are all values of an attribute, those with options too (cn;lang-de is a cn, RFC 4512 section 2.5), the ones
// without options first.
func values(entry *ldap.Entry, name string) []string {
	var plain []string
	var tagged []*ldap.EntryAttribute
	for _, a := range entry.Attributes {
		base, option, hasOption := strings.Cut(a.Name, ";")
		switch {
		case !strings.EqualFold(base, name):
		case !hasOption:
			plain = append(plain, a.Values...)
		case len(a.Values) > 0 && !strings.HasPrefix(strings.ToLower(option), "range="):
			tagged = append(tagged, a)
		}
	}
	slices.SortStableFunc(tagged, func(a, b *ldap.EntryAttribute) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	for _, a := range tagged {
		plain = append(plain, a.Values...)
	}
	return plain
}

// first is the value of an attribute that has one, or "".
func first(entry *ldap.Entry, name string) string {
	if all := values(entry, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Legible is text for people and for Terraform, which both want UTF-8: bytes that are no text become question marks
// (U+FFFD). DNs stay as the server has them, since requests use them; everything else of a User or Group is legible.
func Legible(text string) string { return strings.ToValidUTF8(text, "\ufffd") }

// named is the value of an attribute that names the entry: where there are several, the one in its DN.
func named(entry *ldap.Entry, name string) string {
	all := values(entry, name)
	if len(all) < 2 {
		return first(entry, name)
	}
	dn, err := parseDN(entry.DN)
	if err != nil || len(dn.RDNs) == 0 {
		return all[0]
	}
	for _, part := range dn.RDNs[0].Attributes {
		if at := names.Index(all, part.Value); at >= 0 && typeKey(part.Type) == typeKey(name) {
			return all[at]
		}
	}
	return all[0]
}

// hasAny reports whether the entry has a value of one of the attributes.
func hasAny(entry *ldap.Entry, attributes ...string) bool {
	return slices.ContainsFunc(attributes, func(name string) bool { return len(values(entry, name)) > 0 })
}

// hasClass reports whether the entry has one of the classes.
func hasClass(entry *ldap.Entry, classes ...string) bool {
	return slices.ContainsFunc(values(entry, "objectClass"), func(class string) bool {
		return slices.ContainsFunc(classes, func(c string) bool { return strings.EqualFold(c, class) })
	})
}

// unique sorts attribute names and drops those that occur twice.
func unique(attributes []string) []string {
	slices.Sort(attributes)
	return slices.Compact(attributes)
}
