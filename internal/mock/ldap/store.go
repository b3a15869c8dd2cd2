// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	goldap "github.com/go-ldap/ldap/v3"
)

// store holds the entries in the order they came, with an index on what clients look up. Entries are immutable: a
// change puts a new one in the old one's place, so an answer under way keeps what it saw.
type store struct {
	schema string

	mu      sync.RWMutex
	nodes   []*node
	byDN    map[string]*node
	index   map[string]map[string][]*node // attribute -> value as compared -> who has it
	nextRID int
	created int
}

// node is an entry's place in the directory.
type node struct{ entry *entry }

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

// indexed are the attributes that clients look people and groups up by.
var indexed = []string{
	"samaccountname", "userprincipalname", "uid", "cn", "displayname", "mail", "member", "uniquemember", "memberuid",
	"roleoccupant", "objectclass", "objectsid", "objectguid", "entryuuid", "primarygroupid", "gidnumber",
}

// dnValued are the attributes whose values are DNs, compared as such.
var dnValued = map[string]bool{
	"member": true, "uniquemember": true, "memberof": true, "distinguishedname": true, "entrydn": true, "manager": true,
	"objectcategory": true, "roleoccupant": true, "aliasedobjectname": true,
}

func newStore(schema string) *store {
	s := &store{schema: schema, byDN: map[string]*node{}, index: map[string]map[string][]*node{}, nextRID: 5000}
	for _, name := range indexed {
		s.index[name] = map[string][]*node{}
	}
	return s
}

// dnSeparator stands between the RDNs of a key; it cannot be in a value that LDIF holds.
const dnSeparator = "\x1f"

// dnKey is the DN in a form in which equal DNs are equal strings.
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
		return strings.ToLower(value)
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

// append is for entries that are not in the store yet.
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
	changed := &entry{dn: e.dn, key: e.key, parent: e.parent, byName: map[string]*attribute{}}
	for _, a := range e.attrs {
		if !strings.EqualFold(a.name, name) {
			changed.attrs = append(changed.attrs, a)
			changed.byName[strings.ToLower(a.name)] = a
		}
	}
	for _, v := range values {
		changed.append(name, v)
	}
	return changed
}

// add puts a new entry in, with what the server itself adds to it.
func (s *store) add(raw ldifEntry) error {
	e, err := newEntry(raw.dn, raw.attrs)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insert(e)
}

// insert wants the lock held.
func (s *store) insert(e *entry) error {
	if s.byDN[e.key] != nil {
		return fmt.Errorf("entry %q exists already", e.dn)
	}
	s.complete(e)
	n := &node{entry: e}
	s.nodes = append(s.nodes, n)
	s.byDN[e.key] = n
	s.indexNode(n)
	return nil
}

// suffixes are the DNs of entries without one above them.
func (s *store) suffixes() []string {
	var dns []string
	for _, n := range s.nodes {
		if s.byDN[n.entry.parent] == nil {
			dns = append(dns, n.entry.dn)
		}
	}
	return dns
}

// replace wants the lock held.
func (s *store) replace(n *node, e *entry) {
	s.unindexNode(n)
	delete(s.byDN, n.entry.key)
	n.entry = e
	s.byDN[e.key] = n
	s.indexNode(n)
}

// remove wants the lock held.
func (s *store) remove(n *node) {
	s.unindexNode(n)
	delete(s.byDN, n.entry.key)
	s.nodes = slices.DeleteFunc(s.nodes, func(other *node) bool { return other == n })
}

func (s *store) indexNode(n *node) {
	for name, values := range s.index {
		for _, v := range n.entry.comparedAs(name) {
			values[v] = append(values[v], n)
		}
	}
}

func (s *store) unindexNode(n *node) {
	for name, values := range s.index {
		for _, v := range n.entry.comparedAs(name) {
			values[v] = slices.DeleteFunc(values[v], func(other *node) bool { return other == n })
			if len(values[v]) == 0 {
				delete(values, v)
			}
		}
	}
}

// groupsOf are the nodes that list the entry as a member.
func (s *store) groupsOf(e *entry) []*node {
	byMember, byUnique := s.index["member"][e.key], s.index["uniquemember"][e.key]
	if len(byUnique) == 0 {
		return byMember
	}
	return slices.Concat(byMember, byUnique)
}

// memberNodes are the entries that a group lists and that exist.
func (s *store) memberNodes(group *entry) []*node {
	var members []*node
	for _, name := range []string{"member", "uniquemember"} {
		a := group.byName[name]
		if a == nil {
			continue
		}
		for _, key := range a.compared {
			if n := s.byDN[key]; n != nil {
				members = append(members, n)
			}
		}
	}
	return members
}

// complete adds what a server computes itself.
func (s *store) complete(e *entry) {
	s.created++
	unique := uniqueBytes(fmt.Sprintf("%s %d", e.key, s.created))
	if s.schema != SchemaActiveDirectory {
		s.completeMissing(e, "entryUUID", uuidText(unique))
		return
	}
	s.completeMissing(e, "objectGUID", string(unique[:]))
	switch {
	case e.hasClass("computer"):
		s.completeSecurity(e, "805306369", "computer")
	case e.hasClass("user"):
		s.completeMissing(e, "userAccountControl", "512")
		s.completeMissing(e, "primaryGroupID", "513")
		s.completeSecurity(e, "805306368", "person")
	case e.hasClass("group"):
		s.completeSecurity(e, "268435456", "group")
	}
}

// labDomainSID is the domain of every SID that the server hands out itself.
const labDomainSID = "S-1-5-21-3623811015-3361044348-30300820"

func (s *store) completeSecurity(e *entry, accountType, category string) {
	s.completeMissing(e, "sAMAccountType", accountType)
	s.completeMissing(e, "objectCategory", "CN="+category+","+schemaContainer)
	if len(e.values("objectSid")) == 0 {
		s.nextRID++
		e.append("objectSid", fmt.Sprintf("%s-%d", labDomainSID, s.nextRID))
	}
}

func (s *store) completeMissing(e *entry, name, value string) {
	if len(e.values(name)) == 0 {
		e.append(name, value)
	}
}
