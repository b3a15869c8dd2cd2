// SPDX-License-Identifier: MPL-2.0

package realdirectory

import (
	_ "embed" // the offices' directory
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// OfficesLDIF is a small directory with groups and people of every kind that servers other than Active Directory
// have, under two suffixes: dc=works,dc=example and o=suppliers.
//
//go:embed offices.ldif
var OfficesLDIF string

// The suffixes of the offices.
const (
	WorksDN     = "dc=works,dc=example"
	SuppliersDN = "o=suppliers"
)

// OfficesOptions say how the server of the offices behaves.
type OfficesOptions struct {
	// Expand runs the searches of dynamic groups on the server, by the overlay dynlist.
	Expand bool
	// DemandCertificate refuses TLS to clients without a certificate. Its subject then binds as the reader (SASL
	// EXTERNAL).
	DemandCertificate bool
	// Large adds a group of that name with so many people, a tenth of them under the other suffix.
	Large int
	// RefusePages refuses to hand out pages.
	RefusePages bool
	// Keytab and Krb5Config let the server take Kerberos binds.
	Keytab, Krb5Config string
}

// officesSchema has what people of other servers have, and a class of groups that OpenLDAP does not know.
const officesSchema = `
attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 2.16.840.1.113719.1.1.4.1.7 NAME 'loginDisabled' EQUALITY booleanMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.99999.7.1 NAME 'lockable' SUP top AUXILIARY MAY ( nsAccountLock $ loginDisabled ) )
objectclass ( 1.3.6.1.4.1.99999.7.2 NAME 'group' SUP top STRUCTURAL MUST cn MAY member )
`

// StartOffices starts a slapd with the offices' directory. Everyone may read it without a bind, but for the unit
// alumni, which is the reader's.
func StartOffices(o OfficesOptions) (*Server, error) {
	slapd, errSlapd := program("slapd")
	slapadd, errAdd := program("slapadd")
	if err := errors.Join(errSlapd, errAdd); err != nil {
		return nil, err
	}
	authority, err := mockldap.NewAuthority(net.IPv4(127, 0, 0, 1), net.IPv6loopback)
	if err != nil {
		return nil, err
	}
	s := &Server{
		CACertificate: authority.CA, BindDN: "cn=reader," + WorksDN, BindPassword: bindPassword,
		ClientCertificate: authority.Certificate, ClientKey: authority.Key,
	}
	if s.dir, err = newDir("slapd"); err != nil {
		return nil, err
	}
	if err := s.loadOffices(slapadd, o, authority); err != nil {
		s.Close()
		return nil, err
	}
	if o.Keytab != "" {
		s.environment = []string{"KRB5_KTNAME=" + o.Keytab, "KRB5_CONFIG=" + o.Krb5Config}
	}
	return s, s.serveOpenLDAP(slapd)
}

func (s *Server) loadOffices(slapadd string, o OfficesOptions, authority mockldap.Authority) error {
	works, suppliers, found := strings.Cut(OfficesLDIF, "# Suppliers.\n")
	if !found {
		return errors.New("offices.ldif has no suppliers")
	}
	staff, crew := largeGroup(o.Large)
	works, suppliers = works+staff, suppliers+crew
	files := map[string]string{
		"slapd.conf": s.officesConfig(o), "offices.schema": officesSchema, "works.ldif": works, "suppliers.ldif": suppliers,
		"ca.pem": authority.CA, "cert.pem": authority.Certificate, "key.pem": authority.Key,
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	suffixes := map[string]string{"works": WorksDN, "suppliers": SuppliersDN}
	for name := range suffixes {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil {
			return err
		}
	}
	for name, suffix := range suffixes {
		err := command(
			"",
			slapadd,
			"-q",
			"-f",
			filepath.Join(s.dir, "slapd.conf"),
			"-b",
			suffix,
			"-l",
			filepath.Join(s.dir, name+".ldif"),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// LargeGroup is the name of the group that Large adds.
const LargeGroup = "large"

// largeGroup is LDIF with the group and its people, for both suffixes.
func largeGroup(size int) (works, suppliers string) {
	if size == 0 {
		return "", ""
	}
	var group, here, there ldif
	group.entry("cn="+LargeGroup+",ou=groups,"+WorksDN, []string{"groupOfNames"}, "cn", LargeGroup)
	for i := range size {
		to, unit := &here, "ou=people,"+WorksDN
		if i%10 == 9 {
			to, unit = &there, SuppliersDN
		}
		uid := fmt.Sprintf("large%05d", i)
		dn := "uid=" + uid + "," + unit
		to.entry(dn, []string{"inetOrgPerson"}, "uid", uid, "cn", fmt.Sprintf("Large Person %d", i), "sn", fmt.Sprint(i),
			"mail", uid+"@works.example", "telephoneNumber", fmt.Sprintf("+1 555 %05d", i))
		to.end()
		group.line("member", dn)
	}
	group.end()
	return "\n" + here.String() + group.String(), "\n" + there.String()
}

func (s *Server) officesConfig(o OfficesOptions) string {
	var global, overlay, limits string
	if o.DemandCertificate {
		global += "TLSVerifyClient demand\n"
	}
	if o.Keytab != "" {
		global += "sasl-host dc1.lab.example\nsasl-realm LAB.EXAMPLE\n"
	}
	if o.Expand {
		overlay = "overlay dynlist\ndynlist-attrset groupOfURLs memberURL member\n"
	}
	if o.RefusePages {
		limits = "limits * size.soft=unlimited size.prtotal=disabled\n"
	}
	return fmt.Sprintf(`
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/dyngroup.schema
include %[1]s/offices.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
moduleload dynlist
pidfile %[1]s/slapd.pid
TLSCACertificateFile %[1]s/ca.pem
TLSCertificateFile %[1]s/cert.pem
TLSCertificateKeyFile %[1]s/key.pem
authz-regexp ^cn=dc1.lab.example$ cn=reader,%[2]s
authz-regexp ^uid=administrator,(cn=lab.example,)?cn=gssapi,cn=auth$ cn=reader,%[2]s
%[4]s
database mdb
suffix "%[2]s"
rootdn "cn=root,%[2]s"
directory %[1]s/works
maxsize 268435456
index objectClass,uid,cn,member eq
%[6]s
overlay ppolicy
%[5]s
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=alumni,%[2]s" by dn.exact="cn=reader,%[2]s" read by * none
access to * by * read
database mdb
suffix "%[3]s"
directory %[1]s/suppliers
maxsize 268435456
index objectClass,uid,cn,member eq
%[6]s
access to * by * read
`, s.dir, WorksDN, SuppliersDN, global, overlay, limits)
}
