// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jimlambrt/gldap"
)

// result is one entry as a search saw it, with the back links of that moment.
type result struct {
	entry    *entry
	memberOf []string
}

// outcome is how a search ends when it does not simply succeed.
type outcome struct {
	code    int
	message string
	matched string
}

func (o outcome) Error() string { return fmt.Sprintf("%d %s", o.code, o.message) }

// find evaluates a search and returns all that it selects, in the order of creation.
func (s *Server) find(m *gldap.SearchMessage) ([]result, error) {
	if s.options.Misbehave == DeepGroups && m.Scope == gldap.BaseObject {
		return []result{s.inventGroup(m.BaseDN)}, nil
	}
	f, err := compileFilter(m.Filter, s.isActiveDirectory() && !s.options.NoMatchingRuleInChain)
	if err != nil {
		return nil, outcome{code: gldap.ResultProtocolError, message: "Bad search filter"}
	}
	base, err := dnKey(m.BaseDN)
	if err != nil {
		return nil, outcome{code: gldap.ResultInvalidDNSyntax, message: "invalid DN"}
	}
	s.directory.mu.RLock()
	defer s.directory.mu.RUnlock()
	start := s.directory.byDN[base]
	if start != nil && m.DerefAliases&derefFinding != 0 {
		start = s.directory.follow(start)
	}
	if start == nil {
		return nil, s.noSuchObject(base)
	}
	base = start.entry.key
	if s.options.Forbidden != "" && base == compare("entryDN", s.options.Forbidden) {
		return nil, outcome{code: gldap.ResultInsufficientAccessRights}
	}
	nodes, ok := f.candidates(s.directory)
	if m.Scope == gldap.BaseObject {
		nodes, ok = []*node{start}, true
	}
	if !ok {
		nodes = s.directory.nodes
	}
	var found []result
	for _, n := range nodes {
		if inScope(n.entry, base, m.Scope) && f.matches(s.directory, n) {
			found = append(found, s.result(n))
		}
	}
	if m.DerefAliases&derefSearching != 0 && m.Scope != gldap.BaseObject {
		found = append(found, s.aliased(f, base, m.Scope)...)
	}
	return found, nil
}

// The bits of derefAliases (RFC 4511 section 4.5.1.3): 1 = in searching, 2 = finding the base, 3 = both.
const derefSearching, derefFinding = 1, 2

// aliased are the entries outside of the scope that aliases in it stand for.
func (s *Server) aliased(f filter, base string, scope gldap.Scope) []result {
	var found []result
	for _, alias := range s.directory.index["objectclass"]["alias"] {
		target := s.directory.follow(alias)
		if target != nil && inScope(alias.entry, base, scope) && !inScope(target.entry, base, scope) &&
			f.matches(s.directory, target) {
			found = append(found, s.result(target))
		}
	}
	return found
}

// follow is what an alias stands for, or the node itself. nil = the entry is not there.
func (d *Directory) follow(n *node) *node {
	for range len(d.nodes) {
		if n == nil || !n.entry.hasClass("alias") {
			return n
		}
		n = d.byDN[compare("aliasedObjectName", n.entry.first("aliasedObjectName"))]
	}
	return nil
}

func (s *Server) result(n *node) result {
	r := result{entry: n.entry}
	for _, group := range s.directory.groupsOf(n.entry) {
		r.memberOf = append(r.memberOf, group.entry.dn)
	}
	return r
}

// noSuchObject tells how much of the base exists, as servers do.
func (s *Server) noSuchObject(base string) error {
	o := outcome{code: gldap.ResultNoSuchObject, message: "No such Base DN"}
	for key := parentKey(base); key != ""; key = parentKey(key) {
		if n := s.directory.byDN[key]; n != nil {
			o.matched = n.entry.dn
			break
		}
	}
	return o
}

func inScope(e *entry, base string, scope gldap.Scope) bool {
	switch scope {
	case gldap.BaseObject:
		return e.key == base
	case gldap.SingleLevel:
		return e.parent == base
	default:
		return e.key == base || strings.HasSuffix(e.key, dnSeparator+base)
	}
}

// page takes the next entries of a search that asks for pages; the cookie is only good on the connection that got it.
func (s *Server) page(c *connection, m *gldap.SearchMessage, paging *gldap.ControlPaging) ([]result, []byte, error) {
	if found, cookie, ok, err := s.misbehavingPage(c, m, int(paging.PagingSize)); ok {
		return found, cookie, err
	}
	var left []result
	if cookie := string(paging.Cookie); cookie != "" {
		kept, ok := c.pages[cookie]
		if !ok {
			return nil, nil, outcome{code: gldap.ResultUnwillingToPerform, message: "paged results cookie is invalid"}
		}
		delete(c.pages, cookie)
		left = kept
	} else {
		found, err := s.find(m)
		if err != nil {
			return nil, nil, err
		}
		left = found
	}
	size := int(paging.PagingSize)
	if size == 0 {
		return nil, nil, nil // the client abandons the search
	}
	if s.options.SizeLimit > 0 {
		size = min(size, s.options.SizeLimit)
	}
	if len(left) <= size {
		return left, nil, nil
	}
	cookie := s.nextCookie(c)
	c.pages[cookie] = left[size:]
	return left[:size], []byte(cookie), nil
}

// limit cuts an answer to what the client and the server allow.
func (s *Server) limit(found []result, m *gldap.SearchMessage, paged bool) ([]result, error) {
	allowed := len(found)
	if m.SizeLimit > 0 {
		allowed = min(allowed, int(m.SizeLimit))
	}
	if !paged && s.options.SizeLimit > 0 {
		allowed = min(allowed, s.options.SizeLimit)
	}
	if allowed < len(found) {
		return found[:allowed], outcome{code: gldap.ResultSizeLimitExceeded, message: "Size limit exceeded"}
	}
	return found, nil
}

// hidden are never handed out.
var hidden = []string{"userpassword", "unicodepwd"}

// operational are handed out by name or by "+" only, by servers other than Active Directory.
var operational = []string{"entryuuid", "memberof", "entrydn"}

// selected are the attributes to send, with their values, in ranges where they are many.
func (s *Server) selected(r result, requested []string, typesOnly bool) []ldifValues {
	all := slices.Contains(requested, "*") || len(requested) == 0
	plus := slices.Contains(requested, "+")
	var out []ldifValues
	for _, a := range s.visible(r) {
		lower := strings.ToLower(a.name)
		asked, ranged := askedFor(requested, lower)
		isOperational := !s.isActiveDirectory() && slices.Contains(operational, lower)
		if !asked && !(isOperational && plus) && !(!isOperational && all) {
			continue
		}
		if typesOnly {
			a.values = nil
		}
		out = append(out, s.inRanges(a, ranged)...)
	}
	return out
}

type ldifValues struct {
	name   string
	values []string
}

func (s *Server) visible(r result) []ldifValues {
	var out []ldifValues
	for _, a := range r.entry.attrs {
		if !slices.Contains(hidden, strings.ToLower(a.name)) {
			out = append(out, ldifValues{a.name, a.values})
		}
	}
	if s.isActiveDirectory() {
		out = append(out, ldifValues{"distinguishedName", []string{r.entry.dn}})
	} else {
		out = append(out, ldifValues{"entryDN", []string{r.entry.dn}})
	}
	if len(r.memberOf) > 0 {
		out = append(out, ldifValues{"memberOf", r.memberOf})
	}
	return out
}

// askedFor tells whether the client named the attribute, and with which range option.
func askedFor(requested []string, lower string) (asked bool, ranged string) {
	lower, _, _ = strings.Cut(lower, ";")
	for _, w := range requested {
		name, option, _ := strings.Cut(strings.ToLower(w), ";")
		if name == lower {
			return true, option
		}
	}
	return false, ""
}

// inRanges is MS-ADTS 3.1.1.3.1.3.3: too many values come as name;range=first-last next to an empty attribute.
func (s *Server) inRanges(a ldifValues, option string) []ldifValues {
	first, err := rangeStart(option)
	if s.options.Misbehave == StuckRange {
		first = 0
	}
	if err != nil || s.options.MaxValues <= 0 || (len(a.values) <= s.options.MaxValues && first == 0) {
		return []ldifValues{a}
	}
	if first >= len(a.values) {
		return nil
	}
	rest := a.values[first:]
	empty := ldifValues{name: a.name}
	if len(rest) <= s.options.MaxValues {
		return []ldifValues{empty, {fmt.Sprintf("%s;range=%d-*", a.name, first), rest}}
	}
	last := first + s.options.MaxValues - 1
	return []ldifValues{empty, {fmt.Sprintf("%s;range=%d-%d", a.name, first, last), rest[:s.options.MaxValues]}}
}

func rangeStart(option string) (int, error) {
	if option == "" {
		return 0, nil
	}
	bounds, ok := strings.CutPrefix(option, "range=")
	if !ok {
		return 0, errors.New("not a range")
	}
	first, _, _ := strings.Cut(bounds, "-")
	return strconv.Atoi(first)
}
