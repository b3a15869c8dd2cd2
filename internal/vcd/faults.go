package vcd

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// addFault adds an error for what the client answered, on the attribute that is its cause where there is one. More sentences about what
// follows can be added.
func addFault(diags *diag.Diagnostics, summary string, err error, more ...string) {
	more = append(advice(err), more...)
	if at, ok := cause(err); ok {
		framework.AddAttributeFault(diags, at, clients.VCD, summary, err, more...)
		return
	}
	framework.AddFault(diags, clients.VCD, summary, err, more...)
}

// addAttributeFault is addFault for an attribute that the caller knows to be the cause, unless the error itself knows better.
func addAttributeFault(diags *diag.Diagnostics, at path.Path, summary string, err error, more ...string) {
	if _, ok := cause(err); ok {
		addFault(diags, summary, err, more...)
		return
	}
	framework.AddAttributeFault(diags, at, clients.VCD, summary, err, append(advice(err), more...)...)
}

// cause is the attribute of a resource that brought an error about.
func cause(err error) (path.Path, bool) {
	switch {
	case errors.Is(err, vcdapi.ErrOrgNotFound):
		return path.Root("org"), true
	case errors.Is(err, vcdapi.ErrNoLDAP):
		return path.Root("provider_type"), true
	default:
		return path.Empty(), false
	}
}

// advice is what an error of Cloud Director means and what to do next, where the shared words do not say it.
func advice(err error) []string {
	switch {
	case errors.Is(err, vcdapi.ErrOrgNotFound):
		return []string{"Check the organization's name (its short name in URLs, not its display name), and that the login may see it. " +
			"Nothing is removed from state because of this."}
	case errors.Is(err, vcdapi.ErrUnauthorized):
		return []string{"Check vcd.username, vcd.password and vcd.org (or vcd.token, which expires, or vcd.api_token). " +
			"A refused login is not repeated, since Cloud Director locks accounts."}
	case errors.Is(err, vcdapi.ErrNoLDAP):
		return []string{"This is what Cloud Director answers where the organization has no such identity provider set up: " +
			"configure LDAP (or SAML, OAuth) in the organization's settings first, or choose another provider_type. " +
			"If it is set up, the account lacks the right to import from it."}
	case errors.Is(err, vcdapi.ErrLocked):
		return []string{"A locked user cannot be changed. Unlock the user in Cloud Director first; too many failed logins lock one."}
	case errors.Is(err, vcdapi.ErrForbidden):
		return []string{"The account that the provider logs in with needs the rights of an Organization Administrator " +
			"(General: Administrator View, and to view, import and edit users and groups)."}
	default:
		return nil
	}
}

// addLookupFault is addFault for a data source, which has no provider_type to point at.
func addLookupFault(diags *diag.Diagnostics, summary string, err error) {
	if errors.Is(err, vcdapi.ErrNoLDAP) {
		framework.AddAttributeFault(diags, path.Root("org"), clients.VCD, summary, err,
			"This is what Cloud Director answers where the organization has no LDAP service set up, or where the account may not search it.")
		return
	}
	addFault(diags, summary, err)
}

// addNotFound adds an error for a user or group that a data source does not find, or for why it could not look.
func addNotFound(diags *diag.Diagnostics, at path.Path, summary, org, kind string, err error) {
	if errors.Is(err, vcdapi.ErrNotFound) {
		diags.AddAttributeError(at, summary, fmt.Sprintf("Organization %q has no %s of that name.", org, kind))
		return
	}
	addFault(diags, summary, err)
}
