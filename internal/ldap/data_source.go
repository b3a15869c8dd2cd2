// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// dataSource is what the data sources have in common.
type dataSource struct{ framework.DataSource }

func newDataSource(typeName string) dataSource {
	return dataSource{framework.DataSource{TypeName: typeName}}
}

// directory returns the configured client, or says what is missing.
func (d *dataSource) directory(summary string, diags *diag.Diagnostics) *directory.Client {
	client, err := d.Clients.LDAP()
	if err != nil {
		framework.AddFault(diags, clients.LDAP, summary, err)
		return nil
	}
	return client
}

// nameError is what is wrong with a name, under the summary that the checks at plan have for the same.
type nameError struct {
	summary string
	cause   *directory.Error
}

func (e *nameError) Error() string { return e.cause.Error() }
func (e *nameError) Unwrap() error { return e.cause }

// addFault puts the error on the attribute that it is about, where the data source has it.
func addFault(diags *diag.Diagnostics, summary string, err error, attributes ...string) {
	if errors.Is(err, directory.ErrCredentials) {
		framework.AddFault(diags, clients.LDAP, summary, err)
		return
	}
	if name, ok := errors.AsType[*nameError](err); ok {
		summary = name.summary
	}
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

// wrongName is an error about the name that the attribute holds.
func wrongName(summary, attribute, format string, values ...any) error {
	message := fmt.Sprintf(format, values...)
	return &nameError{summary, &directory.Error{Kind: directory.ErrNotFound, Attribute: attribute, Message: message}}
}

func subject(kind, name string) framework.Subject {
	return framework.Subject{Platform: clients.LDAP, Kind: kind, Name: name}
}

// readSummary is the summary where an entry could not be read: its DN may be unknown.
func readSummary(entry framework.Subject, err error) string {
	if errors.Is(err, directory.ErrNotFound) {
		return framework.IsUnknown(entry)
	}
	return framework.UnableTo("Read", entry)
}

// narrower is the way out of a name that occurs more than once.
const narrower = ", or set ldap.base_dn to an entry that only one of them is below"

// elsewhere says where a name was looked for, if that is not the whole server.
func elsewhere(client *directory.Client, attribute string) string {
	base := client.ConfiguredBaseDN()
	if base == "" {
		return ""
	}
	return fmt.Sprintf(" Only entries below ldap.base_dn, %q, were searched; %s finds others.", base, attribute)
}

// findGroup resolves the name of a group, which the attribute holds and one group must have.
func findGroup(ctx context.Context, client *directory.Client, attribute, name string) (directory.Group, error) {
	groups, err := client.FindGroups(ctx, name)
	switch {
	case err != nil:
		return directory.Group{}, err
	case len(groups) == 0:
		near, err := client.SimilarGroups(ctx, name)
		if err != nil {
			near = nil // the message is no worse without
		}
		return directory.Group{}, wrongName(
			framework.IsUnknown(subject("Group", name)),
			attribute,
			"No group in the directory has the name %q (cn and sAMAccountName were compared).%s%s",
			name,
			names.DidYouMean(near),
			elsewhere(client, "the dn of directory_ldap_group"),
		)
	case len(groups) > 1:
		dns := make([]string, len(groups))
		for i, g := range groups {
			dns[i] = g.DN
		}
		return directory.Group{}, wrongName(
			framework.IsAmbiguous(subject("Group", name)),
			attribute,
			"%d groups have the name %q: %s. Look the group up by its distinguished name (dn of "+
				"directory_ldap_group)%s.",
			len(groups),
			name,
			names.List(dns),
			narrower,
		)
	default:
		return groups[0], nil
	}
}

// warnUnresolved says how many of the group's members are not in the list. A person among them would be missing from
// a for_each.
func warnUnresolved(diags *diag.Diagnostics, group directory.Group, members directory.Membership) {
	if len(members.Unresolved) == 0 {
		return
	}
	diags.AddWarning("Unresolved Members of a Directory Group", fmt.Sprintf(
		"%d members of %q are no person and no group to the provider: %s. They may be computers or contacts, be gone, be "+
			"hidden from the account that reads, or lie on another server. If they are people, they are missing from "+
			"the list, and from every for_each over it.",
		len(members.Unresolved), group.DN, names.List(members.Unresolved)))
}
