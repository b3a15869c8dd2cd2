// SPDX-License-Identifier: MPL-2.0

package realdirectory

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"path/filepath"

	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// StartOpenLDAP starts a slapd on free ports of 127.0.0.1 with the dataset. It needs the Debian packages slapd and
// ldap-utils, or slapd and slapadd in PATH and the modules and schemas where Debian has them.
func StartOpenLDAP(data Dataset) (*Server, error) {
	slapd, err := program("slapd")
	if err != nil {
		return nil, err
	}
	slapadd, err := program("slapadd")
	if err != nil {
		return nil, err
	}
	authority, err := mockldap.NewAuthority(net.IPv4(127, 0, 0, 1), net.IPv6loopback)
	if err != nil {
		return nil, err
	}
	s := &Server{CACertificate: authority.CA, BindDN: "cn=reader," + BaseDN, BindPassword: bindPassword}
	if s.dir, err = newDir("slapd"); err != nil {
		return nil, err
	}
	if err := s.loadOpenLDAP(slapadd, data, authority); err != nil {
		s.Close()
		return nil, err
	}
	return s, s.serveOpenLDAP(slapd)
}

// serveOpenLDAP starts slapd on free ports, for IPv4 and, where the machine has it, IPv6.
func (s *Server) serveOpenLDAP(slapd string) error {
	plain, errPlain := freePort("127.0.0.1")
	secure, errSecure := freePort("127.0.0.1")
	if err := cmp.Or(errPlain, errSecure); err != nil {
		s.Close()
		return err
	}
	s.URL, s.SecureURL = "ldap://127.0.0.1:"+plain, "ldaps://127.0.0.1:"+secure
	listen := s.URL + " " + s.SecureURL
	if six, err := freePort("::1"); err == nil {
		s.IPv6URL = "ldap://[::1]:" + six
		listen += " " + s.IPv6URL
	}
	if err := s.start(slapd, "-d", "0", "-f", filepath.Join(s.dir, "slapd.conf"), "-h", listen); err != nil {
		s.Close()
		return err
	}
	return s.waitUntilListening("127.0.0.1:" + plain)
}

// LimitedBindDN is an account of the OpenLDAP server that gets few entries, however it asks.
const LimitedBindDN = "cn=limited," + BaseDN

func (s *Server) loadOpenLDAP(slapadd string, data Dataset, authority mockldap.Authority) error {
	config := fmt.Sprintf(`
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb.la
pidfile %[1]s/slapd.pid
TLSCACertificateFile %[1]s/ca.pem
TLSCertificateFile %[1]s/cert.pem
TLSCertificateKeyFile %[1]s/key.pem
disallow bind_anon
require authc
database mdb
suffix "%[2]s"
directory %[1]s/data
maxsize 268435456
index objectClass,uid,cn,mail,member,memberUid,gidNumber eq
sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited
limits dn.exact="%[3]s" size.soft=10 size.hard=10 size.prtotal=10
access to attrs=userPassword by anonymous auth by * none
access to * by users read
`, s.dir, BaseDN, LimitedBindDN)
	files := map[string]string{
		"slapd.conf": config, "ca.pem": authority.CA, "cert.pem": authority.Certificate, "key.pem": authority.Key,
		"data.ldif": data.RFC2307bis(),
	}
	if err := os.Mkdir(filepath.Join(s.dir, "data"), 0o700); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return command("", slapadd, "-q", "-f", filepath.Join(s.dir, "slapd.conf"), "-l", filepath.Join(s.dir, "data.ldif"))
}
