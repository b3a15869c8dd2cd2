// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	goldap "github.com/go-ldap/ldap/v3"
)

func compileExtensible(p *ber.Packet, inChain bool) filter {
	var rule, name, value string
	for _, child := range p.Children {
		text := ber.DecodeString(child.Data.Bytes())
		switch child.Tag {
		case goldap.MatchingRuleAssertionMatchingRule:
			rule = text
		case goldap.MatchingRuleAssertionType:
			name = strings.ToLower(text)
		case goldap.MatchingRuleAssertionMatchValue:
			value = text
		}
	}
	switch {
	case rule == "":
		return equality{name, compare(name, value)}
	case rule == ruleBitAnd, rule == ruleBitOr:
		bits, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nothing{}
		}
		return bitwise{name, bits, rule == ruleBitAnd}
	case rule == ruleInChain && inChain && (name == "memberof" || name == "member"):
		return &chain{name: name, start: compare(name, value)}
	default:
		return nothing{} // a rule the server does not know is "undefined", which selects nothing
	}
}

type nothing struct{}

func (nothing) matches(*Directory, *node) bool        { return false }
func (nothing) candidates(*Directory) ([]*node, bool) { return nil, true }

type bitwise struct {
	name string
	bits int64
	all  bool
}

func (f bitwise) matches(d *Directory, n *node) bool {
	return slices.ContainsFunc(comparedValues(d, n, f.name), func(v string) bool {
		value, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return false
		}
		if f.all {
			return value&f.bits == f.bits
		}
		return value&f.bits != 0
	})
}

func (f bitwise) candidates(*Directory) ([]*node, bool) { return nil, false }

// chain is the matching rule in chain: memberOf selects everyone below a group at any depth, member every group above
// an entry. It follows the links once per search.
type chain struct {
	name, start string
	reached     map[*node]bool
	order       []*node
}

func (f *chain) matches(d *Directory, n *node) bool {
	f.follow(d)
	return f.reached[n]
}

func (f *chain) candidates(d *Directory) ([]*node, bool) {
	f.follow(d)
	return f.order, true
}

func (f *chain) follow(d *Directory) {
	if f.reached != nil {
		return
	}
	f.reached = map[*node]bool{}
	start := d.byDN[f.start]
	if start == nil {
		return
	}
	next := func(n *node) []*node { return d.memberNodes(n.entry) }
	if f.name == "member" {
		next = func(n *node) []*node { return d.groupsOf(n.entry) }
	}
	waiting := []*node{start}
	for len(waiting) > 0 {
		n := waiting[0]
		waiting = waiting[1:]
		for _, linked := range next(n) {
			if !f.reached[linked] {
				f.reached[linked] = true
				f.order = append(f.order, linked)
				waiting = append(waiting, linked)
			}
		}
	}
}
