package ldap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// source is what the data sources have in common.
type source struct {
	clients *clients.Set
}

func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// directory returns the configured client, or says what is missing.
func (s *source) directory(summary string, diags *diag.Diagnostics) *directory.Client {
	client, err := s.clients.LDAP()
	if err != nil {
		diags.AddError(summary, framework.Sentence(err.Error()))
		return nil
	}
	return client
}

// addFault puts the error on the attribute that it is about, where the data source has it.
func addFault(diags *diag.Diagnostics, summary string, err error, attributes ...string) {
	detail := framework.Sentence(err.Error())
	if fault, ok := errors.AsType[*directory.Error](err); ok {
		for _, attribute := range attributes {
			if attribute == fault.Attribute {
				diags.AddAttributeError(path.Root(attribute), summary, detail)
				return
			}
		}
	}
	diags.AddError(summary, detail)
}

// findGroup resolves a group's name, which must be unambiguous.
func findGroup(ctx context.Context, client *directory.Client, name string) (directory.Group, error) {
	groups, err := client.FindGroups(ctx, name)
	switch {
	case err != nil:
		return directory.Group{}, err
	case len(groups) == 0:
		return directory.Group{}, fmt.Errorf("no group in the directory goes by %q (cn and sAMAccountName were compared)", name)
	case len(groups) > 1:
		dns := make([]string, len(groups))
		for i, g := range groups {
			dns[i] = g.DN
		}
		return directory.Group{}, fmt.Errorf("%d groups go by %q; choose one by its distinguished name: %s", len(groups), name, strings.Join(dns, "; "))
	default:
		return groups[0], nil
	}
}
