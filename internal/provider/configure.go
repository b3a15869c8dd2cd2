// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// Defaults and limits of the settings outside of the platforms' blocks.
const (
	defaultRequestTimeout = 30 * time.Second
	defaultMaxRetries     = 4
	defaultMaxConcurrent  = 8

	maxRetriesLimit    = 100
	maxConcurrentLimit = 1000
)

// Configure makes the clients. None of them connects before its first request.
func (p *directoryProvider) Configure(
	ctx context.Context,
	req provider.ConfigureRequest,
	resp *provider.ConfigureResponse,
) {
	model, diags := readModel(ctx, req.Config.Get)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	c := configuration{
		diags:     &resp.Diagnostics,
		userAgent: userAgent(p.version, req.TerraformVersion),
		options:   clients.Options{Unknown: map[clients.Platform]string{}},
		notices:   p.notices,
	}
	c.readGeneral(model)
	c.readCheckNames(model)
	c.cloudShell(model.CloudShell)
	c.vcd(model.VCD)
	c.ldap(model.LDAP)
	if resp.Diagnostics.HasError() {
		return
	}
	set := clients.NewSet(c.options)
	resp.ResourceData, resp.DataSourceData, resp.ActionData, resp.ListResourceData = set, set, set, set
}

// userAgent names the provider and Terraform to the servers.
func userAgent(version, terraformVersion string) string {
	if terraformVersion == "" {
		terraformVersion = "unknown"
	}
	return fmt.Sprintf(
		"terraform-provider-directory/%s Terraform/%s (+https://github.com/external-directory/terraform-provider-directory)",
		version,
		terraformVersion,
	)
}

// configuration is the work of one Configure.
type configuration struct {
	diags     *diag.Diagnostics
	userAgent string
	options   clients.Options
	notices   *notices

	timeout       time.Duration
	maxRetries    int
	maxConcurrent int
	unknown       string // one of these three whose value is unknown
}

func (c *configuration) readGeneral(model providerModel) {
	c.timeout = c.duration("request_timeout", model.RequestTimeout, "DIRECTORY_REQUEST_TIMEOUT", defaultRequestTimeout)
	c.maxRetries = c.number(
		"max_retries",
		model.MaxRetries,
		"DIRECTORY_MAX_RETRIES",
		defaultMaxRetries,
		0,
		maxRetriesLimit,
	)
	c.maxConcurrent = c.number("max_concurrent_requests", model.MaxConcurrentRequests, "DIRECTORY_MAX_CONCURRENT_REQUESTS",
		defaultMaxConcurrent, 1, maxConcurrentLimit)
}

// readCheckNames reads check_names, which belongs to all platforms and so stands outside of their blocks. A value that
// is not known yet checks nothing: the plan at apply will know it.
func (c *configuration) readCheckNames(model providerModel) {
	if model.CheckNames.IsUnknown() {
		c.options.CheckNames = clients.CheckNamesOff
		return
	}
	s := settings{
		attributes: map[string]attr.Value{"check_names": model.CheckNames},
		variables:  map[string]string{},
		diags:      c.diags,
	}
	c.options.CheckNames = s.choice("check_names", "DIRECTORY_CHECK_NAMES",
		clients.CheckNamesError, clients.CheckNamesWarn, clients.CheckNamesOff)
}

func (c *configuration) cloudShell(block types.Object) {
	s, configured := platformSettings(clients.CloudShell, block, c.diags)
	if !configured {
		return
	}
	config := cloudshellapi.Config{
		URL:        s.address("url", "CLOUDSHELL_URL"),
		Username:   s.text("username", "CLOUDSHELL_USERNAME"),
		Password:   s.secret("password", "CLOUDSHELL_PASSWORD"),
		Domain:     s.text("domain", "CLOUDSHELL_DOMAIN"),
		Token:      s.secret("token", "CLOUDSHELL_TOKEN"),
		AuthScheme: s.choice("auth_scheme", "CLOUDSHELL_AUTH_SCHEME", "auto", "bearer", "basic"),
	}
	if config.Domain == "" {
		config.Domain = "Global"
	}
	config.HTTP = c.transport(s, "CLOUDSHELL", config.Password, config.Token)
	s.dropOtherAccount(&config.Username, config.Password, "token")
	s.chooseOne(
		credential{"password", "CLOUDSHELL_PASSWORD", &config.Password},
		credential{"token", "CLOUDSHELL_TOKEN", &config.Token},
	)
	if !c.ready(clients.CloudShell, s) {
		return
	}
	c.warnUnencrypted(s, config.URL, "http")
	client, err := cloudshellapi.New(config)
	s.refuseError(err)
	c.options.CloudShell = client
}

func (c *configuration) vcd(block types.Object) {
	s, configured := platformSettings(clients.VCD, block, c.diags)
	if !configured {
		return
	}
	config := vcdapi.Config{
		URL:      s.address("url", "VCD_URL"),
		Org:      s.text("org", "VCD_ORG"),
		Username: s.text("username", "VCD_USER"),
		Password: s.secret("password", "VCD_PASSWORD"),
		Token:    s.secret("token", "VCD_TOKEN"),
		APIToken: s.secret("api_token", "VCD_API_TOKEN"),

		APITokenFile:    s.text("api_token_file", "VCD_API_TOKEN_FILE"),
		OnSpentAPIToken: c.notices.warnSpentAPIToken,

		APIVersion: s.text("api_version", "VCD_API_VERSION"),
		Interface:  s.choice("interface", "VCD_INTERFACE", "auto", "cloudapi", "xml"),
	}
	config.HTTP = c.transport(s, "VCD", config.Password, config.Token, config.APIToken)
	s.dropOtherAccount(&config.Username, config.Password, "token", "api_token", "api_token_file")
	s.chooseOne(
		credential{"password", "VCD_PASSWORD", &config.Password},
		credential{"token", "VCD_TOKEN", &config.Token},
		credential{"api_token", "VCD_API_TOKEN", &config.APIToken},
		credential{"api_token_file", "VCD_API_TOKEN_FILE", &config.APITokenFile},
	)
	if !c.ready(clients.VCD, s) {
		return
	}
	c.warnUnencrypted(s, config.URL, "http")
	client, err := vcdapi.New(config)
	s.refuseError(err)
	c.options.VCD = client
}

func (c *configuration) ldap(block types.Object) {
	s, configured := platformSettings(clients.LDAP, block, c.diags)
	if !configured {
		return
	}
	config := directory.Config{
		URL:          s.address("url", "LDAP_URL"),
		BindDN:       s.text("bind_dn", "LDAP_BIND_DN"),
		BindPassword: s.secret("bind_password", "LDAP_BIND_PASSWORD"),
		BaseDN:       s.text("base_dn", "LDAP_BASE_DN"),
		StartTLS:     s.boolean("start_tls", "LDAP_START_TLS"),
		Schema:       s.choice("schema", "LDAP_SCHEMA", "auto", "active_directory", "rfc2307bis", "rfc2307"),
		TLS:          s.tls("LDAP"),
		Timeout:      c.timeout,
	}
	if kerberos := s.block("kerberos"); kerberos != nil {
		config.Kerberos = kerberosOf(kerberos)
		s.dropUnwritten("bind_dn", &config.BindDN) // what is written beats the environment's account
		s.dropUnwritten("bind_password", &config.BindPassword)
	}
	if !c.ready(clients.LDAP, s) {
		return
	}
	if config.BindPassword != "" && !config.StartTLS {
		c.warnUnencrypted(s, config.URL, "ldap")
	}
	client, err := directory.New(config)
	s.refuseError(err)
	c.options.LDAP = client
}

// kerberosOf reads the kerberos block.
func kerberosOf(s *settings) *directory.Kerberos {
	return &directory.Kerberos{
		Realm:            s.text("realm", ""),
		Username:         s.text("username", ""),
		Password:         s.secret("password", ""),
		Keytab:           s.text("keytab", ""),
		CCache:           s.text("ccache", ""),
		Config:           s.text("krb5_conf", ""),
		ServicePrincipal: s.text("service_principal", ""),
	}
}

// ready reports whether a client can be made: everything known, and nothing wrong so far with what was read.
func (c *configuration) ready(platform clients.Platform, s *settings) bool {
	if s.unknown == "" {
		s.unknown = c.unknown
	}
	if s.unknown != "" {
		c.options.Unknown[platform] = s.unknown
		return false
	}
	return !c.diags.HasError()
}

// transport is the HTTP configuration of a platform. It must be made before credentials are dropped in favour of
// others, so that the log masks all of them.
func (c *configuration) transport(s *settings, prefix string, secrets ...string) transport.Config {
	return transport.Config{
		TLS:                   s.tls(prefix),
		RequestTimeout:        c.timeout,
		MaxRetries:            c.maxRetries,
		MaxConcurrentRequests: c.maxConcurrent,
		UserAgent:             c.userAgent,
		Log:                   logHook(secrets),
	}
}

func (c *configuration) duration(
	name string, value types.String, variable string, fallback time.Duration,
) time.Duration {
	text := value.ValueString()
	switch {
	case value.IsUnknown():
		c.unknown = name
		return fallback
	case value.IsNull():
		text = strings.TrimSpace(os.Getenv(variable))
	}
	if text == "" {
		return fallback
	}
	duration, err := framework.ParseDuration(text)
	if err != nil {
		c.diags.AddAttributeError(
			path.Root(name),
			"Invalid Value of "+sourceOf(name, variable, value.IsNull()),
			framework.Sentence(err.Error()),
		)
		return fallback
	}
	return duration
}

func (c *configuration) number(name string, value types.Int64, variable string, fallback, least, most int) int {
	switch {
	case value.IsUnknown():
		c.unknown = name
		return fallback
	case !value.IsNull():
		return int(value.ValueInt64()) // in range by the schema
	}
	text := strings.TrimSpace(os.Getenv(variable))
	if text == "" {
		return fallback
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < least || number > most {
		c.diags.AddAttributeError(path.Root(name), "Invalid Value of "+sourceOf(name, variable, true),
			fmt.Sprintf("%s is %q. It must be a whole number from %d to %d.", variable, text, least, most))
		return fallback
	}
	return number
}

func sourceOf(name, variable string, fromEnvironment bool) string {
	if fromEnvironment {
		return "Environment Variable " + variable
	}
	return name
}
