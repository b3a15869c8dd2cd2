// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Brings the people and groups of an LDAP directory or Active Directory into the platforms " +
			"that import them: Quali CloudShell and VMware Cloud Director (with its successor VCF Automation).\n\n" +
			"Every platform is optional. Configure one by its block, or by its environment variables (`CLOUDSHELL_URL`, " +
			"`VCD_URL`, `LDAP_URL`). A value in the configuration takes precedence over the environment. The provider logs " +
			"in with its first request, not before.",
		Attributes: map[string]schema.Attribute{
			"check_names": choiceAttribute(
				"What a plan does about a name that is unknown or ambiguous (of a person, a directory group, a CloudShell "+
					"group or domain, a role or an organization): `error`, `warn`, or `off`, which checks no names. Default "+
					"`error`.",
				"DIRECTORY_CHECK_NAMES",
				clients.CheckNamesError,
				clients.CheckNamesWarn,
				clients.CheckNamesOff,
			),
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one request may take, retries included, such as `30s` or `2m`. Also limits each " +
					"LDAP operation. Default `30s`. Environment: `DIRECTORY_REQUEST_TIMEOUT`.",
				Validators: []validator.String{framework.PositiveDuration()},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How often to repeat a request to CloudShell or Cloud Director when the connection failed " +
					"or the server was busy. A request that must not be sent twice is not repeated. `0` switches retries off. " +
					"Default `4`. Environment: `DIRECTORY_MAX_RETRIES`.",
				Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many requests may run at once to CloudShell, and as many to Cloud Director. Default " +
					"`8`. LDAP uses at most 4 connections. Environment: `DIRECTORY_MAX_CONCURRENT_REQUESTS`.",
				Validators: []validator.Int64{int64validator.Between(1, maxConcurrentLimit)},
			},
		},
		// Blocks rather than nested attributes, in which Terraform ignores misspelt arguments.
		Blocks: map[string]schema.Block{
			"cloudshell": cloudShellSchema(),
			"vcd":        vcdSchema(),
			"ldap":       ldapSchema(),
		},
	}
}

func cloudShellSchema() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Quali CloudShell, reached through its Administration REST API.",
		Attributes: map[string]schema.Attribute{
			"url": urlAttribute(
				"Address of the Quali Server's API, such as `https://cloudshell.example.com:9000` (not of the portal).",
				"CLOUDSHELL_URL",
				false,
				"http",
				"https",
			),
			"username": stringAttribute(
				"User name of a system administrator. With `token`, set it to the name of the token's account: the provider "+
					"never deletes, deactivates or demotes the account that it uses. With `token` and no `username`, it protects "+
					"all administrators in this way.",
				"CLOUDSHELL_USERNAME",
			),
			"password": secretAttribute("Password of `username`.", "CLOUDSHELL_PASSWORD"),
			"domain":   stringAttribute("CloudShell domain to log in to. Default `Global`.", "CLOUDSHELL_DOMAIN"),
			"token":    secretAttribute("A session token, instead of `username` and `password`.", "CLOUDSHELL_TOKEN"),
			"auth_scheme": choiceAttribute(
				"How to send the session token: `bearer`, `basic` (`Basic` followed by the raw token, as older releases "+
					"expect), or `auto`, which tries `bearer` first and `basic` if the server refuses that. Default `auto`.",
				"CLOUDSHELL_AUTH_SCHEME",
				"auto",
				"bearer",
				"basic",
			),
			"ca_certificate":     caCertificateAttribute("CLOUDSHELL_CA_CERTIFICATE"),
			"client_certificate": clientCertificateAttribute("CLOUDSHELL_CLIENT_CERTIFICATE"),
			"client_key":         clientKeyAttribute("CLOUDSHELL_CLIENT_KEY"),
			"insecure":           insecureAttribute("CLOUDSHELL_INSECURE"),
		},
	}
}

func vcdSchema() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "VMware Cloud Director or VCF Automation.",
		Attributes: map[string]schema.Attribute{
			"url": urlAttribute(
				"Address of the server, such as `https://vcd.example.com`, with or without `/api`.",
				"VCD_URL",
				false,
				"http",
				"https",
			),
			"org": stringAttribute(
				"Organization to log in to, and the default for `org` of resources and data sources. `System` for a provider "+
					"administrator.",
				"VCD_ORG",
			),
			"username": stringAttribute("User name, without `@org`.", "VCD_USER"),
			"password": secretAttribute("Password of `username`.", "VCD_PASSWORD"),
			"token":    secretAttribute("A bearer token, instead of `username` and `password`.", "VCD_TOKEN"),
			"api_token": secretAttribute(
				"An API token, instead of `username` and `password`. With an API token, Cloud Director only lets the provider "+
					"read users, groups and roles: enough for data sources and for plans without changes.",
				"VCD_API_TOKEN",
			),
			"api_token_file": stringAttribute(
				"Path of a file that holds the API token, instead of `api_token`. The file holds the token as text, or as the "+
					"JSON that VMware's own provider writes (`refresh_token`). It must be writable: a service account gets a new "+
					"token at each login, and the provider locks the file and stores the new token in the same form.",
				"VCD_API_TOKEN_FILE",
			),
			"api_version": stringAttribute(
				"API version to use, such as `37.2`; `33.0` or later. Left out, the provider uses the newest version that it "+
					"and the server support.",
				"VCD_API_VERSION",
				framework.APIVersion(),
			),
			"interface": choiceAttribute(
				"Which interface to use: `cloudapi`, `xml` (the older one), or `auto`: CloudAPI from API version 36.0 on. "+
					"Default `auto`.",
				"VCD_INTERFACE", "auto", "cloudapi", "xml",
			),
			"ca_certificate":     caCertificateAttribute("VCD_CA_CERTIFICATE"),
			"client_certificate": clientCertificateAttribute("VCD_CLIENT_CERTIFICATE"),
			"client_key":         clientKeyAttribute("VCD_CLIENT_KEY"),
			"insecure":           insecureAttribute("VCD_INSECURE"),
		},
	}
}

func ldapSchema() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "The directory itself. The `directory_ldap_*` data sources need it. With it, plans check the " +
			"names of imported users against the directory.",
		Attributes: map[string]schema.Attribute{
			"url": urlAttribute(
				"Address of the server, such as `ldaps://dc1.example.com`. If it lists several, separated by commas, the "+
					"provider tries them in this order.",
				"LDAP_URL", true, "ldap", "ldaps",
			),
			"bind_dn": stringAttribute(
				"Distinguished name to bind as (for Active Directory also `user@domain`). Without it, the provider binds by "+
					"`kerberos` or by `client_certificate`. If none of these is set, it binds anonymously.",
				"LDAP_BIND_DN",
			),
			"bind_password": secretAttribute("Password of `bind_dn`.", "LDAP_BIND_PASSWORD"),
			"base_dn": stringAttribute(
				"Distinguished name of the entry below which the provider looks up people and groups by name. Default: all "+
					"naming contexts of the server. Members that a group lists by distinguished name are found anywhere on "+
					"the server.",
				"LDAP_BASE_DN",
			),
			"start_tls": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to upgrade an `ldap://` connection to TLS before binding. Default `false`. " +
					"Environment: `LDAP_START_TLS`.",
			},
			"schema": choiceAttribute(
				"How the directory stores people and groups: `active_directory`, `rfc2307bis` (groups list DNs), "+
					"`rfc2307` (groups list uids), or `auto`. Default `auto`.",
				"LDAP_SCHEMA",
				"auto",
				"active_directory",
				"rfc2307bis",
				"rfc2307",
			),
			"ca_certificate":     caCertificateAttribute("LDAP_CA_CERTIFICATE"),
			"client_certificate": ldapClientCertificateAttribute(),
			"client_key":         clientKeyAttribute("LDAP_CLIENT_KEY"),
			"insecure":           insecureAttribute("LDAP_INSECURE"),
		},
		Blocks: map[string]schema.Block{"kerberos": kerberosSchema()},
	}
}

func ldapClientCertificateAttribute() schema.StringAttribute {
	attribute := clientCertificateAttribute("LDAP_CLIENT_CERTIFICATE")
	attribute.MarkdownDescription += " Without `bind_dn` and `kerberos`, the provider binds as the certificate's " +
		"subject (SASL EXTERNAL)."
	return attribute
}

func kerberosSchema() schema.SingleNestedBlock {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: description,
			Validators:          []validator.String{framework.NotBlank()},
		}
	}
	password := text("Password of `username`.")
	password.Sensitive, password.Validators = true, []validator.String{framework.Secret()}
	return schema.SingleNestedBlock{
		MarkdownDescription: "Binds by Kerberos (SASL GSSAPI) instead of `bind_dn`. Set one of `password`, `keytab` and " +
			"`ccache`. If none is set, the provider reads the credential cache that the environment variable `KRB5CCNAME` " +
			"names.\n\n" +
			"The provider does not sign or seal the connection after the bind. If the server requires that, as Active " +
			"Directory does by default, use TLS: an `ldaps://` address or `start_tls`. Samba before 4.20 accepts Kerberos " +
			"over TLS only with `ldap server require strong auth = allow_sasl_over_tls` in its smb.conf. Servers that " +
			"require channel binding are not supported.",
		Attributes: map[string]schema.Attribute{
			"realm":    text("Realm, such as `EXAMPLE.COM`. Default: the default realm of krb5.conf."),
			"username": text("User name, without the realm. With `ccache` leave it out: the cache names the account."),
			"password": password,
			"keytab":   text("Path of a keytab with a key of `username`."),
			"ccache": text(
				"Path of a credential cache that `kinit` wrote. It must be a file; the types KEYRING, KCM and DIR are not " +
					"supported.",
			),
			"krb5_conf": text(
				"Path of krb5.conf. Default: the environment variable `KRB5_CONFIG`, else `/etc/krb5.conf`. If that file does " +
					"not exist, the provider finds the realm's servers by DNS.",
			),
			"service_principal": text("Principal of the server. Default: `ldap/` followed by the host in `url`."),
		},
	}
}

func urlAttribute(description, variable string, several bool, schemes ...string) schema.StringAttribute {
	return stringAttribute(description, variable, framework.URL(several, schemes...))
}

func stringAttribute(description, variable string, more ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description + environmentNote(variable),
		Validators:          append([]validator.String{framework.NotBlank()}, more...),
	}
}

func secretAttribute(description, variable string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		Sensitive:           true,
		MarkdownDescription: description + environmentNote(variable),
		Validators:          []validator.String{framework.Secret()},
	}
}

func choiceAttribute(description, variable string, choices ...string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description + environmentNote(variable),
		Validators:          []validator.String{stringvalidator.OneOf(choices...)},
	}
}

func caCertificateAttribute(variable string) schema.StringAttribute {
	return stringAttribute(
		"Certificates of authorities to trust in addition to the system's, as PEM text. Use `file(\"ca.pem\")` to read a "+
			"file.",
		variable,
		framework.PEMCertificates(),
	)
}

func clientCertificateAttribute(variable string) schema.StringAttribute {
	return stringAttribute(
		"Client certificate for mutual TLS, as PEM text, followed by its intermediate certificates if it has any. Needs "+
			"`client_key`.",
		variable,
		framework.PEMCertificates(),
	)
}

func clientKeyAttribute(variable string) schema.StringAttribute {
	attribute := stringAttribute(
		"Private key of `client_certificate`, as PEM text without encryption.",
		variable,
		framework.PEMPrivateKey(),
	)
	attribute.Sensitive = true
	return attribute
}

func insecureAttribute(variable string) schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether to accept any server certificate. Anyone between this machine and the server can " +
			"then read the password, so use it for tests only. Default `false`." + environmentNote(variable),
	}
}

func environmentNote(variable string) string { return " Environment: `" + variable + "`." }
