// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// rightToManage is the right that VCF Automation calls missing if the account has the right but the organization has no
// identity provider.
const rightToManage = "GROUP_USER_MANAGE"

// ErrRightOrProvider means that the server says that a right is missing, in words that it also uses if the organization
// has no identity provider, and that the organization's settings could not be read. It is an ErrForbidden.
var ErrRightOrProvider = fmt.Errorf("%w, or the organization has no identity provider of that kind set up",
	ErrForbidden)

// importError gives a refused import or directory search its meaning. Two refusals look like a missing right and may
// mean a missing identity provider; the organization's settings tell which, where the account may read them.
func (t *Tenant) importError(ctx context.Context, providerType string, err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Status != http.StatusForbidden {
		return err
	}
	denied := strings.Contains(e.Message, "operation is denied")
	asRight := strings.Contains(e.Code+" "+e.Message, rightToManage)
	if !denied && !asRight {
		return err
	}
	has, known := false, false
	if providerType == ProviderLDAP {
		has, known = t.hasLDAP(ctx)
	}
	switch {
	case known && has:
		return meaning(err, ErrForbidden)
	case known || denied:
		return meaning(err, ErrNoLDAP)
	default:
		return meaning(err, ErrRightOrProvider)
	}
}

// hasLDAP asks the organization's settings whether an LDAP service is set up; known is false where they cannot be read.
func (t *Tenant) hasLDAP(ctx context.Context) (has, known bool) {
	mode, err := t.ldapMode.get(ctx, t.readLDAPMode)
	if err != nil || mode == "" {
		return false, false
	}
	return !names.Same(mode, "NONE"), true
}

// readLDAPMode reads NONE, SYSTEM or CUSTOM. The settings moved with the unified numbering of VMware Cloud Foundation.
func (t *Tenant) readLDAPMode(ctx context.Context) (string, error) {
	c := call{
		method: http.MethodGet, path: "/api/admin/org/" + url.PathEscape(bareID(t.org.ID)) + "/settings/ldap",
		accept: "application/*+json",
	}
	if t.version.unified {
		c.path, c.accept = "/cloudapi/v1/orgSettings/ldap", "application/json"
	}
	answer, err := t.send(ctx, c)
	if err != nil {
		return "", err
	}
	return ldapModeOf(answer.Body), nil
}

// ldapModeOf finds the mode in the settings. How the property is called differs, and is not documented for all
// releases.
func ldapModeOf(body []byte) string {
	var settings map[string]json.RawMessage
	if json.Unmarshal(body, &settings) != nil {
		return ""
	}
	for name, value := range settings {
		var mode string
		if names.Contains(name, "mode") && json.Unmarshal(value, &mode) == nil {
			return mode
		}
	}
	return ""
}
