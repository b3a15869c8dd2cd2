// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	"github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// org is the organization of Cloud Director that the printed configuration logs in to.
const org = "acme"

// cloudshellGroups are there for people to put users into.
var cloudshellGroups = []string{"Lab Users", "Lab Engineers"}

// labDomain is a CloudShell domain, beside the one that every CloudShell has.
const labDomain = "Lab"

// platforms is everything that runs.
type platforms struct {
	ldap       *ldap.Server // nil with --ldap-url
	read       directory.Config
	client     *directory.Client
	cloudshell *cloudshell.Server
	vcd        *vcd.Server
	control    *control
}

// start starts the directory, then the platforms over it, then the control endpoint. What was started is closed again
// when a later one fails.
func start(s settings) (_ *platforms, err error) {
	p := &platforms{}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if err := p.startDirectory(s); err != nil {
		return nil, err
	}
	source := people.FromLDAP(p.client)
	source.Nested = s.nested
	if err := p.startPlatforms(s, source); err != nil {
		return nil, err
	}
	if p.control, err = startControl(s.controlAddr, p); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *platforms) startDirectory(s settings) (err error) {
	p.read = directory.Config{
		URL: s.ldapURL, BindDN: s.bindDN, BindPassword: s.bindPassword, BaseDN: s.baseDN, StartTLS: s.startTLS,
		TLS: setting.TLS{Insecure: s.insecure}, Timeout: 30 * time.Second, NoCache: true,
	}
	if s.ldapURL == "" {
		if p.ldap, err = ldap.Start(ldap.Options{Addr: s.ldapAddr}); err != nil {
			return err
		}
		p.read.URL, p.read.BaseDN = p.ldap.URL(), p.ldap.BaseDN()
		p.read.BindDN, p.read.BindPassword = p.ldap.BindDN(), p.ldap.BindPassword()
	}
	p.client, err = directory.New(p.read)
	return err
}

func (p *platforms) startPlatforms(s settings, source people.Directory) (err error) {
	s.cloudshell.Addr, s.cloudshell.Directory, s.cloudshell.Latency = s.cloudshellAddr, source, s.latency
	if p.cloudshell, err = cloudshell.Start(s.cloudshell); err != nil {
		return err
	}
	for _, name := range cloudshellGroups {
		p.cloudshell.AddGroup(name)
	}
	p.cloudshell.AddDomain(labDomain)
	p.vcd, err = vcd.Start(vcd.Options{
		Addr: s.vcdAddr, Directory: source, Latency: s.latency, Version: s.vcdVersion, PageOptional: true,
	})
	if err != nil {
		return err
	}
	addFaults(s.faultRate, p.cloudshell.Faults(), p.vcd.Faults())
	return nil
}

// addFaults shares the rate among the faults that a client should survive or explain.
func addFaults(rate float64, injectors ...*faults.Injector) {
	if rate == 0 {
		return
	}
	kinds := []faults.Fault{
		faults.Busy(http.StatusTooManyRequests, 1), faults.Busy(http.StatusServiceUnavailable, 1),
		faults.HTML(http.StatusBadGateway), faults.CutBefore(), faults.CutAfter(), faults.Truncate(),
	}
	for _, injector := range injectors {
		for _, fault := range kinds {
			injector.Add(faults.Rule{Rate: rate / float64(len(kinds)), Fault: fault})
		}
	}
}

func (p *platforms) close() {
	if p.control != nil {
		p.control.close()
	}
	if p.vcd != nil {
		p.vcd.Close()
	}
	if p.cloudshell != nil {
		p.cloudshell.Close()
	}
	if p.client != nil {
		_ = p.client.Close()
	}
	if p.ldap != nil {
		p.ldap.Close()
	}
}

// variables are the settings of the provider's environment, and of this command's.
func (p *platforms) variables() [][2]string {
	return [][2]string{
		{"CLOUDSHELL_URL", p.cloudshell.URL()},
		{"CLOUDSHELL_USERNAME", p.cloudshell.Username()},
		{"CLOUDSHELL_PASSWORD", p.cloudshell.Password()},
		{"VCD_URL", p.vcd.URL()},
		{"VCD_ORG", org},
		{"VCD_USER", vcd.Username},
		{"VCD_PASSWORD", vcd.Password},
		{"LDAP_URL", p.read.URL},
		{"LDAP_BIND_DN", p.read.BindDN},
		{"LDAP_BIND_PASSWORD", p.read.BindPassword},
		{"LDAP_BASE_DN", p.read.BaseDN},
		{controlVariable, p.control.url()},
	}
}

// environment is a script for a shell to source.
func (p *platforms) environment() string {
	var text strings.Builder
	for _, variable := range p.variables() {
		fmt.Fprintf(&text, "export %s='%s'\n", variable[0], strings.ReplaceAll(variable[1], "'", `'\''`))
	}
	return text.String()
}

// introduce tells people what runs, and what to do with it.
func (p *platforms) introduce(out io.Writer) {
	_, _ = fmt.Fprintf(out, `The mock platforms are running. Put this into a .tf file:

provider "directory" {
  cloudshell {
    url      = %q
    username = %q
    password = %q
  }
  vcd {
    url      = %q
    org      = %q
    username = %q
    password = %q
  }
  ldap {
    url           = %q
    bind_dn       = %q
    bind_password = %q
    base_dn       = %q
  }
}

or this into the environment:

%s
In the directory are, among others, jporter (James Porter) and the groups "Azure_DevOps_Cloud_Admins", "Lab Engineers"
and "Lab Operators". CloudShell has the groups %s, and the domains "Global" and %q.
Change and look, from another terminal:

%s
Ctrl-C stops them; nothing is kept.
`, p.cloudshell.URL(), p.cloudshell.Username(), p.cloudshell.Password(), p.vcd.URL(), org, vcd.Username, vcd.Password,
		p.read.URL, p.read.BindDN, p.read.BindPassword, p.read.BaseDN, p.environment(), quoted(cloudshellGroups),
		labDomain, usage())
}

func quoted(names []string) string {
	text := make([]string, len(names))
	for i, name := range names {
		text[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(text, " and ")
}

var errRealDirectory = errors.New("the directory is a real one (--ldap-url): change it with its own tools")
