// SPDX-License-Identifier: MPL-2.0

package vcdapi_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

func TestConfigurationErrorsNameTheField(t *testing.T) {
	t.Parallel()
	good := vcdapi.Config{URL: "https://vcd.example.com", Org: "acme", Username: "admin", Password: "secret"}
	for name, c := range map[string]struct {
		change func(*vcdapi.Config)
		field  string
	}{
		"no URL":                {func(c *vcdapi.Config) { c.URL = " " }, "url"},
		"no scheme":             {func(c *vcdapi.Config) { c.URL = "vcd.example.com" }, "url"},
		"another scheme":        {func(c *vcdapi.Config) { c.URL = "ldap://vcd.example.com" }, "url"},
		"not a URL":             {func(c *vcdapi.Config) { c.URL = "https://vcd.example.com:port" }, "url"},
		"login in the URL":      {func(c *vcdapi.Config) { c.URL = "https://admin:hunter2@vcd.example.com" }, "url"},
		"no organization":       {func(c *vcdapi.Config) { c.Org = "" }, "org"},
		"no user name":          {func(c *vcdapi.Config) { c.Username = "" }, "username"},
		"no password":           {func(c *vcdapi.Config) { c.Password = "" }, "password"},
		"two tokens":            {func(c *vcdapi.Config) { c.Token, c.APIToken = "a", "b" }, "api_token"},
		"unknown interface":     {func(c *vcdapi.Config) { c.Interface = "soap" }, "interface"},
		"no version":            {func(c *vcdapi.Config) { c.APIVersion = "latest" }, "api_version"},
		"certificate is no PEM": {func(c *vcdapi.Config) { c.HTTP.TLS.CACertificate = "x" }, "ca_certificate"},
		"version too old":       {func(c *vcdapi.Config) { c.APIVersion = "32.0" }, "api_version"},
		"version below zero":    {func(c *vcdapi.Config) { c.APIVersion = "-1.0" }, "api_version"},
		"version of vCD 5":      {func(c *vcdapi.Config) { c.APIVersion = "5.6" }, "api_version"},
		"version with spaces":   {func(c *vcdapi.Config) { c.APIVersion = "37 .2" }, "api_version"},
	} {
		config := good
		c.change(&config)
		_, err := vcdapi.New(config)
		var wrong *setting.Error
		if !errors.As(err, &wrong) || wrong.Attribute != c.field {
			t.Errorf("%s: %v, want an error on %s", name, err, c.field)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error tells the password: %v", name, err)
		}
	}
}

func TestVersionIsNegotiated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		offered []string
		pinned  string
		want    vcdapi.Capabilities // Interface and Version count; ""  = an error
	}{
		"the newest": {[]string{"36.0 deprecated", "37.2", "37.0", "5.6"}, "",
			vcdapi.Capabilities{Version: "37.2", Interface: "cloudapi"}},
		"as numbers, not as text": {[]string{"37.2", "37.10"}, "",
			vcdapi.Capabilities{Version: "37.10", Interface: "cloudapi"}},
		"no alpha": {[]string{"39.2", "40.0", "41.0.0-alpha"}, "",
			vcdapi.Capabilities{Version: "40.0", Interface: "cloudapi"}},
		"an alpha for want of others": {[]string{"41.0.0-alpha"}, "",
			vcdapi.Capabilities{Version: "41.0.0-alpha", Interface: "cloudapi"}},
		"unified numbers": {[]string{"39.2", "9.1.0"}, "",
			vcdapi.Capabilities{Version: "9.1.0", Interface: "cloudapi"}},
		"current before deprecated": {[]string{"36.3", "37.0 deprecated"}, "",
			vcdapi.Capabilities{Version: "36.3", Interface: "cloudapi"}},
		"deprecated only": {[]string{"35.0 deprecated", "34.0 deprecated"}, "",
			vcdapi.Capabilities{Version: "35.0", Interface: "xml"}},
		"unreadable ones are skipped": {[]string{"beta", "35.2", ""}, "",
			vcdapi.Capabilities{Version: "35.2", Interface: "xml"}},
		"too old":       {[]string{"31.0", "32.0"}, "", vcdapi.Capabilities{}},
		"none":          {nil, "", vcdapi.Capabilities{}},
		"pinned":        {[]string{"37.2"}, "33.0", vcdapi.Capabilities{Version: "33.0", Interface: "xml"}},
		"pinned to VCF": {nil, "9.1.0", vcdapi.Capabilities{Version: "9.1.0", Interface: "cloudapi"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newStub(t, "", map[string]func(http.ResponseWriter, *http.Request){
				"GET /api/versions": func(w http.ResponseWriter, _ *http.Request) {
					_,
						_ = io.WriteString(w, versions(c.offered...))
				},
			})
			tenant, err := connect(t, server.URL,
				func(config *vcdapi.Config) { config.APIVersion = c.pinned }).Tenant(t.Context(), "")
			if c.want.Version == "" {
				if err == nil {
					t.Errorf("chose %s", tenant.Capabilities().Version)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := tenant.Capabilities(); got.Version != c.want.Version || got.Interface != c.want.Interface {
				t.Errorf("chose %s %s", got.Interface, got.Version)
			}
			if asked := len(server.sent("GET", "/api/versions")); (asked == 0) != (c.pinned != "") {
				t.Errorf("%d requests for versions", asked)
			}
			if accept := server.sent("POST",
				"/cloudapi/1.0.0/sessions")[0].header.Get("Accept"); accept != "application/*;version="+c.want.Version {
				t.Errorf("Accept of the login: %q", accept)
			}
		})
	}
}

func TestWhatIsNoCloudDirectorSaysSo(t *testing.T) {
	t.Parallel()
	server := newStub(t, "", map[string]func(http.ResponseWriter, *http.Request){
		"GET /api/versions": text(http.StatusOK, "text/html", "<!DOCTYPE html><html><body>Welcome<br></body></html>"),
	})
	if _, err := connect(t, server.URL).Tenant(t.Context(), ""); err == nil ||
		!strings.Contains(err.Error(), "hardly Cloud Director") {
		t.Errorf("a web page: %v", err)
	}
}

func TestBaseURLIsTakenAsPeopleCopyIt(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{})
	for _, suffix := range []string{"", "/", "/api", "/api/", "/cloudapi/1.0.0", "/tenant/acme",
		"/provider/administration"} {
		if _, err := connect(t, server.URL()+suffix).Tenant(t.Context(), ""); err != nil {
			t.Errorf("%q: %v", suffix, err)
		}
	}
}

func TestRefusedLoginIsNotRepeated(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{})
	client := connect(t, server.URL(), func(c *vcdapi.Config) { c.Password = "wrong-password" })
	for range 3 {
		together(10, func() {
			if _, err := client.Tenant(t.Context(), ""); !errors.Is(err, vcdapi.ErrUnauthorized) ||
				strings.Contains(err.Error(), "wrong-password") {
				t.Errorf("refused: %v", err)
			}
		})
	}
	if n := server.Logins(); n != 1 {
		t.Errorf("%d logins, want 1: accounts get locked", n)
	}
}

func TestExpiredSessionIsRenewedOnce(t *testing.T) {
	t.Parallel()
	eachFlavour(t, mockvcd.Options{}, func(t *testing.T, server *mockvcd.Server, tenant *vcdapi.Tenant) {
		author := role(t, tenant, mockvcd.RoleVAppAuthor)
		server.ExpireSessions()
		together(10, func() {
			if _, err := tenant.Users(t.Context()); err != nil {
				t.Errorf("after the session ended: %v", err)
			}
			if _, err := tenant.FindUser(t.Context(), "absent", ""); !errors.Is(err, vcdapi.ErrNotFound) {
				t.Errorf("after the session ended: %v", err)
			}
		})
		server.ExpireSessions()
		must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser("anna", author)))
		if n := server.Logins(); n != 3 {
			t.Errorf("%d logins, want 3", n)
		}
	})
}

func TestBearerToken(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{})
	withToken := func(token, org string) *vcdapi.Client {
		return connect(t, server.URL(), func(c *vcdapi.Config) {
			c.Username, c.Password, c.Token, c.Org = "", "", token,
				org
		})
	}
	tenant := open(t, withToken(server.Token("acme"), "ACME"))
	must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser("anna", role(t, tenant, mockvcd.RoleVAppUser))))
	if server.Logins() != 0 {
		t.Error("a login was made in spite of the token")
	}
	server.ExpireSessions()
	if _, err := tenant.FindUser(t.Context(), "bob", ""); !errors.Is(err, vcdapi.ErrUnauthorized) ||
		!strings.Contains(err.Error(), "expired") {
		t.Errorf("expired token: %v", err)
	}
	if _, err := withToken(server.Token("globex"), "acme").Tenant(t.Context(), ""); !errors.Is(err,
		vcdapi.ErrUnauthorized) || !strings.Contains(err.Error(), "globex") {
		t.Errorf("another organization's token: %v", err)
	}
}

func TestAPITokenReadsOnly(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "37.2"})
	withToken := func(token, org string) *vcdapi.Client {
		return connect(t, server.URL(), func(c *vcdapi.Config) {
			c.Username, c.Password, c.APIToken, c.Org = "", "", token,
				org
		})
	}
	ctx := t.Context()
	tenant := open(t, withToken(mockvcd.APIToken, "acme"))
	if !tenant.Capabilities().ReadOnly {
		t.Error("not marked as read only")
	}
	author := role(t, tenant, mockvcd.RoleVAppAuthor)
	server.ResetRequests()
	for what, write := range map[string]func() error{
		"create user":  func() error { _, err := tenant.CreateUser(ctx, newUser("anna", author)); return err },
		"update user":  func() error { _, err := tenant.UpdateUser(ctx, newUser("anna", author)); return err },
		"delete user":  func() error { return tenant.DeleteUser(ctx, "urn:vcloud:user:1") },
		"ownership":    func() error { return tenant.TakeOwnership(ctx, "urn:vcloud:user:1") },
		"create group": func() error { _, err := tenant.CreateGroup(ctx, vcdapi.Group{Name: "x"}); return err },
		"update group": func() error { _, err := tenant.UpdateGroup(ctx, vcdapi.Group{Name: "x"}); return err },
		"delete group": func() error { return tenant.DeleteGroup(ctx, "urn:vcloud:group:1") },
		"sync":         func() error { return tenant.SyncDirectory(ctx) },
	} {
		if err := write(); !errors.Is(err, vcdapi.ErrAPITokenReadOnly) || !strings.Contains(err.Error(), "username and "+
			"password") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := len(server.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
	if tenant := must[*vcdapi.Tenant](t)(withToken(mockvcd.APIToken, "System").Tenant(ctx,
		"globex")); tenant.Name() != "globex" {
		t.Errorf("a provider's token reached %s", tenant.Name())
	}
	if _, err := withToken("wrong-token", "acme").Tenant(ctx, ""); !errors.Is(err, vcdapi.ErrUnauthorized) ||
		strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("wrong token: %v", err)
	}
	old := start(t, mockvcd.Options{Version: "36.0"})
	client := connect(t, old.URL(), func(c *vcdapi.Config) { c.Username, c.Password, c.APIToken = "", "", "x" })
	if _, err := client.Tenant(ctx, ""); !errors.Is(err, vcdapi.ErrUnsupported) || !strings.Contains(err.Error(), "36.1") {
		t.Errorf("before 36.1: %v", err)
	}
}

func TestProviderActsInsideOrganizations(t *testing.T) {
	t.Parallel()
	provider := func(c *vcdapi.Config) {
		c.Org, c.Username = "System", mockvcd.ProviderUsername
	}
	for name, options := range map[string]mockvcd.Options{
		"CloudAPI": {Version: "37.2"}, "VCF Automation": {Version: "40.0"}, "XML": {Version: "35.0"},
		"hidden list": {Version: "39.1", NoOrgList: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, options)
			client := connect(t, server.URL(), provider)
			for _, org := range []string{"acme", "globex", "Acme"} {
				tenant, err := client.Tenant(t.Context(), org)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.EqualFold(tenant.Name(), org) || tenant.ID() != "urn:vcloud:org:"+server.OrgUUID(tenant.Name()) {
					t.Errorf("%s is %s %s", org, tenant.Name(), tenant.ID())
				}
				if org == "Acme" {
					continue
				}
				must[vcdapi.User](t)(tenant.CreateUser(t.Context(), newUser("anna", role(t, tenant, mockvcd.RoleVAppUser))))
				if all := must[[]vcdapi.User](t)(tenant.Users(t.Context())); len(all) != 2 {
					t.Errorf("%s has users %+v", org, all)
				}
				if _, ok := server.User(org, "anna"); !ok {
					t.Errorf("%s has no anna", org)
				}
			}
			if _, err := client.Tenant(t.Context(), "nowhere"); !errors.Is(err, vcdapi.ErrOrgNotFound) ||
				errors.Is(err, vcdapi.ErrNotFound) {
				t.Errorf("an organization that is not there: %v", err)
			}
			if own := open(t, client); own.Name() != "System" {
				t.Errorf("the login organization is %s", own.Name())
			}
		})
	}
	server := start(t, mockvcd.Options{})
	if _, err := connect(t, server.URL()).Tenant(t.Context(), "globex"); !errors.Is(err, vcdapi.ErrOrgNotFound) ||
		!strings.Contains(err.Error(), "System") {
		t.Errorf("another organization for a tenant's administrator: %v", err)
	}
}

// A run over many users waits once for a server that does not answer.
func TestUnreachableServerIsGivenARest(t *testing.T) {
	t.Parallel()
	hole, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = hole.Close() })
	client := connect(t, "http://"+hole.Addr().String(), func(c *vcdapi.Config) {
		c.HTTP.RequestTimeout = time.Second
	})
	began := time.Now()
	for range 20 {
		if _, err := client.Tenant(t.Context(), ""); !errors.Is(err, transport.ErrTimeout) {
			t.Errorf("error %v", err)
		}
	}
	if took := time.Since(began); took > 10*time.Second { // one after the other they would wait for 20 s
		t.Errorf("20 requests waited %s for one server that does not answer", took)
	}
}

func TestCancelledCallerDoesNotWait(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{})
	client := connect(t, server.URL())
	if _, err := client.Tenant(cancelled(t), ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	open(t, client) // the others still get in
}

func TestCloudAPIForcedWhereItIsMissing(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "35.0"})
	forced := func(c *vcdapi.Config) { c.Interface = vcdapi.InterfaceCloudAPI }
	tenant := open(t, connect(t, server.URL(), forced))
	_, err := tenant.CreateGroup(t.Context(), vcdapi.Group{Name: "Lab Engineers", ProviderType: vcdapi.ProviderLDAP,
		Roles: []vcdapi.Reference{{ID: "x"}}})
	if !errors.Is(err, vcdapi.ErrUnsupported) || !strings.Contains(err.Error(), `interface = "xml"`) {
		t.Errorf("groups at 35.0: %v", err)
	}
	old := start(t, mockvcd.Options{Version: "34.0"})
	if _, err := connect(t, old.URL(), forced).Tenant(t.Context(), ""); !errors.Is(err, vcdapi.ErrUnsupported) {
		t.Errorf("users at 34.0: %v", err)
	}
}

// together runs work n times at once.
func together(n int, work func()) {
	var group sync.WaitGroup
	for range n {
		group.Go(work)
	}
	group.Wait()
}

// A server that lacks the pinned version is asked which ones it has.
func TestPinnedVersionThatTheServerLacks(t *testing.T) {
	t.Parallel()
	server := start(t, mockvcd.Options{Version: "37.2"})
	for name, change := range map[string]func(*vcdapi.Config){
		"password":  func(*vcdapi.Config) {},
		"token":     func(c *vcdapi.Config) { c.Token = server.Token("acme") },
		"API token": func(c *vcdapi.Config) { c.APIToken = mockvcd.APIToken },
	} {
		client := connect(t, server.URL(), change, func(c *vcdapi.Config) { c.APIVersion = "38.1" })
		_, err := client.Tenant(t.Context(), "")
		if !errors.Is(err, vcdapi.ErrUnsupported) || !strings.Contains(err.Error(), "38.1") ||
			!strings.Contains(err.Error(), "37.1 and 37.2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	wrong := connect(t, server.URL(), func(c *vcdapi.Config) { c.APIVersion, c.Password = "37.2", "wrong" })
	if _, err := wrong.Tenant(t.Context(), ""); !errors.Is(err, vcdapi.ErrUnauthorized) ||
		errors.Is(err, vcdapi.ErrUnsupported) {
		t.Errorf("a wrong password: %v", err)
	}
}
