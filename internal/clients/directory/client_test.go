package directory_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
)

// start serves the options' directory and returns a client for it, changed as wanted.
func start(t *testing.T, options mockldap.Options, change func(*directory.Config)) (*directory.Client, *mockldap.Server) {
	t.Helper()
	server, err := mockldap.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	config := directory.Config{URL: server.URL(), BindDN: server.BindDN(), BindPassword: server.BindPassword()}
	if options.TLS || options.StartTLS {
		config.CACertificate, config.StartTLS = server.CACertificate(), options.StartTLS
	}
	if change != nil {
		change(&config)
	}
	client, err := directory.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client, server
}

func TestLab(t *testing.T) {
	c, _ := start(t, mockldap.Options{}, nil)
	u, err := c.FindUsers(t.Context(), "jporter")
	t.Logf("%+v %v", u, err)
	u2, err := c.User(t.Context(), u[0].DN)
	t.Logf("%+v %v", u2, err)
	all, err := c.Users(t.Context(), "", "")
	t.Log(len(all), err)
	gs, err := c.FindGroups(t.Context(), "Lab Everyone")
	t.Logf("%+v %v", gs, err)
	m, err := c.Members(t.Context(), gs[0].DN, directory.MemberOptions{Nested: true})
	t.Log(len(m), err)
	s, err := c.SimilarUsers(t.Context(), "jportr")
	t.Log(s, err)
}
