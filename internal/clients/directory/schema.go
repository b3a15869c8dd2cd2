package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// capabilityActiveDirectory marks Active Directory in the root DSE (MS-ADTS 3.1.1.3.4.3.1, LDAP_CAP_ACTIVE_DIRECTORY_OID).
// Samba's domain controllers have it too.
const capabilityActiveDirectory = "1.2.840.113556.1.4.800"

// ruleInChain follows a link attribute to any depth on the server's side (MS-ADTS 3.1.1.3.4.4.3).
const ruleInChain = "1.2.840.113556.1.4.1941"

// server is what the root DSE told.
type server struct {
	schema   string
	baseDN   string
	contexts []string
	chain    bool // the matching rule in chain is there
	profile  profile
}

// profile is how a schema spells people and groups.
type profile struct {
	userFilter, groupFilter string
	// userNames are the attributes that a person goes by, the surest first: somebody's login beats another one's display name.
	userNames, groupNames [][]string
	login, groupLogin     string
	guid                  string
	// memberDNs hold members by DN, memberUIDs by login.
	memberDNs, memberUIDs []string
	groupClasses          []string
	// entryDN finds entries by their DN in a filter.
	entryDN string
}

var activeDirectory = profile{
	// The account type of people: neither computers nor trusts nor contacts. It is indexed.
	userFilter:   "(sAMAccountType=805306368)",
	groupFilter:  "(objectClass=group)",
	userNames:    [][]string{{"sAMAccountName", "uid", "userPrincipalName"}, {"mail"}, {"cn", "displayName"}},
	groupNames:   [][]string{{"sAMAccountName"}, {"cn"}},
	login:        "sAMAccountName",
	groupLogin:   "sAMAccountName",
	guid:         "objectGUID",
	memberDNs:    []string{"member"},
	groupClasses: []string{"group"},
	entryDN:      "distinguishedName",
}

func posix(groupClasses, memberDNs, memberUIDs []string) profile {
	var groupFilter strings.Builder
	for _, class := range groupClasses {
		groupFilter.WriteString("(objectClass=" + class + ")")
	}
	return profile{
		userFilter:   "(|(objectClass=person)(objectClass=posixAccount)(objectClass=account))",
		groupFilter:  "(|" + groupFilter.String() + ")",
		userNames:    [][]string{{"uid"}, {"mail"}, {"cn", "displayName"}},
		groupNames:   [][]string{{"cn"}},
		login:        "uid",
		groupLogin:   "cn",
		guid:         "entryUUID",
		memberDNs:    memberDNs,
		memberUIDs:   memberUIDs,
		groupClasses: groupClasses,
		entryDN:      "entryDN",
	}
}

var (
	dnGroups  = []string{"groupOfNames", "groupOfUniqueNames", "groupOfMembers"}
	dnMembers = []string{"member", "uniqueMember"}
)

// profileOf returns how to read the schema. Where the schema was not configured, a server other than Active Directory is read
// both ways, since directories mix groups of RFC 2307 and RFC 2307bis.
func profileOf(schema string, configured bool) profile {
	switch {
	case schema == SchemaActiveDirectory:
		return activeDirectory
	case schema == SchemaRFC2307:
		return posix([]string{"posixGroup"}, nil, []string{"memberUid"})
	case configured:
		return posix(append(slices.Clone(dnGroups), "posixGroup"), dnMembers, nil)
	default:
		return posix(append(slices.Clone(dnGroups), "posixGroup"), dnMembers, []string{"memberUid"})
	}
}

// serverInfo reads the root DSE once and remembers it for good.
func (c *Client) serverInfo(ctx context.Context) (server, error) {
	return c.server.get(ctx, "", func(ctx context.Context) (server, error) {
		var entries []*ldap.Entry
		err := c.run(ctx, func(conn *connection) error {
			result, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, c.requestTimeLimit(), false,
				"(objectClass=*)", []string{"namingContexts", "defaultNamingContext", "supportedCapabilities"}, nil))
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

func (c *Client) describe(root *ldap.Entry) (server, error) {
	isActiveDirectory := slices.Contains(root.GetEqualFoldAttributeValues("supportedCapabilities"), capabilityActiveDirectory)
	s := server{
		schema:   c.config.Schema,
		baseDN:   c.config.BaseDN,
		contexts: root.GetEqualFoldAttributeValues("namingContexts"),
		chain:    isActiveDirectory,
	}
	switch {
	case s.schema != SchemaAuto:
	case isActiveDirectory:
		s.schema = SchemaActiveDirectory
	default:
		s.schema = SchemaRFC2307bis
	}
	s.profile = profileOf(s.schema, c.config.Schema != SchemaAuto)
	if s.baseDN == "" {
		s.baseDN = root.GetEqualFoldAttributeValue("defaultNamingContext")
	}
	if s.baseDN == "" && len(s.contexts) == 1 {
		s.baseDN = s.contexts[0]
	}
	if s.baseDN == "" {
		return server{}, noBase(s.contexts)
	}
	return s, nil
}

func noBase(contexts []string) error {
	if len(contexts) == 0 {
		return fault(ErrBaseNotFound, "base_dn", nil, "The server does not tell (or not without a bind) what it holds. Set base_dn, such as dc=example,dc=com.")
	}
	return fault(ErrBaseNotFound, "base_dn", nil, "The server holds several naming contexts. Set base_dn to one of them: %s.", strings.Join(contexts, "; "))
}

// contextOf is the naming context that holds the DN. A group's members are looked for in all of it, also where base_dn is
// narrower: base_dn says where to look people up, not who is a member.
func (s server) contextOf(dn string) string {
	best := ""
	for _, context := range s.contexts {
		if isBelow(dn, context) && len(context) > len(best) {
			best = context
		}
	}
	if best == "" || isBelow(best, s.baseDN) {
		return s.baseDN
	}
	return best
}
