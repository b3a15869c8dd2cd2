// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockcloudshell "github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

// secretLab is servers whose every secret can be told from other text.
type secretLab struct {
	shell, cloud, ldap string // addresses
	authority          mockldap.Authority
	cloudServer        *mockvcd.Server
	secrets            map[string]string // what it is -> its value
}

func newSecretLab(t *testing.T) *secretLab {
	t.Helper()
	lab := &secretLab{authority: newAuthority(t), secrets: map[string]string{
		"CloudShell password": "Qz7-shell-password", "bind password": "Qz7-bind-password", "vCD password": mockvcd.Password,
		"API token": mockvcd.APIToken, "wrong password": "Qz7-wrong", "secret in a URL": "Qz7-url",
	}}
	for i, line := range strings.Fields(lab.authority.Key) {
		if len(line) == 64 { // whole lines of the key's base64, not the words around it
			lab.secrets["client key, line "+string(rune('0'+i))] = line
		}
	}
	ldapServer, err := mockldap.Start(mockldap.Options{BindDN: "cn=reader", BindPassword: lab.secrets["bind password"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ldapServer.Close)
	client, err := directory.New(
		directory.Config{
			URL:          ldapServer.URL(),
			BindDN:       "cn=reader",
			BindPassword: lab.secrets["bind password"],
			NoCache:      true,
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	shell := acctest.CloudShell(
		t,
		mockcloudshell.Options{Password: lab.secrets["CloudShell password"], Directory: people.FromLDAP(client)},
	)
	lab.secrets["CloudShell session token"] = shell.IssueToken("admin")
	lab.cloudServer = acctest.VCD(t, mockvcd.Options{Directory: people.FromLDAP(client), RotateAPITokens: true})
	lab.secrets["vCD bearer token"] = lab.cloudServer.Token("acme")
	lab.shell = demandCertificate(t, shell.URL(), lab.authority)
	lab.cloud = demandCertificate(t, lab.cloudServer.URL(), lab.authority)
	lab.ldap = ldapServer.URL()
	return lab
}

// workspace is a configuration that takes its secrets from files, as people do who keep them out of the configuration.
func (lab *secretLab) workspace(t *testing.T, resources string, changes ...[2]string) *acctest.Workspace {
	t.Helper()
	config := `
provider "directory" {
  cloudshell {
    url                = "` + lab.shell + `"
    username           = "admin"
    password           = file("shell-password")
    ca_certificate     = file("ca.pem")
    client_certificate = file("cert.pem")
    client_key         = file("key.pem")
  }
  vcd {
    url                = "` + lab.cloud + `"
    org                = "acme"
    username           = "` + mockvcd.Username + `"
    password           = file("cloud-password")
    ca_certificate     = file("ca.pem")
    client_certificate = file("cert.pem")
    client_key         = file("key.pem")
  }
  ldap {
    url           = "` + lab.ldap + `"
    bind_dn       = "cn=reader"
    bind_password = file("bind-password")
  }
  request_timeout = "20s"
}
` + resources
	for _, change := range changes {
		if !strings.Contains(config, change[0]) {
			t.Fatalf("%q is not in the configuration", change[0])
		}
		config = strings.ReplaceAll(config, change[0], change[1])
	}
	w := acctest.NewWorkspace(t, config)
	for name, content := range map[string]string{
		"shell-password": lab.secrets["CloudShell password"], "cloud-password": lab.secrets["vCD password"],
		"bind-password": lab.secrets["bind password"], "wrong-password": lab.secrets["wrong password"],
		"shell-token": lab.secrets["CloudShell session token"], "cloud-token": lab.secrets["vCD bearer token"],
		"ca.pem": lab.authority.CA, "cert.pem": lab.authority.Certificate, "key.pem": lab.authority.Key,
		"bad-url":        "https://admin:" + lab.secrets["secret in a URL"] + "@ho st/%zz",
		"bad-token.json": `{"refresh_token": "` + mockvcd.APIToken,
	} {
		w.Write(name, content)
	}
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", filepath.Join(w.Dir(), "terraform.log"))
	return w
}

// mustHide fails for each secret in the text.
func (lab *secretLab) mustHide(t *testing.T, what, text string) {
	t.Helper()
	for name, secret := range lab.secrets {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%s shows the %s: …%s…", what, name, text[max(0, at-200):min(len(text), at+len(secret)+100)])
		}
	}
}

const secretResources = `
resource "directory_cloudshell_imported_user" "porter" { name = "jporter" }
resource "directory_vcd_imported_user" "sato" {
  name  = "hsato"
  roles = ["vApp Author"]
}
data "directory_ldap_user" "lopez" { username = "mlopez" }
data "directory_cloudshell_users" "all" {}
`

// One test greps them all: no secret is in the log at TRACE, the output, the state or the plan, whether the run goes
// well or not.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	lab := newSecretLab(t)
	w := lab.workspace(t, secretResources)
	plan := w.Terraform("plan", "-out=plan")
	if plan.Code != 0 {
		t.Fatal(plan.Output)
	}
	shown := w.Terraform("show", "-json", "plan")
	applied := w.Terraform("apply", "plan")
	if applied.Code != 0 {
		t.Fatal(applied.Output)
	}
	lab.mustHide(t, "plan", plan.Output)
	lab.mustHide(t, "plan JSON", shown.Output)
	contains(t, shown.Output, "jporter", "hsato")
	lab.mustHide(t, "apply", applied.Output)
	state := read(t, filepath.Join(w.Dir(), "terraform.tfstate"))
	contains(t, state, "jporter", "hsato")
	lab.mustHide(t, "state", state)
	log := read(t, filepath.Join(w.Dir(), "terraform.log"))
	contains(t, log, "HTTP request", "/Api/Auth/Login", "/cloudapi/1.0.0/sessions")
	lab.mustHide(t, "log", log)
}

// The same where something is wrong with the place that the secret came in.
func TestNoSecretIsShownInErrors(t *testing.T) {
	t.Parallel()
	lab := newSecretLab(t)
	const cloudLogin = "    username           = \"" + mockvcd.Username + `"
    password           = file("cloud-password")
`
	for name, c := range map[string]struct {
		change      [2]string
		environment [2]string
		words       string
	}{
		"wrong CloudShell password": {
			change: [2]string{`file("shell-password")`, `file("wrong-password")`}, words: "Unable to Log In to CloudShell",
		},
		"wrong vCD password": {
			change: [2]string{`file("cloud-password")`, `file("wrong-password")`}, words: "Unable to Log In to Cloud Director",
		},
		"wrong bind password": {
			change: [2]string{`file("bind-password")`, `file("wrong-password")`}, words: "ldap.bind_password",
		},
		"literal with white space": {
			change: [2]string{`file("shell-password")`, `"` + lab.secrets["CloudShell password"] + `\n"`}, words: "white space",
		},
		"literal in a URL": {
			change: [2]string{`"` + lab.shell + `"`, `"https://admin:Qz7-url@host:9000"`}, words: "user name or password",
		},
		"URL of a file": {
			change: [2]string{`"` + lab.shell + `"`, `file("bad-url")`}, words: "user name or password",
		},
		"URL that does not parse": {
			change: [2]string{`"` + lab.cloud + `"`, `"https://admin:Qz7-url%40host"`}, words: "not a complete address",
		},
		"key as certificate": {
			change: [2]string{`file("cert.pem")`, `file("key.pem")`}, words: "holds no certificate",
		},
		"certificate as key": {
			change: [2]string{`file("key.pem")`, `file("cert.pem")`}, words: "holds no private key",
		},
		"token as well": {
			change: [2]string{cloudLogin, cloudLogin + "    token = \"" + mockvcd.APIToken + "\"\n"},
			words:  "exclude each other",
		},
		"broken token file": {
			change: [2]string{cloudLogin, "    api_token_file = \"bad-token.json\"\n"}, words: "begins like JSON and is not",
		},
		"spent token": {
			change: [2]string{cloudLogin, "    api_token = \"Qz7-wrong\"\n"}, words: "Unable to Log In to Cloud Director",
		},
		"environment with white space": {
			change: [2]string{cloudLogin, ""}, words: "VCD_API_TOKEN",
			environment: [2]string{"VCD_API_TOKEN", mockvcd.APIToken + "\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := lab.workspace(t, secretResources, c.change)
			if c.environment[0] != "" {
				w.Setenv(c.environment[0], c.environment[1])
			}
			run := w.Terraform("plan")
			if run.Code != 1 {
				t.Errorf("plan ended with %d", run.Code)
			}
			contains(t, unwrapped(run.Output), c.words)
			lab.mustHide(t, "output", run.Output)
			lab.mustHide(t, "log", read(t, filepath.Join(w.Dir(), "terraform.log")))
		})
	}
}

// Tokens, too: a session token, a bearer token, and an API token that the server replaces.
func TestNoTokenIsShown(t *testing.T) {
	t.Parallel()
	lab := newSecretLab(t)
	w := lab.workspace(
		t,
		"data \"directory_cloudshell_users\" \"all\" {}\ndata \"directory_vcd_roles\" \"all\" {}\n",
		[2]string{
			`    username           = "admin"
    password           = file("shell-password")
`,
			"    token = file(\"shell-token\")\n",
		},
		[2]string{
			"    username           = \"" + mockvcd.Username + "\"\n    password           = file(\"cloud-password\")\n",
			"    api_token_file = \"api-token\"\n",
		},
	)
	w.Write("api-token", mockvcd.APIToken+"\n")
	for range 2 {
		run := w.Terraform("apply", "-auto-approve")
		if run.Code != 0 {
			t.Fatal(run.Output)
		}
		lab.secrets["next API token"] = lab.cloudServer.APIToken()
		lab.mustHide(t, "apply", run.Output)
	}
	lab.mustHide(t, "state", read(t, filepath.Join(w.Dir(), "terraform.tfstate")))
	lab.mustHide(t, "log", read(t, filepath.Join(w.Dir(), "terraform.log")))
	if text, err := os.ReadFile(filepath.Join(w.Dir(), "api-token")); err != nil ||
		string(text) != lab.cloudServer.APIToken()+"\n" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

// unwrapped undoes how Terraform breaks and frames the lines of a diagnostic.
func unwrapped(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}
