// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// Directory holds entries in memory, in the order they came, with an index on what clients look up. Everything that the
// mocks know of people and groups is here: [Server] answers LDAP clients from it, and the mock platforms read it as a
// [people.Directory]. It is quick enough for 20,000 people, and safe for concurrent use.
//
// Entries are immutable: a change puts a new one in the old one's place, so an answer under way keeps what it saw.
type Directory struct {
	schema   string
	suffixes []string // the naming contexts it was loaded with; new people and groups come below the first

	mu      sync.RWMutex
	nodes   []*node
	byDN    map[string]*node
	index   map[string]map[string][]*node // attribute -> value as compared -> who has it
	nextRID int
	created int
	broken  map[string]error // folded group name -> what platforms fail with when they read the group
}

// node is an entry's place in the directory.
type node struct {
	entry *entry
	// person is the entry as platforms read it, nil where it is not a person. It is made once for each change: platforms
	// read all members of a group again for every page that they answer.
	person *people.User
}

// hold sets the entry. The caller holds the lock.
func (n *node) hold(e *entry) {
	n.entry, n.person = e, nil
	if isPerson(e) {
		u := user(e)
		n.person = &u
	}
}

// indexed are the attributes that clients look people and groups up by.
var indexed = []string{
	"samaccountname", "userprincipalname", "uid", "cn", "displayname", "mail", "member", "uniquemember", "memberuid",
	"roleoccupant", "objectclass", "objectsid", "objectguid", "entryuuid", "primarygroupid", "gidnumber",
}

// NewDirectory returns the domain lab.example without any people and groups.
func NewDirectory() *Directory {
	d, err := loadDirectory(SchemaActiveDirectory, `
dn: DC=lab,DC=example
objectClass: domainDNS

dn: OU=People,DC=lab,DC=example
objectClass: organizationalUnit

dn: OU=Groups,DC=lab,DC=example
objectClass: organizationalUnit
`)
	if err != nil {
		panic(err) // the text stands above
	}
	return d
}

// loadDirectory returns what the LDIF holds.
func loadDirectory(schema, ldif string) (*Directory, error) {
	entries, err := parseLDIF(ldif)
	if err != nil {
		return nil, fmt.Errorf("reading the LDIF: %w", err)
	}
	if len(entries) == 0 {
		return nil, errors.New("reading the LDIF: it holds no entries")
	}
	d := &Directory{
		schema: schema, byDN: map[string]*node{}, index: map[string]map[string][]*node{}, nextRID: 5000,
		broken: map[string]error{},
	}
	for _, name := range indexed {
		d.index[name] = map[string][]*node{}
	}
	for _, raw := range entries {
		e, err := newEntry(raw.dn, raw.attrs)
		if err != nil {
			return nil, err
		}
		if err := d.insert(e); err != nil {
			return nil, err
		}
	}
	for _, n := range d.nodes {
		if d.byDN[n.entry.parent] == nil {
			d.suffixes = append(d.suffixes, n.entry.dn)
		}
	}
	return d, nil
}

// insert adds a new entry. The caller holds the lock.
func (d *Directory) insert(e *entry) error {
	if d.byDN[e.key] != nil {
		return fmt.Errorf("entry %q exists already", e.dn)
	}
	d.complete(e)
	n := &node{}
	n.hold(e)
	d.nodes = append(d.nodes, n)
	d.byDN[e.key] = n
	for name, values := range d.index {
		index(values, e.comparedAs(name), n)
	}
	return nil
}

// replace puts an entry with the same DN in the place of another. The caller holds the lock.
func (d *Directory) replace(n *node, e *entry) {
	for name, values := range d.index {
		before, after := n.entry.comparedAs(name), e.comparedAs(name)
		if !slices.Equal(before, after) {
			unindex(values, without(before, after), n)
			index(values, without(after, before), n)
		}
	}
	n.hold(e)
}

// remove takes the entry out of the directory. The caller holds the lock.
func (d *Directory) remove(n *node) {
	for name, values := range d.index {
		unindex(values, n.entry.comparedAs(name), n)
	}
	delete(d.byDN, n.entry.key)
	d.nodes = slices.DeleteFunc(d.nodes, func(other *node) bool { return other == n })
}

func index(byValue map[string][]*node, values []string, n *node) {
	for _, v := range values {
		if nodes := byValue[v]; len(nodes) == 0 || nodes[len(nodes)-1] != n { // a value may come twice
			byValue[v] = append(nodes, n)
		}
	}
}

func unindex(byValue map[string][]*node, values []string, n *node) {
	for _, v := range values {
		byValue[v] = slices.DeleteFunc(byValue[v], func(other *node) bool { return other == n })
		if len(byValue[v]) == 0 {
			delete(byValue, v)
		}
	}
}

// without are the values that are not among the others.
func without(values, others []string) []string {
	known := make(map[string]struct{}, len(others))
	for _, v := range others {
		known[v] = struct{}{}
	}
	var left []string
	for _, v := range values {
		if _, is := known[v]; !is {
			left = append(left, v)
		}
	}
	return left
}

// groupsOf are the nodes that list the entry as a member.
func (d *Directory) groupsOf(e *entry) []*node {
	byMember, byUnique := d.index["member"][e.key], d.index["uniquemember"][e.key]
	if len(byUnique) == 0 {
		return byMember
	}
	return slices.Concat(byMember, byUnique)
}

// memberNodes are the entries that a group lists and that exist.
func (d *Directory) memberNodes(group *entry) []*node {
	var members []*node
	for _, name := range []string{"member", "uniquemember"} {
		a := group.byName[name]
		if a == nil {
			continue
		}
		for _, key := range a.compared {
			if n := d.byDN[key]; n != nil {
				members = append(members, n)
			}
		}
	}
	return members
}

// complete adds what a server computes itself.
func (d *Directory) complete(e *entry) {
	d.created++
	unique := uniqueBytes(fmt.Sprintf("%s %d", e.key, d.created))
	if !d.isActiveDirectory() {
		d.completeMissing(e, "entryUUID", uuidText(unique))
		return
	}
	d.completeMissing(e, "objectGUID", string(unique[:]))
	switch {
	case e.hasClass("computer"):
		d.completeSecurity(e, "805306369", "computer")
	case e.hasClass("user"):
		d.completeMissing(e, "userAccountControl", "512")
		d.completeMissing(e, "primaryGroupID", "513")
		d.completeSecurity(e, "805306368", "person")
	case e.hasClass("group"):
		d.completeSecurity(e, "268435456", "group")
	}
}

// labDomainSID is the domain of every SID that the server hands out itself.
const labDomainSID = "S-1-5-21-3623811015-3361044348-30300820"

func (d *Directory) completeSecurity(e *entry, accountType, category string) {
	d.completeMissing(e, "sAMAccountType", accountType)
	d.completeMissing(e, "objectCategory", "CN="+category+","+schemaContainer)
	if len(e.values("objectSid")) == 0 {
		d.nextRID++
		e.append("objectSid", fmt.Sprintf("%s-%d", labDomainSID, d.nextRID))
	}
}

func (d *Directory) completeMissing(e *entry, name, value string) {
	if len(e.values(name)) == 0 {
		e.append(name, value)
	}
}

func (d *Directory) isActiveDirectory() bool {
	return strings.EqualFold(d.schema, SchemaActiveDirectory)
}
