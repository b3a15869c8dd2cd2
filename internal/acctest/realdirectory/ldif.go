// SPDX-License-Identifier: MPL-2.0

package realdirectory

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// BaseDN is the naming context of every server.
const BaseDN = "DC=lab,DC=example"

// PeopleDN is where the generated people are, which Samba's own accounts are not.
const PeopleDN = "OU=People," + BaseDN

// The posix groups that only servers outside of Active Directory have, for the schema of RFC 2307.
const (
	PosixGroup        = "posix Team A"
	PosixPrimaryGroup = "posix Primary"
	PosixPrimaryCount = 10
)

// ldif collects entries.
type ldif struct{ strings.Builder }

func (w *ldif) line(name, value string) {
	if value == "" {
		return
	}
	for _, c := range []byte(value) {
		if c < ' ' || c > '~' {
			fmt.Fprintf(w, "%s:: %s\n", name, base64.StdEncoding.EncodeToString([]byte(value)))
			return
		}
	}
	if strings.HasPrefix(value, "#") || strings.HasPrefix(value, "<") {
		fmt.Fprintf(w, "%s:: %s\n", name, base64.StdEncoding.EncodeToString([]byte(value)))
		return
	}
	fmt.Fprintf(w, "%s: %s\n", name, value)
}

func (w *ldif) entry(dn string, classes []string, attrs ...string) {
	w.line("dn", dn)
	for _, class := range classes {
		w.line("objectClass", class)
	}
	for i := 0; i < len(attrs); i += 2 {
		w.line(attrs[i], attrs[i+1])
	}
}

func (w *ldif) end() { w.WriteString("\n") }

func personDN(p Person) string { return "CN=" + directory.EscapeDN(p.CommonName) + "," + PeopleDN }

func groupDN(name string) string { return "CN=" + directory.EscapeDN(name) + ",OU=Groups," + BaseDN }

// memberDNs are the DNs that the group lists.
func (d Dataset) memberDNs(g Group) []string {
	byUsername := map[string]Person{}
	for _, p := range d.People {
		byUsername[p.Username] = p
	}
	var dns []string
	for _, username := range g.People {
		dns = append(dns, personDN(byUsername[username]))
	}
	for _, name := range g.Groups {
		dns = append(dns, groupDN(name))
	}
	return dns
}

// ActiveDirectory is the dataset in Active Directory's schema, from the naming context down, for the mock.
func (d Dataset) ActiveDirectory() string {
	var w ldif
	w.entry(BaseDN, []string{"top", "domain"}, "dc", "lab")
	w.end()
	w.WriteString(d.activeDirectoryEntries(true) + kindsLDIF)
	return w.String()
}

// activeDirectoryEntries are the units, people and groups. A real server must have a member before the group that lists
// it.
func (d Dataset) activeDirectoryEntries(withMembers bool) string {
	var w ldif
	for _, unit := range []string{"People", "Groups"} {
		w.entry("OU="+unit+","+BaseDN, []string{"top", "organizationalUnit"}, "ou", unit)
		w.end()
	}
	for _, p := range d.People {
		control := "544" // a normal account that needs no password
		if p.Disabled {
			control = "546"
		}
		w.entry(personDN(p), []string{"top", "person", "organizationalPerson", "user"},
			"cn", p.CommonName, "sAMAccountName", p.Username, "displayName", p.DisplayName, "mail", p.Email,
			"telephoneNumber", p.Telephone, "department", p.Department, "userAccountControl", control)
		w.end()
	}
	for i, g := range d.Groups {
		w.entry(groupDN(g.Name), []string{"top", "group"},
			"cn", g.Name, "sAMAccountName", groupAccount(g.Name, i), "description", g.Description)
		if withMembers {
			for _, dn := range d.memberDNs(g) {
				w.line("member", dn)
			}
		}
		w.end()
	}
	return w.String()
}

// groupAccount is a group's sAMAccountName, in which Active Directory allows fewer letters than in its cn.
func groupAccount(name string, number int) string {
	if strings.ContainsAny(name, `"/\[]:;|=,+*?<>`) {
		return fmt.Sprintf("group%d", number)
	}
	return name
}

// memberChanges are the change records that fill the groups.
func (d Dataset) memberChanges() string {
	var w ldif
	for _, g := range d.Groups {
		if len(g.People)+len(g.Groups) == 0 {
			continue
		}
		w.line("dn", groupDN(g.Name))
		w.line("changetype", "modify")
		w.line("add", "member")
		for _, dn := range d.memberDNs(g) {
			w.line("member", dn)
		}
		w.WriteString("-\n")
		w.end()
	}
	return w.String()
}

// RFC2307bis is the dataset in the schema of RFC 2307bis, with two groups of RFC 2307, for OpenLDAP and the mock.
func (d Dataset) RFC2307bis() string {
	var w ldif
	w.entry(BaseDN, []string{"top", "dcObject", "organization"}, "dc", "lab", "o", "Lab")
	w.end()
	for _, unit := range []string{"People", "Groups"} {
		w.entry("OU="+unit+","+BaseDN, []string{"top", "organizationalUnit"}, "ou", unit)
		w.end()
	}
	for name, password := range map[string]string{"reader": bindPassword, "limited": bindPassword} {
		w.entry(
			"cn="+name+","+BaseDN,
			[]string{"top", "organizationalRole", "simpleSecurityObject"},
			"cn",
			name,
			"userPassword",
			password,
		)
		w.end()
	}
	for i, p := range d.People {
		classes := []string{"top", "person", "organizationalPerson", "inetOrgPerson"}
		var posix []string
		if i < PosixPrimaryCount {
			classes = append(classes, "posixAccount")
			posix = []string{"uidNumber", fmt.Sprint(10000 + i), "gidNumber", "5000", "homeDirectory", "/home/x"}
		}
		w.entry(personDN(p), classes, append(posix,
			"cn", p.CommonName, "sn", p.CommonName, "uid", p.Username, "displayName", p.DisplayName, "mail", p.Email,
			"telephoneNumber", p.Telephone, "departmentNumber", p.Department)...)
		w.end()
	}
	for _, g := range d.Groups {
		w.entry(groupDN(g.Name), []string{"top", "groupOfNames"}, "cn", g.Name, "description", g.Description)
		members := d.memberDNs(g)
		if len(members) == 0 {
			members = []string{PeopleDN} // the class requires a member: usually one that is not a person
		}
		for _, dn := range members {
			w.line("member", dn)
		}
		w.end()
	}
	d.posixGroups(&w)
	return w.String()
}

func (d Dataset) posixGroups(w *ldif) {
	w.entry("CN="+PosixGroup+",OU=Groups,"+BaseDN, []string{"top", "posixGroup"}, "cn", PosixGroup, "gidNumber", "5001")
	for _, username := range d.Group("Team A").People {
		w.line("memberUid", username)
	}
	w.end()
	w.entry(
		"CN="+PosixPrimaryGroup+",OU=Groups,"+BaseDN,
		[]string{"top", "posixGroup"},
		"cn",
		PosixPrimaryGroup,
		"gidNumber",
		"5000",
	)
	w.end()
}
