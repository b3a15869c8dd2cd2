package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// pageSize is Active Directory's MaxPageSize, the most entries that it hands out at a time.
const pageSize = 1000

// query is one search.
type query struct {
	base   string
	scope  int // ldap.ScopeBaseObject, ldap.ScopeWholeSubtree
	filter string
	attrs  []string
	// atMost ends the search after so many entries, without error; 0 = all of them, page by page.
	atMost int
}

// search returns every entry that the query selects, with all values of their attributes. Referrals in the answer are ignored.
func (c *Client) search(ctx context.Context, q query) ([]*ldap.Entry, error) {
	if err := checkFilter(q.filter); err != nil {
		return nil, err
	}
	var entries []*ldap.Entry
	err := c.run(ctx, func(conn *connection) error {
		found, err := c.searchPages(ctx, conn, q)
		if err != nil {
			return err
		}
		for _, entry := range found {
			if err := c.completeRanges(ctx, conn, entry); err != nil {
				return err
			}
		}
		entries = found
		return nil
	})
	return entries, err
}

func (c *Client) searchPages(ctx context.Context, conn *connection, q query) ([]*ldap.Entry, error) {
	request := ldap.NewSearchRequest(q.base, q.scope, ldap.NeverDerefAliases, q.atMost, c.requestTimeLimit(), false, q.filter, q.attrs, nil)
	if q.atMost > 0 || q.scope == ldap.ScopeBaseObject {
		result, err := conn.Search(request)
		if q.atMost > 0 && ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) {
			err = nil
		}
		if err != nil {
			return nil, err
		}
		return result.Entries, nil
	}
	paging := ldap.NewControlPaging(pageSize)
	request.Controls = []ldap.Control{paging}
	var entries []*ldap.Entry
	for {
		result, err := conn.Search(request)
		if err != nil {
			return nil, err
		}
		entries = append(entries, result.Entries...)
		cookie := nextCookie(result)
		if len(cookie) == 0 || ctx.Err() != nil {
			return entries, ctx.Err()
		}
		paging.SetCookie(cookie)
	}
}

func nextCookie(result *ldap.SearchResult) []byte {
	if paging, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
		return paging.Cookie
	}
	return nil
}

// completeRanges fetches the rest of attributes that came as "member;range=0-1499", and puts all values under the plain name.
func (c *Client) completeRanges(ctx context.Context, conn *connection, entry *ldap.Entry) error {
	for _, part := range slices.Clone(entry.Attributes) {
		name, next, ok := parseRange(part.Name)
		if !ok {
			continue
		}
		values, raw := part.Values, part.ByteValues
		for next > 0 {
			more, err := c.nextRange(ctx, conn, entry.DN, name, next)
			if err != nil {
				return err
			}
			if len(more.Values) == 0 {
				break // the group shrank meanwhile
			}
			values, raw = append(values, more.Values...), append(raw, more.ByteValues...)
			if _, next, ok = parseRange(more.Name); !ok {
				next = 0
			}
		}
		entry.Attributes = slices.DeleteFunc(entry.Attributes, func(a *ldap.EntryAttribute) bool {
			return a == part || strings.EqualFold(a.Name, name)
		})
		entry.Attributes = append(entry.Attributes, &ldap.EntryAttribute{Name: name, Values: values, ByteValues: raw})
	}
	return nil
}

func (c *Client) nextRange(ctx context.Context, conn *connection, dn, name string, from int) (*ldap.EntryAttribute, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	result, err := conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, c.requestTimeLimit(), false,
		"(objectClass=*)", []string{fmt.Sprintf("%s;range=%d-*", name, from)}, nil))
	if err != nil {
		return nil, err
	}
	for _, entry := range result.Entries {
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

// parseRange reads "member;range=0-1499": next is where the rest starts, 0 when this was the end ("member;range=1500-*").
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
		return fault(ErrBadFilter, "filter", nil, "The filter is %d bytes long; at most %d are sensible.", len(filter), maxFilter)
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
		Message: fmt.Sprintf("%q is not an LDAP filter (%s). A filter is written in parentheses, such as (department=Lab) or (&(title=Engineer)(l=Berlin)); "+
			"a value in it is escaped with provider::directory::escape_filter.", filter, strings.TrimPrefix(err.Error(), "ldap: ")),
	}
}

// equals is a filter for one attribute value, whatever the value holds.
func equals(attribute, value string) string {
	return "(" + attribute + "=" + ldap.EscapeFilter(value) + ")"
}

func anyOf(filters ...string) string { return "(|" + strings.Join(filters, "") + ")" }

func allOf(filters ...string) string { return "(&" + strings.Join(filters, "") + ")" }
