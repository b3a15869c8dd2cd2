// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// settings are the flags of the server.
type settings struct {
	ldapAddr, cloudshellAddr, vcdAddr, controlAddr string
	freePorts                                      bool
	readyFile                                      string
	latency                                        time.Duration
	faultRate                                      float64
	ldapURL, bindDN, bindPassword, baseDN          string
	startTLS, insecure, nested                     bool
	vcdVersion                                     string
	cloudshell                                     cloudshell.Options
}

// controlDefault is where a mock listens for commands by default.
const controlDefault = "127.0.0.1:13800"

// parseSettings reads the flags. Asked for help, it prints them and returns flag.ErrHelp.
func parseSettings(arguments []string, out io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("mock", flag.ContinueOnError)
	f.StringVar(&s.ldapAddr, "ldap", "127.0.0.1:13890", "`address` of the LDAP directory")
	f.StringVar(&s.cloudshellAddr, "cloudshell", "127.0.0.1:19000", "`address` of CloudShell")
	f.StringVar(&s.vcdAddr, "vcd", "127.0.0.1:18443", "`address` of Cloud Director")
	f.StringVar(&s.controlAddr, "control", controlDefault, "`address` that takes commands")
	f.BoolVar(&s.freePorts, "free-ports", false, "listen on free ports of 127.0.0.1 instead of the addresses above")
	f.StringVar(&s.readyFile, "ready-file", "",
		"write the environment to this `file`, for a shell to source, once all is served")
	f.DurationVar(&s.latency, "latency", 0, "wait before every answer of the platforms")
	f.Float64Var(&s.faultRate, "faults", 0,
		"let this `share` of requests to the platforms fail, 0 to 1, in all sorts of ways")
	f.StringVar(&s.ldapURL, "ldap-url", "",
		"import from this `URL` (ldap:// or ldaps://) instead of the embedded directory")
	f.StringVar(&s.bindDN, "bind-dn", "", "account to read --ldap-url with")
	f.StringVar(&s.bindPassword, "bind-password", "", "its password; default: LDAP_BIND_PASSWORD of the environment")
	f.StringVar(&s.baseDN, "base-dn", "", "where --ldap-url is searched; default: its naming context")
	f.BoolVar(&s.startTLS, "start-tls", false, "StartTLS with --ldap-url")
	f.BoolVar(&s.insecure, "insecure", false, "do not verify the certificate of --ldap-url")
	f.BoolVar(&s.nested, "nested", false, "the platforms see the members of groups inside a group too")
	f.StringVar(&s.vcdVersion, "vcd-version", "39.1",
		"newest API `version` of Cloud Director; 40.0 and later is VCF Automation")
	f.Func("cloudshell-option", "how CloudShell behaves where its documentation is silent, as `name=value`; "+
		"may be repeated; one of\n"+forms(), func(text string) error { return setForm(&s.cloudshell, text) })
	f.SetOutput(io.Discard)
	if err := f.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			f.SetOutput(out)
			f.PrintDefaults()
		}
		return s, err
	}
	if f.NArg() > 0 {
		return s, fmt.Errorf("unexpected %q after the flags", f.Arg(0))
	}
	if s.faultRate < 0 || s.faultRate > 1 {
		return s, errors.New("--faults must be between 0 and 1")
	}
	s.bindPassword = cmp.Or(s.bindPassword, os.Getenv("LDAP_BIND_PASSWORD"))
	if s.freePorts {
		for _, address := range []*string{&s.ldapAddr, &s.cloudshellAddr, &s.vcdAddr, &s.controlAddr} {
			*address = "127.0.0.1:0"
		}
	}
	return s, nil
}

// form is an option of CloudShell on the command line: the names of its values in the order of the constants.
type form struct {
	names []string
	set   func(index int)
}

func cloudshellForms(o *cloudshell.Options) map[string]form {
	return map[string]form{
		"auth":         oneOf(&o.Auth, "both", "bearer", "basic"),
		"exists":       oneOf(&o.Exists, "conflict", "error", "partial", "unchanged"),
		"group-exists": oneOf(&o.GroupExists, "listed", "omitted", "error", "partial"),
		"unknown":      oneOf(&o.Unknown, "not-found", "empty", "error", "bad-request"),
		"missing":      oneOf(&o.Missing, "not-found", "bad-request"),
		"order":        oneOf(&o.Order, "id", "name"),
		"errors":       oneOf(&o.Errors, "strings", "objects", "nested", "nameless"),
		"error-body":   oneOf(&o.ErrorBody, "message", "string", "html", "empty"),
		"disabled":     oneOf(&o.Disabled, "imported", "inactive", "refused", "hidden"),
		"match":        oneOf(&o.Match, "name", "sid"),
		"put":          oneOf(&o.Put, "merges", "replaces"),
		"cursor":       oneOf(&o.Cursor, "base64", "number"),
		"email":        oneOf(&o.Email, "null", "blank"),
		"ids":          oneOf(&o.IDs, "numbers", "strings"),
		"limits":       oneOf(&o.Limits, "default", "minus-one"),
		"sandboxes":    oneOf(&o.Sandboxes, "inactive", "never"),
	}
}

func oneOf[T ~int](target *T, names ...string) form {
	return form{names: names, set: func(index int) { *target = T(index) }}
}

// setForm sets one option from "name=value".
func setForm(o *cloudshell.Options, text string) error {
	name, value, _ := strings.Cut(text, "=")
	chosen := cloudshellForms(o)[name]
	index := slices.Index(chosen.names, value)
	if index < 0 {
		return fmt.Errorf("expected one of\n%s", forms())
	}
	chosen.set(index)
	return nil
}

// forms lists what setForm understands, one option on a line.
func forms() string {
	all := cloudshellForms(&cloudshell.Options{})
	lines := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		lines = append(lines, "  "+name+"="+strings.Join(all[name].names, "|"))
	}
	return strings.Join(lines, "\n")
}
