// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/go-ldap/ldap/v3/gssapi"
	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/keytab"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// Kerberos is an account of a realm that reads the directory (SASL GSSAPI). One of Password, Keytab and CCache proves
// it.
type Kerberos struct {
	// Realm is empty for the default realm of the Kerberos configuration.
	Realm string
	// Username is the account's principal without its realm. A credential cache has its own.
	Username, Password string
	// Keytab and CCache are paths of files. Without any proof, CCache is what KRB5CCNAME names.
	Keytab, CCache string
	// Config is the path of krb5.conf; empty = KRB5_CONFIG, else /etc/krb5.conf, else the realm's servers as the DNS
	// tells them.
	Config string
	// ServicePrincipal is the server's; empty = ldap/HOST with the host of the URL.
	ServicePrincipal string
}

// ticketSource makes clients of the realm from what was read when the configuration was checked.
type ticketSource struct {
	settings Kerberos
	config   *config.Config
	keytab   *keytab.Keytab
}

// tickets checks the settings and reads the files. Its error is a *setting.Error.
func (k Kerberos) tickets() (*ticketSource, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	if k.Password == "" && k.Keytab == "" {
		cache := cmp.Or(k.CCache, os.Getenv("KRB5CCNAME"))
		kind, path, found := strings.Cut(cache, ":")
		if !found {
			kind, path = "FILE", cache
		}
		if kind != "FILE" {
			return nil, setting.Errorf(
				"kerberos.ccache",
				"must be a file: the provider cannot read credential caches of the kind %s",
				kind,
			)
		}
		k.CCache = path
	}
	source := &ticketSource{settings: k}
	var err error
	if source.config, err = k.krb5Config(); err != nil {
		return nil, err
	}
	if k.Realm != "" {
		source.config.LibDefaults.DefaultRealm = k.Realm
	}
	source.settings.Realm = source.config.LibDefaults.DefaultRealm
	if source.settings.Realm == "" {
		return nil, setting.Errorf("kerberos.realm", "is missing, and the Kerberos configuration has no default realm")
	}
	if k.Keytab != "" {
		if source.keytab, err = keytab.Load(k.Keytab); err != nil {
			return nil, setting.Errorf("kerberos.keytab", "cannot be read: %v", err)
		}
	}
	if k.CCache != "" {
		if _, err := credentials.LoadCCache(k.CCache); err != nil {
			return nil, setting.Errorf("kerberos.ccache", "cannot be read: %v", err)
		}
	}
	return source, nil
}

// check finds settings that contradict each other.
func (k Kerberos) check() error {
	var given []string
	for name, value := range map[string]string{"password": k.Password, "keytab": k.Keytab, "ccache": k.CCache} {
		if value != "" {
			given = append(given, name)
		}
	}
	switch {
	case len(given) > 1:
		return setting.Errorf("kerberos", "has several proofs of one account. Set one of password, keytab and ccache")
	case len(given) == 0 && os.Getenv("KRB5CCNAME") == "":
		return setting.Errorf("kerberos", "does not prove who reads. Set one of password, keytab and ccache")
	case k.Username == "" && (k.Password != "" || k.Keytab != ""):
		return setting.Errorf("kerberos.username", "is missing: password and keytab belong to an account")
	case k.Username != "" && k.Password == "" && k.Keytab == "":
		return setting.Errorf("kerberos.username", "does not go with a credential cache, which names its own account")
	case strings.Contains(k.Username, "@"):
		return setting.Errorf("kerberos.username", "must not hold the realm, which is kerberos.realm")
	}
	return nil
}

func (k Kerberos) krb5Config() (*config.Config, error) {
	const usual = "/etc/krb5.conf"
	path := cmp.Or(k.Config, os.Getenv("KRB5_CONFIG"), usual)
	loaded, err := config.Load(path)
	if _, unsupported := errors.AsType[config.UnsupportedDirective](err); unsupported && loaded != nil {
		err = nil // what it says to other programs
	}
	_, absent := os.Stat(usual)
	switch {
	case err == nil:
		return loaded, nil
	case path == usual && errors.Is(absent, fs.ErrNotExist):
		loaded = config.New()
		loaded.LibDefaults.DNSLookupKDC = true
		return loaded, nil
	default:
		return nil, setting.Errorf("kerberos.krb5_conf", "names %s, which cannot be read: %v", path, err)
	}
}

// client is a fresh client: it keeps the keys of one security context.
func (t *ticketSource) client() (*gssapi.Client, error) {
	k := t.settings
	// Active Directory knows no PA-FX-FAST (RFC 6113), and some releases refuse requests that ask for it.
	noFast := client.DisablePAFXFAST(true)
	switch {
	case t.keytab != nil:
		return &gssapi.Client{Client: client.NewWithKeytab(k.Username, k.Realm, t.keytab, t.config, noFast)}, nil
	case k.Password != "":
		return &gssapi.Client{Client: client.NewWithPassword(k.Username, k.Realm, k.Password, t.config, noFast)}, nil
	}
	cache, err := credentials.LoadCCache(k.CCache) // it may have been renewed meanwhile
	if err != nil {
		return nil, err
	}
	fromCache, err := client.NewFromCCache(cache, t.config, noFast)
	if err != nil {
		return nil, err
	}
	return &gssapi.Client{Client: fromCache}, nil
}

// bindKerberos binds by a ticket. Asking for one does not heed ctx, but ends by itself: it takes 5 s at most for each
// server of the realm.
func (c *Client) bindKerberos(ctx context.Context, e endpoint, conn *connection) error {
	principal := cmp.Or(c.tickets.settings.ServicePrincipal, "ldap/"+e.host)
	bound := make(chan error, 1)
	go func() {
		tickets, err := c.tickets.client()
		if err != nil {
			bound <- err
			return
		}
		defer tickets.Destroy()
		bound <- conn.GSSAPIBind(securityContext{tickets}, principal, "")
	}()
	select {
	case err := <-bound:
		if err != nil {
			return c.explainKerberos(e, principal, err)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) explainKerberos(e endpoint, principal string, err error) error {
	realm := c.tickets.settings.Realm
	text := err.Error()
	switch {
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired),
		errors.Is(err, errSecurityLayer):
		return fault(
			ErrTLSRequired,
			"url",
			err,
			"%s requires signing or encryption after a Kerberos bind. The provider uses TLS for that: use an ldaps:// address "+
				"in ldap.url, or set ldap.start_tls = true. (Samba accepts Kerberos over TLS only with `ldap server require "+
				"strong auth = allow_sasl_over_tls`.)",
			e.url,
		)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultAuthMethodNotSupported, ldap.LDAPResultUnwillingToPerform):
		return fault(ErrCredentials, "kerberos", err, "%s does not accept this Kerberos bind (SASL GSSAPI).", e.url)
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultInvalidCredentials, ldap.LDAPResultInappropriateAuthentication):
		return fault(
			ErrCredentials,
			"kerberos.service_principal",
			err,
			"%s does not accept the ticket for %q. Check that this is the server's principal, and that the clocks agree.%s",
			e.url,
			principal,
			activeDirectoryReason(err),
		)
	case strings.Contains(text, "KDC_ERR_PREAUTH_FAILED"), strings.Contains(text, "KRB_AP_ERR_BAD_INTEGRITY"),
		strings.Contains(text, "decrypting"):
		return fault(
			ErrCredentials,
			"kerberos.password",
			err,
			"The realm %s refuses the account %q: the password or the keytab is wrong. The login is not repeated, so that "+
				"the account is not locked.",
			realm,
			c.tickets.settings.Username,
		)
	case strings.Contains(text, "KDC_ERR_C_PRINCIPAL_UNKNOWN"),
		strings.Contains(text, "KDC_ERR_CLIENT_REVOKED"),
		strings.Contains(text, "KDC_ERR_KEY_EXPIRED"):
		return fault(
			ErrCredentials,
			"kerberos.username",
			err,
			"The realm %s does not let the account %q log in: it is unknown, disabled or locked, or its password has expired.",
			realm,
			c.tickets.settings.Username,
		)
	case strings.Contains(text, "KDC_ERR_S_PRINCIPAL_UNKNOWN"):
		return fault(
			ErrCredentials,
			"kerberos.service_principal",
			err,
			"The realm %s has no service %q. Name the server in ldap.url by the host name that the realm knows it by, or "+
				"set ldap.kerberos.service_principal.",
			realm,
			principal,
		)
	case strings.Contains(text, "KRB_AP_ERR_SKEW"):
		return fault(
			ErrCredentials,
			"kerberos",
			err,
			"The clocks of this machine and of the realm %s differ too much for Kerberos. Correct the clock.",
			realm,
		)
	case strings.Contains(text, "TGT not found"), strings.Contains(text, "KRB_AP_ERR_TKT_EXPIRED"):
		return fault(
			ErrCredentials,
			"kerberos.ccache",
			err,
			"The credential cache %s holds no valid ticket. Renew it with kinit.",
			c.tickets.settings.CCache,
		)
	default:
		return fault(
			ErrUnreachable,
			"kerberos",
			err,
			"The Kerberos bind at %s failed. Check the realm %s and its servers in krb5.conf (ldap.kerberos.krb5_conf).",
			e.url,
			realm,
		)
	}
}

// describeAccount is who reads, for messages.
func (c *Client) describeAccount() string {
	switch {
	case c.tickets != nil && c.tickets.settings.Username != "":
		return fmt.Sprintf("%s@%s", c.tickets.settings.Username, c.tickets.settings.Realm)
	case c.tickets != nil:
		return "the account of " + c.tickets.settings.CCache
	case c.config.BindDN == "" && c.config.TLS.ClientCertificate != "":
		return "the subject of ldap.client_certificate"
	default:
		return c.config.BindDN
	}
}
