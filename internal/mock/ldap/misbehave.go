// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jimlambrt/gldap"
)

// How the server can misbehave, see [Options.Misbehave]. Searches of the root DSE are always answered well.
const (
	// SamePage hands out the first page again and again, with the same cookie.
	SamePage = "same page"
	// SameCookie hands out every page once, all with the same cookie, as Samba does. It is not wrong.
	SameCookie = "same cookie"
	// EmptyPages hands out new cookies forever, and no entries.
	EmptyPages = "empty pages"
	// InventedPages hands out new pages forever.
	InventedPages = "invented pages"
	// EndlessAnswer never ends the answer to a search.
	EndlessAnswer = "endless answer"
	// StuckRange hands out the first range of values again, whatever range is asked for.
	StuckRange = "stuck range"
	// RefusePages refuses searches that ask for pages.
	RefusePages = "refuse pages"
	// DeepGroups invents a group inside of every group.
	DeepGroups = "deep groups"
	// RepeatedEntries hands out every entry twice.
	RepeatedEntries = "repeated entries"
	// Referrals answers every search with a reference back to this server.
	Referrals = "referrals"
)

// misbehavingPage is a page of a server that misbehaves; ok = false leaves the page to a server that does not.
func (s *Server) misbehavingPage(
	c *connection, m *gldap.SearchMessage, size int,
) (found []result, cookie []byte, ok bool, err error) {
	switch s.options.Misbehave {
	case RefusePages:
		return nil, nil, true, outcome{code: gldap.ResultUnwillingToPerform, message: "paged results are not available"}
	case SamePage:
		found, err = s.find(m)
		return found[:min(size, len(found))], []byte("same"), true, err
	case EmptyPages:
		return nil, []byte(s.nextCookie(c)), true, nil
	case InventedPages:
		cookie = []byte(s.nextCookie(c))
		return []result{s.invent("invented " + string(cookie))}, cookie, true, nil
	default:
		return nil, nil, false, nil
	}
}

func (s *Server) nextCookie(c *connection) string {
	c.cookies++
	if s.options.Misbehave == SameCookie {
		return "same"
	}
	return strconv.Itoa(c.cookies)
}

// invent is a person that the directory does not hold.
func (s *Server) invent(name string, more ...ldifAttr) result {
	attrs := append([]ldifAttr{
		{"objectClass", "person"},
		{"sAMAccountType", "805306368"},
		{"uid", name},
		{"sAMAccountName", name},
		{"cn", name},
	}, more...)
	e, err := newEntry("CN="+name+","+s.BaseDN(), attrs)
	if err != nil {
		panic(err) // the names are made here
	}
	return result{entry: e}
}

// answerEndlessly sends one large entry after the other until the client is gone.
func (s *Server) answerEndlessly(w *gldap.ResponseWriter, r *gldap.Request) {
	large := strings.Repeat("x", 64<<10)
	for i := 0; ; i++ {
		entry := r.NewSearchResponseEntry(fmt.Sprintf("CN=invented %d,%s", i, s.BaseDN()))
		entry.AddAttribute("cn", []string{large})
		if w.Write(entry) != nil {
			return
		}
	}
}

// inventGroup is a group that holds another one, whose name has the next number.
func (s *Server) inventGroup(dn string) result {
	name, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(dn), "cn=deep "), ",")
	number, _ := strconv.Atoi(name) // 0 for the first
	next := fmt.Sprintf("CN=deep %d,%s", number+1, s.BaseDN())
	e, err := newEntry(dn, []ldifAttr{{"objectClass", "groupOfNames"}, {"cn", name}, {"member", next}})
	if err != nil {
		panic(err) // the client named the DN
	}
	return result{entry: e}
}
