// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// kerberized returns a client that binds by Kerberos at Samba, over TLS.
func kerberized(t *testing.T, server *realdirectory.Server, change func(*directory.Kerberos)) *directory.Client {
	t.Helper()
	return connect(t, server, func(c *directory.Config) {
		c.URL, c.StartTLS, c.BindDN, c.BindPassword = server.SecureURL, false, "", ""
		kerberos := server.Kerberos()
		change(&kerberos)
		c.Kerberos = &kerberos
	})
}

func TestKerberos(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	username, password := server.Administrator()
	keytab, err := server.Keytab()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	cache, err := server.CredentialCache()
	if err != nil {
		realdirectory.Skip(t, "kinit", err)
	}
	proofs := map[string]func(*directory.Kerberos){
		"password":         func(k *directory.Kerberos) { k.Username, k.Password = username, password },
		"keytab":           func(k *directory.Kerberos) { k.Username, k.Keytab, k.Realm = username, keytab, "LAB.EXAMPLE" },
		"credential cache": func(k *directory.Kerberos) { k.CCache = cache },
	}
	for name, proof := range proofs {
		t.Run(name, func(t *testing.T) {
			client := kerberized(t, server, proof)
			if users, err := client.FindUsers(t.Context(), "user0100"); err != nil || len(users) != 1 {
				t.Errorf("FindUsers = %v, %v; want one", users, err)
			}
		})
	}
	t.Run("KRB5CCNAME", func(t *testing.T) {
		t.Setenv("KRB5CCNAME", "FILE:"+cache)
		client := kerberized(t, server, func(*directory.Kerberos) {})
		if users, err := client.FindUsers(t.Context(), "user0100"); err != nil || len(users) != 1 {
			t.Errorf("FindUsers = %v, %v; want one", users, err)
		}
	})
	t.Run("StartTLS", func(t *testing.T) {
		client := connect(t, server, func(c *directory.Config) {
			kerberos := server.Kerberos()
			proofs["password"](&kerberos)
			c.BindDN, c.BindPassword, c.Kerberos = "", "", &kerberos
		})
		if users, err := client.FindUsers(t.Context(), "user0100"); err != nil || len(users) != 1 {
			t.Errorf("FindUsers = %v, %v; want one", users, err)
		}
	})
}

// TestKerberosFaults provokes at a real realm what people run into.
func TestKerberosFaults(t *testing.T) {
	server, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	username, password := server.Administrator()
	for name, c := range map[string]struct {
		change func(*directory.Kerberos)
		words  string
	}{
		"wrong password": {func(k *directory.Kerberos) { k.Password = "wr0ng" }, "the password or the keytab is wrong"},
		"unknown account": {func(k *directory.Kerberos) { k.Username = "missing" },
			`does not let the account "missing" log in`},
		"unknown principal": {func(k *directory.Kerberos) { k.ServicePrincipal = "" }, "set ldap.kerberos.service_principal"},
		"unknown realm":     {func(k *directory.Kerberos) { k.Realm = "OTHER.EXAMPLE" }, "Check the realm OTHER.EXAMPLE"},
	} {
		t.Run(name, func(t *testing.T) {
			client := kerberized(t, server, func(k *directory.Kerberos) {
				k.Username, k.Password = username, password
				c.change(k)
			})
			_, err := client.FindUsers(t.Context(), "user0100")
			if err == nil || !strings.Contains(err.Error(), c.words) || strings.Contains(err.Error(), password) {
				t.Errorf("FindUsers: %v; want %q in it", err, c.words)
			}
		})
	}
	t.Run("without TLS", func(t *testing.T) {
		client := connect(t, server, func(c *directory.Config) {
			kerberos := server.Kerberos()
			kerberos.Username, kerberos.Password = username, password
			c.StartTLS, c.BindDN, c.BindPassword, c.Kerberos = false, "", "", &kerberos
		})
		if _, err := client.FindUsers(t.Context(), "user0100"); !errors.Is(err, directory.ErrTLSRequired) {
			t.Errorf("FindUsers: %v; want ErrTLSRequired", err)
		}
	})
}

// TestKerberosOfOpenLDAP binds at a slapd that belongs to the realm. Only the reader sees the alumni.
func TestKerberosOfOpenLDAP(t *testing.T) {
	controller, err := samba()
	if err != nil {
		realdirectory.Skip(t, "Samba", err)
	}
	keytab, err := controller.ServiceKeytab()
	if err != nil {
		t.Fatal(err)
	}
	server, err := realdirectory.StartOffices(
		realdirectory.OfficesOptions{Keytab: keytab, Krb5Config: controller.Kerberos().Config},
	)
	if err != nil {
		realdirectory.Skip(t, "OpenLDAP", err)
	}
	defer server.Close()
	for name, url := range map[string]string{"plain": server.URL, "LDAPS": server.SecureURL} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, server, func(c *directory.Config) {
				kerberos := controller.Kerberos()
				kerberos.Username, kerberos.Password = controller.Administrator()
				c.URL, c.StartTLS, c.BindDN, c.BindPassword, c.Kerberos = url, false, "", "", &kerberos
			})
			if err := client.Exists(t.Context(), "ou=alumni,"+realdirectory.WorksDN); err != nil {
				t.Error(err)
			}
		})
	}
}
