// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// findOrg looks an organization up by name, as a provider administrator.
func (c *connection) findOrg(ctx context.Context, v version, name string) (Reference, error) {
	s := scope{conn: c, version: v}
	find := s.findOrgInCloud
	if chosen, err := chooseInterface(c.config.Interface, v); err != nil {
		return Reference{}, err
	} else if chosen == InterfaceXML {
		find = s.findOrgInXML
	}
	candidates, err := find(ctx, name)
	if err != nil {
		return Reference{}, fmt.Errorf("cannot look up organization %q: %w", name, err)
	}
	offered := make([]string, len(candidates))
	for i, candidate := range candidates {
		if names.Same(candidate.Name, name) {
			return candidate, nil
		}
		offered[i] = candidate.Name
	}
	return Reference{}, fmt.Errorf("%w: the server has no organization %q that this account can see.%s",
		ErrOrgNotFound, name, names.DidYouMean(names.Near(name, offered)))
}

func (s scope) findOrgInCloud(ctx context.Context, name string) ([]Reference, error) {
	filter := ""
	if plainName.MatchString(name) {
		filter = "name==" + name
	}
	found, err := list(ctx, s, "/orgs", filter, "name", readReference, referenceID)
	if err == nil && len(found) == 0 && filter != "" {
		found, err = list(ctx, s, "/orgs", "", "name", readReference, referenceID) // perhaps in another case
	}
	if maybeMissing(err) {
		return s.findOrgInXML(ctx, name) // some releases keep their list of organizations to themselves
	}
	return found, err
}

func (s scope) findOrgInXML(ctx context.Context, _ string) ([]Reference, error) {
	found, err := s.orgsInXML(ctx)
	refs := make([]Reference, len(found))
	for i, o := range found {
		refs[i] = Reference{ID: o.ID, Name: o.Name}
	}
	return refs, err
}

// chooseInterface picks the interface: CloudAPI where groups can be written through it, unless one is forced.
func chooseInterface(forced string, v version) (string, error) {
	switch forced {
	case InterfaceXML:
		return InterfaceXML, nil
	case InterfaceCloudAPI:
		if !v.atLeast(35, 0) {
			return "", fmt.Errorf("%w: interface = %q needs API version 35.0 or later, and %s is in use", ErrUnsupported, forced,
				v.text)
		}
		return InterfaceCloudAPI, nil
	default:
		if v.atLeast(36, 0) {
			return InterfaceCloudAPI, nil
		}
		return InterfaceXML, nil
	}
}
