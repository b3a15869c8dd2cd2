// SPDX-License-Identifier: MPL-2.0

package realdirectory

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// The realm that Samba's domain is, and the name of its controller there.
const (
	realm            = "LAB.EXAMPLE"
	servicePrincipal = "ldap/dc1.lab.example"
	administrator    = "Administrator"
)

// Kerberos is the realm of a Samba server, without credentials. The server's URL has an IP address instead of a host
// name, so the service principal must be given.
func (s *Server) Kerberos() directory.Kerberos {
	return directory.Kerberos{Config: filepath.Join(s.dir, "krb5.conf"), ServicePrincipal: servicePrincipal}
}

// Administrator is the account that may read everything.
func (s *Server) Administrator() (username, password string) { return administrator, bindPassword }

// registerService adds the server's principal to the directory. On a real domain controller, the service for DNS
// updates does that.
func (s *Server) registerService(tool string) error {
	add := []string{tool, "spn", "add", servicePrincipal, "DC1$", "--configfile=" + s.sambaConfig()}
	return command("", slices.Concat(s.asRoot, add)...)
}

func (s *Server) writeKrb5Config(address string) error {
	text := fmt.Sprintf(`[libdefaults]
  default_realm = %[1]s
  dns_lookup_kdc = false
  dns_lookup_realm = false
  rdns = false
[realms]
  %[1]s = {
    kdc = %[2]s:88
  }
`, realm, address)
	path := filepath.Join(s.dir, "krb5.conf")
	return os.WriteFile(path, []byte(text), 0o644)
}

// Keytab writes a keytab of the administrator, and returns its path.
func (s *Server) Keytab() (string, error) {
	return s.exportKeytab("administrator.keytab", administrator)
}

// ServiceKeytab writes a keytab of the domain controller's LDAP service, with which another server can take its place.
func (s *Server) ServiceKeytab() (string, error) {
	return s.exportKeytab("service.keytab", servicePrincipal)
}

func (s *Server) exportKeytab(name, principal string) (string, error) {
	tool, err := program("samba-tool")
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.dir, name)
	export := []string{
		tool,
		"domain",
		"exportkeytab",
		path,
		"--principal=" + principal + "@" + realm,
		"--configfile=" + s.sambaConfig(),
	}
	if err := command("", slices.Concat(s.asRoot, export)...); err != nil {
		return "", err
	}
	return path, command("", slices.Concat(s.asRoot, []string{"chmod", "644", path})...)
}

// CredentialCache logs the administrator in with kinit (Debian's krb5-user), and returns the path of the cache.
func (s *Server) CredentialCache() (string, error) {
	kinit, err := program("kinit")
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.dir, "administrator.ccache")
	environment := []string{"env", "KRB5_CONFIG=" + s.Kerberos().Config}
	login := []string{kinit, "-c", "FILE:" + path, administrator + "@" + realm}
	if err := command(bindPassword+"\n", slices.Concat(s.asRoot, environment, login)...); err != nil {
		return "", err
	}
	return path, command("", slices.Concat(s.asRoot, []string{"chmod", "644", path})...)
}
