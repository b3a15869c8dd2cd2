// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// capabilityActiveDirectory marks Active Directory in the root DSE (MS-ADTS 3.1.1.3.4.3.1,
// LDAP_CAP_ACTIVE_DIRECTORY_OID). Samba's domain controllers have it too.
const capabilityActiveDirectory = "1.2.840.113556.1.4.800"

// ruleInChain follows a link attribute to any depth on the server's side (MS-ADTS 3.1.1.3.4.4.3).
const ruleInChain = "1.2.840.113556.1.4.1941"

// server is what the root DSE told.
type server struct {
	schema string
	// bases are the entries below which people and groups are looked up: the configured base DN, or all naming contexts.
	bases      []suffix
	configured bool     // the base DN
	contexts   []suffix // that can hold people and groups
	chain      bool     // the matching rule in chain is there
	profile    profile
}

// profile is how a schema spells people and groups.
type profile struct {
	userFilter, groupFilter string
	// userNames are the attributes that hold a person's names, the most reliable first: a login counts before another
	// person's display name.
	userNames, groupNames [][]string
	login, groupLogin     string
	guid                  string
	// memberDNs hold members by DN, memberUIDs by login, memberURLs as searches.
	memberDNs, memberUIDs, memberURLs []string
	groupClasses                      []string
	// isPerson tells people by what an entry says. Outside of Active Directory an entry need not list the classes that
	// its own are derived from, and only the server knows all of them: isPerson = false is then no answer.
	isPerson func(*ldap.Entry) bool
	certain  bool // isPerson = false is an answer
	// entryDN finds entries by their DN in a filter.
	entryDN string
	// deref is which aliases a search follows.
	deref int
}

// userAccount is the sAMAccountType of people in Active Directory: neither computers nor trusts nor contacts. It is
// indexed.
const userAccount = "805306368"

var activeDirectory = profile{
	userFilter:   equals("sAMAccountType", userAccount),
	groupFilter:  "(objectClass=group)",
	userNames:    [][]string{{"sAMAccountName", "uid", "userPrincipalName"}, {"mail"}, {"cn", "displayName"}},
	groupNames:   [][]string{{"sAMAccountName"}, {"cn"}},
	login:        "sAMAccountName",
	groupLogin:   "sAMAccountName",
	guid:         "objectGUID",
	memberDNs:    []string{"member"},
	groupClasses: []string{"group"},
	isPerson:     func(entry *ldap.Entry) bool { return first(entry, "sAMAccountType") == userAccount },
	certain:      true,
	entryDN:      "distinguishedName",
	deref:        ldap.NeverDerefAliases, // it has none
}

// personClasses are the classes of people outside of Active Directory.
var personClasses = []string{"person", "posixAccount", "account"}

// derivedClasses are common classes that are derived from person, which saves asking the server.
var derivedClasses = []string{"inetOrgPerson", "organizationalPerson", "residentialPerson", "user"}

func posix(groupClasses, memberDNs, memberUIDs, memberURLs []string) profile {
	var groupFilters []string
	for _, class := range groupClasses {
		groupFilters = append(groupFilters, equals("objectClass", class))
	}
	// An entry with members is a group, whatever its class.
	for _, attribute := range slices.Concat(memberDNs, memberUIDs, memberURLs) {
		groupFilters = append(groupFilters, "("+attribute+"=*)")
	}
	var userFilters []string
	for _, class := range personClasses {
		userFilters = append(userFilters, equals("objectClass", class))
	}
	return profile{
		userFilter:   anyOf(userFilters...),
		groupFilter:  anyOf(groupFilters...),
		userNames:    [][]string{{"uid"}, {"mail"}, {"cn", "displayName"}},
		groupNames:   [][]string{{"cn"}},
		login:        "uid",
		groupLogin:   "cn",
		guid:         "entryUUID",
		memberDNs:    memberDNs,
		memberUIDs:   memberUIDs,
		memberURLs:   memberURLs,
		groupClasses: groupClasses,
		isPerson: func(entry *ldap.Entry) bool {
			return hasClass(entry, derivedClasses...) || hasClass(entry, personClasses...)
		},
		entryDN: "entryDN",
		deref:   ldap.DerefAlways,
	}
}

// isGroup reports whether an entry that was read with the profile's memberAttrs is a group.
func (p profile) isGroup(entry *ldap.Entry) bool {
	return hasClass(entry, p.groupClasses...) || hasAny(entry, slices.Concat(p.memberDNs, p.memberUIDs, p.memberURLs)...)
}

// memberAttrs are what is read of a group to find out who is in it.
func (p profile) memberAttrs() []string {
	return append(slices.Concat(p.memberDNs, p.memberUIDs, p.memberURLs), "objectSid", "gidNumber", "objectClass")
}

var (
	dnGroups   = []string{"groupOfNames", "groupOfUniqueNames", "groupOfMembers", "groupOfURLs", "group"}
	dnMembers  = []string{"member", "uniqueMember", "roleOccupant"}
	urlMembers = []string{"memberURL"}
)

// profileOf returns how to read the schema. Where the schema was not configured, a server other than Active Directory
// is read both ways, since directories mix groups of RFC 2307 and RFC 2307bis.
func profileOf(schema string, configured bool) profile {
	switch {
	case schema == SchemaActiveDirectory:
		return activeDirectory
	case schema == SchemaRFC2307:
		return posix([]string{"posixGroup"}, nil, []string{"memberUid"}, nil)
	case configured:
		return posix(append(slices.Clone(dnGroups), "posixGroup"), dnMembers, nil, urlMembers)
	default:
		return posix(append(slices.Clone(dnGroups), "posixGroup"), dnMembers, []string{"memberUid"}, urlMembers)
	}
}

// serverInfo reads the root DSE once and remembers it.
func (c *Client) serverInfo(ctx context.Context) (server, error) {
	return c.server.get(ctx, "", func(ctx context.Context) (server, error) {
		var entries []*ldap.Entry
		err := c.run(ctx, func(conn *connection) error {
			result, err := conn.Search(
				ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, c.requestTimeLimit(), false,
					"(objectClass=*)", rootAttrs, nil),
			)
			if err == nil {
				entries = result.Entries
			}
			return err
		})
		if err != nil {
			return server{}, c.explainSearch(err, "")
		}
		root := &ldap.Entry{}
		if len(entries) > 0 {
			root = entries[0]
		}
		return c.describe(root)
	})
}

// rootAttrs are what is read of the root DSE.
var rootAttrs = []string{
	"namingContexts", "defaultNamingContext", "configurationNamingContext", "schemaNamingContext", "supportedCapabilities",
}

func (c *Client) describe(root *ldap.Entry) (server, error) {
	isActiveDirectory := slices.Contains(values(root, "supportedCapabilities"), capabilityActiveDirectory)
	s := server{schema: c.config.Schema, contexts: populated(root), chain: isActiveDirectory}
	switch {
	case s.schema != SchemaAuto:
	case isActiveDirectory:
		s.schema = SchemaActiveDirectory
	default:
		s.schema = SchemaRFC2307bis
	}
	s.profile = profileOf(s.schema, c.config.Schema != SchemaAuto)
	switch {
	case c.config.BaseDN != "":
		s.bases, s.configured = []suffix{suffixOf(c.config.BaseDN)}, true
	case len(s.contexts) > 0:
		s.bases = s.contexts
	default:
		return server{}, fault(ErrBaseNotFound, "base_dn", nil,
			"The server does not list its naming contexts, or not without a bind. Set base_dn, such as dc=example,dc=com.")
	}
	return s, nil
}

// unpopulated are naming contexts of servers' own records.
var unpopulated = []string{"cn=config", "cn=monitor", "cn=schema", "cn=changelog", "cn=accesslog"}

// populated are the naming contexts that can hold people and groups, the default one first.
func populated(root *ldap.Entry) []suffix {
	seen := map[string]bool{}
	for _, dn := range slices.Concat(unpopulated, values(root, "configurationNamingContext"), values(root,
		"schemaNamingContext")) {
		seen[dnKey(dn)] = true
	}
	var contexts []suffix
	for _, dn := range slices.Concat(values(root, "defaultNamingContext"), values(root, "namingContexts")) {
		context := suffixOf(dn)
		zones := strings.HasPrefix(context.key, "dc=domaindnszones,") || strings.HasPrefix(context.key, "dc=forestdnszones,")
		if !seen[context.key] && !zones {
			contexts = append(contexts, context)
		}
		seen[context.key] = true
	}
	return contexts
}

// contextOf is the naming context that holds the DN with this key, and whether there is one. A configured base DN
// counts too, since a server may hide what it holds.
func (s server) contextOf(key string) (context string, known bool) {
	longest := -1
	for _, candidate := range slices.Concat(s.contexts, s.bases) {
		if len(candidate.key) > longest && candidate.holds(key) {
			context, longest = candidate.dn, len(candidate.key)
		}
	}
	return context, longest >= 0
}

// basesOf is where members are looked for that a group lists by name. A configured base DN may be narrower than the
// naming context: it says where to look people up, and not who is a member.
func (s server) basesOf(group string) []string {
	if s.configured {
		for _, context := range s.contexts {
			if context.holds(dnKey(group)) && context.holds(s.bases[0].key) {
				return []string{context.dn}
			}
		}
	}
	return s.baseDNs()
}

func (s server) baseDNs() []string { return dnsOf(s.bases) }

// allDNs are all the places that hold entries, the bases first. A naming context above a base is one of them, since it
// holds more than the base, and the base too, since it may be all that the account may read.
func (s server) allDNs() []string {
	all := slices.Clone(s.bases)
	for _, context := range s.contexts {
		if !slices.ContainsFunc(s.bases, func(base suffix) bool { return base.holds(context.key) }) {
			all = append(all, context)
		}
	}
	return dnsOf(all)
}

// suffix is a DN that others end with.
type suffix struct{ dn, key string }

func suffixOf(dn string) suffix { return suffix{dn, dnKey(dn)} }

func (s suffix) holds(key string) bool {
	return s.key == "" || key == s.key || strings.HasSuffix(key, ","+s.key)
}

func dnsOf(suffixes []suffix) []string {
	dns := make([]string, len(suffixes))
	for i, s := range suffixes {
		dns[i] = s.dn
	}
	return dns
}
