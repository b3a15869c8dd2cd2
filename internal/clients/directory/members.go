// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/sync/errgroup"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// MemberOptions say who counts as a member.
type MemberOptions struct {
	// Nested counts the members of groups in the group, to any depth; cycles are harmless.
	Nested bool
	// IncludeDisabled counts disabled accounts.
	IncludeDisabled bool
}

// Membership is who is in a group.
type Membership struct {
	// People are sorted by username.
	People []User
	// Unresolved are the values of member attributes, as the groups spell them, that stand for no person and no group:
	// computers and contacts, entries that are gone or hidden, those of other servers. They are sorted.
	Unresolved []string
}

const (
	// batchSize is how many names go into one filter.
	batchSize = 100
	// maxDepth is how deep groups may be nested; only a server that invents groups goes deeper.
	maxDepth = 200
)

// Members returns the people in the group; those who have it as the primary group are among them. Members by DN are
// read wherever they lie on the server. What another server holds is unresolved. An unknown group is ErrNotFound.
func (c *Client) Members(ctx context.Context, groupDN string, o MemberOptions) (Membership, error) {
	key := strconv.FormatBool(o.Nested) + " " + groupDN
	found, err := c.memberships.get(
		ctx,
		key,
		func(ctx context.Context) (Membership, error) { return c.members(ctx, groupDN, o.Nested) },
	)
	if err != nil {
		return Membership{}, err
	}
	found = Membership{People: slices.Clone(found.People), Unresolved: slices.Clone(found.Unresolved)}
	if !o.IncludeDisabled {
		found.People = slices.DeleteFunc(found.People, func(u User) bool { return u.Disabled != nil && *u.Disabled })
	}
	return found, nil
}

func (c *Client) members(ctx context.Context, groupDN string, nested bool) (Membership, error) {
	s, err := c.serverInfo(ctx)
	if err != nil {
		return Membership{}, err
	}
	group, err := c.entry(ctx, s, groupDN, s.profile.groupFilter, s.profile.memberAttrs())
	if err != nil {
		return Membership{}, err
	}
	w := &walk{
		client: c, server: s, bases: s.basesOf(group.DN), nested: nested, groups: map[string]bool{dnKey(group.DN): true},
		people: map[string]*ldap.Entry{}, seen: map[string]bool{}, aliases: map[string]string{},
		unresolved: map[string]string{},
	}
	level := []*ldap.Entry{group}
	if s.chain {
		if level, err = w.inChain(ctx, group); err != nil {
			return Membership{}, err
		}
	}
	if err := w.descend(ctx, level); err != nil {
		return Membership{}, err
	}
	return Membership{
		People:     s.toUsers(slices.Collect(maps.Values(w.people))),
		Unresolved: names.Sorted(slices.Collect(maps.Values(w.unresolved))),
	}, nil
}

// walk collects the people of a group.
type walk struct {
	client *Client
	server server
	bases  []string // where members are that groups list by name
	nested bool
	people map[string]*ldap.Entry // by key of the DN
	groups map[string]bool        // keys of groups that were looked into, or will be
	seen   map[string]bool        // keys of DNs and names that were asked for

	aliases map[string]string // key of an alias -> key of the entry that it stands for

	mu         sync.Mutex
	unresolved map[string]string // values by key
}

// descend reads the members off the groups, level by level.
func (w *walk) descend(ctx context.Context, level []*ldap.Entry) error {
	for depth := 0; len(level) > 0; depth++ {
		if depth == maxDepth {
			return endless("groups are nested more than %d deep", maxDepth)
		}
		var below []*ldap.Entry
		for _, expand := range []func(context.Context, []*ldap.Entry) ([]*ldap.Entry, error){w.byURL, w.byDN, w.byName} {
			groups, err := expand(ctx, level)
			if err != nil {
				return err
			}
			below = append(below, groups...)
		}
		if !w.nested {
			return nil
		}
		level = below
	}
	return nil
}

// take keeps people, and returns groups that were not looked into yet. What is neither is unresolved.
func (w *walk) take(ctx context.Context, entries []*ldap.Entry) (groups []*ldap.Entry, err error) {
	profile := w.server.profile
	doubtful := map[string]target{}
	for _, entry := range entries {
		key := dnKey(entry.DN)
		w.seen[key] = true
		isGroup := profile.isGroup(entry)
		switch {
		case w.people[key] != nil:
		case profile.isPerson(entry):
			w.people[key] = entry
		case !isGroup:
			doubtful[key] = target{entry.DN, key}
			w.unresolved[key] = entry.DN
		}
		if isGroup && !w.groups[key] {
			w.groups[key] = true
			groups = append(groups, entry)
		}
	}
	if profile.certain || len(doubtful) == 0 {
		return groups, nil
	}
	people, err := w.peopleAmong(ctx, doubtful)
	for _, person := range people {
		key := dnKey(person.DN)
		w.people[key] = person
		delete(w.unresolved, key)
	}
	return groups, err
}

// memberValues are what the groups list by DN and by name. A memberUid may be either. The empty DN stands for no one:
// groups whose class wants a member have it while they have none.
func (w *walk) memberValues(group *ldap.Entry) (dns, logins []string) {
	for _, attribute := range w.server.profile.memberDNs {
		for _, value := range values(group, attribute) {
			if dn := withoutUID(value); dn != "" {
				dns = append(dns, dn)
			}
		}
	}
	for _, attribute := range w.server.profile.memberUIDs {
		for _, value := range values(group, attribute) {
			if w.isDN(value) {
				dns = append(dns, value)
			} else {
				logins = append(logins, value)
			}
		}
	}
	return dns, logins
}

// bitString is what tells entries of one name apart: cn=x,dc=y#'0101'B (RFC 4517 section 3.3.21).
var bitString = regexp.MustCompile(`#'[01]*'B$`)

func withoutUID(value string) string {
	if !strings.HasSuffix(value, "'B") {
		return value
	}
	return bitString.ReplaceAllString(value, "")
}

// isDN tells a DN in memberUid from a login that has an equals sign in it.
func (w *walk) isDN(value string) bool {
	if !strings.Contains(value, "=") {
		return false
	}
	if _, err := ParseDN(value); err != nil {
		return false
	}
	_, known := w.server.contextOf(dnKey(value))
	return known
}

// byDN reads the members that groups list by DN, wherever they lie.
func (w *walk) byDN(ctx context.Context, groups []*ldap.Entry) ([]*ldap.Entry, error) {
	var dns []string
	for _, group := range groups {
		listed, _ := w.memberValues(group)
		dns = append(dns, listed...)
	}
	found, err := w.resolve(ctx, dns)
	if err != nil {
		return nil, err
	}
	return w.take(ctx, found)
}

// byName adds the people that groups list by login, and those whose primary group one of them is.
func (w *walk) byName(ctx context.Context, groups []*ldap.Entry) ([]*ldap.Entry, error) {
	login := w.server.profile.login
	var filters []string
	asked := map[string]string{}
	primary := primaryGroups{}
	for _, group := range groups {
		_, logins := w.memberValues(group)
		for _, uid := range logins {
			if key := "uid " + names.Key(uid); !w.seen[key] {
				w.seen[key], asked[key] = true, uid
				filters = append(filters, equals(login, uid))
			}
		}
		if gid := first(group, "gidNumber"); gid != "" && !w.server.isActiveDirectory() {
			filters = append(filters, equals("gidNumber", gid))
		}
		filters = append(filters, primary.filters(group)...)
	}
	people, err := w.searchBatches(ctx, filters)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, primary.isForeign)
	for _, person := range people {
		w.people[dnKey(person.DN)] = person // the filter selects people only
		for _, uid := range values(person, login) {
			delete(asked, "uid "+names.Key(uid))
		}
	}
	maps.Copy(w.unresolved, asked)
	return w.take(ctx, people)
}

// searchBatches returns the people that one of the filters selects.
func (w *walk) searchBatches(ctx context.Context, filters []string) ([]*ldap.Entry, error) {
	profile := w.server.profile
	return inBatches(ctx, filters, batchSize, func(ctx context.Context, batch []string) ([]*ldap.Entry, error) {
		return w.searchBases(ctx, query{
			scope: ldap.ScopeWholeSubtree, filter: allOf(profile.userFilter, anyOf(batch...)), attrs: w.server.anyAttrs(),
			deref: profile.deref,
		})
	})
}

// searchBases searches below the naming context, or below the configured base DN alone where the account may not read
// the context.
func (w *walk) searchBases(ctx context.Context, q query) ([]*ldap.Entry, error) {
	entries, err := w.client.searchBelow(ctx, w.bases, q)
	if w.server.configured && isAbsent(err) {
		return w.client.searchBelow(ctx, w.server.baseDNs(), q)
	}
	return entries, err
}

// inBatches works on a few batches at the same time, and returns what they found in the order of the batches.
func inBatches(
	ctx context.Context, items []string, size int, work func(context.Context, []string) ([]*ldap.Entry, error),
) ([]*ldap.Entry, error) {
	batches := slices.Collect(slices.Chunk(items, size))
	results := make([][]*ldap.Entry, len(batches))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxConnections)
	for i, batch := range batches {
		group.Go(func() (err error) {
			results[i], err = work(ctx, batch)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(results...), nil
}
