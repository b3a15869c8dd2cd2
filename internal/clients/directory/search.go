// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// The limits of one search. They are far beyond what Terraform can hold in a list, and end a search that a server would
// never end.
const (
	pageSize     = 1000      // Active Directory's MaxPageSize, the most entries that it gives at a time
	maxIdlePages = 100       // in a row, without an entry that is new
	maxEntries   = 500_000   // of all pages
	maxBytes     = 128 << 20 // on the wire
	maxTimeouts  = 20        // how many times the limit of one request all pages and ranges may take
)

// query is one search.
type query struct {
	base   string
	scope  int // ldap.ScopeBaseObject, ldap.ScopeWholeSubtree
	filter string
	attrs  []string
	deref  int // which aliases the server follows, ldap.NeverDerefAliases unless set
	// atMost ends the search after so many entries, without error; 0 = all of them, page by page.
	atMost int
}

// search returns every entry that the query selects, with all values of their attributes. Referrals in the answer are
// ignored.
func (c *Client) search(ctx context.Context, q query) ([]*ldap.Entry, error) {
	if err := checkFilter(q.filter); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, maxTimeouts*c.config.Timeout)
	defer cancel()
	var entries []*ldap.Entry
	err := c.run(limited, func(conn *connection) error {
		r := &reading{client: c, conn: conn, query: q}
		if err := r.all(limited); err != nil {
			return err
		}
		entries = r.entries
		return nil
	})
	if ctx.Err() == nil && limited.Err() != nil {
		return nil, endless("it took longer than %s in all its pages", maxTimeouts*c.config.Timeout)
	}
	return entries, err
}

// searchBelow runs the query below each of the bases, and returns every entry once. Errors are explained. Of several
// bases, one that does not exist is left out: a server names suffixes that it has no entries of.
func (c *Client) searchBelow(ctx context.Context, bases []string, q query) ([]*ldap.Entry, error) {
	return c.searchEach(ctx, bases, len(bases), q)
}

// searchEverywhere runs the query below the bases and in all other naming contexts. A context that the account may not
// read is left out unless it is one of the bases: base_dn is how people exclude it.
func (c *Client) searchEverywhere(ctx context.Context, s server, q query) ([]*ldap.Entry, error) {
	return c.searchEach(ctx, s.allDNs(), len(s.bases), q)
}

// searchEach is searchBelow where only so many of the bases, the first ones, must be readable.
func (c *Client) searchEach(ctx context.Context, bases []string, required int, q query) ([]*ldap.Entry, error) {
	var all []*ldap.Entry
	var missing error
	seen := map[string]bool{} // an alias, or a change between two pages, can make a server repeat an entry
	answered := false
	for i, base := range bases {
		entries, err := c.searchBase(ctx, base, q)
		if len(bases) > 1 && ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) || i >= required && isAbsent(err) {
			missing = c.explainSearch(err, base)
			continue
		}
		if err != nil {
			return nil, c.explainSearch(err, base)
		}
		answered = true
		for _, entry := range entries {
			if !seen[entry.DN] {
				seen[entry.DN] = true
				all = append(all, entry)
			}
		}
	}
	if !answered {
		return nil, missing
	}
	return all, nil
}

// searchBase runs the query below a base, in whichever form the server stores its DN.
func (c *Client) searchBase(ctx context.Context, base string, q query) (entries []*ldap.Entry, err error) {
	for _, form := range forms(base) {
		q.base = form
		entries, err = c.search(ctx, q)
		if !ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
			break
		}
	}
	return entries, err
}

func endless(format string, args ...any) *Error {
	return fault(ErrEndless, "url", nil, "The directory does not end a search: "+format+
		". The server is at fault, or a proxy in front of it. Try another server in ldap.url, or narrow filter or "+
		"base_dn.", args...)
}

// reading is one search under way, in all its pages.
type reading struct {
	client  *Client
	conn    *connection
	query   query
	entries []*ldap.Entry
}

func (r *reading) all(ctx context.Context) error {
	if err := r.pages(ctx); err != nil {
		return err
	}
	for _, entry := range r.entries {
		if err := r.completeRanges(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) request(base string, scope int, filter string, attrs []string) *ldap.SearchRequest {
	return ldap.NewSearchRequest(
		base,
		scope,
		r.query.deref,
		r.query.atMost,
		r.client.requestTimeLimit(),
		false,
		filter,
		attrs,
		nil,
	)
}

func (r *reading) pages(ctx context.Context) error {
	q := r.query
	request := r.request(q.base, q.scope, q.filter, q.attrs)
	if q.atMost > 0 || q.scope == ldap.ScopeBaseObject || r.client.noPaging.Load() {
		_, err := r.page(ctx, request)
		if q.atMost > 0 && ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) {
			return nil
		}
		return err
	}
	paging := ldap.NewControlPaging(pageSize)
	request.Controls = []ldap.Control{paging}
	seen := map[string]bool{}
	for idlePages := 0; ; {
		before := len(r.entries)
		cookie, err := r.page(ctx, request)
		if before == 0 && len(paging.Cookie) == 0 && refusesPaging(err) {
			return r.withoutPaging(ctx, request)
		}
		if err != nil || len(cookie) == 0 {
			return err
		}
		idlePages++
		if addsTo(seen, r.entries[before:]) {
			idlePages = 0
		}
		// The same cookie alone proves nothing: Samba numbers the search and not the page.
		if idlePages > 0 && len(r.entries) > before && bytes.Equal(cookie, paging.Cookie) {
			return endless("it hands out the same page and the same cookie twice")
		}
		if idlePages == maxIdlePages {
			return endless("it sent %d pages in a row without anything new", maxIdlePages)
		}
		paging.SetCookie(cookie)
	}
}

// addsTo adds the entries to those seen, and reports whether any is new.
func addsTo(seen map[string]bool, entries []*ldap.Entry) bool {
	before := len(seen)
	for _, entry := range entries {
		seen[entry.DN] = true
	}
	return len(seen) > before
}

// refusesPaging tells a server that will not hand out pages from one that refuses the search; it is asked again to
// find out.
func refusesPaging(err error) bool {
	return ldap.IsErrorAnyOf(err, ldap.LDAPResultUnavailableCriticalExtension, ldap.LDAPResultUnwillingToPerform,
		ldap.LDAPResultProtocolError, ldap.LDAPResultAdminLimitExceeded)
}

func (r *reading) withoutPaging(ctx context.Context, request *ldap.SearchRequest) error {
	request.Controls = nil
	r.entries = nil
	_, err := r.page(ctx, request)
	if err == nil {
		r.client.noPaging.Store(true)
	}
	return err
}

// page adds the entries of one answer, and returns the cookie for the next page. What came before an error counts.
func (r *reading) page(ctx context.Context, request *ldap.SearchRequest) (cookie []byte, err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	answer, err := r.conn.Search(request)
	if answer == nil {
		return nil, err
	}
	r.entries = append(r.entries, answer.Entries...)
	if err == nil && len(r.entries) > maxEntries {
		err = endless("it sent more than %d entries", maxEntries)
	}
	if paging, ok := ldap.FindControl(answer.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
		cookie = paging.Cookie
	}
	return cookie, err
}

// completeRanges fetches the rest of attributes that came as "member;range=0-1499", and puts all values under the
// plain name.
func (r *reading) completeRanges(ctx context.Context, entry *ldap.Entry) error {
	for _, part := range slices.Clone(entry.Attributes) {
		name, next, ok := parseRange(part.Name)
		if !ok {
			continue
		}
		all, raw := part.Values, part.ByteValues
		for next > 0 {
			more, err := r.nextRange(ctx, entry.DN, name, next)
			if err != nil {
				return err
			}
			if len(more.Values) == 0 {
				break // the group shrank meanwhile
			}
			all, raw = append(all, more.Values...), append(raw, more.ByteValues...)
			from := next
			if _, next, ok = parseRange(more.Name); !ok {
				next = 0
			}
			if next > 0 && next <= from {
				return endless("the values of %s of %q do not go on after number %d", name, entry.DN, from)
			}
		}
		entry.Attributes = slices.DeleteFunc(entry.Attributes, func(a *ldap.EntryAttribute) bool {
			return a == part || strings.EqualFold(a.Name, name)
		})
		entry.Attributes = append(entry.Attributes, &ldap.EntryAttribute{Name: name, Values: all, ByteValues: raw})
	}
	return nil
}

func (r *reading) nextRange(ctx context.Context, dn, name string, from int) (*ldap.EntryAttribute, error) {
	more := &reading{client: r.client, conn: r.conn, query: query{scope: ldap.ScopeBaseObject}}
	request := more.request(
		dn,
		ldap.ScopeBaseObject,
		"(objectClass=*)",
		[]string{fmt.Sprintf("%s;range=%d-*", name, from)},
	)
	if _, err := more.page(ctx, request); err != nil {
		return nil, err
	}
	for _, entry := range more.entries {
		for _, a := range entry.Attributes {
			if len(a.Values) > 0 && strings.EqualFold(baseName(a.Name), name) {
				return a, nil
			}
		}
	}
	return &ldap.EntryAttribute{}, nil
}

func baseName(attribute string) string {
	name, _, _ := strings.Cut(attribute, ";")
	return name
}

// parseRange reads "member;range=0-1499": next is where the rest starts, 0 when this was the end
// ("member;range=1500-*").
func parseRange(attribute string) (name string, next int, ok bool) {
	name, option, found := strings.Cut(attribute, ";")
	bounds, isRange := strings.CutPrefix(strings.ToLower(option), "range=")
	_, last, hasDash := strings.Cut(bounds, "-")
	if !found || !isRange || !hasDash {
		return "", 0, false
	}
	if last == "*" {
		return name, 0, true
	}
	end, err := strconv.Atoi(last)
	if err != nil || end < 0 {
		return "", 0, false
	}
	return name, end + 1, true
}

// maxFilter bounds what a filter written by hand may be: compiling recurses into every parenthesis.
const maxFilter = 64 << 10

func checkFilter(filter string) error {
	if len(filter) > maxFilter {
		return fault(
			ErrBadFilter,
			"filter",
			nil,
			"The filter is %d bytes long; at most %d are allowed.",
			len(filter),
			maxFilter,
		)
	}
	if _, err := ldap.CompileFilter(filter); err != nil {
		return badFilter(filter, err)
	}
	return nil
}

func badFilter(filter string, err error) error {
	if reason, ok := errors.AsType[*ldap.Error](err); ok {
		err = reason.Err
	}
	return &Error{
		Kind: ErrBadFilter, Attribute: "filter", Cause: err,
		Message: fmt.Sprintf(
			"%q is not an LDAP filter (%s). A filter is written in parentheses, such as (department=Lab) or "+
				"(&(title=Engineer)(l=Berlin)); "+
				"a value in it is escaped with provider::directory::escape_filter.",
			filter,
			strings.TrimPrefix(err.Error(), "ldap: "),
		),
	}
}

// equals is a filter for one attribute value, whatever the value holds.
func equals(attribute, value string) string {
	return "(" + attribute + "=" + ldap.EscapeFilter(value) + ")"
}

func anyOf(filters ...string) string { return "(|" + strings.Join(filters, "") + ")" }

// allOf is a filter for entries that every filter selects; empty ones do not count.
func allOf(filters ...string) string {
	filters = slices.DeleteFunc(slices.Clone(filters), func(f string) bool { return f == "" })
	if len(filters) == 1 {
		return filters[0]
	}
	return "(&" + strings.Join(filters, "") + ")"
}
