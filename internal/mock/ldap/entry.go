// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// entry is immutable once it is in a directory.
type entry struct {
	dn     string
	key    string // dn as compared
	parent string // the parent's key
	attrs  []*attribute
	byName map[string]*attribute // lower-case name

	hasOptions bool // an attribute has
}

type attribute struct {
	name     string
	values   []string
	compared []string // the values as their matching rule compares them
}

// dnValued are the attributes whose values are DNs, compared as such.
var dnValued = map[string]bool{
	"member": true, "uniquemember": true, "memberof": true, "distinguishedname": true, "entrydn": true, "manager": true,
	"objectcategory": true, "roleoccupant": true, "aliasedobjectname": true,
}

// dnSeparator stands between the RDNs of a key; it cannot be in a value that LDIF holds.
const dnSeparator = "\x1f"

// dnKey is the DN in a form in which equal DNs are equal strings. It folds case letter by letter, as OpenLDAP and Samba
// do in DNs: they have cn=Weiss beside cn=Weiß.
func dnKey(dn string) (string, error) {
	parsed, err := goldap.ParseDN(dn)
	if err != nil {
		return "", err
	}
	rdns := make([]string, 0, len(parsed.RDNs))
	for _, rdn := range parsed.RDNs {
		parts := make([]string, 0, len(rdn.Attributes))
		for _, a := range rdn.Attributes {
			parts = append(parts, strings.ToLower(a.Type)+"="+strings.ToLower(a.Value))
		}
		slices.Sort(parts)
		rdns = append(rdns, strings.Join(parts, "+"))
	}
	return strings.Join(rdns, dnSeparator), nil
}

func parentKey(key string) string {
	_, parent, _ := strings.Cut(key, dnSeparator)
	return parent
}

// bitString is what may follow the DN in a uniqueMember (RFC 4517 section 3.3.21).
var bitString = regexp.MustCompile(`#'[01]*'B$`)

// compare returns the value in the form in which the attribute's equality rule compares.
func compare(name, value string) string {
	switch name = strings.ToLower(name); {
	case name == "objectcategory" && !strings.Contains(value, "="):
		// Active Directory lets a filter name the class alone.
		return compare(name, "CN="+value+","+schemaContainer)
	case dnValued[name]:
		value = bitString.ReplaceAllString(value, "")
		if key, err := dnKey(value); err == nil {
			return key
		}
		return value
	case name == "objectsid":
		return binarySID(value)
	case name == "objectguid", name == "memberuid":
		return value
	default:
		return people.FoldCase(value)
	}
}

// schemaContainer ends every objectCategory; it only has to be the same everywhere.
const schemaContainer = "CN=Schema,CN=Configuration,DC=lab,DC=example"

func newEntry(dn string, attrs []ldifAttr) (*entry, error) {
	key, err := dnKey(dn)
	if err != nil {
		return nil, fmt.Errorf("entry %q: %w", dn, err)
	}
	e := &entry{dn: dn, key: key, parent: parentKey(key), byName: map[string]*attribute{}}
	for _, a := range attrs {
		e.append(a.name, a.value)
	}
	return e, nil
}

// append is for entries that are not in a directory yet.
func (e *entry) append(name, value string) {
	a := e.byName[strings.ToLower(name)]
	if a == nil {
		a = &attribute{name: name}
		e.hasOptions = e.hasOptions || strings.Contains(name, ";")
		e.attrs = append(e.attrs, a)
		e.byName[strings.ToLower(name)] = a
	}
	if strings.EqualFold(name, "objectSid") {
		value = binarySID(value)
	}
	a.values = append(a.values, value)
	a.compared = append(a.compared, compare(name, value))
	if strings.EqualFold(name, "objectClass") {
		a.compared = append(a.compared, superiors[strings.ToLower(value)]...)
	}
}

// superiors are the classes that others are derived from: an entry need not list them, and filters know them all the
// same.
var superiors = map[string][]string{
	"organizationalperson": {"person"}, "inetorgperson": {"person", "organizationalperson"}, "pilotperson": {"person"},
}

// comparedAs are the values of an attribute with any options: cn;lang-de is a cn.
func (e *entry) comparedAs(name string) []string {
	var all []string
	if a := e.byName[name]; a != nil {
		all = a.compared
	}
	if !e.hasOptions {
		return all
	}
	for _, a := range e.attrs {
		if base, _, tagged := strings.Cut(strings.ToLower(a.name), ";"); tagged && base == name {
			all = append(slices.Clip(all), a.compared...)
		}
	}
	return all
}

func (e *entry) values(name string) []string {
	if a := e.byName[strings.ToLower(name)]; a != nil {
		return a.values
	}
	return nil
}

func (e *entry) first(name string) string {
	if values := e.values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

func (e *entry) hasClass(class string) bool {
	a := e.byName["objectclass"]
	return a != nil && slices.Contains(a.compared, strings.ToLower(class))
}

// with is a copy whose attribute has exactly these values; none removes it.
func (e *entry) with(name string, values ...string) *entry {
	changed := e.withAttribute(name, nil)
	for _, v := range values {
		changed.append(name, v)
	}
	return changed
}

// withAttribute is a copy with this attribute in place of the one of that name; one without values removes it.
func (e *entry) withAttribute(name string, replacement *attribute) *entry {
	changed := &entry{dn: e.dn, key: e.key, parent: e.parent, byName: map[string]*attribute{}}
	put := func(a *attribute) {
		changed.hasOptions = changed.hasOptions || strings.Contains(a.name, ";")
		changed.attrs = append(changed.attrs, a)
		changed.byName[strings.ToLower(a.name)] = a
	}
	for _, a := range e.attrs {
		if !strings.EqualFold(a.name, name) {
			put(a)
		}
	}
	if replacement != nil && len(replacement.values) > 0 {
		put(replacement)
	}
	return changed
}

// withMembers is a copy of a group that has these entries as members too, each once.
func (e *entry) withMembers(members []*entry) *entry {
	changed := &attribute{name: "member"}
	if a := e.byName["member"]; a != nil {
		changed.values, changed.compared = slices.Clone(a.values), slices.Clone(a.compared)
	}
	there := make(map[string]bool, len(changed.compared))
	for _, key := range slices.Concat(changed.compared, e.comparedAs("uniquemember")) {
		there[key] = true
	}
	for _, m := range members {
		if !there[m.key] {
			there[m.key] = true
			changed.values, changed.compared = append(changed.values, m.dn), append(changed.compared, m.key)
		}
	}
	return e.withAttribute("member", changed)
}

// withoutMembers is a copy of a group that does not have these entries as members.
func (e *entry) withoutMembers(members []*entry) *entry {
	gone := make(map[string]bool, len(members))
	for _, m := range members {
		gone[m.key] = true
	}
	changed := e
	for _, name := range []string{"member", "uniquemember"} {
		a := e.byName[name]
		if a == nil {
			continue
		}
		kept := &attribute{name: a.name}
		for i, key := range a.compared {
			if !gone[key] {
				kept.values, kept.compared = append(kept.values, a.values[i]), append(kept.compared, key)
			}
		}
		changed = changed.withAttribute(name, kept)
	}
	return changed
}
