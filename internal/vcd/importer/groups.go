// SPDX-License-Identifier: MPL-2.0

package importer

import (
	"context"
	"errors"
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// Groups imports, changes and removes groups of one organization.
type Groups struct{ Tenant *vcdapi.Tenant }

// GroupImport is a group to be imported.
type GroupImport struct {
	Group vcdapi.Group // name, provider type, roles and description

	Existing *vcdapi.Group // what a look before found; nil if the name was free
	Consent  bool          // to adopt an existing group
}

// Import imports a group, or adopts the existing one, as Users.Import does.
func (g Groups) Import(ctx context.Context, in GroupImport) (Imported[vcdapi.Group], error) {
	if in.Existing != nil {
		return g.adopt(ctx, *in.Existing, in)
	}
	name, providerType := in.Group.Name, in.Group.ProviderType
	imported, err := request[vcdapi.Group]{
		send: func(ctx context.Context) (vcdapi.Group, error) { return g.Tenant.CreateGroup(ctx, in.Group) },
		look: func(ctx context.Context) (vcdapi.Group, error) { return g.Tenant.LookForGroup(ctx, name, providerType) },
		isOurs: func(found vcdapi.Group) bool {
			return found.ProviderType == providerType && g.Tenant.LookCovers(name, found.Name)
		},
	}.run(ctx)
	if imported.Doubt != nil {
		imported.Entity = in.Group
	}
	if _, exists := errors.AsType[*ExistsError](err); !exists {
		return imported, err
	}
	found, lookErr := g.Tenant.FindGroup(ctx, name, providerType)
	switch {
	case errors.Is(lookErr, vcdapi.ErrNotFound):
		return imported, err
	case lookErr != nil:
		return imported, fmt.Errorf("%w; and the group of that name cannot be looked up: %w", err, lookErr)
	default:
		return g.adopt(ctx, found, in)
	}
}

// adopt gives an existing group the roles and the description. A failure leaves the group as it was.
func (g Groups) adopt(ctx context.Context, found vcdapi.Group, in GroupImport) (Imported[vcdapi.Group], error) {
	none := Imported[vcdapi.Group]{}
	if err := g.Adoptable(found, in.Group.ProviderType); err != nil {
		return none, err
	}
	if !in.Consent {
		return none, &ExistsError{Entity: vcdapi.Reference{ID: found.ID, Name: found.Name}}
	}
	if SameRoles(found.Roles, in.Group.Roles) && found.Description == in.Group.Description {
		return Imported[vcdapi.Group]{Entity: found, Existed: true}, nil
	}
	if err := g.guardRoles(ctx, found, in.Group.Roles); err != nil {
		return none, err
	}
	found.Roles, found.Description = in.Group.Roles, in.Group.Description
	updated, err := g.Tenant.UpdateGroup(ctx, found)
	if err != nil {
		return none, err
	}
	return Imported[vcdapi.Group]{Entity: updated, Existed: true}, nil
}

// Adoptable returns why an existing group must not be adopted, whatever the consent; nil if it may.
func (g Groups) Adoptable(found vcdapi.Group, providerType string) error {
	if found.ProviderType == providerType {
		return nil
	}
	return &ProviderTypeError{Name: found.Name, Has: found.ProviderType, Wanted: providerType}
}

// Change gives the group other roles and another description.
func (g Groups) Change(ctx context.Context, id string, roles []vcdapi.Reference, description string) (vcdapi.Group,
	error) {
	group, err := g.Tenant.FreshGroup(ctx, id)
	if err != nil || SameRoles(group.Roles, roles) && group.Description == description {
		return group, err
	}
	if err := g.guardRoles(ctx, group, roles); err != nil {
		return group, err
	}
	group.Roles, group.Description = roles, description
	return g.Tenant.UpdateGroup(ctx, group)
}

// Delete deletes the group. A group that is gone is no error. Its users stay. The error is a *LoginGroupError where the
// login account would lose its roles.
func (g Groups) Delete(ctx context.Context, id string) error {
	if err := g.GuardLogin(ctx, id, ""); err != nil {
		return err
	}
	return unlessGone(g.Tenant.DeleteGroup(ctx, id))
}

func (g Groups) guardRoles(ctx context.Context, group vcdapi.Group, roles []vcdapi.Reference) error {
	if SameRoles(group.Roles, roles) {
		return nil
	}
	return g.GuardLogin(ctx, group.ID, "roles")
}

// GuardLogin returns a *LoginGroupError for the attribute if the login account has its roles from the group.
func (g Groups) GuardLogin(ctx context.Context, id, attribute string) error {
	depends, err := g.Tenant.LoginDependsOn(ctx, id)
	if err == nil && depends {
		err = &LoginGroupError{Attribute: attribute}
	}
	return err
}
