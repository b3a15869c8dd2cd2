// SPDX-License-Identifier: MPL-2.0

package realdirectory_test

import (
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/acctest/realdirectory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// The first test that needs a server starts it; all tests share it.
var (
	data     = realdirectory.Generate()
	samba    = sync.OnceValues(func() (*realdirectory.Server, error) { return realdirectory.StartSamba(data) })
	openldap = sync.OnceValues(func() (*realdirectory.Server, error) { return realdirectory.StartOpenLDAP(data) })
	mockAD   = sync.OnceValues(func() (*realdirectory.Server, error) {
		return startMock(mockldap.Options{LDIF: data.ActiveDirectory(), RequireTLS: true, StartTLS: true})
	})
	mockPosix = sync.OnceValues(func() (*realdirectory.Server, error) {
		return startMock(mockldap.Options{LDIF: data.RFC2307bis(), Schema: mockldap.SchemaRFC2307bis, StartTLS: true})
	})
)

func TestMain(m *testing.M) { acctest.Main(m) }

// startMock serves a mock the way real servers are served; it ends with the test's process.
func startMock(options mockldap.Options) (*realdirectory.Server, error) {
	mock, err := mockldap.Start(options)
	if err != nil {
		return nil, err
	}
	return &realdirectory.Server{
		URL: mock.URL(), CACertificate: mock.CACertificate(), BindDN: mock.BindDN(), BindPassword: mock.BindPassword(),
		ActiveDirectory: options.Schema == "",
	}, nil
}

// kinds are the servers that the suite runs over.
var kinds = []struct {
	name  string
	start func() (*realdirectory.Server, error)
}{
	{"mock Active Directory", mockAD},
	{"mock RFC 2307bis", mockPosix},
	{"OpenLDAP", openldap},
	{"Samba", samba},
}

// onEach runs the test over every server.
func onEach(t *testing.T, test func(t *testing.T, server *realdirectory.Server, client *directory.Client)) {
	t.Helper()
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			server, err := kind.start()
			if err != nil {
				realdirectory.Skip(t, kind.name, err)
			}
			test(t, server, connect(t, server, nil))
		})
	}
}

// connect makes a client, by StartTLS unless changed.
func connect(t *testing.T, server *realdirectory.Server, change func(*directory.Config)) *directory.Client {
	t.Helper()
	config := directory.Config{
		URL: server.URL, StartTLS: true, TLS: setting.TLS{CACertificate: server.CACertificate}, BindDN: server.BindDN,
		BindPassword: server.BindPassword,
	}
	if change != nil {
		change(&config)
	}
	client, err := directory.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return client
}
