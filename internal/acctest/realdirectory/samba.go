// SPDX-License-Identifier: MPL-2.0

package realdirectory

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// StartSamba provisions a domain LAB.EXAMPLE with the dataset and serves it. Samba cannot be told other ports than
// 389 and 636, so it gets a loopback address of its own, and any number of them can run side by side. It needs root,
// or sudo without a password, and the Debian packages samba-ad-dc, samba-ad-provision, samba-dsdb-modules,
// python3-samba and winbind.
func StartSamba(data Dataset) (*Server, error) {
	samba, errSamba := program("samba")
	tool, errTool := program("samba-tool")
	_, errPython := program(systemPython)
	if err := cmp.Or(errSamba, errTool, errPython); err != nil {
		return nil, err
	}
	asRoot, err := rootPrefix()
	if err != nil {
		return nil, err
	}
	address, err := freeLoopbackAddress()
	if err != nil {
		return nil, err
	}
	authority, err := mockldap.NewAuthority(net.ParseIP(address))
	if err != nil {
		return nil, err
	}
	s := &Server{
		URL: "ldap://" + address, SecureURL: "ldaps://" + address, CACertificate: authority.CA,
		BindDN: "Administrator@LAB.EXAMPLE", BindPassword: bindPassword, ActiveDirectory: true,
		asRoot: asRoot,
	}
	if s.dir, err = newDir("samba"); err != nil {
		return nil, err
	}
	if err := s.provision(tool, address, authority); err != nil {
		s.Close()
		return nil, err
	}
	if err := command(data.activeDirectoryEntries(false)+data.memberChanges()+kindsLDIF, append(asRoot, systemPython,
		"-c", loader, s.sambaConfig())...); err != nil {
		s.Close()
		return nil, err
	}
	if err := errors.Join(s.registerService(tool), s.writeKrb5Config(address)); err != nil {
		s.Close()
		return nil, err
	}
	if err := s.start(samba, "--foreground", "--no-process-group", "--model=single", "--debug-stdout",
		"--configfile="+s.sambaConfig()); err != nil {
		s.Close()
		return nil, err
	}
	return s, s.waitUntilListening(net.JoinHostPort(address, "636"))
}

// rootPrefix is what makes a command run as root: nothing for root itself, otherwise sudo, which must need no password.
func rootPrefix() ([]string, error) {
	if os.Geteuid() == 0 {
		return nil, nil
	}
	if err := exec.Command("sudo", "-n", "true").Run(); err != nil {
		return nil, fmt.Errorf("%w for this user: a Samba domain controller needs root, and sudo failed: %w",
			ErrNotInstalled, err)
	}
	return []string{"sudo", "-n"}, nil
}

// systemPython is the interpreter that Debian's python3-samba is made for.
const systemPython = "/usr/bin/python3"

// loader writes LDIF straight into the domain's database, in one transaction.
const loader = `
import sys
import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

lp = LoadParm()
lp.load(sys.argv[1])
db = SamDB(url=lp.private_path("sam.ldb"), session_info=system_session(lp), lp=lp)
db.transaction_start()
for change, entry in db.parse_ldif(sys.stdin.read()):
    if change == ldb.CHANGETYPE_MODIFY:
        db.modify(entry)
    else:
        db.add(entry)
db.transaction_commit()
`

func (s *Server) sambaConfig() string { return filepath.Join(s.dir, "etc", "smb.conf") }

func (s *Server) provision(tool, address string, authority mockldap.Authority) error {
	files := map[string]string{"ca.pem": authority.CA, "cert.pem": authority.Certificate, "key.pem": authority.Key}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	args := append(slices.Clone(s.asRoot),
		tool, "domain", "provision", "--targetdir="+s.dir, "--realm="+realm, "--domain=LAB", "--server-role=dc",
		"--adminpass="+bindPassword, "--dns-backend=SAMBA_INTERNAL", "--host-name=dc1", "--host-ip="+address,
	)
	for _, option := range []string{
		// Kerberos in TLS is refused by default.
		"ldap server require strong auth=allow_sasl_over_tls",
		"interfaces=" + address + "/8", "bind interfaces only=yes", "server services=ldap,cldap,kdc", "vfs objects=",
		"log file=" + s.dir + "/log.%m", "pid directory=" + s.dir, "ncalrpc dir=" + s.dir + "/ncalrpc",
		"tls cafile=" + s.dir + "/ca.pem", "tls certfile=" + s.dir + "/cert.pem", "tls keyfile=" + s.dir + "/key.pem",
	} {
		args = append(args, "--option="+option)
	}
	return command("", args...)
}

// freeLoopbackAddress is one of 127.64.0.0/10 whose LDAP ports are free.
func freeLoopbackAddress() (string, error) {
	var err error
	for range 20 {
		address := fmt.Sprintf("127.%d.%d.%d", 64+rand.IntN(64), rand.IntN(256), 1+rand.IntN(254))
		if err = isFree(address); err == nil {
			return address, nil
		}
	}
	return "", fmt.Errorf("no loopback address for Samba's ports: %w", err)
}

func isFree(address string) error {
	for _, port := range []string{"88", "389", "636", "3268", "3269"} {
		if conn, err := net.DialTimeout("tcp", net.JoinHostPort(address, port), time.Second); err == nil {
			_ = conn.Close()
			return fmt.Errorf("%s is taken", net.JoinHostPort(address, port))
		}
	}
	return nil
}
