package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
)

// How many entries a search for near names may bring, and how many names a message has room for.
const (
	maxCandidates = 200
	maxSimilar    = 3
)

// SimilarUsers returns usernames that a person may have meant by a name that nobody goes by, the nearest first, at most three. It
// looks for people who share a piece of the name; a slip of one or two letters leaves at least one piece whole.
func (c *Client) SimilarUsers(ctx context.Context, name string) ([]string, error) {
	names, err := c.names.get(ctx, name, func(ctx context.Context) ([]string, error) { return c.similarUsers(ctx, name) })
	return slices.Clone(names), err
}

func (c *Client) similarUsers(ctx context.Context, name string) ([]string, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return nil, err
	}
	attributes := []string{s.profile.login, "cn", "displayName"}
	var parts []string
	for _, piece := range pieces(name) {
		for _, attribute := range attributes {
			parts = append(parts, "("+attribute+"=*"+ldap.EscapeFilter(piece)+"*)")
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	entries, err := c.search(ctx, query{
		base: s.baseDN, scope: ldap.ScopeWholeSubtree, attrs: s.userAttrs(), atMost: maxCandidates,
		filter: allOf(s.profile.userFilter, anyOf(parts...)),
	})
	if err != nil {
		return nil, c.explainSearch(err, s.baseDN)
	}
	return nearest(name, s.toUsers(entries)), nil
}

// pieces cuts a name into thirds, or halves, or leaves a short one whole.
func pieces(name string) []string {
	letters := []rune(strings.TrimSpace(name))
	count := min(3, len(letters)/2)
	var cut []string
	for i := range count {
		cut = append(cut, string(letters[i*len(letters)/count:(i+1)*len(letters)/count]))
	}
	return cut
}

// nearest ranks people by the nearest of what they go by.
func nearest(name string, users []User) []string {
	type candidate struct {
		username string
		distance int
	}
	tolerance := max(2, utf8.RuneCountInString(name)/3)
	var near []candidate
	for _, u := range users {
		distance := min(editDistance(name, u.Username), editDistance(name, u.DisplayName))
		if distance <= tolerance && u.Username != "" {
			near = append(near, candidate{u.Username, distance})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.username, b.username))
	})
	var names []string
	for _, n := range near[:min(len(near), maxSimilar)] {
		names = append(names, n.username)
	}
	return names
}

// editDistance counts the letters to insert, delete or replace, without regard to case.
func editDistance(a, b string) int {
	from, to := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			cost := 1
			if x == y {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
