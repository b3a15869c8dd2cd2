// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	goldap "github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

// The matching rules of Active Directory that filters name by their number (MS-ADTS 3.1.1.3.4.4).
const (
	ruleBitAnd  = "1.2.840.113556.1.4.803"
	ruleBitOr   = "1.2.840.113556.1.4.804"
	ruleInChain = "1.2.840.113556.1.4.1941"
)

// filter is a compiled search filter. The caller of both methods holds the directory's lock.
type filter interface {
	matches(d *Directory, n *node) bool
	// candidates are nodes among which every match is, when an index knows; otherwise ok is false.
	candidates(d *Directory) (nodes []*node, ok bool)
}

// compileFilter turns the text into something to evaluate, the way RFC 4511 4.5.1.7 says.
func compileFilter(text string, inChain bool) (filter, error) {
	packet, err := goldap.CompileFilter(text)
	if err != nil {
		return nil, err
	}
	return compilePacket(packet, inChain)
}

func compilePacket(p *ber.Packet, inChain bool) (filter, error) {
	switch p.Tag {
	case goldap.FilterAnd, goldap.FilterOr:
		parts := make([]filter, 0, len(p.Children))
		for _, child := range p.Children {
			part, err := compilePacket(child, inChain)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		if p.Tag == goldap.FilterAnd {
			return and(parts), nil
		}
		return or(parts), nil
	case goldap.FilterNot:
		part, err := compilePacket(p.Children[0], inChain)
		return not{part}, err
	case goldap.FilterPresent:
		return present(strings.ToLower(ber.DecodeString(p.Data.Bytes()))), nil
	case goldap.FilterSubstrings:
		return compileSubstrings(p), nil
	case goldap.FilterExtensibleMatch:
		return compileExtensible(p, inChain), nil
	case goldap.FilterEqualityMatch, goldap.FilterApproxMatch:
		name, value := assertion(p)
		return equality{name, compare(name, value)}, nil
	case goldap.FilterGreaterOrEqual, goldap.FilterLessOrEqual:
		name, value := assertion(p)
		return ordering{name, compare(name, value), p.Tag == goldap.FilterGreaterOrEqual}, nil
	default:
		return nil, fmt.Errorf("filter choice %d is not known", p.Tag)
	}
}

func assertion(p *ber.Packet) (name, value string) {
	return strings.ToLower(ber.DecodeString(p.Children[0].Data.Bytes())), ber.DecodeString(p.Children[1].Data.Bytes())
}

// comparedValues are an entry's values of an attribute, those that the server computes among them.
func comparedValues(d *Directory, n *node, name string) []string {
	switch name {
	case "distinguishedname", "entrydn":
		return []string{n.entry.key}
	case "memberof":
		groups := d.groupsOf(n.entry)
		keys := make([]string, len(groups))
		for i, g := range groups {
			keys[i] = g.entry.key
		}
		return keys
	}
	return n.entry.comparedAs(name)
}

type and []filter

func (f and) matches(d *Directory, n *node) bool {
	for _, part := range f {
		if !part.matches(d, n) {
			return false
		}
	}
	return true
}

func (f and) candidates(d *Directory) ([]*node, bool) {
	var best []*node
	found := false
	for _, part := range f {
		if nodes, ok := part.candidates(d); ok && (!found || len(nodes) < len(best)) {
			best, found = nodes, true
		}
	}
	return best, found
}

type or []filter

func (f or) matches(d *Directory, n *node) bool {
	return slices.ContainsFunc(f, func(part filter) bool { return part.matches(d, n) })
}

func (f or) candidates(d *Directory) ([]*node, bool) {
	var all []*node
	seen := map[*node]bool{}
	for _, part := range f {
		nodes, ok := part.candidates(d)
		if !ok {
			return nil, false
		}
		for _, n := range nodes {
			if !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all, true
}

type not struct{ part filter }

func (f not) matches(d *Directory, n *node) bool    { return !f.part.matches(d, n) }
func (f not) candidates(*Directory) ([]*node, bool) { return nil, false }

type present string

func (f present) matches(d *Directory, n *node) bool    { return len(comparedValues(d, n, string(f))) > 0 }
func (f present) candidates(*Directory) ([]*node, bool) { return nil, false }

type equality struct{ name, value string }

func (f equality) matches(d *Directory, n *node) bool {
	return slices.Contains(comparedValues(d, n, f.name), f.value)
}

func (f equality) candidates(d *Directory) ([]*node, bool) {
	switch f.name {
	case "distinguishedname", "entrydn":
		if n := d.byDN[f.value]; n != nil {
			return []*node{n}, true
		}
		return nil, true
	case "memberof":
		if group := d.byDN[f.value]; group != nil {
			return d.memberNodes(group.entry), true
		}
		return nil, true
	}
	values, ok := d.index[f.name]
	if !ok {
		return nil, false
	}
	return values[f.value], true
}

type ordering struct {
	name, value string
	greater     bool
}

func (f ordering) matches(d *Directory, n *node) bool {
	return slices.ContainsFunc(comparedValues(d, n, f.name), func(v string) bool {
		order := strings.Compare(v, f.value)
		a, errA := strconv.ParseInt(v, 10, 64)
		b, errB := strconv.ParseInt(f.value, 10, 64)
		if errA == nil && errB == nil {
			order = cmp.Compare(a, b)
		}
		if f.greater {
			return order >= 0
		}
		return order <= 0
	})
}

func (f ordering) candidates(*Directory) ([]*node, bool) { return nil, false }

type substrings struct {
	name           string
	initial, final string
	any            []string
}

func compileSubstrings(p *ber.Packet) filter {
	f := substrings{name: strings.ToLower(ber.DecodeString(p.Children[0].Data.Bytes()))}
	for _, child := range p.Children[1].Children {
		piece := people.FoldCase(ber.DecodeString(child.Data.Bytes()))
		switch child.Tag {
		case goldap.FilterSubstringsInitial:
			f.initial = piece
		case goldap.FilterSubstringsFinal:
			f.final = piece
		default:
			f.any = append(f.any, piece)
		}
	}
	return f
}

func (f substrings) matches(d *Directory, n *node) bool {
	if dnValued[f.name] {
		return false // no server searches inside of DNs
	}
	return slices.ContainsFunc(comparedValues(d, n, f.name), f.matchesValue)
}

func (f substrings) matchesValue(v string) bool {
	v, ok := strings.CutPrefix(v, f.initial)
	if !ok {
		return false
	}
	for _, piece := range f.any {
		at := strings.Index(v, piece)
		if at < 0 {
			return false
		}
		v = v[at+len(piece):]
	}
	return strings.HasSuffix(v, f.final)
}

func (f substrings) candidates(*Directory) ([]*node, bool) { return nil, false }
