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
			"that " +
			"import them: Quali CloudShell and VMware Cloud Director (with its successor VCF Automation).\n\n" +
			"Every platform is optional. One is configured when its block or its `*_URL` environment variable is there. " +
			"Values in the configuration beat the environment's. The provider logs in at the first request, not before.",
		Attributes: map[string]schema.Attribute{
			"check_names": choiceAttribute(
				"What happens at plan when a name that you wrote is unknown or ambiguous (people, CloudShell groups, "+
					"roles, organizations): `error`, `warn`, or `off` (no check of names at plan). Default `error`.",
				"DIRECTORY_CHECK_NAMES",
				clients.CheckNamesError,
				clients.CheckNamesWarn,
				clients.CheckNamesOff,
			),
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one request may take, with its retries, such as `30s` or `2m`; also bounds each " +
					"LDAP operation. " +
					"Default `30s`. Environment: `DIRECTORY_REQUEST_TIMEOUT`.",
				Validators: []validator.String{framework.PositiveDuration()},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How often a request that failed on the way, or that the server was too busy for, is sent " +
					"again, if that is safe. " +
					"`0` switches retries off. Default `4`. Environment: `DIRECTORY_MAX_RETRIES`.",
				Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many requests may be under way at once, per platform. Default `8`. " +
					"Environment: `DIRECTORY_MAX_CONCURRENT_REQUESTS`.",
				Validators: []validator.Int64{int64validator.Between(1, maxConcurrentLimit)},
			},
		},
		// Blocks, since Terraform ignores misspelt arguments of nested attributes.
		Blocks: map[string]schema.Block{
			"cloudshell": cloudShellSchema(),
			"vcd":        vcdSchema(),
			"ldap":       ldapSchema(),
		},
	}
}

func cloudShellSchema() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Quali CloudShell, by its Administration REST API.",
		Attributes: map[string]schema.Attribute{
			"url": urlAttribute(
				"Address of the Quali Server's API, such as `https://cloudshell.example.com:9000`.",
				"CLOUDSHELL_URL",
				false,
				"http",
				"https",
			),
			"username": stringAttribute(
				"A system administrator's user name. With `token`, the name of the token's account, which the provider "+
					"never deletes, deactivates or demotes; without it, no administrator is.",
				"CLOUDSHELL_USERNAME",
			),
			"password": secretAttribute("That account's password.", "CLOUDSHELL_PASSWORD"),
			"domain":   stringAttribute("CloudShell domain to log in to. Default `Global`.", "CLOUDSHELL_DOMAIN"),
			"token":    secretAttribute("A session token, instead of `username` and `password`.", "CLOUDSHELL_TOKEN"),
			"auth_scheme": choiceAttribute(
				"How the token is sent: `bearer`, `basic` (the word followed by the raw token, which older releases expect), "+
					"or `auto`: bearer first, and basic if that is refused. Default `auto`.",
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
				"Address, such as `https://vcd.example.com`, with or without `/api`.",
				"VCD_URL",
				false,
				"http",
				"https",
			),
			"org": stringAttribute(
				"Organization to log in to, and the default of the resources' `org`. `System` for a provider administrator.",
				"VCD_ORG",
			),
			"username": stringAttribute("User name, without `@org`.", "VCD_USER"),
			"password": secretAttribute("Password.", "VCD_PASSWORD"),
			"token":    secretAttribute("A bearer token, instead of `username` and `password`.", "VCD_TOKEN"),
			"api_token": secretAttribute(
				"An API token, instead of `username` and `password`. Cloud Director lets API tokens only read "+
					"users, groups and roles: enough for data sources and for plans, not for an apply.",
				"VCD_API_TOKEN",
			),
			"api_token_file": stringAttribute(
				"Path of a file that holds the API token, instead of `api_token`: the token as text, or the JSON that VMware's "+
					"own "+
					"provider keeps (`refresh_token`). Service accounts get a new token at each login; the provider locks the "+
					"file and stores the new token in it, "+
					"in the same form. It must be writable.",
				"VCD_API_TOKEN_FILE",
			),
			"api_version": stringAttribute(
				"API version to speak instead of negotiating the newest one that both sides know, such as `37.2`. "+
					"The lowest is `33.0`.",
				"VCD_API_VERSION",
				framework.APIVersion(),
			),
			"interface": choiceAttribute("Which interface to use: `cloudapi`, `xml` (the older one), or `auto`. Default `auto`.",
				"VCD_INTERFACE", "auto", "cloudapi", "xml"),
			"ca_certificate":     caCertificateAttribute("VCD_CA_CERTIFICATE"),
			"client_certificate": clientCertificateAttribute("VCD_CLIENT_CERTIFICATE"),
			"client_key":         clientKeyAttribute("VCD_CLIENT_KEY"),
			"insecure":           insecureAttribute("VCD_INSECURE"),
		},
	}
}

func ldapSchema() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "The directory itself. Needed by the `directory_ldap_*` data sources; when it is " +
			"configured, the names of " +
			"imported users are checked against it at plan.",
		Attributes: map[string]schema.Attribute{
			"url": urlAttribute("Address, such as `ldaps://dc1.example.com`. Several, separated by commas, are tried in turn.",
				"LDAP_URL", true, "ldap", "ldaps"),
			"bind_dn": stringAttribute(
				"Distinguished name to bind with (Active Directory also takes `user@domain`). Without it, "+
					"`kerberos` or a client certificate says who reads, and without those the bind is anonymous.",
				"LDAP_BIND_DN",
			),
			"bind_password": secretAttribute("Password to bind with.", "LDAP_BIND_PASSWORD"),
			"base_dn": stringAttribute(
				"The entry below which people and groups are looked up by name. Default: all naming contexts of the "+
					"server. Members that a group lists by distinguished name are read wherever they lie.",
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
			"`ccache`; without any of them, " +
			"the environment variable `KRB5CCNAME` names the credential cache.\n\n" +
			"The provider neither signs nor encrypts what follows the bind. A server that insists on that, as Active " +
			"Directory does by default, wants " +
			"TLS: an `ldaps://` address or `start_tls`. Samba before 4.20 takes Kerberos in TLS only with " +
			"`ldap server require strong auth = allow_sasl_over_tls` in its smb.conf. A server that demands channel binding " +
			"cannot be used like this.",
		Attributes: map[string]schema.Attribute{
			"realm":    text("Realm, such as `EXAMPLE.COM`. Default: the default realm of krb5.conf."),
			"username": text("Account, without the realm. A credential cache has its own."),
			"password": password,
			"keytab":   text("Path of a keytab with a key of `username`."),
			"ccache": text(
				"Path of a credential cache, as `kinit` makes it. Only files can be read, not the kinds KEYRING, KCM and DIR.",
			),
			"krb5_conf": text(
				"Path of krb5.conf. Default: the environment variable `KRB5_CONFIG`, else `/etc/krb5.conf`; if that does not " +
					"exist, the DNS is " +
					"asked for the realm's servers.",
			),
			"service_principal": text("Principal of the server. Default: `ldap/` and the host in `url`."),
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
		"Certificates, as PEM text, of the authorities to trust besides the system's. Use `file(\"ca.pem\")` to read a file.",
		variable,
		framework.PEMCertificates(),
	)
}

func clientCertificateAttribute(variable string) schema.StringAttribute {
	return stringAttribute(
		"Certificate, as PEM text, to show to a server that asks for one (mutual TLS), followed by the certificates between "+
			"it and its authority. Needs `client_key`.",
		variable,
		framework.PEMCertificates(),
	)
}

func clientKeyAttribute(variable string) schema.StringAttribute {
	attribute := stringAttribute(
		"Private key of `client_certificate`, as PEM text, not encrypted.",
		variable,
		framework.PEMPrivateKey(),
	)
	attribute.Sensitive = true
	return attribute
}

func insecureAttribute(variable string) schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether to accept any certificate. Anyone on the way can then read the password: for tests " +
			"only. Default `false`." + environmentNote(variable),
	}
}

func environmentNote(variable string) string { return " Environment: `" + variable + "`." }
